//! A circle's chain: its statements in the order in which the server admitted them, each record's hash standing for all
//! before it, and the fold that says who is in. `docs/TRUST.md`, "The chain".

mod apply;
mod deed;
mod demand;
mod epoch;
mod event;
#[cfg(test)]
mod fold_tests;
mod head;
#[cfg(test)]
mod interference_tests;
mod judge;
mod keys;
mod leave;
mod member;
mod places;
mod problem;
mod readers;
mod record;
mod set_back;
mod speaker;
mod standing;
mod verify;

use crate::ids::{CircleId, RecordHash, StatementId};
use crate::sorted::SortedMap;
use crate::time::TimestampMs;

use super::{Knows, Signed, Statement, StatementBody, Verified};

use places::Places;

pub use epoch::EpochRecord;
pub use event::{Event, EventKind};
pub use head::ChainHead;
pub use keys::Lacking;
pub use member::{DeviceRecord, MemberRecord};
pub use problem::StatementProblem;
use record::fold_of;
pub use record::{FOLD_FIRST, RECORD_LATE, RECORD_OF_KEYS, RECORD_SET_BACK, Record};
pub use set_back::SET_BACK_MS_MIN;
pub use standing::{At, InviteRecord, Standing};

/// Most records of an earlier generation, beyond what a restored backup kept, whose hashes a chain remembers.
const LOST_MAX: usize = 4_096;

/// Why a record does not continue a chain. Unlike a refused statement, this is the server's doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainProblem {
    /// Its position is not the next, or its time before the last one's and it does not say so.
    #[error("record {position} of the circle's chain is out of order")]
    Order {
        /// The position that the record says it has.
        position: u64,
    },
    /// The statement is not the one that the record names, or of another kind than the record says.
    #[error("record {position} of the circle's chain names another statement than came with it")]
    OtherStatement {
        /// The record's position on the chain.
        position: u64,
    },
    /// The text of a statement that everyone must judge was left out.
    #[error("record {position} of the circle's chain came without its statement")]
    Withheld {
        /// The record's position on the chain.
        position: u64,
    },
    /// The server admitted what the fold refuses.
    #[error("record {position} of the circle's chain is unlawful: {problem}")]
    Unlawful {
        /// The record's position on the chain.
        position: u64,
        /// Why this build would not have admitted it.
        problem: StatementProblem,
    },
    /// The record follows a fold that this build does not know: not an alarm, the app is too old.
    #[error("record {position} of the circle's chain needs a newer version of the app")]
    NewerFold {
        /// The record's position on the chain.
        position: u64,
    },
}

/// A circle's chain, verified record by record.
#[derive(Clone, Debug)]
pub struct Chain {
    circle: CircleId,
    /// The records, each with the hash that stands for it and all before it; the first has position 1.
    records: Vec<(Record, RecordHash)>,
    positions: Places<StatementId>,
    standing: Standing,
    /// Hashes of lost records by generation and position.
    lost: SortedMap<(u32, u64), RecordHash>,
}

impl Chain {
    /// A chain without a record.
    #[must_use]
    pub fn new(circle: CircleId) -> Self {
        Self {
            circle,
            records: Vec::new(),
            positions: Places::default(),
            standing: Standing::default(),
            lost: SortedMap::new(),
        }
    }

    /// The circle.
    #[must_use]
    pub fn circle(&self) -> &CircleId {
        &self.circle
    }

    /// What the records come to.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// How many records: the last one's position.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.records.len() as u64
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The last record, as an author states what it knew.
    #[must_use]
    pub fn head(&self) -> Knows {
        let hash = self.records.last().map_or(RecordHash([0; 32]), |(_, hash)| *hash);
        Knows { generation: self.standing.generation(), position: self.len(), hash }
    }

    /// All records, in order.
    pub fn records(&self) -> impl ExactSizeIterator<Item = &Record> {
        self.records.iter().map(|(record, _)| record)
    }

    /// The record at a position.
    #[must_use]
    pub fn record(&self, position: u64) -> Option<&Record> {
        let at = usize::try_from(position.checked_sub(1)?).ok()?;
        self.records.get(at).map(|(record, _)| record)
    }

