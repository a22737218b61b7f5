//! What was typed and is no change yet: in its open document, and as drafts in the store. A document that is closed
//! before its words became a change leaves the drafts where they are, and whatever opens it next has them in it again.
//! What can't become an entry where it stands is kept as it came, to be written again ([`super::putback`]).

use crate::codec::{DecodeError, Reader};
use crate::document::{BodyOp, DocumentName};
use crate::ids::DocumentId;
use crate::storage::{Batch, Row};
use crate::sync::StoredEntry;
use crate::wire::EntryContent;

use super::engine::{After, Attempt, Engine, Step, Stop};
use super::kernel::Task;
use super::local::{KeptApart, LocalCommit, Made};
use super::parts::documents::COALESCE_MS;
use super::parts::lifted::{put_lifted, seq_of};
use super::problem::corrupt;
use super::problems::edit_problem;
use super::{Problem, ProblemCode, kinds};

/// Makes changes of all that was typed.
pub(super) struct Flush;

impl Task<Engine> for Flush {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.flush_all()
    }

    fn fail(&mut self, engine: &mut Engine, problem: Problem) {
        engine.exchange.set_problem(problem);
    }
}

impl Engine {
    /// Closes a document; what was a draft becomes a change before anything else is done.
    pub(super) fn reopen(&mut self, document: &DocumentId) {
        self.documents.shut(document);
        if self.documents.is_drafted(document) {
            self.kernel.enqueue_first(Flush);
        }
    }

    /// All pending edits, as a commit with what follows it; `None` when there are none. Documents that were closed with
    /// drafts are opened for it: before anything of others comes into them, since drafts say where by counting.
    pub(super) fn commit_pending(&mut self) -> Result<Option<(Batch, After)>, Stop> {
        self.open_drafted()?;
        let pending = self.documents.edited();
        let Some(mut commit) = self.commit_typed(&pending)? else { return Ok(None) };
        let batch = core::mem::take(&mut commit.batch);
        let after: After = Box::new(move |engine, done| match done {
            Ok(()) => engine.settle(commit),
            Err(problem) => {
                pending.iter().for_each(|document| engine.documents.shut(document));
                engine.exchange.set_problem(problem);
                engine.notify_status();
            }
        });
        Ok(Some((batch, after)))
    }

    /// The store did not take edits: what is open goes back to what is stored, drafts included.
    pub(super) fn give_up(&mut self, documents: &[DocumentId], problem: Problem) {
        documents.iter().for_each(|document| self.reopen(document));
        self.exchange.set_problem(problem);
        self.notify_status();
    }

    pub(super) fn flush_all(&mut self) -> Attempt {
        Ok(match self.commit_pending()? {
            Some((batch, after)) => Step::Commit(batch, after),
            None => Step::Done,
        })
    }

    /// Opens the documents that were closed with drafts. One that can't be opened keeps them, and is named.
    fn open_drafted(&mut self) -> Result<(), Stop> {
        for document in self.documents.to_take_up() {
            let Ok(circle) = self.circle_of(&document) else { continue };
            let name = self.local(&circle)?.documents()[&document].name;
            match self.open(&circle, &name) {
                Ok(_) => {}
                // What can't be opened must not keep back what was typed elsewhere.
                Err(Stop::Fail(problem)) => self.leave_drafted(&document, problem),
                Err(stop) => return Err(stop),
            }
        }
        Ok(())
    }

    /// Tries again what could not be done with drafts before.
    pub(super) fn try_drafts_again(&mut self) {
        if self.documents.try_again() {
            self.kernel.enqueue(Flush);
        }
    }

    /// Makes the edits of drafts in the document that was opened, as they were made first. One that can't be made stays
    /// in the store, and is named.
    pub(super) fn take_up_drafts(&mut self, document: &DocumentId, rows: Vec<Row>) {
        // Of such a document only the beginning is open.
        if self.documents.is_aside(document) {
            return;
        }
        self.documents.take_drafted(document);
        let due = self.steady().plus_ms(COALESCE_MS);
        for (at, value) in rows {
            let ops = decode(&value).map_err(corrupt);
            let typed = ops.and_then(|ops| self.type_again(document, &ops));
            let number = at.last_chunk::<4>().map_or(0, |number| u32::from_be_bytes(*number));
            let Some(open) = self.documents.get_mut(document) else { return };
            match typed {
                Ok(()) => {
                    open.drafts.take(number);
                    open.note_typed(due);
                }
                Err(problem) => {
                    open.drafts.pass(number);
                    self.leave_drafted(document, problem);
                }
            }
        }
    }

    fn type_again(&mut self, document: &DocumentId, ops: &[BodyOp]) -> Result<(), Problem> {
        let (now, whole) = (self.now(), self.has_room_for_words(document));
        let Some(open) = self.documents.get_mut(document) else { return Ok(()) };
        open.handle.type_on(ops, now, whole).map_err(edit_problem)
    }

    /// Notes that drafts of a document stay in the store for now, and why.
    fn leave_drafted(&mut self, document: &DocumentId, problem: Problem) {
        self.documents.leave_drafted(*document);
        if let Ok(circle) = self.circle_of(document) {
            self.circles.note_problem(&circle, document, problem);
        }
        self.kinds.notes.bump(document);
    }

    /// Closes a document of which what was typed can be neither entries nor kept apart: it stays a draft.
    pub(super) fn stay_drafted(&mut self, document: &DocumentId, problem: Problem) {
        self.documents.shut(document);
        self.leave_drafted(document, problem);
    }

    /// Keeps changes that can't be entries where they stand, since this phone was put back, or for `problem`.
    pub(super) fn keep_apart(&self, made: Made, problem: Problem, commit: &mut LocalCommit) -> Result<(), Problem> {
        let Made { circle, name, changes, .. } = made;
        let (document, device, local) = (name.id(&circle), self.device()?.id(), self.local(&circle)?);
        let Some(state) = local.document(&document) else { return Err(problem) };
        let incarnation = state.incarnation_of(&device);
        let mut all = local.lifted_of(&document).to_vec();
        all.extend(changes.iter().map(|change| {
            let content = EntryContent::Plain(change.clone());
            let seq = seq_of(&content).unwrap_or(0);
            let (signature, bodies, admitted) = (None, Vec::new(), None);
            StoredEntry { document: name, device, incarnation, seq, content, signature, bodies, admitted }
        }));
        put_lifted(&circle, &document, &all, &mut commit.batch);
        let is_told = matches!(problem.code, ProblemCode::Full | ProblemCode::Refused);
        let problem = is_told.then_some(problem);
        commit.apart.push(KeptApart { circle, name, changes, all, problem });
        Ok(())
    }

    /// Shows a document without changes that are kept apart, once that is durable.
    pub(super) fn show_without(&mut self, apart: KeptApart) {
        let KeptApart { circle, name, changes, all, problem } = apart;
        let document = name.id(&circle);
        if let Some(local) = self.circles.get_mut(&circle) {
            local.keep_lifted(document, all);
            problem.into_iter().for_each(|problem| local.note_problem(document, problem));
        }
        let Some(open) = self.documents.get_mut(&document) else { return };
        let rest = open.handle.changes_but(&changes);
        self.show_instead(&circle, &name, &rest);
    }
}

/// Reads a draft: the document's name stands before it.
fn decode(value: &[u8]) -> Result<Vec<BodyOp>, DecodeError> {
    let mut reader = Reader::new(value);
    DocumentName::read(&mut reader)?;
    kinds::note::draft::decode(reader.rest())
}
