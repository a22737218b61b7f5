/// Why a statement was refused. The code is stable, on the wire and in metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum StatementProblem {
    /// Not the one encoding of a statement, or an author or parents that its kind never has.
    #[error("the statement is malformed")]
    Malformed,
    /// Of another circle.
    #[error("the statement belongs to another circle")]
    WrongCircle,
    /// A signature in it does not fit.
    #[error("a signature does not fit the statement: it was changed, or another key signed it")]
    BadSignature,
    /// A device's keys are no points, or weak.
    #[error("the statement introduces a device whose keys are not usable")]
    WeakKey,
    /// Its author is not in what it descends from.
    #[error("the statement's author is not in the circle, as far as its parents say")]
    UnknownAuthor,
    /// Its author may not say this.
    #[error("the statement's author may not say this")]
    NotAllowed,
    /// Whom or what it names is not in what it descends from.
    #[error("the statement names a member, device or epoch that its parents do not know")]
    UnknownTarget,
    /// The device is in the circle already.
    #[error("the device is in the circle already")]
    KnownDevice,
    /// The warrant is another device's or circle's, or not the server's.
    #[error("the warrant is not one for this device and circle")]
    BadWarrant,
    /// Above the warrant's count, or after its end.
    #[error("the warrant does not reach this far: it was used up or ran out")]
    WarrantSpent,
    /// The join came without the server's admission. Send it again with one.
    #[error("the join was not admitted by the server yet")]
    NotAdmitted,
    /// The admission is not the server's.
    #[error("the join's admission is not the server's")]
    BadAdmission,
    /// Above the invite's uses, or after its expiry.
    #[error("the invite was used up or ran out: ask for a new one")]
    InviteSpent,
    /// The commission is not the root's, is another device's, or ran out.
    #[error("the commission does not let this device found a circle")]
    BadCommission,
    /// Another statement with the same serial counts.
    #[error("another statement used the same place of the invite or warrant, and counts")]
    DoubleSerial,
    /// A wrap names a device that its author could not have meant, or the epoch before is of another group.
    #[error("the epoch does not follow from the one that it names")]
    BadEpoch,
    /// The log is at its bound for what the statement is for. Who is in can still be taken out.
    #[error("the circle's log is full: begin a new circle for whoever is to come; people can still be taken out")]
    Full,
    /// Too many statements wait for their parents. Send the parents first.
    #[error("too many statements wait for what they descend from: send that first")]
    TooManyWaiting,
}

impl StatementProblem {
    /// All problems, at their code's place.
    pub const ALL: [Self; 18] = [
        Self::Malformed,
        Self::WrongCircle,
        Self::BadSignature,
        Self::WeakKey,
        Self::UnknownAuthor,
        Self::NotAllowed,
        Self::UnknownTarget,
        Self::KnownDevice,
        Self::BadWarrant,
        Self::WarrantSpent,
        Self::NotAdmitted,
        Self::BadAdmission,
        Self::InviteSpent,
        Self::BadCommission,
        Self::DoubleSerial,
        Self::BadEpoch,
        Self::Full,
        Self::TooManyWaiting,
    ];

    /// The stable number.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The problem with this number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// Whether the same statement can be taken later, with what it lacks.
    #[must_use]
    pub fn can_retry(self) -> bool {
        matches!(self, Self::NotAdmitted | Self::TooManyWaiting)
    }

    /// The name used in metrics and logs.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::WrongCircle => "wrong_circle",
            Self::BadSignature => "bad_signature",
            Self::WeakKey => "weak_key",
            Self::UnknownAuthor => "unknown_author",
            Self::NotAllowed => "not_allowed",
            Self::UnknownTarget => "unknown_target",
            Self::KnownDevice => "known_device",
            Self::BadWarrant => "bad_warrant",
            Self::WarrantSpent => "warrant_spent",
            Self::NotAdmitted => "not_admitted",
            Self::BadAdmission => "bad_admission",
            Self::InviteSpent => "invite_spent",
            Self::BadCommission => "bad_commission",
            Self::DoubleSerial => "double_serial",
            Self::BadEpoch => "bad_epoch",
            Self::Full => "full",
            Self::TooManyWaiting => "too_many_waiting",
        }
    }
}
