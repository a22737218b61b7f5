//! Group commit: one thread takes the batches that wait, checks each against the state with the earlier ones
//! of the group, writes what holds as one, syncs once, then answers all.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use kith_shared::storage::{Batch, CommitOutcome, Tree};
use tokio::sync::{mpsc, oneshot};

use crate::store::StoreError;

use super::Shared;
use super::database::{Database, panic_text};
use super::record;
use super::watermark::Groups;

/// Most batches in a group.
const GROUP_BATCHES_MAX: usize = 256;
/// A group takes no more batches once it writes so many bytes.
const GROUP_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A batch that waits, and who waits for it.
pub(super) struct Job {
    pub(super) batch: Batch,
    pub(super) reply: oneshot::Sender<Result<CommitOutcome, StoreError>>,
}

type Place = (Tree, Vec<u8>);

/// What the batches of a group change: the last word on each key.
#[derive(Default)]
struct Group {
    changes: BTreeMap<Place, Option<Vec<u8>>>,
    bytes: usize,
}

/// Runs until the store is dropped.
pub(super) fn run(shared: &Arc<Shared>, mut jobs: mpsc::Receiver<Job>) {
    while let Some(first) = jobs.blocking_recv() {
        let mut group = Group::default();
        let mut waiting = Vec::new();
        let mut next = Some(first);
        while let Some(job) = next {
            let outcome = match shared.failure() {
                Some(error) => Err(error),
                None => group.take(shared, job.batch),
            };
            waiting.push((job.reply, outcome));
            let full = waiting.len() >= GROUP_BATCHES_MAX || group.bytes >= GROUP_BYTES_MAX;
            next = if full { None } else { jobs.try_recv().ok() };
        }
        let written = group.write(shared);
        for (reply, outcome) in waiting {
            let outcome = match (&written, outcome) {
                (Err(error), Ok(CommitOutcome::Committed)) => Err(error.clone()),
                (_, outcome) => outcome,
            };
            // Whoever asked may have gone; the batch is done all the same.
            let _ = reply.send(outcome);
        }
    }
}

impl Group {
    /// Adds a batch if its expectations hold and every value can be kept.
    fn take(&mut self, shared: &Shared, batch: Batch) -> Result<CommitOutcome, StoreError> {
        if !batch.puts.is_empty() {
            shared.check_space()?;
        }
        for (tree, key, expected) in &batch.expect {
            let place = (*tree, key.clone());
            let holds = match self.changes.get(&place) {
                Some(value) => value == expected,
                None => shared.database(*tree).get(*tree, key)? == *expected,
            };
            if !holds {
                return Ok(CommitOutcome::Conflict);
            }
        }
        for (_, key, value) in &batch.puts {
            record::check_size(key, value)?;
        }
        for (tree, key) in batch.deletes {
            self.changes.insert((tree, key), None);
        }
        for (tree, key, value) in batch.puts {
            self.bytes += key.len() + value.len();
            self.changes.insert((tree, key), Some(value));
        }
        Ok(CommitOutcome::Committed)
    }

    /// Bodies before what names them, and their removal after: a crash in between leaves a body that nothing
    /// names, never a name without its body.
    fn write(self, shared: &Shared) -> Result<(), StoreError> {
        let (bodies, main): (Vec<_>, Vec<_>) =
            self.changes.into_iter().partition(|((tree, _), _)| *tree == Tree::Bodies);
        let (puts, deletes): (Vec<_>, Vec<_>) = bodies.into_iter().partition(|(_, value)| value.is_some());
        for (database, changes) in [(&shared.bodies, puts), (&shared.main, main), (&shared.bodies, deletes)] {
            if !changes.is_empty() {
                let written = catch_unwind(AssertUnwindSafe(|| write(shared, database, changes)));
                written
                    .unwrap_or_else(|panic| Err(StoreError::Damaged { cause: panic_text(panic.as_ref()) }))
                    .inspect_err(|error| shared.fail(error))?;
            }
        }
        Ok(())
    }
}

fn write(shared: &Shared, database: &Database, changes: Vec<(Place, Option<Vec<u8>>)>) -> Result<(), StoreError> {
    let mut batch = sled::Batch::default();
    for ((tree, key), value) in changes {
        let rows = value.map_or(Ok(Vec::new()), |value| record::encode(tree, &key, &value))?;
        if rows.is_empty() {
            batch.remove(record::raw_key(tree, &key));
        }
        let kept = u16::try_from(rows.len().saturating_sub(1)).unwrap_or(u16::MAX);
        for piece in kept..database.pieces(tree, &key)? {
            batch.remove(record::piece_key(tree, &key, piece));
        }
        rows.into_iter().for_each(|(key, value)| batch.insert(key, value));
    }
    let group = shared.apply(|| database.apply(batch))?;
    database.sync()?;
    shared.watermark.write(Groups { main: shared.main.groups(), bodies: shared.bodies.groups() })?;
    shared.mark_durable(group);
    Ok(())
}
