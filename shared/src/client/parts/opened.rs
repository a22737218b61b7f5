//! What was opened of documents of records: their messages in the order in which they are shown, and the texts of these.
//!
//! Both follow from what is stored, and are kept so that lists, which are asked for at every look, need not load
//! documents and unseal texts each time. Whether something of it is shown is decided anew whenever it is asked for:
//! nothing here says that a text may be read.

use std::cell::RefCell;

use crate::document::Message;
use crate::ids::{BodyId, CircleId, DocumentId, EntryId, TextCommitment};
use crate::sync::placing::AHEAD_MS_MAX;
use crate::sync::{DocumentState, key};
use crate::time::TimestampMs;

use super::recent::Recent;

/// Bytes of messages that stay when no task runs: some thousand.
const MESSAGES_BYTES_MAX: usize = 4 * 1_024 * 1_024;
/// Bytes of texts, likewise.
const TEXTS_BYTES_MAX: usize = 4 * 1_024 * 1_024;
/// What each takes beside what it points to.
const MESSAGE_BYTES: usize = 256;
const REACTION_BYTES: usize = 24;
const TEXT_BYTES: usize = 192;

/// Messages and texts that were opened.
#[derive(Default)]
pub(in crate::client) struct Opened {
    pub(in crate::client) messages: Messages,
    pub(in crate::client) texts: Texts,
}

impl Opened {
    /// Lets go of texts that were erased, each by its place in the store.
    pub(in crate::client) fn forget_erased(&mut self, places: &[Vec<u8>]) {
        self.texts.forget_erased(places);
    }

    /// Lets go of all of a circle's.
    pub(in crate::client) fn forget_circle(&mut self, circle: &CircleId) {
        self.messages.0.remove_all(|shown| shown.circle == *circle);
        self.texts.forget_circle(circle);
    }

    /// No task is on its way.
    pub(in crate::client) fn rest(&mut self) {
        self.messages.0.rest();
        self.texts.0.get_mut().rest();
    }
}

/// The messages of a document as it stood.
struct Shown {
    circle: CircleId,
    heads: Vec<EntryId>,
    /// How often it had been found out where something stands in time.
    placed: u64,
    /// When what of them waits to be sent is so old that it stands elsewhere.
    until: Option<TimestampMs>,
    /// The last at the end.
    messages: Vec<Message>,
}

impl Shown {
    /// Whether they would be the same, worked out anew.
    fn is_good(&self, state: &DocumentState, placed: u64, now: TimestampMs) -> bool {
        // What lies ahead is placed anew once the clock shows that it does.
        let is_ahead = self.messages.last().is_some_and(|last| last.sent.since_ms(now) > AHEAD_MS_MAX);
        let is_old = self.until.is_some_and(|until| until < now);
        !is_ahead && !is_old && self.placed == placed && state.heads.keys().eq(&self.heads)
    }
}

/// The messages of documents.
pub(in crate::client) struct Messages(Recent<DocumentId, Shown>);

impl Default for Messages {
    fn default() -> Self {
        Self(Recent::new(MESSAGES_BYTES_MAX))
    }
}

impl Messages {
    /// Those of a document as it is; `placed`: how often it was found out where something stands in time.
    pub(in crate::client) fn of(
        &mut self,
        document: &DocumentId,
        state: &DocumentState,
        placed: u64,
        now: TimestampMs,
    ) -> Option<Vec<Message>> {
        let shown = self.0.get(document)?;
        shown.is_good(state, placed, now).then(|| shown.messages.clone())
    }

    /// Keeps those of a document as it is: until a time, or while it stays as it is.
    pub(in crate::client) fn keep(
        &mut self,
        (circle, document): (CircleId, DocumentId),
        state: &DocumentState,
        (placed, until): (u64, Option<TimestampMs>),
        messages: &[Message],
    ) {
        let bytes = messages.iter().map(weight).sum();
        let (heads, messages) = (state.heads.keys().copied().collect(), messages.to_vec());
        self.0.put(document, Shown { circle, heads, placed, until, messages }, bytes);
    }

    /// Whether there are any of a document, as it was or is.
    pub(in crate::client) fn has(&self, document: &DocumentId) -> bool {
        self.0.has(document)
    }

    /// Lets go of a document's.
    pub(in crate::client) fn forget(&mut self, document: &DocumentId) {
        self.0.remove(document);
    }
}

fn weight(message: &Message) -> usize {
    let reply_to = message.reply_to.as_ref().map_or(0, String::len);
    MESSAGE_BYTES + message.key.len() + reply_to + message.reactions.len() * REACTION_BYTES
}

/// A text as it was sealed.
struct OpenedText {
    circle: CircleId,
    body: BodyId,
    commitment: TextCommitment,
    text: String,
}

/// Texts by the keys of their messages, which no two documents share. A message that was sealed again has none here: of
/// its two texts both are looked at each time.
pub(in crate::client) struct Texts(RefCell<Recent<String, Box<OpenedText>>>);

impl Default for Texts {
    fn default() -> Self {
        Self(RefCell::new(Recent::new(TEXTS_BYTES_MAX)))
    }
}

impl Texts {
    /// The text of a message, once it was opened.
    pub(in crate::client) fn of(&self, message: &Message) -> Option<String> {
        self.find(message, str::to_owned)
    }

