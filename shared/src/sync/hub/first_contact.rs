//! A device that the server does not know yet: it brings the statement that lets it in, with what that stands on.

use crate::ids::{DeviceId, StatementId};
use crate::sorted::{SortedMap, SortedSet};
use crate::trust::{DevicePublic, Statement, StatementProblem};
use crate::wire::CircleAsk;

use super::super::statements::{CircleLog, HubKeys};

/// Most statements of one circle that are looked at before an unknown device is in.
const FIRST_CONTACT_STATEMENTS_MAX: usize = 16;

/// The keys of a device, from a statement that it brings: its id is a hash of them, so nobody can claim others.
pub(super) fn keys(device: &DeviceId, ask: &CircleAsk) -> Option<DevicePublic> {
    let brought = ask.statements.iter().filter_map(|bytes| Statement::decode(bytes).ok());
    brought.filter_map(|statement| statement.body.introduces().copied()).find(|keys| keys.id() == *device)
}

/// Of what a device brings, what introduces it, with all that this stands on: parents first, as it was brought.
fn needed(device: &DeviceId, brought: &[(StatementId, Statement)]) -> Vec<Statement> {
    let places: SortedMap<StatementId, usize> = brought.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
    let introduces = |statement: &Statement| statement.body.introduces().is_some_and(|keys| keys.id() == *device);
    let mut next: Vec<usize> = (0..brought.len()).filter(|at| introduces(&brought[*at].1)).collect();
    let mut found = SortedSet::new();
    while let Some(at) = next.pop() {
        if found.insert(at) {
            next.extend(brought[at].1.parents.iter().filter_map(|parent| places.get(parent).copied()));
        }
    }
    found.into_iter().map(|at| brought[at].1.clone()).collect()
}

/// Brings an unknown device in.
///
/// # Errors
/// What was refused, when it is not in then: nothing else that it brought is looked at.
pub(super) fn bring(
    log: &mut CircleLog,
    device: &DeviceId,
    brought: &[(StatementId, Statement)],
    keys: &HubKeys,
) -> Result<(), Vec<(StatementId, StatementProblem)>> {
    let needed = needed(device, brought);
    let is_bounded = (1..=FIRST_CONTACT_STATEMENTS_MAX).contains(&needed.len());
    let ids: Vec<StatementId> = needed.iter().map(Statement::id).collect();
    let taken = if is_bounded { log.add_all(needed, keys) } else { Vec::new() };
    if is_bounded && taken.iter().all(Result::is_ok) && log.standing().device(device).is_some() {
        return Ok(());
    }
    let named: SortedMap<StatementId, StatementProblem> =
        ids.into_iter().zip(taken).filter_map(|(id, taken)| Some((id, taken.err()?))).collect();
    let problem = |id: &StatementId| named.get(id).copied().unwrap_or(StatementProblem::TooManyWaiting);
    Err(brought.iter().map(|(id, _)| (*id, problem(id))).collect())
}
