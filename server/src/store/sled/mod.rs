//! The store on sled 0.34.7. This folder is the only place that names sled.
//!
//! What is measured of it, and what follows (design section 7): its flush does not reach the disk, so each
//! group of batches is synced through a handle of our own before anybody hears of it; large values go to files
//! that are never synced, so values are kept in pieces ([`record`]); an interrupted snapshot keeps it from
//! opening, so leftovers are cleared first. Bodies are in a database of their own, which erasing can rewrite.

mod database;
mod folder;
mod job;
mod record;
mod rewrite;
#[cfg(test)]
mod rewrite_tests;
mod scrub;
#[cfg(test)]
mod tests;
mod watermark;
mod writer;

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult};
use tokio::sync::{mpsc, oneshot, watch};

use super::{Part, Store, StoreError, StoreFuture};
use crate::files;

use database::Database;
pub use folder::Claim;
use job::Job;
pub use rewrite::RewriteReport;
pub use scrub::ScrubReport;
use watermark::{Groups, Watermark};

/// Most batches that wait for the writer; more wait in their requests.
const JOBS_MAX: usize = 1_024;

/// How to open a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SledConfig {
    /// Memory for pages, in bytes, in all.
    pub cache_bytes: u64,
    /// Writing is refused while less than so much is free on the disk.
    pub reserve_bytes: u64,
}

impl Default for SledConfig {
    fn default() -> Self {
        Self { cache_bytes: 128 * 1024 * 1024, reserve_bytes: 64 * 1024 * 1024 }
    }
}

/// A store in a directory of the local disk.
pub struct SledStore {
    shared: Arc<Shared>,
    jobs: Option<mpsc::Sender<Job>>,
    writer: Option<std::thread::JoinHandle<()>>,
    /// Held by the one rewrite that there is at a time.
    rewriting: Arc<Mutex<()>>,
}

struct Shared {
    watermark: Watermark,
    config: SledConfig,
    /// Written while a group is applied, so that a list of reads sees one state.
    state: RwLock<State>,
    /// The number of groups that are durable.
    durable: watch::Sender<u64>,
    failure: OnceLock<StoreError>,
    /// The directory, held while the store is open.
    claim: Claim,
}

struct State {
    /// The number of groups that were applied.
    applied: u64,
    /// The databases; `None` while one changes places with its rewritten copy, and after that failed.
    records: Option<Arc<Database>>,
    bodies: Option<Arc<Database>>,
}

impl SledStore {
    /// Opens the store in `path`, or begins one there.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process has it open, [`StoreError::Format`] when another version
    /// wrote it, and whatever the disk says.
    pub fn open(path: &Path, config: &SledConfig) -> Result<Self, StoreError> {
        Self::open_claimed(Claim::take(path)?, config)
    }

    /// Opens the store in a directory that is held already.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_claimed(claim: Claim, config: &SledConfig) -> Result<Self, StoreError> {
        let (records, bodies) = folder::open(&claim, config)?;
        let groups = Groups { main: records.groups(), bodies: bodies.groups() };
        let watermark = Watermark::open(&claim.path().join("durable"), groups)?;
        let shared = Arc::new(Shared {
            watermark,
            config: config.clone(),
            state: RwLock::new(State { applied: 0, records: Some(Arc::new(records)), bodies: Some(Arc::new(bodies)) }),
            durable: watch::Sender::new(0),
            failure: OnceLock::new(),
            claim,
        });
        let (jobs, receiver) = mpsc::channel(JOBS_MAX);
        let for_writer = Arc::clone(&shared);
        let writer = std::thread::Builder::new()
            .name("kith-writer".to_owned())
            .spawn(move || writer::run(&for_writer, receiver))
            .map_err(StoreError::io("starting the writer"))?;
        Ok(Self { shared, jobs: Some(jobs), writer: Some(writer), rewriting: Arc::default() })
    }

    /// Takes away the mark of [`Claim::begin_restore`], once all that was restored is durable.
    ///
    /// # Errors
    /// What the disk says.
    pub fn end_restore(&self) -> Result<(), StoreError> {
        folder::end_restore(self.shared.claim.path())
    }

    /// Reads every record of the store and checks it; damaged ones are listed.
    ///
    /// # Errors
    /// When the database cannot be read on.
    pub fn scrub(&self) -> Result<ScrubReport, StoreError> {
        scrub::scrub(&[self.shared.database(Part::Records)?, self.shared.database(Part::Bodies)?])
    }

    async fn send(&self, job: Job) -> Result<(), StoreError> {
        let jobs = self.jobs.as_ref().ok_or_else(|| self.shared.stopped())?;
        jobs.send(job).await.map_err(|_| self.shared.stopped())
    }
}

