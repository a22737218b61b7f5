//! Keys replaced.

use kith_shared::time::TimestampMs;

use crate::audit::{self, Action, Actor, Event};
use crate::keys::{Keys, OperatorKeyId};
use crate::store::sealed::{Scope, SealedError};
use crate::store::{Sealed, Store};

/// Makes a new operator's key, wraps every data key under it, and puts it in the old one's place. Killed at any
/// moment, the store still opens with what is in the keys' folder, and asked for again, it goes on.
///
/// # Errors
/// What keys and store say.
pub async fn operator<S: Store>(
    store: &Sealed<S>,
    keys: &mut Keys,
    time: TimestampMs,
) -> Result<OperatorKeyId, SealedError> {
    let new = keys.begin_rotation()?;
    store.rewrap(&new).await?;
    keys.finish_rotation(&new)?;
    note(store, time, None, new.id().0.to_vec()).await?;
    Ok(new.id())
}

/// Gives a circle, or the store, a new data key and seals its rows anew. Gives how many rows; `None` when there
/// is no such circle.
///
/// # Errors
/// What the store says; asked for again, it goes on.
pub async fn data<S: Store>(store: &Sealed<S>, scope: Scope, time: TimestampMs) -> Result<Option<u64>, SealedError> {
    let rows = store.rotate_data(scope).await?;
    if rows.is_some() {
        let circle = match scope {
            Scope::Store => None,
            Scope::Circle(circle) => Some(circle),
        };
        note(store, time, circle, Vec::new()).await?;
    }
    Ok(rows)
}

async fn note(
    store: &dyn Store,
    time: TimestampMs,
    circle: Option<kith_shared::ids::CircleId>,
    subject: Vec<u8>,
) -> Result<(), SealedError> {
    let (actor, action) = (Actor::Operator, Action::KeysRotated);
    audit::note(store, &[Event { time, actor, action, circle, subject }]).await?;
    Ok(())
}
