/// Why an entry was refused. The code is stable, on the wire and in metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Refusal {
    /// Above [`super::CHANGE_BYTES_MAX`].
    #[error("the change is larger than is allowed: split it")]
    TooLarge,
    /// Not a plain change chunk: a document, bundle, deflated chunk or no chunk at all.
    #[error("the bytes are not a plain change")]
    NotAChange,
    /// A field or column is malformed.
    #[error("the change is malformed")]
    Malformed,
    /// More ops than [`super::CHANGE_OPS_MAX`], as the columns claim.
    #[error("the change claims more operations than is allowed")]
    TooManyOps,
    /// The checksum does not fit the content.
    #[error("the change's checksum is wrong: it was damaged on its way")]
    Checksum,
    /// No signature covers it.
    #[error("the change is not covered by its author's signature")]
    Unsigned,
    /// A signature does not fit.
    #[error("the signature does not fit the change and its author")]
    BadSignature,
    /// The actor is not the one that device, document and incarnation give.
    #[error("the change's actor does not belong to the device that signed")]
    WrongActor,
    /// The device is not in the circle.
    #[error("the device is not in this circle")]
    NotInCircle,
    /// A gap before it in its actor's chain.
    #[error("an earlier change of the same author is missing")]
    SeqGap,
    /// Another change stands at this actor and seq.
    #[error("the author's chain has two different changes at one place: the device was copied or restored")]
    Fork,
    /// The actor's last entry is not among its dependencies.
    #[error("the change does not depend on its author's last one")]
    NoOwnPredecessor,
    /// `start_op` is not one more than the largest op that it depends on.
    #[error("the change's operation counter does not follow from its dependencies")]
    WrongStartOp,
    /// A dependency is not here yet. Not kept: send it with what it needs.
    #[error("the change depends on changes that are not here yet")]
    MissingDependency,
    /// A text body that it names is not here. Not kept: send it with its body.
    #[error("the change came without the text that it names")]
    MissingBody,
    /// Its author may not write this.
    #[error("its author may not make this change")]
    NotAllowed,
    /// A genesis that is not byte for byte the document's.
    #[error("the document's first change is not the one that it must have")]
    WrongGenesis,
    /// A kind or schema of document that this build does not know.
    #[error("the document is of a newer kind than this version knows: update")]
    UnknownSchema,
    /// A document, chain or store is at its bound.
    #[error("the document is full")]
    Full,
    /// Automerge stopped on it in spite of all.
    #[error("the change could not be applied")]
    Unappliable,
    /// Its author was taken out of the circle, or is suspended.
    #[error("the device was taken out of this circle")]
    Removed,
    /// Words that are not sealed, or a sealed entry in a plain document, or the reverse.
    #[error("the content is not sealed as this kind of document demands")]
    Unsealed,
    /// Sealed with an old key by a device that had confirmed a newer one.
    #[error("sealed with an old key, after the device had confirmed a newer one: restart the app on it")]
    OldEpoch,
}

impl Refusal {
    /// All refusals, at their code's place.
    pub const ALL: [Self; 23] = [
        Self::TooLarge,
        Self::NotAChange,
        Self::Malformed,
        Self::TooManyOps,
        Self::Checksum,
        Self::Unsigned,
        Self::BadSignature,
        Self::WrongActor,
        Self::NotInCircle,
        Self::SeqGap,
        Self::Fork,
        Self::NoOwnPredecessor,
        Self::WrongStartOp,
        Self::MissingDependency,
        Self::MissingBody,
        Self::NotAllowed,
        Self::WrongGenesis,
        Self::UnknownSchema,
        Self::Full,
        Self::Unappliable,
        Self::Removed,
        Self::Unsealed,
        Self::OldEpoch,
    ];

    /// The stable number.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The refusal with this number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// Whether the same entry can be taken later, with what it lacks.
    #[must_use]
    pub fn can_retry(self) -> bool {
        matches!(self, Self::SeqGap | Self::MissingDependency | Self::MissingBody | Self::NotInCircle)
    }

    /// The name used in metrics and logs.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::NotAChange => "not_a_change",
            Self::Malformed => "malformed",
            Self::TooManyOps => "too_many_ops",
            Self::Checksum => "checksum",
            Self::Unsigned => "unsigned",
            Self::BadSignature => "bad_signature",
            Self::WrongActor => "wrong_actor",
            Self::NotInCircle => "not_in_circle",
            Self::SeqGap => "seq_gap",
            Self::Fork => "fork",
            Self::NoOwnPredecessor => "no_own_predecessor",
            Self::WrongStartOp => "wrong_start_op",
            Self::MissingDependency => "missing_dependency",
            Self::MissingBody => "missing_body",
            Self::NotAllowed => "not_allowed",
            Self::WrongGenesis => "wrong_genesis",
            Self::UnknownSchema => "unknown_schema",
            Self::Full => "full",
            Self::Unappliable => "unappliable",
            Self::Removed => "removed",
            Self::Unsealed => "unsealed",
            Self::OldEpoch => "old_epoch",
        }
    }
}
