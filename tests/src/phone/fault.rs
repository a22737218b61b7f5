use std::io::Write as _;
use std::process::Command;

use kith_shared::client::StoreFailure;
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult};

use super::PhoneStore;

/// A store that is full, or fails, when it is told to.
pub struct Faulty<S> {
    /// What it stands before.
    pub store: S,
    /// Bytes that may still be written; `None`: any number.
    pub room_bytes: Option<usize>,
}

impl<S> Faulty<S> {
    /// A store with room.
    pub fn new(store: S) -> Self {
        Self { store, room_bytes: None }
    }
}

impl<S: PhoneStore> PhoneStore for Faulty<S> {
    fn read(&mut self, reads: &[Read]) -> Result<Vec<ReadResult>, StoreFailure> {
        self.store.read(reads)
    }

    fn commit(&mut self, batch: Batch) -> Result<CommitOutcome, StoreFailure> {
        if let Some(room_bytes) = &mut self.room_bytes {
            let wanted: usize = batch.puts.iter().map(|(_, key, value)| key.len() + value.len()).sum();
            *room_bytes = room_bytes.checked_sub(wanted).ok_or(StoreFailure::Full)?;
        }
        self.store.commit(batch)
    }
}

/// Counts the moments at which a process may die, and dies by SIGKILL at one of them: a hidden flag of
/// `kith-phone`, for the tests of P02.
#[derive(Clone, Copy, Debug, Default)]
pub struct Boundaries {
    passed: u32,
    die_at: Option<u32>,
}

impl Boundaries {
    /// Dies at the moment of this number, from 1.
    #[must_use]
    pub fn new(die_at: Option<u32>) -> Self {
        Self { passed: 0, die_at }
    }

    /// A moment passes.
    pub fn pass(&mut self) {
        self.passed += 1;
        if self.die_at == Some(self.passed) {
            let _ = std::io::stdout().flush();
            let _ = Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
            loop {
                std::thread::park();
            }
        }
    }
}
