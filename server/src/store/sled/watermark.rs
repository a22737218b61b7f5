use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use crate::files;
use crate::store::StoreError;

const BYTES: usize = 20;
const WHAT: &str = "the mark of what is durable";

/// How many groups of each database were durable, in a file beside them. sled takes damage at the end of its log
/// for an interrupted write and drops it without a word; the mark knows better.
///
/// Written after the databases are synced and never synced itself: whatever a power cut leaves of it is at most
/// as new as they are.
pub(super) struct Watermark {
    file: File,
}

/// Groups of the main database and of the bodies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Groups {
    pub(super) main: u64,
    pub(super) bodies: u64,
}

impl Watermark {
    /// Opens the file, and checks that the databases hold what it says.
    pub(super) fn open(path: &Path, found: Groups) -> Result<Self, StoreError> {
        let mut file = files::open_or_create(path).map_err(StoreError::io(WHAT))?;
        let marked = read(&mut file)?;
        for (what, marked, found) in [("records", marked.main, found.main), ("bodies", marked.bodies, found.bodies)] {
            if found < marked {
                let cause =
                    format!("of {marked} groups of {what} that were durable the last {} are gone", marked - found);
                return Err(StoreError::Damaged { cause });
            }
        }
        Ok(Self { file })
    }

    /// Notes what is durable now.
    pub(super) fn write(&self, groups: Groups) -> Result<(), StoreError> {
        let mut bytes = [groups.main.to_le_bytes(), groups.bodies.to_le_bytes()].concat();
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0)).and_then(|_| files::write(&self.file, &bytes)).map_err(StoreError::io(WHAT))
    }
}

/// What the file says; nothing when it is new or was torn.
fn read(file: &mut File) -> Result<Groups, StoreError> {
    let mut bytes = [0; BYTES];
    match file.read_exact(&mut bytes) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(Groups::default()),
        Err(error) => return Err(StoreError::io(WHAT)(error)),
    }
    let (groups, sum) = bytes.split_at(16);
    if crc32fast::hash(groups).to_le_bytes() != sum {
        tracing::warn!("the mark of what is durable is torn and was left out of account");
        return Ok(Groups::default());
    }
    let number = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
    Ok(Groups { main: number(&groups[..8]), bodies: number(&groups[8..]) })
}
