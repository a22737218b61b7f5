use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use kith_shared::storage::Tree;

use crate::files;
use crate::store::{Part, StoreError};

use super::SledConfig;
use super::database::{Database, sync_folder};
use super::record;

/// The format that this build writes: `docs/PROTOCOL.md`, "Storage".
const FORMAT: u8 = 3;
const FORMAT_KEY: &[u8] = b"format";

/// Stands in a directory from before a restore's first write until after its last.
const RESTORING: &str = "restoring";
const RESTORING_TEXT: &str = "A restore into this directory has begun and not ended: what is here is not whole. Run the \
                              same `kith-server restore` again; it begins anew.\n";

/// A data directory, held for this process. What is to be done before its store opens is done under it.
#[derive(Debug)]
pub struct Claim {
    path: PathBuf,
    /// What is in it may be half a restore.
    restores: bool,
    /// Held until it is dropped.
    _lock: File,
}

impl Claim {
    /// Takes the directory, and makes it where there is none.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process has it; what the disk says.
    pub fn take(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { path: path.to_owned(), restores: false, _lock: lock(path)? })
    }

    /// Whether a store was begun in it, and not by a restore that was broken off.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        let main = place(&self.path, Part::Records);
        (main.exists() || main.with_extension("old").exists()) && !self.path.join(RESTORING).exists()
    }

    /// Marks it as one that is restored into, before anything else is written there, and removes what a restore
    /// that was broken off left. Until [`end_restore`] nothing but another restore opens it: half a restore must not
    /// pass for a store, least of all for an empty one.
    ///
    /// # Errors
    /// What the disk says.
    pub fn begin_restore(&mut self) -> Result<(), StoreError> {
        let mark = self.path.join(RESTORING);
        if mark.exists() {
            for left in [place(&self.path, Part::Records), place(&self.path, Part::Bodies)] {
                remove_folder(&left)?;
                remove_folder(&left.with_extension("new"))?;
            }
            remove_file(&self.path.join("durable"))?;
        }
        let write = |file: File| files::write(&file, RESTORING_TEXT.as_bytes()).and_then(|()| files::sync(&file));
        files::create(&mark).and_then(write).map_err(StoreError::io("marking a directory that is restored into"))?;
        self.restores = true;
        sync_folder(&self.path)
    }

    /// Whether what is in it may be opened.
    ///
    /// # Errors
    /// [`StoreError::Unfinished`] when it is half a restore, and this is no other.
    pub fn check_whole(&self) -> Result<(), StoreError> {
        if self.path.join(RESTORING).exists() && !self.restores {
            return Err(StoreError::Unfinished { path: self.path.display().to_string() });
        }
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Takes the mark of a restore away: what is in the directory is a store from here on.
pub(super) fn end_restore(path: &Path) -> Result<(), StoreError> {
    remove_file(&path.join(RESTORING))?;
    sync_folder(path)
}

fn remove_folder(path: &Path) -> Result<(), StoreError> {
    if path.exists() { files::remove_folder(path).map_err(StoreError::io("removing half a restore")) } else { Ok(()) }
}

fn remove_file(path: &Path) -> Result<(), StoreError> {
    if path.exists() { files::remove(path).map_err(StoreError::io("removing a file of a restore")) } else { Ok(()) }
}

/// Holds the directory for this process until the file is dropped.
fn lock(path: &Path) -> Result<File, StoreError> {
    files::create_folder(path).map_err(StoreError::io("creating the data directory"))?;
    path.parent().map_or(Ok(()), sync_folder)?;
    let file = files::open_or_create(&path.join("lock"))
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
pub(super) fn open(claim: &Claim, config: &SledConfig) -> Result<(Database, Database), StoreError> {
    let path = claim.path();
    claim.check_whole()?;
    let (main, bodies) = (place(path, Part::Records), place(path, Part::Bodies));
    settle(&main)?;
    settle(&bodies)?;
    if !main.exists() {
        sync_folder(path)?;
        if !bodies.exists() {
            Database::create(&bodies, config.cache_bytes / 4, &[])?;
        } else if !Database::open(&bodies, cache_bytes(config, Part::Bodies))?.is_empty()? {
            // Bodies of a store whose records are gone, not what a first start left.
            return Err(StoreError::Missing { path: main.display().to_string() });
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
        files::rename(&old, place).map_err(StoreError::io("moving a database back into place"))?;
        place.parent().map_or(Ok(()), sync_folder)?;
    }
    for left in [old, new] {
        if left.exists() {
            files::remove_folder(&left).map_err(StoreError::io("removing what a rewrite left"))?;
        }
    }
    Ok(())
}
