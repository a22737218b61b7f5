//! Whether there is room in a document for what this phone's person writes: the server's shares, held against before
//! anything is stored, so that a person hears of it while the words still stand before them.

use crate::document::{BodyOp, DocumentName, ITEM_BYTES_MAX};
use crate::ids::{CircleId, DocumentId};
use crate::sync::{BODY_COST_BYTES, Cost, Shares};

use super::Problem;
use super::engine::Engine;
use super::kind::full_problem;
use super::problems::{put_back, set_aside};

/// What a change takes beside its ops, in bytes: header, heads, the actors that it names, a join before it.
const CHANGE_BYTES: u64 = 1_024;
/// Bytes that an op of a body takes at most, one character's among them.
const OP_BYTES: u64 = 16;
/// A sealed entry says its size in steps that double.
const SEALED_FACTOR: u64 = 2;
/// Ops of a new block with its attributes, its weight as an object included; of one that is changed; of a mark.
const BLOCK_WORK: u64 = 6;
const SET_BLOCK_WORK: u64 = 3;
const MARK_WORK: u64 = 2;

/// A message: its change and one that joins heads, its text among it.
pub(super) const MESSAGE_COST: Cost =
    Cost { chains: 0, entries: 2, work: 1, bytes: 2 * CHANGE_BYTES + BODY_COST_BYTES, named: 1, erased: 0 };

/// So many of them.
pub(super) fn records_cost(records: u64) -> Cost {
    let Cost { entries, work, bytes, named, .. } = MESSAGE_COST;
    let [entries, work, bytes, named] = [entries, work, bytes, named].map(|each| records * each);
    Cost { entries, work, bytes, named, ..MESSAGE_COST }
}

/// An edit beside a note's body: an item with all its fields, and a change that joins heads.
pub(super) const FIELD_COST: Cost =
    Cost { chains: 0, entries: 2, work: 8, bytes: 2 * CHANGE_BYTES + ITEM_BYTES_MAX as u64, named: 0, erased: 0 };

impl Engine {
    /// Whether this phone may add this much to a document, beside what was typed there and is no change yet.
    pub(super) fn check_room(&self, circle: &CircleId, name: &DocumentName, cost: Cost) -> Result<(), Problem> {
        let (document, device) = (name.id(circle), self.device()?.id());
        if self.documents.is_aside(&document) {
            return Err(set_aside());
        }
        let local = self.local(circle)?;
        let Some((author, _)) = local.roster().author(&device) else { return Ok(()) };
        let (pending_work, pending_bytes) =
            self.documents.get(&document).map_or((0, 0), |open| open.handle.pending_cost());
        let factor = if name.is_sealed() { SEALED_FACTOR } else { 1 };
        let state = local.document(&document);
        if state.is_some_and(|state| state.waits_for_own(&device)) {
            return Err(put_back());
        }
        let incarnation = state.map_or_else(Default::default, |state| state.incarnation_of(&device));
        let begins = state.is_none_or(|state| {
            !state.chains.values().any(|chain| chain.device == device && chain.incarnation == incarnation)
        });
        let cost = Cost {
            chains: u64::from(begins),
            work: factor * (cost.work + pending_work),
            bytes: factor * (cost.bytes + pending_bytes),
            ..cost
        };
        let shares = state.map_or_else(|| Shares::empty(name), Shares::of);
        shares.check(&author.member, cost).map_err(|refusal| full_problem(name, refusal))
    }
}

impl Engine {
    /// Whether what was typed in a document may be written in whole words, which takes more than the letters alone.
    pub(super) fn has_room_for_words(&self, document: &DocumentId) -> bool {
        let Some(open) = self.documents.get(document) else { return true };
        let work = open.handle.whole_cost();
        let bytes = 2 * CHANGE_BYTES + work * OP_BYTES;
        let cost = Cost { entries: 2, work, bytes, ..Cost::default() };
        work == 0 || self.check_room(open.circle(), open.handle.name(), cost).is_ok()
    }
}

/// What edits of a body take at most.
pub(super) fn cost_of(ops: &[BodyOp]) -> Cost {
    let work: u64 = ops
        .iter()
        .map(|op| match op {
            BodyOp::Splice { remove, text, .. } => *remove as u64 + text.chars().count() as u64,
            BodyOp::Block { .. } => BLOCK_WORK,
            BodyOp::SetBlock { .. } => SET_BLOCK_WORK,
            BodyOp::Mark { .. } => MARK_WORK,
        })
        .sum();
    // One for every so many ops, and one that joins heads.
    let changes = work / 1_024 + 2;
    Cost { entries: changes, work, bytes: changes * CHANGE_BYTES + work * OP_BYTES, ..Cost::default() }
}
