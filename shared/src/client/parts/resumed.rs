//! What its person is told of a phone that took in what it had not written.

use crate::codec::{DecodeError, Reader, Writer};
use crate::storage::{Batch, Tree};

use super::super::view::Resumption;

const KEY: &[u8] = b"resumed";
const VERSION: u8 = 1;

/// How often this phone took in what it had not written, and what its person was told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) struct Resumed {
    times: u64,
    kind: Resumption,
    is_read: bool,
}

impl Resumed {
    /// One time more. A phone that was put back hears of it when it first asks, and once; what comes later
    /// (`has_caught_up`: this run took in everything before) comes from a phone that goes on beside it.
    pub(in crate::client) fn again(before: Option<Self>, has_caught_up: bool) -> Self {
        let times = before.map_or(0, |resumed| resumed.times);
        let kind = if times > 0 || has_caught_up { Resumption::Copied } else { Resumption::PutBack };
        Self { times: times + 1, kind, is_read: false }
    }

    /// Its person left a circle, and it is gone from this phone.
    pub(in crate::client) fn left(before: Option<Self>) -> Self {
        Self { times: before.map_or(0, |resumed| resumed.times), kind: Resumption::Left, is_read: false }
    }

    /// The same once its person has read it; none when they had.
    pub(in crate::client) fn read(self) -> Option<Self> {
        (!self.is_read).then_some(Self { is_read: true, ..self })
    }

    /// Writes it.
    pub(in crate::client) fn put(self, batch: &mut Batch) {
        batch.put(Tree::Meta, KEY, self.encode());
    }

    /// The record that an earlier run left, if it is that.
    pub(in crate::client) fn load(key: &[u8], value: &[u8]) -> Option<Self> {
        (key == KEY).then(|| Self::decode(value).ok()).flatten()
    }

    /// What is still to be told.
    pub(in crate::client) fn unread(&self) -> Option<Resumption> {
        (!self.is_read).then_some(self.kind)
    }

    /// Version (1 byte, 1), how often, what it was (0 put back, 1 copied, 2 a circle left), whether its person read it.
    fn encode(self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION).number(self.times).byte(self.kind as u8).flag(self.is_read);
        writer.into_bytes()
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        const WHAT: &str = "what is told of a phone that was put back";
        let mut reader = Reader::new(bytes);
        let invalid = DecodeError::Invalid { what: WHAT };
        if reader.byte(WHAT)? != VERSION {
            return Err(invalid);
        }
        let times = reader.number(WHAT)?;
        let kind = match reader.byte(WHAT)? {
            0 => Resumption::PutBack,
            1 => Resumption::Copied,
            2 => Resumption::Left,
            _ => return Err(invalid),
        };
        let is_read = reader.flag(WHAT)?;
        reader.finish(WHAT)?;
        Ok(Self { times, kind, is_read })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_has_its_bytes_and_survives_them() {
        let resumed = Resumed { times: 2, kind: Resumption::Copied, is_read: true };
        assert_eq!(resumed.encode(), [1, 2, 1, 1]);
        assert_eq!(Resumed::decode(&resumed.encode()), Ok(resumed));
        assert!(Resumed::decode(&[1, 2, 3, 1]).is_err());
    }
}
