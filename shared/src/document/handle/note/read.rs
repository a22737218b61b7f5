use crate::sorted::SortedMap;

use crate::ids::ActorId;

use super::{fields, items};
use crate::document::note::sequence::{Piece, Sequence};
use crate::document::note::{BODY, FIELDS, NoteSummary, NoteView, PLACE, PRESENCE, Passage, Presence, Span, TITLE};
use crate::document::register::all_scalars;
use crate::document::{EditProblem, Handle, Register};

impl Handle {
    /// The note as people see it, pending edits included.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn note(&self) -> Result<NoteView, EditProblem> {
        self.expect_note()?;
        let sequence = self.sequence().shown();
        let mut newest = sequence.newest_by_author();
        for key in [TITLE, PLACE] {
            for (_, author, counter) in all_scalars(&self.doc, &self.container(FIELDS), key) {
                let entry = newest.get_or_insert_with(author, || 0);
                *entry = counter.max(*entry);
            }
        }
        Ok(NoteView { spans: sequence.spans(), authors: newest_first(newest), ..read_beside_body(self) })
    }

    /// What a list shows of the note.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn note_summary(&self) -> Result<NoteSummary, EditProblem> {
        self.expect_note()?;
        let present = fields::attendance(&self.doc, &self.container(PRESENCE));
        Ok(NoteSummary {
            title: Register::read(&self.doc, &self.container(FIELDS), TITLE).value,
            excerpt: excerpt(&self.sequence().shown()),
            day: self.days().first().map(|(day, _)| *day),
            hidden: self.is_hidden(),
            present: present.iter().filter(|who| matches!(who.presence, Presence::Present | Presence::Late)).count(),
        })
    }

    /// The body alone.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn note_spans(&self) -> Result<Vec<Span>, EditProblem> {
        self.expect_note()?;
        Ok(self.sequence().shown().spans())
    }

    /// Who wrote each word of the body, from front to back.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn passages(&self) -> Result<Vec<Passage>, EditProblem> {
        self.expect_note()?;
        Ok(self.sequence().shown().passages())
    }

    /// Length of the body in UTF-16 code units.
    ///
    /// # Errors
    /// `WrongKind`.
    pub fn note_units(&self) -> Result<usize, EditProblem> {
        self.expect_note()?;
        Ok(self.sequence().units())
    }

    /// The body as it is typed, edits that are not written yet among it.
    pub(in crate::document) fn sequence(&self) -> Sequence {
        self.typed.body.clone().unwrap_or_else(|| self.written())
    }

    /// The body as it is in the document.
    pub(super) fn written(&self) -> Sequence {
        Sequence::read(&self.doc, &self.container(BODY), &self.marks)
    }
}

/// The note without its body and authors.
pub(in crate::document) fn read_beside_body(handle: &Handle) -> NoteView {
    let (doc, registers) = (&handle.doc, handle.container(FIELDS));
    NoteView {
        title: Register::read(doc, &registers, TITLE),
        place: Register::read(doc, &registers, PLACE),
        days: handle.days(),
        hidden: handle.is_hidden(),
        agenda: items::agenda(handle),
        attendance: fields::attendance(doc, &handle.container(PRESENCE)),
        commitments: items::commitments(handle),
        ..NoteView::default()
    }
}

fn newest_first(newest: SortedMap<ActorId, u64>) -> Vec<ActorId> {
    let mut authors: Vec<(u64, ActorId)> = newest.into_iter().map(|(author, counter)| (counter, author)).collect();
    authors.sort_unstable_by(|one, other| other.cmp(one));
    authors.into_iter().map(|(_, author)| author).collect()
}

fn excerpt(sequence: &Sequence) -> String {
    crate::document::excerpt(sequence.elements.iter().map(|element| match element.piece {
        Piece::Char(character) => character,
        _ => ' ',
    }))
}
