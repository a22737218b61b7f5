//! What a batch of statements does, as events of the log, written with the batch itself.

use kith_shared::ids::CircleId;
use kith_shared::storage::{Batch, CommitOutcome, Tree};
use kith_shared::sync::statements;
use kith_shared::time::TimestampMs;
use kith_shared::trust::{InviteFor, InviteRow, Remove, Statement, StatementAuthor, StatementBody};

use crate::store::{Store, StoreError};

use super::{Action, Actor, Event, append, head};

/// How often a batch is tried anew when only the log's head had moved.
const CONFLICTS_MAX: usize = 16;

/// Commits a batch with a record of what its statements do at `now`, by the server's clock. When the head of the log
/// moved, and nothing else that the batch expects, it is tried again; any other conflict is the caller's.
///
/// # Errors
/// What the store says.
pub async fn commit(store: &dyn Store, batch: Batch, now: TimestampMs) -> Result<CommitOutcome, StoreError> {
    let events = events(store, &batch, now).await?;
    if events.is_empty() {
        return store.commit(batch).await;
    }
    let mut before = head(store).await?;
    for _ in 0..CONFLICTS_MAX {
        let mut noted = batch.clone();
        append(&mut noted, &before, &events);
        if store.commit(noted).await? == CommitOutcome::Committed {
            return Ok(CommitOutcome::Committed);
        }
        let after = head(store).await?;
        if after == before {
            break;
        }
        before = after;
    }
    Ok(CommitOutcome::Conflict)
}

async fn events(store: &dyn Store, batch: &Batch, time: TimestampMs) -> Result<Vec<Event>, StoreError> {
    let mut events = Vec::new();
    for (tree, key, bytes) in &batch.puts {
        let circle = key.first_chunk::<{ CircleId::LEN }>().map(|id| CircleId(*id));
        let (Tree::Statements, Some(circle), Ok(statement)) = (*tree, circle, Statement::decode(bytes)) else {
            continue;
        };
        let is_return = recovers(store, batch, circle, &statement).await?;
        let actor = actor_of(&statement);
        for (action, subject) in actions(&statement, is_return) {
            events.push(Event { time, actor, action, circle: Some(circle), subject });
        }
    }
    Ok(events)
}

fn actor_of(statement: &Statement) -> Actor {
    match (&statement.author, &statement.body) {
        (StatementAuthor::Root, _) => Actor::Operator,
        (StatementAuthor::Device(device), _) => Actor::Device(*device),
        // Who follows a link does so with the device that comes in.
        (StatementAuthor::Invite(_), body) => body.introduces().map_or(Actor::Server, |keys| Actor::Device(keys.id())),
    }
}

/// What a statement does, and to whom; keys of epochs are nobody's doing to anybody.
fn actions(statement: &Statement, is_return: bool) -> Vec<(Action, Vec<u8>)> {
    let device = statement.body.introduces().map(|keys| keys.id().0.to_vec());
    let introduced = if is_return { Action::Recovered } else { Action::Enrolled };
    let introduced = device.map(|device| (introduced, device));
    let done = match &statement.body {
        StatementBody::Found(_) => Some((Action::CircleCreated, statement.id().0.to_vec())),
        StatementBody::Invite(invite) => Some((Action::InviteMade, InviteRow::key(&invite.key).to_vec())),
        StatementBody::Remove(Remove::Member(member)) => Some((Action::Removed, member.0.to_vec())),
        StatementBody::Remove(Remove::Device(device)) => Some((Action::Removed, device.0.to_vec())),
        StatementBody::Confirm(confirm) => Some((Action::Confirmed, confirm.member.0.to_vec())),
        StatementBody::Promote(promote) => Some((Action::Promoted, promote.member.0.to_vec())),
        StatementBody::Join(_)
        | StatementBody::Grant(_)
        | StatementBody::AddDevice(_)
        | StatementBody::Epoch(_)
        | StatementBody::Share(_) => None,
    };
    done.into_iter().chain(introduced).collect()
}

/// Whether a member comes back by this with a device of theirs. A join says so by its invite.
async fn recovers(
    store: &dyn Store,
    batch: &Batch,
    circle: CircleId,
    statement: &Statement,
) -> Result<bool, StoreError> {
    match (&statement.body, &statement.admission) {
        (StatementBody::Grant(grant), _) => Ok(grant.recovers),
        (StatementBody::Join(_), Some(admission)) => {
            let stated = |rows: &mut dyn Iterator<Item = &Vec<u8>>| {
                rows.filter_map(|bytes| Statement::decode(bytes).ok()).find(|found| found.id() == admission.invite)
            };
            let in_batch = batch.puts.iter().filter(|(tree, _, _)| *tree == Tree::Statements);
            if let Some(invite) = stated(&mut in_batch.map(|(_, _, bytes)| bytes)) {
                return Ok(is_for_return(&invite));
            }
            let (_, rows) = statements::split(store.read(statements::reads(&circle)).await?);
            Ok(stated(&mut rows.iter().map(|(_, bytes)| bytes)).is_some_and(|invite| is_for_return(&invite)))
        }
        _ => Ok(false),
    }
}

fn is_for_return(statement: &Statement) -> bool {
    matches!(&statement.body, StatementBody::Invite(invite) if matches!(invite.to, InviteFor::Member { recovers: true, .. }))
}
