use crate::sorted::SortedMap;

use crate::codec::{DecodeError, Reader, Writer};
use crate::gate::{BODY_BYTES_MAX, CHANGE_BODIES_MAX, CHANGE_BYTES_MAX, Genesis};
use crate::ids::DocumentName;
use crate::ids::{ActorId, BodyId, DeviceId, EntryId, Incarnation, MemberId, tagged_hash};
use crate::seal::SEALED_BYTES_MAX;
use crate::time::TimestampMs;
use crate::trust::{EntrySignature, Knows};
use crate::wire::{CLOCK_CHAINS_MAX, ChainTip, DocumentClock, Entry, EntryContent, Lacking};

use super::{Cost, INCARNATIONS_MAX};

/// Of a stored entry.
const VERSION: u8 = 3;
/// The same that says when the server took it.
const ADMITTED_VERSION: u8 = 4;
/// Of a document's state, which counts since 3 what each chain costs.
const DOCUMENT_VERSION: u8 = 3;
/// Of the circle's record alone; below 4 there was no chain.
const CIRCLE_VERSION: u8 = 4;
/// The same where records that were brought back lack something.
const LACKING_VERSION: u8 = 5;
/// Most records of which it is remembered that they lack something; of more, phones find out by themselves.
const LACKING_MAX: usize = 1_024;
/// Most generations of a chain: each begins by a word of the root's.
const GENERATIONS_MAX: usize = 4_096;
/// A document has at most as many heads as chains.
const HEADS_MAX: usize = CLOCK_CHAINS_MAX;
const LABEL_BYTES_MAX: usize = 200;

/// A circle as a store keeps it. Changed with every commit to the circle: who expects it unchanged owns
/// the circle's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CircleRecord {
    /// The place that the next entry gets.
    pub position: u64,
    /// The last record of its chain.
    pub chain: Knows,
    /// Generations that began after the first, each with its first position.
    pub restored: Vec<(u32, u64)>,
    /// A later head than the chain's, with the server's own signature, that somebody showed: nothing is admitted until
    /// the chain is back there, or the root goes on without.
    pub awaited: Option<Knows>,
    /// Records that were brought back and lack their text, or what lies beside it: ascending.
    pub lacking: Vec<Lacking>,
    /// Devices in the roster.
    pub roster_len: u32,
    /// What the operator calls the circle; never shown to members.
    pub label: String,
}

impl Default for CircleRecord {
    fn default() -> Self {
        let (restored, awaited, lacking, label) = (Vec::new(), None, Vec::new(), String::new());
        Self { position: 0, chain: Knows::NOTHING, restored, awaited, lacking, roster_len: 0, label }
    }
}

