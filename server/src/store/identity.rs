//! What a store knows of itself: its generation, which marks the cursors that it gives out. A restored store
//! is another generation, so that phones send what the backup lacks instead of trusting an old cursor.

use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Tree};

use crate::keys::ServerSeed;

use super::{Store, StoreError};

/// Where the generation is kept in [`Tree::Meta`]; the engine reads it there.
pub const GENERATION_KEY: &[u8] = b"generation";

/// The mark of one life of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generation(pub [u8; 8]);

/// Where the seed of the server's signing key is kept in [`Tree::Meta`].
const SERVER_KEY: &[u8] = b"server-key";

/// The seed of the server's signing key; `fresh` becomes it when there is none yet. It is as secret as the
/// store is sealed.
///
/// # Errors
/// What the store says; a seed of another length is [`StoreError::Corrupt`].
pub async fn server_seed(store: &dyn Store, fresh: &ServerSeed) -> Result<ServerSeed, StoreError> {
    ensure_row(store, SERVER_KEY, fresh.0, "a server's seed is 32 bytes").await.map(ServerSeed)
}

/// The store's generation; `fresh` becomes it when there is none yet.
///
/// # Errors
/// What the store says; a generation of another length is [`StoreError::Corrupt`].
pub async fn ensure(store: &dyn Store, fresh: Generation) -> Result<Generation, StoreError> {
    ensure_row(store, GENERATION_KEY, fresh.0, "a generation is 8 bytes").await.map(Generation)
}

async fn ensure_row<const N: usize>(
    store: &dyn Store,
    key: &[u8],
    fresh: [u8; N],
    cause: &'static str,
) -> Result<[u8; N], StoreError> {
    loop {
        let read = Read::Get { tree: Tree::Meta, key: key.to_vec() };
        let found = store.read(vec![read]).await?.pop().and_then(ReadResult::value);
        if let Some(bytes) = found {
            let corrupt = |_| StoreError::Corrupt { tree: Tree::Meta, key: key.to_vec(), cause };
            return bytes.try_into().map_err(corrupt);
        }
        let mut batch = Batch::default();
        batch.expect(Tree::Meta, key, None);
        batch.put(Tree::Meta, key, fresh);
        if store.commit(batch).await? == CommitOutcome::Committed {
            return Ok(fresh);
        }
    }
}
