//! Where on the circle's chain a message stands: whether it is from before or after somebody came is said by that
//! place, never by two phones' clocks. Of another's that is where they signed it. Of one's own it is where the chain
//! ended in the answer that took it: whoever came before is there to read it, though this phone had not heard of them.

use crate::codec::{DecodeError, Reader, Writer};
use crate::document::{DocumentName, Message};
use crate::gate::parse_change;
use crate::ids::{ActorId, CircleId, DocumentId};
use crate::seal::epoch_hint;
use crate::sorted::SortedMap;
use crate::storage::{Batch, Tree};
use crate::sync::StoredEntry;

use super::engine::{Engine, LocalCircle, Stop};
use super::kinds::thread::list::{counter_of, texts_of};
use super::local::rows_of;
use super::problem::corrupt;

const PREFIX: &[u8] = b"signed";
/// Places of this phone's own entries that are kept of a document; the oldest go, and count as older than all.
const SIGNED_MAX: usize = 64;

/// A place on a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    generation: u32,
    position: u64,
}

/// This phone's entries of a document in a request, up to an op counter.
pub(super) struct Signing {
    circle: CircleId,
    document: DocumentId,
    max_op: u64,
}

/// The places of a document's entries by author, each up to an op counter; read for as many entries as it had then.
pub(super) struct Places {
    entries: u64,
    ends: SortedMap<ActorId, Vec<(u64, Place)>>,
}

impl Engine {
    /// What of a circle's unsent entries is this phone's.
    pub(super) fn signing(&self, circle: &CircleId, entries: &[(u64, StoredEntry)]) -> Vec<Signing> {
        let own = self.device.as_ref().map(crate::trust::DeviceSecret::id);
        let mut found: SortedMap<DocumentId, u64> = SortedMap::new();
        for (_, entry) in entries.iter().filter(|(_, entry)| Some(entry.device) == own) {
            let Some(max_op) = max_op_of(entry) else { continue };
            let document = entry.document.id(circle);
            let last = found.get_or_insert_with(document, || max_op);
            *last = max_op.max(*last);
        }
        found.into_iter().map(|(document, max_op)| Signing { circle: *circle, document, max_op }).collect()
    }

    /// Keeps where the chain ended that came with the answer to entries.
    pub(super) fn note_signed(
        &mut self,
        signing: &[Signing],
        circles: &SortedMap<CircleId, LocalCircle>,
        batch: &mut Batch,
    ) {
        for Signing { circle, document, max_op } in signing {
            let Some(head) = circles.get(circle).map(|local| local.keyring.history.chain().head()) else { continue };
            let place = Place { generation: head.generation, position: head.position };
            let places = self.signed.get_or_insert_with(*document, Vec::new);
            match places.last_mut() {
                Some((last, at)) if *at == place => *last = (*last).max(*max_op),
                // Sent again: it counts as it did first.
                Some((last, _)) if *last >= *max_op => continue,
                _ => places.push((*max_op, place)),
            }
            places.drain(..places.len().saturating_sub(SIGNED_MAX));
            batch.put(Tree::Meta, [PREFIX, document.as_bytes()].concat(), encode(places));
        }
    }

    /// Takes a record that an earlier run left, if it is one.
    pub(super) fn load_signed(&mut self, at: &[u8], value: &[u8]) {
        let document = at.strip_prefix(PREFIX).and_then(DocumentId::from_slice);
        if let (Some(document), Ok(places)) = (document, decode(value)) {
            self.signed.insert(document, places);
        }
    }

    /// Whether this phone wrote a message that the server is not known to hold.
    pub(super) fn is_unsent(&self, circle: &CircleId, document: &DocumentId, message: &Message) -> bool {
        let state = self.circles.get(circle).and_then(|local| local.documents.get(document));
        let chain = state.and_then(|state| state.chains.get(&message.author));
        let own = self.device.as_ref().map(crate::trust::DeviceSecret::id);
        chain.is_none_or(|chain| Some(chain.device) == own && counter_of(&message.key) > chain.remote_max_op)
    }

