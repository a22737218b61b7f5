//! Where messages stand that were written by a clock that is far off: where the server took them, alike on all phones.
//! The author's own phone hears of it by getting them back; until then they stand at the end there.

use crate::codec::{DecodeError, Reader, Writer};
use crate::document::{DocumentName, Message};
use crate::ids::{ActorId, CircleId, DocumentId};
use crate::storage::{Batch, Tree};
use crate::sync::key;
use crate::sync::placing::{AHEAD_MS_MAX, Placed, is_far};
use crate::time::TimestampMs;

use super::engine::{Engine, Stop};
use super::kinds::thread::list::counter_of;
use super::local::edit_problem;

const PREFIX: &[u8] = b"placed";

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
            self.clock.is_sure && place.since_ms(self.now) > AHEAD_MS_MAX
        };
        let mut ahead: Vec<&Message> = messages.iter().filter(is_ahead).collect();
        ahead.sort_unstable_by(|one, other| (one.sent, &one.key).cmp(&(other.sent, &other.key)));
        for (after, message) in (0..).zip(ahead.into_iter().rev()) {
            let (actor, op) = (message.author, counter_of(&message.key));
            let admitted = TimestampMs(self.now.0.saturating_sub(after));
            let at = Placed { document: *document, actor, start_op: op, max_op: op, admitted };
            self.know_placed(at);
            self.placed_new.push(at);
        }
    }

    /// Takes down where that is, for later runs.
    pub(super) fn put_placed_new(&mut self, batch: &mut Batch) {
        for at in core::mem::take(&mut self.placed_new) {
            put_place(&at, batch);
        }
    }

    fn place_of(&self, circle: &CircleId, document: &DocumentId, message: &Message) -> TimestampMs {
        let counter = counter_of(&message.key);
        let placed = self.placed.get(document).map_or(&[][..], Vec::as_slice);
        let after = placed.partition_point(|at| (at.actor, at.start_op) <= (message.author, counter));
        let found = after.checked_sub(1).map(|at| &placed[at]);
        match found.filter(|found| found.actor == message.author && counter <= found.max_op) {
            Some(found) => found.admitted,
            None if is_far(message.sent, self.now) && self.is_unsent(circle, document, message) => self.now,
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
            self.know_placed(*at);
            self.summaries.remove(&at.document);
            self.summaries_new.remove(&at.document);
        }
        let mut documents: Vec<DocumentId> = placed.iter().map(|at| at.document).collect();
        documents.dedup();
        documents.retain(|document| self.watched.contains(document));
        for document in documents {
            let state = self.circles.get(circle).and_then(|local| local.documents.get(&document));
            if let Some(name) = state.map(|state| state.name) {
                self.kernel.enqueue(super::kinds::thread::list::Show { circle: *circle, name, keys: None });
            }
        }
    }

    /// Takes a record that an earlier run left, if it is one.
    pub(super) fn load_placed(&mut self, at: &[u8], value: &[u8]) {
        if let Some(Ok(placed)) = at.strip_prefix(PREFIX).map(|at| decode(at, value)) {
            self.know_placed(placed);
        }
    }

    fn know_placed(&mut self, at: Placed) {
        let placed = self.placed.get_or_insert_with(at.document, Vec::new);
        match placed.binary_search_by(|other| (other.actor, other.start_op).cmp(&(at.actor, at.start_op))) {
            Ok(same) => placed[same] = at,
            Err(next) => placed.insert(next, at),
        }
    }
}

fn put_place(at: &Placed, batch: &mut Batch) {
    let mut value = Writer::new();
    value.number(at.max_op).number(at.admitted.0);
    batch.put(Tree::Meta, place_key(at), value.into_bytes());
}

fn place_key(at: &Placed) -> Vec<u8> {
    [PREFIX, at.document.as_bytes(), at.actor.as_bytes(), &at.start_op.to_be_bytes()].concat()
}

fn decode(at: &[u8], value: &[u8]) -> Result<Placed, DecodeError> {
    const WHAT: &str = "place of an entry";
    let (mut at, mut value) = (Reader::new(at), Reader::new(value));
    let placed = Placed {
        document: DocumentId(at.array(WHAT)?),
        actor: ActorId(at.array(WHAT)?),
        start_op: u64::from_be_bytes(at.array(WHAT)?),
        max_op: value.number(WHAT)?,
        admitted: TimestampMs(value.number(WHAT)?),
    };
    at.finish(WHAT)?;
    value.finish(WHAT)?;
    Ok(placed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_its_bytes_and_survives_them() {
        let (document, actor) = (DocumentId([1; 16]), ActorId([2; 16]));
        let placed = Placed { document, actor, start_op: 300, max_op: 301, admitted: TimestampMs(1_000) };
        let mut batch = Batch::default();
        Engine::put_placed(&CircleId([3; 16]), &[placed], &mut batch);
        let (tree, at, value) = batch.puts.remove(0);
        let hex: String = [&at[PREFIX.len()..], &value].concat().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, format!("{}{}000000000000012cad02e807", "01".repeat(16), "02".repeat(16)));
        assert_eq!(tree, Tree::Meta);
        assert_eq!(decode(&at[PREFIX.len()..], &value), Ok(placed));
        assert!(decode(&at[PREFIX.len() + 1..], &value).is_err() && decode(&at[PREFIX.len()..], &[1]).is_err());
    }
}
