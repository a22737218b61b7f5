//! A store as one file, and back. The form is in `docs/PROTOCOL.md`, "Storage": rows of all trees but the
//! snapshots, which are a cache, under one hash. A restored store is another generation.
//!
//! The store is the one below the seal: a backup is as sealed as the disk, and opens with the same operator's key.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};

use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Row, Tree};
use sha2::{Digest, Sha256};

use crate::files;
use crate::keys::OperatorKeyId;

use super::identity::GENERATION_KEY;
use super::{Store, StoreError, sealed};

/// The file in a backup's folder.
pub const FILE: &str = "kith.backup";

/// What it is called until it was read again.
const UNFINISHED: &str = "kith.backup.part";
const MAGIC: &[u8; 8] = b"kithbk\0\x02";
const END: u8 = 0;
const ROWS: usize = 1_000;
const BYTES: usize = 4 * 1024 * 1024;
const KEY_BYTES_MAX: u32 = 64 * 1024;
const VALUE_BYTES_MAX: u32 = 64 * 1024 * 1024;

/// What a backup holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BackupReport {
    /// Rows that the file holds.
    pub rows: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// Why a backup or restore did not happen.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file.
    #[error("{path}: {cause}")]
    File {
        /// The file's path.
        path: String,
        /// What the system says.
        cause: io::Error,
    },
    /// The file is no whole backup.
    #[error("{path} is not a whole backup ({cause}): take another copy")]
    Damaged {
        /// The file's path.
        path: String,
        /// How it shows.
        cause: &'static str,
    },
    /// There is a backup there already.
    #[error("{path} is there already: name another folder, or remove it")]
    Exists {
        /// The file's path.
        path: String,
    },
    /// There is something in the store already.
    #[error("the store to restore into is not empty: name an empty directory with --data")]
    NotEmpty,
}

/// Writes all of a store into `folder`, reads the file again, and only then gives it its name: [`prepare`], then
/// [`publish`].
///
/// # Errors
/// What store or file say.
pub async fn backup(store: &dyn Store, folder: &Path) -> Result<BackupReport, BackupError> {
    let report = prepare(store, folder).await?;
    publish(folder)?;
    Ok(report)
}

/// Writes all of a store into `folder`, under another name than a backup's, and reads it again. What one that was
/// stopped left there is written over. The store must not change meanwhile: a backend that others write to is copied
/// by its own means.
///
/// # Errors
/// [`BackupError::Exists`]; what store or file say.
pub async fn prepare(store: &dyn Store, folder: &Path) -> Result<BackupReport, BackupError> {
    let (path, unfinished) = (folder.join(FILE), folder.join(UNFINISHED));
    if path.exists() {
        return Err(BackupError::Exists { path: path.display().to_string() });
    }
    files::create_folder(folder).map_err(failed(folder))?;
    let mut writer = HashWriter::new(files::create(&unfinished).map_err(failed(&unfinished))?);
    let mut rows = 0;
    writer.write(MAGIC).map_err(failed(&unfinished))?;
    for tree in Tree::ALL.into_iter().filter(|tree| *tree != Tree::Snapshots) {
        let mut from = Vec::new();
        while let Some((chunk, next)) = read_chunk(store, tree, from).await? {
            for (key, value) in chunk {
                writer.row(tree, &key, &value).map_err(failed(&unfinished))?;
                rows += 1;
            }
            from = next;
        }
    }
    writer.finish(rows).map_err(failed(&unfinished))?;
    check(&unfinished)
}

/// Gives what [`prepare`] wrote the name of a backup, durably.
///
/// # Errors
/// What the system says.
pub fn publish(folder: &Path) -> Result<(), BackupError> {
    let path = folder.join(FILE);
    files::rename(&folder.join(UNFINISHED), &path).map_err(failed(&path))?;
    let parent = folder.parent().unwrap_or(folder);
    [folder, parent].into_iter().try_for_each(|folder| files::sync_folder(folder).map_err(failed(folder)))
}

/// Reads a backup and checks its hash.
///
/// # Errors
/// [`BackupError::Damaged`] when it is not whole.
pub fn check(path: &Path) -> Result<BackupReport, BackupError> {
    let mut reader = Rows::open(path)?;
    while reader.next_row()?.is_some() {}
    Ok(reader.report)
}

/// The operator's key that a backup is sealed under; `None` when it holds no store.
///
/// # Errors
/// [`BackupError::Damaged`] when it is not whole.
pub fn sealed_under(path: &Path) -> Result<Option<OperatorKeyId>, BackupError> {
    let mut reader = Rows::open(path)?;
    while let Some((tree, (key, value))) = reader.next_row()? {
        if tree == Tree::Keys && key.is_empty() {
            return Ok(sealed::operator_of(&value)?);
        }
    }
    Ok(None)
}

