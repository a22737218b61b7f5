//! Where messages and strategies stand that were written by a clock that is far off: where the server took them, alike on
//! all phones. The author's own phone hears of it by getting them back; until then they stand at the end there.

use crate::document::{DocumentName, Message, Strategy};
use crate::ids::{ActorId, CircleId, DocumentId};
use crate::storage::{Batch, Tree};
use crate::sync::key;
use crate::sync::placing::{AHEAD_MS_MAX, BEHIND_MS_MAX, Placed, is_far};
use crate::time::TimestampMs;

use super::engine::{Engine, Stop};
use super::parts::placing::put_place;
use super::problems::edit_problem;

/// What somebody wrote, as its record dates it.
struct Dated<'a> {
    key: &'a str,
    author: ActorId,
    counter: u64,
    at: TimestampMs,
}

impl Engine {
    /// The messages of a document in the order in which they are shown, each with the time where it stands. While nothing
    /// of the document changes it is not opened for them again.
    pub(super) fn messages_of(&mut self, circle: &CircleId, name: &DocumentName) -> Result<Vec<Message>, Stop> {
        let document = name.id(circle);
        if let Some(known) = self.still_known(circle, &document) {
            return Ok(known);
        }
        let mut messages = self.open(circle, name)?.handle.thread().map_err(edit_problem)?.messages;
        let dated =
            messages.iter().map(|it| Dated { key: &it.key, author: it.author, counter: it.counter(), at: it.sent });
        let times = self.times_of(circle, &document, &dated.collect::<Vec<_>>());
        messages.iter_mut().zip(times).for_each(|(message, at)| message.sent = at);
        messages.sort_unstable_by(|one, other| (one.sent, &one.key).cmp(&(other.sent, &other.key)));
        self.keep_known(circle, document, &messages);
        Ok(messages)
    }

    /// The messages of a document that is as it was when they were read.
    fn still_known(&mut self, circle: &CircleId, document: &DocumentId) -> Option<Vec<Message>> {
        let (now, placed) = (self.now(), self.placing.taken());
        let state = self.circles.get(circle)?.document(document)?;
        let is_stored = !self.documents.is_aside(document) && self.documents.is_as_stored(document, state);
        if is_stored { self.opened.messages.of(document, state, placed, now) } else { None }
    }

    /// Keeps them, unless they are not what is stored or one of them stands at the present.
    fn keep_known(&mut self, circle: &CircleId, document: DocumentId, messages: &[Message]) {
        let (now, placed) = (self.now(), self.placing.taken());
        let mut unsent = messages.iter().filter(|it| self.is_unsent(circle, &document, &it.author, it.counter()));
        let first_unsent = unsent.clone().map(|it| it.sent).min();
        let moves = unsent.any(|it| it.sent == now);
        if moves || self.documents.is_aside(&document) || !self.documents.is_open(&document) {
            return;
        }
        let until = first_unsent.map(|first| first.plus_ms(BEHIND_MS_MAX));
        let state = self.circles.get(circle).and_then(|local| local.document(&document));
        if let Some(state) = state.filter(|state| self.documents.is_as_stored(&document, state)) {
            self.opened.messages.keep((*circle, document), state, (placed, until), messages);
        }
    }

    /// The strategies of a toolkit, likewise.
    pub(super) fn strategies_of(&mut self, circle: &CircleId, name: &DocumentName) -> Result<Vec<Strategy>, Stop> {
        let mut strategies = self.open(circle, name)?.handle.toolkit().map_err(edit_problem)?.strategies;
        let dated =
            strategies.iter().map(|it| Dated { key: &it.key, author: it.author, counter: it.counter(), at: it.made });
        let times = self.times_of(circle, &name.id(circle), &dated.collect::<Vec<_>>());
        strategies.iter_mut().zip(times).for_each(|(strategy, at)| strategy.made = at);
        strategies.sort_unstable_by(|one, other| (one.made, &one.key).cmp(&(other.made, &other.key)));
        Ok(strategies)
    }

    /// Where all that was written in a document stands in time.
    fn times_of(&mut self, circle: &CircleId, document: &DocumentId, written: &[Dated<'_>]) -> Vec<TimestampMs> {
        self.place_ahead(circle, document, written);
        written.iter().map(|it| self.place_of(circle, document, it)).collect()
    }

    /// What was written, or taken, while the server's clock was ahead stands where that turned out, in its own order.
    fn place_ahead(&mut self, circle: &CircleId, document: &DocumentId, written: &[Dated<'_>]) {
        let is_ahead = |it: &&Dated<'_>| {
            let place = self.place_of(circle, document, it);
            self.clock.is_sure() && place.since_ms(self.now()) > AHEAD_MS_MAX
        };
        let mut ahead: Vec<&Dated<'_>> = written.iter().filter(is_ahead).collect();
        ahead.sort_unstable_by(|one, other| (one.at, one.key).cmp(&(other.at, other.key)));
        for (after, it) in (0..).zip(ahead.into_iter().rev()) {
            let (actor, op) = (it.author, it.counter);
            let admitted = TimestampMs(self.now().0.saturating_sub(after));
            self.placing.find(Placed { document: *document, actor, start_op: op, max_op: op, admitted });
        }
    }

    fn place_of(&self, circle: &CircleId, document: &DocumentId, it: &Dated<'_>) -> TimestampMs {
        match self.placing.admitted(document, &it.author, it.counter) {
            Some(admitted) => admitted,
            None if is_far(it.at, self.now()) && self.is_unsent(circle, document, &it.author, it.counter) => self.now(),
            None => it.at,
        }
    }

    /// Takes down where entries of a page stand; what is kept of their documents for lists is made anew.
    pub(super) fn put_placed(circle: &CircleId, placed: &[Placed], batch: &mut Batch) {
        for at in placed {
            put_place(at, batch);
            batch.delete(Tree::Summaries, key::document(circle, &at.document));
            batch.delete(Tree::Snapshots, key::document(circle, &at.document));
        }
    }

    /// Shows where entries stand, once that is durable.
    pub(super) fn take_placed(&mut self, circle: &CircleId, placed: &[Placed]) {
        for at in placed {
            self.placing.know(*at);
            self.lists.forget(&at.document);
            self.search.forget(&at.document);
        }
        let mut documents: Vec<DocumentId> = placed.iter().map(|at| at.document).collect();
        documents.dedup();
        documents.retain(|document| self.documents.is_watched(document));
        for document in documents {
            let state = self.circles.get(circle).and_then(|local| local.document(&document));
            if let Some(name) = state.map(|state| state.name) {
                self.show_placed(circle, &name);
            }
        }
    }
}
