//! What facilitators hide of what people wrote, and show again.

use automerge::{ReadDoc, ScalarValue};

use crate::time::TimestampMs;

use super::Handle;
use crate::document::hidden::{SHOWN, hidden_key};
use crate::document::register::all_scalars;
use crate::document::thread::{MESSAGES, REACTIONS};
use crate::document::toolkit::{HELPED, STRATEGIES};
use crate::document::{EditProblem, Hidden, Shape};

impl Handle {
    /// Hides a message or strategy, or shows it again. Nothing of it is lost, and its author may still take it back. Of
    /// people who do both at the same time the one who hides it prevails. That this handle's person may is for the gate
    /// to judge.
    ///
    /// # Errors
    /// `Unknown` when there is no such record; `WrongKind` where nothing is hidden.
    pub fn hide(&mut self, key: &str, on: bool, now: TimestampMs) -> Result<(), EditProblem> {
        if !self.name.is_led() {
            return Err(EditProblem::WrongKind);
        }
        let (records, beside) = match self.name.shape() {
            Shape::Thread => (MESSAGES, REACTIONS),
            Shape::Toolkit => (STRATEGIES, HELPED),
            Shape::Note | Shape::Profile => return Err(EditProblem::WrongKind),
        };
        if self.doc.get(self.container(records), key)?.is_none() {
            return Err(EditProblem::Unknown);
        }
        if self.hidden_in(beside, key).is_some() == on {
            return Ok(());
        }
        let value = if on { now.shown().0.max(SHOWN + 1) } else { SHOWN };
        self.put(beside, &hidden_key(key), ScalarValue::Uint(value), now)
    }

    /// Who hides a record: of all that people say of it at the same time, one who does.
    pub(in crate::document) fn hidden_in(&self, beside: u64, record: &str) -> Option<Hidden> {
        let said = all_scalars(&self.doc, &self.container(beside), &hidden_key(record));
        said.into_iter().find_map(|(value, by, _)| match value {
            ScalarValue::Uint(at) if at != SHOWN => Some(Hidden { by, at: TimestampMs(at).shown() }),
            _ => None,
        })
    }
}
