//! How far a phone holds chains, as the pages that it brought show.

use crate::ids::{ActorId, DocumentId};
use crate::sorted::SortedMap;

/// Chains by document, each with the largest number that the phone brought of it.
#[derive(Default)]
pub(super) struct Took(SortedMap<DocumentId, SortedMap<ActorId, u64>>);

impl Took {
    /// Notes chains that were in a page and not refused.
    pub(super) fn note(&mut self, document: DocumentId, chains: &SortedMap<ActorId, u64>) {
        let held = self.0.get_or_insert_with(document, SortedMap::new);
        for (actor, seq) in chains {
            let at = held.get_or_insert_with(*actor, || 0);
            *at = (*at).max(*seq);
        }
    }

    /// Adds them to what the phone says that it holds.
    pub(super) fn add_to(&self, held: &mut SortedMap<DocumentId, SortedMap<ActorId, u64>>) {
        for (document, chains) in &self.0 {
            let of = held.get_or_insert_with(*document, SortedMap::new);
            for (actor, seq) in chains {
                let at = of.get_or_insert_with(*actor, || 0);
                *at = (*at).max(*seq);
            }
        }
    }
}
