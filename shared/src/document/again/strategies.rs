//! Strategies that are written again, and what is counted beside them.

use automerge::ScalarValue;
use automerge::legacy::{Key, Op, OpId, OpType};

use crate::document::key::message_op;
use crate::document::{Shape, StrategyRecord};
use crate::gate::{self, Action, Change, Scalar};
use crate::ids::BodyId;

use super::Again;

impl Again {
    /// Takes note of what a change of the actor's put beside strategies.
    pub(super) fn note_beside(&mut self, change: &Change<'_>) {
        if self.shape != Shape::Toolkit {
            return;
        }
        for (op, counter) in change.ops().zip(change.start_op..) {
            if let Ok(gate::Op { key: gate::Key::Map(key), action: Action::Put, value, .. }) = op {
                self.beside.insert(key.to_owned(), (counter, matches!(value, Scalar::Counter(_))));
            }
        }
    }

    /// A strategy's record, and its body, which stays the same at any place.
    pub(super) fn strategy(&self, bytes: &mut Vec<u8>) -> Option<BodyId> {
        let record = StrategyRecord::decode(bytes).ok()?;
        let adapted_from = record.adapted_from.map(|key| self.message(key));
        let (body, record) = (record.body, StrategyRecord { adapted_from: adapted_from.as_deref(), ..record });
        *bytes = record.encode();
        Some(body)
    }

    /// What the writer has beside a strategy: what is counted is added to what was counted there. None when the strategy
    /// was taken back there.
    pub(super) fn beside(&mut self, op: &mut Op, key: &str, next: u64) -> Option<()> {
        let by = match &op.action {
            OpType::Put(ScalarValue::Counter(count)) => Some(i64::from(count)),
            OpType::Increment(by) => Some(*by),
            _ => None,
        };
        let stands = self.beside.get(key).copied();
        op.pred = stands.map(|(at, _)| OpId(at, automerge::ActorId::from(&self.actor.0))).into_iter().collect();
        match (by, stands) {
            (Some(_), Some((_, false))) => return None,
            (Some(by), Some((_, true))) => op.action = OpType::Increment(by),
            (Some(by), None) => op.action = OpType::Put(ScalarValue::counter(by)),
            (None, _) => {}
        }
        if !matches!(op.action, OpType::Increment(_)) {
            self.beside.insert(key.to_owned(), (next, by.is_some()));
        }
        Some(())
    }
}

/// The record of a strategy, when the op writes one.
pub(super) fn strategy_of(op: &Op) -> Option<StrategyRecord<'_>> {
    let (Key::Map(key), OpType::Put(ScalarValue::Bytes(bytes))) = (&op.key, &op.action) else { return None };
    message_op(key)?;
    StrategyRecord::decode(bytes).ok()
}
