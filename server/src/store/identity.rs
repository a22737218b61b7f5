//! What a store knows of itself: its generation, which marks the cursors that it gives out. A restored store
//! is another generation, so that phones send what the backup lacks instead of trusting an old cursor.

use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Tree};

use super::{Store, StoreError};

/// Where the generation is kept in [`Tree::Meta`]; the engine reads it there.
pub const GENERATION_KEY: &[u8] = b"generation";

/// The mark of one life of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generation(pub [u8; 8]);

/// The store's generation; `fresh` becomes it when there is none yet.
///
/// # Errors
/// What the store says; a generation of another length is [`StoreError::Corrupt`].
pub async fn ensure(store: &dyn Store, fresh: Generation) -> Result<Generation, StoreError> {
    loop {
        let read = Read::Get { tree: Tree::Meta, key: GENERATION_KEY.to_vec() };
        let found = store.read(vec![read]).await?.pop().and_then(ReadResult::value);
        if let Some(bytes) = found {
            return bytes.try_into().map(Generation).map_err(|_| StoreError::Corrupt {
                tree: Tree::Meta,
                key: GENERATION_KEY.to_vec(),
                cause: "a generation is 8 bytes",
            });
        }
        let mut batch = Batch::default();
        batch.expect(Tree::Meta, GENERATION_KEY, None);
        batch.put(Tree::Meta, GENERATION_KEY, fresh.0);
        if store.commit(batch).await? == CommitOutcome::Committed {
            return Ok(fresh);
        }
    }
}
