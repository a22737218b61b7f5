//! The grant log: a circle's statements, grow-only, and what follows from them. `docs/TRUST.md`, "What follows from
//! a set".
//!
//! A statement is taken in when all that it descends from is here, and judged by that alone ([`lawful`]): every
//! store says the same of it, for good. What the whole set comes to is worked out anew from it ([`evaluate`]).

mod bits;
mod entry;
#[cfg(test)]
mod epoch_tests;
mod epochs;
mod evaluate;
#[cfg(test)]
pub(crate) mod history;
mod insert;
mod labels;
mod lawful;
#[cfg(test)]
mod lawful_tests;
mod more;
#[cfg(test)]
mod order_tests;
mod problem;
#[cfg(test)]
mod removal_tests;
mod room;
#[cfg(test)]
mod room_tests;
mod standing;
mod waiting;

use crate::ids::{CircleId, DeviceId, InviteKey, StatementId};

use super::{Invitation, Statement, StatementAuthor, StatementBody};

use entry::{Entry, Index};
use room::Room;
use waiting::Waiting;

pub use insert::Inserted;
pub use problem::StatementProblem;
pub use room::{
    LOG_BYTES_MAX, LOG_KEYS_RESERVED, LOG_KEYS_RESERVED_BYTES, LOG_REMOVALS_RESERVED, LOG_REMOVALS_RESERVED_BYTES,
    LOG_STATEMENTS_MAX,
};
pub use standing::{DeviceRecord, EpochRecord, Event, EventKind, Lacking, MemberRecord, Standing, Verdict};
pub use waiting::{WAITING_BYTES_MAX, WAITING_STATEMENTS_MAX};

/// The statements of one circle.
#[derive(Clone, Debug)]
pub struct GrantLog {
    circle: CircleId,
    entries: Vec<Entry>,
    index: Index,
    room: Room,
    waiting: Waiting,
}

impl GrantLog {
    /// An empty log of a circle: its founding statement is still to come.
    #[must_use]
    pub fn new(circle: CircleId) -> Self {
        Self {
            circle,
            entries: Vec::new(),
            index: Index::default(),
            room: Room::default(),
            waiting: Waiting::default(),
        }
    }

    /// The log of the circle that a statement founds.
    ///
    /// # Errors
    /// When it founds none.
    pub fn found(statement: Statement) -> Result<(CircleId, Self), StatementProblem> {
        let circle = Statement::circle_of(&statement.id());
        let mut log = Self::new(circle);
        match log.insert(statement)? {
            Inserted::New => Ok((circle, log)),
            Inserted::Known | Inserted::Waiting => Err(StatementProblem::WrongCircle),
        }
    }

    /// The circle.
    #[must_use]
    pub fn circle(&self) -> &CircleId {
        &self.circle
    }

    /// How many statements, those that wait not counted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether not even the founding statement is here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many bytes all statements have, those that wait not counted.
    #[must_use]
    pub fn len_bytes(&self) -> usize {
        self.room.len_bytes()
    }

    /// Whether a statement is here and does not wait.
    #[must_use]
    pub fn contains(&self, id: &StatementId) -> bool {
        self.index.places.contains_key(id)
    }

    /// A statement that is here and does not wait.
    #[must_use]
    pub fn get(&self, id: &StatementId) -> Option<&Statement> {
        self.index.places.get(id).map(|at| &self.entries[*at].statement)
    }

    /// All statements that do not wait, each after all that it descends from.
    pub fn statements(&self) -> impl ExactSizeIterator<Item = (&StatementId, &Statement)> {
        self.entries.iter().map(|entry| (&entry.id, &entry.statement))
    }

    /// The statements that no other names, by id.
    #[must_use]
    pub fn heads(&self) -> Vec<StatementId> {
        let mut heads: Vec<_> = self.entries.iter().filter(|entry| !entry.has_child).map(|entry| entry.id).collect();
        heads.sort_unstable();
        heads
    }

    /// What waiting statements descend from and is not here, by id.
    #[must_use]
    pub fn missing(&self) -> Vec<StatementId> {
        self.waiting.missing(&self.index.places)
    }

    /// What a new statement names as its parents: the heads; where they are more than a statement may name, those
    /// that know most, and of what the author (none for the root) said or came in by, the last.
    #[must_use]
    pub fn parents(&self, author: Option<&DeviceId>) -> Vec<StatementId> {
        let mut heads: Vec<&Entry> = self.entries.iter().filter(|entry| !entry.has_child).collect();
        if heads.len() > super::PARENTS_MAX {
            let own = self.entries.iter().rposition(|entry| {
                let came_in = entry.facts.intro.is_some_and(|intro| Some(&intro.device) == author);
                came_in || matches!(&entry.statement.author, StatementAuthor::Device(device) if Some(device) == author)
            });
            let knows_own =
                |entry: &Entry| own.is_some_and(|own| entry.id == self.entries[own].id || entry.ancestors.has(own));
            heads
                .sort_by_cached_key(|entry| (!knows_own(entry), core::cmp::Reverse(entry.ancestors.count()), entry.id));
            heads.truncate(super::PARENTS_MAX);
        }
        let mut parents: Vec<StatementId> = heads.into_iter().map(|entry| entry.id).collect();
        parents.sort_unstable();
        parents
    }

    /// The Invite that a key belongs to: of several (anyone may publish a key that they saw) the one that came
    /// here first. A server admits by it when its verdict is lawful.
    #[must_use]
    pub fn invite(&self, key: &InviteKey) -> Option<(StatementId, &Invitation)> {
        let entry = &self.entries[*self.index.invites.get(key)?.first()?];
        match &entry.statement.body {
            StatementBody::Invite(invite) => Some((entry.id, invite)),
            _ => None,
        }
    }

    /// The first serial of an invite that no join here has.
    #[must_use]
    pub fn next_serial(&self, invite: &StatementId) -> u32 {
        let admissions = self.entries.iter().filter_map(|entry| entry.statement.admission);
        let used = admissions.filter(|admission| admission.invite == *invite);
        used.map(|admission| admission.serial.saturating_add(1)).max().unwrap_or(0)
    }
}
