//! How much a log holds, and what of it is kept for taking people out.

use crate::trust::{Remove, StatementAuthor, StatementBody};

use super::StatementProblem;

/// Most statements of a circle's log.
pub const LOG_STATEMENTS_MAX: usize = 4_096;
/// Most bytes of a circle's log.
pub const LOG_BYTES_MAX: usize = 8 * 1_024 * 1_024;
/// How many of them only what takes somebody out gets: no invitation, enrolment or key fills these places.
pub const LOG_REMOVALS_RESERVED: usize = 256;
/// How many more only the keys that begin after it get.
pub const LOG_KEYS_RESERVED: usize = 256;
/// Most bytes of a statement that takes somebody out: 16 parents, and what it says.
const REMOVAL_BYTES: usize = 1_024;
/// Bytes that only what takes somebody out gets.
pub const LOG_REMOVALS_RESERVED_BYTES: usize = LOG_REMOVALS_RESERVED * REMOVAL_BYTES;
/// Bytes that only keys get beside it.
pub const LOG_KEYS_RESERVED_BYTES: usize = 1_024 * 1_024;

/// What a statement is for, as far as room goes; the later, the more of the log it may fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    /// All that follows from nothing else: links, people, phones, facilitators.
    Growth,
    /// An epoch or a share.
    Key,
    /// Takes a member or a phone out, or decides whom a removal left undecided.
    Removal,
}

const PURPOSES: usize = 3;

impl Purpose {
    /// What a statement is for. `is_repeated`: whether its author took the same one out before.
    pub(super) fn of(
        author: &StatementAuthor,
        body: &StatementBody,
        is_repeated: impl FnOnce(&Remove) -> bool,
    ) -> Self {
        match body {
            StatementBody::Remove(remove) if !is_repeated(remove) => Self::Removal,
            StatementBody::Confirm(_) if *author == StatementAuthor::Root => Self::Removal,
            StatementBody::Grant(grant) if grant.recovers => Self::Removal,
            StatementBody::Epoch(_) | StatementBody::Share(_) => Self::Key,
            _ => Self::Growth,
        }
    }

    fn statements_max(self) -> usize {
        match self {
            Self::Growth => LOG_STATEMENTS_MAX - LOG_REMOVALS_RESERVED - LOG_KEYS_RESERVED,
            Self::Key => LOG_STATEMENTS_MAX - LOG_REMOVALS_RESERVED,
            Self::Removal => LOG_STATEMENTS_MAX,
        }
    }

    fn bytes_max(self) -> usize {
        match self {
            Self::Growth => LOG_BYTES_MAX - LOG_REMOVALS_RESERVED_BYTES - LOG_KEYS_RESERVED_BYTES,
            Self::Key => LOG_BYTES_MAX - LOG_REMOVALS_RESERVED_BYTES,
            Self::Removal => LOG_BYTES_MAX,
        }
    }
}

/// How full a log is, by what for. Counted by purpose, so that the same set is as full in whatever order it came.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Room {
    used: [(usize, usize); PURPOSES],
}

impl Room {
    /// Bytes of all statements.
    pub(super) fn len_bytes(&self) -> usize {
        self.used.iter().map(|(_, bytes)| bytes).sum()
    }

    /// Whether one more fits. What was taken before (`is_trusted`) may be in others' reserve.
    pub(super) fn check(&self, purpose: Purpose, len_bytes: usize, is_trusted: bool) -> Result<(), StatementProblem> {
        let fits = |purposes: usize, bound: Purpose| {
            let used = self.used[..purposes].iter();
            let (statements, bytes) = used.fold((1, len_bytes), |sum, used| (sum.0 + used.0, sum.1 + used.1));
            statements <= bound.statements_max() && bytes <= bound.bytes_max()
        };
        let in_all = fits(PURPOSES, Purpose::Removal);
        let in_its_part = is_trusted || fits(purpose as usize + 1, purpose);
        if in_all && in_its_part { Ok(()) } else { Err(StatementProblem::Full) }
    }

    pub(super) fn add(&mut self, purpose: Purpose, len_bytes: usize) {
        let (statements, bytes) = &mut self.used[purpose as usize];
        *statements += 1;
        *bytes += len_bytes;
    }
}
