//! What was read of the phone's store, kept for the tasks that asked for it: one read-through cache, by tree and key.
//!
//! A task asks here. What was never read it can't have: it stops, the kernel reads, and the task runs again from its
//! beginning. What is committed is changed here as soon as it is durable, so that no task ever sees an answer that the
//! store would not give. Nothing is let go of while a task is on its way, however much it reads: between tasks at most
//! [`BYTES_MAX`] stay.

#[cfg(test)]
mod tests;

use crate::ids::{CircleId, DocumentId};
use crate::sorted::SortedMap;
use crate::storage::{Batch, Read, ReadResult, Row, Tree};
use crate::sync::key;

/// Bytes of keys and values that stay when no task runs: some thousand texts.
const BYTES_MAX: usize = 4 * 1_024 * 1_024;

const GET: u8 = 0;
const HAS: u8 = 1;
const RANGE: u8 = 2;

/// What a task has to have read before it goes on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unread(pub(super) Vec<Read>);

/// Answers of the store, each by what was asked: the tree, the form of the question, and its keys.
#[derive(Default)]
pub(super) struct Rows {
    answers: SortedMap<Vec<u8>, ReadResult>,
    bytes: usize,
    /// Keys of texts that are gone, or empty, since that was asked last.
    erased: Vec<Vec<u8>>,
}

impl Rows {
    /// Stops a task that has not read all of these yet; they are read in one go.
    pub(super) fn need(&self, reads: impl IntoIterator<Item = Read>) -> Result<(), Unread> {
        let lacking: Vec<Read> = reads.into_iter().filter(|read| !self.answers.contains_key(&question(read))).collect();
        if lacking.is_empty() { Ok(()) } else { Err(Unread(lacking)) }
    }

    /// The value of a key that was read: none where there is none, or where it was not asked for.
    pub(super) fn get(&self, tree: Tree, key: &[u8]) -> Option<&[u8]> {
        match self.answers.get(&at(tree, GET, key))? {
            ReadResult::Value(value) => value.as_deref(),
            ReadResult::Rows { .. } => None,
        }
    }

    /// The same, read first if need be.
    pub(super) fn value(&self, tree: Tree, key: Vec<u8>) -> Result<Option<&[u8]>, Unread> {
        let place = at(tree, GET, &key);
        match self.answers.get(&place) {
            Some(ReadResult::Value(value)) => Ok(value.as_deref()),
            _ => Err(Unread(vec![Read::Get { tree, key }])),
        }
    }

    /// The answers to these, in their order.
    pub(super) fn answers(&self, reads: &[Read]) -> Result<Vec<ReadResult>, Unread> {
        self.need(reads.iter().cloned())?;
        Ok(reads.iter().filter_map(|read| self.answers.get(&question(read)).cloned()).collect())
    }

    /// The same, and keeps them no longer: what is large, and is something else once it was read. No two may ask the same.
    pub(super) fn take(&mut self, reads: Vec<Read>) -> Result<Vec<ReadResult>, Unread> {
        self.need(reads.iter().cloned())?;
        Ok(reads.iter().filter_map(|read| self.remove(&question(read))).collect())
    }

    /// The rows of one range, as [`Self::take`].
    pub(super) fn take_range(&mut self, range: Read) -> Result<Vec<Row>, Unread> {
        Ok(self.take(vec![range])?.pop().map(ReadResult::rows).unwrap_or_default())
    }

    /// Keeps what the store answered.
    pub(super) fn learn(&mut self, reads: &[Read], results: Vec<ReadResult>) {
        for (read, result) in reads.iter().zip(results) {
            self.keep(question(read), result);
        }
    }

    /// What of a batch there will be to [`Self::apply`]. Texts are kept whole, since what was written is shown next, and
    /// of all else what is here already; of the rest it is enough to know that it changed.
    pub(super) fn changes(&self, batch: &Batch) -> Changes {
        let is_here = |tree: Tree, key: &[u8]| tree == Tree::Bodies || self.answers.contains_key(&at(tree, GET, key));
        let change = |tree: Tree, key: &Vec<u8>, value: Option<&Vec<u8>>| {
            let value = is_here(tree, key).then(|| value.cloned());
            Change { tree, key: key.clone(), value }
        };
        let deletes = batch.deletes.iter().map(|(tree, key)| change(*tree, key, None));
        let puts = batch.puts.iter().map(|(tree, key, value)| change(*tree, key, Some(value)));
        Changes(deletes.chain(puts).collect())
    }

