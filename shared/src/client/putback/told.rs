//! What a person is told of a phone that took in what it had not written.

use crate::codec::{DecodeError, Reader, Writer};
use crate::storage::{Batch, Tree};

use super::super::engine::{Attempt, Engine, Step};
use super::super::view::{Reply, Resumption};
use super::super::{CommandId, Problem};

const KEY: &[u8] = b"resumed";
const VERSION: u8 = 1;

/// How often this phone took in what it had not written, and what its person was told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Resumed {
    times: u64,
    kind: Resumption,
    is_read: bool,
}

impl Resumed {
    /// What is still to be told.
    pub(in super::super) fn unread(&self) -> Option<Resumption> {
        (!self.is_read).then_some(self.kind)
    }

    /// Version (1 byte, 1), how often, what it was (0 put back, 1 copied), whether its person read it.
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
            _ => return Err(invalid),
        };
        let is_read = reader.flag(WHAT)?;
        reader.finish(WHAT)?;
        Ok(Self { times, kind, is_read })
    }
}

impl Engine {
    /// Notes that the server gave this phone what it had not written, once in an exchange. A phone that was put back
    /// hears of it when it first asks, and once; what comes later comes from a phone that goes on beside it.
    pub(in super::super) fn note_resumed(&self, batch: &mut Batch) -> Option<Resumed> {
        if self.exchange.resumed_now {
            return self.resumed;
        }
        let times = self.resumed.map_or(0, |resumed| resumed.times);
        let kind = match times > 0 || self.exchange.caught_up {
            true => Resumption::Copied,
            false => Resumption::PutBack,
        };
        let resumed = Resumed { times: times + 1, kind, is_read: false };
        batch.put(Tree::Meta, KEY, resumed.encode());
        Some(resumed)
    }

    /// Tells it, once it is durable.
    pub(in super::super) fn resume(&mut self, resumed: Option<Resumed>) {
        if resumed.is_some() {
            self.resumed = resumed;
            self.exchange.resumed_now = true;
            self.notify_status();
        }
    }

    /// Takes the record that an earlier run left, if it is that.
    pub(in super::super) fn load_resumed(&mut self, key: &[u8], value: &[u8]) {
        if key == KEY {
            self.resumed = Resumed::decode(value).ok();
        }
    }

    /// The person has read it.
    pub(in super::super) fn resumed_read(&mut self, id: CommandId) -> Attempt {
        let Some(resumed) = self.resumed.filter(|resumed| !resumed.is_read) else {
            self.reply(id, Ok(Reply::Nothing));
            return Ok(Step::Done);
        };
        let next = Resumed { is_read: true, ..resumed };
        let mut batch = Batch::default();
        batch.put(Tree::Meta, KEY, next.encode());
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done: Result<(), Problem>| {
                if done.is_ok() {
                    engine.resumed = Some(next);
                    engine.notify_status();
                }
                engine.reply(id, done.map(|()| Reply::Nothing));
            }),
        ))
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
        assert!(Resumed::decode(&[1, 2, 2, 1]).is_err());
    }
}
