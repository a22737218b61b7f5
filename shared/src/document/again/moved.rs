//! Where ops stand that were written again. At one place of a device's chain there may have been two things: what it wrote
//! there before that was taken up, and what the server holds there. Which of them a change means, its own past tells.

use crate::ids::{ActorId, EntryId};
use crate::sorted::{SortedMap, SortedSet};

/// An op by its author and counter.
type At = (ActorId, u64);

pub(super) struct Moved {
    /// Where ops stand now, each with the change that wrote it before.
    ops: SortedMap<At, Vec<(EntryId, At)>>,
    /// What changes that are written again stood on.
    stood_on: SortedMap<EntryId, Vec<EntryId>>,
    /// The change that is written again now, and those before it.
    past: SortedSet<EntryId>,
    now: EntryId,
}

impl Moved {
    pub(super) fn new() -> Self {
        let (ops, stood_on, past) = (SortedMap::new(), SortedMap::new(), SortedSet::new());
        Self { ops, stood_on, past, now: EntryId([0; 32]) }
    }

    /// From now on a change is written again, until the next begins.
    pub(super) fn begin(&mut self, change: EntryId, stood_on: Vec<EntryId>) {
        self.stood_on.insert(change, stood_on);
        self.past = SortedSet::new();
        self.now = change;
        let mut waiting = vec![change];
        while let Some(change) = waiting.pop() {
            if let Some(before) = self.stood_on.get(&change)
                && self.past.insert(change)
            {
                waiting.extend(before.iter().copied());
            }
        }
    }

    /// An op of the change stands elsewhere now.
    pub(super) fn put(&mut self, at: At, now: At) {
        let meant = self.ops.get_or_insert_with(at, Vec::new);
        meant.retain(|(change, _)| *change != self.now);
        meant.push((self.now, now));
    }

    /// An op of the change means nothing any more.
    pub(super) fn forget(&mut self, at: At) {
        if let Some(meant) = self.ops.get_mut(&at) {
            meant.retain(|(change, _)| *change != self.now);
        }
    }

    /// Where an op stands that the change means, if it was written again.
    pub(super) fn get(&self, at: &At) -> Option<At> {
        self.ops.get(at).and_then(|meant| self.meant(meant))
    }

    /// All ops that the change may mean and that were written again, with where they stand.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&At, At)> {
        self.ops.iter().filter_map(|(at, meant)| Some((at, self.meant(meant)?)))
    }

    fn meant(&self, meant: &[(EntryId, At)]) -> Option<At> {
        meant.iter().rev().find(|(change, _)| self.past.contains(change)).map(|(_, now)| *now)
    }
}
