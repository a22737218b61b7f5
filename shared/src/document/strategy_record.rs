use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::BodyId;
use crate::time::TimestampMs;

use super::message_record::read_other;

/// The version that this build writes.
const VERSION: u8 = 1;

/// What a document holds of a strategy: all but its text. It never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrategyRecord<'a> {
    /// When it was written, by the author's clock.
    pub made: TimestampMs,
    /// The body that its text is in.
    pub body: BodyId,
    /// The key of the strategy that it was adapted from.
    pub adapted_from: Option<&'a str>,
}

impl<'a> StrategyRecord<'a> {
    /// Version (1 byte, 1), time (number), body id, then nothing or the other strategy's key (text).
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION).number(self.made.0).raw(self.body.as_bytes());
        if let Some(key) = self.adapted_from {
            writer.text(key);
        }
        writer.into_bytes()
    }

    /// Reads a record in its one form.
    ///
    /// # Errors
    /// `Invalid` for another version or a key that is no strategy's; `Short`, `TooLarge`, `Trailing`.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("strategy version")? != VERSION {
            return Err(DecodeError::Invalid { what: "strategy version" });
        }
        let made = TimestampMs(reader.number("strategy time")?);
        let body = BodyId(reader.array("strategy body")?);
        Ok(Self { made, body, adapted_from: read_other(&mut reader)? })
    }
}

#[cfg(test)]
mod tests {
    use super::super::key::message_key;
    use super::*;
    use crate::ids::ActorId;

    #[test]
    fn a_record_has_its_bytes_and_one_form() {
        let key = message_key(&ActorId([7; 16]), 3);
        let record = StrategyRecord { made: TimestampMs(300), body: BodyId([5; 32]), adapted_from: Some(&key) };
        let bytes = record.encode();
        let golden = [&[1, 0xac, 2][..], &[5; 32], &[23], b"BwcHBwcHBwcHBwcHBwcHBw3"].concat();
        assert_eq!(bytes, golden);
        assert_eq!(StrategyRecord::decode(&bytes), Ok(record));
        for cut in 0..bytes.len() {
            let cut_off = StrategyRecord::decode(&bytes[..cut]);
            assert_eq!(cut_off.is_ok(), cut == 35, "{cut}: it ends before the other strategy, or nowhere");
        }
        for wrong in [[&bytes[..], &[0]].concat(), [&[2], &bytes[1..]].concat(), [&bytes[..35], &[1, b'x']].concat()] {
            assert!(StrategyRecord::decode(&wrong).is_err(), "{wrong:?}");
        }
    }
}
