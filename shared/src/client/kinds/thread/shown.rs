//! A thread that is open, and what is shown of its messages.

use crate::document::{self, ChoiceKind, DocumentName, ReactionKind, shown_name};
use crate::ids::{BodyId, CircleId, Conversation, DocumentId, MemberId};
use crate::sorted::SortedMap;

use crate::client::CommandId;
use crate::client::engine::{Attempt, Engine, Stop};
use crate::client::kinds::profile::names::Names;
use crate::client::sealed::Unopened;
use crate::client::view::{self, BodyState, Reply};

use super::list::{chose, is_blocked};
use super::read::{ReadTo, read_by_other};

/// Most messages that are shown at once.
const LIMIT_MAX: u32 = 2_000;

impl Engine {
    pub(in crate::client) fn open_thread(
        &mut self,
        id: CommandId,
        circle: CircleId,
        thread: Conversation,
        limit: u32,
    ) -> Attempt {
        let (names, profile) = self.names(&circle)?;
        self.kinds.threads.watch(circle, thread);
        let limit = limit.clamp(1, LIMIT_MAX) as usize;
        let chosen = self.chosen(&circle)?;
        let blocked = is_blocked(&chosen, &thread);
        let reads = chose(&chosen, ChoiceKind::Reads, &thread);
        let mut found: Vec<(DocumentId, document::Message)> = Vec::new();
        let documents = if blocked { Vec::new() } else { self.thread_documents(&circle, &thread)? };
        // The month in a document's name is what a clock said: which one comes next, its messages say.
        let mut by_last = Vec::new();
        for name in &documents {
            by_last.push((self.summary(&circle, name)?.last_ms, *name));
        }
        by_last.sort_by_key(|(last_ms, _)| *last_ms);
        let mut more = false;
        for (last_ms, name) in by_last.iter().rev() {
            let shown = found.len().checked_sub(limit).map(|from| found[from].1.sent.0);
            if shown.is_some_and(|first| Some(first) > *last_ms) {
                more = true;
                break;
            }
            let messages = self.messages_of(&circle, name)?;
            found.extend(messages.into_iter().map(|message| (name.id(&circle), message)));
            found.sort_by(|(_, a), (_, b)| (a.sent, &a.key).cmp(&(b.sent, &b.key)));
            self.documents.watch(name.id(&circle));
        }
        more |= found.len() > limit;
        found.drain(..found.len().saturating_sub(limit));
        self.texts(&circle, &found.iter().map(|(_, message)| message).collect::<Vec<_>>())?;
        for name in &documents {
            let of = found.iter().filter(|(document, _)| *document == name.id(&circle));
            self.places_known(&circle, name, &of.map(|(_, message)| message).collect::<Vec<_>>())?;
        }
        let (me, _) = self.me(&circle)?;
        let read_to = reads.then(|| read_by_other(found.iter().map(|(_, message)| message), &names, &me)).flatten();
        let messages = found
            .iter()
            .map(|(document, message)| self.shown_message(&circle, document, (&names, &me), &read_to, message));
        let title = match thread {
            Conversation::With(member) => Some(names.name(&member)),
            Conversation::Thread(thread) => {
                let known = profile.threads.iter().find(|known| known.thread == thread);
                known.map(|known| shown_name(&known.title.value))
            }
        };
        let reply = view::Thread {
            thread: thread.to_string(),
            circle: circle.to_string(),
            title: title.unwrap_or_default(),
            closed: self.is_talk_over(&circle, &thread),
            blocked,
            reads,
            messages: messages.collect(),
            more,
        };
        self.reply(id, Ok(Reply::Thread(reply)));
        self.keep_summaries(circle)
    }

    fn shown_message(
        &self,
        circle: &CircleId,
        document: &DocumentId,
        (names, me): (&Names, &MemberId),
        read_to: &ReadTo,
        message: &document::Message,
    ) -> view::Message {
        let mine = names.member_of(&message.author) == Some(*me);
        let safety = self.op_safety(circle, document, &message.author, message.counter());
        let (author, author_name) = names.author(&message.author);
        let hidden = message.hidden.filter(|_| !message.taken_back);
        let (text, body) = match hidden {
            Some(_) if !mine && !self.leads(circle) => (String::new(), BodyState::Hidden),
            _ => self.text_of(circle, document, message),
        };
        view::Message {
            mine,
            left: names.member_of(&message.author).is_some_and(|member| names.has_left(&member)),
            author,
            author_name,
            sent_ms: message.sent.0,
            text,
            body,
            hidden: hidden.map(|hidden| names.hidden(&hidden)),
            reply_to: message.reply_to.clone(),
            reactions: shown_reactions(names, me, message),
            read: mine
                && safety == view::Safety::Safe
                && read_to.as_ref().is_some_and(|(sent, key)| (message.sent, &message.key) <= (*sent, key)),
            safety,
            key: message.key.clone(),
        }
    }

