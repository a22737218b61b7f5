use std::fs::{self, File};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Wake};
use std::thread::{self, Thread};
use std::time::Duration;

use kith_shared::storage::{Read, ReadResult, Row, Tree, take_rows};
use sled::IVec;

use crate::files;
use crate::store::StoreError;

use super::record::{self, Head, Raw};

/// How often to ask for sled's own lock, and how long to wait in between: it outlives a store that was just
/// closed in the same process by some milliseconds.
const LOCK_TRIES: u32 = 100;
const LOCK_WAIT: Duration = Duration::from_millis(20);

/// After a write that failed on another of its threads (a full disk, seen), sled may wait for it for ever. Whoever
/// waits for sled is told after so long.
const FLUSH_TIME_MAX: Duration = Duration::from_secs(30);

/// How often that wait is looked at.
const WAKES_MAX: u32 = 300;

/// One sled database: values under checksums, writes that are durable when [`Database::sync`] returns.
pub(super) struct Database {
    db: sled::Db,
    /// sled's flush on Linux does not reach the disk; this handle of the same file does.
    file: File,
    /// Groups that were applied, ever.
    groups: AtomicU64,
}

impl Database {
    /// Opens what is in `path`, which must be there.
    pub(super) fn open(path: &Path, cache_bytes: u64) -> Result<Self, StoreError> {
        clear_leftovers(path)?;
        announce()?;
        let db = open_sled(path, cache_bytes)?;
        let file = File::open(path.join("db")).map_err(StoreError::io("opening the database file"))?;
        let groups = guarded(|| db.get(record::GROUP_KEY))?.map_or(0, |sealed| record::decode_group(&sealed));
        let database = Self { db, file, groups: groups.into() };
        database.sync()?;
        Ok(database)
    }

    /// Makes a database with these rows, so that it is in `path` whole or not at all.
    pub(super) fn create(path: &Path, cache_bytes: u64, rows: &[(Raw, Raw)]) -> Result<(), StoreError> {
        let mut unfinished = PathBuf::from(path);
        unfinished.set_extension("new");
        if unfinished.exists() {
            files::remove_folder(&unfinished).map_err(StoreError::io("removing an unfinished database"))?;
        }
        files::create_folder(&unfinished).map_err(StoreError::io("creating a database"))?;
        let database = Self::open(&unfinished, cache_bytes)?;
        let mut batch = sled::Batch::default();
        rows.iter().for_each(|(key, value)| batch.insert(key.as_slice(), value.as_slice()));
        database.apply(batch)?;
        database.sync()?;
        drop(database);
        sync_folder(&unfinished)?;
        files::rename(&unfinished, path).map_err(StoreError::io("moving a new database into place"))?;
        path.parent().map_or(Ok(()), sync_folder)
    }

    /// Writes all of it or, after a crash, nothing; durable after [`Self::sync`].
    pub(super) fn apply(&self, mut batch: sled::Batch) -> Result<(), StoreError> {
        let group = self.groups() + 1;
        batch.insert(record::GROUP_KEY, record::encode_group(group));
        announce()?;
        guarded(|| self.db.apply_batch(batch))?;
        self.groups.store(group, Ordering::Relaxed);
        Ok(())
    }

    /// How many groups were applied, ever. Only the writer applies.
    pub(super) fn groups(&self) -> u64 {
        self.groups.load(Ordering::Relaxed)
    }

