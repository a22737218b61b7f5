//! The strategies of a toolkit, read and written.

use automerge::transaction::Transactable;
use automerge::{ReadDoc, ScalarValue, ScalarValueRef, ValueRef};

use crate::ids::{ActorId, BodyId};
use crate::time::TimestampMs;

use super::Handle;
use crate::document::hidden::hidden_record;
use crate::document::key::{message_author, split_id};
use crate::document::thread::Aside;
use crate::document::toolkit::{HELPED, STRATEGIES};
use crate::document::{EditProblem, STRATEGIES_MAX, Strategy, StrategyRecord, StrategyText, ToolkitView};

/// Bytes of an op that counts, at most, beside its key.
const COUNT_BYTES: usize = 64;

impl Handle {
    /// Adds a strategy of this handle's actor; gives its key, and the body that its entry has to come with. One op, and a
    /// change of its own, so that it fits into a page together with its body.
    ///
    /// # Errors
    /// `Empty`, `TooLong`, `Full` and `Twice` as [`StrategyText::check`] says; `Full` also when [`STRATEGIES_MAX`] of this
    /// actor stand; `Unknown` when what it was adapted from is not there; `WrongKind`.
    pub fn add_strategy(
        &mut self,
        made: TimestampMs,
        text: &StrategyText,
        adapted_from: Option<&str>,
    ) -> Result<(String, Vec<u8>), EditProblem> {
        let view = self.toolkit()?;
        text.check()?;
        if adapted_from.is_some_and(|key| view.strategies.iter().all(|known| known.key != key)) {
            return Err(EditProblem::Unknown);
        }
        let stands = |known: &&Strategy| known.author == *self.actor() && !known.taken_back;
        if view.strategies.iter().filter(stands).count() >= STRATEGIES_MAX {
            return Err(EditProblem::Full { what: "strategies", max: STRATEGIES_MAX });
        }
        let bytes = text.encode();
        let record = StrategyRecord { made: made.shown(), body: BodyId::of(&bytes), adapted_from };
        Ok((self.put_record(STRATEGIES, record.encode(), made)?, bytes))
    }

    /// Says that a strategy helped the person who writes, or takes that back. `others` are the other actors that are
    /// theirs: what all of them count together is 1 afterwards, or 0.
    ///
    /// # Errors
    /// `Unknown` when there is no such strategy, or it was taken back; `WrongKind`.
    pub fn helped(&mut self, key: &str, on: bool, others: &[ActorId], now: TimestampMs) -> Result<(), EditProblem> {
        let found = self.strategy(key)?;
        if found.taken_back {
            return Err(EditProblem::Unknown);
        }
        let own = *self.actor();
        let is_theirs = |actor: &ActorId| *actor == own || others.contains(actor);
        if found.has_helped(is_theirs) == on {
            return Ok(());
        }
        let theirs = found.helped.iter().filter(|(actor, _)| is_theirs(actor));
        let sum = theirs.fold(0, |sum: i64, (_, count)| sum.saturating_add(*count));
        let (step, at) = (if on { 1 } else { -1 }, self.own_key(key));
        for _ in 0..sum.abs_diff(on.into()) {
            self.make_room(1, at.len() + COUNT_BYTES, now)?;
            let helped = self.container(HELPED);
            match self.doc.get(&helped, at.as_str())? {
                Some(_) => self.doc.increment(&helped, at.as_str(), step)?,
                None => self.doc.put(&helped, at.as_str(), ScalarValue::counter(step))?,
            }
        }
        Ok(())
    }

    /// Takes back a strategy of this handle's actor, or of another device of its member, as [`Self::take_back`] does a
    /// message.
    ///
    /// # Errors
    /// `Unknown` when there is no such strategy; `WrongKind`.
    pub fn take_back_strategy(&mut self, key: &str, now: TimestampMs) -> Result<(), EditProblem> {
        let found = self.strategy(key)?;
        if found.taken_back {
            return Ok(());
        }
        self.put_aside(HELPED, key, &Aside::TakenBack(vec![found.body]), now)
    }

    /// The strategies, pending ones included.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn toolkit(&self) -> Result<ToolkitView, EditProblem> {
        self.expect_toolkit()?;
        let mut view = ToolkitView::default();
        for item in self.doc.map_range(self.container(STRATEGIES), ..) {
            match strategy(&item.key, &item.value) {
                Some(strategy) => view.strategies.push(strategy),
                None => view.skipped += 1,
            }
        }
        view.strategies.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        for item in self.doc.map_range(self.container(HELPED), ..) {
            if let Some(key) = hidden_record(&item.key) {
                if let Ok(at) = view.strategies.binary_search_by(|strategy| strategy.key.as_str().cmp(key)) {
                    view.strategies[at].hidden = self.hidden_in(HELPED, key);
                }
                continue;
            }
            let Some((actor, key)) = split_id(&item.key) else {
                view.skipped += 1;
                continue;
            };
            let found = view.strategies.binary_search_by(|strategy| strategy.key.as_str().cmp(key));
            match (&item.value, found) {
                (ValueRef::Scalar(ScalarValueRef::Counter(count)), Ok(at)) if *count != 0 => {
                    view.strategies[at].helped.push((ActorId(actor), *count));
                }
                (ValueRef::Scalar(ScalarValueRef::Bytes(bytes)), Ok(at)) => match Aside::decode(bytes) {
                    Some(Aside::TakenBack(_)) => view.strategies[at].taken_back = true,
                    Some(Aside::Resealed(_)) | None => view.skipped += 1,
                },
                (ValueRef::Scalar(ScalarValueRef::Counter(_) | ScalarValueRef::Bytes(_)), _) => {}
                _ => view.skipped += 1,
            }
        }
        view.strategies.sort_unstable_by(|one, other| (one.made, &one.key).cmp(&(other.made, &other.key)));
        Ok(view)
    }

    fn strategy(&self, key: &str) -> Result<Strategy, EditProblem> {
        let mut strategies = self.toolkit()?.strategies.into_iter();
        strategies.find(|strategy| strategy.key == key).ok_or(EditProblem::Unknown)
    }
}

fn strategy(key: &str, value: &ValueRef<'_>) -> Option<Strategy> {
    let author = message_author(key)?;
    let ValueRef::Scalar(ScalarValueRef::Bytes(bytes)) = value else { return None };
    Some(Strategy::new(key, author, &StrategyRecord::decode(bytes).ok()?))
}
