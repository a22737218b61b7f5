//! What is done about a change that passes the gate and that Automerge does not survive all the same.
//!
//! Before changes are handed to Automerge, the shell is told which record would set them aside. WASM cannot
//! catch a panic: after a trap the shell writes that record and starts a new engine, which leaves the marked
//! changes out and names them. Where panics unwind, the engine does it by itself.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::ids::{CircleId, DocumentId};
use crate::storage::{Batch, Tree};

use super::engine::{Attempt, Engine, Step};
use super::kernel::Task;
use super::{Problem, ProblemCode, Why};

const PREFIX: &[u8] = b"aside";

/// Told before changes are applied, with the record to write into `Meta` should the engine not come back, and
/// afterwards with `None`.
pub type ApplyObserver = Box<dyn Fn(Option<(Vec<u8>, Vec<u8>)>)>;

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
        engine.exchange.problem = Some(problem);
    }
}

impl Engine {
    /// Sets who is told before changes are handed to Automerge.
    pub fn observe_applying(&mut self, observer: ApplyObserver) {
        self.observer = Some(observer);
    }

    /// Runs `apply` on changes of a document that begin at place `from`.
    pub(super) fn guarded<T>(
        &mut self,
        circle: &CircleId,
        document: &DocumentId,
        from: u64,
        apply: impl FnOnce() -> T,
    ) -> Result<T, Problem> {
        let tell = |engine: &Self, record| {
            if let Some(observer) = &engine.observer {
                observer(record);
            }
        };
        tell(self, Some((record_key(document), from.to_be_bytes().to_vec())));
        let applied = catch_unwind(AssertUnwindSafe(apply));
        tell(self, None);
        match applied {
            Ok(applied) => {
                if let Some(local) = self.circles.get_mut(circle) {
                    let position = local.position;
                    if let Some(state) = local.documents.get_mut(document) {
                        state.proven_position = position;
                    }
                }
                Ok(applied)
            }
            Err(_) => {
                self.set_aside(circle, document, from);
                self.kernel.enqueue(SetAside { document: *document, from });
                Err(set_aside())
            }
        }
    }

    /// Leaves the changes of a document from place `from` on out of what is opened.
    pub(super) fn set_aside(&mut self, circle: &CircleId, document: &DocumentId, from: u64) {
        self.quarantined.insert(*document, from);
        self.shut(document);
        if let Some(local) = self.circles.get_mut(circle) {
            local.problems.insert(*document, set_aside());
        }
    }

    pub(super) fn store_set_aside(&mut self, document: &DocumentId, from: u64) -> Attempt {
        let mut batch = Batch::default();
        batch.put(Tree::Meta, record_key(document), from.to_be_bytes());
        Ok(Step::Commit(batch, Box::new(|_, _| {})))
    }

    /// Takes a record that an earlier run left, if it is one.
    pub(super) fn load_set_aside(&mut self, key: &[u8], value: &[u8]) {
        let document = key.strip_prefix(PREFIX).and_then(DocumentId::from_slice);
        let (Some(document), Ok(from)) = (document, <[u8; 8]>::try_from(value)) else { return };
        let circle = self.circle_of(&document).ok();
        if let Some(circle) = circle {
            self.set_aside(&circle, &document, u64::from_be_bytes(from));
        }
    }
}

fn record_key(document: &DocumentId) -> Vec<u8> {
    [PREFIX, document.as_bytes()].concat()
}

/// What it means to a person.
pub(super) fn set_aside() -> Problem {
    Problem::of(ProblemCode::Refused, Why::SetAside)
}
