//! What each member may add to a document: shares, not a pot that whoever comes first fills.
//!
//! Of each thing that a document is bounded by, every member has a **reserve** that nobody else can touch. What the
//! reserves leave is lent: a member may hold of it at most as much as stays free afterwards. So whoever takes most
//! leaves as much again, one member alone takes half at most, and the others' own share it among themselves. (Dynamic
//! thresholds, as switches share their buffers: Choudhury and Hahne, 1998.)
//!
//! With `H` what honest members hold of the lent part and `h` the most that one of them does, all of it is admitted
//! whatever one other member adds, as long as `H + h` is at most half of the lent part.

use crate::gate::Refusal;
use crate::ids::DocumentName;
use crate::ids::MemberId;
use crate::sorted::SortedMap;
use crate::wire::CLOCK_CHAINS_MAX;

use super::cost::*;
use super::{Chain, DocumentState};

/// How far above its bounds a phone takes what the server let in: by as much again as its own unsent entries can be.
const RECEIVED_FACTOR: u64 = 2;

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

impl Bounds {
    /// Of a document with one writer, all of it is theirs; of one with two, half of it each's.
    fn of(name: &DocumentName) -> Self {
        let whole = Cost {
            chains: DOCUMENT_CHAINS_MAX,
            entries: DOCUMENT_ENTRIES_MAX,
            work: DOCUMENT_WORK_MAX,
            bytes: DOCUMENT_BYTES_MAX,
            ..Cost::default()
        };
        if let Some(writers) = name.writers() {
            let reserved = whole.with(Cost::default(), |whole, _| whole / writers);
            return Self { reserved, lent: Cost::default(), whole };
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
