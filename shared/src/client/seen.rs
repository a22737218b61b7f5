//! How much of each document its person has seen.

use crate::ids::{CircleId, DocumentId};
use crate::storage::{Batch, Read, Tree};

use super::engine::{Attempt, Engine, Step, Stop};

const PREFIX: &[u8] = b"seen";

/// Where it is kept: how many of others' messages or entries there were then.
pub(super) fn key_of(document: &DocumentId) -> Vec<u8> {
    [PREFIX, document.as_bytes()].concat()
}

impl Engine {
    /// Reads it of these documents.
    pub(super) fn read_seen(&self, documents: &[DocumentId]) -> Result<(), Stop> {
        let read = |document| Read::Get { tree: Tree::Meta, key: key_of(document) };
        Ok(self.kernel.rows.need(documents.iter().map(read))?)
    }

    /// The same of all documents of a circle.
    pub(super) fn read_all_seen(&self, circle: &CircleId) -> Result<(), Stop> {
        self.read_seen(&self.local(circle)?.documents().keys().copied().collect::<Vec<_>>())
    }

    /// Remembers how much of a document was seen, once that was read of it.
    pub(super) fn keep_seen(&mut self, document: &DocumentId, others: u64) -> Attempt {
        if self.seen(document) == others {
            return Ok(Step::Done);
        }
        let mut batch = Batch::default();
        batch.put(Tree::Meta, super::seen::key_of(document), others.to_be_bytes());
        Ok(Step::Commit(batch, Box::new(|_, _| {})))
    }

    /// How much was seen of a document of which that was read.
    pub(super) fn seen(&self, document: &DocumentId) -> u64 {
        let kept = self.kernel.rows.get(Tree::Meta, &key_of(document));
        kept.and_then(|kept| <[u8; 8]>::try_from(kept).ok()).map_or(0, u64::from_be_bytes)
    }
}
