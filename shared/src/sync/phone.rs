//! The phone's side of an exchange, as pure steps: what to read, what to send, what an answer means.

use crate::sorted::SortedMap;

use crate::codec::DecodeError;
use crate::gate::parse_change;
use crate::ids::{ActorId, CircleId, DocumentId};
use crate::seal::{SealedEntry, sealed_entry_id};
use crate::storage::{Read, ReadResult, Tree};
use crate::trust::{DeviceSecret, Knows, SignedHead};
use crate::wire::{Ack, Entry, EntryContent, pack_page};

use super::{Chain, DocumentState, StoredEntry, key};

/// Most bytes of a document's log that one read brings.
const READ_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most entries that one page is tried with.
const PAGE_TRY_MAX: usize = 256;

/// What an acknowledgement means for a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AckOutcome {
    /// The server holds exactly what the phone holds.
    Safe,
    /// The server lacks something that the phone holds.
    Behind,
    /// The server holds more than the phone: it comes in pages.
    Ahead,
    /// The clocks are equal and the heads are not: two changes stand at one place.
    Forked,
}

/// Reads the entries of a circle that the server is not known to hold.
#[must_use]
pub fn unsent_reads(circle: &CircleId, states: &SortedMap<DocumentId, DocumentState>) -> Vec<Read> {
    states
        .iter()
        .filter(|(_, state)| !state.is_safe())
        .map(|(document, state)| Read::Range {
            tree: Tree::DocumentLog,
            from: key::document_log(circle, document, state.sent_position),
            to: key::after_prefix(&key::document(circle, document)),
            rows_max: usize::MAX,
            bytes_max: READ_BYTES_MAX,
            reverse: false,
        })
        .collect()
}

/// The unsent entries in the answers to [`unsent_reads`], in causal order, each with its place.
///
/// # Errors
/// When a stored entry does not decode.
pub fn unsent_entries(
    circle: &CircleId,
    states: &SortedMap<DocumentId, DocumentState>,
    results: Vec<ReadResult>,
) -> Result<Vec<(u64, StoredEntry)>, DecodeError> {
    let mut entries = Vec::new();
    for (at, value) in results.into_iter().flat_map(ReadResult::rows) {
        let entry = StoredEntry::decode(&value)?;
        let document = entry.document.id(circle);
        let actor = ActorId::derive(&entry.device, &document, entry.incarnation);
        let chain = states.get(&document).and_then(|state| state.chains.get(&actor));
        if chain.is_none_or(|chain| entry.seq > chain.remote_seq) {
            let position = key::position_of(&at).ok_or(DecodeError::Invalid { what: "log key" })?;
            entries.push((position, entry));
        }
    }
    entries.sort_by_key(|(position, _)| *position);
    Ok(entries)
}

/// Reads the bodies of entries.
#[must_use]
pub fn body_reads(circle: &CircleId, entries: &[(u64, StoredEntry)]) -> Vec<Read> {
    let bodies = entries.iter().flat_map(|(_, entry)| &entry.bodies);
    bodies.map(|body| Read::Get { tree: Tree::Bodies, key: key::body(circle, body) }).collect()
}

/// Signs the device's own entries, as one whose chain of the circle ends with `knows`, and packs all into pages, in
/// order. Entries that cannot be packed, for want of a signature, are left out from there on.
#[must_use]
pub fn sign_and_pack(
    circle: &CircleId,
    device: &DeviceSecret,
    knows: &Knows,
    entries: Vec<(u64, StoredEntry)>,
    bodies: Vec<ReadResult>,
) -> Vec<Vec<u8>> {
    let mut bodies = bodies.into_iter().map(ReadResult::value);
    let entries: Vec<Entry> = entries
        .into_iter()
        .map(|(_, stored)| {
            // A text that was taken back travels empty: its entry is needed all the same.
            let here = bodies.by_ref().take(stored.bodies.len()).map(Option::unwrap_or_default).collect();
            signed(circle, device, knows, stored.with_bodies(here))
        })
        .collect();
    let mut pages = Vec::new();
    let mut from = 0;
    while from < entries.len() {
        let (page, taken) = pack_page(circle, &[], &entries[from..entries.len().min(from + PAGE_TRY_MAX)]);
        if taken == 0 {
            break;
        }
        pages.push(page);
        from += taken;
    }
    pages
}

fn signed(circle: &CircleId, device: &DeviceSecret, knows: &Knows, entry: Entry) -> Entry {
    if entry.device != device.id() || entry.signature.is_some() {
        return entry;
    }
    let document = entry.document.id(circle);
    let actor = ActorId::derive(&entry.device, &document, entry.incarnation);
    let place = match &entry.content {
        EntryContent::Plain(bytes) => parse_change(bytes).ok().map(|change| (change.seq, change.entry)),
        EntryContent::Sealed(bytes) => {
            SealedEntry::parse(bytes).ok().map(|envelope| (envelope.seq, sealed_entry_id(&document, &actor, bytes)))
        }
    };
    let Some((seq, id)) = place else { return entry };
    let head = SignedHead { circle: *circle, document, actor, seq, entry: id, knows: *knows };
    Entry { signature: Some(head.sign(device)), ..entry }
}

/// Takes an acknowledgement into a document's state. `position` is the place that the next entry gets. A
/// `whole` one was asked for: it names every chain that the server holds, which may be less than was known
/// when the server was restored from a backup.
pub fn take_ack(circle: &CircleId, state: &mut DocumentState, ack: &Ack, whole: bool, position: u64) -> AckOutcome {
    let document = state.name.id(circle);
    let mut ahead = false;
    if whole {
        forget_remote(state);
    }
    for tip in &ack.chains {
        let actor = ActorId::derive(&tip.device, &document, tip.incarnation);
        match state.chains.get_mut(&actor) {
            Some(chain) => {
                ahead |= tip.seq > chain.seq;
                chain.learn_remote(tip.seq);
            }
            None => ahead = true,
        }
    }
    if state.is_safe() {
        state.sent_position = position;
    }
    if ack.clock_digest == state.clock_digest() {
        return match ack.heads_digest == state.heads_digest() {
            true => AckOutcome::Safe,
            false => AckOutcome::Forked,
        };
    }
    match (state.is_safe(), ahead) {
        (false, _) => AckOutcome::Behind,
        (true, _) => AckOutcome::Ahead,
    }
}

/// Takes the server to hold nothing of a document, until it says otherwise.
pub fn forget_remote(state: &mut DocumentState) {
    state.chains.values_mut().for_each(Chain::forget_remote);
    state.sent_position = 0;
}

/// Notes that the server holds chains up to these numbers, since it sent them.
pub fn learn_remote(state: &mut DocumentState, actor: &ActorId, seq: u64, position: u64) {
    if let Some(chain) = state.chains.get_mut(actor) {
        chain.learn_remote(seq.min(chain.seq));
    }
    if state.is_safe() {
        state.sent_position = position;
    }
}
