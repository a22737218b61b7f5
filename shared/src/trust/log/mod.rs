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

use super::{Admission, Invitation, STATEMENT_BYTES_MAX, Statement, StatementAuthor, StatementBody};

use bits::Bits;
use entry::{Entry, Index};
use lawful::Past;
use room::{Purpose, Room};
use waiting::{Waiting, Waits};

pub use problem::StatementProblem;
pub use room::{
    LOG_BYTES_MAX, LOG_KEYS_RESERVED, LOG_KEYS_RESERVED_BYTES, LOG_REMOVALS_RESERVED, LOG_REMOVALS_RESERVED_BYTES,
    LOG_STATEMENTS_MAX,
};
pub use standing::{DeviceRecord, EpochRecord, Event, EventKind, Lacking, MemberRecord, Standing, Verdict};
pub use waiting::{WAITING_BYTES_MAX, WAITING_STATEMENTS_MAX};

/// What became of a statement that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// It is in the log from now on.
    New,
    /// It was there.
    Known,
    /// What it descends from is not here: it waits, in memory.
    Waiting,
}

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

    /// Takes a statement in, if its signatures fit and its ancestors make it lawful.
    ///
    /// # Errors
    /// Says why it is refused. [`StatementProblem::can_retry`] says whether for good.
    pub fn insert(&mut self, statement: Statement) -> Result<Inserted, StatementProblem> {
        self.take(statement, false)
    }

    /// As [`Self::insert`], without a look at signatures and keys: for what was verified before and comes from
    /// one's own store.
    ///
    /// # Errors
    /// As [`Self::insert`].
    pub fn insert_trusted(&mut self, statement: Statement) -> Result<Inserted, StatementProblem> {
        self.take(statement, true)
    }

    fn take(&mut self, statement: Statement, is_trusted: bool) -> Result<Inserted, StatementProblem> {
        statement.check_form().map_err(|_| StatementProblem::Malformed)?;
        let (id, len_bytes) = statement.measure();
        if len_bytes > STATEMENT_BYTES_MAX {
            return Err(StatementProblem::Malformed);
        }
        let is_found = matches!(statement.body, StatementBody::Found(_));
        let circle = if is_found { Statement::circle_of(&id) } else { statement.circle };
        if circle != self.circle {
            return Err(StatementProblem::WrongCircle);
        }
        if let Some(at) = self.index.places.get(&id).copied() {
            return self.readmit(at, statement, is_trusted);
        }
        let is_join = matches!(statement.body, StatementBody::Join(_));
        if is_join && statement.admission.is_none() {
            return Err(StatementProblem::NotAdmitted);
        }
        let waits = Waits { id, statement, len_bytes, is_trusted };
        if waits.lacks(&self.index.places).next().is_some() {
            self.check_early(&waits)?;
            self.waiting.add(waits)?;
            return Ok(Inserted::Waiting);
        }
        self.place(waits)?;
        self.place_waiting();
        Ok(Inserted::New)
    }

    /// Refuses a statement that would wait, where the key to check it with is known.
    fn check_early(&self, waits: &Waits) -> Result<(), StatementProblem> {
        let keys = |at: usize| self.entries[at].statement.body.introduces();
        let key = match &waits.statement.author {
            StatementAuthor::Root => match self.entries.first().map(|entry| &entry.statement.body) {
                Some(StatementBody::Found(found)) => Some(found.root.0),
                _ => None,
            },
            StatementAuthor::Device(device) => {
                let at = self.index.devices.get(device).and_then(|intros| intros.first().copied());
                at.and_then(keys).map(|keys| keys.signing)
            }
            StatementAuthor::Invite(key) => Some(key.0),
        };
        match key.filter(|_| !waits.is_trusted) {
            Some(key) => waits.statement.verify(&key).map_err(|_| StatementProblem::BadSignature),
            None => Ok(()),
        }
    }

    fn place(&mut self, waits: Waits) -> Result<(), StatementProblem> {
        let Waits { id, statement, len_bytes, is_trusted } = waits;
        let purpose = self.purpose(&statement);
        self.room.check(purpose, len_bytes, is_trusted)?;
        let parents = waiting::parents(&statement).filter_map(|parent| self.index.places.get(&parent).copied());
        let parents: Vec<usize> = parents.collect();
        let mut ancestors = Bits::default();
        for parent in &parents {
            ancestors.add(*parent);
            ancestors.add_all(&self.entries[*parent].ancestors);
        }
        let past = Past { entries: &self.entries, index: &self.index, ancestors: &ancestors, is_trusted };
        let facts = past.facts(&id, &statement)?;
        for parent in parents {
            self.entries[parent].has_child = true;
        }
        let entry = Entry { id, statement, ancestors, has_child: false, facts };
        self.index.add(self.entries.len(), &entry);
        self.entries.push(entry);
        self.room.add(purpose, len_bytes);
        Ok(())
    }

    fn purpose(&self, statement: &Statement) -> Purpose {
        Purpose::of(&statement.author, &statement.body, |remove| {
            self.entries.iter().any(|entry| {
                let is_same = matches!(&entry.statement.body, StatementBody::Remove(other) if other == remove);
                is_same && entry.statement.author == statement.author
            })
        })
    }

    /// Takes in what has waited long enough. What is refused now is dropped.
    fn place_waiting(&mut self) {
        while let Some(waits) = self.waiting.next(&self.index.places) {
            let _refused = self.place(waits);
        }
    }

    /// A join that is here came with another admission: all keep the smaller, so that all have the same.
    fn readmit(&mut self, at: usize, statement: Statement, is_trusted: bool) -> Result<Inserted, StatementProblem> {
        let key = |admission: &Admission| (admission.invite, admission.serial, admission.time);
        let (Some(old), Some(new)) = (self.entries[at].statement.admission, statement.admission) else {
            return Ok(Inserted::Known);
        };
        if key(&new) >= key(&old) {
            return Ok(Inserted::Known);
        }
        let mut anew = Self::new(self.circle);
        for entry in self.entries.iter().filter(|entry| entry.id != statement.id()) {
            anew.take(entry.statement.clone(), true)?;
        }
        if anew.take(statement, is_trusted)? != Inserted::New {
            return Ok(Inserted::Known);
        }
        core::mem::swap(&mut anew.waiting, &mut self.waiting);
        *self = anew;
        self.place_waiting();
        Ok(Inserted::New)
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