impl Store for SledStore {
    fn read(&self, reads: Vec<Read>) -> StoreFuture<'_, Vec<ReadResult>> {
        Box::pin(async move {
            let shared = Arc::clone(&self.shared);
            let task = tokio::task::spawn_blocking(move || shared.read(&reads));
            let (results, group) = task.await.map_err(|error| StoreError::Damaged { cause: error.to_string() })??;
            self.shared.wait_durable(group).await?;
            Ok(results)
        })
    }

    fn commit(&self, batch: Batch) -> StoreFuture<'_, CommitOutcome> {
        Box::pin(async move {
            let (reply, outcome) = oneshot::channel();
            self.send(Job::Commit { batch, reply }).await?;
            outcome.await.map_err(|_| self.shared.stopped())?
        })
    }
}

impl Drop for SledStore {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has told whoever waited.
            let _ = writer.join();
        }
    }
}

impl Shared {
    fn database(&self, part: Part) -> Result<Arc<Database>, StoreError> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.database(part).cloned().ok_or_else(|| self.stopped())
    }

    /// How many groups each database counts.
    fn groups(&self) -> Result<Groups, StoreError> {
        let [main, bodies] = [self.database(Part::Records)?, self.database(Part::Bodies)?];
        Ok(Groups { main: main.groups(), bodies: bodies.groups() })
    }

    /// The results, and the group that must be durable before anybody sees them.
    fn read(&self, reads: &[Read]) -> Result<(Vec<ReadResult>, u64), StoreError> {
        if let Some(error) = self.failure() {
            return Err(error);
        }
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let results: Result<Vec<_>, _> = reads
            .iter()
            .map(|read| match read {
                Read::Get { tree, .. } | Read::Has { tree, .. } | Read::Range { tree, .. } => {
                    state.database(Part::of(*tree)).ok_or_else(|| self.stopped())?.read(read)
                }
            })
            .collect();
        Ok((results?, state.applied))
    }

    async fn wait_durable(&self, group: u64) -> Result<(), StoreError> {
        let mut durable = self.durable.subscribe();
        let waited = durable.wait_for(|durable| *durable >= group || self.failure.get().is_some()).await;
        let reached = waited.is_ok_and(|durable| *durable >= group);
        if reached { Ok(()) } else { Err(self.failure().unwrap_or(StoreError::Stopped { cause: "closed".to_owned() })) }
    }

    /// Applies the next group while nobody reads, and gives its number.
    fn apply(&self, apply: impl FnOnce() -> Result<(), StoreError>) -> Result<u64, StoreError> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.applied += 1;
        apply()?;
        Ok(state.applied)
    }

    fn mark_durable(&self, group: u64) {
        self.durable.send_replace(group);
    }

    /// After a failed write or sync nobody knows what is on the disk: stop, and let a restart recover.
    fn fail(&self, error: &StoreError) {
        let _ = self.failure.set(StoreError::Stopped { cause: error.to_string() });
        self.durable.send_modify(|_| {});
        tracing::error!(%error, "the store stopped");
    }

    fn failure(&self) -> Option<StoreError> {
        self.failure.get().cloned()
    }

    fn stopped(&self) -> StoreError {
        self.failure().unwrap_or(StoreError::Stopped { cause: "it was closed".to_owned() })
    }

    /// Refuses to write `bytes` more when that would leave less free than must stay free.
    fn check_space(&self, bytes: u64) -> Result<(), StoreError> {
        let available_bytes = files::free_bytes(self.claim.path()).map_err(StoreError::io("asking for free space"))?;
        let reserve_bytes = self.config.reserve_bytes.saturating_add(bytes);
        if available_bytes < reserve_bytes {
            return Err(StoreError::Full { available_bytes, reserve_bytes });
        }
        Ok(())
    }
}

impl State {
    fn database(&self, part: Part) -> Option<&Arc<Database>> {
        match part {
            Part::Bodies => self.bodies.as_ref(),
            Part::Records => self.records.as_ref(),
        }
    }

    fn slot(&mut self, part: Part) -> &mut Option<Arc<Database>> {
        match part {
            Part::Bodies => &mut self.bodies,
            Part::Records => &mut self.records,
        }
    }
}
