use crate::ids::EntryId;

use super::{Op, Refusal};

/// A change chunk, parsed but not yet trusted: bounded in size, deps, actors and ops.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// SHA-256 over type, length and content, as Automerge computes it.
    pub entry: EntryId,
    /// Sorted hashes of what it depends on.
    pub dependencies: Vec<EntryId>,
    /// Its author's bytes.
    pub actor: &'a [u8],
    /// Its number in its author's chain, from 1.
    pub seq: u64,
    /// The counter of its first op.
    pub start_op: u64,
    /// Its author's clock, in Automerge's unit: seconds since 1970 by convention, Kith writes milliseconds.
    pub time: i64,
    /// Other actors that its ops name.
    pub others: Vec<&'a [u8]>,
    /// How many ops it has.
    pub ops_count: u64,
    /// Bytes of the whole chunk.
    pub bytes: &'a [u8],
    pub(super) columns: &'a [u8],
}

impl<'a> Change<'a> {
    /// The largest op counter in it; `start_op - 1` when it has no ops.
    #[must_use]
    pub fn max_op(&self) -> u64 {
        self.start_op + self.ops_count - 1
    }

    /// Its ops in order. Stops after the first error.
    pub fn ops(&self) -> impl Iterator<Item = Result<Op<'a>, Refusal>> {
        core::iter::empty()
    }
}

/// Parses a change: the gate's steps that need only the bytes.
///
/// # Errors
/// `TooLarge`, `NotAChange`, `Malformed`, `TooManyOps`, `Checksum`.
pub fn parse_change(_bytes: &[u8]) -> Result<Change<'_>, Refusal> {
    Err(Refusal::NotAChange)
}
