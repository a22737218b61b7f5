//! What the root says after a backup was restored, or the server got another key.

use kith_shared::ids::CircleId;
use kith_shared::sync::statements::HubKeys;
use kith_shared::time::TimestampMs;
use kith_shared::trust::{NewServer, Restored, SigningSecret, StatementBody};

use crate::store::Store;

use super::people::Root;
use super::{AdminError, circle};

/// Lets the root say in each circle that its chain begins anew from what the backup kept: a new generation. What came
/// later is lost; removals among it are admitted again from whoever brings them. Gives the circles, each with the
/// position of the word that says so.
///
/// # Errors
/// What the store says; asked for again, it begins another generation, which does no harm.
pub async fn restored(
    store: &dyn Store,
    keys: &HubKeys,
    root: &SigningSecret,
    now: TimestampMs,
) -> Result<Vec<(CircleId, u64)>, AdminError> {
    let mut begun = Vec::new();
    for (id, record) in circle::list(store).await? {
        let root = Root { store, keys, secret: root, circle: id, now };
        root.say(|chain| {
            let generation = chain.chain().head().generation + 1;
            Ok(StatementBody::Restored(Restored { generation, from: chain.chain().len() + 1 }))
        })
        .await?;
        begun.push((id, record.chain.position + 1));
    }
    Ok(begun)
}

/// Lets the root say that the server's present key is the circle's from here on.
///
/// # Errors
/// [`AdminError::NoCircle`]; what the store says.
pub async fn new_server(root: Root<'_>) -> Result<(), AdminError> {
    let server = root.keys.server_key();
    root.say(|_| Ok(StatementBody::NewServer(NewServer { server }))).await
}
