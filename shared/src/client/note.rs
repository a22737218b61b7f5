//! Session notes: lists, views, edits, and what is told of edits from elsewhere.

use crate::document::{self, BodyOp, DocumentName, EditProblem, Handle, ItemId, NoteField, Subject};
use crate::ids::{CircleId, DocumentId};
use crate::storage::{Batch, Tree};
use crate::sync::key;
use crate::time::{Day, TimestampMs};

use super::command::NoteEdit;
use super::engine::{Attempt, Engine, Step, Stop, parse};
use super::local::{OpenDocument, edit_problem};
use super::room::{FIELD_COST, cost_of};
use super::shown::{body_op, contested_days, shown, shown_op, shown_passages};
use super::start::draft_key;
use super::summary::Summary;
use super::view::{self, Notice, Reply};
use super::{CommandId, Effect, Problem, ProblemCode, draft};

/// Most sessions of one day.
const ORDINAL_MAX: u8 = 15;

impl Engine {
    pub(super) fn notes(&mut self, id: CommandId, circle: &str) -> Attempt {
        let circle: CircleId = parse(circle, "the circle")?;
        let names: Vec<DocumentName> = self.local(&circle)?.documents.values().map(|state| state.name).collect();
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
                    changed: summary.others > self.seen.get(&document).copied().unwrap_or(0),
                });
            }
        }
        notes.sort_by_key(|note| core::cmp::Reverse((note.day, note.ordinal)));
        self.reply(id, Ok(Reply::Notes(notes)));
        self.keep_summaries(circle)
    }

    /// What lists show of a document; loads it when the kept summary is older than the document.
    pub(super) fn summary(&mut self, circle: &CircleId, name: &DocumentName) -> Result<Summary, Stop> {
        let document = name.id(circle);
        let me = self.device()?.id();
        let state = self.local(circle)?.documents.get(&document).cloned();
        let entries = state.as_ref().map_or(0, |state| state.entries);
        if let Some(kept) = self.summaries.get(&document).filter(|kept| kept.entries == entries) {
            return Ok(kept.clone());
        }
        let others = state.iter().flat_map(|state| state.chains.values());
        let others = others.filter(|chain| chain.device != me).map(|chain| chain.seq).sum();
        let summary = match name.subject {
            Subject::Thread { .. } => self.thread_summary(circle, name, entries)?,
            _ => {
                let note = self.open(circle, name)?.handle.note_summary().map_err(edit_problem)?;
                let present = u32::try_from(note.present).unwrap_or(u32::MAX);
                let (title, excerpt) = (note.title, note.excerpt);
                let (day, hidden) = (note.day.map(|day| day.0), note.hidden);
                Summary { entries, title, excerpt, present, day, hidden, others, ..Summary::default() }
            }
        };
        self.summaries.insert(document, summary.clone());
        self.summaries_new.insert(document);
        Ok(summary)
    }

    /// Has those summaries made anew whose text may have come since.
    pub(super) fn forget_waiting_summaries(&mut self) {
        let waiting = self.summaries.iter().filter(|(_, summary)| summary.waits());
        for document in waiting.map(|(document, _)| *document).collect::<Vec<_>>() {
            self.summaries.remove(&document);
        }
    }

    /// Writes summaries that were made anew, so that the next start need not.
    pub(super) fn keep_summaries(&mut self, circle: CircleId) -> Attempt {
        let mut batch = Batch::default();
        for document in core::mem::take(&mut self.summaries_new) {
            if let Some(summary) = self.summaries.get(&document) {
                batch.put(Tree::Summaries, key::document(&circle, &document), summary.encode());
            }
        }
        if batch.is_empty() {
            return Ok(Step::Done);
        }
        Ok(Step::Commit(batch, Box::new(|_, _| {})))
    }

    pub(super) fn create_note(
        &mut self,
        id: CommandId,
        circle_text: &str,
        day: u32,
        ordinal: u8,
        title: &str,
    ) -> Attempt {
        let circle: CircleId = parse(circle_text, "the circle")?;
        self.me(&circle)?;
        if ordinal > ORDINAL_MAX {
            let text = "There are too many sessions on that day.";
            return Err(Problem::new(ProblemCode::BadInput, text).into());
        }
        let name = DocumentName::new(Subject::SessionNote { day: Day(day), ordinal });
        check_day(&name)?;
        let document = name.id(&circle);
        if !self.local(&circle)?.documents.contains_key(&document) {
            return self.begin_note(id, &circle, &name, title);
        }
        let known = self.summary(&circle, &name)?;
        if known.day.is_some_and(|shown| shown != day) {
            // That session was moved away: this is the next one of its day.
            return self.create_note(id, circle_text, day, ordinal + 1, title);
        }
        if known.hidden {
            let now = self.now;
            let open = self.open_beside_body(&circle, &name)?;
            let title = title.trim();
            let shown = open.handle.set_hidden(false, now);
            let named = shown.and_then(|()| open.handle.set_field(NoteField::Title, title, now));
            named.map_err(edit_problem)?;
            let then = move |engine: &mut Self| {
                let command = super::Command::OpenNote { document: document.to_string() };
                engine.enqueue(super::engine::Task::Command { id, command });
            };
            return self.commit_and(&[document], Vec::new(), then, id);
        }
        self.open_note(id, &document.to_string())
    }

    fn begin_note(&mut self, id: CommandId, circle: &CircleId, name: &DocumentName, title: &str) -> Attempt {
        let (document, now) = (name.id(circle), self.now);
        let open = self.open(circle, name)?;
        if let Err(problem) = open.handle.set_field(NoteField::Title, title.trim(), now) {
            self.open.remove(&document);
            return Err(edit_problem(problem).into());
        }
        self.commit_and(
            &[document],
            Vec::new(),
            move |engine| {
                let command = super::Command::OpenNote { document: document.to_string() };
                engine.enqueue(super::engine::Task::Command { id, command });
            },
            id,
        )
    }

    /// Commits documents; then `then`, or the problem as the reply.
    pub(super) fn commit_and(
        &mut self,
        documents: &[DocumentId],
        bodies: Vec<Vec<u8>>,
        then: impl FnOnce(&mut Self) + 'static,
        id: CommandId,
    ) -> Attempt {
        let Some(mut commit) = self.commit_documents(documents, &bodies)? else {
            then(self);
            return Ok(Step::Done);
        };
        for body in &bodies {
            self.bodies.insert(crate::ids::BodyId::of(body), Some(body.clone()));
        }
        let documents = documents.to_vec();
        let batch = core::mem::take(&mut commit.batch);
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    engine.settle(commit);
                    then(engine);
                }
                Err(problem) => {
                    engine.give_up(&documents, problem.clone());
                    engine.reply(id, Err(problem));
                }
            }),
        ))
    }

    pub(super) fn open_note(&mut self, id: CommandId, document: &str) -> Attempt {
        let document: DocumentId = parse(document, "the note")?;
        let circle = self.circle_of(&document)?;
        let name = self.local(&circle)?.documents[&document].name;
        self.open_note_named(id, &circle, &name)
    }

    pub(super) fn passages(&mut self, id: CommandId, document: &str) -> Attempt {
        let document: DocumentId = parse(document, "the note")?;
        let circle = self.circle_of(&document)?;
        let name = self.local(&circle)?.documents[&document].name;
        let (names, _) = self.names(&circle)?;
        let passages = self.open(&circle, &name)?.handle.passages().map_err(edit_problem)?;
        self.reply(id, Ok(Reply::Passages(shown_passages(&names, &passages))));
        Ok(Step::Done)
    }

    /// Opens a note or another document of its form; one that is new begins with an empty title.
    pub(super) fn open_note_named(&mut self, id: CommandId, circle: &CircleId, name: &DocumentName) -> Attempt {
        let document = name.id(circle);
        if !self.local(circle)?.documents.contains_key(&document) {
            return self.begin_note(id, circle, name, "");
        }
        let note = self.note_view(circle, name, true)?;
        let summary = self.summary(circle, name)?;
        self.watched.insert(document);
        self.reply(id, Ok(Reply::Note(Box::new(note))));
        self.keep_seen(&document, summary.others)
    }

    /// Remembers how much of a document was seen.
    pub(super) fn keep_seen(&mut self, document: &DocumentId, others: u64) -> Attempt {
        if self.seen.get(document) == Some(&others) {
            return Ok(Step::Done);
        }
        self.seen.insert(*document, others);
        let mut batch = Batch::default();
        batch.put(Tree::Meta, super::start::seen_key(document), others.to_be_bytes());
        Ok(Step::Commit(batch, Box::new(|_, _| {})))
    }

    fn note_view(&mut self, circle: &CircleId, name: &DocumentName, spans: bool) -> Result<view::Note, Stop> {
        let (names, _) = self.names(circle)?;
        let document = name.id(circle);
        let note = self.open(circle, name)?.handle.note().map_err(edit_problem)?;
        let (day, ordinal) = match name.subject {
            Subject::SessionNote { day, ordinal } | Subject::FacilitatorNote { day, ordinal } => (day, ordinal),
            _ => (Day(0), 0),
        };
        let days = note.days.clone();
        let mut view = shown(&names, note, spans);
        view.document = document.to_string();
        view.circle = circle.to_string();
        view.days = contested_days(&names, &days);
        (view.day, view.ordinal) = (days.first().map_or(day.shown(), |(day, _)| *day).0, ordinal);
        view.version = self.versions.get(&document).copied().unwrap_or(0);
        view.safety = self.safety(circle, &document);
        Ok(view)
    }

    pub(super) fn edit_note(&mut self, id: CommandId, document: &str, edit: &NoteEdit) -> Attempt {
        let document: DocumentId = parse(document, "the note")?;
        let circle = self.circle_of(&document)?;
        let name = self.local(&circle)?.documents[&document].name;
        if let NoteEdit::Body { version, ops } = edit {
            return self.edit_body(id, &circle, &name, *version, ops);
        }
        self.names(&circle)?;
        let now = self.now;
        self.open(&circle, &name)?;
        self.check_room(&circle, &name, FIELD_COST)?;
        let open = self.open_beside_body(&circle, &name)?;
        if let Err(problem) = edit_beside_body(&mut open.handle, edit, now)? {
            if problem == EditProblem::Engine {
                self.give_up(&[document], edit_problem(problem));
            }
            return Err(edit_problem(problem).into());
        }
        self.commit_and(
            &[document],
            Vec::new(),
            move |engine| {
                let version = engine.versions.get(&document).copied().unwrap_or(0);
                engine.reply(id, Ok(Reply::Version(view::Version { version })));
                engine.notify_note(&circle, &name);
            },
            id,
        )
    }

    /// Opens a note to write beside its body. What was typed is written first: a copy of this phone that has it as a
    /// draft writes it at the same place then, and it is known to be the same.
    fn open_beside_body(&mut self, circle: &CircleId, name: &DocumentName) -> Result<&mut OpenDocument, Stop> {
        let now = self.now;
        self.open(circle, name)?;
        let whole = self.has_room_for_words(&name.id(circle));
        let open = self.open(circle, name)?;
        open.handle.write_typed(now, whole).map_err(edit_problem)?;
        Ok(open)
    }

    fn edit_body(
        &mut self,
        id: CommandId,
        circle: &CircleId,
        name: &DocumentName,
        version: u64,
        ops: &[view::NoteOp],
    ) -> Attempt {
        let document = name.id(circle);
        let current = self.versions.get(&document).copied().unwrap_or(0);
        if version != current {
            let text = format!("the note is at version {current}, the edit was made at {version}");
            return Err(Problem::new(ProblemCode::Stale, text).into());
        }
        let ops: Vec<BodyOp> = ops.iter().map(body_op).collect();
        let (now, due) = (self.now, self.steady.plus_ms(super::engine::COALESCE_MS));
        self.open(circle, name)?;
        self.check_room(circle, name, cost_of(&ops))?;
        let whole = self.has_room_for_words(&document);
        let open = self.open(circle, name)?;
        if let Err(problem) = open.handle.type_on(&ops, now, whole) {
            if problem == EditProblem::Engine {
                self.give_up(&[document], edit_problem(problem));
            }
            return Err(edit_problem(problem).into());
        }
        let open = self.open(circle, name)?;
        let number = open.drafts;
        open.drafts += 1;
        open.commit_due = open.commit_due.or(Some(due));
        let mut value = crate::codec::Writer::new();
        name.write(&mut value);
        value.raw(&draft::encode(&ops));
        let mut batch = Batch::default();
        batch.put(Tree::Drafts, draft_key(circle, &document, number), value.into_bytes());
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    engine.versions.insert(document, current + 1);
                    engine.reply(id, Ok(Reply::Version(view::Version { version: current + 1 })));
                    engine.notify_status();
                }
                Err(problem) => {
                    if let Some(open) = engine.open.get_mut(&document) {
                        open.drafts -= 1;
                    }
                    engine.give_up(&[document], problem.clone());
                    engine.reply(id, Err(problem));
                }
            }),
        ))
    }

    /// Tells the pages of a note what is beside its body, when it is on screen and loaded.
    pub(super) fn notify_note(&mut self, circle: &CircleId, name: &DocumentName) {
        if !self.watched.contains(&name.id(circle)) {
            return;
        }
        if let Ok(note) = self.note_view(circle, name, false) {
            self.push(Effect::Notice(Notice::Note { note: Box::new(note) }));
        }
    }

    /// Tells the pages how safe what they show is.
    pub(super) fn notify_safety(&mut self, circle: &CircleId) {
        let Ok(local) = self.local(circle) else { return };
        let names: Vec<DocumentName> =
            self.watched.iter().filter_map(|document| local.documents.get(document)).map(|state| state.name).collect();
        for name in names {
            match name.subject {
                Subject::Thread { thread, .. } => self.notify_own_messages(circle, &thread, &name),
                Subject::Profile => {}
                _ => self.notify_note(circle, &name),
            }
        }
    }

    /// Takes changes that are stored into the documents that are open, and tells the pages.
    pub(super) fn show_changes(
        &mut self,
        circle: &CircleId,
        changes: crate::sorted::SortedMap<DocumentId, Vec<Vec<u8>>>,
    ) {
        let mut plain = crate::sorted::SortedMap::new();
        for (document, changes) in changes {
            let name = self.circles.get(circle).and_then(|local| local.documents.get(&document)).map(|it| it.name);
            match name.filter(DocumentName::is_sealed) {
                Some(name) if self.open.contains_key(&document) => {
                    self.enqueue(super::engine::Task::Unseal { circle: *circle, name });
                }
                Some(_) => {}
                None => {
                    plain.insert(document, changes);
                }
            }
        }
        self.apply_changes(circle, plain);
    }

    /// Takes changes that Automerge may see into the documents that are open, and tells the pages.
    pub(super) fn apply_changes(
        &mut self,
        circle: &CircleId,
        changes: crate::sorted::SortedMap<DocumentId, Vec<Vec<u8>>>,
    ) {
        for (document, changes) in changes {
            let Some(mut open) = self.open.remove(&document) else {
                self.show_new_document(circle, &document);
                continue;
            };
            let name = *open.handle.name();
            let proven = self.local(circle).ok().and_then(|local| local.documents.get(&document));
            let from = proven.map_or(0, |state| state.proven_position);
            let applied = self.guarded(circle, &document, from, || {
                let delta = open.handle.apply(&changes);
                (open, delta)
            });
            if let Ok((open, Ok(delta))) = applied {
                if open.handle.lacks() {
                    self.note_unshown(circle, &document, Some(super::sealed::left_out()));
                }
                self.open.insert(document, open);
                self.show_delta(circle, &document, &name, delta);
            }
        }
        use view::ListName::{Circle, Circles, Notes, Outbox, Threads};
        self.notify_lists(circle, &[Circles, Circle, Notes, Threads, Outbox]);
        self.notify_safety(circle);
    }

    /// Shows an open document as it is with these changes alone; pages are told what that changes.
    pub(super) fn show_instead(&mut self, circle: &CircleId, name: &DocumentName, changes: &[Vec<u8>]) {
        let document = name.id(circle);
        let Some(before) = self.open.remove(&document) else { return };
        let actor = *before.handle.actor();
        let opened = self.guarded(circle, &document, 0, || Handle::open(circle, name, actor, changes));
        if let Ok(Ok(handle)) = opened {
            let delta = handle.delta_from(&before.handle);
            self.open.insert(document, super::local::OpenDocument { handle, ..before });
            self.show_delta(circle, &document, name, delta);
        }
    }

    /// A thread on screen may go on in a document that was not there when it was opened.
    fn show_new_document(&mut self, circle: &CircleId, document: &DocumentId) {
        let Some(state) = self.circles.get(circle).and_then(|local| local.documents.get(document)) else { return };
        let name = state.name;
        if let Subject::Thread { thread, .. } = name.subject
            && self.watched_threads.contains(&(*circle, thread))
        {
            self.watched.insert(*document);
            self.enqueue(super::engine::Task::Show { circle: *circle, name, keys: None });
        }
    }

    fn show_delta(&mut self, circle: &CircleId, document: &DocumentId, name: &DocumentName, delta: document::Delta) {
        if !delta.body.is_empty() {
            let version = self.versions.get(document).copied().unwrap_or(0) + 1;
            self.versions.insert(*document, version);
            if self.watched.contains(document) {
                let ops = delta.body.iter().map(shown_op).collect();
                self.push(Effect::Notice(Notice::NoteBody { document: document.to_string(), version, ops }));
            }
        }
        match name.subject {
            Subject::Thread { thread, .. } if !delta.messages.is_empty() => {
                self.notify_messages(circle, &thread, name, Some(&delta.messages));
            }
            _ => {}
        }
    }
}

