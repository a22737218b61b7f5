//! What a batch of statements does, as events of the log, written with the batch itself.

use kith_shared::codec::Reader;
use kith_shared::ids::CircleId;
use kith_shared::storage::{Batch, CommitOutcome, Tree};
use kith_shared::sync::key;
use kith_shared::sync::statements::{self, CircleChain, RecordRow};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    InviteFor, InviteRow, Remove, RosterEntry, Statement, StatementAuthor, StatementBody, member_id,
};

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
    for (tree, at, bytes) in &batch.puts {
        let circle = at.first_chunk::<{ CircleId::LEN }>().map(|id| CircleId(*id));
        let (Tree::Statements, Some(circle), Some(position)) = (*tree, circle, key::position_of(at)) else { continue };
        let Ok((_, Some(statement))) = RecordRow::decode(position, bytes) else { continue };
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
        StatementBody::Demote(demote) => Some((Action::RoleChanged, demote.member.0.to_vec())),
        StatementBody::Withdraw(withdraw) => Some((Action::InviteWithdrawn, InviteRow::key(&withdraw.invite).to_vec())),
        StatementBody::Restored(_) => Some((Action::Restored, statement.id().0.to_vec())),
        StatementBody::Setting(_) | StatementBody::Helplines(_) | StatementBody::ReportKey(_) => {
            Some((Action::SettingChanged, statement.id().0.to_vec()))
        }
        StatementBody::NewServer(new) => Some((Action::KeysRotated, new.server.0.to_vec())),
        StatementBody::Join(_)
        | StatementBody::Grant(_)
        | StatementBody::AddDevice(_)
        | StatementBody::Epoch(_)
        | StatementBody::Share(_) => None,
    };
    done.into_iter().chain(introduced).collect()
}

/// Whether a member comes back by this with a device of theirs, and their others go. A Grant says so itself, a Join by
/// its invite, which is looked up only for a device of a member who was there before.
async fn recovers(
    store: &dyn Store,
    batch: &Batch,
    circle: CircleId,
    statement: &Statement,
) -> Result<bool, StoreError> {
    let join = match &statement.body {
        StatementBody::Grant(grant) => return Ok(grant.recovers),
        StatementBody::Join(join) => join,
        _ => return Ok(false),
    };
    let device = join.device.id();
    let rows = batch.puts.iter().filter(|(tree, _, _)| *tree == Tree::Roster);
    let mut entries = rows.filter_map(|(_, _, bytes)| RosterEntry::read(&mut Reader::new(bytes)).ok());
    let member = entries.find(|entry| entry.device.id() == device).map(|entry| entry.member);
    let StatementAuthor::Invite(invite) = &statement.author else { return Ok(false) };
    if member.is_none_or(|member| member == member_id(&join.salt, &device)) {
        return Ok(false);
    }
    let found = store.read(statements::reads(&circle)).await?;
    let chain = CircleChain::load(circle, found).map_err(|error| StoreError::Damaged { cause: error.to_string() })?;
    let recovers = |invite: &InviteFor| matches!(invite, InviteFor::Member { recovers: true, .. });
    Ok(chain.standing().invite(invite).is_some_and(|record| recovers(&record.invitation.to)))
}
