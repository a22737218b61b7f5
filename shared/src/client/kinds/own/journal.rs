//! A member's journal: check-ins, questionnaires, words.

use crate::document::{DocumentName, OwnEntry, Subject};
use crate::ids::CircleId;
use crate::time::{Day, Month};

use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::input::checked_day;
use crate::client::problems::edit_problem;
use crate::client::view::{self, BodyState, Reply};
use crate::client::{CommandId, Problem, ProblemCode, Why};

use super::{Read, unknown};

/// Months that are read at once: ten years.
const MONTHS_MAX: u32 = 120;

impl Engine {
    /// The months of this phone's person's journal, oldest first, this one among them.
    fn journal_names(&self, circle: &CircleId) -> Result<Vec<DocumentName>, Problem> {
        let (me, _) = self.me(circle)?;
        let states = self.local(circle)?.documents().values();
        let own = states.filter_map(|state| match state.name.subject {
            Subject::Journal { member, month } if member == me => Some((month, state.name)),
            _ => None,
        });
        let mut names: Vec<(Month, DocumentName)> = own.collect();
        let month = self.now().day().month();
        let this = DocumentName::new(Subject::Journal { member: me, month });
        if names.iter().all(|(_, name)| *name != this) {
            names.push((month, this));
        }
        names.sort_unstable();
        Ok(names.into_iter().map(|(_, name)| name).collect())
    }

    pub(in crate::client) fn journal(&mut self, id: CommandId, circle: CircleId, months: u32) -> Attempt {
        let mut names = self.journal_names(&circle)?;
        let older = names.len().saturating_sub(months.clamp(1, MONTHS_MAX) as usize);
        names.drain(..older);
        let entries = self.journal_entries(&circle, &names, None)?;
        for name in &names {
            self.documents.watch(name.id(&circle));
        }
        self.reply(id, Ok(Reply::Journal(view::Journal { entries, more: older > 0 })));
        Ok(Step::Done)
    }

    fn journal_entries(
        &mut self,
        circle: &CircleId,
        names: &[DocumentName],
        key: Option<&str>,
    ) -> Result<Vec<view::JournalEntry>, Stop> {
        let records = self.own_records(circle, names, key)?;
        let mut entries: Vec<_> = records.into_iter().map(|record| self.shown_entry(circle, record)).collect();
        entries.sort_by(|one, other| (other.day, other.made_ms, &other.key).cmp(&(one.day, one.made_ms, &one.key)));
        Ok(entries)
    }

    pub(in crate::client) fn add_entry(
        &mut self,
        id: CommandId,
        circle: CircleId,
        day: u32,
        entry: &OwnEntry,
        replaces: Option<&str>,
    ) -> Attempt {
        let day = checked_day(day)?;
        // Where it is tomorrow already, one day later than by the time in Greenwich.
        if day > Day(self.now().day().0 + 1) {
            return Err(Problem::of(ProblemCode::BadInput, Why::DayToCome).into());
        }
        let entry = trimmed(entry);
        entry.check().map_err(edit_problem)?;
        let (member, _) = self.me(&circle)?;
        let name = DocumentName::new(Subject::Journal { member, month: self.now().day().month() });
        self.add_own(id, circle, name, &entry.encode(day), replaces, move |engine, key| {
            engine.journal_entries(&circle, &[name], Some(key)).ok()?.pop().map(Reply::JournalEntry)
        })
    }

    pub(in crate::client) fn remove_entry(&mut self, id: CommandId, circle: CircleId, key: &str) -> Attempt {
        let names = self.journal_names(&circle)?;
        self.remove_own(id, circle, &names, key)?.ok_or_else(|| unknown().into())
    }

    fn shown_entry(&self, circle: &CircleId, record: Read) -> view::JournalEntry {
        let Read { document, message, text, body } = record;
        let (found, body) = match (body, OwnEntry::decode(&text)) {
            (BodyState::Here, Ok(found)) => (Some(found), body),
            (BodyState::Here, Err(_)) => (None, BodyState::Unverified),
            _ => (None, body),
        };
        let safety = self.op_safety(circle, &document, &message.author, message.counter());
        let (day, entry) = match found {
            Some((day, entry)) => (day, Some(entry)),
            None => (message.sent.day().shown(), None),
        };
        let (key, made_ms, replaces) = (message.key, message.sent.0, message.reply_to);
        view::JournalEntry { key, day: day.0, made_ms, entry, body, replaces, safety }
    }
}

/// An entry without white space around its words.
fn trimmed(entry: &OwnEntry) -> OwnEntry {
    match entry.clone() {
        OwnEntry::CheckIn { mood, craving, sleep, energy, note } => {
            OwnEntry::CheckIn { mood, craving, sleep, energy, note: note.trim().into() }
        }
        OwnEntry::Text { text } => OwnEntry::Text { text: text.trim().into() },
        filled @ OwnEntry::Filled { .. } => filled,
    }
}
