//! A database written anew: sled leaves what was removed in its file, so what shall be gone for good is left
//! behind by copying the rest into a fresh one.
//!
//! Writing goes on while rows are copied; the writer notes what changes, and between two groups brings the copy
//! up to that and puts it in the database's place. Readers wait for the last part alone.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, PoisonError};

use tokio::sync::{mpsc, oneshot};

use crate::files;
use crate::store::{Part, StoreError};

use super::database::{Database, sync_folder, wait_closed};
use super::job::{Changed, Job, Place, Step};
use super::writer::raw_batch;
use super::{Shared, SledStore, folder};

/// Bytes that are copied in one go.
const COPY_BYTES: usize = 1024 * 1024;
/// Memory for the copy's pages.
const COPY_CACHE_BYTES: u64 = 8 * 1024 * 1024;
/// Places that are brought up to date in one go.
const PLACES: usize = 100;

/// What a rewrite did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RewriteReport {
    /// Rows that were copied.
    pub rows: u64,
    /// Bytes of the database's files before.
    pub bytes_before: u64,
    /// And after.
    pub bytes_after: u64,
}

impl Step {
    pub(super) fn take(self, shared: &Shared, changed: &mut Changed) {
        // Whoever asked may have gone.
        match self {
            Self::Begin { part, reply } => {
                changed.0 = Some((part, BTreeSet::new()));
                let _ = reply.send(shared.database(part));
            }
            Self::Finish { copy, reply } => {
                let finished = match changed.0.take() {
                    Some((part, places)) => finish(shared, part, places, copy),
                    None => Err(shared.stopped()),
                };
                let _ = reply.send(finished);
            }
            Self::Abandon => changed.0 = None,
        }
    }
}

impl SledStore {
    /// Writes a part of the store anew, so that its files hold nothing of what was removed before the call.
    /// Killed at any moment it leaves a store that opens with all that was acknowledged; begun, it runs to its end,
    /// whoever waits for it, until the store is dropped.
    ///
    /// # Errors
    /// [`StoreError::Full`] when there is no room for a copy; what the disk says.
    pub async fn rewrite(&self, part: Part) -> Result<RewriteReport, StoreError> {
        let jobs = self.jobs.as_ref().ok_or_else(|| self.shared.stopped())?.downgrade();
        let rewrite = Rewrite { shared: Arc::clone(&self.shared), jobs, part };
        let rewriting = Arc::clone(&self.rewriting);
        let task = tokio::task::spawn_blocking(move || {
            let _rewriting = rewriting.lock().unwrap_or_else(PoisonError::into_inner);
            rewrite.run()
        });
        task.await.map_err(|error| StoreError::Damaged { cause: error.to_string() })?
    }
}

/// A rewrite under way, on a thread of its own.
struct Rewrite {
    shared: Arc<Shared>,
    /// Weak, so that the writer ends when the store is dropped.
    jobs: mpsc::WeakSender<Job>,
    part: Part,
}

impl Rewrite {
    fn run(self) -> Result<RewriteReport, StoreError> {
        let part = self.part;
        let place = folder::place(self.shared.claim.path(), part);
        let bytes_before = folder_bytes(&place);
        self.shared.check_space(bytes_before)?;
        let old = self.ask(|reply| Step::Begin { part, reply })?;
        let new = place.with_extension("new");
        // A copy that failed must not keep the room that it lacked.
        let copied = self.copy(&old, &new).inspect_err(|_| drop(files::remove_folder(&new)));
        drop(old);
        let (copy, rows) = match copied {
            Ok(copied) => copied,
            Err(error) => {
                self.send(Step::Abandon)?;
                return Err(error);
            }
        };
        self.ask(|reply| Step::Finish { copy, reply })?;
        Ok(RewriteReport { rows, bytes_before, bytes_after: folder_bytes(&place) })
    }

    fn send(&self, step: Step) -> Result<(), StoreError> {
        let jobs = self.jobs.upgrade().ok_or_else(|| self.shared.stopped())?;
        jobs.blocking_send(Job::Rewrite(step)).map_err(|_| self.shared.stopped())
    }

    fn ask<T>(&self, step: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Step) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.send(step(reply))?;
        answer.blocking_recv().map_err(|_| self.shared.stopped())?
    }

    /// Copies all rows, as they are, into a new database; stops when the store is closed.
    fn copy(&self, old: &Database, new: &Path) -> Result<(Database, u64), StoreError> {
        if new.exists() {
            files::remove_folder(new).map_err(StoreError::io("removing an unfinished database"))?;
        }
        files::create_folder(new).map_err(StoreError::io("creating a database"))?;
        let copy = Database::open(new, COPY_CACHE_BYTES)?;
        let (mut rows, mut count, mut bytes) = (Vec::new(), 0, 0);
        for row in old.raw_rows() {
            let row = row?;
            bytes += row.0.len() + row.1.len();
            count += 1;
            rows.push(row);
            if bytes >= COPY_BYTES {
                copy.copy_raw(&rows)?;
                rows.clear();
                bytes = 0;
                if self.jobs.strong_count() == 0 {
                    return Err(self.shared.stopped());
                }
            }
        }
        copy.copy_raw(&rows)?;
        copy.sync()?;
        Ok((copy, count))
    }
}

/// Brings the copy up to what is there now, and puts it in the database's place.
fn finish(shared: &Shared, part: Part, changed: BTreeSet<Place>, copy: Database) -> Result<(), StoreError> {
    if let Some(error) = shared.failure() {
        return Err(error);
    }
    let old = shared.database(part)?;
    let changed: Vec<Place> = changed.into_iter().collect();
    for places in changed.chunks(PLACES) {
        let values: Result<Vec<_>, StoreError> =
            places.iter().map(|(tree, key)| Ok(((*tree, key.clone()), old.get(*tree, key)?))).collect();
        // What was copied while it changed may have pieces that no value counts.
        copy.apply(raw_batch(values?, |tree, key| copy.pieces_there(tree, key))?)?;
    }
    copy.set_groups(old.groups())?;
    copy.sync()?;
    drop((copy, old));
    swap(shared, part)
}

fn swap(shared: &Shared, part: Part) -> Result<(), StoreError> {
    let place = folder::place(shared.claim.path(), part);
    let (old, new) = (place.with_extension("old"), place.with_extension("new"));
    let mut state = shared.state.write().unwrap_or_else(PoisonError::into_inner);
    let is_free = state.slot(part).as_mut().is_some_and(|database| Arc::get_mut(database).is_some());
    if !is_free {
        return Err(StoreError::Locked { path: place.display().to_string() });
    }
    *state.slot(part) = None;
    let swapped = wait_closed(&place)
        .and_then(|()| wait_closed(&new))
        .and_then(|()| rename(&place, &old))
        .and_then(|()| rename(&new, &place))
        .and_then(|()| Database::open(&place, folder::cache_bytes(&shared.config, part)));
    match swapped {
        Ok(database) => *state.slot(part) = Some(Arc::new(database)),
        Err(error) => {
            shared.fail(&error);
            return Err(error);
        }
    }
    drop(state);
    files::remove_folder(&old).map_err(StoreError::io("removing the database that was rewritten"))?;
    place.parent().map_or(Ok(()), sync_folder)
}

fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    sync_folder(from)?;
    files::rename(from, to).map_err(StoreError::io("moving a rewritten database into place"))?;
    to.parent().map_or(Ok(()), sync_folder)
}

fn folder_bytes(path: &Path) -> u64 {
    let files = fs::read_dir(path).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
}
