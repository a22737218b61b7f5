//! What an answer or a page changes of a circle. It is worked out before it is stored and made once it is durable: in
//! between a request may fail, and what that notes must stay.

use crate::ids::{ActorId, DocumentId};
use crate::sorted::{SortedMap, SortedSet};
use crate::sync::DocumentState;
use crate::trust::Roster;
use crate::wire::Cursor;

use super::super::super::Problem;
use super::super::keyring::Keyring;
use super::LocalCircle;
use super::lacking::Lacking;

/// The fields of a circle that change, each as it becomes; of what has many things in it, the things.
pub(in crate::client) struct CircleChange {
    position: u64,
    cursor: Option<Cursor>,
    keyring: Keyring,
    roster: Roster,
    documents: Entries<DocumentId, DocumentState>,
    unsure: Entries<DocumentId, ()>,
    problems: Entries<DocumentId, Problem>,
    forked: Entries<DocumentId, ()>,
    arrived: Entries<ActorId, u64>,
    lacking: Entries<DocumentId, Lacking>,
}

impl CircleChange {
    /// What makes `after` of `before`.
    pub(in crate::client) fn between(before: &LocalCircle, after: LocalCircle) -> Self {
        Self {
            position: after.position,
            cursor: (before.cursor != after.cursor).then_some(after.cursor),
            documents: Entries::between(&before.documents, after.documents),
            unsure: Entries::between(&units(&before.unsure), units(&after.unsure)),
            problems: Entries::between(&before.problems, after.problems),
            forked: Entries::between(&units(&before.forked), units(&after.forked)),
            arrived: Entries::between(&before.arrived, after.arrived),
            lacking: Entries::between(&before.lacking, after.lacking),
            keyring: after.keyring,
            roster: after.roster,
        }
    }
}

impl LocalCircle {
    /// Takes a change that is durable now.
    pub(in crate::client) fn apply(&mut self, change: CircleChange) {
        self.position = change.position;
        self.cursor = change.cursor.unwrap_or_else(|| core::mem::take(&mut self.cursor));
        (self.keyring, self.roster) = (change.keyring, change.roster);
        change.documents.apply(&mut self.documents);
        change.problems.apply(&mut self.problems);
        change.arrived.apply(&mut self.arrived);
        change.lacking.apply(&mut self.lacking);
        change.unsure.apply_to_set(&mut self.unsure);
        change.forked.apply_to_set(&mut self.forked);
    }
}

fn units<K: Ord + Copy>(set: &SortedSet<K>) -> SortedMap<K, ()> {
    set.iter().map(|item| (*item, ())).collect()
}

/// What comes into a map or becomes another, and what goes.
struct Entries<K, V> {
    set: Vec<(K, V)>,
    gone: Vec<K>,
}

impl<K: Ord + Copy, V: PartialEq> Entries<K, V> {
    fn between(before: &SortedMap<K, V>, after: SortedMap<K, V>) -> Self {
        let gone = before.keys().filter(|key| !after.contains_key(*key)).copied().collect();
        let set = after.into_iter().filter(|(key, value)| before.get(key) != Some(value)).collect();
        Self { set, gone }
    }

    fn apply(self, map: &mut SortedMap<K, V>) {
        for key in &self.gone {
            map.remove(key);
        }
        map.extend(self.set);
    }
}

impl<K: Ord> Entries<K, ()> {
    fn apply_to_set(self, set: &mut SortedSet<K>) {
        for key in &self.gone {
            set.remove(key);
        }
        set.extend(self.set.into_iter().map(|(key, ())| key));
    }
}
