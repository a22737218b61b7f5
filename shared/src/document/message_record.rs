use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{BodyId, TextCommitment};
use crate::time::TimestampMs;

use super::key::message_author;

/// The version that this build writes. 1 had no commitment.
const VERSION: u8 = 2;
/// A key that a record may name, at most.
const KEY_BYTES_MAX: usize = 28;

/// What a document holds of a message: all but its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageRecord<'a> {
    /// When it was sent, by the author's clock.
    pub sent: TimestampMs,
    /// The body that its text came in.
    pub body: BodyId,
    /// What every body of it must open to.
    pub commitment: TextCommitment,
    /// The key of the message that it answers.
    pub reply_to: Option<&'a str>,
}

impl<'a> MessageRecord<'a> {
    /// Version (1 byte, 2), time (number), body id, commitment, then nothing or the answered message's key (text).
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION).number(self.sent.0).raw(self.body.as_bytes()).raw(self.commitment.as_bytes());
        if let Some(key) = self.reply_to {
            writer.text(key);
        }
        writer.into_bytes()
    }

    /// Reads a record in its one form.
    ///
    /// # Errors
    /// `Invalid` for another version or a key that is no message's; `Short`, `TooLarge`, `Trailing`.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("message version")? != VERSION {
            return Err(DecodeError::Invalid { what: "message version" });
        }
        let sent = TimestampMs(reader.number("message time")?);
        let body = BodyId(reader.array("message body")?);
        let commitment = TextCommitment(reader.array("message commitment")?);
        Ok(Self { sent, body, commitment, reply_to: read_other(&mut reader)? })
    }
}

/// The end of a record: nothing, or the key of another one.
pub(super) fn read_other<'a>(reader: &mut Reader<'a>) -> Result<Option<&'a str>, DecodeError> {
    if reader.is_empty() {
        return Ok(None);
    }
    let key = reader.text(KEY_BYTES_MAX, "other record")?;
    message_author(key).ok_or(DecodeError::Invalid { what: "other record" })?;
    reader.finish("record")?;
    Ok(Some(key))
}

#[cfg(test)]
mod tests {
    use super::super::key::message_key;
    use super::*;
    use crate::ids::ActorId;

    #[test]
    fn a_record_has_its_bytes_and_one_form() {
        let key = message_key(&ActorId([7; 16]), 3);
        let (body, commitment) = (BodyId([5; 32]), TextCommitment([6; 32]));
        let record = MessageRecord { sent: TimestampMs(300), body, commitment, reply_to: Some(&key) };
        let bytes = record.encode();
        let golden = [&[2, 0xac, 2][..], &[5; 32], &[6; 32], &[23], b"BwcHBwcHBwcHBwcHBwcHBw3"].concat();
        assert_eq!(bytes, golden);
        assert_eq!(MessageRecord::decode(&bytes), Ok(record));
        for cut in 0..bytes.len() {
            let cut_off = MessageRecord::decode(&bytes[..cut]);
            assert_eq!(cut_off.is_ok(), cut == 67, "{cut}: it ends before the answered message, or nowhere");
        }
        let mut long = bytes;
        long.push(0);
        assert!(MessageRecord::decode(&long).is_err());
    }

    #[test]
    fn a_record_of_before_commitments_is_refused_by_name() {
        let before = [&[1, 0xac, 2][..], &[5; 32]].concat();
        let problem = DecodeError::Invalid { what: "message version" };
        assert_eq!(MessageRecord::decode(&before), Err(problem));
    }
}
