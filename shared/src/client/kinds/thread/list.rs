//! The threads of a circle: what lists show of each, new ones, and what was seen.

use crate::document::{self, Choice, ChoiceKind, DocumentName, Register, Subject, shown_name};
use crate::ids::{ActorId, CircleId, Conversation, MemberId, ThreadId};
use crate::sorted::SortedSet;
use crate::storage::{Batch, Tree};
use crate::time::Month;
use crate::trust::MemberState;

use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::kinds::profile::names::Names;
use crate::client::parts::lists::Summary;
use crate::client::seen::key_of;
use crate::client::view::{self, BodyState, ListName, Reply};
use crate::client::{CommandId, Problem, ProblemCode, Why};

impl Engine {
    /// The documents of a thread on this phone, oldest first.
    pub(in crate::client) fn thread_documents(
        &self,
        circle: &CircleId,
        thread: &Conversation,
    ) -> Result<Vec<DocumentName>, Problem> {
        let states = self.local(circle)?.documents().values();
        let own = states.filter(|state| self.conversation_of(circle, &state.name) == Some(*thread));
        let mut names: Vec<(Month, u16, DocumentName)> = own
            .filter_map(|state| match state.name.subject {
                Subject::Thread { month, part, .. } | Subject::Pair { month, part, .. } => {
                    Some((month, part, state.name))
                }
                _ => None,
            })
            .collect();
        names.sort_unstable();
        Ok(names.into_iter().map(|(_, _, name)| name).collect())
    }

    /// Of documents, those in which a key's author writes: that is one, and no other need be opened to look for the key.
    pub(in crate::client) fn with_author(
        &self,
        circle: &CircleId,
        mut names: Vec<DocumentName>,
        key: &str,
    ) -> Vec<DocumentName> {
        let author = document::message_author(key);
        names.retain(|name| {
            let document = name.id(circle);
            let state = self.circles.get(circle).and_then(|local| local.document(&document));
            let is_known = |author: &ActorId| state.is_some_and(|state| state.chains.contains_key(author));
            author.is_some_and(|author| is_known(&author) || self.actor_in(circle, &document).ok() == Some(author))
        });
        names
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
        let chosen = self.chosen(circle)?;
        let mut threads = Vec::new();
        for (conversation, title) in self.conversations(circle, &names, profile)? {
            let (mut unread, mut last) = (0, Summary::default());
            // What stands is shown before what was taken back or hidden, however much later that was written.
            let stands = |summary: &Summary| !matches!(summary.last_body, Some(BodyState::Gone | BodyState::Hidden));
            let place = |summary: &Summary| (stands(summary), summary.last_ms);
            let blocked = is_blocked(&chosen, &conversation);
            let documents = if blocked { Vec::new() } else { self.thread_documents(circle, &conversation)? };
            for name in documents {
                let summary = self.summary(circle, &name)?;
                let seen = self.seen(&name.id(circle));
                unread += summary.others.saturating_sub(seen);
                if last.last_body.is_none() || (summary.last_body.is_some() && place(&summary) >= place(&last)) {
                    last = summary;
                }
            }
            threads.push(view::ThreadSummary {
                thread: conversation.to_string(),
                with: match conversation {
                    Conversation::With(member) => Some(member.to_string()),
                    Conversation::Thread(_) => None,
                },
                titles: title.as_ref().map(|title| names.contested(title)).unwrap_or_default(),
                title: match (conversation, &title) {
                    (Conversation::With(member), _) => names.name(&member),
                    (_, title) => title.as_ref().map(|title| shown_name(&title.value)).unwrap_or_default(),
                },
                excerpt: last.excerpt,
                last_ms: last.last_ms,
                last_name: last.last_by.map(|actor| names.author(&actor).1).unwrap_or_default(),
                last_mine: last.last_by.is_some_and(|actor| me.is_some() && names.member_of(&actor) == me),
                last_body: last.last_body,
                unread,
                blocked,
            });
        }
        Ok(threads)
    }

    /// The circle's threads, each with its title, and with whom this phone's person talks.
    fn conversations(
        &mut self,
        circle: &CircleId,
        names: &Names,
        profile: document::ProfileView,
    ) -> Result<Vec<(Conversation, Option<Register>)>, Problem> {
        let threads = profile.threads.into_iter().map(|it| (Conversation::Thread(it.thread), Some(it.title)));
        let states = self.local(circle)?.documents().values();
        let talks = states.filter_map(|state| match self.conversation_of(circle, &state.name)? {
            Conversation::With(member) => Some(member),
            Conversation::Thread(_) => None,
        });
        let with: SortedSet<MemberId> = talks.collect();
        for member in with.iter() {
            self.kinds.threads.set_title(Conversation::With(*member), names.name(member));
        }
        let pairs = with.iter().map(|member| (Conversation::With(*member), None));
        Ok(threads.chain(pairs).collect())
    }

    /// Whether whom a conversation is with is not in the circle any more, or never was.
    pub(in crate::client) fn is_talk_over(&self, circle: &CircleId, thread: &Conversation) -> bool {
        let Conversation::With(member) = thread else { return false };
        let Some(local) = self.circles.get(circle) else { return true };
        let mut members = local.keyring().shown().members();
        !members.any(|record| record.id == *member && record.state == MemberState::Active)
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
        let standing = messages.iter().rev().find(|message| !message.taken_back && message.hidden.is_none());
        let last = standing.or(messages.last());
        self.texts(circle, &last.into_iter().collect::<Vec<_>>())?;
        self.places_known(circle, name, &last.into_iter().collect::<Vec<_>>())?;
        let document = name.id(circle);
        let shown = last.map(|message| match message.hidden.filter(|_| !message.taken_back) {
            Some(_) => (String::new(), BodyState::Hidden),
            None => self.text_of(circle, &document, message),
        });
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
            engine.notify_lists(&circle, &[ListName::Threads]);
        })
    }

    pub(in crate::client) fn mark_seen(&mut self, id: CommandId, circle: CircleId, thread: Conversation) -> Attempt {
        self.read_all_seen(&circle)?;
        // What can't be said must not keep the rest from being seen.
        match self.mark_read(circle, &thread) {
            Err(Stop::Fail(_)) | Ok(()) => {}
            other => other?,
        }
        let mut batch = Batch::default();
        for name in self.thread_documents(&circle, &thread)? {
            let others = self.summary(&circle, &name)?.others;
            let document = name.id(&circle);
            if self.seen(&document) != others {
                batch.put(Tree::Meta, key_of(&document), others.to_be_bytes());
            }
        }
        if batch.is_empty() {
            self.reply(id, Ok(Reply::Nothing));
            return Ok(Step::Done);
        }
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| {
                engine.reply(id, done.map(|()| Reply::Nothing));
                engine.notify_lists(&circle, &[ListName::Threads, ListName::Circles]);
            }),
        ))
    }
}

/// Whether a conversation is with somebody whom this phone's person blocked.
pub(in crate::client) fn is_blocked(chosen: &SortedSet<Choice>, thread: &Conversation) -> bool {
    chose(chosen, ChoiceKind::Blocked, thread)
}

/// Whether something was chosen about whom a conversation is with.
pub(super) fn chose(chosen: &SortedSet<Choice>, kind: ChoiceKind, thread: &Conversation) -> bool {
    matches!(thread, Conversation::With(member) if chosen.contains(&Choice { kind, member: *member }))
}
