use kith_shared::codec::DecodeError;
use kith_shared::gate::Refusal;

use crate::store::StoreError;

/// Largest document that is merged here, in bytes of its changes.
pub(super) const CHANGES_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Why a document was not merged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored record.
    #[error("a stored record does not decode: {0}")]
    Record(#[from] DecodeError),
    /// The document's name.
    #[error("the document cannot be begun: {0}")]
    Genesis(Refusal),
    /// The log names an entry that is not there.
    #[error("the document's log names an entry that is not there")]
    MissingEntry,
    /// A sealed entry where there can be none.
    #[error("the document's log holds a sealed entry, and the document is none that is sealed")]
    Sealed,
    /// Too much for one document.
    #[error("the document's changes are above {CHANGES_BYTES_MAX} bytes")]
    TooLarge,
    /// Automerge refused a change.
    #[error("Automerge refused: {0}")]
    Automerge(String),
    /// Automerge panicked.
    #[error("Automerge panicked on the document")]
    Panicked,
    /// What was merged is not what the index says, or does not load again.
    #[error("the merged document does not match its index")]
    OtherHeads,
}

impl MergeError {
    /// Whether trying again would end the same way.
    #[must_use]
    pub fn is_of_document(&self) -> bool {
        !matches!(self, Self::Store(_))
    }
}
