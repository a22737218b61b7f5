//! Links and short codes: how a way in is written down, and found again in what messengers, mail and proxies make of it.

mod found;
#[cfg(test)]
mod mangled_tests;

use crate::codec::{Reader, Writer};
use crate::ids::{CircleId, first_16, tagged_hash};
use crate::seal::{base32, decode_code, encode_code, from_base32};
use crate::trust::{InviteSecret, RootCommission, Signed};

use super::{Problem, ProblemCode};

/// Bytes of a short code: what is short enough to type, and too long to guess.
pub(super) const CODE_BYTES: usize = 10;

/// Bytes of a printed code.
pub(super) const PAPER_BYTES: usize = 16;

/// A way in.
#[derive(Clone, Debug)]
pub struct Link {
    /// What its joins are signed with.
    pub secret: InviteSecret,
    /// The circle; none of a short code.
    pub circle: Option<CircleId>,
    /// What the circle is called; empty when the link does not say.
    pub circle_name: String,
    /// The right to found circles, in an organisation's links.
    pub commission: Option<Signed<RootCommission>>,
}

/// The secret that a short code stands for.
pub(super) fn secret_of(code: &[u8; CODE_BYTES]) -> InviteSecret {
    InviteSecret(first_16(&tagged_hash("kith/short-code/1", &[code])))
}

/// A short code as it is shown.
pub(super) fn shown_code(code: &[u8; CODE_BYTES]) -> String {
    encode_code(code)
}

/// A link as it is opened: what is secret stands behind the `#`, so that it is in no server's log.
#[must_use]
pub fn link_text(
    origin: &str,
    secret: &InviteSecret,
    circle: &CircleId,
    name: &str,
    commission: Option<&Signed<RootCommission>>,
) -> String {
    let mut link = format!("{origin}/#/join?t=");
    secret.0.iter().for_each(|byte| link.push_str(&format!("{byte:02x}")));
    link.push_str(&format!("&c={circle}"));
    if !name.is_empty() {
        link.push_str("&n=");
        link.push_str(&percent_encode(name));
    }
    if let Some(commission) = commission {
        link.push_str("&k=");
        link.push_str(&commission_text(commission));
    }
    link
}

impl Link {
    /// Finds a link in a text, whatever it went through on its way; or reads a short code.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        Self::find(text)
            .or_else(|| Self::of_code(text))
            .ok_or_else(|| Problem::new(ProblemCode::LinkInvalid, "no link or code, or cut off"))
    }

    /// The way in that a short code stands for, with or without what a messenger put around it.
    fn of_code(text: &str) -> Option<Self> {
        let code = decode_code(text.trim_matches(|c: char| !c.is_ascii_alphanumeric())).ok()?;
        let secret = secret_of(&code.try_into().ok()?);
        Some(Self { secret, circle: None, circle_name: String::new(), commission: None })
    }
}

/// A commission as it stands in a link.
#[must_use]
pub fn commission_text(commission: &Signed<RootCommission>) -> String {
    let mut writer = Writer::new();
    commission.write(&mut writer);
    base32(&writer.into_bytes())
}

fn commission(text: &str) -> Option<Signed<RootCommission>> {
    let bytes = from_base32(text)?;
    let mut reader = Reader::new(&bytes);
    let commission = RootCommission::read(&mut reader).ok()?;
    reader.finish("commission").ok()?;
    Some(commission)
}

/// All but letters and digits, so that whatever other sign stands at a link's end was put there by somebody else.
///
/// By hand: with the crate `percent-encoding` the packed core is 385 bytes larger (2026-11-29), and it could not decode
/// what messengers do to links (`link/found.rs`: other marks, `+` for spaces).
fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::TimestampMs;
    use crate::trust::SigningSecret;

    #[test]
    fn a_link_and_its_short_code_stand_for_one_secret() {
        let code = [7; CODE_BYTES];
        let secret = secret_of(&code);
        let link = link_text("https://kith.example", &secret, &CircleId([2; 16]), "Our circle é", None);
        let parsed = Link::parse(&link).unwrap();
        assert_eq!(parsed.secret, secret);
        assert_eq!((parsed.circle, parsed.circle_name.as_str()), (Some(CircleId([2; 16])), "Our circle é"));
        let typed = Link::parse(&shown_code(&code).to_lowercase().replace('-', " ")).unwrap();
        assert_eq!((typed.secret, typed.circle), (secret, None));
        let (before, _) = link.split_once('#').unwrap();
        assert_eq!(before, "https://kith.example/");
    }

    #[test]
    fn links_and_codes_have_their_text() {
        let (secret, circle) = (InviteSecret([0xa5; 16]), CircleId([2; 16]));
        let link = link_text("https://kith.example", &secret, &circle, "Our circle é", None);
        assert_eq!(
            link,
            "https://kith.example/#/join?t=a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5&c=02020202020202020202020202020202&n=Our%20circle%20%C3%A9"
        );
        assert_eq!(shown_code(&[7; CODE_BYTES]), "0W3G-E1R7-0W3G-E1R7-EE");
        let secret_of_code: String = secret_of(&[7; CODE_BYTES]).0.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(secret_of_code, "7bbc37dffb9acf9dcae1818a557c96ff");
        assert_eq!(encode_code(&[7; PAPER_BYTES]), "0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0WVR");
        let root = SigningSecret::from_seed(&[200; 32]);
        let commission = RootCommission::sign(&root, secret.public(), TimestampMs(1_000_000));
        let text = commission_text(&commission);
        assert_eq!(
            text,
            "3Q7AFFTP0N4W5Q06DBCJKQXM67Z4MP7JJANK0K4QRW5REYC26J671HEJYDSEXEMHSJ40A4GR8DAN7HHWCM8MZSCNXJ52QD8Z7V8KT0ZPWS5XD61XFJTB9BXGNFTQQBQEM1XG0J6PAGC2QXP5D1CWDHJ54K088F8"
        );
        assert_eq!(Link::parse(&format!("{link}&k={text}")).unwrap().commission, Some(commission));
    }

    #[test]
    fn what_is_no_way_in_is_named() {
        for text in ["", "https://kith.example/#/join?t=12", "ABCD-EFGH", "https://kith.example/#/join?t=&c="] {
            assert_eq!(Link::parse(text).unwrap_err().code, ProblemCode::LinkInvalid, "{text}");
        }
    }
}
