use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use kith_shared::client::StoreFailure;
use kith_shared::storage::{Batch, CommitOutcome, MemoryStore, Read, ReadResult, Tree};

use super::PhoneStore;
use super::log::{self, MAGIC};

/// A log is written anew when it is this much larger than what it holds.
const COMPACT_FACTOR: u64 = 4;
/// Below this size a log is left as it is, in bytes.
const COMPACT_FROM_BYTES: u64 = 1024 * 1024;

/// A store in a directory: one log file of batches, read into memory at the start. A commit is on the disk
/// before it is answered; what a crash leaves unfinished at the end is dropped at the next start.
pub struct FileStore {
    folder: PathBuf,
    rows: MemoryStore,
    file: File,
    bytes: u64,
    /// The size of the log when it was last written as a whole.
    compact_bytes: u64,
    /// Set when the log could not be brought back to its last whole record.
    broken: bool,
    _lock: File,
}

/// Why a store did not open.
#[derive(Debug, thiserror::Error)]
pub enum FileStoreError {
    /// Another phone has it.
    #[error("another phone has {0} open")]
    Locked(PathBuf),
    /// The log is damaged before its end.
    #[error("{path} is damaged: {cause}")]
    Damaged {
        /// The log.
        path: PathBuf,
        /// What the system or the decoder says.
        cause: String,
    },
    /// The system refused.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl FileStore {
    /// Opens the store in `folder`, or begins one.
    ///
    /// # Errors
    /// When another phone has it open, when it is damaged before its end, and what the system says.
    pub fn open(folder: &Path) -> Result<Self, FileStoreError> {
        fs::create_dir_all(folder)?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("lock"))?;
        lock.try_lock().map_err(|_| FileStoreError::Locked(folder.to_owned()))?;
        let path = folder.join("log");
        if !path.exists() {
            write_whole(folder, MAGIC)?;
        }
        let bytes = fs::read(&path)?;
        let parsed = log::parse(&bytes).map_err(|cause| FileStoreError::Damaged { path: path.clone(), cause })?;
        let mut rows = MemoryStore::new();
        for batch in parsed.batches {
            rows.commit(batch);
        }
        let file = OpenOptions::new().append(true).open(&path)?;
        if parsed.whole_bytes < bytes.len() {
            file.set_len(parsed.whole_bytes as u64)?;
            file.sync_data()?;
        }
        Ok(Self {
            folder: folder.to_owned(),
            rows,
            file,
            bytes: parsed.whole_bytes as u64,
            compact_bytes: parsed.whole_bytes as u64 / COMPACT_FACTOR,
            broken: false,
            _lock: lock,
        })
    }

    /// How large the log is, in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Writes the log anew, holding only what is there now.
    ///
    /// # Errors
    /// What the system says; the old log stays then.
    pub fn compact(&mut self) -> io::Result<()> {
        let mut all = MAGIC.to_vec();
        for tree in Tree::ALL {
            let mut batch = Batch::default();
            self.rows.rows(tree).for_each(|(key, value)| batch.put(tree, key, value));
            if !batch.is_empty() {
                all.extend(log::record(&batch));
            }
        }
        write_whole(&self.folder, &all)?;
        self.file = OpenOptions::new().append(true).open(self.folder.join("log"))?;
        self.bytes = all.len() as u64;
        self.compact_bytes = self.bytes;
        Ok(())
    }

    fn append(&mut self, record: &[u8]) -> io::Result<()> {
        self.file.write_all(record)?;
        self.file.sync_data()?;
        self.bytes += record.len() as u64;
        Ok(())
    }
}

impl PhoneStore for FileStore {
    fn read(&mut self, reads: &[Read]) -> Result<Vec<ReadResult>, StoreFailure> {
        Ok(self.rows.read(reads))
    }

    fn commit(&mut self, batch: Batch) -> Result<CommitOutcome, StoreFailure> {
        if self.broken {
            return Err(StoreFailure::Failed);
        }
        if !holds(&self.rows, &batch) {
            return Ok(CommitOutcome::Conflict);
        }
        if let Err(error) = self.append(&log::record(&batch)) {
            self.broken = self.file.set_len(self.bytes).and_then(|()| self.file.sync_data()).is_err();
            return Err(failure(&error));
        }
        self.rows.commit(Batch { expect: Vec::new(), ..batch });
        if self.bytes > COMPACT_FROM_BYTES && self.bytes > self.compact_bytes * COMPACT_FACTOR {
            // The old log holds everything: when there is no room for a new one, it stays.
            let _ = self.compact();
        }
        Ok(CommitOutcome::Committed)
    }
}

fn holds(rows: &MemoryStore, batch: &Batch) -> bool {
    batch.expect.iter().all(|(tree, key, value)| {
        let found = rows.read(&[Read::Get { tree: *tree, key: key.clone() }]);
        found.into_iter().next().and_then(ReadResult::value) == *value
    })
}

fn failure(error: &io::Error) -> StoreFailure {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => StoreFailure::Full,
        _ => StoreFailure::Failed,
    }
}

/// Puts a log in place, whole or not at all.
fn write_whole(folder: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = folder.join("log.new");
    let mut file = File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, folder.join("log"))?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use kith_shared::storage::conformance::{Subject, run, suite};

    use super::*;

    struct Reopening {
        folder: tempfile::TempDir,
        store: Option<FileStore>,
        compacts: bool,
    }

    impl Subject for Reopening {
        fn read(&mut self, reads: &[Read]) -> Result<Vec<ReadResult>, String> {
            PhoneStore::read(self.store.as_mut().unwrap(), reads).map_err(|error| format!("{error:?}"))
        }

        fn commit(&mut self, batch: Batch) -> Result<CommitOutcome, String> {
            let store = self.store.as_mut().unwrap();
            let outcome = store.commit(batch).map_err(|error| format!("{error:?}"))?;
            if self.compacts {
                store.compact().map_err(|error| error.to_string())?;
            }
            Ok(outcome)
        }

        fn reopen(&mut self) -> Result<(), String> {
            self.store = None;
            self.store = Some(FileStore::open(self.folder.path()).map_err(|error| error.to_string())?);
            Ok(())
        }
    }

    #[test]
    fn the_file_store_conforms() {
        for (case, compacts) in suite().iter().flat_map(|case| [(case, false), (case, true)]) {
            let folder = tempfile::tempdir().unwrap();
            let store = Some(FileStore::open(folder.path()).unwrap());
            run(case, &mut Reopening { folder, store, compacts }).unwrap();
        }
    }

    #[test]
    fn a_directory_has_one_phone_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let _first = FileStore::open(folder.path()).unwrap();
        assert!(matches!(FileStore::open(folder.path()), Err(FileStoreError::Locked(_))));
    }

    #[test]
    fn a_log_that_grew_is_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = FileStore::open(folder.path()).unwrap();
        for round in 0..60_u8 {
            let mut batch = Batch::default();
            batch.put(Tree::Log, b"same".to_vec(), vec![round; 64 * 1024]);
            store.commit(batch).unwrap();
        }
        assert!(store.bytes() < 2 * COMPACT_FROM_BYTES, "{}", store.bytes());
        drop(store);
        let mut store = FileStore::open(folder.path()).unwrap();
        let read = [Read::Get { tree: Tree::Log, key: b"same".to_vec() }];
        assert_eq!(PhoneStore::read(&mut store, &read), Ok(vec![ReadResult::Value(Some(vec![59; 64 * 1024]))]));
    }
}
