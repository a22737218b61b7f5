//! The form of a snapshot in the store: `docs/PROTOCOL.md`, "Storage".

use std::collections::BTreeSet;

use kith_shared::codec::{DecodeError, Reader, Writer};
use kith_shared::ids::{CircleId, DocumentId, EntryId, tagged_hash};
use kith_shared::storage::{Batch, Read, ReadResult, Tree};
use kith_shared::sync::key;

use crate::store::{Store, StoreError};

use super::MergeError;

const VERSION: u8 = 1;
const PIECE_BYTES: usize = 64 * 1024;
const PIECES_MAX: usize = 4_096;
const HEADS_MAX: usize = 4_096;

/// A merged document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// How many entries are in it.
    pub entries: u64,
    /// What it was merged to.
    pub heads: BTreeSet<EntryId>,
    /// As Automerge saves it.
    pub bytes: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Manifest {
    entries: u64,
    heads: BTreeSet<EntryId>,
    pieces: usize,
    hash: [u8; 32],
}

/// The snapshot of a document, if there is a whole one. A damaged one is as good as none.
///
/// # Errors
/// What the store says.
pub async fn read(store: &dyn Store, circle: &CircleId, document: &DocumentId) -> Result<Option<Snapshot>, StoreError> {
    let Some(manifest) = manifest(store, circle, document).await? else { return Ok(None) };
    let reads = (1..=manifest.pieces).map(|piece| get(circle, document, piece)).collect();
    let mut bytes = Vec::new();
    for piece in store.read(reads).await? {
        bytes.extend(piece.value().unwrap_or_default());
    }
    let whole = hash(&bytes) == manifest.hash;
    Ok(whole.then_some(Snapshot { entries: manifest.entries, heads: manifest.heads, bytes }))
}

pub(super) async fn heads(
    store: &dyn Store,
    circle: &CircleId,
    document: &DocumentId,
) -> Result<Option<BTreeSet<EntryId>>, StoreError> {
    Ok(manifest(store, circle, document).await?.map(|manifest| manifest.heads))
}

pub(super) async fn write(
    store: &dyn Store,
    circle: &CircleId,
    document: &DocumentId,
    snapshot: &Snapshot,
) -> Result<(), MergeError> {
    let pieces: Vec<&[u8]> = snapshot.bytes.chunks(PIECE_BYTES).collect();
    let before = manifest(store, circle, document).await?.map_or(0, |manifest| manifest.pieces);
    let (heads, hash) = (snapshot.heads.clone(), hash(&snapshot.bytes));
    let manifest = Manifest { entries: snapshot.entries, heads, pieces: pieces.len(), hash };
    let mut batch = Batch::default();
    batch.put(Tree::Snapshots, piece_key(circle, document, 0), manifest.encode());
    for (at, piece) in pieces.iter().enumerate() {
        batch.put(Tree::Snapshots, piece_key(circle, document, at + 1), *piece);
    }
    for stale in pieces.len()..before {
        batch.delete(Tree::Snapshots, piece_key(circle, document, stale + 1));
    }
    store.commit(batch).await?;
    Ok(())
}

async fn manifest(store: &dyn Store, circle: &CircleId, document: &DocumentId) -> Result<Option<Manifest>, StoreError> {
    let found = store.read(vec![get(circle, document, 0)]).await?.into_iter().next().and_then(ReadResult::value);
    Ok(found.and_then(|bytes| Manifest::decode(&bytes).ok()))
}

impl Manifest {
    fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION).number(self.entries).count(self.heads.len());
        self.heads.iter().for_each(|head| {
            writer.raw(head.as_bytes());
        });
        writer.count(self.pieces).raw(&self.hash);
        writer.into_bytes()
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("snapshot version")? != VERSION {
            return Err(DecodeError::Invalid { what: "snapshot version" });
        }
        let entries = reader.number("snapshot entries")?;
        let mut heads = BTreeSet::new();
        for _ in 0..reader.count(HEADS_MAX, "snapshot heads")? {
            let head = EntryId(reader.array("snapshot head")?);
            if heads.last().is_some_and(|before| *before >= head) {
                return Err(DecodeError::Invalid { what: "snapshot heads' order" });
            }
            heads.insert(head);
        }
        let pieces = reader.count(PIECES_MAX, "snapshot pieces")?;
        let manifest = Self { entries, heads, pieces, hash: reader.array("snapshot hash")? };
        reader.finish("snapshot")?;
        Ok(manifest)
    }
}

fn get(circle: &CircleId, document: &DocumentId, piece: usize) -> Read {
    Read::Get { tree: Tree::Snapshots, key: piece_key(circle, document, piece) }
}

/// circle ‖ document ‖ piece (4 bytes, big-endian); piece 0 says what the others are.
fn piece_key(circle: &CircleId, document: &DocumentId, piece: usize) -> Vec<u8> {
    let piece = u32::try_from(piece).unwrap_or(u32::MAX);
    [&key::document(circle, document)[..], &piece.to_be_bytes()].concat()
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    tagged_hash("kith/snapshot/1", &[bytes])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_has_its_bytes_and_no_others() {
        let heads = BTreeSet::from([EntryId([2; 32]), EntryId([1; 32])]);
        let manifest = Manifest { entries: 300, heads, pieces: 3, hash: [4; 32] };
        let golden = [&[1, 0xac, 2, 2][..], &[1; 32], &[2; 32], &[3], &[4; 32]].concat();
        assert_eq!((manifest.encode(), Manifest::decode(&golden)), (golden.clone(), Ok(manifest)));
        assert!((0..golden.len()).all(|end| Manifest::decode(&golden[..end]).is_err()));
        for at in 0..golden.len() {
            let mut damaged = golden.clone();
            damaged[at] ^= 1;
            let again = Manifest::decode(&damaged).map(|read| read.encode());
            assert!(again.is_err() || again == Ok(damaged), "two encodings, at {at}");
        }
    }

    #[test]
    fn the_pieces_hash_has_its_bytes() {
        let hex: String = hash(b"a document").iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "56565efc658ddb2da6189dd6cf26cdc9eb6e7edd3521db29947c12894a0e4fb6");
    }
}
