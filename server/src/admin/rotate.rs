//! Keys replaced. Each step is durable before the next begins and can be the last: asked for again, it goes on
//! from there, and what was done is noted in the batch that does it.

use kith_shared::ids::CircleId;
use kith_shared::storage::{Batch, CommitOutcome};
use kith_shared::time::TimestampMs;

use crate::audit::{self, Action, Actor, Event};
use crate::keys::{Keys, OperatorKeyId};
use crate::store::sealed::{Scope, SealedError};
use crate::store::{Sealed, Store};

/// Makes a new operator's key, wraps every data key under it, and puts it in the old one's place. Killed at any
/// moment, the store still opens with what is in the keys' folder, and asked for again, it goes on with the key that
/// it began with.
///
/// # Errors
/// What keys and store say.
pub async fn operator<S: Store>(
    store: &Sealed<S>,
    keys: &mut Keys,
    time: TimestampMs,
) -> Result<OperatorKeyId, SealedError> {
    let new = keys.begin_rotation(store.operator())?;
    store.rewrap(&new).await?;
    while store.operator() != new.id() {
        let batch = noted(store, time, None, new.id().0.to_vec()).await?;
        store.adopt(&new, batch).await?;
    }
    // Circles that were begun while the others were wrapped; later ones are under the new key.
    store.rewrap(&new).await?;
    keys.settle(new.id())?;
    Ok(new.id())
}

/// Gives a circle, or the store, a new data key and seals its rows anew. Gives how many rows; `None` when there
/// is no such circle.
///
/// # Errors
/// What the store says; asked for again, it goes on.
pub async fn data<S: Store>(store: &Sealed<S>, scope: Scope, time: TimestampMs) -> Result<Option<u64>, SealedError> {
    let Some(rows) = store.rotate_data(scope).await? else { return Ok(None) };
    let circle = match scope {
        Scope::Store => None,
        Scope::Circle(circle) => Some(circle),
    };
    loop {
        let batch = noted(store, time, circle, Vec::new()).await?;
        if store.drop_previous(scope, batch).await? == CommitOutcome::Committed {
            return Ok(Some(rows));
        }
    }
}

/// A batch that notes it.
async fn noted(
    store: &dyn Store,
    time: TimestampMs,
    circle: Option<CircleId>,
    subject: Vec<u8>,
) -> Result<Batch, SealedError> {
    let (actor, action) = (Actor::Operator, Action::KeysRotated);
    let mut batch = Batch::default();
    audit::append(&mut batch, &audit::head(store).await?, &[Event { time, actor, action, circle, subject }]);
    Ok(batch)
}