    /// The hash at a position of the present chain; that of no record is zeros.
    #[must_use]
    pub fn hash(&self, position: u64) -> Option<RecordHash> {
        match position.checked_sub(1) {
            None => Some(RecordHash([0; 32])),
            Some(at) => self.records.get(usize::try_from(at).ok()?).map(|(_, hash)| *hash),
        }
    }

    /// Where a statement was admitted.
    #[must_use]
    pub fn position_of(&self, statement: &StatementId) -> Option<u64> {
        self.positions.get(statement).map(|position| position as u64)
    }

    /// The hash that stood at a position of a generation: on the present chain, or in what was lost since.
    #[must_use]
    pub fn hash_of(&self, generation: u32, position: u64) -> Option<RecordHash> {
        match self.standing.kept_of(generation) {
            Some(kept) if position > kept => self.lost.get(&(generation, position)).copied(),
            _ if generation > self.standing.generation() => None,
            _ => self.hash(position),
        }
    }

    /// The hashes of records that were lost when a backup was restored, by generation and position.
    pub fn lost(&self) -> impl Iterator<Item = (&(u32, u64), &RecordHash)> {
        self.lost.iter()
    }

    /// Knows the hash of a lost record again, as it was kept.
    pub fn know_lost(&mut self, generation: u32, position: u64, hash: RecordHash) {
        self.lost.insert((generation, position), hash);
    }

    /// Whether what an author knew is on this chain.
    ///
    /// # Errors
    /// `LostChain` when it was, before a backup was restored; `OtherChain` when it never was, as far as is known.
    pub fn check_known(&self, knows: &Knows) -> Result<(), StatementProblem> {
        if *knows == Knows::NOTHING {
            return Ok(());
        }
        let is_lost = self.standing.kept_of(knows.generation).is_some_and(|kept| knows.position > kept);
        match self.hash_of(knows.generation, knows.position) {
            _ if is_lost => Err(StatementProblem::LostChain),
            Some(hash) if hash == knows.hash => Ok(()),
            _ => Err(StatementProblem::OtherChain),
        }
    }

    /// Checks all signatures in a statement, against the keys of those whom the records let in so far: what
    /// [`Self::admit`] wants to have been done.
    ///
    /// # Errors
    /// What does not fit, and what is wrong before a key can be looked for: `OtherChain`, `UnknownAuthor` and the like.
    pub fn verify(&self, statement: Signed<Statement>) -> Result<Verified<Statement>, StatementProblem> {
        self.check_place(&statement.id(), statement.claimed())?;
        statement.verify(&self.standing)
    }

