use crate::document::ItemId;
use crate::ids::{CircleId, DeviceId, DocumentId, InviteKey, MemberId, StatementId, ThreadId};

use super::view::{CommitmentState, NoteFieldName, NoteOp, Presence, ReactionKind, Role};

/// What a person wants: `Command` of `web/src/bridge/contract.ts`.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[cfg_attr(feature = "json", serde(tag = "cmd", rename_all = "camelCase", deny_unknown_fields))]
pub enum Command {
    /// The circles on this phone.
    Circles,
    /// Open an enrolment link.
    Enrol {
        /// As it was opened or pasted.
        link: String,
        /// The name to be known by.
        name: String,
    },
    /// One circle.
    Circle {
        /// Which.
        circle: CircleId,
    },
    /// Be known by another name.
    Rename {
        /// Where.
        circle: CircleId,
        /// The name.
        name: String,
    },
    /// The sessions' notes.
    Notes {
        /// Of which circle.
        circle: CircleId,
    },
    /// Open a session's note, making it if it is new.
    CreateNote {
        /// Where.
        circle: CircleId,
        /// Days since 1970.
        day: u32,
        /// 0 for the day's first.
        ordinal: u8,
        /// Given only to a new one; may be empty.
        title: String,
    },
    /// Open a note.
    OpenNote {
        /// Which.
        document: DocumentId,
    },
    /// Who wrote each word of a note.
    Passages {
        /// Which.
        document: DocumentId,
    },
    /// Change a note.
    EditNote {
        /// Which.
        document: DocumentId,
        /// How.
        edit: NoteEdit,
    },
    /// Turn what was typed into changes now.
    Flush,
    /// The person was told that their clock is wrong.
    ClockTold,
    /// A document is no longer on screen.
    Close {
        /// Which.
        document: DocumentId,
    },
    /// The threads.
    Threads {
        /// Of which circle.
        circle: CircleId,
    },
    /// Begin a thread.
    CreateThread {
        /// Where.
        circle: CircleId,
        /// Its name.
        title: String,
    },
    /// Name a thread, or choose among names that were given at the same time.
    SetThread {
        /// Where.
        circle: CircleId,
        /// Which.
        thread: ThreadId,
        /// Its name.
        title: String,
    },
    /// Say what a circle is called, or what its people agreed on; or choose, as of [`Self::SetThread`].
    SetCircle {
        /// Which.
        circle: CircleId,
        /// Its name.
        name: Option<String>,
        /// The agreement.
        agreement: Option<String>,
    },
    /// Open a thread.
    OpenThread {
        /// Where.
        circle: CircleId,
        /// Which.
        thread: ThreadId,
        /// The newest so many.
        limit: u32,
    },
    /// Write a message.
    Send {
        /// Where.
        circle: CircleId,
        /// In which thread.
        thread: ThreadId,
        /// The words.
        text: String,
        /// In answer to.
        #[cfg_attr(feature = "json", serde(rename = "replyTo"))]
        reply_to: Option<String>,
    },
    /// React to a message, or take it back.
    React {
        /// Where.
        circle: CircleId,
        /// In which thread.
        thread: ThreadId,
        /// Which message.
        key: String,
        /// How.
        kind: ReactionKind,
        /// Give or take back.
        on: bool,
    },
    /// All of a thread was seen.
    Seen {
        /// Where.
        circle: CircleId,
        /// Which thread.
        thread: ThreadId,
    },
    /// Take back one's own message, everywhere.
    TakeBack {
        /// Where.
        circle: CircleId,
        /// In which thread.
        thread: ThreadId,
        /// Which message.
        key: String,
    },
    /// Make a circle.
    Found {
        /// The name to be known by.
        name: String,
        /// What the circle is called.
        #[cfg_attr(feature = "json", serde(rename = "circleName"))]
        circle_name: String,
    },
    /// Who is in the circle, and what happened.
    People {
        /// Which circle.
        circle: CircleId,
    },
    /// Make a link and short code for new people.
    Invite {
        /// Into which circle.
        circle: CircleId,
        /// As what.
        role: Role,
        /// May they read what was written before?
        past: bool,
        /// For how many.
        uses: u32,
        /// For how long.
        days: u32,
        /// Names this ask: asked again by the same name, the same invitation is given. Empty: always another.
        #[cfg_attr(feature = "json", serde(default))]
        once: String,
    },
    /// Make a link and short code for another phone of a member.
    InviteDevice {
        /// Into which circle.
        circle: CircleId,
        /// Whose.
        member: MemberId,
        /// Their other phones go.
        recovers: bool,
        /// As of [`Self::Invite`].
        #[cfg_attr(feature = "json", serde(default))]
        once: String,
    },
    /// Take a member out.
    Remove {
        /// Of which circle.
        circle: CircleId,
        /// Whom.
        member: MemberId,
        /// Members whom that member let in, and who go too.
        #[cfg_attr(feature = "json", serde(default))]
        also: Vec<MemberId>,
    },
    /// Take a phone out.
    RemoveDevice {
        /// Of which circle.
        circle: CircleId,
        /// Which.
        device: DeviceId,
    },
    /// Let in a member who waits, or bring back one who is out.
    Confirm {
        /// In which circle.
        circle: CircleId,
        /// Whom.
        member: MemberId,
    },
    /// Make a member a facilitator.
    Promote {
        /// In which circle.
        circle: CircleId,
        /// Whom.
        member: MemberId,
    },
    /// Make a facilitator a member again.
    Demote {
        /// In which circle.
        circle: CircleId,
        /// Whom.
        member: MemberId,
    },
    /// Decide who begins conversations: everyone, or facilitators.
    SetConversations {
        /// In which circle.
        circle: CircleId,
        /// Everyone.
        everyone: bool,
    },
    /// End an invitation.
    Withdraw {
        /// Into which circle.
        circle: CircleId,
        /// Its key, as people are shown it.
        invite: InviteKey,
    },
    /// What was told of a phone that took in what it had not written was read.
    ResumedRead,
    /// A statement that was not taken was read.
    Dismiss {
        /// Of which circle.
        circle: CircleId,
        /// Which.
        statement: StatementId,
    },
    /// After the server was proven to tell people different things: with which of the two to go on.
    GoOn {
        /// In which circle.
        circle: CircleId,
        /// Which.
        with: ForkSide,
    },
    /// With no network, on the new phone: what to show.
    QrAsk {
        /// The name to be known by.
        name: String,
    },
    /// On the facilitator's phone: answer what was scanned.
    QrGrant {
        /// Into which circle.
        circle: CircleId,
        /// What was scanned.
        qr: String,
        /// As what.
        role: Role,
        /// May they read what was written before?
        past: bool,
        /// Who comes back, if somebody does.
        member: Option<MemberId>,
    },
    /// On the new phone: take what was scanned.
    QrTake {
        /// What was scanned.
        qr: String,
    },
    /// Make a printed code.
    Paper {
        /// For which circle.
        circle: CircleId,
        /// As of [`Self::Invite`]: the same code.
        #[cfg_attr(feature = "json", serde(default))]
        once: String,
    },
    /// Come back with a printed code.
    PaperUse {
        /// As it was typed.
        code: String,
    },
    /// Open a document that only its group reads.
    OpenSealed {
        /// Where.
        circle: CircleId,
        /// Which kind.
        kind: SealedKind,
        /// Whose, of a slice; else one's own.
        member: Option<MemberId>,
        /// The session's day, or one of the journal's month.
        day: u32,
    },
    /// What is not safe yet.
    Outbox,
    /// How it stands with the server.
    Status,
    /// Try now.
    Sync,
}

