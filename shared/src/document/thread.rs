use automerge::{ReadDoc, ScalarValue, ScalarValueRef, Value, ValueRef};

use crate::codec::Writer;
use crate::ids::{ActorId, BodyId, TextCommitment};
use crate::time::TimestampMs;

use super::key::{encode_id, message_author, message_key, split_id};
use super::register::author_of;
use super::{EditProblem, Handle, MessageRecord, THREAD_MESSAGES_MAX};

/// Containers, by the op of the genesis that makes them.
pub(super) const MESSAGES: u64 = 1;
pub(super) const REACTIONS: u64 = 2;

/// A reaction that carries who, never how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReactionKind {
    /// "I relate."
    Relate,
    /// "Thank you."
    Thanks,
    /// "You are strong."
    Strength,
    /// "I am with you."
    WithYou,
}

impl ReactionKind {
    /// All kinds, at their bit's place.
    pub const ALL: [Self; 4] = [Self::Relate, Self::Thanks, Self::Strength, Self::WithYou];
}

/// One person's reactions to one message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReactionSet(u8);

impl ReactionSet {
    /// All kinds as bits; others are dropped.
    const MASK: u8 = 0b1111;

    /// Whether `kind` is in it.
    #[must_use]
    pub fn has(self, kind: ReactionKind) -> bool {
        self.0 & 1 << kind as u8 != 0
    }

    /// Adds or removes a kind.
    pub fn set(&mut self, kind: ReactionKind, on: bool) {
        if on { self.0 |= 1 << kind as u8 } else { self.0 &= !(1 << kind as u8) }
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set in a stored value, when it has no unknown bits.
    pub(super) fn from_bits(bits: u64) -> Option<Self> {
        u8::try_from(bits).ok().filter(|bits| bits & !Self::MASK == 0).map(Self)
    }
}

/// A message, without its text: that is in its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its key: the author's actor and a counter.
    pub key: String,
    /// Who wrote it, which the key proves.
    pub author: ActorId,
    /// When, by the author's clock; at most [`TimestampMs::LAST`].
    pub sent: TimestampMs,
    /// Its text.
    pub body: BodyId,
    /// What every body of it must open to.
    pub commitment: TextCommitment,
    /// The key of the message that it answers, perhaps of another month.
    pub reply_to: Option<String>,
    /// Who reacted, and how; by actor, none empty.
    pub reactions: Vec<(ActorId, ReactionSet)>,
    /// Its author took it back.
    pub taken_back: bool,
    /// The same text, sealed again by its author for those who came before it was known to them.
    pub resealed: Option<BodyId>,
}

/// A thread's document as people see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadView {
    /// Oldest first, by sending time, then key.
    pub messages: Vec<Message>,
    /// Records that this build could not read.
    pub skipped: usize,
}

/// What an author puts beside a message of theirs, in the place of a reaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Aside {
    /// It was taken back, with these texts: one, or two when it was sealed again.
    TakenBack(Vec<BodyId>),
    /// The same text in another body.
    Resealed(BodyId),
}

impl Aside {
    const TAKEN_BACK: u8 = 0;
    const RESEALED: u8 = 1;

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        match self {
            Self::TakenBack(bodies) => {
                writer.byte(Self::TAKEN_BACK);
                bodies.iter().for_each(|body| {
                    writer.raw(body.as_bytes());
                });
            }
            Self::Resealed(body) => {
                writer.byte(Self::RESEALED).raw(body.as_bytes());
            }
        }
        writer.into_bytes()
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first()?;
        let (ids, left) = rest.as_chunks::<{ BodyId::LEN }>();
        let bodies: Vec<BodyId> = ids.iter().map(|id| BodyId(*id)).collect();
        match (*kind, bodies.as_slice(), left.is_empty()) {
            (Self::TAKEN_BACK, [_] | [_, _], true) => Some(Self::TakenBack(bodies)),
            (Self::RESEALED, [body], true) => Some(Self::Resealed(*body)),
            _ => None,
        }
    }
}

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
        self.close_change(sent);
        let record = MessageRecord { sent: sent.shown(), body: *body, commitment: *commitment, reply_to }.encode();
        let key = message_key(self.actor(), self.next_op());
        self.put(MESSAGES, &key, ScalarValue::Bytes(record), sent)?;
        self.close_change(sent);
        Ok(key)
    }

    /// Adds or takes back a reaction of this handle's actor.
    ///
    /// # Errors
    /// `Unknown` when there is no such message; `WrongKind`.
    pub fn react(&mut self, key: &str, kind: ReactionKind, on: bool, now: TimestampMs) -> Result<(), EditProblem> {
        self.expect_thread()?;
        if self.doc.get(self.container(MESSAGES), key)?.is_none() {
            return Err(EditProblem::Unknown);
        }
        let mut own = encode_id(&self.actor().0);
        own.push_str(key);
        let before = match self.doc.get(self.container(REACTIONS), own.as_str())? {
            Some((Value::Scalar(value), _)) => value.as_u64().and_then(ReactionSet::from_bits).unwrap_or_default(),
            _ => ReactionSet::default(),
        };
        let mut after = before;
        after.set(kind, on);
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
            let mut own = encode_id(&self.actor().0);
            own.push_str(key);
            self.close_change(now);
            let bodies = [found.body].into_iter().chain(found.resealed).collect();
            self.put(REACTIONS, &own, ScalarValue::Bytes(Aside::TakenBack(bodies).encode()), now)?;
            self.close_change(now);
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
        let mut own = encode_id(&self.actor().0);
        own.push_str(key);
        self.close_change(now);
        self.put(REACTIONS, &own, ScalarValue::Bytes(Aside::Resealed(*body).encode()), now)?;
        self.close_change(now);
        Ok(())
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
        resealed: None,
    })
}

/// A key and the op that wrote its value, for every message and reaction; in key order per container.
pub(super) struct MessageRows([Vec<(String, (ActorId, u64))>; 2]);

pub(super) fn rows(handle: &Handle) -> MessageRows {
    MessageRows([MESSAGES, REACTIONS].map(|container| {
        let items = handle.doc.map_range(handle.container(container), ..);
        let mut rows: Vec<_> = items.filter_map(|item| Some((item.key.to_string(), author_of(&item.id())?))).collect();
        rows.sort_unstable();
        rows
    }))
}

/// Keys of the messages that are new or changed, reactions included, sorted.
pub(super) fn changed(before: &MessageRows, after: &MessageRows) -> Vec<String> {
    let mut keys = Vec::new();
    for (container, (before, after)) in before.0.iter().zip(&after.0).enumerate() {
        let news = after.iter().filter(|row| before.binary_search(row).is_err());
        let gone = before.iter().filter(|row| after.binary_search_by(|other| other.0.cmp(&row.0)).is_err());
        for (key, _) in news.chain(gone) {
            match split_id(key) {
                Some((_, message)) if container == 1 => keys.push(message.to_owned()),
                _ => keys.push(key.clone()),
            }
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}
