//! Threads: lists, what is shown of messages, and what is told of those from elsewhere.

use crate::sorted::SortedMap;

use crate::document::{self, DocumentName, ReactionKind, Subject, shown_name};
use crate::ids::{BodyId, CircleId, DocumentId, ThreadId};
use crate::time::Month;

use crate::client::engine::{Attempt, Engine, Stop};
use crate::client::kernel::Task;
use crate::client::kinds::profile::names::Names;
use crate::client::parts::lists::Summary;
use crate::client::sealed::Unopened;
use crate::client::view::{self, BodyState, Notice, Reply};
use crate::client::{CommandId, Effect, Problem, ProblemCode, Why};

/// Most messages that are shown at once.
const LIMIT_MAX: u32 = 2_000;
/// Most of one's own messages that are told anew when their safety may have changed.
const OWN_SHOWN_MAX: usize = 50;

/// Tells the pages of messages, once their texts are read; of all in the document without keys.
pub(in crate::client) struct Show {
    pub(in crate::client) circle: CircleId,
    pub(in crate::client) name: DocumentName,
    pub(in crate::client) keys: Option<Vec<String>>,
}

impl Task<Engine> for Show {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.show(&self.circle, &self.name, self.keys.as_deref())
    }

    fn fail(&mut self, engine: &mut Engine, problem: Problem) {
        engine.exchange.set_problem(problem);
    }
}

impl Engine {
    /// The documents of a thread on this phone, oldest first.
    pub(in crate::client) fn thread_documents(
        &self,
        circle: &CircleId,
        thread: &ThreadId,
    ) -> Result<Vec<DocumentName>, Problem> {
        let states = self.local(circle)?.documents().values();
        let mut names: Vec<(Month, u16, DocumentName)> = states
            .filter_map(|state| match state.name.subject {
                Subject::Thread { thread: of, month, part } if of == *thread => Some((month, part, state.name)),
                _ => None,
            })
            .collect();
        names.sort_unstable();
        Ok(names.into_iter().map(|(_, _, name)| name).collect())
    }

    pub(in crate::client) fn threads(&mut self, id: CommandId, circle: CircleId) -> Attempt {
        let threads = self.thread_summaries(&circle)?;
        self.reply(id, Ok(Reply::Threads(threads)));
        self.keep_summaries(circle)
    }

    pub(in crate::client) fn thread_summaries(&mut self, circle: &CircleId) -> Result<Vec<view::ThreadSummary>, Stop> {
        let (names, profile) = self.names(circle)?;
        let me = self.me(circle).ok().map(|(me, _)| me);
        self.read_all_seen(circle)?;
        let mut threads = Vec::new();
        for thread in profile.threads {
            let (mut unread, mut last) = (0, Summary::default());
            // What stands is shown before what was taken back, however much later that was written.
            let place = |summary: &Summary| (summary.last_body != Some(BodyState::Gone), summary.last_ms);
            for name in self.thread_documents(circle, &thread.thread)? {
                let summary = self.summary(circle, &name)?;
                let seen = self.seen(&name.id(circle));
                unread += summary.others.saturating_sub(seen);
                if last.last_body.is_none() || (summary.last_body.is_some() && place(&summary) >= place(&last)) {
                    last = summary;
                }
            }
            threads.push(view::ThreadSummary {
                thread: thread.thread.to_string(),
                titles: names.contested(&thread.title),
                title: shown_name(&thread.title.value),
                excerpt: last.excerpt,
                last_ms: last.last_ms,
                last_name: last.last_by.map(|actor| names.author(&actor).1).unwrap_or_default(),
                last_mine: last.last_by.is_some_and(|actor| me.is_some() && names.member_of(&actor) == me),
                last_body: last.last_body,
                unread,
            });
        }
        Ok(threads)
    }