    /// Takes rows as another database has them; durable after [`Self::sync`].
    pub(super) fn copy_raw(&self, rows: &[(IVec, IVec)]) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        rows.iter().for_each(|(key, value)| batch.insert(key, value));
        announce()?;
        guarded(|| self.db.apply_batch(batch))
    }

    /// Goes on counting groups where another database is.
    pub(super) fn set_groups(&self, groups: u64) -> Result<(), StoreError> {
        announce()?;
        guarded(|| self.db.insert(record::GROUP_KEY, record::encode_group(groups)).map(|_| ()))?;
        self.groups.store(groups, Ordering::Relaxed);
        Ok(())
    }

    /// Returns when all that was applied is on the disk.
    pub(super) fn sync(&self) -> Result<(), StoreError> {
        announce()?;
        guarded(|| within(FLUSH_TIME_MAX, self.db.flush_async()).map(|_| ()))?;
        announce()?;
        self.file.sync_data().map_err(StoreError::io("syncing the database"))
    }

    /// Answers one read.
    pub(super) fn read(&self, read: &Read) -> Result<ReadResult, StoreError> {
        match read {
            Read::Get { tree, key } => self.get(*tree, key).map(ReadResult::Value),
            Read::Has { tree, key } => {
                let there = guarded(|| self.db.contains_key(record::raw_key(*tree, key)))?;
                Ok(ReadResult::Value(there.then(Vec::new)))
            }
            Read::Range { tree, from, to, rows_max, bytes_max, reverse } => {
                let rows = self.between(*tree, from, to, *reverse);
                take_rows(rows, *rows_max, *bytes_max)
            }
        }
    }

    /// The value at a key.
    pub(super) fn get(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let sealed = guarded(|| self.db.get(record::raw_key(tree, key)))?;
        sealed.map(|sealed| self.whole(tree, key, &sealed)).transpose()
    }

    /// How many pieces the value at a key has; 0 when it has none, is absent or damaged.
    pub(super) fn pieces(&self, tree: Tree, key: &[u8]) -> Result<u16, StoreError> {
        let sealed = guarded(|| self.db.get(record::raw_key(tree, key)))?;
        Ok(match sealed.as_deref().map(|sealed| record::decode(tree, key, sealed)) {
            Some(Ok(Head::Pieces { pieces, .. })) => pieces,
            _ => 0,
        })
    }

    /// One more than the last piece that is there for a key, whether its value counts it or not.
    pub(super) fn pieces_there(&self, tree: Tree, key: &[u8]) -> Result<u16, StoreError> {
        let (first, last) = (record::piece_key(tree, key, 0), record::piece_key(tree, key, u16::MAX));
        let mut rows = self.db.range(first..=last);
        let found = guarded(|| rows.next_back().transpose())?;
        let piece = found.and_then(|(at, _)| at.last_chunk::<2>().map(|piece| u16::from_be_bytes(*piece)));
        Ok(piece.map_or(0, |piece| piece.saturating_add(1)))
    }

    /// Every raw row, as it is.
    pub(super) fn raw_rows(&self) -> impl Iterator<Item = Result<(IVec, IVec), StoreError>> {
        let mut rows = self.db.iter();
        std::iter::from_fn(move || guarded(|| rows.next().transpose()).transpose())
    }

    /// Whether there is no row.
    pub(super) fn is_empty(&self) -> Result<bool, StoreError> {
        for row in self.raw_rows() {
            if row?.0 != record::GROUP_KEY {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Writes a raw row as it is, for tests of damaged records.
    #[cfg(test)]
    pub(super) fn insert_raw(&self, key: &[u8], value: &[u8]) {
        self.db.insert(key, value).unwrap();
    }

    /// The value whose head is `sealed`, from its pieces where it has them.
    pub(super) fn whole(&self, tree: Tree, key: &[u8], sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (bytes, pieces) = match record::decode(tree, key, sealed)? {
            Head::Whole(value) => return Ok(value.to_vec()),
            Head::Pieces { bytes, pieces } => (bytes, pieces),
        };
        let broken = |cause| StoreError::Corrupt { tree, key: key.to_vec(), cause };
        let mut value = Vec::new();
        for piece in 0..pieces {
            let at = record::piece_key(tree, key, piece);
            let sealed = guarded(|| self.db.get(&at))?.ok_or(broken("a piece of it is missing"))?;
            value.extend_from_slice(record::open(&at, &sealed).map_err(broken)?);
        }
        if value.len() == bytes { Ok(value) } else { Err(broken("its pieces have another length than it")) }
    }

    fn between<'s>(
        &'s self,
        tree: Tree,
        from: &[u8],
        to: &[u8],
        reverse: bool,
    ) -> impl Iterator<Item = Result<Row, StoreError>> + use<'s> {
        let first = record::raw_key(tree, from);
        let end = if to.is_empty() { vec![tree.number() + 1] } else { record::raw_key(tree, to) };
        let mut rows = (first < end).then(|| self.db.range(first..end));
        std::iter::from_fn(move || {
            let rows = rows.as_mut()?;
            let row = guarded(|| if reverse { rows.next_back() } else { rows.next() }.transpose()).transpose()?;
            Some(row.and_then(|(raw, sealed)| {
                let key = raw.get(1..).unwrap_or_default();
                Ok((key.to_vec(), self.whole(tree, key, &sealed)?))
            }))
        })
    }
}

