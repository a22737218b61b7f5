use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{Automerge, Change};
use kith_shared::gate::Schema;
use kith_shared::ids::{CircleId, DocumentId, EntryId};
use kith_shared::storage::{Read, ReadResult, Tree};
use kith_shared::sync::{DocumentState, StoredEntry, key};
use kith_shared::wire::EntryContent;

use crate::schema::SCHEMA;
use crate::store::Store;

use super::error::{CHANGES_BYTES_MAX, MergeError};
use super::snapshot::{self, Snapshot};

/// Rows of a document's log that are read at once.
const ROWS: usize = 1_024;

/// Merges a document and keeps the snapshot; false when the one that is there is still good, and for a sealed
/// document, which only phones read.
pub(super) async fn merge(store: &dyn Store, circle: CircleId, document: DocumentId) -> Result<bool, MergeError> {
    let Some(state) = state(store, &circle, &document).await? else { return Ok(false) };
    if state.name.is_sealed() {
        return Ok(false);
    }
    let heads: BTreeSet<EntryId> = state.heads.keys().copied().collect();
    if snapshot::heads(store, &circle, &document).await?.as_ref() == Some(&heads) {
        return Ok(false);
    }
    let genesis = SCHEMA.genesis(&circle, &state.name).map_err(MergeError::Genesis)?;
    let mut changes = vec![genesis.bytes];
    read_changes(store, &circle, &document, &mut changes).await?;
    let entries = changes.len() as u64 - 1;
    let task = tokio::task::spawn_blocking(move || catch_unwind(AssertUnwindSafe(|| build(changes))));
    let (bytes, merged) = match task.await {
        Ok(Ok(built)) => built?,
        Ok(Err(_)) | Err(_) => return Err(MergeError::Panicked),
    };
    if merged != heads {
        let now = self::state(store, &circle, &document).await?;
        // Somebody wrote in between: their commit has queued the document again.
        return if now.is_some_and(|now| now != state) { Ok(false) } else { Err(MergeError::OtherHeads) };
    }
    snapshot::write(store, &circle, &document, &Snapshot { entries, heads, bytes }).await?;
    Ok(true)
}

async fn state(
    store: &dyn Store,
    circle: &CircleId,
    document: &DocumentId,
) -> Result<Option<DocumentState>, MergeError> {
    let read = Read::Get { tree: Tree::Documents, key: key::document(circle, document) };
    let found = store.read(vec![read]).await?.into_iter().next().and_then(ReadResult::value);
    Ok(found.map(|bytes| DocumentState::decode(&bytes)).transpose()?)
}

async fn read_changes(
    store: &dyn Store,
    circle: &CircleId,
    document: &DocumentId,
    changes: &mut Vec<Vec<u8>>,
) -> Result<(), MergeError> {
    let prefix = key::document(circle, document);
    let mut from = prefix.clone();
    let mut bytes = 0;
    loop {
        let read = Read::Range {
            tree: Tree::DocumentLog,
            from,
            to: key::after_prefix(&prefix),
            rows_max: ROWS,
            bytes_max: usize::MAX,
            reverse: false,
        };
        let rows = store.read(vec![read]).await?.into_iter().next().map(ReadResult::rows).unwrap_or_default();
        let Some((last, _)) = rows.last() else { return Ok(()) };
        from = [last.as_slice(), &[0]].concat();
        let positions = rows.iter().filter_map(|(row, _)| key::position_of(row));
        let reads = positions.map(|at| Read::Get { tree: Tree::Log, key: key::log(circle, at) }).collect();
        for found in store.read(reads).await? {
            let entry = StoredEntry::decode(&found.value().ok_or(MergeError::MissingEntry)?)?;
            let EntryContent::Plain(change) = entry.content else { return Err(MergeError::Sealed) };
            bytes += change.len();
            changes.push(change);
        }
        if bytes > CHANGES_BYTES_MAX {
            return Err(MergeError::TooLarge);
        }
    }
}

/// The merged document's bytes and heads, once it is seen to load again with the same heads.
fn build(changes: Vec<Vec<u8>>) -> Result<(Vec<u8>, BTreeSet<EntryId>), MergeError> {
    let refused = |error: &dyn std::fmt::Display| MergeError::Automerge(error.to_string());
    let changes: Result<Vec<Change>, _> = changes.into_iter().map(Change::from_bytes).collect();
    let mut document = Automerge::new();
    document.apply_changes(changes.map_err(|error| refused(&error))?).map_err(|error| refused(&error))?;
    let bytes = document.save();
    let heads = heads(&document);
    let again = Automerge::load(&bytes).map_err(|error| refused(&error))?;
    if self::heads(&again) == heads { Ok((bytes, heads)) } else { Err(MergeError::OtherHeads) }
}

fn heads(document: &Automerge) -> BTreeSet<EntryId> {
    document.get_heads().into_iter().map(|head| EntryId(head.0)).collect()
}
