use sha2::{Digest, Sha256};

use crate::codec::{Reader, Writer};
use crate::ids::EntryId;

use super::column::{ensure, well};
use super::{CHANGE_BYTES_MAX, Refusal};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE: u8 = 1;

/// The head of a chunk: what its hash must begin with, and what the hash is over.
pub(super) struct Chunk<'a> {
    checksum: [u8; 4],
    /// The change's fields and columns.
    pub(super) content: &'a [u8],
}

impl<'a> Chunk<'a> {
    /// Reads magic, checksum, type and length of one plain change that fills `bytes`.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if bytes.len() > CHANGE_BYTES_MAX {
            return Err(Refusal::TooLarge);
        }
        let mut reader = Reader::new(bytes);
        let mut head =
            || Some((reader.array("magic").ok()?, reader.array("checksum").ok()?, reader.byte("type").ok()?));
        let (checksum, kind) = match head() {
            Some((MAGIC, checksum, kind)) => (checksum, kind),
            _ => return Err(Refusal::NotAChange),
        };
        if kind != CHANGE {
            return Err(Refusal::NotAChange);
        }
        let len = well(reader.number_as::<usize>("chunk length"))?;
        ensure(len == reader.rest().len())?;
        Ok(Self { checksum, content: reader.rest() })
    }

    /// The change's hash, once the checksum agrees with it.
    pub(super) fn verify(&self) -> Result<EntryId, Refusal> {
        let hash = hash(self.content);
        if hash.0.starts_with(&self.checksum) { Ok(hash) } else { Err(Refusal::Checksum) }
    }
}

/// The chunk around a change's content, and its hash.
pub(crate) fn wrap_content(content: &[u8]) -> (Vec<u8>, EntryId) {
    let hash = hash(content);
    let mut writer = Writer::new();
    writer.raw(&MAGIC).raw(&hash.0[..4]).byte(CHANGE).bytes(content);
    (writer.into_bytes(), hash)
}

fn hash(content: &[u8]) -> EntryId {
    let mut head = Writer::new();
    head.byte(CHANGE).count(content.len());
    let mut hasher = Sha256::new();
    hasher.update(head.into_bytes());
    hasher.update(content);
    EntryId(hasher.finalize().into())
}
