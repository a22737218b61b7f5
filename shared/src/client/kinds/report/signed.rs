//! What goes along with a report of a text that whoever gets it is not given: the entry that its author signed.

use crate::document::{DocumentName, commitment_in, message_author};
use crate::ids::{ActorId, CircleId};
use crate::storage::{ReadResult, Tree};
use crate::sync::StoredEntry;
use crate::wire::{Entry, pack_page};

use crate::client::engine::{Engine, Stop};
use crate::client::problem::corrupt;
use crate::client::rows::rows_of;

/// Most entries from the one that has the record to the one whose signature covers it.
const ENTRIES_MAX: usize = 64;

impl Engine {
    /// A page of the entries from the one that has a record to the next of its chain that is signed; empty when this
    /// phone has none.
    pub(super) fn signed_in(&mut self, circle: &CircleId, name: &DocumentName, key: &str) -> Result<Vec<u8>, Stop> {
        let document = name.id(circle);
        let log = rows_of(Tree::DocumentLog, circle, &document);
        let rows = self.kernel.rows.answers(&[log])?.into_iter().flat_map(ReadResult::rows);
        let mut covered: Vec<Entry> = Vec::new();
        for (_, value) in rows {
            let entry = StoredEntry::decode(&value).map_err(corrupt)?;
            let actor = ActorId::derive(&entry.device, &document, entry.incarnation);
            let has_it = message_author(key) == Some(actor)
                && (!covered.is_empty() || commitment_in(&document, entry.content.bytes(), key).is_some());
            if !has_it {
                continue;
            }
            let is_last = entry.signature.is_some();
            covered.push(Entry { admitted: None, ..entry.with_bodies(Vec::new()) });
            if is_last {
                let (page, taken) = pack_page(circle, &[], &covered);
                return Ok(if taken == covered.len() { page } else { Vec::new() });
            }
            if covered.len() >= ENTRIES_MAX {
                break;
            }
        }
        Ok(Vec::new())
    }
}
