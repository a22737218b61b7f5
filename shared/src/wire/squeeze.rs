//! Content that is deflated where that makes it smaller.

use std::borrow::Cow;

use crate::codec::DecodeError;
use crate::deflate::{deflate, inflate};

const STORED: u8 = 0;
const DEFLATED: u8 = 1;
const BEHIND: u8 = 2;
/// How far back DEFLATE looks.
const WINDOW_BYTES: usize = 32 * 1024;

/// Appends `content` to `out` behind a byte that says whether it is deflated: it is when that is smaller and
/// it is longer than `stored_max`. `before`, possibly empty, is what the reader has read before.
pub(super) fn squeeze(content: &[u8], stored_max: usize, before: &[u8], out: &mut Vec<u8>) {
    let before = window(before);
    // No more than `content` may take: a longer result is of no use.
    let deflated = (content.len() > stored_max).then(|| deflate(content, before, content.len().saturating_sub(1)));
    if let Some(deflated) = deflated.flatten() {
        out.push(if before.is_empty() { DEFLATED } else { BEHIND });
        out.extend_from_slice(&deflated);
        return;
    }
    out.push(STORED);
    out.extend_from_slice(content);
}

/// Reverses [`squeeze`]; refuses what is longer than `max`.
pub(super) fn unsqueeze<'a>(
    bytes: &'a [u8],
    max: usize,
    before: &[u8],
    what: &'static str,
) -> Result<Cow<'a, [u8]>, DecodeError> {
    let (form, content) = bytes.split_first().ok_or(DecodeError::Short { what })?;
    match *form {
        STORED if content.len() <= max => Ok(Cow::Borrowed(content)),
        STORED => Err(DecodeError::TooLarge { what, max }),
        DEFLATED => inflate(content, &[], max, what).map(Cow::Owned),
        BEHIND if !before.is_empty() => inflate(content, window(before), max, what).map(Cow::Owned),
        _ => Err(DecodeError::Invalid { what }),
    }
}

fn window(before: &[u8]) -> &[u8] {
    before.get(before.len().saturating_sub(WINDOW_BYTES)..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::testing::Dice;

    #[test]
    fn content_survives_and_is_never_a_byte_longer_than_its_form() {
        let mut dice = Dice(1);
        for len in [0, 1, 50, 1_000, 60_000] {
            for content in [vec![7; len], dice.bytes(len)] {
                let mut out = vec![];
                squeeze(&content, 16, &[], &mut out);
                assert!(out.len() <= len + 1);
                assert_eq!(unsqueeze(&out, len, &[], "c").as_deref(), Ok(&content[..]));
                let over = unsqueeze(&out, len.saturating_sub(1), &[], "c").is_err();
                assert!(over || len == 0);
            }
        }
    }

    #[test]
    fn a_bomb_stops_at_the_bound_and_damage_is_an_error() {
        let mut bomb = vec![];
        squeeze(&vec![0; 10 << 20], 0, &[], &mut bomb);
        assert_eq!(unsqueeze(&bomb, 4096, &[], "c"), Err(DecodeError::TooLarge { what: "c", max: 4096 }));
        let mut bytes = vec![];
        squeeze(b"once more, once more, once more", 0, &[], &mut bytes);
        assert!(unsqueeze(&bytes[..bytes.len() - 1], 4096, &[], "c").is_err());
        bytes.push(0);
        assert!(unsqueeze(&bytes, 4096, &[], "c").is_err());
        assert!(unsqueeze(&[], 4096, &[], "c").is_err());
        assert!(unsqueeze(&[2, 1], 4096, &[], "c").is_err());
    }

    #[test]
    fn what_was_read_before_helps_and_is_needed() {
        let before = Dice(2).bytes(60_000);
        let content = before[30_000..40_000].to_vec();
        let mut out = vec![];
        squeeze(&content, 0, &before, &mut out);
        assert!(out.len() < 200, "{}", out.len());
        assert_eq!(unsqueeze(&out, 10_000, &before, "c").as_deref(), Ok(&content[..]));
        assert_eq!(unsqueeze(&out, 10_000, &[], "c"), Err(DecodeError::Invalid { what: "c" }));
        assert!(unsqueeze(&out, 9_999, &before, "c").is_err());
        assert_ne!(unsqueeze(&out, 10_000, &before[..59_999], "c").as_deref().ok(), Some(&content[..]));
    }
}
