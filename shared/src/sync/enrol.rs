//! Enrolment by link, as two pure steps: what to read, then what to write and answer.

use crate::codec::Writer;
use crate::ids::InviteToken;
use crate::storage::{Batch, Read, ReadResult, Tree};
use crate::time::TimestampMs;
use crate::trust::{Invite, InviteProblem, Roster, RosterEntry, VerifiedEnrol};

use super::{CircleRecord, key};

/// What an enrolment reads first: the invitation.
#[must_use]
pub fn reads(token: &InviteToken) -> Vec<Read> {
    vec![Read::Get { tree: Tree::Invites, key: Invite::key(token).to_vec() }]
}

/// What it reads then: the circle, and whether the device is in it already.
#[must_use]
pub fn circle_reads(invite: &Invite, enrol: &VerifiedEnrol) -> Vec<Read> {
    let device = enrol.entry(invite).device.id();
    vec![
        Read::Get { tree: Tree::Circles, key: invite.circle.as_bytes().to_vec() },
        Read::Get { tree: Tree::Roster, key: key::roster(&invite.circle, &device) },
    ]
}

/// Decides an enrolment: the batch to commit (empty when the device is enrolled already: asking twice is no
/// error) and the device's place.
///
/// # Errors
/// When the link ran out or is used up, or the circle is full or gone.
pub fn decide(
    enrol: &VerifiedEnrol,
    invite_bytes: Vec<u8>,
    invite: Invite,
    results: Vec<ReadResult>,
    now: TimestampMs,
) -> Result<(Batch, RosterEntry), InviteProblem> {
    let mut results = results.into_iter().map(ReadResult::value);
    let circle_bytes = results.next().flatten().ok_or(InviteProblem::Unknown)?;
    let mut circle = CircleRecord::decode(&circle_bytes).map_err(|_| InviteProblem::Unknown)?;
    let entry = enrol.entry(&invite);
    if results.next().flatten().is_some() {
        return Ok((Batch::default(), entry));
    }
    let spent = invite.spend(now)?;
    if circle.roster_len as usize >= Roster::DEVICES_MAX {
        return Err(InviteProblem::UsedUp);
    }
    circle.roster_len += 1;
    let device = entry.device.id();
    let mut writer = Writer::new();
    entry.write(&mut writer);
    let mut batch = Batch::default();
    let invite_key = Invite::key(enrol.token()).to_vec();
    batch.expect(Tree::Invites, invite_key.clone(), Some(invite_bytes));
    batch.expect(Tree::Circles, invite.circle.as_bytes(), Some(circle_bytes));
    batch.put(Tree::Invites, invite_key, spent.encode());
    batch.put(Tree::Circles, invite.circle.as_bytes(), circle.encode());
    batch.put(Tree::Roster, key::roster(&invite.circle, &device), writer.into_bytes());
    batch.put(Tree::DeviceCircles, [device.as_bytes(), invite.circle.as_bytes()].concat(), Vec::new());
    Ok((batch, entry))
}
