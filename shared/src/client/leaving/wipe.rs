//! Takes all rows of a circle that was left off this phone, in pieces, its keys first and the record of it last.

use crate::ids::{CircleId, DocumentId};
use crate::storage::{Batch, Read, Tree};
use crate::sync::key;

use super::super::CommandId;
use super::super::engine::{Attempt, Engine, Step, Stop};
use super::super::parts::leaving::{Leaving, Leavings};
use super::super::parts::phone::DEVICE_KEY;
use super::super::parts::resumed::Resumed;
use super::super::view::{self, LeavingStage, ListName, Reply};
use super::Pass;
use crate::trust::DeviceSecret;

/// Rows that go in one commit.
const ROWS_MAX: usize = 512;
/// Bytes of them that are read for it.
const BYTES_MAX: usize = 512 * 1_024;

/// Trees whose keys begin with a circle, those first without which nothing is readable, and that of the documents last:
/// its rows name what else is there.
const TREES: [Tree; 11] = [
    Tree::Epochs,
    Tree::Attachments,
    Tree::Bodies,
    Tree::DocumentLog,
    Tree::Drafts,
    Tree::Summaries,
    Tree::Snapshots,
    Tree::Hashes,
    Tree::Owners,
    Tree::Statements,
    Tree::Documents,
];

impl Engine {
    /// From here on this phone is in the circle no more; answers `id` once that is durable.
    pub(super) fn begin_wipe(&mut self, circle: CircleId, id: Option<CommandId>) -> Attempt {
        let mut batch = Batch::default();
        Leavings::put(&circle, Some(Leaving::Gone), &mut batch);
        let documents: Vec<DocumentId> = self.local(&circle)?.documents().keys().copied().collect();
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| {
                engine.leavings.end(&circle);
                if let Err(problem) = done {
                    return match id {
                        Some(id) => engine.reply(id, Err(problem)),
                        None => engine.exchange.set_problem(problem),
                    };
                }
                engine.leavings.set(circle, Some(Leaving::Gone));
                documents.iter().for_each(|document| engine.lists.forget(document));
                engine.documents.forget(&circle);
                engine.opened.forget_circle(&circle);
                engine.circles.forget(&circle);
                if let Some(id) = id {
                    let gone = view::Leaving {
                        stage: LeavingStage::Said,
                        erase: false,
                        last_facilitator: false,
                        unsent: 0,
                        phones: 0,
                    };
                    engine.reply(id, Ok(Reply::Leaving(gone)));
                }
                engine.notify_lists(&circle, &[ListName::Circles]);
                engine.look_after_leaving(circle);
            }),
        ))
    }

    /// Takes the next rows away.
    pub(super) fn wipe(&mut self, circle: CircleId) -> Attempt {
        let mut batch = self.small_facts_of(&circle)?;
        for tree in TREES {
            if !batch.is_empty() {
                break;
            }
            let prefix = circle.as_bytes();
            let (from, to) = (prefix.to_vec(), key::after_prefix(prefix));
            let read = Read::Range { tree, from, to, rows_max: ROWS_MAX, bytes_max: BYTES_MAX, reverse: false };
            for (at, _) in self.kernel.rows.take_range(read)? {
                batch.delete(tree, at);
            }
        }
        if batch.is_empty() {
            return Ok(self.end_wipe(circle));
        }
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => engine.kernel.enqueue(Pass { circle, done: None, has_heard: false, has_erased: false }),
                Err(problem) => {
                    engine.leavings.end(&circle);
                    engine.exchange.set_problem(problem);
                }
            }),
        ))
    }

    /// The rows of `Meta` that name the circle or one of its documents.
    fn small_facts_of(&mut self, circle: &CircleId) -> Result<Batch, Stop> {
        let prefix = circle.as_bytes();
        let all = |tree, from, to| Read::Range {
            tree,
            from,
            to,
            rows_max: usize::MAX,
            bytes_max: usize::MAX,
            reverse: false,
        };
        let documents = all(Tree::Documents, prefix.to_vec(), key::after_prefix(prefix));
        let facts = all(Tree::Meta, Vec::new(), Vec::new());
        let mut found =
            self.kernel.rows.take(vec![documents, facts])?.into_iter().map(crate::storage::ReadResult::rows);
        let (documents, facts) = (found.next().unwrap_or_default(), found.next().unwrap_or_default());
        let own = Leavings::key(circle);
        let mut batch = Batch::default();
        for (at, _) in facts {
            let has = |id: &[u8]| at.windows(id.len()).any(|part| part == id);
            let is_of = has(prefix) || documents.iter().any(|(document, _)| has(&document[CircleId::LEN..]));
            if is_of && at != own {
                batch.delete(Tree::Meta, at);
            }
        }
        Ok(batch)
    }

    /// Nothing of it is left but that it was there. A phone that is in no other circle is somebody new from here on: the
    /// circle would not take the old keys again.
    fn end_wipe(&mut self, circle: CircleId) -> Step {
        let mut batch = Batch::default();
        batch.delete(Tree::Circles, circle.as_bytes().to_vec());
        Leavings::put(&circle, None, &mut batch);
        let left = Resumed::left(self.resumed);
        left.put(&mut batch);
        let anew = self.circles.is_empty().then(|| DeviceSecret::from_seed(self.random.bytes()));
        if anew.is_some() {
            batch.delete(Tree::Meta, DEVICE_KEY.to_vec());
        }
        Step::Commit(
            batch,
            Box::new(move |engine, done| {
                engine.leavings.end(&circle);
                if let Err(problem) = done {
                    return engine.exchange.set_problem(problem);
                }
                engine.leavings.set(circle, None);
                engine.resumed = Some(left);
                if let Some(device) = anew {
                    engine.phone.set_device(device, false);
                }
                engine.notify_lists(&circle, &[ListName::Circles]);
                engine.notify_status();
            }),
        )
    }
}
