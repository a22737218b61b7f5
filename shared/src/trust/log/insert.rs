//! How statements come into a log.

use crate::trust::{Admission, STATEMENT_BYTES_MAX, Statement, StatementAuthor, StatementBody};

use super::bits::Bits;
use super::entry::Entry;
use super::lawful::Past;
use super::room::Purpose;
use super::waiting::{self, Waits};
use super::{GrantLog, StatementProblem};

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

/// What a statement that is handed in meets.
enum Look {
    /// It was there; of a join whose admission is now the smaller, it is new.
    Known(Inserted),
    /// All that it descends from is here.
    Ready(Waits),
    /// Something is not.
    Lacking(Waits),
}

impl GrantLog {
    /// Takes a statement in, if its signatures fit and its ancestors make it lawful.
    ///
    /// # Errors
    /// Says why it is refused. [`StatementProblem::can_retry`] says whether for good.
    pub fn insert(&mut self, statement: Statement) -> Result<Inserted, StatementProblem> {
        let look = self.look(statement, false)?;
        self.take(look)
    }

    /// As [`Self::insert`], where nothing waits: what it descends from must be here.
    ///
    /// # Errors
    /// As [`Self::insert`]; [`StatementProblem::TooManyWaiting`] when something that it descends from is not here.
    pub fn insert_ready(&mut self, statement: Statement) -> Result<Inserted, StatementProblem> {
        match self.look(statement, false)? {
            Look::Lacking(_) => Err(StatementProblem::TooManyWaiting),
            look => self.take(look),
        }
    }

    /// As [`Self::insert`], without a look at signatures and keys: for what was verified before and comes from
    /// one's own store.
    ///
    /// # Errors
    /// As [`Self::insert`].
    pub fn insert_trusted(&mut self, statement: Statement) -> Result<Inserted, StatementProblem> {
        let look = self.look(statement, true)?;
        self.take(look)
    }

    /// What is to be done with a statement, if its form is good.
    fn look(&mut self, statement: Statement, is_trusted: bool) -> Result<Look, StatementProblem> {
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
            return self.readmit(at, statement, is_trusted).map(Look::Known);
        }
        let is_join = matches!(statement.body, StatementBody::Join(_));
        if is_join && statement.admission.is_none() {
            return Err(StatementProblem::NotAdmitted);
        }
        let waits = Waits { id, statement, len_bytes, is_trusted };
        if waits.lacks(&self.index.places).next().is_none() {
            return Ok(Look::Ready(waits));
        }
        self.check_early(&waits)?;
        Ok(Look::Lacking(waits))
    }

    fn take(&mut self, look: Look) -> Result<Inserted, StatementProblem> {
        match look {
            Look::Known(inserted) => Ok(inserted),
            Look::Ready(waits) => {
                self.place(waits)?;
                self.place_waiting();
                Ok(Inserted::New)
            }
            Look::Lacking(waits) => {
                self.waiting.add(waits)?;
                Ok(Inserted::Waiting)
            }
        }
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
            anew.insert_trusted(entry.statement.clone())?;
        }
        let look = anew.look(statement, is_trusted)?;
        if anew.take(look)? != Inserted::New {
            return Ok(Inserted::Known);
        }
        core::mem::swap(&mut anew.waiting, &mut self.waiting);
        *self = anew;
        self.place_waiting();
        Ok(Inserted::New)
    }
}
