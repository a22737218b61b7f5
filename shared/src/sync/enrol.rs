//! Coming in, as pure steps: what to read, then what to write and answer.

use crate::codec::DecodeError;
use crate::ids::{CircleId, DeviceId, InviteKey};
use crate::sorted::SortedSet;
use crate::storage::{Read, ReadResult, Tree};
use crate::time::TimestampMs;
use crate::trust::{InviteRow, MemberState, Signed, Statement, StatementAuthor, StatementProblem};
use crate::wire::{
    ANSWER_STATEMENTS_BYTES, AnswerHeader, CIRCLES_MAX, CircleAnswer, Frame, GivenRecord, GivenText, RECORDS_MAX,
};

use super::statements::{CircleChain, Giving, HubKeys};
use super::{CircleRecord, key, statements};

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
    /// Withdrawn, or whoever made it may not invite any more.
    #[error("the link was withdrawn, or whoever made it may not invite any more: ask for a new one")]
    Withdrawn,
    /// The device came in by it once, and is out.
    #[error("this phone was taken out of the circle: ask a facilitator")]
    Out,
    /// The statement.
    #[error(transparent)]
    Statement(StatementProblem),
}

impl From<StatementProblem> for EnrolProblem {
    fn from(problem: StatementProblem) -> Self {
        match problem {
            StatementProblem::InviteGone => Self::Withdrawn,
            StatementProblem::InviteExpired => Self::Expired,
            StatementProblem::InviteUsed => Self::UsedUp,
            problem => Self::Statement(problem),
        }
    }
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

/// What [`CircleChain::load`] wants to have read.
#[must_use]
pub fn circle_reads(circle: &CircleId) -> Vec<Read> {
    statements::reads(circle)
}

/// The invite that a Join says it is signed with, and the device that would come in.
///
/// # Errors
/// When it is no Join.
pub fn newcomer_of(join: &Signed<Statement>) -> Result<(InviteKey, DeviceId), EnrolProblem> {
    match (join.claimed_author(), join.claimed_newcomer()) {
        (StatementAuthor::Invite(invite), Some(keys)) => Ok((invite, keys.id())),
        _ => Err(EnrolProblem::Statement(StatementProblem::Malformed)),
    }
}

/// Admits a Join, unless it is in already: asking twice is no error, while the device is in. What is to be committed is
/// the chain's news.
///
/// # Errors
/// Why not; of a chain that holds no such invite, that it is not known.
pub fn join(
    chain: &mut CircleChain,
    join: Signed<Statement>,
    keys: &HubKeys,
    now: TimestampMs,
) -> Result<(), EnrolProblem> {
    let (invite, device) = newcomer_of(&join)?;
    if chain.standing().invite(&invite).is_none() && chain.standing().keys().is_none() {
        return Err(EnrolProblem::Unknown);
    }
    let is_known = chain.standing().invite(&invite).is_some();
    match chain.admit(join, Vec::new(), keys, now) {
        Err(StatementProblem::InviteGone) if !is_known => Err(EnrolProblem::Unknown),
        Err(problem) => Err(problem.into()),
        Ok(_) => match chain.standing().device(&device).map(|record| record.state) {
            Some(MemberState::Active) => Ok(()),
            _ => Err(EnrolProblem::Out),
        },
    }
}

/// The answer to a device that is in a circle: all of the chain that is for it.
pub struct Welcome {
    chain: CircleChain,
    device: DeviceId,
    givings: Vec<Giving>,
}

impl Welcome {
    /// What a chain, as it is stored, tells a device.
    #[must_use]
    pub fn new(chain: CircleChain, device: DeviceId) -> Self {
        let end = chain.end_for(&device);
        let givings = chain.giving(&device, 1, end, &SortedSet::new());
        Self { chain, device, givings }
    }

    /// What to read before [`Self::answer`].
    #[must_use]
    pub fn reads(&self) -> Vec<Read> {
        let record = Read::Get { tree: Tree::Circles, key: self.chain.circle().as_bytes().to_vec() };
        [record].into_iter().chain(self.chain.attachment_reads(&self.givings)).collect()
    }

    /// The answer; none when the circle went on meanwhile: then its chain is to be loaded anew. The head in it is
    /// signed over what was read from the store.
    ///
    /// # Errors
    /// When the circle's record does not decode.
    pub fn answer(
        &self,
        found: Vec<ReadResult>,
        keys: &HubKeys,
        now: TimestampMs,
    ) -> Result<Option<CircleAnswer>, DecodeError> {
        let mut found = found.into_iter();
        let record = found.next().and_then(ReadResult::value);
        let record = record.as_deref().map_or(Ok(CircleRecord::default()), CircleRecord::decode)?;
        if record.chain != self.chain.chain().head() {
            return Ok(None);
        }
        let circle = *self.chain.circle();
        let state = self.chain.standing().device(&self.device).map_or(MemberState::Removed, |record| record.state);
        let head = (state == MemberState::Active).then(|| keys.head(&circle, record.chain, now));
        let records = if state == MemberState::Active { self.chain.given(&self.givings, found) } else { Vec::new() };
        let from = u64::from(!records.is_empty());
        Ok(Some(CircleAnswer { state, from, records, head, ..CircleAnswer::of(circle) }))
    }
}

/// The frames of an enrolment's answer: what one frame does not hold of a chain goes on in the next, from the record
/// where it stopped, so that a phone has all once the end is there.
#[must_use]
pub fn frames(time: TimestampMs, circles: Vec<CircleAnswer>) -> Vec<Frame> {
    let mut parts: Vec<CircleAnswer> = Vec::new();
    let (mut answers, mut held) = (Vec::new(), 0);
    for mut circle in circles {
        let records = core::mem::take(&mut circle.records);
        parts.push(circle.clone());
        for (next, record) in (circle.from..).zip(records) {
            let len = len_of(&record);
            let is_full = parts.last().is_some_and(|part| part.records.len() >= RECORDS_MAX);
            if held > 0 && (held + len > ANSWER_STATEMENTS_BYTES || is_full) {
                let part = CircleAnswer { from: next, ..circle.clone() };
                answers.push(core::mem::replace(&mut parts, vec![part]));
                held = 0;
            }
            held += len;
            if let Some(part) = parts.last_mut() {
                part.records.push(record);
            }
        }
    }
    answers.push(parts);
    let answers = answers.into_iter().map(|circles| Frame::Answer(AnswerHeader { time, circles }));
    answers.chain([Frame::End { more: false }]).collect()
}

fn len_of(record: &GivenRecord) -> usize {
    match &record.text {
        GivenText::Given(stated) => stated.statement.len() + stated.attachment.len(),
        GivenText::Named(id) => id.as_bytes().len(),
    }
}
