use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use kith_shared::storage::Tree;

use crate::store::{Part, StoreError};

use super::SledConfig;
use super::database::{Database, sync_folder};
use super::record;

/// The format that this build writes: `docs/PROTOCOL.md`, "Storage".
const FORMAT: u8 = 2;
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

/// Where a part's database is.
pub(super) fn place(path: &Path, part: Part) -> PathBuf {
    path.join(match part {
        Part::Bodies => "bodies",
        Part::Records => "main",
    })
}

/// Memory for a part's pages.
pub(super) fn cache_bytes(config: &SledConfig, part: Part) -> u64 {
    match part {
        Part::Bodies => config.cache_bytes / 4,
        Part::Records => config.cache_bytes - config.cache_bytes / 4,
    }
}

/// Opens the databases of records and of bodies, and makes them where there is none.
pub(super) fn open(path: &Path, config: &SledConfig) -> Result<(Database, Database), StoreError> {
    let (main, bodies) = (place(path, Part::Records), place(path, Part::Bodies));
    settle(&main)?;
    settle(&bodies)?;
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
    let main = Database::open(&main, cache_bytes(config, Part::Records))?;
    match main.get(Tree::Meta, FORMAT_KEY)?.as_deref() {
        Some([FORMAT]) => {}
        found => {
            let found = found.and_then(|bytes| bytes.first().copied()).unwrap_or(0).into();
            return Err(StoreError::Format { found, expected: FORMAT.into() });
        }
    }
    Ok((main, Database::open(&bodies, cache_bytes(config, Part::Bodies))?))
}

/// Ends what a rewrite was killed at. Between its two renames the old database is as good as the new one, since
/// nothing was written in between; after them it is what shall be gone.
fn settle(place: &Path) -> Result<(), StoreError> {
    let (old, new) = (place.with_extension("old"), place.with_extension("new"));
    if old.exists() && !place.exists() {
        fs::rename(&old, place).map_err(StoreError::io("moving a database back into place"))?;
        place.parent().map_or(Ok(()), sync_folder)?;
    }
    for left in [old, new] {
        if left.exists() {
            fs::remove_dir_all(&left).map_err(StoreError::io("removing what a rewrite left"))?;
        }
    }
    Ok(())
}
