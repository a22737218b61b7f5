/// Bytes of a body's salt.
pub const BODY_SALT_BYTES: usize = 12;
/// Longest text of a message, in bytes.
pub const BODY_TEXT_BYTES_MAX: usize = 4_000;

const FORMAT_PLAIN: u8 = 0;

/// Why a text is no body, or bytes hold none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyProblem {
    /// Above [`BODY_TEXT_BYTES_MAX`].
    #[error("the message is longer than {BODY_TEXT_BYTES_MAX} bytes")]
    TooLong,
    /// Nothing but white space.
    #[error("the message is empty")]
    Empty,
    /// A format that this build does not know.
    #[error("the message is of a newer format than this version knows: update")]
    UnknownFormat,
    /// Cut short, or not UTF-8.
    #[error("the message's bytes are damaged")]
    Malformed,
}

/// A text body as it is stored and sent until the trust issue seals it: format 0, salt, UTF-8 text. The salt,
/// from the system's source of randomness, keeps equal texts from having one id.
///
/// # Errors
/// `Empty`, `TooLong`.
pub fn encode_body(salt: &[u8; BODY_SALT_BYTES], text: &str) -> Result<Vec<u8>, BodyProblem> {
    if text.trim().is_empty() {
        return Err(BodyProblem::Empty);
    }
    if text.len() > BODY_TEXT_BYTES_MAX {
        return Err(BodyProblem::TooLong);
    }
    let mut bytes = Vec::with_capacity(1 + BODY_SALT_BYTES + text.len());
    bytes.push(FORMAT_PLAIN);
    bytes.extend_from_slice(salt);
    bytes.extend_from_slice(text.as_bytes());
    Ok(bytes)
}

/// The text in a body.
///
/// # Errors
/// `UnknownFormat`, `Malformed`, `TooLong`.
pub fn decode_body(bytes: &[u8]) -> Result<&str, BodyProblem> {
    match bytes.first() {
        Some(&FORMAT_PLAIN) => {}
        Some(_) => return Err(BodyProblem::UnknownFormat),
        None => return Err(BodyProblem::Malformed),
    }
    let text = bytes.get(1 + BODY_SALT_BYTES..).ok_or(BodyProblem::Malformed)?;
    if text.len() > BODY_TEXT_BYTES_MAX {
        return Err(BodyProblem::TooLong);
    }
    core::str::from_utf8(text).map_err(|_| BodyProblem::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::BodyId;

    #[test]
    fn a_text_survives_and_the_salt_hides_that_two_are_equal() {
        let (one, other) = (encode_body(&[1; 12], "é 😀"), encode_body(&[2; 12], "é 😀"));
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(decode_body(&one), Ok("é 😀"));
        assert_ne!(BodyId::of(&one), BodyId::of(&other));
    }

    #[test]
    fn what_is_no_body_is_named() {
        assert_eq!(encode_body(&[0; 12], " \n"), Err(BodyProblem::Empty));
        assert_eq!(encode_body(&[0; 12], &"x".repeat(4_001)), Err(BodyProblem::TooLong));
        assert_eq!(decode_body(&[]), Err(BodyProblem::Malformed));
        assert_eq!(decode_body(&[0; 12]), Err(BodyProblem::Malformed));
        assert_eq!(decode_body(&[1; 20]), Err(BodyProblem::UnknownFormat));
        assert_eq!(decode_body(&[0xff; 20]), Err(BodyProblem::UnknownFormat));
        assert_eq!(decode_body(&[&[0; 13][..], &[0xff]].concat()), Err(BodyProblem::Malformed));
    }
}
