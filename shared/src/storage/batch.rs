use super::Tree;

/// Something to read. A list of reads is answered in one go, from one state of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// The value of a key.
    Get {
        /// The tree that holds the row.
        tree: Tree,
        /// The row's whole key in its tree.
        key: Vec<u8>,
    },
    /// Whether a key is there; answered with an empty value, so that large ones are not fetched.
    Has {
        /// The tree that would hold the row.
        tree: Tree,
        /// The row's whole key in its tree.
        key: Vec<u8>,
    },
    /// Rows from `from` (included) to `to` (not included), in key order.
    Range {
        /// The tree that the range lies in.
        tree: Tree,
        /// First key.
        from: Vec<u8>,
        /// The key to stop before; empty means to the end of the tree.
        to: Vec<u8>,
        /// At most so many rows; at least 1.
        rows_max: usize,
        /// Stop after the row that reaches so many bytes of values; at least one row is given.
        bytes_max: usize,
        /// From the last key downward.
        reverse: bool,
    },
}

/// A key with its value.
pub type Row = (Vec<u8>, Vec<u8>);

/// The answer to a [`Read`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadResult {
    /// To `Get` and `Has`.
    Value(Option<Vec<u8>>),
    /// To `Range`.
    Rows {
        /// In the order asked for.
        rows: Vec<Row>,
        /// More rows were in the range than the limits allowed.
        more: bool,
    },
}

impl ReadResult {
    /// The value of a `Get` or `Has`; `None` when absent or when this answers a range.
    #[must_use]
    pub fn value(self) -> Option<Vec<u8>> {
        match self {
            Self::Value(value) => value,
            Self::Rows { .. } => None,
        }
    }

    /// The rows of a `Range`; empty when this answers something else.
    #[must_use]
    pub fn rows(self) -> Vec<Row> {
        match self {
            Self::Value(_) => Vec::new(),
            Self::Rows { rows, .. } => rows,
        }
    }
}

/// Changes to a store that happen whole or not at all, provided that what they expect still holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Keys that must have just these values (`None`: be absent), else nothing happens.
    pub expect: Vec<(Tree, Vec<u8>, Option<Vec<u8>>)>,
    /// Keys to write.
    pub puts: Vec<(Tree, Vec<u8>, Vec<u8>)>,
    /// Keys to remove; absent ones are no error. Removals happen before writes.
    pub deletes: Vec<(Tree, Vec<u8>)>,
}

impl Batch {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.puts.is_empty() && self.deletes.is_empty()
    }

    /// Adds a write.
    pub fn put(&mut self, tree: Tree, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        self.puts.push((tree, key.into(), value.into()));
    }

    /// Adds a removal.
    pub fn delete(&mut self, tree: Tree, key: impl Into<Vec<u8>>) {
        self.deletes.push((tree, key.into()));
    }

    /// Adds an expectation.
    pub fn expect(&mut self, tree: Tree, key: impl Into<Vec<u8>>, value: Option<Vec<u8>>) {
        self.expect.push((tree, key.into(), value));
    }
}

/// What became of a batch that the store could write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitOutcome {
    /// Done, and durable.
    Committed,
    /// An expectation no longer held: nothing happened; read again and decide again.
    Conflict,
}