/// Killed while it writes a snapshot of its page table, sled cannot open what it left half written.
fn clear_leftovers(path: &Path) -> Result<(), StoreError> {
    let what = "clearing what an interrupted snapshot left";
    for file in fs::read_dir(path).map_err(StoreError::io(what))? {
        let file = file.map_err(StoreError::io(what))?;
        let name = file.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            tracing::info!("an interrupted snapshot was cleared");
            files::remove(&file.path()).map_err(StoreError::io(what))?;
        }
    }
    Ok(())
}

fn open_sled(path: &Path, cache_bytes: u64) -> Result<sled::Db, StoreError> {
    let config = sled::Config::new()
        .path(path)
        .cache_capacity(cache_bytes)
        .use_compression(false)
        .flush_every_ms(None)
        .print_profile_on_drop(false);
    for _ in 0..LOCK_TRIES {
        match catch_unwind(AssertUnwindSafe(|| config.open())) {
            Ok(Err(sled::Error::Io(error))) if error.to_string().contains("could not acquire lock") => {
                std::thread::sleep(LOCK_WAIT);
            }
            Ok(opened) => return opened.map_err(from_sled),
            Err(panic) => return Err(StoreError::Damaged { cause: panic_text(panic.as_ref()) }),
        }
    }
    Err(StoreError::Locked { path: path.display().to_string() })
}

/// sled changes the disk next.
fn announce() -> Result<(), StoreError> {
    files::step().map_err(StoreError::io("the database"))
}

/// What a future of sled's gives, on a thread that does nothing else; an error when it takes longer.
pub(super) fn within<T>(time: Duration, future: impl Future<Output = sled::Result<T>>) -> sled::Result<T> {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Unpark(thread::current())).into();
    let (mut future, mut context) = (pin!(future), Context::from_waker(&waker));
    // Another thread may wake this one for nothing; each time it only waits longer.
    for _ in 0..WAKES_MAX {
        if let Poll::Ready(result) = future.as_mut().poll(&mut context) {
            return result;
        }
        thread::park_timeout(time / WAKES_MAX);
    }
    let cause = format!("a write did not end within {} s; is the disk full or failing?", time.as_secs());
    Err(sled::Error::Io(io::Error::new(io::ErrorKind::TimedOut, cause)))
}

/// Waits until sled has let go of a database that was closed in this process.
pub(super) fn wait_closed(path: &Path) -> Result<(), StoreError> {
    let file = File::open(path.join("db")).map_err(StoreError::io("opening the database file"))?;
    for _ in 0..LOCK_TRIES {
        if file.try_lock().is_ok() {
            return Ok(());
        }
        std::thread::sleep(LOCK_WAIT);
    }
    Err(StoreError::Locked { path: path.display().to_string() })
}

/// Makes a folder's own entries durable.
pub(super) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    files::sync_folder(path).map_err(StoreError::io("syncing a folder"))
}

/// sled panics on some damaged pages; a request must not take the server with it.
fn guarded<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T, StoreError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result.map_err(from_sled),
        Err(panic) => Err(StoreError::Damaged { cause: panic_text(panic.as_ref()) }),
    }
}

fn from_sled(error: sled::Error) -> StoreError {
    match error {
        sled::Error::Io(error) => StoreError::Io { what: "the database", cause: error.to_string() },
        other => StoreError::Damaged { cause: other.to_string() },
    }
}

/// What a panic said.
pub(super) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without a message").to_owned()
}
