//! What each member may add to a document: shares, not a pot that whoever comes first fills.
//!
//! Of each thing that a document is bounded by, every member has a **reserve** that nobody else can touch. What the
//! reserves leave is lent: a member may hold of it at most as much as stays free afterwards. So whoever takes most
//! leaves as much again, one member alone takes half at most, and the others' own share it among themselves. (Dynamic
//! thresholds, as switches share their buffers: Choudhury and Hahne, 1998.)
//!
//! With `H` what honest members hold of the lent part and `h` the most that one of them does, all of it is admitted
//! whatever one other member adds, as long as `H + h` is at most half of the lent part.

use crate::document::DocumentName;
use crate::gate::Refusal;
use crate::ids::MemberId;
use crate::sorted::SortedMap;
use crate::trust::{CIRCLE_MEMBERS_MAX, MEMBER_DEVICES_MAX};
use crate::wire::CLOCK_CHAINS_MAX;

use super::{Chain, DocumentState};

/// Most chains in one document: 16 for each member, none lent. The clocks on the wire have some more, for those of a
/// phone that the server has not heard of.
pub const DOCUMENT_CHAINS_MAX: u64 = CHAINS_RESERVED * MEMBERS;
/// Most entries in one document.
pub const DOCUMENT_ENTRIES_MAX: u64 = 12_000;
/// Most work in one document, in ops ([`crate::gate::Change::work`]).
pub const DOCUMENT_WORK_MAX: u64 = 100_000;
/// Most bytes in one document: of changes as they are stored, and [`BODY_COST_BYTES`] for each text that they name.
pub const DOCUMENT_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Chains of one member in a document.
pub const CHAINS_RESERVED: u64 = 16;
/// Entries that a member can add to a document whatever others did.
pub const ENTRIES_RESERVED: u64 = 16;
/// Work that a member can add to a document whatever others did, in ops.
pub const WORK_RESERVED: u64 = 128;
/// Bytes that a member can add to a document whatever others did.
pub const BYTES_RESERVED: u64 = 12 * 1024;
/// What a text that a change names counts, in bytes: alike on every store, also where the text was taken back.
pub const BODY_COST_BYTES: u64 = 1_024;

/// What a text that was not taken back counts beside its change, so that its author can always take it back: two
/// entries and as many ops (one may have to join heads), and their bytes.
pub const TAKE_BACK_ENTRIES: u64 = 2;
/// Bytes of what takes a text back, at most.
pub const TAKE_BACK_BYTES: u64 = 2 * 1_024;

/// Most chains that one device of an honest member begins in a document, so that all of the member's devices together
/// stay within [`CHAINS_RESERVED`]. Used up, it writes on in the last once it has taken in what it lacks of it.
pub const INCARNATIONS_MAX: u32 = CHAINS_RESERVED as u32 / MEMBER_DEVICES_MAX as u32;

/// How far above its bounds a phone takes what the server let in: by as much again as its own unsent entries can be.
const RECEIVED_FACTOR: u64 = 2;
const MEMBERS: u64 = CIRCLE_MEMBERS_MAX as u64;

const _: () = assert!(DOCUMENT_CHAINS_MAX < CLOCK_CHAINS_MAX as u64);
const _: () = assert!(DOCUMENT_ENTRIES_MAX >= 2 * ENTRIES_RESERVED * MEMBERS);
const _: () = assert!(DOCUMENT_WORK_MAX >= 2 * WORK_RESERVED * MEMBERS);
const _: () = assert!(DOCUMENT_BYTES_MAX >= 2 * BYTES_RESERVED * MEMBERS);

/// How much of each thing: what an entry costs, what a member holds, what a document may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Chains that are begun.
    pub chains: u64,
    /// Entries.
    pub entries: u64,
    /// Work, in ops.
    pub work: u64,
    /// Bytes.
    pub bytes: u64,
    /// Texts that entries name.
    pub named: u64,
    /// Texts that entries take back.
    pub erased: u64,
}

/// What holds in a kind of document.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    reserved: Cost,
    lent: Cost,
    whole: Cost,
}

/// Who holds how much of a document.
#[derive(Clone, Debug)]
pub struct Shares {
    bounds: Bounds,
    held: SortedMap<MemberId, Cost>,
    lent: Cost,
    total: Cost,
}

