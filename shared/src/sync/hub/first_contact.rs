//! A device that the server does not know yet: it brings the statement that lets it in.

use crate::ids::{DeviceId, StatementId};
use crate::time::TimestampMs;
use crate::trust::{DevicePublic, Statement, StatementProblem};
use crate::wire::{CircleAsk, GivenText};

use super::super::statements::{CircleChain, HubKeys};

/// Most statements of one circle that are looked at before an unknown device is in.
const FIRST_CONTACT_STATEMENTS_MAX: usize = 16;

/// A statement as it was brought, with what lies beside it.
pub(super) type Brought = (StatementId, Statement, Vec<u8>);

/// The keys of a device, from a statement that it brings: its id is a hash of them, so nobody can claim others.
pub(super) fn keys(device: &DeviceId, ask: &CircleAsk) -> Option<DevicePublic> {
    let back = ask.brought_back.iter().flat_map(|brought| &brought.records);
    let back = back.filter_map(|record| match &record.text {
        GivenText::Given(stated) => Some(stated),
        GivenText::Named(_) => None,
    });
    let brought = ask.statements.iter().chain(back).filter_map(|stated| Statement::decode(&stated.statement).ok());
    brought.filter_map(|statement| statement.body.introduces().copied()).find(|keys| keys.id() == *device)
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
