//! What each fault means to the person whose phone it happens on.

use crate::document::{ApplyProblem, EditProblem};
use crate::gate::Refusal;
use crate::trust::StatementProblem;

use super::problem::corrupt;
use super::{Problem, ProblemCode, Why};

/// What it means to a person that their own phone refuses what is stored on it: a later version wrote it.
pub(super) fn refused_here(refusal: Refusal) -> Problem {
    Problem { why: Some(Why::Later), ..Problem::new(ProblemCode::OtherVersion, refusal) }
}

/// Something is not on this phone.
pub(super) fn gone(what: &str) -> Problem {
    Problem::new(ProblemCode::UnknownDocument, format_args!("{what} is not there"))
}

/// What it means to a person that stored changes do not open.
pub(super) fn apply_problem(problem: ApplyProblem) -> Problem {
    match problem {
        ApplyProblem::Refused(refusal) => refused_here(refusal),
        other => corrupt(other),
    }
}

/// What it means to a person that an edit was not made.
pub(super) fn edit_problem(problem: EditProblem) -> Problem {
    if problem == EditProblem::NotANumber {
        return Problem::of(ProblemCode::BadInput, Why::Number);
    }
    let code = match problem {
        EditProblem::TooLong { .. } | EditProblem::Full { .. } => ProblemCode::TooLong,
        EditProblem::Empty { .. } => ProblemCode::Empty,
        EditProblem::Unknown => ProblemCode::UnknownDocument,
        _ => ProblemCode::BadInput,
    };
    let over = match problem {
        EditProblem::TooLong { over, .. } => Some(over as u64),
        _ => None,
    };
    Problem { count: over, ..Problem::new(code, problem) }
}

/// Automerge did not survive a change: it is left out.
pub(super) fn set_aside() -> Problem {
    Problem::of(ProblemCode::Refused, Why::SetAside)
}

/// Nothing answered.
pub(super) fn offline() -> Problem {
    Problem::new(ProblemCode::Offline, "no connection")
}

/// What answered is no server of Kith.
pub(super) fn not_ours() -> Problem {
    Problem::new(ProblemCode::NotOurServer, "something else answered")
}

/// Whether the author's chain goes on with something else where it is held.
pub(super) fn is_fork(refusal: Refusal) -> bool {
    matches!(refusal, Refusal::Fork | Refusal::NoOwnPredecessor)
}

/// What a refusal means to a person.
pub(super) fn refusal_problem(refusal: Refusal) -> Problem {
    Problem::new(ProblemCode::Refused, refusal)
}

/// What it means to a person that the circle's rules do not let them say something.
pub(super) fn not_said(problem: StatementProblem) -> Problem {
    Problem::of(ProblemCode::NotAllowed, Why::Said(problem))
}

/// The circle's chain makes this phone somebody else than it was let in as.
pub(super) fn other_person() -> Problem {
    Problem::of(ProblemCode::Removed, Why::OtherPerson)
}

/// This phone has no key to seal with yet.
pub(super) fn key_waiting() -> Problem {
    Problem::new(ProblemCode::KeyWaiting, "no key to seal with")
}

/// The circle's chain is not on this phone yet.
pub(super) fn chain_waiting() -> Problem {
    Problem::of(ProblemCode::KeyWaiting, Why::ChainWaiting)
}

/// A change was left out of a note.
pub(super) fn left_out() -> Problem {
    unverified(&Refusal::Unappliable)
}

/// Part of a document does not bear itself out.
pub(super) fn unverified(error: &impl core::fmt::Display) -> Problem {
    Problem { why: Some(Why::PartUnverified), ..Problem::new(ProblemCode::Refused, error) }
}

/// Their phone can begin no further chain here.
pub(super) fn put_back() -> Problem {
    Problem::of(ProblemCode::Stale, Why::PutBack)
}
