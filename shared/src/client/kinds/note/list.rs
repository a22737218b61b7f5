//! Session notes: lists, views, and new ones.

use crate::document::{self, DocumentName, NoteField, Subject};
use crate::ids::{CircleId, DocumentId};
use crate::time::Day;

use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::input::checked_day;
use crate::client::kinds::note::shown::{contested_days, shown, shown_passages};
use crate::client::parts::lists::Summary;
use crate::client::parts::then::Then;
use crate::client::problems::edit_problem;
use crate::client::view::{self, Reply};
use crate::client::{CommandId, Problem, ProblemCode, Why};

/// Most sessions of one day.
const ORDINAL_MAX: u8 = 15;

impl Engine {
    pub(in crate::client) fn notes(&mut self, id: CommandId, circle: CircleId) -> Attempt {
        let names: Vec<DocumentName> = self.local(&circle)?.documents().values().map(|state| state.name).collect();
        self.read_all_seen(&circle)?;
        let mut notes = Vec::new();
        for name in names {
            if let Subject::SessionNote { day, ordinal } = name.subject {
                let document = name.id(&circle);
                let summary = self.summary(&circle, &name)?;
                if summary.hidden {
                    continue;
                }
                notes.push(view::NoteSummary {
                    document: document.to_string(),
                    day: summary.day.unwrap_or(day.shown().0),
                    ordinal,
                    title: document::shown_name(&summary.title),
                    excerpt: summary.excerpt,
                    present: summary.present,
                    safety: self.safety(&circle, &document),
                    changed: summary.others > self.seen(&document),
                });
            }
        }
        notes.sort_by_key(|note| core::cmp::Reverse((note.day, note.ordinal)));
        self.reply(id, Ok(Reply::Notes(notes)));
        self.keep_summaries(circle)
    }

    /// What lists show of a note.
    pub(in crate::client) fn note_summary(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        summary: Summary,
    ) -> Result<Summary, Stop> {
        let note = self.open(circle, name)?.handle.note_summary().map_err(edit_problem)?;
        let present = u32::try_from(note.present).unwrap_or(u32::MAX);
        let (title, excerpt) = (note.title, note.excerpt);
        let (day, hidden) = (note.day.map(|day| day.0), note.hidden);
        Ok(Summary { title, excerpt, present, day, hidden, ..summary })
    }

    pub(in crate::client) fn create_note(
        &mut self,
        id: CommandId,
        circle: CircleId,
        day: u32,
        ordinal: u8,
        title: &str,
    ) -> Attempt {
        self.me(&circle)?;
        if ordinal > ORDINAL_MAX {
            return Err(Problem::of(ProblemCode::BadInput, Why::ManySessions).into());
        }
        let name = DocumentName::new(Subject::SessionNote { day: checked_day(day)?, ordinal });
        let document = name.id(&circle);
        if self.local(&circle)?.document(&document).is_none() {
            return self.begin_note(id, &circle, &name, title);
        }
        let known = self.summary(&circle, &name)?;
        if known.day.is_some_and(|shown| shown != day) {
            // That session was moved away: this is the next one of its day.
            return self.create_note(id, circle, day, ordinal + 1, title);
        }
        if known.hidden {
            let now = self.now();
            let open = self.open_beside_body(&circle, &name)?;
            let title = title.trim();
            let shown = open.handle.set_hidden(false, now);
            let named = shown.and_then(|()| open.handle.set_field(NoteField::Title, title, now));
            named.map_err(edit_problem)?;
            let then = move |engine: &mut Self| {
                let command = crate::client::Command::OpenNote { document };
                engine.take_command(id, command);
            };
            return self.commit_and(&[document], Vec::new(), then, id);
        }
        self.open_note(id, document)
    }

    fn begin_note(&mut self, id: CommandId, circle: &CircleId, name: &DocumentName, title: &str) -> Attempt {
        let (document, now) = (name.id(circle), self.now());
        let open = self.open(circle, name)?;
        if let Err(problem) = open.handle.set_field(NoteField::Title, title.trim(), now) {
            self.documents.take(&document);
            return Err(edit_problem(problem).into());
        }
        self.commit_and(
            &[document],
            Vec::new(),
            move |engine| {
                let command = crate::client::Command::OpenNote { document };
                engine.take_command(id, command);
            },
            id,
        )
    }

    pub(in crate::client) fn open_note(&mut self, id: CommandId, document: DocumentId) -> Attempt {
        let circle = self.circle_of(&document)?;
        let name = self.local(&circle)?.documents()[&document].name;
        self.open_note_named(id, &circle, &name)
    }

    pub(in crate::client) fn passages(&mut self, id: CommandId, document: DocumentId) -> Attempt {
        let circle = self.circle_of(&document)?;
        let name = self.local(&circle)?.documents()[&document].name;
        let (names, _) = self.names(&circle)?;
        let passages = self.open(&circle, &name)?.handle.passages().map_err(edit_problem)?;
        self.reply(id, Ok(Reply::Passages(shown_passages(&names, &passages))));
        Ok(Step::Done)
    }

    /// Opens a note or another document of its form; one that is new begins with an empty title.
    pub(in crate::client) fn open_note_named(
        &mut self,
        id: CommandId,
        circle: &CircleId,
        name: &DocumentName,
    ) -> Attempt {
        let document = name.id(circle);
        if self.local(circle)?.document(&document).is_none() {
            return self.begin_note(id, circle, name, "");
        }
        let note = self.note_view(circle, name, true)?;
        let summary = self.summary(circle, name)?;
        self.read_seen(&[document])?;
        self.documents.watch(document);
        self.reply(id, Ok(Reply::Note(Box::new(note))));
        self.keep_seen(&document, summary.others)
    }

    pub(in crate::client) fn note_view(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
        spans: bool,
    ) -> Result<view::Note, Stop> {
        let (names, _) = self.names(circle)?;
        let document = name.id(circle);
        let note = self.open(circle, name)?.handle.note().map_err(edit_problem)?;
        let (day, ordinal) = match name.subject {
            Subject::SessionNote { day, ordinal } | Subject::FacilitatorNote { day, ordinal } => (day, ordinal),
            _ => (Day(0), 0),
        };
        let days = note.days.clone();
        let day = days.first().map_or(day.shown(), |(day, _)| *day);
        let (local, now) = (self.local(circle)?, self.now());
        let then = Then::on(day, local.keyring().shown(), now).members(local.roster());
        let mut view = shown(&names, note, &then, spans);
        view.document = document.to_string();
        view.circle = circle.to_string();
        view.days = contested_days(&names, &days);
        (view.day, view.ordinal) = (day.0, ordinal);
        view.version = self.kinds.notes.version(&document);
        view.safety = self.safety(circle, &document);
        Ok(view)
    }
}
