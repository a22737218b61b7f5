use crate::coded::coded;

coded! {
    /// Why a statement was refused. The code is stable, on the wire and in metrics.
    pub enum StatementProblem {
        /// Not the one encoding of a statement, or an author or parents that its kind never has.
        Malformed = "malformed", "the statement is malformed";
        /// Of another circle.
        WrongCircle = "wrong_circle", "the statement belongs to another circle";
        /// A signature in it does not fit.
        BadSignature = "bad_signature", "a signature does not fit the statement: it was changed, or another key signed it";
        /// A device's keys are no points, or weak.
        WeakKey = "weak_key", "the statement introduces a device whose keys are not usable";
        /// Its author is not in what it descends from.
        UnknownAuthor = "unknown_author", "the statement's author is not in the circle, as far as its parents say";
        /// Its author may not say this.
        NotAllowed = "not_allowed", "the statement's author may not say this";
        /// Whom or what it names is not in what it descends from.
        UnknownTarget = "unknown_target", "the statement names a member, device or epoch that its parents do not know";
        /// The device is in the circle already.
        KnownDevice = "known_device", "the device is in the circle already";
        /// The warrant is another device's or circle's, or not the server's.
        BadWarrant = "bad_warrant", "the warrant is not one for this device and circle";
        /// Above the warrant's count, or after its end.
        WarrantSpent = "warrant_spent", "the warrant does not reach this far: it was used up or ran out";
        /// The join came without the server's admission. Send it again with one.
        NotAdmitted = "not_admitted", "the join was not admitted by the server yet";
        /// The admission is not the server's.
        BadAdmission = "bad_admission", "the join's admission is not the server's";
        /// Above the invite's uses, or after its expiry.
        InviteSpent = "invite_spent", "the invite was used up or ran out: ask for a new one";
        /// The commission is not the root's, is another device's, or ran out.
        BadCommission = "bad_commission", "the commission does not let this device found a circle";
        /// Another statement with the same serial counts.
        DoubleSerial = "double_serial", "another statement used the same place of the invite or warrant, and counts";
        /// A wrap names a device that its author could not have meant, or the epoch before is of another group.
        BadEpoch = "bad_epoch", "the epoch does not follow from the one that it names";
        /// The log is at its bound for what the statement is for. Who is in can still be taken out.
        Full = "full", "the circle's log is full: begin a new circle for whoever is to come; people can still be taken out";
        /// Too many statements wait for their parents. Send the parents first.
        TooManyWaiting = "too_many_waiting", "too many statements wait for what they descend from: send that first";
    }
}

impl StatementProblem {
    /// Whether the same statement can be taken later, with what it lacks.
    #[must_use]
    pub fn can_retry(self) -> bool {
        matches!(self, Self::NotAdmitted | Self::TooManyWaiting)
    }
}
