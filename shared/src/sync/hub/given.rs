//! What of a circle's chain an answer gives: from where the phone's own ends, or parts from the server's.

use crate::ids::{DeviceId, StatementId};
use crate::sorted::SortedSet;
use crate::trust::{Chain, Knows};
use crate::wire::{ChainCursor, ChainState, RECORDS_MAX};

use super::super::statements::{CircleChain, Giving};

/// What an answer says of a chain.
pub(super) struct Given {
    pub(super) state: ChainState,
    pub(super) from: u64,
    pub(super) givings: Vec<Giving>,
    /// The last record that the device is told of.
    pub(super) last: Knows,
    /// What the chain has where the phone's ends, when it is another there.
    pub(super) there: Option<Knows>,
    /// Whether more records follow than the answer holds.
    pub(super) is_cut: bool,
}

impl Given {
    /// What a device whose chain ends at `cursor` is given, in about `bytes_max` bytes.
    pub(super) fn new(
        chain: &CircleChain,
        device: &DeviceId,
        cursor: &ChainCursor,
        brought: &SortedSet<StatementId>,
        bytes_max: usize,
    ) -> Self {
        let end = chain.end_for(device);
        let (state, from) = stand(chain.chain(), cursor);
        // What parts from the phone's chain, and did not begin anew since, is proven by what is signed of it.
        let is_other = state == ChainState::Differs && from == 1;
        let there = if is_other { chain.knows_at(cursor.position.min(end)) } else { None };
        let to = if state == ChainState::Behind || is_other { 0 } else { end };
        let mut givings = chain.giving(device, from, to, brought);
        let mut bytes = 0;
        let fitting = givings.iter().take(RECORDS_MAX).take_while(|giving| {
            let fits = bytes == 0 || bytes + chain.cost_bytes(giving) <= bytes_max;
            bytes += chain.cost_bytes(giving);
            fits
        });
        let fitting = fitting.count();
        let is_cut = fitting < givings.len();
        givings.truncate(fitting);
        let last = chain.knows_at(end).unwrap_or(Knows::NOTHING);
        Self { state, from, givings, last, there, is_cut }
    }
}

/// How a chain stands to what a phone holds, and from where on it lacks records.
fn stand(chain: &Chain, cursor: &ChainCursor) -> (ChainState, u64) {
    let standing = chain.standing();
    match standing.kept_of(cursor.generation) {
        _ if cursor.position == 0 => (ChainState::Follows, 1),
        Some(kept) if cursor.position > kept => (ChainState::Differs, kept + 1),
        _ if cursor.generation > standing.generation() || cursor.position > chain.len() => {
            (ChainState::Behind, chain.len() + 1)
        }
        _ if chain.hash(cursor.position).is_some_and(|hash| cursor.fits(&hash)) => {
            (ChainState::Follows, cursor.position + 1)
        }
        _ => (ChainState::Differs, 1),
    }
}
