//! Edits of session notes: what is typed becomes a draft and then a change, all else a change at once.

use crate::document::{BodyOp, DocumentName, EditProblem, Handle};
use crate::ids::{CircleId, DocumentId};
use crate::storage::{Batch, Tree};
use crate::time::{Day, TimestampMs};

use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::parts::documents::draft_key;
use crate::client::parts::documents::{COALESCE_MS, OpenDocument};
use crate::client::problems::edit_problem;
use crate::client::room::{FIELD_COST, cost_of};
use crate::client::view::{self, Reply};
use crate::client::{CommandId, NoteEdit, Problem, ProblemCode};

impl Engine {
    pub(in crate::client) fn edit_note(&mut self, id: CommandId, document: DocumentId, edit: &NoteEdit) -> Attempt {
        let circle = self.circle_of(&document)?;
        let name = self.local(&circle)?.documents()[&document].name;
        if let NoteEdit::Body { version, ops } = edit {
            return self.edit_body(id, &circle, &name, *version, ops);
        }
        self.names(&circle)?;
        let now = self.now();
        self.open(&circle, &name)?;
        self.check_room(&circle, &name, FIELD_COST)?;
        let open = self.open_beside_body(&circle, &name)?;
        if let Err(problem) = edit_beside_body(&mut open.handle, edit, now) {
            if problem == EditProblem::Engine {
                self.give_up(&[document], edit_problem(problem));
            }
            return Err(edit_problem(problem).into());
        }
        self.commit_and(
            &[document],
            Vec::new(),
            move |engine| {
                let version = engine.kinds.notes.version(&document);
                engine.reply(id, Ok(Reply::Version(view::Version { version })));
                engine.tell_note(&circle, &name);
            },
            id,
        )
    }

    /// Opens a note to write beside its body. What was typed is written first: a copy of this phone that has it as a
    /// draft writes it at the same place then, and it is known to be the same.
    pub(in crate::client) fn open_beside_body(
        &mut self,
        circle: &CircleId,
        name: &DocumentName,
    ) -> Result<&mut OpenDocument, Stop> {
        let now = self.now();
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
        ops: &[BodyOp],
    ) -> Attempt {
        let document = name.id(circle);
        let current = self.kinds.notes.version(&document);
        if version != current {
            let detail = format_args!("the note is at version {current}, the edit was made at {version}");
            return Err(Problem::new(ProblemCode::Stale, detail).into());
        }
        let (now, due) = (self.now(), self.steady().plus_ms(COALESCE_MS));
        self.open(circle, name)?;
        self.check_room(circle, name, cost_of(ops))?;
        let whole = self.has_room_for_words(&document);
        let open = self.open(circle, name)?;
        if let Err(problem) = open.handle.type_on(ops, now, whole) {
            if problem == EditProblem::Engine {
                self.give_up(&[document], edit_problem(problem));
            }
            return Err(edit_problem(problem).into());
        }
        let open = self.open(circle, name)?;
        let number = open.drafts.begin();
        open.note_typed(due);
        let mut value = crate::codec::Writer::new();
        name.write(&mut value);
        value.raw(&super::draft::encode(ops));
        let mut batch = Batch::default();
        batch.put(Tree::Drafts, draft_key(circle, &document, number), value.into_bytes());
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    engine.kinds.notes.bump(&document);
                    engine.reply(id, Ok(Reply::Version(view::Version { version: current + 1 })));
                    engine.notify_status();
                }
                Err(problem) => {
                    engine.give_up(&[document], problem.clone());
                    engine.reply(id, Err(problem));
                }
            }),
        ))
    }
}

fn edit_beside_body(handle: &mut Handle, edit: &NoteEdit, now: TimestampMs) -> Result<(), EditProblem> {
    match edit {
        NoteEdit::Body { .. } => Ok(()),
        NoteEdit::Field { field, value } => handle.set_field(*field, value, now),
        NoteEdit::Day { day } => handle.set_day(Day(*day), now),
        NoteEdit::Hide { hidden } => handle.set_hidden(*hidden, now),
        NoteEdit::Attendance { member, presence } => handle.set_attendance(member, *presence, now),
        NoteEdit::AgendaAdd { text } => handle.add_agenda(text, now).map(|_| ()),
        NoteEdit::AgendaSet { item: id, text, done } => {
            let said = text.as_ref().map_or(Ok(()), |text| handle.set_agenda_text(id, text, now));
            said.and_then(|()| done.map_or(Ok(()), |done| handle.set_agenda_done(id, done, now)))
        }
        NoteEdit::AgendaBack { item: id, text, done } => handle.put_agenda_back(id, text, *done, now),
        NoteEdit::AgendaRemove { item: id } => handle.remove_agenda(id, now),
        NoteEdit::CommitmentAdd { member, text, due } => {
            handle.add_commitment(member, text, due.map(Day), now).map(|_| ())
        }
        NoteEdit::CommitmentSet { item: id, state, text, due } => {
            let said = text.as_ref().map_or(Ok(()), |text| handle.set_commitment_text(id, text, now));
            let dated = said.and_then(|()| due.map_or(Ok(()), |due| handle.set_commitment_due(id, Day(due), now)));
            dated.and_then(|()| state.map_or(Ok(()), |state| handle.set_commitment(id, state, now)))
        }
        NoteEdit::CommitmentBack { item: id, member, text, due, state } => {
            handle.put_commitment_back(id, member, text, due.map(Day), *state, now)
        }
        NoteEdit::CommitmentRemove { item: id } => handle.remove_commitment(id, now),
    }
}
