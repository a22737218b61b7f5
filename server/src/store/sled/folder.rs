use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;

use kith_shared::storage::Tree;

use crate::store::StoreError;

use super::SledConfig;
use super::database::{Database, sync_folder};
use super::record;

/// The format that this build writes: `docs/PROTOCOL.md`, "Storage".
const FORMAT: u8 = 1;
const FORMAT_KEY: &[u8] = b"format";

/// Holds the directory for this process until the file is dropped.
pub(super) fn lock(path: &Path) -> Result<File, StoreError> {
    fs::create_dir_all(path).map_err(StoreError::io("creating the data directory"))?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path.join("lock"))
        .map_err(StoreError::io("opening the lock file in the data directory"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path: path.display().to_string() }),
        Err(TryLockError::Error(error)) => Err(StoreError::io("locking the data directory")(error)),
    }
}

/// Opens the databases of records and of bodies, and makes them where there is none.
pub(super) fn open(path: &Path, config: &SledConfig) -> Result<(Database, Database), StoreError> {
    let (main, bodies) = (path.join("main"), path.join("bodies"));
    if !main.exists() {
        sync_folder(path)?;
        if !bodies.exists() {
            Database::create(&bodies, config.cache_bytes / 4, &[])?;
        }
        Database::create(&main, config.cache_bytes, &record::encode(Tree::Meta, FORMAT_KEY, &[FORMAT])?)?;
    }
    if !bodies.exists() {
        return Err(StoreError::Missing { path: bodies.display().to_string() });
    }
    let main = Database::open(&main, config.cache_bytes - config.cache_bytes / 4)?;
    match main.get(Tree::Meta, FORMAT_KEY)?.as_deref() {
        Some([FORMAT]) => {}
        found => {
            let found = found.and_then(|bytes| bytes.first().copied()).unwrap_or(0).into();
            return Err(StoreError::Format { found, expected: FORMAT.into() });
        }
    }
    Ok((main, Database::open(&bodies, config.cache_bytes / 4)?))
}