fn edit_beside_body(
    handle: &mut Handle,
    edit: &NoteEdit,
    now: TimestampMs,
) -> Result<Result<(), EditProblem>, Problem> {
    Ok(match edit {
        NoteEdit::Body { .. } => Ok(()),
        NoteEdit::Field { field, value } => {
            let field = match field {
                view::NoteFieldName::Title => NoteField::Title,
                view::NoteFieldName::Place => NoteField::Place,
            };
            handle.set_field(field, value, now)
        }
        NoteEdit::Day { day } => handle.set_day(Day(*day), now),
        NoteEdit::Hide { hidden } => handle.set_hidden(*hidden, now),
        NoteEdit::Attendance { member, presence } => {
            let presence = document::Presence::ALL[*presence as usize];
            handle.set_attendance(&parse(member, "the member")?, presence, now)
        }
        NoteEdit::AgendaAdd { text } => handle.add_agenda(text, now).map(|_| ()),
        NoteEdit::AgendaSet { item: id, text, done } => {
            let id = item(id)?;
            let said = text.as_ref().map_or(Ok(()), |text| handle.set_agenda_text(&id, text, now));
            said.and_then(|()| done.map_or(Ok(()), |done| handle.set_agenda_done(&id, done, now)))
        }
        NoteEdit::AgendaBack { item: id, text, done } => handle.put_agenda_back(&item(id)?, text, *done, now),
        NoteEdit::AgendaRemove { item: id } => handle.remove_agenda(&item(id)?, now),
        NoteEdit::CommitmentAdd { member, text, due } => {
            handle.add_commitment(&parse(member, "the member")?, text, due.map(Day), now).map(|_| ())
        }
        NoteEdit::CommitmentSet { item: id, state, text, due } => {
            let id = item(id)?;
            let said = text.as_ref().map_or(Ok(()), |text| handle.set_commitment_text(&id, text, now));
            let dated = said.and_then(|()| due.map_or(Ok(()), |due| handle.set_commitment_due(&id, Day(due), now)));
            dated.and_then(|()| state.map_or(Ok(()), |state| handle.set_commitment(&id, document_state(state), now)))
        }
        NoteEdit::CommitmentBack { item: id, member, text, due, state } => {
            let (id, member) = (item(id)?, parse(member, "the member")?);
            handle.put_commitment_back(&id, &member, text, due.map(Day), document_state(*state), now)
        }
        NoteEdit::CommitmentRemove { item: id } => handle.remove_commitment(&item(id)?, now),
    })
}

fn document_state(state: view::CommitmentState) -> document::CommitmentState {
    document::CommitmentState::ALL[state as usize]
}

/// Whether a session may be begun under this name.
pub(super) fn check_day(name: &DocumentName) -> Result<(), Problem> {
    if name.is_in_range() {
        return Ok(());
    }
    let text = "A session is on a day in the years 2000 to 2199. Please check the date.";
    Err(Problem::new(ProblemCode::BadInput, text))
}

fn item(text: &str) -> Result<ItemId, Problem> {
    ItemId::parse(text).ok_or_else(|| Problem::new(ProblemCode::BadInput, "that is no item of the note"))
}