    /// Messages of one document, all or those with these keys; it must be open and its bodies in memory, else
    /// what is missing is asked for.
    pub(in crate::client) fn messages(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        keys: Option<&[String]>,
    ) -> Result<Vec<view::Message>, Stop> {
        let (names, _) = self.names(circle)?;
        let (me, _) = self.me(circle)?;
        let chosen = self.chosen(circle)?;
        let conversation = self.conversation_of(circle, name);
        let with = conversation.filter(|thread| !is_blocked(&chosen, thread));
        let mut found = if with.is_some() { self.messages_of(circle, name)? } else { Vec::new() };
        let reads = with.is_some_and(|thread| chose(&chosen, ChoiceKind::Reads, &thread));
        let read_to = reads.then(|| read_by_other(found.iter(), &names, &me)).flatten();
        found.retain(|message| keys.is_none_or(|keys| keys.contains(&message.key)));
        self.texts(circle, &found.iter().collect::<Vec<_>>())?;
        self.places_known(circle, name, &found.iter().collect::<Vec<_>>())?;
        let document = name.id(circle);
        let shown = |message| self.shown_message(circle, &document, (&names, &me), &read_to, message);
        Ok(found.iter().map(shown).collect())
    }

    pub(in crate::client) fn text_of(
        &self,
        circle: &CircleId,
        document: &DocumentId,
        message: &document::Message,
    ) -> (String, BodyState) {
        if message.taken_back {
            return (String::new(), BodyState::Gone);
        }
        if let Some(text) = self.opened.texts.of(message) {
            return (text, BodyState::Here);
        }
        let (text, body) = self.unsealed(circle, document, message);
        if body == BodyState::Here {
            self.opened.texts.keep(circle, message, &text);
        }
        (text, body)
    }

    /// The text of a message that stands, from its bodies, to be read once.
    pub(in crate::client) fn unsealed(
        &self,
        circle: &CircleId,
        document: &DocumentId,
        message: &document::Message,
    ) -> (String, BodyState) {
        let bytes_of = |body: &BodyId| self.body(circle, body);
        let opened = |bytes: &[u8]| self.opened(circle, document, message, bytes);
        let first = bytes_of(&message.body);
        let (text, again) = (first.map(opened), message.resealed.as_ref().and_then(bytes_of).map(opened));
        // Whoever reads one of the two is to see the same: a false one counts though the other opens.
        if text == Some(Err(Unopened::False)) || again == Some(Err(Unopened::False)) {
            return (String::new(), BodyState::Unverified);
        }
        match (text, again) {
            (Some(Ok(salted)), _) | (_, Some(Ok(salted))) => (salted.text, BodyState::Here),
            (_, Some(Err(why))) | (Some(Err(why)), None) => {
                let is_before = |bytes: &[u8]| self.is_closed(circle, document, message, bytes);
                let before = why == Unopened::Waiting && first.is_some_and(is_before);
                (String::new(), if before { BodyState::Before } else { why.into() })
            }
            (None, None) => (String::new(), BodyState::Missing),
        }
    }

    /// Has the texts of messages in memory, or asks for those that are not on this phone.
    pub(in crate::client) fn texts(&mut self, circle: &CircleId, messages: &[&document::Message]) -> Result<(), Stop> {
        let closed: Vec<&document::Message> =
            messages.iter().filter(|message| !self.opened.texts.has(message)).copied().collect();
        self.sealed_texts(circle, &closed)
    }

    /// The same of texts that were opened before, as they are sealed. Of a text that was sealed again the first may be
    /// gone for good.
    pub(in crate::client) fn sealed_texts(
        &mut self,
        circle: &CircleId,
        messages: &[&document::Message],
    ) -> Result<(), Stop> {
        let wanted: Vec<BodyId> = messages.iter().flat_map(|message| message.bodies()).collect();
        self.read_bodies(circle, &wanted)?;
        let last: Vec<BodyId> = messages.iter().map(|message| message.resealed.unwrap_or(message.body)).collect();
        self.bodies(circle, &last)
    }
}

pub(in crate::client) fn shown_reactions(
    names: &Names,
    me: &MemberId,
    message: &document::Message,
) -> Vec<view::Reaction> {
    let mut by_kind: SortedMap<ReactionKind, (Vec<String>, bool)> = SortedMap::new();
    for (actor, set) in &message.reactions {
        let Some(member) = names.member_of(actor) else { continue };
        for kind in ReactionKind::ALL.into_iter().filter(|kind| set.has(*kind)) {
            let (people, mine) = by_kind.get_or_insert_with(kind, Default::default);
            let name = names.name(&member);
            if !people.contains(&name) {
                people.push(name);
            }
            *mine |= member == *me;
        }
    }
    by_kind.into_iter().map(|(kind, (names, mine))| view::Reaction { kind, names, mine }).collect()
}
