use core::convert::Infallible;
use core::ops::Bound;
use std::collections::BTreeMap;

use super::{Batch, CommitOutcome, Read, ReadResult, Row, Tree, take_rows};

/// A store in memory: for tests, for the simulation, and as the measure of what a store does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryStore {
    trees: BTreeMap<Tree, BTreeMap<Vec<u8>, Vec<u8>>>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers all reads from the present state, one result for each.
    #[must_use]
    pub fn read(&self, reads: &[Read]) -> Vec<ReadResult> {
        reads.iter().map(|read| self.read_one(read)).collect()
    }

    /// Does the batch, or nothing when an expectation does not hold.
    pub fn commit(&mut self, batch: Batch) -> CommitOutcome {
        let holds = |(tree, key, value): &(Tree, Vec<u8>, Option<Vec<u8>>)| self.get(*tree, key) == value.as_ref();
        if !batch.expect.iter().all(holds) {
            return CommitOutcome::Conflict;
        }
        for (tree, key) in batch.deletes {
            if let Some(rows) = self.trees.get_mut(&tree) {
                rows.remove(&key);
            }
        }
        for (tree, key, value) in batch.puts {
            self.trees.entry(tree).or_default().insert(key, value);
        }
        CommitOutcome::Committed
    }

    /// All rows of a tree, in key order.
    pub fn rows(&self, tree: Tree) -> impl DoubleEndedIterator<Item = (&[u8], &[u8])> {
        self.trees.get(&tree).into_iter().flatten().map(|(key, value)| (key.as_slice(), value.as_slice()))
    }

    fn get(&self, tree: Tree, key: &[u8]) -> Option<&Vec<u8>> {
        self.trees.get(&tree).and_then(|rows| rows.get(key))
    }

    fn read_one(&self, read: &Read) -> ReadResult {
        match read {
            Read::Get { tree, key } => ReadResult::Value(self.get(*tree, key).cloned()),
            Read::Has { tree, key } => ReadResult::Value(self.get(*tree, key).map(|_| Vec::new())),
            Read::Range { tree, from, to, rows_max, bytes_max, reverse } => {
                let rows = self.between(*tree, from, to);
                let rows: Box<dyn Iterator<Item = Row>> = if *reverse { Box::new(rows.rev()) } else { Box::new(rows) };
                match take_rows(rows.map(Ok::<_, Infallible>), *rows_max, *bytes_max) {
                    Ok(result) => result,
                    Err(never) => match never {},
                }
            }
        }
    }

    fn between<'s>(&'s self, tree: Tree, from: &[u8], to: &[u8]) -> impl DoubleEndedIterator<Item = Row> + use<'s> {
        let is_empty = !to.is_empty() && from >= to;
        let to = if to.is_empty() { Bound::Unbounded } else { Bound::Excluded(to.to_vec()) };
        let bounds = (Bound::Included(from.to_vec()), to);
        self.trees
            .get(&tree)
            .filter(|_| !is_empty)
            .into_iter()
            .flat_map(move |rows| rows.range(bounds.clone()))
            .map(|(key, value)| (key.clone(), value.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::conformance::{Subject, run, suite};
    use super::*;

    impl Subject for MemoryStore {
        fn read(&mut self, reads: &[Read]) -> Result<Vec<ReadResult>, String> {
            Ok(Self::read(self, reads))
        }

        fn commit(&mut self, batch: Batch) -> Result<CommitOutcome, String> {
            Ok(Self::commit(self, batch))
        }

        fn reopen(&mut self) -> Result<(), String> {
            Ok(())
        }
    }

    #[test]
    fn the_memory_store_conforms() {
        for case in suite() {
            run(&case, &mut MemoryStore::new()).unwrap();
        }
    }
}