impl CircleRecord {
    /// The stored form: version (1 byte, 4), place, the chain's generation, position and hash, how many generations
    /// began later and each one's number and first position, whether a later head is awaited and which, devices, label; version 5
    /// is the same with the list of the lacking behind it, which is not empty.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        let version = if self.lacking.is_empty() { CIRCLE_VERSION } else { LACKING_VERSION };
        writer.byte(version).number(self.position);
        self.chain.write(&mut writer);
        writer.count(self.restored.len());
        for (generation, from) in &self.restored {
            writer.number((*generation).into()).number(*from);
        }
        writer.flag(self.awaited.is_some());
        if let Some(awaited) = &self.awaited {
            awaited.write(&mut writer);
        }
        writer.number(self.roster_len.into()).text(&self.label);
        if !self.lacking.is_empty() {
            writer.count(self.lacking.len());
            self.lacking.iter().for_each(|lacking| lacking.write(&mut writer));
        }
        writer.into_bytes()
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// When it is not one; [`Self::is_of_before`] says whether an earlier version of the program wrote it.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let invalid = DecodeError::Invalid { what: "circle record" };
        let is_lacking = match reader.byte("circle record")? {
            CIRCLE_VERSION => false,
            LACKING_VERSION => true,
            _ => return Err(invalid),
        };
        let mut record = Self {
            position: reader.number("circle position")?,
            chain: Knows::read(&mut reader)?,
            restored: (0..reader.count(GENERATIONS_MAX, "generations")?)
                .map(|_| Ok((reader.number_as("generation")?, reader.number("generation's first record")?)))
                .collect::<Result<_, DecodeError>>()?,
            awaited: match reader.flag("awaited head")? {
                true => Some(Knows::read(&mut reader)?),
                false => None,
            },
            roster_len: reader.number_as("roster length")?,
            label: reader.text(LABEL_BYTES_MAX, "circle label")?.to_owned(),
            lacking: Vec::new(),
        };
        if is_lacking {
            let count = reader.count(LACKING_MAX, "lacking records")?;
            record.lacking = (0..count).map(|_| Lacking::read(&mut reader)).collect::<Result<_, _>>()?;
            let is_ascending = record.lacking.windows(2).all(|two| two[0].position < two[1].position);
            if count == 0 || !is_ascending {
                return Err(invalid);
            }
        }
        reader.finish("circle record")?;
        Ok(record)
    }

    /// Remembers that a record lacks something, which comes after all that are remembered.
    pub fn lack(&mut self, lacking: Lacking) {
        let is_next = self.lacking.last().is_none_or(|last| last.position < lacking.position);
        if is_next && self.lacking.len() < LACKING_MAX {
            self.lacking.push(lacking);
        }
    }

    /// Some of the records that lack something, others each minute.
    #[must_use]
    pub fn lacking_at(&self, now: TimestampMs) -> Vec<Lacking> {
        const TURN_MS: u64 = 60_000;
        let told = crate::wire::LACKING_MAX;
        let turns = self.lacking.len().div_ceil(told).max(1) as u64;
        let turn = usize::try_from((now.0 / TURN_MS) % turns).unwrap_or(0);
        self.lacking.iter().skip(turn * told).take(told).copied().collect()
    }

    /// Whether a version of the program wrote it that kept no chain.
    #[must_use]
    pub fn is_of_before(bytes: &[u8]) -> bool {
        bytes.first().is_some_and(|version| *version < CIRCLE_VERSION)
    }

    /// Up to which position an earlier generation's chain still holds; none for the present one.
    #[must_use]
    pub fn kept_of(&self, generation: u32) -> Option<u64> {
        let later = self.restored.iter().filter(|(began, _)| *began > generation);
        later.map(|(_, from)| from.saturating_sub(1)).min()
    }
}

/// One actor's chain in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The device that writes the chain, in one of its incarnations.
    pub device: DeviceId,
    /// Whose device that was when the chain began; whose share the chain counts in.
    pub member: MemberId,
    /// Which beginning.
    pub incarnation: Incarnation,
    /// The last entry's number: also how many entries there are.
    pub seq: u64,
    /// The last entry.
    pub last: EntryId,
    /// Its largest op counter.
    pub max_op: u64,
    /// What its entries take to merge, in ops.
    pub work: u64,
    /// What its entries take to keep, in bytes ([`super::DOCUMENT_BYTES_MAX`]).
    pub bytes: u64,
    /// How many texts its entries name.
    pub named: u64,
    /// How many texts its entries take back, its member's other chains' too.
    pub erased: u64,
    /// On a phone: how far the server is known to hold this chain, durably.
    pub remote_seq: u64,
    /// On a phone: the largest op counter that the server is known to hold of it.
    pub remote_max_op: u64,
}

/// What a store knows of a document without loading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentState {
    /// Its name.
    pub name: DocumentName,
    /// Its chains.
    pub chains: SortedMap<ActorId, Chain>,
    /// Entries that nothing depends on, each with its largest op counter.
    pub heads: SortedMap<EntryId, u64>,
    /// How many entries.
    pub entries: u64,
    /// On a phone: entries before this place need no sending.
    pub sent_position: u64,
    /// On a phone: Automerge took all entries before this place.
    pub proven_position: u64,
}