/// Fills an empty store from the backup in `folder`, which is checked whole before the first row is written.
///
/// # Errors
/// [`BackupError::NotEmpty`], and what file or store say.
pub async fn restore(store: &dyn Store, folder: &Path) -> Result<BackupReport, BackupError> {
    let path = folder.join(FILE);
    let report = check(&path)?;
    for tree in [Tree::Circles, Tree::Keys] {
        if read_chunk(store, tree, Vec::new()).await?.is_some() {
            return Err(BackupError::NotEmpty);
        }
    }
    let mut reader = Rows::open(&path)?;
    // The keys come last: rows without them open as nothing, and never as a store of fewer rows.
    let (mut batch, mut keys) = (Batch::default(), Batch::default());
    let mut bytes = 0;
    while let Some((tree, (key, value))) = reader.next_row()? {
        if tree == Tree::Meta && (key == GENERATION_KEY || key == b"format") {
            continue;
        }
        bytes += key.len() + value.len();
        let batch = if tree == Tree::Keys { &mut keys } else { &mut batch };
        batch.put(tree, key, value);
        if tree != Tree::Keys && (bytes >= BYTES || batch.puts.len() >= ROWS) {
            commit(store, core::mem::take(batch)).await?;
            bytes = 0;
        }
    }
    commit(store, batch).await?;
    commit(store, keys).await?;
    Ok(report)
}

async fn commit(store: &dyn Store, batch: Batch) -> Result<(), BackupError> {
    match store.commit(batch).await? {
        CommitOutcome::Committed => Ok(()),
        CommitOutcome::Conflict => Err(BackupError::NotEmpty),
    }
}

/// Rows from `from` on, and where to go on; `None` at the tree's end.
async fn read_chunk(store: &dyn Store, tree: Tree, from: Vec<u8>) -> Result<Option<(Vec<Row>, Vec<u8>)>, StoreError> {
    let read = Read::Range { tree, from, to: Vec::new(), rows_max: ROWS, bytes_max: BYTES, reverse: false };
    let rows = store.read(vec![read]).await?.into_iter().next().map(ReadResult::rows).unwrap_or_default();
    let next = rows.last().map(|(key, _)| [key.as_slice(), &[0]].concat());
    Ok(next.map(|next| (rows, next)))
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.display().to_string();
    move |cause| BackupError::File { path, cause }
}

struct HashWriter {
    file: BufWriter<File>,
    hash: Sha256,
}

impl HashWriter {
    fn new(file: File) -> Self {
        Self { file: BufWriter::new(file), hash: Sha256::new() }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.file.write_all(bytes)
    }

    fn row(&mut self, tree: Tree, key: &[u8], value: &[u8]) -> io::Result<()> {
        files::step()?;
        self.write(&[tree.number()])?;
        for part in [key, value] {
            let len = u32::try_from(part.len()).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
            self.write(&len.to_le_bytes())?;
            self.write(part)?;
        }
        Ok(())
    }

    fn finish(mut self, rows: u64) -> io::Result<()> {
        self.write(&[END])?;
        self.write(&rows.to_le_bytes())?;
        let hash = self.hash.finalize();
        self.file.write_all(&hash)?;
        files::sync(&self.file.into_inner().map_err(io::IntoInnerError::into_error)?)
    }
}

struct Rows {
    path: PathBuf,
    file: BufReader<File>,
    hash: Sha256,
    report: BackupReport,
}

impl Rows {
    fn open(path: &Path) -> Result<Self, BackupError> {
        let file = BufReader::new(File::open(path).map_err(failed(path))?);
        let mut rows = Self { path: path.to_owned(), file, hash: Sha256::new(), report: BackupReport::default() };
        match rows.array::<8>()? == *MAGIC {
            true => Ok(rows),
            false => Err(rows.damaged("it does not begin as one of this version")),
        }
    }

    fn next_row(&mut self) -> Result<Option<(Tree, Row)>, BackupError> {
        let [number] = self.array::<1>()?;
        if number == END {
            return self.end().map(|()| None);
        }
        let tree = Tree::from_number(number).ok_or_else(|| self.damaged("a row of an unknown tree"))?;
        let key = self.part(KEY_BYTES_MAX)?;
        let value = self.part(VALUE_BYTES_MAX)?;
        self.report.rows += 1;
        Ok(Some((tree, (key, value))))
    }