    /// The same for the next record, as the server gives it: what [`Self::take`] wants to have been done.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn verify_record(
        &self,
        record: &Record,
        statement: Option<Signed<Statement>>,
    ) -> Result<Option<Verified<Statement>>, ChainProblem> {
        let position = record.position;
        self.check_record(record, statement.as_ref().map(Signed::claimed))?;
        let verified = statement.map(|statement| self.verify(statement)).transpose();
        verified.map_err(|problem| ChainProblem::Unlawful { position, problem })
    }

    /// Admits a statement as the next record, at `now` by the server's clock: the server's side.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn admit(&mut self, statement: &Verified<Statement>, now: TimestampMs) -> Result<Record, StatementProblem> {
        if self.positions.has(&statement.id()) {
            return Err(StatementProblem::NoChange);
        }
        let keys = if statement.body.is_of_keys() { RECORD_OF_KEYS } else { 0 };
        let time = self.standing.next_time(now);
        let back = if time < self.standing.time() { RECORD_SET_BACK } else { 0 };
        let mut record = Record {
            position: self.len() + 1,
            time,
            fold: fold_of(statement) | keys | back,
            statement: statement.id(),
        };
        if self.fold(&record, statement, None)? {
            record.fold |= RECORD_LATE;
        }
        self.push(record);
        Ok(record)
    }

    /// Takes the next record, as the server gives it: with its statement, or without when it is of keys that do not
    /// concern this device.
    ///
    /// # Errors
    /// What is wrong with it; the chain stays as it was.
    pub fn take(&mut self, record: Record, statement: Option<&Verified<Statement>>) -> Result<(), ChainProblem> {
        let position = record.position;
        self.check_record(&record, statement.map(|statement| &**statement))?;
        match statement.map(|statement| self.fold(&record, statement, Some(record.is_late()))) {
            None => self.standing.pass(position, record.time),
            // These are told from the texts of all that is of keys, which the server alone has: what it took, and this
            // device would not have, stands on the chain and does nothing here.
            Some(Err(StatementProblem::NoChange | StatementProblem::ShareUsed)) if record.is_of_keys() => {
                self.standing.pass(position, record.time);
            }
            Some(folded) => {
                folded.map_err(|problem| ChainProblem::Unlawful { position, problem })?;
            }
        }
        self.push(record);
        Ok(())
    }

    /// Whether a record goes on here, and comes with the statement that it names, where it has to.
    fn check_record(&self, record: &Record, statement: Option<&Statement>) -> Result<(), ChainProblem> {
        let position = record.position;
        if position != self.len() + 1 || record.is_set_back() != (record.time < self.standing.time()) {
            return Err(ChainProblem::Order { position });
        }
        if !record.is_known_fold() {
            return Err(ChainProblem::NewerFold { position });
        }
        let is_other = |statement: &Statement| {
            statement.id() != record.statement || statement.body.is_of_keys() != record.is_of_keys()
        };
        if statement.is_some_and(is_other) {
            return Err(ChainProblem::OtherStatement { position });
        }
        let may_be_without = record.is_of_keys() && !self.standing.is_empty();
        if statement.is_some() || may_be_without { Ok(()) } else { Err(ChainProblem::Withheld { position }) }
    }

    /// Whether a statement is of this circle, by an author who knew this chain.
    fn check_place(&self, id: &StatementId, statement: &Statement) -> Result<(), StatementProblem> {
        if matches!(statement.body, StatementBody::Found(_)) && Statement::circle_of(id) != self.circle {
            return Err(StatementProblem::WrongCircle);
        }
        match self.check_known(&statement.knows) {
            // Out stays out: whoever has a removal that a restored backup lacks may bring it again.
            Err(StatementProblem::LostChain) if matches!(statement.body, StatementBody::Remove(_)) => Ok(()),
            known => known,
        }
    }

    /// Whether it is of an Epoch that is late.
    fn fold(
        &mut self,
        record: &Record,
        statement: &Verified<Statement>,
        late: Option<bool>,
    ) -> Result<bool, StatementProblem> {
        self.check_place(&record.statement, statement)?;
        let at = At { position: record.position, time: record.time, late };
        self.standing.admit_and_tell(at, record.statement, statement)
    }

    fn push(&mut self, record: Record) {
        let before = self.head().hash;
        self.positions.add(record.statement, self.records.len() + 1);
        let hash = record.hash(&before);
        self.records.push((record, hash));
    }

    /// What is left of the chain before `from`, for a restored server whose backup kept no more: the caller folds the
    /// kept records anew. The hashes of the others stay known, as lost.
    #[must_use]
    pub fn lose(&self, from: u64) -> (Self, Vec<Record>) {
        let mut kept = Self { lost: self.lost.clone(), ..Self::new(self.circle) };
        let generation = self.standing.generation();
        let at = usize::try_from(from.saturating_sub(1)).unwrap_or(usize::MAX).min(self.records.len());
        let (before, after) = self.records.split_at(at);
        for (record, hash) in after.iter().take(LOST_MAX) {
            // What an earlier generation had there is lost with it.
            for generation in self.standing.generations().filter(|earlier| *earlier <= generation) {
                if self.hash_of(generation, record.position) == Some(*hash) {
                    kept.lost.insert((generation, record.position), *hash);
                }
            }
        }
        (kept, before.iter().map(|(record, _)| *record).collect())
    }
}