impl DocumentState {
    /// A document that holds only its genesis.
    #[must_use]
    pub fn new(name: DocumentName, genesis: &Genesis) -> Self {
        Self {
            name,
            chains: SortedMap::new(),
            heads: [(genesis.entry, genesis.max_op)].into_iter().collect(),
            entries: 0,
            sent_position: 0,
            proven_position: 0,
        }
    }

    /// Whether the server is known to hold all of it.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        self.chains.values().all(|chain| chain.remote_seq >= chain.seq)
    }

    /// Entries that the server is not known to hold.
    #[must_use]
    pub fn unsent(&self) -> u64 {
        self.chains.values().map(|chain| chain.seq.saturating_sub(chain.remote_seq)).sum()
    }

    /// How far each chain goes.
    #[must_use]
    pub fn clock(&self) -> DocumentClock {
        let mut chains: Vec<ChainTip> = self.chains.values().map(Chain::tip).collect();
        chains.sort_unstable();
        DocumentClock { document: self.name, chains }
    }

    /// A short hash of the heads.
    #[must_use]
    pub fn heads_digest(&self) -> [u8; 8] {
        let mut writer = Writer::new();
        self.heads.keys().for_each(|head| {
            writer.raw(head.as_bytes());
        });
        digest_8("kith/heads/1", &writer.into_bytes())
    }

    /// A short hash of the clock.
    #[must_use]
    pub fn clock_digest(&self) -> [u8; 8] {
        let mut writer = Writer::new();
        for (actor, chain) in &self.chains {
            writer.raw(actor.as_bytes()).number(chain.seq);
        }
        digest_8("kith/clock/1", &writer.into_bytes())
    }

    /// The incarnation that `device` writes as: one after the last when the server holds more of the device's chain
    /// than the device does (it was restored from an older state), up to the last that it may begin.
    #[must_use]
    pub fn incarnation_of(&self, device: &DeviceId) -> Incarnation {
        let last = self.last_chain_of(device);
        let next = |last: &Chain| last.incarnation.0 + u32::from(last.is_behind());
        last.map_or(Incarnation(0), |last| Incarnation(next(last).min(last.incarnation.0.max(INCARNATIONS_MAX - 1))))
    }

    /// Whether `device` was restored from an older state and has begun anew here as often as it may: it writes on once
    /// it has taken in what it wrote before, which the server holds.
    #[must_use]
    pub fn waits_for_own(&self, device: &DeviceId) -> bool {
        let last = self.last_chain_of(device);
        last.is_some_and(|last| last.is_behind() && last.incarnation.0 + 1 >= INCARNATIONS_MAX)
    }

    /// The chain of a device's incarnation.
    #[must_use]
    pub fn chain_of(&self, device: &DeviceId, incarnation: Incarnation) -> Option<&Chain> {
        self.chains.values().find(|chain| chain.device == *device && chain.incarnation == incarnation)
    }

    /// Whether the server is not known to hold all that `device` wrote.
    #[must_use]
    pub fn has_unsent(&self, device: &DeviceId) -> bool {
        self.chains.values().any(|chain| chain.device == *device && chain.remote_seq < chain.seq)
    }

    /// Whether it has more of `device` than it had before.
    #[must_use]
    pub fn goes_beyond(&self, before: Option<&Self>, device: &DeviceId) -> bool {
        let len = |state: &Self| {
            let own = state.chains.values().filter(|chain| chain.device == *device);
            own.map(|chain| chain.seq).sum::<u64>()
        };
        len(self) > before.map_or(0, len)
    }

    /// Whether a stored entry is one of `device` that the server is not known to hold.
    #[must_use]
    pub fn is_unsent(&self, device: &DeviceId, stored: &StoredEntry) -> bool {
        let chain = self.chain_of(&stored.device, stored.incarnation);
        stored.device == *device && chain.is_some_and(|chain| stored.seq > chain.remote_seq)
    }

    fn last_chain_of(&self, device: &DeviceId) -> Option<&Chain> {
        self.chains.values().filter(|chain| chain.device == *device).max_by_key(|chain| chain.incarnation)
    }

    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(DOCUMENT_VERSION);
        self.name.write(&mut writer);
        writer.number(self.entries).number(self.sent_position).number(self.proven_position);
        writer.count(self.chains.len());
        for (actor, chain) in &self.chains {
            writer.raw(actor.as_bytes()).raw(chain.device.as_bytes()).raw(chain.member.as_bytes());
            writer.number(chain.incarnation.0.into()).number(chain.seq).raw(chain.last.as_bytes());
            writer.number(chain.max_op).number(chain.work).number(chain.bytes);
            writer.number(chain.named).number(chain.erased);
            writer.number(chain.remote_seq).number(chain.remote_max_op);
        }
        writer.count(self.heads.len());
        for (head, max_op) in &self.heads {
            writer.raw(head.as_bytes()).number(*max_op);
        }
        writer.into_bytes()
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// When it is not one.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = versioned_as(DOCUMENT_VERSION, bytes, "document state")?;
        let name = DocumentName::read(&mut reader)?;
        let entries = reader.number("entry count")?;
        let sent_position = reader.number("sent position")?;
        let proven_position = reader.number("proven position")?;
        let (chains, heads) = (SortedMap::new(), SortedMap::new());
        let mut state = Self { name, chains, heads, entries, sent_position, proven_position };
        for _ in 0..reader.count(CLOCK_CHAINS_MAX, "chains")? {
            let actor = ActorId(reader.array("chain actor")?);
            let chain = Chain {
                device: DeviceId(reader.array("chain device")?),
                member: MemberId(reader.array("chain member")?),
                incarnation: Incarnation(reader.number_as("chain incarnation")?),
                seq: reader.number("chain seq")?,
                last: EntryId(reader.array("chain end")?),
                max_op: reader.number("chain counter")?,
                work: reader.number("chain work")?,
                bytes: reader.number("chain bytes")?,
                named: reader.number("chain texts")?,
                erased: reader.number("chain texts taken back")?,
                remote_seq: reader.number("chain remote seq")?,
                remote_max_op: reader.number("chain remote counter")?,
            };
            state.chains.insert(actor, chain);
        }
        for _ in 0..reader.count(HEADS_MAX, "heads")? {
            let head = EntryId(reader.array("head")?);
            state.heads.insert(head, reader.number("head counter")?);
        }
        reader.finish("document state")?;
        Ok(state)
    }
}

