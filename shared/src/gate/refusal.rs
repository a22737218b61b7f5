use crate::coded::coded;

coded! {
    /// Why an entry was refused. The code is stable, on the wire and in metrics.
    pub enum Refusal {
        /// Above [`super::CHANGE_BYTES_MAX`].
        TooLarge = "too_large", "the change is larger than is allowed: split it";
        /// Not a plain change chunk: a document, bundle, deflated chunk or no chunk at all.
        NotAChange = "not_a_change", "the bytes are not a plain change";
        /// A field or column is malformed.
        Malformed = "malformed", "the change is malformed";
        /// More ops than [`super::CHANGE_OPS_MAX`], as the columns claim.
        TooManyOps = "too_many_ops", "the change claims more operations than is allowed";
        /// The checksum does not fit the content.
        Checksum = "checksum", "the change's checksum is wrong: it was damaged on its way";
        /// No signature covers it.
        Unsigned = "unsigned", "the change is not covered by its author's signature";
        /// A signature does not fit.
        BadSignature = "bad_signature", "the signature does not fit the change and its author";
        /// The actor is not the one that device, document and incarnation give.
        WrongActor = "wrong_actor", "the change's actor does not belong to the device that signed";
        /// The device is not in the circle.
        NotInCircle = "not_in_circle", "the device is not in this circle";
        /// A gap before it in its actor's chain.
        SeqGap = "seq_gap", "an earlier change of the same author is missing";
        /// Another change stands at this actor and seq.
        Fork = "fork", "the author's chain has two different changes at one place: the device was copied or restored";
        /// The actor's last entry is not among its dependencies.
        NoOwnPredecessor = "no_own_predecessor", "the change does not depend on its author's last one";
        /// `start_op` is not one more than the largest op that it depends on.
        WrongStartOp = "wrong_start_op", "the change's operation counter does not follow from its dependencies";
        /// A dependency is not here yet. Not kept: send it with what it needs.
        MissingDependency = "missing_dependency", "the change depends on changes that are not here yet";
        /// A text body that it names is not here. Not kept: send it with its body.
        MissingBody = "missing_body", "the change came without the text that it names";
        /// Its author may not write this.
        NotAllowed = "not_allowed", "its author may not make this change";
        /// A genesis that is not byte for byte the document's.
        WrongGenesis = "wrong_genesis", "the document's first change is not the one that it must have";
        /// A kind or schema of document that this build does not know.
        UnknownSchema = "unknown_schema", "the document is of a newer kind than this version knows: update";
        /// Its author has added as many changes to the document as their share of it holds.
        Full = "full", "the document holds as many changes of this member as it may: begin a new one";
        /// Automerge stopped on it in spite of all.
        Unappliable = "unappliable", "the change could not be applied";
        /// Its author was taken out of the circle, or is suspended.
        Removed = "removed", "the device was taken out of this circle";
        /// Words that are not sealed, or a sealed entry in a plain document, or the reverse.
        Unsealed = "unsealed", "the content is not sealed as this kind of document demands";
        /// Sealed with an old key by a device that had confirmed a newer one.
        OldEpoch = "old_epoch", "sealed with an old key, after the device had confirmed a newer one: restart the app on it";
        /// Its signature names a place of the circle's chain that is not known here yet. Send it with the chain.
        UnknownPosition = "unknown_position", "its author knew more of who is in the circle than is known here yet";
        /// Its signature names a place of the circle's chain at which its author was not in.
        NotInThen = "not_in_then", "its author was not in the circle when it was signed";
        /// Its author's devices have begun as many chains in the document as their share of it holds.
        FullChains = "full_chains", "the document holds as many beginnings of this member's devices as it may: begin a new one";
        /// Its author has added as many operations to the document as their share of it holds.
        FullOps = "full_ops", "the document holds as many operations of this member as it may: begin a new one";
        /// Its author has added as many bytes to the document as their share of it holds.
        FullBytes = "full_bytes", "the document holds as many bytes of this member as it may: begin a new one";
        /// A day or time in it, or in its document's name, is outside [`crate::time::Day::FIRST`] to
        /// [`crate::time::Day::LAST`], or later than [`crate::time::TimestampMs::LAST`].
        OutOfRange = "out_of_range", "a date in it is not within the years 2000 to 2199: correct the date on the phone that wrote it";
        /// Covered only by the signature of an entry that was refused. Send it signed by itself.
        Uncovered = "uncovered", "only a change that was not taken signs for it: it is sent again, signed by itself";
    }
}

impl Refusal {
    /// Whether its author's share of the document is used up: what they write belongs into another one.
    #[must_use]
    pub fn is_full(self) -> bool {
        matches!(self, Self::Full | Self::FullChains | Self::FullOps | Self::FullBytes)
    }

    /// Whether the same entry can be taken later, with what it lacks.
    #[must_use]
    pub fn can_retry(self) -> bool {
        matches!(
            self,
            Self::SeqGap
                | Self::MissingDependency
                | Self::MissingBody
                | Self::NotInCircle
                | Self::UnknownPosition
                | Self::Uncovered
        )
    }
}
