//! What entries cost in a document, and how much of it there is.

use crate::gate::Refusal;
use crate::trust::{CIRCLE_MEMBERS_MAX, MEMBER_DEVICES_MAX};
use crate::wire::CLOCK_CHAINS_MAX;

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
const TAKE_BACK_ENTRIES: u64 = 2;
/// Bytes of what takes a text back, at most.
const TAKE_BACK_BYTES: u64 = 2 * 1_024;

/// Most chains that one device of an honest member begins in a document, so that all of the member's devices together
/// stay within [`CHAINS_RESERVED`]. Used up, it writes on in the last once it has taken in what it lacks of it.
pub const INCARNATIONS_MAX: u32 = CHAINS_RESERVED as u32 / MEMBER_DEVICES_MAX as u32;

/// People that a document is shared out among.
pub(super) const MEMBERS: u64 = CIRCLE_MEMBERS_MAX as u64;

const _: () = assert!(DOCUMENT_CHAINS_MAX < CLOCK_CHAINS_MAX as u64);
const _: () = assert!(DOCUMENT_ENTRIES_MAX >= 2 * ENTRIES_RESERVED * MEMBERS);
const _: () = assert!(DOCUMENT_WORK_MAX >= 2 * WORK_RESERVED * MEMBERS);
const _: () = assert!(DOCUMENT_BYTES_MAX >= 2 * BYTES_RESERVED * MEMBERS);

/// How much of each thing: what an entry costs, what a member holds, what a document may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Chains that are begun.
    pub chains: u64,
    /// Entries, the sealed ones counted like the others.
    pub entries: u64,
    /// Work, in ops.
    pub work: u64,
    /// Bytes of changes as they are stored, and [`BODY_COST_BYTES`] for each text that they name.
    pub bytes: u64,
    /// Texts that entries name.
    pub named: u64,
    /// Texts that entries take back.
    pub erased: u64,
}

impl Cost {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        self.with(other, u64::saturating_add)
    }

    pub(super) fn above(self, reserved: Self) -> Self {
        self.with(reserved, u64::saturating_sub)
    }

    pub(super) fn with(self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
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
    pub(super) fn charged(self) -> Self {
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
    pub(super) fn fits(self, max: Self) -> Result<(), Refusal> {
        let bounds = [
            (self.chains, max.chains, Refusal::FullChains),
            (self.entries, max.entries, Refusal::Full),
            (self.work, max.work, Refusal::FullOps),
            (self.bytes, max.bytes, Refusal::FullBytes),
        ];
        bounds.into_iter().find(|(held, max, _)| held > max).map_or(Ok(()), |(_, _, refusal)| Err(refusal))
    }
}