impl Chain {
    /// What it counts in its member's share.
    #[must_use]
    pub fn cost(&self) -> Cost {
        let Self { seq: entries, work, bytes, named, erased, .. } = *self;
        Cost { chains: 1, entries, work, bytes, named, erased }
    }

    /// Counts some of its last entries off, of which its numbers tell nothing any more.
    pub fn take_off(&mut self, cost: Cost) {
        self.work = self.work.saturating_sub(cost.work);
        self.bytes = self.bytes.saturating_sub(cost.bytes);
        self.named = self.named.saturating_sub(cost.named);
        self.erased = self.erased.saturating_sub(cost.erased);
        self.learn_remote(0);
    }

    /// Notes that the server holds the chain up to `seq`.
    pub fn learn_remote(&mut self, seq: u64) {
        self.remote_seq = self.remote_seq.max(seq);
        if self.remote_seq >= self.seq {
            self.remote_max_op = self.max_op;
        }
    }

    /// Whether the server holds more of it than this store.
    fn is_behind(&self) -> bool {
        self.remote_seq > self.seq
    }

    /// Forgets how far the server is.
    pub fn forget_remote(&mut self) {
        (self.remote_seq, self.remote_max_op) = (0, 0);
    }

    /// The chain's end, as the wire names it.
    #[must_use]
    pub fn tip(&self) -> ChainTip {
        ChainTip { device: self.device, incarnation: self.incarnation, seq: self.seq }
    }
}

