//! Own entries that were taken up, as they lie on the phone until they are written again.

use crate::codec::{DecodeError, Reader, Writer};
use crate::gate::{CHANGE_BYTES_MAX, parse_change};
use crate::ids::{CircleId, DocumentId};
use crate::seal::SealedEntry;
use crate::storage::{Batch, Tree};
use crate::sync::{DOCUMENT_ENTRIES_MAX, StoredEntry};
use crate::wire::EntryContent;

use super::super::Problem;
use super::super::problem::corrupt;

const PREFIX: &[u8] = b"lifted";
const VERSION: u8 = 1;
/// Largest stored entry: a change with what stands around it.
const STORED_BYTES_MAX: usize = 2 * CHANGE_BYTES_MAX;

/// Where they are kept, in `Meta`.
pub(in crate::client) fn record_key(circle: &CircleId, document: &DocumentId) -> Vec<u8> {
    [PREFIX, circle.as_bytes(), document.as_bytes()].concat()
}

/// Keeps a document's entries that were taken up.
pub(in crate::client) fn put_lifted(
    circle: &CircleId,
    document: &DocumentId,
    entries: &[StoredEntry],
    batch: &mut Batch,
) {
    batch.put(Tree::Meta, record_key(circle, document), encode(entries));
}

/// Version (1 byte, 1), how many, each entry as it was stored.
fn encode(entries: &[StoredEntry]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(VERSION).count(entries.len());
    for entry in entries {
        writer.bytes(&entry.encode());
    }
    writer.into_bytes()
}

fn decode(bytes: &[u8]) -> Result<Vec<StoredEntry>, DecodeError> {
    const WHAT: &str = "entries taken up";
    let mut reader = Reader::new(bytes);
    if reader.byte(WHAT)? != VERSION {
        return Err(DecodeError::Invalid { what: WHAT });
    }
    let count = reader.count(usize::try_from(DOCUMENT_ENTRIES_MAX).unwrap_or(usize::MAX), WHAT)?;
    let entries = (0..count).map(|_| StoredEntry::decode(reader.bytes(STORED_BYTES_MAX, WHAT)?));
    let entries = entries.collect::<Result<_, _>>()?;
    reader.finish(WHAT)?;
    Ok(entries)
}

/// The circle, document and entries of a record, if it is one.
///
/// # Errors
/// When it is one and does not decode.
pub(in crate::client) fn read_lifted(
    key: &[u8],
    value: &[u8],
) -> Result<Option<(CircleId, DocumentId, Vec<StoredEntry>)>, Problem> {
    let Some(rest) = key.strip_prefix(PREFIX) else { return Ok(None) };
    let ids = rest
        .split_at_checked(CircleId::LEN)
        .and_then(|(circle, document)| Some((CircleId::from_slice(circle)?, DocumentId::from_slice(document)?)));
    let (circle, document) = ids.ok_or_else(|| corrupt("the key of entries taken up"))?;
    Ok(Some((circle, document, decode(value).map_err(corrupt)?)))
}

/// The number of an entry in its chain; none when its bytes do not tell.
pub(in crate::client) fn seq_of(content: &EntryContent) -> Option<u64> {
    match content {
        EntryContent::Plain(bytes) => parse_change(bytes).ok().map(|change| change.seq),
        EntryContent::Sealed(bytes) => SealedEntry::parse(bytes).ok().map(|envelope| envelope.seq),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{DocumentName, Subject};
    use crate::ids::{BodyId, DeviceId, Incarnation};

    #[test]
    fn what_was_taken_up_has_its_bytes_and_survives_them() {
        let entry = StoredEntry {
            document: DocumentName::new(Subject::Profile),
            device: DeviceId([2; 32]),
            incarnation: Incarnation(1),
            seq: 3,
            content: EntryContent::Plain(vec![4, 5]),
            signature: None,
            bodies: vec![BodyId([6; 32])],
            admitted: None,
        };
        let entries = vec![entry.clone(), StoredEntry { seq: 4, ..entry }];
        let bytes = encode(&entries);
        assert_eq!(bytes[..2], [1, 2], "version and how many");
        assert_eq!(decode(&bytes).as_ref(), Ok(&entries));
        for cut in 0..bytes.len() {
            assert!(decode(&bytes[..cut]).is_err(), "{cut}");
        }
    }
}
