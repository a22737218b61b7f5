//! The marks of a body, worked out from the ops that set them.
//!
//! Automerge works them out too, at a cost that grows with the third power of how many overlap: 3,000 on one line of
//! text, which fit into 60 KB of changes, took it 4 s. Here each costs the logarithm of how many there are.

use std::collections::BinaryHeap;

use crate::gate::{Action, Scalar, parse_change};
use crate::ids::ActorId;

use super::{Mark, MarkSet};

/// The op that made an element: its identity, whatever becomes of its place.
pub(in crate::document) type ElementId = (u64, ActorId);

/// The ops that begin a mark or its absence, by id. The op after each ends it.
#[derive(Clone, Debug, Default)]
pub(in crate::document) struct MarkOps(Vec<(ElementId, Mark, bool)>);

impl MarkOps {
    /// Takes in those of changes that passed the gate.
    pub(in crate::document) fn take<'a>(&mut self, changes: impl Iterator<Item = &'a [u8]>) {
        let before = self.0.len();
        for bytes in changes.filter(|bytes| names_mark(bytes)) {
            let Ok(change) = parse_change(bytes) else { continue };
            let Some(actor) = ActorId::from_slice(change.actor) else { continue };
            for (counter, op) in (change.start_op..).zip(change.ops()) {
                let Ok(op) = op else { continue };
                let mark = op.mark_name.and_then(Mark::from_name);
                if let (Action::Mark, Some(mark)) = (op.action, mark) {
                    self.0.push(((counter, actor), mark, op.value == Scalar::Boolean(true)));
                }
            }
        }
        if self.0.len() > before {
            self.0.sort_unstable_by_key(|(id, _, _)| *id);
        }
    }

    /// Notes one that this phone writes: newer than all others.
    pub(in crate::document) fn note(&mut self, id: ElementId, mark: Mark, on: bool) {
        self.0.push((id, mark, on));
    }

    fn place(&self, id: &ElementId) -> Option<usize> {
        self.0.binary_search_by_key(id, |(id, _, _)| *id).ok()
    }
}

/// Whether a mark's name is among the bytes of a change. It may be there for another reason.
fn names_mark(bytes: &[u8]) -> bool {
    Mark::ALL.iter().any(|mark| bytes.windows(mark.name().len()).any(|window| window == mark.name().as_bytes()))
}

/// Goes over a body from front to back and knows which marks hold: of those that are open the newest decides.
pub(in crate::document) struct OpenMarks<'a> {
    ops: &'a MarkOps,
    is_open: Vec<bool>,
    /// For each kind, the places of those that were opened; what was closed meanwhile is dropped when it comes up.
    opened: [BinaryHeap<usize>; Mark::ALL.len()],
    pub(in crate::document) now: MarkSet,
}

impl<'a> OpenMarks<'a> {
    pub(in crate::document) fn new(ops: &'a MarkOps) -> Self {
        let is_open = vec![false; ops.0.len()];
        Self { ops, is_open, opened: Default::default(), now: MarkSet::default() }
    }

    /// Passes the op that begins or ends a mark. An end that comes before its beginning ends nothing.
    pub(in crate::document) fn pass(&mut self, id: &ElementId) {
        let ends = || self.ops.place(&(id.0.checked_sub(1)?, id.1));
        let (at, begins) = match self.ops.place(id) {
            Some(at) => (at, true),
            None => match ends() {
                Some(at) => (at, false),
                None => return,
            },
        };
        let mark = self.ops.0[at].1;
        let opened = &mut self.opened[mark as usize];
        self.is_open[at] = begins;
        if begins {
            opened.push(at);
        }
        while opened.peek().is_some_and(|at| !self.is_open[*at]) {
            opened.pop();
        }
        self.now.set(mark, opened.peek().is_some_and(|at| self.ops.0[*at].2));
    }
}
