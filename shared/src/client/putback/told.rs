//! What a person is told of a phone that took in what it had not written.

use crate::storage::Batch;

use super::super::engine::{Attempt, Engine, Step};
use super::super::parts::leaving::Leavings;
use super::super::parts::resumed::Resumed;
use super::super::view::Reply;
use super::super::{CommandId, Problem};

impl Engine {
    /// Notes that the server gave this phone what it had not written, once in an exchange. A phone that was put back
    /// hears of it when it first asks, and once; what comes later comes from a phone that goes on beside it.
    pub(in crate::client) fn note_resumed(&self, batch: &mut Batch) -> Option<Resumed> {
        if self.exchange.has_resumed() {
            return self.resumed;
        }
        let resumed = Resumed::again(self.resumed, self.exchange.has_caught_up());
        resumed.put(batch);
        // An older state may want to leave what its person decided to stay in since.
        for circle in self.leavings.asked() {
            Leavings::put(&circle, None, batch);
        }
        Some(resumed)
    }

    /// Tells it, once it is durable.
    pub(in crate::client) fn resume(&mut self, resumed: Option<Resumed>) {
        if resumed.is_some() {
            self.resumed = resumed;
            self.leavings.asked().into_iter().for_each(|circle| self.leavings.set(circle, None));
            self.exchange.note_resumed();
            self.notify_status();
        }
    }

    /// The person has read it.
    pub(in crate::client) fn resumed_read(&mut self, id: CommandId) -> Attempt {
        let Some(next) = self.resumed.and_then(Resumed::read) else {
            self.reply(id, Ok(Reply::Nothing));
            return Ok(Step::Done);
        };
        let mut batch = Batch::default();
        next.put(&mut batch);
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
