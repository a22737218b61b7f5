use crate::ids::{DeviceId, MemberId, StatementId};
use crate::time::TimestampMs;
use crate::trust::StatementAuthor;

/// What an [`Event`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// The circle began.
    Founded,
    /// A link was made.
    Invited,
    /// Someone came in by a link.
    Joined,
    /// Someone was enrolled face to face.
    Granted,
    /// The same, by a facilitator who was out already: they wait for a Confirm.
    Waits,
    /// A member has one more device.
    DeviceAdded,
    /// A member has a new device, and the others went.
    Recovered,
    /// A member was taken out.
    MemberRemoved,
    /// A device was taken out.
    DeviceRemoved,
    /// Somebody who waited was let in.
    Confirmed,
    /// Somebody who was out was brought back.
    BroughtBack,
    /// A member leads from here on.
    Promoted,
    /// A facilitator is a member from here on.
    Demoted,
    /// A link ended before its time.
    Withdrawn,
    /// The server's store was put back to an older state.
    Restored,
    /// The server has another key.
    NewServer,
    /// Everyone may begin conversations from here on.
    ConversationsOpened,
    /// Facilitators alone may.
    ConversationsReserved,
    /// The organisation says whom people can call.
    Helplines,
    /// The organisation says what reports to it are sealed to, or takes none any more.
    ReportKey,
}

/// Something that the circle is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The statement.
    pub statement: StatementId,
    /// Its position.
    pub position: u64,
    /// What happened.
    pub kind: EventKind,
    /// Who said it: for a Join, whoever made the invite; an invite itself that was ended by its own secret.
    pub by: StatementAuthor,
    /// That author's member; none for the root.
    pub by_member: Option<MemberId>,
    /// Whom it concerns.
    pub member: Option<MemberId>,
    /// Which device it concerns.
    pub device: Option<DeviceId>,
    /// When the server admitted it.
    pub time: TimestampMs,
}
