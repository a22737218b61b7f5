use crate::coded::coded;

coded! {
    /// Why a statement was refused. The code is stable, on the wire and in metrics.
    pub enum StatementProblem {
        /// Not the one encoding of a statement, or an author or knowledge that its kind never has.
        Malformed = "malformed", "the statement is malformed";
        /// Of another circle.
        WrongCircle = "wrong_circle", "the statement belongs to another circle";
        /// A signature in it does not fit.
        BadSignature = "bad_signature", "a signature does not fit the statement: it was changed, or another key signed it";
        /// A device's keys are no points, or weak.
        WeakKey = "weak_key", "the statement introduces a device whose keys are not usable";
        /// Its author is not in the circle.
        UnknownAuthor = "unknown_author", "the statement's author is not in the circle";
        /// Its author is not in any more, or was not all the time since what they knew.
        AuthorOut = "author_out", "the statement's author was taken out, or lost the role for it, since";
        /// Its author may not say this.
        NotAllowed = "not_allowed", "the statement's author may not say this";
        /// Whom or what it names is not in the circle.
        UnknownTarget = "unknown_target", "the statement names somebody or something that the circle does not know";
        /// What it wants is so already, or what it undoes is not in force any more.
        NoChange = "no_change", "what the statement wants is so already, or has changed since";
        /// The device is in the circle, was once, or was taken out before it came.
        KnownDevice = "known_device", "the device is, or was, in the circle already: it needs a new key";
        /// The warrant is another device's or circle's, or not the server's.
        BadWarrant = "bad_warrant", "the warrant is not one for this device and circle";
        /// As many came in under the warrant as may, or it ended long ago.
        WarrantSpent = "warrant_spent", "the warrant does not reach this far: it was used up or ran out";
        /// No such invite, or withdrawn, or its author may not invite any more.
        InviteGone = "invite_gone", "the invitation does not hold any more: ask for a new one";
        /// It was used as often as it may be.
        InviteUsed = "invite_used", "the invitation was used up: ask for a new one";
        /// It is past its end.
        InviteExpired = "invite_expired", "the invitation ran out: ask for a new one";
        /// The commission is not the root's, is another device's, ran out, or founded a circle already.
        BadCommission = "bad_commission", "the commission does not let this device found a circle";
        /// Its wraps are not for whom it says.
        BadEpoch = "bad_epoch", "the key's wraps are not for those whom the statement names";
        /// A facilitator takes out one other facilitator a day, and none on their first day.
        TooSoon = "too_soon", "a facilitator can take out one other facilitator in 24 hours, and none in their own first 24 hours: wait, or ask the organisation";
        /// Its author's share is used up.
        ShareUsed = "share_used", "the author has said as much of this kind as one member may: ask another facilitator";
        /// The circle has as many members or devices as a circle may.
        CircleFull = "circle_full", "the circle is full: take somebody out, or begin a new circle for whoever is to come";
        /// What its author knew is not on this chain.
        OtherChain = "other_chain", "the statement's author knew another history of the circle than this one";
        /// What its author knew was lost when a backup was restored.
        LostChain = "lost_chain", "the statement's author knew records that were lost when a backup was restored: say it again";
        /// A later statement of the same author is in already.
        OldNumber = "old_number", "the author has said something newer already";
        /// The chain waits for what a restored backup lacks.
        Waiting = "waiting", "the server waits for what its restored backup lacks: try again later";
        /// What lies beside it is not what its signature covers.
        BadAttachment = "bad_attachment", "what lies beside the statement is not what it states";
        /// The server has taken too much of this member today.
        Slow = "slow", "this member has said as much today as one may: try again tomorrow";
        /// The circle was removed from the server for good.
        Shredded = "shredded", "the circle was removed from the server for good: nothing is founded or brought back under its name";
        /// Whoever leaves or leads no more is the only one who leads, and others are in.
        LastFacilitator = "last_facilitator", "nobody else leads the circle: make another member a facilitator first";
    }
}

impl StatementProblem {
    /// Whether the very same statement can be taken later.
    #[must_use]
    pub fn can_retry(self) -> bool {
        matches!(self, Self::TooSoon | Self::Waiting | Self::Slow | Self::CircleFull)
    }
}
