use crate::codec::DecodeError;
use crate::ids::CircleId;

use super::Entry;

/// Entries of one circle in causal order, small enough to be repeated after a cut. Unverified: each entry
/// still has to pass the gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The circle of all its entries.
    pub circle: CircleId,
    /// What a phone may remember after storing this page; empty on the way up.
    pub cursor: Vec<u8>,
    /// In causal order; the last entry of each chain carries a signature.
    pub entries: Vec<Entry>,
}

/// Packs the longest prefix of `entries` that fits one page and ends with every chain covered by a
/// signature. Returns the page's bytes and how many entries are in it; 0 entries only when `entries` is
/// empty or its first covered run alone does not fit.
#[must_use]
pub fn pack_page(_circle: &CircleId, _cursor: &[u8], _entries: &[Entry]) -> (Vec<u8>, usize) {
    (Vec::new(), 0)
}

/// Reads a page and rebuilds each change's exact bytes.
///
/// # Errors
/// When it is malformed, inflates beyond its bound, or is of another version.
pub fn unpack_page(_bytes: &[u8]) -> Result<Page, DecodeError> {
    Err(DecodeError::Short { what: "page" })
}
