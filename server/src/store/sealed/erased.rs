//! What was erased stays in a database's file until the file is written anew. So every batch that erases says
//! so in the same breath, and a rewrite notes up to where it came.

use std::sync::atomic::Ordering;

use kith_shared::storage::{Batch, CommitOutcome, Tree};

use crate::store::{Part, Store, StoreError};

use super::{Sealed, get};

impl<S: Store> Sealed<S> {
    /// Adds to a batch that it erases something of a part.
    pub fn note_erased(&self, batch: &mut Batch, part: Part) {
        // Each number is written once, whichever batch comes first: a rewrite asks only whether it changed.
        let count = self.erased[part as usize].fetch_add(1, Ordering::SeqCst).saturating_add(1);
        batch.put(Tree::Meta, erased_key(part), count.to_le_bytes());
    }

    /// An empty body is one that was erased.
    pub(super) fn note_bodies_erased(&self, batch: &mut Batch) {
        let is_emptied = batch.puts.iter().any(|(tree, _, value)| *tree == Tree::Bodies && value.is_empty());
        if is_emptied || batch.deletes.iter().any(|(tree, _)| *tree == Tree::Bodies) {
            self.note_erased(batch, Part::Bodies);
        }
    }

    /// The count to give to [`Self::mark_rewritten`] when a part holds what was erased; `None` when it does not.
    ///
    /// # Errors
    /// What the store says.
    pub async fn erased_since_rewrite(&self, part: Part) -> Result<Option<u64>, StoreError> {
        let erased = count(get(self, Tree::Meta, erased_key(part)).await?);
        let rewritten = count(get(self, Tree::Meta, rewritten_key(part)).await?);
        Ok((erased != rewritten).then_some(erased))
    }

    /// Notes that a part was rewritten after the count was read, in one batch with `with`.
    ///
    /// # Errors
    /// What the store says.
    pub async fn mark_rewritten(&self, part: Part, erased: u64, with: Batch) -> Result<CommitOutcome, StoreError> {
        let mut batch = with;
        batch.put(Tree::Meta, rewritten_key(part), erased.to_le_bytes());
        self.commit(batch).await
    }

    pub(super) async fn load_erased(&self) -> Result<(), StoreError> {
        for part in Part::ALL {
            let erased = count(get(self, Tree::Meta, erased_key(part)).await?);
            let rewritten = count(get(self, Tree::Meta, rewritten_key(part)).await?);
            self.erased[part as usize].store(erased.max(rewritten), Ordering::SeqCst);
        }
        Ok(())
    }
}

/// Where Meta counts how often something was erased in a part.
fn erased_key(part: Part) -> &'static [u8] {
    match part {
        Part::Bodies => b"erased",
        Part::Records => b"erased-records",
    }
}

/// Where Meta keeps that count as the last rewrite found it.
fn rewritten_key(part: Part) -> &'static [u8] {
    match part {
        Part::Bodies => b"rewritten",
        Part::Records => b"rewritten-records",
    }
}

fn count(value: Option<Vec<u8>>) -> u64 {
    value.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}
