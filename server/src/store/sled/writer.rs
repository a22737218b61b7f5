//! Group commit: one thread takes the batches that wait, checks each against the state with the earlier ones
//! of the group, writes what holds as one, syncs once, then answers all.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use kith_shared::storage::{Batch, CommitOutcome, Tree};
use tokio::sync::mpsc;

use crate::store::{Part, StoreError};

use super::Shared;
use super::database::panic_text;
use super::job::{Changed, Job, Place};
use super::record;

/// Most batches in a group.
const GROUP_BATCHES_MAX: usize = 256;
/// A group takes no more batches once it writes so many bytes.
const GROUP_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What the batches of a group change: the last word on each key.
#[derive(Default)]
struct Group {
    changes: BTreeMap<Place, Option<Vec<u8>>>,
    bytes: usize,
}

/// Runs until the store is dropped.
pub(super) fn run(shared: &Arc<Shared>, mut jobs: mpsc::Receiver<Job>) {
    let mut changed = Changed::default();
    while let Some(first) = jobs.blocking_recv() {
        let mut group = Group::default();
        let mut waiting = Vec::new();
        let (mut next, mut step) = (Some(first), None);
        while let Some(job) = next {
            let (batch, reply) = match job {
                Job::Commit { batch, reply } => (batch, reply),
                Job::Rewrite(asked) => {
                    step = Some(asked);
                    break;
                }
            };
            let outcome = match shared.failure() {
                Some(error) => Err(error),
                None => group.take(shared, batch),
            };
            waiting.push((reply, outcome));
            let full = waiting.len() >= GROUP_BATCHES_MAX || group.bytes >= GROUP_BYTES_MAX;
            next = if full { None } else { jobs.try_recv().ok() };
        }
        changed.note(group.changes.keys());
        let written = group.write(shared);
        for (reply, outcome) in waiting {
            let outcome = match (&written, outcome) {
                (Err(error), Ok(CommitOutcome::Committed)) => Err(error.clone()),
                (_, outcome) => outcome,
            };
            // Whoever asked may have gone; the batch is done all the same.
            let _ = reply.send(outcome);
        }
        if let Some(step) = step {
            step.take(shared, &mut changed);
        }
    }
}

impl Group {
    /// Adds a batch if its expectations hold and every value can be kept.
    fn take(&mut self, shared: &Shared, batch: Batch) -> Result<CommitOutcome, StoreError> {
        if !batch.puts.is_empty() {
            shared.check_space(0)?;
        }
        for (tree, key, expected) in &batch.expect {
            let place = (*tree, key.clone());
            let holds = match self.changes.get(&place) {
                Some(value) => value == expected,
                None => shared.database(Part::of(*tree))?.get(*tree, key)? == *expected,
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
            self.changes.into_iter().partition(|((tree, _), _)| Part::of(*tree) == Part::Bodies);
        let (puts, deletes): (Vec<_>, Vec<_>) = bodies.into_iter().partition(|(_, value)| value.is_some());
        for (part, changes) in [(Part::Bodies, puts), (Part::Records, main), (Part::Bodies, deletes)] {
            if !changes.is_empty() {
                let written = catch_unwind(AssertUnwindSafe(|| write(shared, part, changes)));
                written
                    .unwrap_or_else(|panic| Err(StoreError::Damaged { cause: panic_text(panic.as_ref()) }))
                    .inspect_err(|error| shared.fail(error))?;
            }
        }
        Ok(())
    }
}

fn write(shared: &Shared, part: Part, changes: Vec<(Place, Option<Vec<u8>>)>) -> Result<(), StoreError> {
    let database = shared.database(part)?;
    let batch = raw_batch(changes, |tree, key| database.pieces(tree, key))?;
    let group = shared.apply(|| database.apply(batch))?;
    database.sync()?;
    shared.watermark.write(shared.groups()?)?;
    shared.mark_durable(group);
    Ok(())
}

/// What to do to a database so that it holds these values; `pieces` says how many pieces it has of one.
pub(super) fn raw_batch(
    changes: Vec<(Place, Option<Vec<u8>>)>,
    pieces: impl Fn(Tree, &[u8]) -> Result<u16, StoreError>,
) -> Result<sled::Batch, StoreError> {
    let mut batch = sled::Batch::default();
    for ((tree, key), value) in changes {
        let rows = value.map_or(Ok(Vec::new()), |value| record::encode(tree, &key, &value))?;
        if rows.is_empty() {
            batch.remove(record::raw_key(tree, &key));
        }
        let kept = u16::try_from(rows.len().saturating_sub(1)).unwrap_or(u16::MAX);
        for piece in kept..pieces(tree, &key)? {
            batch.remove(record::piece_key(tree, &key, piece));
        }
        rows.into_iter().for_each(|(key, value)| batch.insert(key, value));
    }
    Ok(batch)
}