/// One of the two histories that a server told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[cfg_attr(feature = "json", serde(rename_all = "camelCase"))]
pub enum ForkSide {
    /// What this phone was told first.
    Ours,
    /// What the server tells now.
    Theirs,
}

/// A kind of document that only its group reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[cfg_attr(feature = "json", serde(rename_all = "camelCase"))]
pub enum SealedKind {
    /// One's own check-ins of a month.
    Journal,
    /// One's own plan.
    Plan,
    /// What the facilitators note among themselves.
    FacilitatorNote,
    /// What the facilitators keep about a member, who reads it too.
    Slice,
}

/// One edit of a note.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[cfg_attr(feature = "json", serde(tag = "edit", rename_all = "camelCase", deny_unknown_fields))]
pub enum NoteEdit {
    /// Of its text, relative to a version.
    Body {
        /// The version that the indices mean.
        version: u64,
        /// In order.
        ops: Vec<NoteOp>,
    },
    /// Of a single-value field.
    Field {
        /// Which.
        field: NoteFieldName,
        /// The new value.
        value: String,
    },
    /// The session was on another day.
    Day {
        /// Days since 1970.
        day: u32,
    },
    /// An empty session is not to be listed any more, or again.
    Hide {
        /// Hide or show.
        hidden: bool,
    },
    /// Who was there.
    Attendance {
        /// Whose.
        member: MemberId,
        /// How.
        presence: Presence,
    },
    /// A new point of the agenda.
    AgendaAdd {
        /// Its words.
        text: String,
    },
    /// A changed point: what is given of it. Of what several people wrote at the same time, this chooses.
    AgendaSet {
        /// Which.
        item: ItemId,
        /// Its words.
        text: Option<String>,
        /// Whether it was done.
        done: Option<bool>,
    },
    /// A point that was removed, put back.
    AgendaBack {
        /// Which.
        item: ItemId,
        /// Its words.
        text: String,
        /// Whether it was done.
        done: bool,
    },
    /// A point less.
    AgendaRemove {
        /// Which.
        item: ItemId,
    },
    /// Somebody took something on.
    CommitmentAdd {
        /// Who.
        member: MemberId,
        /// What.
        text: String,
        /// Until when, in days since 1970.
        due: Option<u32>,
    },
    /// A changed one, as of [`Self::AgendaSet`].
    CommitmentSet {
        /// Which.
        item: ItemId,
        /// How it went.
        state: Option<CommitmentState>,
        /// Its words.
        text: Option<String>,
        /// Until when, in days since 1970.
        due: Option<u32>,
    },
    /// One that was taken back, as it was.
    CommitmentBack {
        /// Which.
        item: ItemId,
        /// Who.
        member: MemberId,
        /// What.
        text: String,
        /// Until when, in days since 1970.
        due: Option<u32>,
        /// How it went.
        state: CommitmentState,
    },
    /// Taken back.
    CommitmentRemove {
        /// Which.
        item: ItemId,
    },
}
