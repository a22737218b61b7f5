//! What facilitators hid: a register for each message or strategy, in the container of what stands beside them.

use crate::ids::ActorId;
use crate::time::TimestampMs;

use super::key::message_author;

/// Stands before the record's key. With it the key is far shorter than one of what people put beside a record, which
/// begins with an id of theirs.
const PREFIX: char = 'h';

/// What the register says when nobody hides it any more.
pub(super) const SHOWN: u64 = 0;

/// That a facilitator hid something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Who did.
    pub by: ActorId,
    /// When, by their clock; at most [`TimestampMs::LAST`].
    pub at: TimestampMs,
}

/// The key of the register that says whether a record is hidden.
pub(super) fn hidden_key(record: &str) -> String {
    let mut key = String::from(PREFIX);
    key.push_str(record);
    key
}

/// The record that a register is about; `None` for all other keys.
pub(super) fn hidden_record(key: &str) -> Option<&str> {
    let record = key.strip_prefix(PREFIX)?;
    message_author(record).map(|_| record)
}

#[cfg(test)]
mod tests {
    use super::super::key::{encode_id, message_key};
    use super::*;

    #[test]
    fn no_key_of_what_people_put_beside_a_record_is_a_registers() {
        let mut is_like_one = 0;
        for first in 0..=255 {
            let actor = ActorId([first; 16]);
            for counter in [1, 35, 36, 1 << 31] {
                let record = message_key(&actor, counter);
                assert_eq!(hidden_record(&hidden_key(&record)), Some(&*record));
                let beside = encode_id(&actor.0) + &record;
                is_like_one += usize::from(beside.starts_with(PREFIX));
                assert_eq!(hidden_record(&beside), None, "{beside}");
            }
        }
        assert!(is_like_one > 0, "some begin with its letter");
        for other in ["", "h", "hh", "hAQEBAQEBAQEBAQEBAQEBAQ", "xAQEBAQEBAQEBAQEBAQEBAQ5"] {
            assert_eq!(hidden_record(other), None, "{other}");
        }
    }
}
