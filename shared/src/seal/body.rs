use crate::ids::TextCommitment;

use super::content::{pack, unpack};
use super::{BodyPlace, EpochKey, HINT_BYTES, SaltedText, SealProblem, TextSalt};

/// The format of bodies that this build writes. 1 had no salt.
const FORMAT: u8 = 2;
/// Longest text of a message, in bytes.
pub const BODY_TEXT_BYTES_MAX: usize = 4_000;
/// Bytes of a body beside text and padding: format, hint, salt, form, end of text, tag.
pub const BODY_OVERHEAD_BYTES: usize = 39;

const HEAD_BYTES: usize = 1 + HINT_BYTES;

/// A message's text as it is stored and sent: format (1 byte, 2), hint (4 bytes), ciphertext and tag. Inside are the
/// salt and the text, which is deflated when that is shorter, and padded by at most 12 %.
///
/// # Errors
/// `Empty` for nothing but white space, `TooLarge` above [`BODY_TEXT_BYTES_MAX`].
pub fn seal_body(key: &EpochKey, place: &BodyPlace<'_>, salted: &SaltedText) -> Result<Vec<u8>, SealProblem> {
    if salted.text.trim().is_empty() {
        return Err(SealProblem::Empty { what: WHAT });
    }
    if salted.text.len() > BODY_TEXT_BYTES_MAX {
        return Err(SealProblem::TooLarge { what: WHAT, max: BODY_TEXT_BYTES_MAX });
    }
    let mut body = vec![FORMAT];
    body.extend_from_slice(&place.epoch.hint());
    body.extend_from_slice(&salted.salt.0);
    pack(salted.text.as_bytes(), &mut body);
    place.lock(key).seal_behind(HEAD_BYTES, &mut body)?;
    Ok(body)
}

/// The text of a body at its place, when it is the one that its message's record commits to.
///
/// # Errors
/// `UnknownFormat`, `Damaged` and `OtherEpoch` by the outer bytes; `NotOpened` when key, place or content is another.
/// By the author's doing: `OtherText`, and `TooLarge` and `BadContent` when no text was sealed.
pub fn open_body(
    key: &EpochKey,
    place: &BodyPlace<'_>,
    commitment: &TextCommitment,
    body: &[u8],
) -> Result<SaltedText, SealProblem> {
    let (head, sealed) = body.split_at_checked(HEAD_BYTES).ok_or(SealProblem::Damaged { what: WHAT })?;
    if head[0] != FORMAT {
        return Err(SealProblem::UnknownFormat { what: WHAT });
    }
    if head[1..] != place.epoch.hint() {
        return Err(SealProblem::OtherEpoch);
    }
    let opened = place.lock(key).open(sealed)?;
    let (salt, packed) = opened.split_first_chunk().ok_or(SealProblem::BadContent { what: WHAT })?;
    let text = unpack(packed, BODY_TEXT_BYTES_MAX, WHAT)?;
    let text = String::from_utf8(text).map_err(|_| SealProblem::BadContent { what: WHAT })?;
    let salted = SaltedText { salt: TextSalt(*salt), text };
    if salted.commitment(&place.circle, &place.document, place.message_key) != *commitment {
        return Err(SealProblem::OtherText);
    }
    Ok(salted)
}

/// The first 4 bytes of the id of the epoch that a body says it was sealed in. `None` when it is no body, as an erased
/// one is. Only opening it proves anything.
///
/// Two epochs may share a hint, by chance once in 2^32 or because a member wanted it: then try each. AES-GCM-SIV does
/// not commit to its key, so its author may have meant a different text for each; the message's record commits to one.
#[must_use]
pub fn epoch_hint(body: &[u8]) -> Option<[u8; HINT_BYTES]> {
    match *body {
        [FORMAT, a, b, c, d, ..] => Some([a, b, c, d]),
        _ => None,
    }
}

const WHAT: &str = "message";
