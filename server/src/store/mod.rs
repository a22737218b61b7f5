//! Where the server keeps what it is sent. [`Store`] is the one seam: nothing above it knows a backend, holds
//! truth of its own between two calls, or needs more than one server process.
//!
//! A sync takes two kinds of call: one that reads all that a step needs, and one that commits one conditional,
//! atomic batch. A PostgreSQL backend answers them with one statement each over a table of (tree, key, value).

pub mod backup;
pub mod consistency;
mod error;
pub mod identity;
mod memory;
mod part;
pub mod sealed;
mod sled;
mod statements;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult};

pub use self::sled::{Claim, RewriteReport, ScrubReport, SledConfig, SledStore};
pub use error::StoreError;
pub use memory::MemoryStore;
pub use part::Part;
pub use sealed::Sealed;

/// What a store's calls return: boxed, so that a store can be chosen when the server starts.
pub type StoreFuture<'s, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 's>>;

/// A durable, ordered store. Every backend passes `kith_shared::storage::conformance`.
pub trait Store: Send + Sync + 'static {
    /// Answers all reads from one state of the store, one result for each, in their order. What it gives is
    /// durable: nothing that a crash could still take back is ever seen.
    ///
    /// # Errors
    /// See [`StoreError`]; a corrupt record fails the whole call and is named.
    fn read(&self, reads: Vec<Read>) -> StoreFuture<'_, Vec<ReadResult>>;

    /// Does the batch whole, or nothing. Resolves once it is durable.
    ///
    /// # Errors
    /// See [`StoreError`]. After an error it is not known whether the batch happened, unless it says so; a
    /// batch may be committed again.
    fn commit(&self, batch: Batch) -> StoreFuture<'_, CommitOutcome>;
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn read(&self, reads: Vec<Read>) -> StoreFuture<'_, Vec<ReadResult>> {
        self.as_ref().read(reads)
    }

    fn commit(&self, batch: Batch) -> StoreFuture<'_, CommitOutcome> {
        self.as_ref().commit(batch)
    }
}
