use sha2::{Digest, Sha256};

/// For each script that stands in a page itself, a space and the source that a security policy allows it by: the
/// hash of exactly its text.
pub(super) fn script_sources(html: &str) -> String {
    let scripts = html.split("<script>").skip(1).filter_map(|rest| rest.split("</script>").next());
    scripts.map(|script| format!(" 'sha256-{}'", base64(&Sha256::digest(script)))).collect()
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for digit in 0..4 {
            let known = digit <= three.len();
            let value = (bits >> (18 - 6 * digit)) & 63;
            text.push(if known { char::from(DIGITS[value as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_as_in_its_rfc() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn scripts_in_the_page_are_allowed_by_hash_and_others_are_not_named() {
        let html = "<script>alert('Hello, world.');</script><script src=\"/a.js\"></script>";
        // The example of the Content Security Policy's specification.
        assert_eq!(script_sources(html), " 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='");
        assert_eq!(script_sources("<title>Kith</title>"), "");
    }
}