impl Cost {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        self.with(other, u64::saturating_add)
    }

    fn above(self, reserved: Self) -> Self {
        self.with(reserved, u64::saturating_sub)
    }

    fn with(self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
        Self {
            chains: join(self.chains, other.chains),
            entries: join(self.entries, other.entries),
            work: join(self.work, other.work),
            bytes: join(self.bytes, other.bytes),
            named: join(self.named, other.named),
            erased: join(self.erased, other.erased),
        }
    }

    /// With what it takes to take back all texts that stand.
    fn charged(self) -> Self {
        let standing = self.named.saturating_sub(self.erased);
        Self {
            entries: self.entries + standing * TAKE_BACK_ENTRIES,
            work: self.work + standing * TAKE_BACK_ENTRIES,
            bytes: self.bytes + standing * TAKE_BACK_BYTES,
            named: 0,
            erased: 0,
            ..self
        }
    }

    /// Refuses by the name of what is above `max`.
    fn fits(self, max: Self) -> Result<(), Refusal> {
        let bounds = [
            (self.chains, max.chains, Refusal::FullChains),
            (self.entries, max.entries, Refusal::Full),
            (self.work, max.work, Refusal::FullOps),
            (self.bytes, max.bytes, Refusal::FullBytes),
        ];
        bounds.into_iter().find(|(held, max, _)| held > max).map_or(Ok(()), |(_, _, refusal)| Err(refusal))
    }
}

impl Bounds {
    /// Of a document with one writer, all of it is theirs.
    fn of(name: &DocumentName) -> Self {
        let whole = Cost {
            chains: DOCUMENT_CHAINS_MAX,
            entries: DOCUMENT_ENTRIES_MAX,
            work: DOCUMENT_WORK_MAX,
            bytes: DOCUMENT_BYTES_MAX,
            ..Cost::default()
        };
        if name.has_one_writer() {
            return Self { reserved: whole, lent: Cost::default(), whole };
        }
        let reserved = Cost {
            chains: CHAINS_RESERVED,
            entries: ENTRIES_RESERVED,
            work: WORK_RESERVED,
            bytes: BYTES_RESERVED,
            ..Cost::default()
        };
        let lent = whole.with(reserved, |whole, reserved| whole - reserved * MEMBERS);
        Self { reserved, lent, whole }
    }
}

impl Shares {
    /// Of a document in which nobody has written.
    #[must_use]
    pub fn empty(name: &DocumentName) -> Self {
        let (lent, total) = (Cost::default(), Cost::default());
        Self { bounds: Bounds::of(name), held: SortedMap::new(), lent, total }
    }

    /// How a document's chains add up.
    #[must_use]
    pub fn of(state: &DocumentState) -> Self {
        let mut shares = Self::empty(&state.name);
        for chain in state.chains.values() {
            shares.add(&chain.member, Chain::cost(chain));
        }
        shares
    }

    /// Whether a member may add this much.
    ///
    /// # Errors
    /// The refusal that names what there would be too much of: `FullChains`, `Full`, `FullOps`, `FullBytes`.
    pub fn check(&self, member: &MemberId, cost: Cost) -> Result<(), Refusal> {
        let held = self.held(member);
        let (before, after) = (held.charged(), held.plus(cost).charged());
        let (lent, wanted) = (before.above(self.bounds.reserved), after.above(self.bounds.reserved));
        let of_others = self.lent.above(lent);
        // Of what is lent as much must stay free as the member then holds; where no more is asked for, nothing need.
        let asked = wanted.with(lent, |wanted, lent| if wanted > lent { wanted } else { 0 });
        let taken = asked.with(of_others, |asked, of_others| if asked > 0 { 2 * asked + of_others } else { 0 });
        taken.fits(self.bounds.lent)?;
        let grown = after.above(before);
        let total = self.total.with(grown, |total, grown| if grown > 0 { total + grown } else { 0 });
        total.fits(self.bounds.whole)
    }

    /// Whether a phone takes this much from a server, which has weighed it.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn check_received(&self, member: &MemberId, cost: Cost) -> Result<(), Refusal> {
        let held = self.held(member);
        let grown = held.plus(cost).charged().above(held.charged());
        let max = self.bounds.whole.with(Cost::default(), |whole, _| whole * RECEIVED_FACTOR);
        self.total.plus(grown).fits(Cost { chains: CLOCK_CHAINS_MAX as u64, ..max })
    }

    /// Counts what a member added.
    pub fn add(&mut self, member: &MemberId, cost: Cost) {
        let reserved = self.bounds.reserved;
        let held = self.held.get_or_insert_with(*member, Cost::default);
        let before = held.charged();
        *held = held.plus(cost);
        let after = held.charged();
        self.lent = self.lent.above(before.above(reserved)).plus(after.above(reserved));
        self.total = self.total.above(before).plus(after);
    }

    /// What a member holds.
    #[must_use]
    pub fn held(&self, member: &MemberId) -> Cost {
        self.held.get(member).copied().unwrap_or_default()
    }
}
