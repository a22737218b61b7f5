//! The phone's side of an exchange, as pure steps: what to read, what to send, what an answer means.

use crate::sorted::SortedMap;

use crate::codec::DecodeError;
use crate::gate::parse_change;
use crate::ids::{ActorId, CircleId, DeviceId, DocumentId, EntryId};
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

/// The unsent entries in the answers to [`unsent_reads`], in causal order, each with its place. Of chains in `arrived`
/// only what comes from that number on: the server says that it holds them so far.
///
/// # Errors
/// When a stored entry does not decode.
pub fn unsent_entries(
    circle: &CircleId,
    states: &SortedMap<DocumentId, DocumentState>,
    arrived: &SortedMap<ActorId, u64>,
    results: Vec<ReadResult>,
) -> Result<Vec<(u64, StoredEntry)>, DecodeError> {
    let mut entries = Vec::new();
    for (at, value) in results.into_iter().flat_map(ReadResult::rows) {
        let entry = StoredEntry::decode(&value)?;
        let document = entry.document.id(circle);
        let actor = ActorId::derive(&entry.device, &document, entry.incarnation);
        let chain = states.get(&document).and_then(|state| state.chains.get(&actor));
        let from = arrived.get(&actor).copied().unwrap_or(0).min(chain.map_or(0, |chain| chain.seq));
        if entry.seq >= from && chain.is_none_or(|chain| entry.seq > chain.remote_seq) {
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

/// A page on its way up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packed {
    /// Its bytes.
    pub page: Vec<u8>,
    /// The chains of the device's own entries in it, each with the largest number among them.
    pub own: Vec<(ActorId, u64)>,
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
) -> Vec<Packed> {
    let own = |(_, stored): &(u64, StoredEntry)| {
        let actor = ActorId::derive(&stored.device, &stored.document.id(circle), stored.incarnation);
        (stored.device == device.id()).then_some((actor, stored.seq))
    };
    let owns: Vec<Option<(ActorId, u64)>> = entries.iter().map(own).collect();
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
        let mut own: SortedMap<ActorId, u64> = SortedMap::new();
        own.extend(owns[from..from + taken].iter().flatten().copied());
        pages.push(Packed { page, own: own.into_iter().collect() });
        from += taken;
    }
    pages
}

/// What an entry is known by; none for one whose bytes are malformed.
#[must_use]
pub fn entry_id(circle: &CircleId, entry: &StoredEntry) -> Option<EntryId> {
    let document = entry.document.id(circle);
    let actor = ActorId::derive(&entry.device, &document, entry.incarnation);
    place_of(&document, &actor, &entry.content).map(|(_, id)| id)
}

/// An entry's number in its chain, and what it is known by.
fn place_of(document: &DocumentId, actor: &ActorId, content: &EntryContent) -> Option<(u64, EntryId)> {
    match content {
        EntryContent::Plain(bytes) => parse_change(bytes).ok().map(|change| (change.seq, change.entry)),
        EntryContent::Sealed(bytes) => {
            let envelope = SealedEntry::parse(bytes).ok()?;
            Some((envelope.seq, sealed_entry_id(document, actor, bytes)))
        }
    }
}

fn signed(circle: &CircleId, device: &DeviceSecret, knows: &Knows, entry: Entry) -> Entry {
    if entry.device != device.id() || entry.signature.is_some() {
        return entry;
    }
    let document = entry.document.id(circle);
    let actor = ActorId::derive(&entry.device, &document, entry.incarnation);
    let place = place_of(&document, &actor, &entry.content);
    let Some((seq, id)) = place else { return entry };
    let head = SignedHead { circle: *circle, document, actor, seq, entry: id, knows: *knows };
    Entry { signature: Some(head.sign(device)), ..entry }
}

/// What is known of this device's own entries when an answer comes.
#[derive(Clone, Copy, Debug)]
pub struct OwnSent<'a> {
    /// The device.
    pub device: DeviceId,
    /// How far of each of its chains was in the request.
    pub ends: &'a SortedMap<ActorId, u64>,
    /// Whether the answer refused something of the document.
    pub is_refused: bool,
}

impl OwnSent<'_> {
    /// How far the server is proven to hold this device's own chain, whose end it says is `seq`, when it was known to
    /// hold it up to `known`. The end of a chain tells its number and not what stands there: that may be what another
    /// phone with the same keys wrote. So what was not in the request, and not refused in the answer, proves nothing.
    fn proven(&self, actor: &ActorId, chain: &Chain, known: u64, seq: u64) -> u64 {
        if known >= chain.seq || seq <= known {
            return seq;
        }
        let sent = self.ends.get(actor).copied().filter(|_| !self.is_refused);
        sent.map_or(known, |sent| sent.min(seq).max(known))
    }
}

/// Takes an acknowledgement into a document's state. `position` is the place that the next entry gets. A
/// `whole` one was asked for: it names every chain that the server holds, which may be less than was known
/// when the server was restored from a backup. What it says of the device's own chains beyond what is proven goes to
/// `arrived`: to be sent again from there on.
pub fn take_ack(
    circle: &CircleId,
    state: &mut DocumentState,
    ack: &Ack,
    whole: bool,
    position: u64,
    sent: &OwnSent<'_>,
    arrived: &mut SortedMap<ActorId, u64>,
) -> AckOutcome {
    let document = state.name.id(circle);
    let mut ahead = false;
    let known: SortedMap<ActorId, u64> = state.chains.iter().map(|(actor, chain)| (*actor, chain.remote_seq)).collect();
    if whole {
        forget_remote(state);
    }
    let is_same = ack.clock_digest == state.clock_digest() && ack.heads_digest == state.heads_digest();
    for tip in &ack.chains {
        let actor = ActorId::derive(&tip.device, &document, tip.incarnation);
        match state.chains.get_mut(&actor) {
            Some(chain) if tip.device == sent.device && !is_same => {
                ahead |= tip.seq > chain.seq;
                let proven = sent.proven(&actor, chain, known.get(&actor).copied().unwrap_or(0), tip.seq);
                chain.learn_remote(proven);
                if tip.seq > proven {
                    arrived.insert(actor, tip.seq);
                }
            }
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
        return match is_same {
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
