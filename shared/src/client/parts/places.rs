//! Where on the circle's chain entries were signed. Of another's that is where they signed it. Of one's own it is where
//! the chain ended in the answer that took it: whoever came before is there to read it, though this phone had not heard
//! of them.

#[cfg(test)]
mod tests;

use crate::codec::{DecodeError, Reader, Writer};
use crate::gate::parse_change;
use crate::ids::{ActorId, CircleId, DeviceId, DocumentId};
use crate::sorted::SortedMap;
use crate::storage::{Batch, Tree};
use crate::sync::StoredEntry;
use crate::trust::Knows;

const PREFIX: &[u8] = b"signed";
/// Places of this phone's own entries that are kept of a document; the oldest go, and count as older than all.
const SIGNED_MAX: usize = 64;

/// A place on a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) struct Place {
    generation: u32,
    position: u64,
}

/// This phone's entries of a document in a request, up to an op counter.
pub(in crate::client) struct Signing {
    circle: CircleId,
    document: DocumentId,
    max_op: u64,
}

impl Signing {
    /// The circle of the document.
    pub(in crate::client) fn circle(&self) -> &CircleId {
        &self.circle
    }
}

/// The places of a document's entries by author, each up to an op counter; read for as many entries as it had then.
pub(in crate::client) struct Places {
    entries: u64,
    ends: SortedMap<ActorId, Vec<(u64, Place)>>,
}

impl Place {
    /// The place on a chain of which `kept` says how much of an earlier one a restored backup kept.
    fn on(self, kept: impl Fn(u32) -> Option<u64>) -> u64 {
        kept(self.generation).map_or(self.position, |kept| kept.min(self.position))
    }
}

/// The places that are known, of each document.
#[derive(Default)]
pub(in crate::client) struct KnownPlaces {
    /// Of this phone's own entries that were sent.
    signed: SortedMap<DocumentId, Vec<(u64, Place)>>,
    /// Of others', where that was asked.
    others: SortedMap<DocumentId, Places>,
}

impl KnownPlaces {
    /// Keeps where the chain ended that came with the answer to entries.
    pub(in crate::client) fn note_signed(&mut self, signing: &Signing, head: Knows, batch: &mut Batch) {
        let Signing { document, max_op, .. } = signing;
        let place = Place { generation: head.generation, position: head.position };
        let places = self.signed.get_or_insert_with(*document, Vec::new);
        match places.last_mut() {
            Some((last, at)) if *at == place => *last = (*last).max(*max_op),
            // Sent again: it counts as it did first.
            Some((last, _)) if *last >= *max_op => return,
            _ => places.push((*max_op, place)),
        }
        places.drain(..places.len().saturating_sub(SIGNED_MAX));
        batch.put(Tree::Meta, [PREFIX, document.as_bytes()].concat(), encode(places));
    }

    /// Takes a record that an earlier run left, if it is one.
    pub(in crate::client) fn load(&mut self, at: &[u8], value: &[u8]) {
        let document = at.strip_prefix(PREFIX).and_then(DocumentId::from_slice);
        if let (Some(document), Ok(places)) = (document, decode(value)) {
            self.signed.insert(document, places);
        }
    }

    /// Whether those of others in a document with so many entries are known.
    pub(in crate::client) fn has_others(&self, document: &DocumentId, entries: u64) -> bool {
        self.others.get(document).is_some_and(|places| places.entries == entries)
    }

    /// Reads those of others out of what is stored.
    pub(in crate::client) fn read_others(
        &mut self,
        circle: &CircleId,
        document: DocumentId,
        entries: u64,
        stored: &[StoredEntry],
    ) {
        self.others.insert(document, Places { entries, ends: ends_of(circle, stored) });
    }

    /// Those of others are not as they were.
    pub(in crate::client) fn forget_others(&mut self, document: &DocumentId) {
        self.others.remove(document);
    }

    /// The place up to which the author of an op had heard: of this phone's own (`author`: none) or another's; none when
    /// it is not known. `kept`: how much of a chain of so many generations ago a restored backup kept.
    pub(in crate::client) fn position_of(
        &self,
        document: &DocumentId,
        author: Option<&ActorId>,
        counter: u64,
        kept: impl Fn(u32) -> Option<u64>,
    ) -> Option<u64> {
        let ends = match author {
            None => self.signed.get(document)?,
            Some(author) => self.others.get(document)?.ends.get(author)?,
        };
        let (_, place) = ends.iter().find(|(max_op, _)| *max_op >= counter)?;
        Some(place.on(kept))
    }
}

/// What of a circle's unsent entries is a device's.
pub(in crate::client) fn signing(circle: &CircleId, own: &DeviceId, entries: &[(u64, StoredEntry)]) -> Vec<Signing> {
    let mut found: SortedMap<DocumentId, u64> = SortedMap::new();
    for (_, entry) in entries.iter().filter(|(_, entry)| entry.device == *own) {
        let Some(max_op) = max_op_of(entry) else { continue };
        let document = entry.document.id(circle);
        let last = found.get_or_insert_with(document, || max_op);
        *last = max_op.max(*last);
    }
    found.into_iter().map(|(document, max_op)| Signing { circle: *circle, document, max_op }).collect()
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