    pub(in crate::client) fn thread_summary(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        summary: Summary,
    ) -> Result<Summary, Stop> {
        let (names, _) = self.names(circle)?;
        let (me, _) = self.me(circle)?;
        let messages = self.messages_of(circle, name)?;
        let standing = messages.iter().rev().find(|message| !message.taken_back);
        let last = standing.or(messages.last());
        self.texts(circle, &last.into_iter().collect::<Vec<_>>())?;
        self.places_known(circle, name, &last.into_iter().collect::<Vec<_>>())?;
        let document = name.id(circle);
        let shown = last.map(|message| self.text_of(circle, &document, message));
        let (text, last_body) = shown.map_or_else(Default::default, |(text, body)| (text, Some(body)));
        Ok(Summary {
            excerpt: document::excerpt(text.chars()),
            last_ms: last.map(|message| message.sent.0),
            last_by: last.map(|message| message.author),
            last_body,
            others: messages.iter().filter(|message| names.member_of(&message.author) != Some(me)).count() as u64,
            ..summary
        })
    }

    fn text_of(&self, circle: &CircleId, document: &DocumentId, message: &document::Message) -> (String, BodyState) {
        if message.taken_back {
            return (String::new(), BodyState::Gone);
        }
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

    /// Has the texts of messages in memory, or asks for those that are not on this phone. Of a text that was sealed
    /// again the first may be gone for good.
    fn texts(&mut self, circle: &CircleId, messages: &[&document::Message]) -> Result<(), Stop> {
        let wanted: Vec<BodyId> = messages.iter().flat_map(|message| message.bodies()).collect();
        self.read_bodies(circle, &wanted)?;
        let last: Vec<BodyId> = messages.iter().map(|message| message.resealed.unwrap_or(message.body)).collect();
        self.bodies(circle, &last)
    }

    pub(in crate::client) fn create_thread(&mut self, id: CommandId, circle: CircleId, title: &str) -> Attempt {
        self.names(&circle)?;
        let own = self.device()?.id();
        if !self.local(&circle)?.roster().author(&own).is_some_and(|(author, _)| author.begins) {
            return Err(Problem::of(ProblemCode::NotAllowed, Why::BeginsNot).into());
        }
        let title = title.trim().to_owned();
        let begun = core::cell::Cell::new(ThreadId::CIRCLE);
        let commit = self.edit_profile(&circle, |handle, now| {
            begun.set(handle.next_thread(now)?);
            handle.set_thread(&begun.get(), &title, now)
        })?;
        let thread = begun.get();
        self.finish_profile(circle, commit, move |engine, done| {
            let reply = done.map(|()| {
                Reply::ThreadSummary(view::ThreadSummary {
                    thread: thread.to_string(),
                    title,
                    ..view::ThreadSummary::default()
                })
            });
            engine.reply(id, reply);
            engine.notify_lists(&circle, &[view::ListName::Threads]);
        })
    }

    pub(in crate::client) fn open_thread(
        &mut self,
        id: CommandId,
        circle: CircleId,
        thread: ThreadId,
        limit: u32,
    ) -> Attempt {
        let (names, profile) = self.names(&circle)?;
        self.kinds.threads.watch(circle, thread);
        let limit = limit.clamp(1, LIMIT_MAX) as usize;
        let mut found: Vec<(DocumentId, document::Message)> = Vec::new();
        let documents = self.thread_documents(&circle, &thread)?;
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
        let messages =
            found.iter().map(|(document, message)| self.shown_message(&circle, document, &names, &me, message));
        let title = profile.threads.iter().find(|known| known.thread == thread);
        let reply = view::Thread {
            thread: thread.to_string(),
            circle: circle.to_string(),
            title: title.map(|known| shown_name(&known.title.value)).unwrap_or_default(),
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
        names: &Names,
        me: &crate::ids::MemberId,
        message: &document::Message,
    ) -> view::Message {
        let (author, author_name) = names.author(&message.author);
        let (text, body) = self.text_of(circle, document, message);
        view::Message {
            mine: names.member_of(&message.author) == Some(*me),
            left: names.member_of(&message.author).is_some_and(|member| names.has_left(&member)),
            author,
            author_name,
            sent_ms: message.sent.0,
            text,
            body,
            reply_to: message.reply_to.clone(),
            reactions: shown_reactions(names, me, message),
            safety: self.op_safety(circle, document, &message.author, message.counter()),
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
        let mut found = self.messages_of(circle, name)?;
        found.retain(|message| keys.is_none_or(|keys| keys.contains(&message.key)));
        self.texts(circle, &found.iter().collect::<Vec<_>>())?;
        self.places_known(circle, name, &found.iter().collect::<Vec<_>>())?;
        let document = name.id(circle);
        Ok(found.iter().map(|message| self.shown_message(circle, &document, &names, &me, message)).collect())
    }

    pub(in crate::client) fn mark_seen(&mut self, id: CommandId, circle: CircleId, thread: ThreadId) -> Attempt {
        self.read_all_seen(&circle)?;
        let mut batch = crate::storage::Batch::default();
        for name in self.thread_documents(&circle, &thread)? {
            let others = self.summary(&circle, &name)?.others;
            let document = name.id(&circle);
            if self.seen(&document) != others {
                batch.put(crate::storage::Tree::Meta, crate::client::seen::key_of(&document), others.to_be_bytes());
            }
        }
        if batch.is_empty() {
            self.reply(id, Ok(Reply::Nothing));
            return Ok(crate::client::engine::Step::Done);
        }
        Ok(crate::client::engine::Step::Commit(
            batch,
            Box::new(move |engine, done| {
                engine.reply(id, done.map(|()| Reply::Nothing));
                engine.notify_lists(&circle, &[view::ListName::Threads, view::ListName::Circles]);
            }),
        ))
    }

    /// Tells the pages of messages; of all in the document when no keys are given. Those whose text is not in
    /// memory are left to the page to ask for.
    pub(in crate::client) fn notify_messages(
        &mut self,
        circle: &CircleId,
        thread: &ThreadId,
        name: &DocumentName,
        keys: Option<&[String]>,
    ) {
        match self.messages(circle, name, keys) {
            Ok(messages) => self.tell_messages(circle, thread, keys, messages),
            Err(_) => {
                let keys = keys.map(<[String]>::to_vec);
                self.kernel.enqueue(Show { circle: *circle, name: *name, keys });
            }
        }
    }

    /// Tells the pages how safe this phone's newest messages in a document are.
    pub(in crate::client) fn notify_own_messages(&mut self, circle: &CircleId, thread: &ThreadId, name: &DocumentName) {
        let Some(open) = self.documents.get(&name.id(circle)) else { return };
        let Ok(found) = open.handle.thread() else { return };
        let own = found.messages.iter().rev().filter(|message| message.author == *open.handle.actor());
        let keys: Vec<String> = own.take(OWN_SHOWN_MAX).map(|message| message.key.clone()).collect();
        if !keys.is_empty() {
            self.notify_messages(circle, thread, name, Some(&keys));
        }
    }

    /// A notice that had to wait for the store.
    pub(in crate::client) fn show(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        keys: Option<&[String]>,
    ) -> Attempt {
        let Subject::Thread { thread, .. } = name.subject else { return Ok(crate::client::engine::Step::Done) };
        let messages = self.messages(circle, name, keys)?;
        self.tell_messages(circle, &thread, keys, messages);
        Ok(crate::client::engine::Step::Done)
    }

    /// Tells the pages of messages with these keys. Those that are not there any more were written again after this
    /// phone was put back, and have another key.
    fn tell_messages(
        &mut self,
        circle: &CircleId,
        thread: &ThreadId,
        keys: Option<&[String]>,
        messages: Vec<view::Message>,
    ) {
        let is_gone = |key: &&String| messages.iter().all(|message| message.key != **key);
        let gone: Vec<String> = keys.unwrap_or_default().iter().filter(is_gone).cloned().collect();
        if !messages.is_empty() || !gone.is_empty() {
            let (circle, thread) = (circle.to_string(), thread.to_string());
            self.push(Effect::Notice(Notice::Messages { circle, thread, messages, gone }));
        }
    }
}

fn shown_reactions(names: &Names, me: &crate::ids::MemberId, message: &document::Message) -> Vec<view::Reaction> {
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
