//! Coming in, as pure steps: what to read, then what to write and answer.

use crate::ids::{CircleId, DeviceId, InviteKey, StatementId};
use crate::sorted::SortedSet;
use crate::storage::{Batch, Read, Tree};
use crate::time::TimestampMs;
use crate::trust::{
    Epoch, InviteFor, InviteRow, Share, State, Statement, StatementAuthor, StatementBody, StatementProblem,
};
use crate::wire::{ANSWER_STATEMENTS_BYTES, AnswerHeader, CIRCLES_MAX, CircleAnswer, Frame};

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

/// Answers a Join whose invite has no row any more, as the circle's log says: it is in already, so that an enrolment
/// whose answer was lost can be asked for again, or the invite ran out or was used up.
///
/// # Errors
/// Why it is not in.
pub fn known(log: &CircleLog, join: &Statement, now: TimestampMs) -> Result<CircleAnswer, EnrolProblem> {
    let invite = invite_of(join)?;
    if log.log().contains(&join.id()) {
        let device = join.body.introduces().map(crate::trust::DevicePublic::id);
        let device = device.ok_or(EnrolProblem::Statement(StatementProblem::NotAllowed))?;
        return Ok(answer(*log.log().circle(), log, &device, ANSWER_STATEMENTS_BYTES));
    }
    match log.log().invite(&invite) {
        None => Err(EnrolProblem::Unknown),
        Some((_, invite)) if now >= invite.expires => Err(EnrolProblem::Expired),
        Some(_) => Err(EnrolProblem::UsedUp),
    }
}

/// Whether nobody more can come in by an invite whose row says that so many did.
#[must_use]
pub fn is_used_up(log: &CircleLog, invite: &[u8], row: &InviteRow) -> bool {
    log.log().statements().any(|(_, statement)| match &statement.body {
        StatementBody::Invite(stated) if InviteRow::key(&stated.key) == *invite => {
            row.joined >= if matches!(stated.to, InviteFor::Role(_)) { stated.uses } else { 1 }
        }
        _ => false,
    })
}

/// What a phone that comes in, or comes back, is told of a circle: the statements, each after all that it descends
/// from. Those that bring the device in, and its keys, are there whatever they take; the others as far as `bytes_max`
/// holds all, and follow, as the cursors, with the first exchange.
#[must_use]
pub fn answer(circle: CircleId, log: &CircleLog, device: &DeviceId, bytes_max: usize) -> CircleAnswer {
    let record = log.standing().device(device);
    let wraps = log.log().statements().filter(|(_, statement)| wraps_for(statement, device)).map(|(id, _)| *id);
    let needed = record.map(|record| ancestry(log, wraps.chain([record.introduced_by]).collect())).unwrap_or_default();
    let encoded: Vec<(bool, Vec<u8>)> =
        log.log().statements().map(|(id, statement)| (needed.contains(id), statement.encode())).collect();
    let bytes_of = |is_needed| encoded.iter().filter(move |(needed, _)| *needed == is_needed).map(|(_, it)| it.len());
    let mut left = bytes_max.saturating_sub(bytes_of(true).sum());
    let fitting = bytes_of(false).take_while(|len| {
        let rest = left.checked_sub(*len);
        left = rest.unwrap_or(left);
        rest.is_some()
    });
    let mut others = fitting.count();
    let statements = encoded.into_iter().filter(|(is_needed, _)| {
        let is_chosen = *is_needed || others > 0;
        others -= usize::from(is_chosen && !*is_needed);
        is_chosen
    });
    CircleAnswer {
        state: record.map_or(State::Removed, |record| record.state),
        statements: statements.map(|(_, bytes)| bytes).collect(),
        ..CircleAnswer::of(circle)
    }
}

/// The frames of an enrolment's answer: what one frame does not hold of a circle goes on in the next, so that a phone
/// has all once the end is there.
#[must_use]
pub fn frames(time: TimestampMs, circles: Vec<CircleAnswer>) -> Vec<Frame> {
    let mut parts: Vec<CircleAnswer> = Vec::new();
    let (mut answers, mut held) = (Vec::new(), 0);
    for circle in circles {
        let none = || CircleAnswer { state: circle.state, ..CircleAnswer::of(circle.circle) };
        parts.push(none());
        for statement in circle.statements {
            if held > 0 && held + statement.len() > ANSWER_STATEMENTS_BYTES {
                answers.push(core::mem::replace(&mut parts, vec![none()]));
                held = 0;
            }
            held += statement.len();
            if let Some(part) = parts.last_mut() {
                part.statements.push(statement);
            }
        }
    }
    answers.push(parts);
    let answers = answers.into_iter().map(|circles| Frame::Answer(AnswerHeader { time, circles }));
    answers.chain([Frame::End { more: false }]).collect()
}

fn wraps_for(statement: &Statement, device: &DeviceId) -> bool {
    match &statement.body {
        StatementBody::Epoch(Epoch { wraps, .. }) | StatementBody::Share(Share { wraps, .. }) => {
            wraps.iter().any(|(of, _)| of == device)
        }
        _ => false,
    }
}

/// Statements with all that they descend from.
fn ancestry(log: &CircleLog, mut next: Vec<StatementId>) -> SortedSet<StatementId> {
    let mut all = SortedSet::new();
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
