//! Circles that this phone's person leaves, and those that are being wiped from it.

use crate::ids::CircleId;
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::{Batch, Tree};

const PREFIX: &[u8] = b"leaving";
const VERSION: u8 = 1;

/// How far leaving a circle has come on this phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) enum Leaving {
    /// Its person wants to.
    Asked {
        /// What they wrote goes first.
        erase: bool,
        /// What can't be sent or erased is not waited for.
        anyway: bool,
    },
    /// The statement is on its way.
    Said,
    /// They are out: what is here of the circle goes.
    Gone,
}

impl Leaving {
    /// Version (1 byte, 1), how far (0 asked, 1 said, 2 gone), whether what was written goes, whether nothing is waited for.
    fn encode(self) -> Vec<u8> {
        let (stage, erase, anyway) = match self {
            Self::Asked { erase, anyway } => (0, erase, anyway),
            Self::Said => (1, false, false),
            Self::Gone => (2, false, false),
        };
        vec![VERSION, stage, u8::from(erase), u8::from(anyway)]
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [VERSION, 0, erase @ (0 | 1), anyway @ (0 | 1)] => {
                Some(Self::Asked { erase: *erase == 1, anyway: *anyway == 1 })
            }
            [VERSION, 1, 0, 0] => Some(Self::Said),
            [VERSION, 2, 0, 0] => Some(Self::Gone),
            _ => None,
        }
    }
}

/// All of them.
#[derive(Default)]
pub(in crate::client) struct Leavings {
    by_circle: SortedMap<CircleId, Leaving>,
    /// Circles whose server was heard since their person last asked to leave, in this run.
    heard: SortedSet<CircleId>,
    /// Circles that a task looks after.
    running: SortedSet<CircleId>,
}

impl Leavings {
    /// How far it has come with a circle; none when nobody leaves it.
    pub(in crate::client) fn of(&self, circle: &CircleId) -> Option<Leaving> {
        self.by_circle.get(circle).copied()
    }

    /// The circles.
    pub(in crate::client) fn circles(&self) -> Vec<CircleId> {
        self.by_circle.keys().copied().collect()
    }

    /// The circles that their person asked to leave, and that the server was not told of.
    pub(in crate::client) fn asked(&self) -> Vec<CircleId> {
        let asked = self.by_circle.iter().filter(|(_, leaving)| matches!(leaving, Leaving::Asked { .. }));
        asked.map(|(circle, _)| *circle).collect()
    }

    /// What is durable now.
    pub(in crate::client) fn set(&mut self, circle: CircleId, leaving: Option<Leaving>) {
        match leaving {
            Some(leaving) => _ = self.by_circle.insert(circle, leaving),
            None => _ = self.by_circle.remove(&circle),
        }
    }

    /// All that the server has of a circle came, and all that could be sent went.
    pub(in crate::client) fn note_heard(&mut self, circle: CircleId) {
        self.heard.insert(circle);
    }

    /// What was heard counts no more: it is asked anew.
    pub(in crate::client) fn forget_heard(&mut self, circle: &CircleId) {
        self.heard.remove(circle);
    }

    /// Whether that was since its person last asked.
    pub(in crate::client) fn has_heard(&self, circle: &CircleId) -> bool {
        self.heard.contains(circle)
    }

    /// A task begins to look after a circle; whether none did.
    pub(in crate::client) fn begin(&mut self, circle: CircleId) -> bool {
        self.running.insert(circle)
    }

    /// It ended.
    pub(in crate::client) fn end(&mut self, circle: &CircleId) {
        self.running.remove(circle);
    }

    /// Where it is kept, in `Meta`.
    pub(in crate::client) fn key(circle: &CircleId) -> Vec<u8> {
        [PREFIX, circle.as_bytes()].concat()
    }

    /// Writes it, or that nobody leaves.
    pub(in crate::client) fn put(circle: &CircleId, leaving: Option<Leaving>, batch: &mut Batch) {
        let key = Self::key(circle);
        match leaving {
            Some(leaving) => batch.put(Tree::Meta, key, leaving.encode()),
            None => batch.delete(Tree::Meta, key),
        }
    }

    /// Takes a record that an earlier run left, if it is that.
    pub(in crate::client) fn load(&mut self, key: &[u8], value: &[u8]) {
        let circle = key.strip_prefix(PREFIX).and_then(CircleId::from_slice);
        if let (Some(circle), Some(leaving)) = (circle, Leaving::decode(value)) {
            self.by_circle.insert(circle, leaving);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_it_has_come_has_its_bytes_and_survives_them() {
        let asked = |erase, anyway| Leaving::Asked { erase, anyway };
        let all = [asked(false, false), asked(true, false), asked(true, true), Leaving::Said, Leaving::Gone];
        let golden = [[1, 0, 0, 0], [1, 0, 1, 0], [1, 0, 1, 1], [1, 1, 0, 0], [1, 2, 0, 0]];
        for (leaving, golden) in all.into_iter().zip(golden) {
            assert_eq!((leaving.encode(), Leaving::decode(&golden)), (golden.to_vec(), Some(leaving)));
        }
        for wrong in [&[][..], &[1, 3, 0, 0], &[2, 0, 0, 0], &[1, 1, 1, 0], &[1, 0, 2, 0], &[1, 0, 0, 0, 0]] {
            assert_eq!(Leaving::decode(wrong), None, "{wrong:?}");
        }
    }
}
