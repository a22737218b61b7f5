//! Where entries come from, and what their signatures are held against.

use crate::ids::RecordHash;
use crate::trust::Chain;

use super::OldKeys;

/// Where entries come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From the server, which let them in when they were written: every chain must be covered by a signature.
    Received,
    /// From a phone, to the server: also, the author must be in the circle now, and seal as [`OldKeys`] demands.
    Offered(OldKeys),
    /// Just made by this device: signed when it is sent.
    Own,
    /// Made by this device earlier, and written again: it is taken whatever its author's share holds, since it was
    /// taken once.
    Again,
    /// Out of sealed entries.
    Inside,
}

/// What of a circle's chain the signatures of entries are held against.
pub trait Positions {
    /// The hash at a position of a generation; none when it is not known here.
    fn hash_of(&self, generation: u32, position: u64) -> Option<RecordHash>;
    /// Up to which position an earlier generation's chain still holds; none for the present one.
    fn kept_of(&self, generation: u32) -> Option<u64>;
}

impl Positions for Chain {
    fn hash_of(&self, generation: u32, position: u64) -> Option<RecordHash> {
        Self::hash_of(self, generation, position)
    }

    fn kept_of(&self, generation: u32) -> Option<u64> {
        self.standing().kept_of(generation)
    }
}

/// No chain is known yet: nothing but one's own is taken in.
impl Positions for () {
    fn hash_of(&self, _: u32, _: u64) -> Option<RecordHash> {
        None
    }

    fn kept_of(&self, _: u32) -> Option<u64> {
        None
    }
}
