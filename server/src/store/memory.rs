use std::sync::{Mutex, PoisonError};

use kith_shared::storage::{Batch, CommitOutcome, MemoryStore as Rows, Read, ReadResult};

use super::{Store, StoreFuture};

/// A store that forgets everything when it is dropped: for tests.
#[derive(Debug, Default)]
pub struct MemoryStore {
    rows: Mutex<Rows>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Store for MemoryStore {
    fn read(&self, reads: Vec<Read>) -> StoreFuture<'_, Vec<ReadResult>> {
        Box::pin(async move { Ok(self.rows.lock().unwrap_or_else(PoisonError::into_inner).read(&reads)) })
    }

    fn commit(&self, batch: Batch) -> StoreFuture<'_, CommitOutcome> {
        Box::pin(async move { Ok(self.rows.lock().unwrap_or_else(PoisonError::into_inner).commit(batch)) })
    }
}
