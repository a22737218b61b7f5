//! What others wrote since this phone's person last looked, by author.

use crate::document::{self, DocumentName, Subject, shown_name};
use crate::ids::{CircleId, Conversation, MemberId};
use crate::sorted::SortedMap;
use crate::storage::{ReadResult, Tree};
use crate::sync::StoredEntry;

use crate::client::CommandId;
use crate::client::engine::{Attempt, Engine, Stop};
use crate::client::problem::corrupt;
use crate::client::rows::rows_of;
use crate::client::view::{self, Reply};

use super::thread::list::is_blocked;

/// What is older is no news: a phone that comes in has seen nothing yet.
const NEWS_MS_MAX: u64 = 30 * 86_400_000;

type ByAuthor = SortedMap<MemberId, view::News>;

impl Engine {
    pub(in crate::client) fn news(&mut self, id: CommandId, circle: CircleId) -> Attempt {
        self.names(&circle)?;
        self.read_all_seen(&circle)?;
        let mut news = ByAuthor::new();
        self.new_messages(&circle, &mut news)?;
        self.changed_notes(&circle, &mut news)?;
        let mut all: Vec<view::News> = news.into_iter().map(|(_, of)| of).collect();
        all.sort_by(|one, other| (other.last_ms, &one.member).cmp(&(one.last_ms, &other.member)));
        self.reply(id, Ok(Reply::News(all)));
        self.keep_summaries(circle)
    }

    fn new_messages(&mut self, circle: &CircleId, news: &mut ByAuthor) -> Result<(), Stop> {
        let (names, _) = self.names(circle)?;
        let (me, _) = self.me(circle)?;
        let chosen = self.chosen(circle)?;
        let since = self.now().0.saturating_sub(NEWS_MS_MAX);
        let stands = |message: &document::Message| !message.taken_back && message.hidden.is_none();
        for name in self.names_of(circle)? {
            let Some(thread) = self.conversation_of(circle, &name).filter(|it| !is_blocked(&chosen, it)) else {
                continue;
            };
            let fresh = self.summary(circle, &name)?.others.saturating_sub(self.seen(&name.id(circle)));
            if fresh == 0 {
                continue;
            }
            let title = match thread {
                Conversation::With(member) => names.name(&member),
                Conversation::Thread(_) => self.kinds.threads.title(&thread).cloned().unwrap_or_default(),
            };
            let others = self.messages_of(circle, &name)?.into_iter().rev();
            let others = others.filter(|message| names.member_of(&message.author) != Some(me));
            let fresh = others.take(usize::try_from(fresh).unwrap_or(usize::MAX));
            for message in fresh.filter(|message| stands(message) && message.sent.0 >= since) {
                let Some(author) = names.member_of(&message.author) else { continue };
                let of = news.get_or_insert_with(author, || view::News::of(&author, names.name(&author)));
                of.last_ms = of.last_ms.max(message.sent.0);
                of.messages += 1;
                let place = view::NewsPlace { thread: thread.to_string(), title: title.clone() };
                if !of.threads.contains(&place) {
                    of.threads.push(place);
                }
            }
        }
        Ok(())
    }

    /// Who wrote what came last into notes: as many entries of others as were not there when each was last open.
    fn changed_notes(&mut self, circle: &CircleId, news: &mut ByAuthor) -> Result<(), Stop> {
        let (names, _) = self.names(circle)?;
        let (me, _) = self.me(circle)?;
        let first = self.now().day().0.saturating_sub(u32::try_from(NEWS_MS_MAX / 86_400_000).unwrap_or(0));
        let mut changed = Vec::new();
        for name in self.names_of(circle)? {
            let Subject::SessionNote { day, .. } = name.subject else { continue };
            let summary = self.summary(circle, &name)?;
            let fresh = summary.others.saturating_sub(self.seen(&name.id(circle)));
            let day = summary.day.unwrap_or(day.shown().0);
            if fresh > 0 && !summary.hidden && day >= first {
                changed.push((name.id(circle), fresh, day, shown_name(&summary.title)));
            }
        }
        let reads: Vec<_> = changed.iter().map(|(note, ..)| rows_of(Tree::DocumentLog, circle, note)).collect();
        let logs = self.kernel.rows.answers(&reads)?.into_iter().map(ReadResult::rows);
        for ((note, fresh, day, title), rows) in changed.into_iter().zip(logs) {
            let mut left = fresh;
            for (_, value) in rows.into_iter().rev() {
                let entry = StoredEntry::decode(&value).map_err(corrupt)?;
                let author = self.local(circle)?.roster().author(&entry.device).map(|(author, _)| author.member);
                let Some(author) = author.filter(|author| *author != me) else { continue };
                let Some(rest) = left.checked_sub(1) else { break };
                left = rest;
                let of = news.get_or_insert_with(author, || view::News::of(&author, names.name(&author)));
                of.last_ms = of.last_ms.max(u64::from(day) * 86_400_000);
                let place = view::NewsNote { document: note.to_string(), title: title.clone(), day };
                if !of.notes.contains(&place) {
                    of.notes.push(place);
                }
            }
        }
        Ok(())
    }

    fn names_of(&self, circle: &CircleId) -> Result<Vec<DocumentName>, Stop> {
        Ok(self.local(circle)?.documents().values().map(|state| state.name).collect())
    }
}
