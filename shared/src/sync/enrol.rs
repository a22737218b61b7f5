//! Coming in, as pure steps: what to read, then what to write and answer.

use crate::ids::{CircleId, DeviceId, InviteKey, StatementId};
use crate::sorted::SortedSet;
use crate::storage::{Batch, Read, Tree};
use crate::time::TimestampMs;
use crate::trust::{InviteRow, State, Statement, StatementAuthor, StatementProblem};
use crate::wire::{ANSWER_STATEMENTS_BYTES, CIRCLES_MAX, CircleAnswer};

use super::statements::{CircleLog, HubKeys};
use super::{key, statements};

/// Why an enrolment was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnrolProblem {
    /// No such invite.
    #[error("the link is not known here: it was mistyped, or made by another server")]
    Unknown,
    /// Too late.
    #[error("the link ran out: ask for a new one")]
    Expired,
    /// Used as often as it may be.
    #[error("the link was used up: ask for a new one")]
    UsedUp,
    /// The statement.
    #[error(transparent)]
    Statement(StatementProblem),
}

/// What an enrolment by link or code reads first: the invite's row.
#[must_use]
pub fn reads(invite: &InviteKey) -> Vec<Read> {
    vec![Read::Get { tree: Tree::Invites, key: InviteRow::key(invite).to_vec() }]
}

/// What one who comes back reads: the circles of a device.
#[must_use]
pub fn circles_of(device: &DeviceId) -> Read {
    Read::Range {
        tree: Tree::DeviceCircles,
        from: device.as_bytes().to_vec(),
        to: key::after_prefix(device.as_bytes()),
        rows_max: CIRCLES_MAX,
        bytes_max: usize::MAX,
        reverse: false,
    }
}

/// The invite that a Join is signed with.
///
/// # Errors
/// When another author signed.
pub fn invite_of(join: &Statement) -> Result<InviteKey, EnrolProblem> {
    match join.author {
        StatementAuthor::Invite(invite) => Ok(invite),
        _ => Err(EnrolProblem::Statement(StatementProblem::NotAllowed)),
    }
}

/// Decides a Join, once the invite's row and the circle's log are read: what to commit (nothing when it is in
/// already: asking twice is no error) and what to answer.
///
/// # Errors
/// Why not.
pub fn join(
    mut log: CircleLog,
    join: Statement,
    row: InviteRow,
    row_bytes: Vec<u8>,
    keys: &HubKeys,
    now: TimestampMs,
) -> Result<(Batch, CircleAnswer), EnrolProblem> {
    let (circle, invite) = (row.circle, invite_of(&join)?);
    let device = join.body.introduces().map(crate::trust::DevicePublic::id);
    log.admit_join(join, row, keys, now).map_err(|problem| match problem {
        StatementProblem::InviteSpent if now >= row.expires => EnrolProblem::Expired,
        StatementProblem::InviteSpent => EnrolProblem::UsedUp,
        other => EnrolProblem::Statement(other),
    })?;
    let mut batch = Batch::default();
    if log.has_news() {
        (batch, _) = log.batch();
        batch.expect(Tree::Invites, InviteRow::key(&invite), Some(row_bytes));
    }
    let device = device.ok_or(EnrolProblem::Statement(StatementProblem::NotAllowed))?;
    Ok((batch, answer(circle, &log, &device, ANSWER_STATEMENTS_BYTES)))
}

/// What a phone that comes in, or comes back, is told of a circle: the statements, each after all that it descends
/// from. Those that bring the device in come before all others when `bytes_max` does not hold all; the others, as the
/// cursors, follow with the first exchange.
#[must_use]
pub fn answer(circle: CircleId, log: &CircleLog, device: &DeviceId, bytes_max: usize) -> CircleAnswer {
    let record = log.standing().device(device);
    let needed = record.map(|record| ancestry(log, record.introduced_by)).unwrap_or_default();
    let (mut chosen, mut left) = (SortedSet::new(), bytes_max);
    for is_needed in [true, false] {
        for (id, statement) in log.log().statements().filter(|(id, _)| needed.contains(id) == is_needed) {
            let Some(rest) = left.checked_sub(statement.encode().len()) else {
                left = 0;
                break;
            };
            left = rest;
            chosen.insert(*id);
        }
    }
    let statements = log.log().statements().filter(|(id, _)| chosen.contains(id));
    CircleAnswer {
        state: record.map_or(State::Removed, |record| record.state),
        statements: statements.map(|(_, statement)| statement.encode()).collect(),
        ..CircleAnswer::of(circle)
    }
}

/// A statement with all that it descends from.
fn ancestry(log: &CircleLog, id: StatementId) -> SortedSet<StatementId> {
    let (mut all, mut next) = (SortedSet::new(), vec![id]);
    while let Some(id) = next.pop() {
        if let Some(statement) = log.log().get(&id)
            && all.insert(id)
        {
            next.extend(&statement.parents);
            next.extend(statement.admission.map(|admission| admission.invite));
        }
    }
    all
}

/// What [`CircleLog::load`] wants to have read.
#[must_use]
pub fn circle_reads(circle: &CircleId) -> Vec<Read> {
    statements::reads(circle)
}