/// An entry as a store keeps it: bodies apart, by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its document.
    pub document: DocumentName,
    /// Its author's device.
    pub device: DeviceId,
    /// The device's incarnation.
    pub incarnation: Incarnation,
    /// Its number in its chain.
    pub seq: u64,
    /// The change.
    pub content: EntryContent,
    /// Its author's signature, when it came with one.
    pub signature: Option<EntrySignature>,
    /// The text bodies that it names.
    pub bodies: Vec<BodyId>,
    /// See [`Entry::admitted`].
    pub admitted: Option<TimestampMs>,
}

impl StoredEntry {
    /// The entry as it travels, with these bodies.
    #[must_use]
    pub fn with_bodies(self, bodies: Vec<Vec<u8>>) -> Entry {
        Entry {
            document: self.document,
            device: self.device,
            incarnation: self.incarnation,
            content: self.content,
            signature: self.signature,
            bodies,
            admitted: self.admitted,
        }
    }

    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(if self.admitted.is_some() { ADMITTED_VERSION } else { VERSION });
        self.document.write(&mut writer);
        writer.raw(self.device.as_bytes()).number(self.incarnation.0.into()).number(self.seq);
        writer.byte(u8::from(self.content.plain().is_none())).bytes(self.content.bytes());
        writer.flag(self.signature.is_some());
        if let Some(signature) = &self.signature {
            signature.write(&mut writer);
        }
        writer.count(self.bodies.len());
        self.bodies.iter().for_each(|body| {
            writer.raw(body.as_bytes());
        });
        if let Some(admitted) = self.admitted {
            writer.number(admitted.0);
        }
        writer.into_bytes()
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// When it is not one.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let is_admitted = bytes.first() == Some(&ADMITTED_VERSION);
        let mut reader = versioned_as(if is_admitted { ADMITTED_VERSION } else { VERSION }, bytes, "stored entry")?;
        let document = DocumentName::read(&mut reader)?;
        let device = DeviceId(reader.array("entry device")?);
        let incarnation = Incarnation(reader.number_as("entry incarnation")?);
        let seq = reader.number("entry seq")?;
        let content = match reader.byte("entry class")? {
            0 => EntryContent::Plain(reader.bytes(CHANGE_BYTES_MAX, "entry change")?.to_vec()),
            1 => EntryContent::Sealed(reader.bytes(SEALED_BYTES_MAX, "sealed entry")?.to_vec()),
            _ => return Err(DecodeError::Invalid { what: "entry class" }),
        };
        let signature = match reader.flag("entry signature")? {
            true => Some(EntrySignature::read(&mut reader)?),
            false => None,
        };
        let mut bodies = Vec::new();
        for _ in 0..reader.count(CHANGE_BODIES_MAX, "entry bodies")? {
            bodies.push(BodyId(reader.array("body id")?));
        }
        let admitted = is_admitted.then(|| reader.number("entry admission").map(TimestampMs)).transpose()?;
        reader.finish("stored entry")?;
        Ok(Self { document, device, incarnation, seq, content, signature, bodies, admitted })
    }

    /// About what it costs on the wire, in bytes, for progress and counts.
    #[must_use]
    pub fn cost_bytes(&self) -> u64 {
        (self.content.bytes().len() + self.bodies.len() * BODY_BYTES_MAX / 8) as u64
    }
}

/// The first 8 bytes of a tagged hash.
#[must_use]
fn digest_8(tag: &str, bytes: &[u8]) -> [u8; 8] {
    let mut digest = [0; 8];
    digest.copy_from_slice(&tagged_hash(tag, &[bytes])[..8]);
    digest
}

fn versioned_as<'a>(version: u8, bytes: &'a [u8], what: &'static str) -> Result<Reader<'a>, DecodeError> {
    let mut reader = Reader::new(bytes);
    if reader.byte(what)? != version {
        return Err(DecodeError::Invalid { what });
    }
    Ok(reader)
}
