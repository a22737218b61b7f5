use crate::gate::Refusal;

/// Why changes could not be taken into an open document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyProblem {
    /// The name cannot be read by this build.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Edits are not committed yet; commit them, then apply again.
    #[error("edits wait to be committed: commit them first")]
    Pending,
    /// A change is no change. Nothing was applied.
    #[error("change {index} of the batch is not readable")]
    Malformed {
        /// Its place in the batch.
        index: usize,
    },
    /// Something that the changes depend on is neither here nor in the batch. The rest was applied.
    #[error("the batch depends on changes that are not here")]
    MissingDependency,
    /// Automerge would not take the batch. Throw the handle away and open it anew from stored changes.
    #[error("the batch could not be applied: open the document anew")]
    Unappliable,
}

/// Why an edit was not made. Nothing of it was written, except after `Engine`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditProblem {
    /// The document is not of the kind that has this.
    #[error("the document is of another kind")]
    WrongKind,
    /// An index beyond the end.
    #[error("index {at} is beyond the length {len}")]
    OutOfBounds {
        /// The index, in UTF-16 code units.
        at: usize,
        /// The length when the edit would apply.
        len: usize,
    },
    /// An index inside a surrogate pair.
    #[error("index {at} is inside a character")]
    InsideCharacter {
        /// The index, in UTF-16 code units.
        at: usize,
    },
    /// A range that ends before it begins.
    #[error("the range {from}..{to} is backwards")]
    Backwards {
        /// Its start.
        from: usize,
        /// Its end.
        to: usize,
    },
    /// No block marker stands at the index.
    #[error("there is no block at index {at}")]
    NotABlock {
        /// The index, in UTF-16 code units.
        at: usize,
    },
    /// A heading's level is not 1 to 3, or another block has a level, or is checked without being a to-do.
    #[error("the block's level or check does not fit its kind")]
    InvalidBlock,
    /// A text above its bound.
    #[error("{what} is {over} characters too long")]
    TooLong {
        /// What was too long.
        what: &'static str,
        /// How many characters at its end do not fit, as people count them.
        over: usize,
    },
    /// A text that must say something does not: there is nothing in it, or nothing to see.
    #[error("{what} has nothing in it to see")]
    Empty {
        /// What was empty.
        what: &'static str,
    },
    /// The same thing a second time.
    #[error("{what} is there twice")]
    Twice {
        /// What was there already.
        what: &'static str,
    },
    /// The document holds as much as it may.
    #[error("there are already {max} of {what}")]
    Full {
        /// What there is too much of.
        what: &'static str,
        /// The bound.
        max: usize,
    },
    /// A day that not every screen can draw.
    #[error("{what} is not within the years 2000 to 2199")]
    OutOfRange {
        /// Which day.
        what: &'static str,
    },
    /// A value that no form offers.
    #[error("{what} can't have that value")]
    NotPossible {
        /// Whose value.
        what: &'static str,
    },
    /// A telephone number with signs that none has, or without a digit.
    #[error("a number to call has digits, spaces and + * # - ( ) / . only")]
    NotANumber,
    /// A session with words in it can't be hidden.
    #[error("there is something in the session: it can be moved, not deleted")]
    NotEmpty,
    /// The item or message is not there, or was removed.
    #[error("the item is not there")]
    Unknown,
    /// Automerge would not take an edit that was checked: a bug. Open the document anew.
    #[error("the edit could not be made: open the document anew")]
    Engine,
}

impl From<automerge::AutomergeError> for EditProblem {
    fn from(_: automerge::AutomergeError) -> Self {
        Self::Engine
    }
}