    /// The position up to which the author of a message had heard, on the chain as it is now: of this phone's own that
    /// is not sent yet, its end. None when it is not known.
    pub(super) fn position_of(&self, circle: &CircleId, document: &DocumentId, message: &Message) -> Option<u64> {
        let local = self.circles.get(circle)?;
        let own = self.device.as_ref()?.id();
        let counter = counter_of(&message.key);
        let chain = local.documents.get(document).and_then(|state| state.chains.get(&message.author));
        let is_own = chain.is_none_or(|chain| chain.device == own);
        if self.is_unsent(circle, document, message) {
            return Some(local.keyring.history.chain().len());
        }
        let ends = match is_own {
            true => self.signed.get(document)?,
            false => self.places.get(document)?.ends.get(&message.author)?,
        };
        let (_, place) = ends.iter().find(|(max_op, _)| *max_op >= counter)?;
        let kept = local.keyring.admitted().kept_of(place.generation);
        Some(kept.map_or(place.position, |kept| kept.min(place.position)))
    }

    /// Has the places of messages that no key here opens, or asks for them.
    pub(super) fn places_known(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        messages: &[&Message],
    ) -> Result<(), Stop> {
        let (document, local) = (name.id(circle), self.local(circle)?);
        let entries = local.documents.get(&document).map_or(0, |state| state.entries);
        let is_closed = |message: &&Message| {
            let bytes = texts_of(message).filter_map(|body| self.body(circle, &body));
            let hints = bytes.filter_map(epoch_hint);
            hints.into_iter().any(|hint| local.keyring.keys_of(hint).next().is_none())
        };
        let is_read = self.places.get(&document).is_some_and(|places| places.entries == entries);
        if is_read || !messages.iter().any(is_closed) {
            return Ok(());
        }
        let rows = self.kernel.rows.take_range(rows_of(Tree::DocumentLog, circle, &document))?;
        let stored: Result<Vec<_>, _> = rows.iter().map(|(_, value)| StoredEntry::decode(value)).collect();
        let ends = ends_of(circle, &stored.map_err(corrupt)?);
        self.places.insert(document, Places { entries, ends });
        Ok(())
    }
}

/// Where each author's entries were signed: those with no signature of their own by the next one.
fn ends_of(circle: &CircleId, stored: &[StoredEntry]) -> SortedMap<ActorId, Vec<(u64, Place)>> {
    let mut ends: SortedMap<ActorId, Vec<(u64, Place)>> = SortedMap::new();
    for entry in stored {
        let (Some(signature), Some(max_op)) = (&entry.signature, max_op_of(entry)) else { continue };
        let actor = ActorId::derive(&entry.device, &entry.document.id(circle), entry.incarnation);
        let place = Place { generation: signature.generation, position: signature.position };
        ends.get_or_insert_with(actor, Vec::new).push((max_op, place));
    }
    ends
}

fn max_op_of(entry: &StoredEntry) -> Option<u64> {
    let change = parse_change(entry.content.plain()?).ok()?;
    Some((change.start_op + change.ops_count).saturating_sub(1))
}

/// How many, then of each the op counter, the generation and the position.
fn encode(places: &[(u64, Place)]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.count(places.len());
    for (max_op, place) in places {
        writer.number(*max_op).number(place.generation.into()).number(place.position);
    }
    writer.into_bytes()
}

fn decode(bytes: &[u8]) -> Result<Vec<(u64, Place)>, DecodeError> {
    const WHAT: &str = "place of signed entries";
    let mut reader = Reader::new(bytes);
    let read = |reader: &mut Reader<'_>| {
        let max_op = reader.number(WHAT)?;
        Ok((max_op, Place { generation: reader.number_as(WHAT)?, position: reader.number(WHAT)? }))
    };
    let places = (0..reader.count(SIGNED_MAX, WHAT)?).map(|_| read(&mut reader)).collect::<Result<_, DecodeError>>()?;
    reader.finish(WHAT)?;
    Ok(places)
}
