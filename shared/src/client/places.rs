//! Where on the circle's chain a message stands: whether it is from before or after somebody came is said by that
//! place, never by two phones' clocks. Of another's that is where they signed it. Of one's own it is where the chain
//! ended in the answer that took it: whoever came before is there to read it, though this phone had not heard of them.

use crate::document::{DocumentName, Message};
use crate::ids::{ActorId, CircleId, DocumentId};
use crate::seal::epoch_hint;
use crate::storage::Tree;
use crate::sync::StoredEntry;

use super::engine::{Engine, Stop};
use super::problem::corrupt;
use super::rows::rows_of;

impl Engine {
    /// Whether this phone wrote something by an op that the server is not known to hold.
    pub(super) fn is_unsent(&self, circle: &CircleId, document: &DocumentId, author: &ActorId, counter: u64) -> bool {
        let state = self.circles.get(circle).and_then(|local| local.document(document));
        let chain = state.and_then(|state| state.chains.get(author));
        let own = self.phone.id();
        chain.is_none_or(|chain| Some(chain.device) == own && counter > chain.remote_max_op)
    }

    /// The position up to which the author of a message had heard, on the chain as it is now: of this phone's own that
    /// is not sent yet, its end. None when it is not known.
    pub(super) fn position_of(&self, circle: &CircleId, document: &DocumentId, message: &Message) -> Option<u64> {
        let local = self.circles.get(circle)?;
        let own = self.phone.id()?;
        let chain = local.document(document).and_then(|state| state.chains.get(&message.author));
        let is_own = chain.is_none_or(|chain| chain.device == own);
        if self.is_unsent(circle, document, &message.author, message.counter()) {
            return Some(local.keyring().history().chain().len());
        }
        let author = (!is_own).then_some(&message.author);
        let kept = |generation| local.keyring().admitted().kept_of(generation);
        self.places.position_of(document, author, message.counter(), kept)
    }

    /// Has the places of messages that no key here opens, or asks for them.
    pub(super) fn places_known(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        messages: &[&Message],
    ) -> Result<(), Stop> {
        let (document, local) = (name.id(circle), self.local(circle)?);
        let entries = local.document(&document).map_or(0, |state| state.entries);
        let is_closed = |message: &&Message| {
            let bytes = message.bodies().filter_map(|body| self.body(circle, &body));
            let hints = bytes.filter_map(epoch_hint);
            hints.into_iter().any(|hint| local.keyring().keys_of(hint).next().is_none())
        };
        let is_read = self.places.has_others(&document, entries);
        if is_read || !messages.iter().any(is_closed) {
            return Ok(());
        }
        let rows = self.kernel.rows.take_range(rows_of(Tree::DocumentLog, circle, &document))?;
        let stored: Result<Vec<_>, _> = rows.iter().map(|(_, value)| StoredEntry::decode(value)).collect();
        self.places.read_others(circle, document, entries, &stored.map_err(corrupt)?);
        Ok(())
    }
}
