use crate::codec::DecodeError;

/// Why something was not sealed, or not opened. No retry with the same arguments helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealProblem {
    /// The text or list is above its bound.
    #[error("{what} is larger than the {max} allowed")]
    TooLarge {
        /// What was to be sealed, or what came out.
        what: &'static str,
        /// The bound.
        max: usize,
    },
    /// There is nothing to seal.
    #[error("the {what} is empty")]
    Empty {
        /// What was to be sealed.
        what: &'static str,
    },
    /// The outer bytes are of a format that this build does not know.
    #[error("the {what} is of a format that this version does not know: update")]
    UnknownFormat {
        /// What was read.
        what: &'static str,
    },
    /// The outer bytes are damaged.
    #[error("the {what} is damaged")]
    Damaged {
        /// What was read.
        what: &'static str,
    },
    /// The content names another epoch than the one it was to be opened with.
    #[error("it was sealed in another epoch: its key is needed")]
    OtherEpoch,
    /// The tag does not fit.
    #[error("it cannot be unsealed: the key is another one, or the content or its place was changed")]
    NotOpened,
    /// The tag fits, and what is inside is not what its author's program should have written.
    #[error("it was unsealed, but what is inside is no {what}: its author's program is at fault")]
    BadContent {
        /// What should have been inside.
        what: &'static str,
    },
    /// The tag fits, and the text is not the one that its message's record commits to.
    #[error("it was unsealed, but it is another text than its message says: its author is at fault")]
    OtherText,
    /// A wrap held a key with another check than its epoch's statement says.
    #[error("the wrap holds another key than its epoch announced: its author is at fault")]
    OtherKey,
    /// A public key with which no secret can be agreed on.
    #[error("the device's agreement key is a weak one: nothing can be sealed for it")]
    WeakKey,
}

impl From<DecodeError> for SealProblem {
    fn from(error: DecodeError) -> Self {
        let (DecodeError::Short { what }
        | DecodeError::Invalid { what }
        | DecodeError::TooLarge { what, .. }
        | DecodeError::Trailing { what }) = error;
        Self::Damaged { what }
    }
}
