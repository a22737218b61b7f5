//! Where messages stand that were written by a clock that is far off: where the server took them, alike on all phones.
//! The author's own phone hears of it by getting them back; until then they stand at the end there.

use crate::document::{DocumentName, Message};
use crate::ids::{CircleId, DocumentId};
use crate::storage::{Batch, Tree};
use crate::sync::key;
use crate::sync::placing::{AHEAD_MS_MAX, Placed, is_far};
use crate::time::TimestampMs;

use super::engine::{Engine, Stop};
use super::kinds::thread::told::Show;
use super::parts::placing::put_place;
use super::problems::edit_problem;

impl Engine {
    /// The messages of a document in the order in which they are shown, each with the time where it stands.
    pub(super) fn messages_of(&mut self, circle: &CircleId, name: &DocumentName) -> Result<Vec<Message>, Stop> {
        let mut messages = self.open(circle, name)?.handle.thread().map_err(edit_problem)?.messages;
        let document = name.id(circle);
        self.place_ahead(circle, &document, &messages);
        for message in &mut messages {
            message.sent = self.place_of(circle, &document, message);
        }
        messages.sort_unstable_by(|one, other| (one.sent, &one.key).cmp(&(other.sent, &other.key)));
        Ok(messages)
    }

    /// What was written, or taken, while the server's clock was ahead stands where that turned out, in its own order.
    fn place_ahead(&mut self, circle: &CircleId, document: &DocumentId, messages: &[Message]) {
        let is_ahead = |message: &&Message| {
            let place = self.place_of(circle, document, message);
            self.clock.is_sure() && place.since_ms(self.now()) > AHEAD_MS_MAX
        };
        let mut ahead: Vec<&Message> = messages.iter().filter(is_ahead).collect();
        ahead.sort_unstable_by(|one, other| (one.sent, &one.key).cmp(&(other.sent, &other.key)));
        for (after, message) in (0..).zip(ahead.into_iter().rev()) {
            let (actor, op) = (message.author, message.counter());
            let admitted = TimestampMs(self.now().0.saturating_sub(after));
            self.placing.find(Placed { document: *document, actor, start_op: op, max_op: op, admitted });
        }
    }

    fn place_of(&self, circle: &CircleId, document: &DocumentId, message: &Message) -> TimestampMs {
        match self.placing.admitted(document, message) {
            Some(admitted) => admitted,
            None if is_far(message.sent, self.now()) && self.is_unsent(circle, document, message) => self.now(),
            None => message.sent,
        }
    }

    /// Takes down where entries of a page stand; what is kept of their documents for lists is made anew.
    pub(super) fn put_placed(circle: &CircleId, placed: &[Placed], batch: &mut Batch) {
        for at in placed {
            put_place(at, batch);
            batch.delete(Tree::Summaries, key::document(circle, &at.document));
        }
    }

    /// Shows where entries stand, once that is durable.
    pub(super) fn take_placed(&mut self, circle: &CircleId, placed: &[Placed]) {
        for at in placed {
            self.placing.know(*at);
            self.lists.forget(&at.document);
        }
        let mut documents: Vec<DocumentId> = placed.iter().map(|at| at.document).collect();
        documents.dedup();
        documents.retain(|document| self.documents.is_watched(document));
        for document in documents {
            let state = self.circles.get(circle).and_then(|local| local.document(&document));
            if let Some(name) = state.map(|state| state.name) {
                self.kernel.enqueue(Show { circle: *circle, name, keys: None });
            }
        }
    }
}
