//! What proves a text of a document that whoever gets a report is not given: the entry that its author signed.

use crate::document::{DocumentName, KithSchema, Reported, commitment_in, message_author};
use crate::ids::{ActorId, CircleId, MemberId};
use crate::storage::{ReadResult, Tree};
use crate::sync::StoredEntry;
use crate::sync::admit::{Origin, Prepared};
use crate::wire::{Entry, pack_page, unpack_page};

use crate::client::engine::{Engine, Stop};
use crate::client::problem::corrupt;
use crate::client::rows::rows_of;

use super::original::Signed;

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

    /// Who signed a record, and what they committed to, by a page that came with a report; none when it proves nothing.
    pub(super) fn signed_by(&self, circle: &CircleId, of: &Reported, page: &[u8]) -> Option<(MemberId, Signed)> {
        let (document, author) = (of.name.id(circle), message_author(&of.key)?);
        let page = unpack_page(page).ok().filter(|page| page.circle == *circle)?;
        if page.entries.iter().any(|entry| entry.document != of.name) {
            return None;
        }
        let local = self.circles.get(circle)?;
        let is_by = |entry: &&Entry| ActorId::derive(&entry.device, &document, entry.incarnation) == author;
        let device = page.entries.iter().find(is_by)?.device;
        let chain = local.keyring().history().chain();
        let prepared = Prepared::new(circle, local.roster(), chain, &KithSchema, page.entries, Origin::Received);
        let mut own = prepared.proven().filter(|(actor, _)| **actor == author);
        let commitment = own.find_map(|(_, change)| commitment_in(&document, change, &of.key))?;
        local.roster().author(&device).map(|(by, _)| (by.member, Signed::Commitment(commitment)))
    }
}
