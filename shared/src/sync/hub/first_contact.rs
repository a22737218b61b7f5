//! A device that the server does not know yet: it brings the statement that lets it in.

use crate::codec::Reader;
use crate::ids::{DeviceId, InviteKey, StatementId};
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::{Read, ReadResult, Tree};
use crate::time::TimestampMs;
use crate::trust::{
    DevicePublic, InviteRow, RosterEntry, Signed, Statement, StatementAuthor, StatementBody, StatementProblem,
};
use crate::wire::{CircleAsk, Stated};

use super::super::key;

use super::super::statements::{CircleChain, HubKeys};

/// Most statements of one circle that are looked at before an unknown device is in.
const FIRST_CONTACT_STATEMENTS_MAX: usize = 16;

/// A statement as it was brought, with what lies beside it.
pub(super) type Brought = (StatementId, Signed<Statement>, Vec<u8>);

/// The keys of a device, from a statement that it brings, unchecked: its id is a hash of them, so nobody can claim others.
pub(super) fn keys<'s>(device: &DeviceId, brought: impl Iterator<Item = &'s Stated>) -> Option<DevicePublic> {
    let brought = brought.filter_map(|stated| Statement::decode(&stated.statement).ok());
    brought.filter_map(|statement| statement.claimed_newcomer()).find(|keys| keys.id() == *device)
}

/// What to read to know whether an unknown device may be let in by what it brings: the row of each author in the circle,
/// and of each invite. A whole circle is read for nobody who only says that they belong there.
pub(super) fn vouching_reads(ask: &CircleAsk) -> Vec<Read> {
    statements(ask)
        .filter_map(|statement| match statement.claimed_author() {
            StatementAuthor::Root => None,
            StatementAuthor::Device(device) => {
                Some(Read::Get { tree: Tree::Roster, key: key::roster(&ask.circle, &device) })
            }
            StatementAuthor::Invite(invite) => {
                Some(Read::Get { tree: Tree::Invites, key: InviteRow::key(&invite).to_vec() })
            }
        })
        .collect()
}

/// Whether statements lead, signature by signature, from somebody in the circle, an invite into it or the root to the
/// device, or records do whose end this server signed. `found` answers [`vouching_reads`]. What they are worth, the
/// chain judges.
pub(super) fn is_vouched_for(device: &DeviceId, ask: &CircleAsk, found: Vec<ReadResult>, keys: &HubKeys) -> bool {
    let head = ask.brought_back.as_ref().and_then(|brought| brought.head.verify(&keys.server_key()).ok());
    if head.is_some_and(|head| head.circle == ask.circle) {
        return true;
    }
    let mut found = found.into_iter().map(ReadResult::value);
    let (mut devices, mut invites): (SortedMap<DeviceId, DevicePublic>, SortedSet<InviteKey>) = Default::default();
    for statement in statements(ask) {
        let key = match statement.claimed_author() {
            StatementAuthor::Root => Some(keys.root.0),
            StatementAuthor::Device(author) => {
                let row = found.next().flatten().and_then(|row| RosterEntry::read(&mut Reader::new(&row)).ok());
                let known = row.map(|entry| entry.device).or_else(|| devices.get(&author).copied());
                known.map(|keys| keys.signing)
            }
            StatementAuthor::Invite(invite) => {
                let row = found.next().flatten().and_then(|row| InviteRow::decode(&row).ok());
                let leads_here = row.is_some_and(|row| row.circle == ask.circle) || invites.contains(&invite);
                leads_here.then_some(invite.0)
            }
        };
        let Some(statement) = key.and_then(|key| statement.verify_author(&key).ok()) else { continue };
        match (&statement.body, statement.body.introduces()) {
            (_, Some(keys)) if keys.id() == *device => return true,
            (_, Some(keys)) => drop(devices.insert(keys.id(), *keys)),
            (StatementBody::Invite(invite), None) => drop(invites.insert(invite.key)),
            _ => {}
        }
    }
    false
}

fn statements(ask: &CircleAsk) -> impl Iterator<Item = Signed<Statement>> {
    let decoded = ask.statements.iter().filter_map(|stated| Statement::decode(&stated.statement).ok());
    decoded.take(FIRST_CONTACT_STATEMENTS_MAX)
}

/// Admits what an unknown device brings, in order, until it is in. Gives how many statements that took.
///
/// # Errors
/// What was refused of all that it brought, when it is not in then: what was admitted meanwhile is to be forgotten.
pub(super) fn bring(
    chain: &mut CircleChain,
    device: &DeviceId,
    brought: &[Brought],
    keys: &HubKeys,
    now: TimestampMs,
) -> Result<usize, Vec<(StatementId, StatementProblem)>> {
    let mut refused = Vec::new();
    for (at, (id, statement, attachment)) in brought.iter().take(FIRST_CONTACT_STATEMENTS_MAX).enumerate() {
        let taken = chain.admit(statement.clone(), attachment.clone(), keys, now);
        if chain.standing().device(device).is_some() {
            return Ok(at + 1);
        }
        refused.push((*id, taken.err().unwrap_or(StatementProblem::UnknownAuthor)));
    }
    let rest = brought.iter().skip(FIRST_CONTACT_STATEMENTS_MAX);
    refused.extend(rest.map(|(id, ..)| (*id, StatementProblem::UnknownAuthor)));
    Err(refused)
}
