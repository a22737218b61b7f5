//! What a request says of a circle's documents.

use crate::ids::{CircleId, DeviceId, DocumentId};
use crate::sync::StoredEntry;
use crate::trust::MemberState;
use crate::wire::{CLOCK_DOCUMENTS_MAX, ChainCursor, CircleAsk, DocumentClock};

use super::LocalCircle;

impl LocalCircle {
    /// Says of entries that were signed at records which a restored backup lost what stood there, since no chain tells
    /// it any more.
    pub(in crate::client) fn name_lost(&self, entries: &mut [(u64, StoredEntry)]) {
        let chain = self.keyring.history().chain();
        for signed in entries.iter_mut().filter_map(|(_, entry)| entry.signature.as_mut()) {
            let is_lost = chain.standing().kept_of(signed.generation).is_some_and(|kept| signed.position > kept);
            if is_lost && signed.lost_hash.is_none() {
                signed.lost_hash = chain.hash_of(signed.generation, signed.position);
            }
        }
    }

    /// What it asks; what else a request says of the circle is not in it.
    pub(in crate::client) fn ask(&self, circle: &CircleId, own: &DeviceId, asks_first: bool) -> CircleAsk {
        let begins_anew = self.cursor.is_empty();
        let is_unsure = |document: &DocumentId| begins_anew || self.unsure.contains(document);
        let names = self.documents.iter().filter(|(document, _)| is_unsure(document)).take(CLOCK_DOCUMENTS_MAX);
        CircleAsk {
            circle: *circle,
            cursor: self.cursor.clone(),
            chain: ChainCursor::of(&self.keyring.history().chain().head()),
            unsure: match asks_first || begins_anew {
                true => names.map(|(_, state)| state.name).collect(),
                false => Vec::new(),
            },
            clocks: self.clocks(own),
            ..CircleAsk::of(*circle)
        }
    }

    /// How far the chains here go. Of all documents, when everything is asked for anew; else of this device's own in
    /// those of which the server may hold what it was sent: so it sends back only what this phone lacks of its own.
    /// Where the server holds something else of this device, what it is not known to hold counts as not there.
    fn clocks(&self, own: &DeviceId) -> Vec<DocumentClock> {
        let begins_anew = self.cursor.is_empty();
        let is_asked = |document: &DocumentId| self.unsure.contains(document) || self.recent.contains(document);
        let documents = self.documents.iter().filter(|(document, _)| begins_anew || is_asked(document));
        let clocks = documents.map(|(document, state)| {
            let mut clock = state.clock();
            clock.chains.retain(|tip| begins_anew || tip.device == *own);
            let is_forked = self.forked.contains(document);
            for tip in clock.chains.iter_mut().filter(|tip| is_forked && tip.device == *own) {
                let chain = state.chain_of(own, tip.incarnation);
                tip.seq = tip.seq.min(chain.map_or(0, |chain| chain.remote_seq));
            }
            clock
        });
        clocks.filter(|clock| begins_anew || !clock.chains.is_empty()).take(CLOCK_DOCUMENTS_MAX).collect()
    }

    /// Whether entries of this circle can be sent: they are signed with the chain that this device is on.
    pub(in crate::client) fn sends(&self, own: &DeviceId) -> bool {
        self.keyring.state() == MemberState::Active && self.keyring.is_in(own) && !self.keyring.is_forked()
    }
}
