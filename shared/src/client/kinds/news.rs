//! What others wrote since this phone's person last looked, by author.

use crate::document::{self, DocumentName, Subject, shown_name};
use crate::ids::{CircleId, Conversation, DeviceId, DocumentId, MemberId};
use crate::sorted::SortedMap;
use crate::storage::{ReadResult, Tree};
use crate::sync::StoredEntry;

use crate::client::CommandId;
use crate::client::engine::{Attempt, Engine, Stop};
use crate::client::parts::kinds::Writers;
use crate::client::problem::corrupt;
use crate::client::rows::rows_of;
use crate::client::view::{self, Reply};

use super::profile::names::Names;
use super::thread::list::is_blocked;

/// What is older is no news: a phone that comes in has seen nothing yet.
const NEWS_MS_MAX: u64 = 30 * 86_400_000;

/// A note in which others wrote, and in how many entries since it was last open.
struct Changed {
    note: DocumentId,
    fresh: u64,
    day: u32,
    title: String,
}

/// News as they are gathered.
struct Gathered {
    names: Names,
    me: MemberId,
    by_author: SortedMap<MemberId, view::News>,
}

impl Gathered {
    fn of(&mut self, author: MemberId) -> &mut view::News {
        let names = &self.names;
        self.by_author.get_or_insert_with(author, || view::News::of(&author, names.name(&author)))
    }
}

impl Engine {
    pub(in crate::client) fn news(&mut self, id: CommandId, circle: CircleId) -> Attempt {
        let (names, _) = self.names(&circle)?;
        let (me, _) = self.me(&circle)?;
        self.read_all_seen(&circle)?;
        let mut news = Gathered { names, me, by_author: SortedMap::new() };
        self.new_messages(&circle, &mut news)?;
        self.changed_notes(&circle, &mut news)?;
        let mut all: Vec<view::News> = news.by_author.into_iter().map(|(_, of)| of).collect();
        all.sort_by(|one, other| (other.last_ms, &one.member).cmp(&(one.last_ms, &other.member)));
        self.reply(id, Ok(Reply::News(all)));
        self.keep_summaries(circle)
    }

    /// Of a conversation of which nothing that stands is young enough, no message is looked at.
    fn new_messages(&mut self, circle: &CircleId, news: &mut Gathered) -> Result<(), Stop> {
        let chosen = self.chosen(circle)?;
        let since = self.now().0.saturating_sub(NEWS_MS_MAX);
        let stands = |message: &document::Message| !message.taken_back && message.hidden.is_none();
        for (document, name) in self.names_of(circle)? {
            let Some(thread) = self.conversation_of(circle, &name).filter(|it| !is_blocked(&chosen, it)) else {
                continue;
            };
            let summary = self.summary(circle, &name)?;
            let fresh = summary.others.saturating_sub(self.seen(&document));
            if fresh == 0 || summary.last_ms.is_none_or(|last| last < since) {
                continue;
            }
            let title = match thread {
                Conversation::With(member) => news.names.name(&member),
                Conversation::Thread(_) => self.kinds.threads.title(&thread).cloned().unwrap_or_default(),
            };
            let mut others = self.messages_of(circle, &name)?;
            others.retain(|message| news.names.member_of(&message.author) != Some(news.me));
            let fresh = others.into_iter().rev().take(usize::try_from(fresh).unwrap_or(usize::MAX));
            for message in fresh.filter(|message| stands(message) && message.sent.0 >= since) {
                let Some(author) = news.names.member_of(&message.author) else { continue };
                let of = news.of(author);
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
    fn changed_notes(&mut self, circle: &CircleId, news: &mut Gathered) -> Result<(), Stop> {
        let first = self.now().day().0.saturating_sub(u32::try_from(NEWS_MS_MAX / 86_400_000).unwrap_or(0));
        let mut changed = Vec::new();
        for (note, name) in self.names_of(circle)? {
            let Subject::SessionNote { day, .. } = name.subject else { continue };
            let summary = self.summary(circle, &name)?;
            let fresh = summary.others.saturating_sub(self.seen(&note));
            let day = summary.day.unwrap_or(day.shown().0);
            if fresh > 0 && !summary.hidden && day >= first {
                changed.push(Changed { note, fresh, day, title: shown_name(&summary.title) });
            }
        }
        self.read_writers(circle, &changed)?;
        for Changed { note, fresh, day, title } in changed {
            for author in self.last_writers(circle, &note, (fresh, &news.me))? {
                let of = news.of(author);
                of.last_ms = of.last_ms.max(u64::from(day) * 86_400_000);
                let place = view::NewsNote { document: note.to_string(), title: title.clone(), day };
                if !of.notes.contains(&place) {
                    of.notes.push(place);
                }
            }
        }
        Ok(())
    }

    /// Reads who wrote in these notes, where that is not known of them as they stand.
    fn read_writers(&mut self, circle: &CircleId, changed: &[Changed]) -> Result<(), Stop> {
        let local = self.local(circle)?;
        let states = changed.iter().filter_map(|it| Some((it.note, local.document(&it.note)?)));
        let lacking = states.filter(|(note, state)| self.kinds.notes.writers(note, state).is_none());
        let lacking: Vec<DocumentId> = lacking.map(|(note, _)| note).collect();
        let reads = lacking.iter().map(|note| rows_of(Tree::DocumentLog, circle, note)).collect();
        let logs = self.kernel.rows.take(reads)?.into_iter().map(ReadResult::rows);
        let mut found = Vec::new();
        for (note, rows) in lacking.into_iter().zip(logs) {
            let devices: Result<Vec<DeviceId>, _> =
                rows.iter().map(|(_, value)| StoredEntry::decode(value).map(|entry| entry.device)).collect();
            let Some(state) = self.local(circle)?.document(&note) else { continue };
            found.push((note, Writers::new(state, devices.map_err(corrupt)?.into_iter())));
        }
        let notes: Vec<DocumentId> = changed.iter().map(|it| it.note).collect();
        self.kinds.notes.set_writers(found, &notes);
        Ok(())
    }

    /// Who wrote the last so many entries of others in a note.
    fn last_writers(
        &self,
        circle: &CircleId,
        note: &DocumentId,
        (fresh, me): (u64, &MemberId),
    ) -> Result<Vec<MemberId>, Stop> {
        let local = self.local(circle)?;
        let writers = local.document(note).and_then(|state| self.kinds.notes.writers(note, state));
        let (mut authors, mut left) = (Vec::new(), fresh);
        for (device, entries) in writers.iter().flat_map(|writers| writers.runs()) {
            let author = local.roster().author(&device).map(|(author, _)| author.member);
            let Some(author) = author.filter(|author| author != me) else { continue };
            if left == 0 {
                break;
            }
            left = left.saturating_sub(entries);
            authors.push(author);
        }
        Ok(authors)
    }

    fn names_of(&self, circle: &CircleId) -> Result<Vec<(DocumentId, DocumentName)>, Stop> {
        Ok(self.local(circle)?.documents().iter().map(|(document, state)| (*document, state.name)).collect())
    }
}
