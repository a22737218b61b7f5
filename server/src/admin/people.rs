//! Who is in a circle, in ids alone, and what the root says of them.

use kith_shared::ids::{CircleId, DeviceId, MemberId};
use kith_shared::sync::statements::{CircleLog, HubKeys};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{Confirm, Draft, Remove, Role, Signer, SigningSecret, State, StatementBody};

use crate::store::Store;

use super::AdminError;
use super::log::{edit, existing};

/// A member of a circle, as an operator sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub member: MemberId,
    /// What they may do.
    pub role: Role,
    /// The best state of any of their devices.
    pub state: State,
    /// Their devices, and how each stands.
    pub devices: Vec<(DeviceId, State)>,
}

/// All who are or were in a circle.
///
/// # Errors
/// [`AdminError::NoCircle`]; what the store says.
pub async fn list(store: &dyn Store, circle: CircleId) -> Result<Vec<Person>, AdminError> {
    let log = existing(store, circle).await?;
    let standing = log.standing();
    let device = |id: &DeviceId| (*id, standing.device(id).map_or(State::Removed, |record| record.state));
    let members = standing.members().map(|(member, record)| Person {
        member: *member,
        role: record.role,
        state: record.state,
        devices: record.devices.iter().map(device).collect(),
    });
    Ok(members.collect())
}

/// Takes a member or a device out.
///
/// # Errors
/// [`AdminError::NoCircle`]; [`AdminError::Statement`] when the circle does not know them; what the store says.
pub async fn remove(
    store: &dyn Store,
    keys: &HubKeys,
    root: &SigningSecret,
    circle: CircleId,
    who: Remove,
    now: TimestampMs,
) -> Result<(), AdminError> {
    say(store, keys, root, circle, StatementBody::Remove(who), now).await
}

/// Says that a member stays: undoes what removals there are of them, and lets in whom a removed facilitator brought.
///
/// # Errors
/// As [`remove`].
pub async fn confirm(
    store: &dyn Store,
    keys: &HubKeys,
    root: &SigningSecret,
    circle: CircleId,
    member: MemberId,
    now: TimestampMs,
) -> Result<(), AdminError> {
    say(store, keys, root, circle, StatementBody::Confirm(Confirm { member }), now).await
}

async fn say(
    store: &dyn Store,
    keys: &HubKeys,
    root: &SigningSecret,
    circle: CircleId,
    body: StatementBody,
    now: TimestampMs,
) -> Result<(), AdminError> {
    let statement = |log: &CircleLog| {
        let draft = Draft { circle, parents: log.log().parents(None), time: now, body: body.clone() };
        draft.sign(Signer::Root(root))
    };
    edit(store, circle, now, |log| Ok(log.add(statement(log), keys)?)).await
}

#[cfg(test)]
mod tests {
    use kith_shared::trust::StatementProblem;

    use super::*;
    use crate::routes::testing::Server;

    #[tokio::test]
    async fn the_root_takes_out_and_brings_back_and_the_list_says_so() {
        let server = Server::new().await;
        let (ana, ben) = (server.enrolled(1).await, server.joined(2, Role::Member).await);
        let (store, keys, root) = (server.app.store.as_ref(), &server.app.keys, &server.root);
        let (circle, now) = (server.circle, server.now());
        let people = || async { list(store, circle).await.unwrap() };
        let of = |people: &[Person], device| {
            people.iter().find(|person| person.devices.iter().any(|(id, _)| *id == device)).cloned().unwrap()
        };
        let found = people().await;
        assert_eq!(found.len(), 2);
        assert_eq!(of(&found, ana.secret.id()).role, Role::Facilitator);
        let member = of(&found, ben.secret.id()).member;
        remove(store, keys, root, circle, Remove::Member(member), now).await.unwrap();
        assert_eq!(of(&people().await, ben.secret.id()).state, State::Removed);
        confirm(store, keys, root, circle, member, now).await.unwrap();
        assert_eq!(of(&people().await, ben.secret.id()).state, State::Active);
        remove(store, keys, root, circle, Remove::Device(ana.secret.id()), now).await.unwrap();
        assert_eq!(of(&people().await, ana.secret.id()).devices, [(ana.secret.id(), State::Removed)]);
        let nobody = remove(store, keys, root, circle, Remove::Member(MemberId([9; 16])), now).await;
        assert!(matches!(nobody, Err(AdminError::Statement(StatementProblem::UnknownTarget))), "{nobody:?}");
        let nowhere = list(store, CircleId([9; 16])).await;
        assert!(matches!(nowhere, Err(AdminError::NoCircle(_))), "{nowhere:?}");
    }
}
