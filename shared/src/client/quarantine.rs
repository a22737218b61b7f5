//! What is done about a change that passes the gate and that Automerge does not survive all the same.
//!
//! Before changes are handed to Automerge, the shell is told which record would set them aside. WASM cannot
//! catch a panic: after a trap the shell writes that record and starts a new engine, which leaves the marked
//! changes out and names them. Where panics unwind, the engine does it by itself.

use crate::ids::{CircleId, DocumentId};
use crate::storage::{Batch, Tree};

use super::Problem;
use super::engine::{Attempt, Engine, Step};
use super::kernel::Task;
use super::parts::documents::Documents;
use super::problems::set_aside;

/// Remembers from where on a document is left out.
struct SetAside {
    document: DocumentId,
    from: u64,
}

impl Task<Engine> for SetAside {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.store_set_aside(&self.document, self.from)
    }

    fn fail(&mut self, engine: &mut Engine, problem: Problem) {
        engine.exchange.set_problem(problem);
    }
}

impl Engine {
    /// Runs `apply` on changes of a document that begin at place `from`.
    pub(super) fn guarded<T>(
        &mut self,
        circle: &CircleId,
        document: &DocumentId,
        from: u64,
        apply: impl FnOnce() -> T,
    ) -> Result<T, Problem> {
        let Some(applied) = self.documents.guarded(document, from, apply) else {
            self.set_aside(circle, document, from);
            self.kernel.enqueue(SetAside { document: *document, from });
            return Err(set_aside());
        };
        if let Some(local) = self.circles.get_mut(circle) {
            local.prove(document);
        }
        Ok(applied)
    }

    /// Leaves the changes of a document from place `from` on out of what is opened.
    fn set_aside(&mut self, circle: &CircleId, document: &DocumentId, from: u64) {
        self.documents.set_aside(document, from);
        self.circles.note_problem(circle, document, set_aside());
    }

    pub(super) fn store_set_aside(&mut self, document: &DocumentId, from: u64) -> Attempt {
        let mut batch = Batch::default();
        let (key, value) = Documents::aside_row(document, from);
        batch.put(Tree::Meta, key, value);
        Ok(Step::Commit(batch, Box::new(|_, _| {})))
    }

    /// Takes a record that an earlier run left, if it is one.
    pub(super) fn load_set_aside(&mut self, key: &[u8], value: &[u8]) {
        if let Some((document, from)) = Documents::read_aside(key, value)
            && let Ok(circle) = self.circle_of(&document)
        {
            self.set_aside(&circle, &document, from);
        }
    }
}
