//! A store whose commits and errors are counted.

use std::sync::Arc;

use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult};

use crate::clock::Clock;
use crate::metrics::Metrics;
use crate::store::{Store, StoreError, StoreFuture};

/// A store that counts what happens to another.
pub struct Metered<S> {
    store: S,
    metrics: Arc<Metrics>,
    clock: Arc<dyn Clock>,
}

impl<S: Store> Metered<S> {
    /// Counts into `metrics`.
    #[must_use]
    pub fn new(store: S, metrics: Arc<Metrics>, clock: Arc<dyn Clock>) -> Self {
        Self { store, metrics, clock }
    }

    fn count<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &result {
            self.metrics.storage_error(error);
            tracing::error!(error.label = error.label(), %error, "storage");
        }
        result
    }
}

impl<S: Store> Store for Metered<S> {
    fn read(&self, reads: Vec<Read>) -> StoreFuture<'_, Vec<ReadResult>> {
        Box::pin(async move { self.count(self.store.read(reads).await) })
    }

    fn commit(&self, batch: Batch) -> StoreFuture<'_, CommitOutcome> {
        Box::pin(async move {
            let begun = self.clock.monotonic();
            let result = self.store.commit(batch).await;
            let taken = self.clock.monotonic().saturating_sub(begun);
            match &result {
                Ok(CommitOutcome::Committed) => self.metrics.commit_seconds.observe(taken.as_secs_f64()),
                Ok(CommitOutcome::Conflict) => {
                    self.metrics.commit_conflicts.inc();
                }
                Err(_) => {}
            }
            self.count(result)
        })
    }
}