    /// What is durable now.
    pub(super) fn apply(&mut self, changes: Changes) {
        for Change { tree, key, value } in changes.0 {
            self.remove(&at(tree, HAS, &key));
            self.remove_ranges(tree, &key);
            let has_bytes = value.as_ref().is_none_or(|value| value.as_ref().is_some_and(|bytes| !bytes.is_empty()));
            if tree == Tree::Bodies && !has_bytes {
                self.erased.push(key.clone());
            }
            if let Some(value) = value {
                self.keep(at(tree, GET, &key), ReadResult::Value(value));
            }
        }
    }

    /// Keys of the texts that were erased since this was asked last.
    pub(super) fn take_erased(&mut self) -> Vec<Vec<u8>> {
        core::mem::take(&mut self.erased)
    }

    /// A task has ended.
    pub(super) fn rest(&mut self) {
        if self.bytes > BYTES_MAX {
            self.answers.clear();
            self.bytes = 0;
        }
    }

    fn remove_ranges(&mut self, tree: Tree, key: &[u8]) {
        let prefix = [tree as u8, RANGE];
        let covers = |place: &&Vec<u8>| place.starts_with(&prefix) && range_covers(&place[prefix.len()..], key);
        let stale: Vec<Vec<u8>> = self.answers.keys().filter(covers).cloned().collect();
        for place in stale {
            self.remove(&place);
        }
    }

    fn keep(&mut self, place: Vec<u8>, result: ReadResult) {
        self.remove(&place);
        self.bytes += weight(&place, &result);
        self.answers.insert(place, result);
    }

    fn remove(&mut self, place: &[u8]) -> Option<ReadResult> {
        let result = self.answers.remove(place)?;
        self.bytes -= weight(place, &result);
        Some(result)
    }
}

/// What a commit changes of what was read.
pub(super) struct Changes(Vec<Change>);

struct Change {
    tree: Tree,
    key: Vec<u8>,
    /// The value from then on, none when it is removed, where that is to be kept.
    value: Option<Option<Vec<u8>>>,
}

fn weight(place: &[u8], result: &ReadResult) -> usize {
    let values = match result {
        ReadResult::Value(value) => value.as_ref().map_or(0, Vec::len),
        ReadResult::Rows { rows, .. } => rows.iter().map(|(key, value)| key.len() + value.len()).sum(),
    };
    place.len() + values
}

fn at(tree: Tree, form: u8, key: &[u8]) -> Vec<u8> {
    [&[tree as u8, form], key].concat()
}

/// All rows of a document in a tree.
pub(super) fn rows_of(tree: Tree, circle: &CircleId, document: &DocumentId) -> Read {
    let from = key::document(circle, document);
    let to = key::after_prefix(&from);
    Read::Range { tree, from, to, rows_max: usize::MAX, bytes_max: usize::MAX, reverse: false }
}

/// A question's place: all ranges of a tree stand side by side.
fn question(read: &Read) -> Vec<u8> {
    match read {
        Read::Get { tree, key } => at(*tree, GET, key),
        Read::Has { tree, key } => at(*tree, HAS, key),
        Read::Range { tree, from, to, rows_max, bytes_max, reverse } => {
            let mut place = at(*tree, RANGE, &(from.len() as u32).to_be_bytes());
            place.extend_from_slice(&(to.len() as u32).to_be_bytes());
            place.extend_from_slice(from);
            place.extend_from_slice(to);
            place.extend_from_slice(&(*rows_max as u64).to_be_bytes());
            place.extend_from_slice(&(*bytes_max as u64).to_be_bytes());
            place.push(u8::from(*reverse));
            place
        }
    }
}

/// Whether a key lies in the range that a question's place says, behind its tree and form.
fn range_covers(place: &[u8], key: &[u8]) -> bool {
    let number = |bytes: &[u8; 4]| u32::from_be_bytes(*bytes) as usize;
    let (Some((from, rest)), true) = (place.split_first_chunk::<4>(), place.len() >= 8) else { return true };
    let Some((to, rest)) = rest.split_first_chunk::<4>() else { return true };
    let Some((from, rest)) = rest.split_at_checked(number(from)) else { return true };
    let Some((to, _)) = rest.split_at_checked(number(to)) else { return true };
    key >= from && (to.is_empty() || key < to)
}
