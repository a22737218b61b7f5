//! The messages of a thread, read and written.

use automerge::{ReadDoc, ScalarValue, ScalarValueRef, Value, ValueRef};

use crate::ids::{ActorId, BodyId, TextCommitment};
use crate::time::TimestampMs;

use super::Handle;
use crate::document::hidden::hidden_record;
use crate::document::key::{message_author, message_key, split_id};
use crate::document::thread::{Aside, MESSAGES, REACTIONS};
use crate::document::{
    EditProblem, Message, MessageRecord, ReactionKind, ReactionSet, THREAD_MESSAGES_MAX, ThreadView,
};

impl Handle {
    /// Adds a message of this handle's actor and gives its key. One op, and a change of its own, so that it fits
    /// into a page together with its body.
    ///
    /// # Errors
    /// `Unknown` when `reply_to` is no message key; `WrongKind`. A full document takes more: see
    /// [`Self::is_full`].
    pub fn post(
        &mut self,
        sent: TimestampMs,
        body: &BodyId,
        commitment: &TextCommitment,
        reply_to: Option<&str>,
    ) -> Result<String, EditProblem> {
        self.expect_thread()?;
        if reply_to.is_some_and(|key| message_author(key).is_none()) {
            return Err(EditProblem::Unknown);
        }
        let record = MessageRecord { sent: sent.shown(), body: *body, commitment: *commitment, reply_to };
        self.put_record(MESSAGES, record.encode(), sent)
    }

    /// Adds or takes back a reaction of this handle's actor.
    ///
    /// # Errors
    /// `Unknown` when there is no such message; `WrongKind`.
    pub fn react(&mut self, key: &str, kind: ReactionKind, on: bool, now: TimestampMs) -> Result<(), EditProblem> {
        self.change_reactions(key, now, |set| set.set(kind, on))
    }

    /// Says that this handle's person read as far as a message.
    ///
    /// # Errors
    /// `Unknown` when there is no such message; `WrongKind`.
    pub fn mark_read(&mut self, key: &str, now: TimestampMs) -> Result<(), EditProblem> {
        self.change_reactions(key, now, ReactionSet::set_read)
    }

    fn change_reactions(
        &mut self,
        key: &str,
        now: TimestampMs,
        change: impl FnOnce(&mut ReactionSet),
    ) -> Result<(), EditProblem> {
        self.expect_thread()?;
        if self.doc.get(self.container(MESSAGES), key)?.is_none() {
            return Err(EditProblem::Unknown);
        }
        let own = self.own_key(key);
        let before = match self.doc.get(self.container(REACTIONS), own.as_str())? {
            // What an author put beside a message of theirs stands where a reaction of theirs would, and stays.
            Some((Value::Scalar(value), _)) if value.is_bytes() => return Ok(()),
            Some((Value::Scalar(value), _)) => value.as_u64().and_then(ReactionSet::from_bits).unwrap_or_default(),
            _ => ReactionSet::default(),
        };
        let mut after = before;
        change(&mut after);
        if after == before {
            return Ok(());
        }
        self.put(REACTIONS, &own, ScalarValue::Uint(after.0.into()), now)
    }

    /// Takes back a message of this handle's actor, or of another device of its member. For good: the op names the
    /// text, which every store then removes. That the message is the member's own is for the gate to judge.
    ///
    /// # Errors
    /// `Unknown` when there is no such message; `WrongKind`.
    pub fn take_back(&mut self, key: &str, now: TimestampMs) -> Result<(), EditProblem> {
        let view = self.thread()?;
        let found = view.messages.iter().find(|message| message.key == key).ok_or(EditProblem::Unknown)?;
        if !found.taken_back {
            let bodies = found.bodies().collect();
            self.put_aside(REACTIONS, key, &Aside::TakenBack(bodies), now)?;
        }
        Ok(())
    }

    /// Puts the text of a message of this handle's actor beside it, sealed again. A change of its own, so that it fits
    /// into a page together with its body.
    ///
    /// # Errors
    /// `Unknown` when there is no such message of this actor; `WrongKind`.
    pub fn reseal(&mut self, key: &str, body: &BodyId, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_thread()?;
        if message_author(key) != Some(*self.actor()) || self.doc.get(self.container(MESSAGES), key)?.is_none() {
            return Err(EditProblem::Unknown);
        }
        self.put_aside(REACTIONS, key, &Aside::Resealed(*body), now)
    }

    /// The key that the next message of this handle's actor will have, for what is sealed before it is posted.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn next_message_key(&mut self, sent: TimestampMs) -> Result<String, EditProblem> {
        self.expect_thread()?;
        self.close_change(sent);
        Ok(message_key(self.actor(), self.next_op()))
    }

    /// The messages, pending ones included.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn thread(&self) -> Result<ThreadView, EditProblem> {
        self.expect_thread()?;
        let mut view = ThreadView::default();
        for item in self.doc.map_range(self.container(MESSAGES), ..) {
            match message(&item.key, &item.value) {
                Some(message) => view.messages.push(message),
                None => view.skipped += 1,
            }
        }
        // Map ranges come in key order, so the messages can still be found by key.
        view.messages.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        for item in self.doc.map_range(self.container(REACTIONS), ..) {
            if let Some(key) = hidden_record(&item.key) {
                if let Ok(at) = view.messages.binary_search_by(|message| message.key.as_str().cmp(key)) {
                    view.messages[at].hidden = self.hidden_in(REACTIONS, key);
                }
                continue;
            }
            let (Some((actor, key)), ValueRef::Scalar(value)) = (split_id(&item.key), &item.value) else {
                view.skipped += 1;
                continue;
            };
            let found = view.messages.binary_search_by(|message| message.key.as_str().cmp(key));
            match (value, found) {
                (ScalarValueRef::Uint(bits), Ok(at)) => {
                    if let Some(set) = ReactionSet::from_bits(*bits).filter(|set| !set.is_empty()) {
                        view.messages[at].reactions.push((ActorId(actor), set));
                    }
                }
                (ScalarValueRef::Bytes(bytes), Ok(at)) => match Aside::decode(bytes) {
                    Some(Aside::TakenBack(_)) => view.messages[at].taken_back = true,
                    Some(Aside::Resealed(body)) => view.messages[at].resealed = Some(body),
                    None => view.skipped += 1,
                },
                (ScalarValueRef::Uint(_) | ScalarValueRef::Bytes(_), Err(_)) => {}
                _ => view.skipped += 1,
            }
        }
        view.messages.sort_unstable_by(|one, other| (one.sent, &one.key).cmp(&(other.sent, &other.key)));
        Ok(view)
    }

    /// How many messages there are, unreadable ones included.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn message_count(&self) -> Result<usize, EditProblem> {
        self.expect_thread()?;
        Ok(self.doc.length(self.container(MESSAGES)))
    }

    /// Whether the next message belongs into the month's next part. Soft: nothing is refused.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn is_full(&self) -> Result<bool, EditProblem> {
        Ok(self.message_count()? >= THREAD_MESSAGES_MAX)
    }
}

fn message(key: &str, value: &ValueRef<'_>) -> Option<Message> {
    let author = message_author(key)?;
    let ValueRef::Scalar(ScalarValueRef::Bytes(bytes)) = value else { return None };
    let record = MessageRecord::decode(bytes).ok()?;
    Some(Message {
        key: key.to_owned(),
        author,
        sent: record.sent.shown(),
        body: record.body,
        commitment: record.commitment,
        reply_to: record.reply_to.map(str::to_owned),
        reactions: Vec::new(),
        taken_back: false,
        hidden: None,
        resealed: None,
    })
}
