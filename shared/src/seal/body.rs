use crate::document::BODY_TEXT_BYTES_MAX;

use super::content::{pack, unpack};
use super::{BodyPlace, EpochKey, HINT_BYTES, SealProblem};

/// The format of bodies and sealed entries that this build writes.
pub(super) const FORMAT: u8 = 1;
/// Bytes of a body beside text and padding: format, hint, form, end of text, tag.
pub const BODY_OVERHEAD_BYTES: usize = 23;

const HEAD_BYTES: usize = 1 + HINT_BYTES;

/// A message's text as it is stored and sent: format (1 byte, 1), hint (4 bytes), ciphertext and tag. The text is
/// deflated when that is shorter, and padded by at most 12 %.
///
/// # Errors
/// `Empty` for nothing but white space, `TooLarge` above [`BODY_TEXT_BYTES_MAX`].
pub fn seal_body(key: &EpochKey, place: &BodyPlace<'_>, text: &str) -> Result<Vec<u8>, SealProblem> {
    if text.trim().is_empty() {
        return Err(SealProblem::Empty { what: WHAT });
    }
    if text.len() > BODY_TEXT_BYTES_MAX {
        return Err(SealProblem::TooLarge { what: WHAT, max: BODY_TEXT_BYTES_MAX });
    }
    let mut body = vec![FORMAT];
    body.extend_from_slice(&place.epoch.hint());
    pack(text.as_bytes(), &mut body);
    place.lock(key).seal_behind(HEAD_BYTES, &mut body)?;
    Ok(body)
}

/// The text of a body at its place.
///
/// # Errors
/// `UnknownFormat`, `Damaged` and `OtherEpoch` by the outer bytes; `NotOpened` when key, place or content is another;
/// `TooLarge` and `BadContent` when the author's program sealed no text.
pub fn open_body(key: &EpochKey, place: &BodyPlace<'_>, body: &[u8]) -> Result<String, SealProblem> {
    let (head, sealed) = body.split_at_checked(HEAD_BYTES).ok_or(SealProblem::Damaged { what: WHAT })?;
    if head[0] != FORMAT {
        return Err(SealProblem::UnknownFormat { what: WHAT });
    }
    if head[1..] != place.epoch.hint() {
        return Err(SealProblem::OtherEpoch);
    }
    let text = unpack(&place.lock(key).open(sealed)?, BODY_TEXT_BYTES_MAX, WHAT)?;
    String::from_utf8(text).map_err(|_| SealProblem::BadContent { what: WHAT })
}

/// The first 4 bytes of the id of the epoch that a body or sealed entry says it was sealed in. `None` when it is
/// neither, as an erased body is. Only opening it proves anything.
///
/// Two epochs may share a hint, by chance once in 2^32 or because a member wanted it: then try each, and refuse what
/// more than one opens. AES-GCM-SIV does not commit to its key, so its author may have meant a different text for each.
#[must_use]
pub fn epoch_hint(bytes: &[u8]) -> Option<[u8; HINT_BYTES]> {
    match *bytes {
        [FORMAT | super::entry::FORMAT, a, b, c, d, ..] => Some([a, b, c, d]),
        _ => None,
    }
}

const WHAT: &str = "message";
