//! What lies in stores of what was taken back.

use std::collections::{BTreeMap, BTreeSet};

use kith_shared::deflate::inflate;
use kith_shared::document::{DocumentName, Handle, Subject};
use kith_shared::ids::{ActorId, CircleId};
use kith_shared::storage::{MemoryStore, Tree};
use kith_shared::sync::{StoredEntry, key};

use super::marks_in;

/// Of pages of search: what is of another is made anew before it is read.
const PAGE_VERSION: u8 = 2;
/// Largest page of search that is read here.
const PAGE_BYTES_MAX: usize = 16 * 1_024 * 1_024;

/// Marks in pages of search that a store holds.
pub(in crate::sim) fn marks_in_pages(store: &MemoryStore) -> BTreeSet<String> {
    let mut marks = BTreeSet::new();
    for (_, page) in store.rows(Tree::Snapshots) {
        let Some((&PAGE_VERSION, packed)) = page.split_first() else { continue };
        let content = inflate(packed, b"", PAGE_BYTES_MAX, "page").unwrap_or_default();
        marks.extend(marks_in(&String::from_utf8_lossy(&content)));
    }
    marks
}

/// Whether a store holds no text of a record that it knows to be taken back.
///
/// # Errors
/// Which one.
pub(in crate::sim) fn judge_store(circle: &CircleId, store: &MemoryStore) -> Result<(), String> {
    for (name, changes) in threads_of(store) {
        let document = name.id(circle);
        let handle = Handle::open(circle, &name, ActorId([0; 16]), &changes);
        let handle = handle.map_err(|error| format!("{:?} does not open: {error:?}", name.subject))?;
        let view = handle.thread().map_err(|error| format!("{:?}: {error:?}", name.subject))?;
        for message in view.messages.iter().filter(|message| message.taken_back) {
            for body in message.bodies() {
                let at = key::body(circle, &body);
                let left = store.rows(Tree::Bodies).find(|(row, value)| *row == at && !value.is_empty());
                if left.is_some() {
                    return Err(format!("still has the text of {} in {:?} ({document})", message.key, name.subject));
                }
            }
        }
    }
    Ok(())
}

/// The documents of the thread's shape, each with its changes.
fn threads_of(store: &MemoryStore) -> BTreeMap<DocumentName, Vec<Vec<u8>>> {
    let mut threads: BTreeMap<DocumentName, Vec<Vec<u8>>> = BTreeMap::new();
    for (_, row) in store.rows(Tree::DocumentLog) {
        let Ok(entry) = StoredEntry::decode(row) else { continue };
        if let (true, Some(change)) = (is_thread(&entry.document), entry.content.plain()) {
            threads.entry(entry.document).or_default().push(change.to_vec());
        }
    }
    threads
}

fn is_thread(name: &DocumentName) -> bool {
    !matches!(
        name.subject,
        Subject::Profile
            | Subject::Toolkit
            | Subject::SessionNote { .. }
            | Subject::FacilitatorNote { .. }
            | Subject::Slice { .. }
    )
}
