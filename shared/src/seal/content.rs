//! What is inside: `form ‖ content ‖ 0x80 ‖ zeros`, to a length that tells little of the content's.

use crate::deflate::{deflate, inflate};

use super::SealProblem;
use super::dictionary::DICTIONARY;

const AS_IT_IS: u8 = 0;
const DEFLATED: u8 = 1;
const END: u8 = 0x80;

/// Appends `content` to `out`, deflated when that is smaller, and padded.
pub(super) fn pack(content: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    match deflate(content, DICTIONARY, content.len().saturating_sub(1)) {
        Some(deflated) => {
            out.push(DEFLATED);
            out.extend_from_slice(&deflated);
        }
        None => {
            out.push(AS_IT_IS);
            out.extend_from_slice(content);
        }
    }
    out.push(END);
    out.resize(start + padded_len(out.len() - start), 0);
}

/// What [`pack`] packed.
///
/// # Errors
/// `TooLarge` above `max` bytes, `BadContent` for a form that is not known, another padding, damage.
pub(super) fn unpack(packed: &[u8], max: usize, what: &'static str) -> Result<Vec<u8>, SealProblem> {
    let bad = SealProblem::BadContent { what };
    let end = packed.iter().rposition(|byte| *byte != 0).ok_or(bad)?;
    if packed[end] != END || padded_len(end + 1) != packed.len() {
        return Err(bad);
    }
    let too_large = SealProblem::TooLarge { what, max };
    match packed[..end].split_first() {
        Some((&AS_IT_IS, content)) if content.len() <= max => Ok(content.to_vec()),
        Some((&AS_IT_IS, _)) => Err(too_large),
        Some((&DEFLATED, content)) => inflate(content, DICTIONARY, max, what).map_err(|error| match error {
            crate::codec::DecodeError::TooLarge { .. } => too_large,
            _ => bad,
        }),
        _ => Err(bad),
    }
}

/// The length that `len` bytes are padded to: as many as fit a floating-point number whose mantissa is no longer
/// than its exponent. At most 12 % more, and only `O(log log len)` bits of the length are told (Padmé; Nikitin et
/// al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019).
pub(super) fn padded_len(len: usize) -> usize {
    if len < 2 {
        return len;
    }
    let exponent = len.ilog2();
    let zeros = exponent - (exponent.ilog2() + 1).min(exponent);
    len.next_multiple_of(1 << zeros)
}
