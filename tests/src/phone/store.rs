use kith_shared::client::StoreFailure;
use kith_shared::storage::{Batch, CommitOutcome, MemoryStore, Read, ReadResult};

/// Where a phone keeps what it holds.
pub trait PhoneStore {
    /// Answers all reads from one state, one result for each.
    ///
    /// # Errors
    /// When the store is damaged or gone.
    fn read(&mut self, reads: &[Read]) -> Result<Vec<ReadResult>, StoreFailure>;

    /// Does the batch whole and durably, or nothing.
    ///
    /// # Errors
    /// [`StoreFailure::Full`] when there is no room; nothing was written then.
    fn commit(&mut self, batch: Batch) -> Result<CommitOutcome, StoreFailure>;
}

impl PhoneStore for MemoryStore {
    fn read(&mut self, reads: &[Read]) -> Result<Vec<ReadResult>, StoreFailure> {
        Ok(Self::read(self, reads))
    }

    fn commit(&mut self, batch: Batch) -> Result<CommitOutcome, StoreFailure> {
        Ok(Self::commit(self, batch))
    }
}

impl<S: PhoneStore + ?Sized> PhoneStore for Box<S> {
    fn read(&mut self, reads: &[Read]) -> Result<Vec<ReadResult>, StoreFailure> {
        (**self).read(reads)
    }

    fn commit(&mut self, batch: Batch) -> Result<CommitOutcome, StoreFailure> {
        (**self).commit(batch)
    }
}