    /// Whether there is one.
    pub(in crate::client) fn has(&self, message: &Message) -> bool {
        self.find(message, |_| ()).is_some()
    }

    fn find<T>(&self, message: &Message, with: impl FnOnce(&str) -> T) -> Option<T> {
        if message.taken_back || message.resealed.is_some() {
            return None;
        }
        let mut all = self.0.borrow_mut();
        let opened = all.get(&message.key)?;
        let is_its = opened.body == message.body && opened.commitment == message.commitment;
        is_its.then(|| with(&opened.text))
    }

    /// Keeps a text that was opened.
    pub(in crate::client) fn keep(&self, circle: &CircleId, message: &Message, text: &str) {
        if message.taken_back || message.resealed.is_some() {
            return;
        }
        let opened =
            OpenedText { circle: *circle, body: message.body, commitment: message.commitment, text: text.to_owned() };
        let bytes = TEXT_BYTES + message.key.len() + text.len();
        self.0.borrow_mut().put(message.key.clone(), Box::new(opened), bytes);
    }

    fn forget_erased(&mut self, places: &[Vec<u8>]) {
        let all = self.0.get_mut();
        all.remove_all(|opened| places.contains(&key::body(&opened.circle, &opened.body)));
    }

    fn forget_circle(&mut self, circle: &CircleId) {
        self.0.get_mut().remove_all(|opened| opened.circle == *circle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{DocumentName, Subject, genesis};
    use crate::ids::ActorId;

    const CIRCLE: CircleId = CircleId([1; 16]);

    fn message(key: &str) -> Message {
        Message {
            key: key.to_owned(),
            author: ActorId([7; 16]),
            sent: TimestampMs(1),
            body: BodyId([2; 32]),
            commitment: TextCommitment([3; 32]),
            reply_to: None,
            reactions: Vec::new(),
            taken_back: false,
            hidden: None,
            resealed: None,
        }
    }

    #[test]
    fn a_text_is_given_for_its_own_message_alone_and_for_none_that_was_taken_back_or_sealed_again() {
        let texts = Texts::default();
        let said = message("one");
        texts.keep(&CIRCLE, &said, "river");
        assert_eq!((texts.of(&said).as_deref(), texts.has(&said)), (Some("river"), true));
        assert!(!texts.has(&message("other")));
        let others = [
            Message { taken_back: true, ..said.clone() },
            Message { resealed: Some(BodyId([9; 32])), ..said.clone() },
            Message { body: BodyId([9; 32]), ..said.clone() },
            Message { commitment: TextCommitment([9; 32]), ..said },
        ];
        for other in others {
            assert_eq!((texts.of(&other), texts.has(&other)), (None, false), "{other:?}");
        }
    }

    #[test]
    fn a_text_that_was_erased_or_whose_circle_was_left_is_nowhere() {
        let mut texts = Texts::default();
        let (one, other) = (message("one"), Message { body: BodyId([4; 32]), ..message("other") });
        let elsewhere = CircleId([8; 16]);
        texts.keep(&CIRCLE, &one, "river");
        texts.keep(&CIRCLE, &other, "kettle");
        texts.forget_erased(&[key::body(&elsewhere, &one.body)]);
        assert!(texts.has(&one), "of another circle");
        texts.forget_erased(&[key::body(&CIRCLE, &one.body)]);
        assert_eq!((texts.has(&one), texts.has(&other)), (false, true));
        texts.forget_circle(&elsewhere);
        assert!(texts.has(&other));
        texts.forget_circle(&CIRCLE);
        assert!(!texts.has(&other));
    }

    #[test]
    fn messages_are_given_while_nothing_that_they_follow_from_changes() {
        let name = DocumentName::new(Subject::Stories);
        let (document, first) = (name.id(&CIRCLE), genesis(&CIRCLE, &name).unwrap());
        let state = DocumentState::new(name, &first);
        let mut later = state.clone();
        later.heads.insert(EntryId([9; 32]), 3);
        let mut opened = Opened::default();
        let said = [message("one"), Message { sent: TimestampMs(900_000), ..message("other") }];
        let (now, until) = (TimestampMs(900_000), TimestampMs(1_000_000));
        let messages = &mut opened.messages;
        messages.keep((CIRCLE, document), &state, (4, Some(until)), &said);
        assert!(messages.has(&document));
        assert_eq!(messages.of(&document, &state, 4, now).as_deref(), Some(&said[..]));
        assert_eq!(messages.of(&document, &state, 4, until).as_deref(), Some(&said[..]));
        assert_eq!(messages.of(&document, &later, 4, now), None, "another state");
        assert_eq!(messages.of(&document, &state, 5, now), None, "something is placed");
        assert_eq!(messages.of(&document, &state, 4, until.plus_ms(1)), None, "what waits is old");
        let back = TimestampMs(900_000 - AHEAD_MS_MAX);
        assert!(messages.of(&document, &state, 4, back).is_some());
        assert_eq!(messages.of(&document, &state, 4, TimestampMs(back.0 - 1)), None, "the clock was ahead");
        opened.forget_circle(&CircleId([8; 16]));
        let messages = &mut opened.messages;
        assert!(messages.of(&document, &state, 4, now).is_some());
        opened.forget_circle(&CIRCLE);
        assert_eq!(opened.messages.of(&document, &state, 4, now), None);
    }
}