    fn end(&mut self) -> Result<(), BackupError> {
        let rows = u64::from_le_bytes(self.array()?);
        let expected: [u8; 32] = self.hash.clone().finalize().into();
        if self.array::<32>()? != expected || rows != self.report.rows {
            return Err(self.damaged("its hash does not fit"));
        }
        let mut rest = [0];
        match self.file.read(&mut rest).map_err(failed(&self.path))? {
            0 => Ok(()),
            _ => Err(self.damaged("something follows its end")),
        }
    }

    fn part(&mut self, bytes_max: u32) -> Result<Vec<u8>, BackupError> {
        let len = u32::from_le_bytes(self.array()?);
        if len > bytes_max {
            return Err(self.damaged("a row that is too long"));
        }
        let mut bytes = vec![0; len as usize];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], BackupError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), BackupError> {
        match self.file.read_exact(bytes) {
            Ok(()) => {
                self.hash.update(&bytes);
                self.report.bytes += bytes.len() as u64;
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(self.damaged("it is cut short")),
            Err(error) => Err(failed(&self.path)(error)),
        }
    }

    fn damaged(&self, cause: &'static str) -> BackupError {
        BackupError::Damaged { path: self.path.display().to_string(), cause }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::store::MemoryStore;
    use crate::testing::Folder;

    async fn filled() -> MemoryStore {
        let store = MemoryStore::new();
        let mut batch = Batch::default();
        for at in 0..2_500_u32 {
            batch.put(Tree::Log, at.to_be_bytes(), vec![at as u8; 100]);
        }
        batch.put(Tree::Circles, [1; 16], [2; 9]);
        batch.put(Tree::Bodies, [3; 48], vec![4; 200_000]);
        batch.put(Tree::Snapshots, [5; 36], [6; 9]);
        batch.put(Tree::Meta, GENERATION_KEY, [7; 8]);
        store.commit(batch).await.unwrap();
        store
    }

    #[tokio::test]
    async fn a_backup_is_restored_without_its_cache_and_generation() {
        let (store, folder) = (filled().await, Folder::new());
        let report = backup(&store, folder.path()).await.unwrap();
        assert_eq!(report.rows, 2_503);
        let restored = MemoryStore::new();
        assert_eq!(restore(&restored, folder.path()).await.unwrap(), report);
        for (tree, rows) in [(Tree::Log, 2_500), (Tree::Bodies, 1), (Tree::Snapshots, 0), (Tree::Meta, 0)] {
            let mut found = 0;
            let mut from = Vec::new();
            while let Some((chunk, next)) = read_chunk(&restored, tree, from).await.unwrap() {
                found += chunk.len();
                from = next;
            }
            assert_eq!(found, rows, "{tree:?}");
        }
        assert!(matches!(restore(&restored, folder.path()).await, Err(BackupError::NotEmpty)));
        assert!(matches!(backup(&store, folder.path()).await, Err(BackupError::Exists { .. })));
    }

    #[tokio::test]
    async fn a_backup_has_its_bytes() {
        let (store, folder) = (MemoryStore::new(), Folder::new());
        let mut batch = Batch::default();
        batch.put(Tree::Circles, [1; 16], [2; 3]);
        batch.put(Tree::Bodies, [3; 8], vec![4; 2]);
        store.commit(batch).await.unwrap();
        backup(&store, folder.path()).await.unwrap();
        let bytes = fs::read(folder.path().join(FILE)).unwrap();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let rows = "6b697468626b0002\
                    02100000000101010101010101010101010101010103000000020202\
                    0a080000000303030303030303020000000404\
                    000200000000000000";
        assert_eq!(
            hex.split_at(rows.len()),
            (rows, "d20ebd0dc2e63d99c2918bba538dfcd8ceaf1fc23815a8781bea3ed74ccb2879")
        );
    }

    #[tokio::test]
    async fn a_damaged_backup_is_refused_before_anything_is_written() {
        let (store, folder) = (filled().await, Folder::new());
        backup(&store, folder.path()).await.unwrap();
        let path = folder.path().join(FILE);
        let whole = fs::read(&path).unwrap();
        let mut flipped = whole.clone();
        flipped[5_000] ^= 1;
        for bytes in [&whole[..whole.len() - 1], &whole[..4_000], &flipped, &[&whole[..], b"x"].concat(), b""] {
            fs::write(&path, bytes).unwrap();
            let empty = MemoryStore::new();
            assert!(matches!(restore(&empty, folder.path()).await, Err(BackupError::Damaged { .. })));
            assert!(read_chunk(&empty, Tree::Log, Vec::new()).await.unwrap().is_none());
        }
    }
}
