use super::view::{CommitmentState, NoteFieldName, NoteOp, Presence, ReactionKind};

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
        circle: String,
    },
    /// Be known by another name.
    Rename {
        /// Where.
        circle: String,
        /// The name.
        name: String,
    },
    /// The sessions' notes.
    Notes {
        /// Of which circle.
        circle: String,
    },
    /// Open a session's note, making it if it is new.
    CreateNote {
        /// Where.
        circle: String,
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
        document: String,
    },
    /// Change a note.
    EditNote {
        /// Which.
        document: String,
        /// How.
        edit: NoteEdit,
    },
    /// Turn what was typed into changes now.
    Flush,
    /// A document is no longer on screen.
    Close {
        /// Which.
        document: String,
    },
    /// The threads.
    Threads {
        /// Of which circle.
        circle: String,
    },
    /// Begin a thread.
    CreateThread {
        /// Where.
        circle: String,
        /// Its name.
        title: String,
    },
    /// Open a thread.
    OpenThread {
        /// Where.
        circle: String,
        /// Which.
        thread: String,
        /// The newest so many.
        limit: u32,
    },
    /// Write a message.
    Send {
        /// Where.
        circle: String,
        /// In which thread.
        thread: String,
        /// The words.
        text: String,
        /// In answer to.
        #[cfg_attr(feature = "json", serde(rename = "replyTo"))]
        reply_to: Option<String>,
    },
    /// React to a message, or take it back.
    React {
        /// Where.
        circle: String,
        /// In which thread.
        thread: String,
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
        circle: String,
        /// Which thread.
        thread: String,
    },
    /// What is not safe yet.
    Outbox,
    /// How it stands with the server.
    Status,
    /// Try now.
    Sync,
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
    /// Who was there.
    Attendance {
        /// Whose.
        member: String,
        /// How.
        presence: Presence,
    },
    /// A new point of the agenda.
    AgendaAdd {
        /// Its words.
        text: String,
    },
    /// A changed point.
    AgendaSet {
        /// Which.
        item: String,
        /// Its words.
        text: String,
        /// Whether it was done.
        done: bool,
    },
    /// A point less.
    AgendaRemove {
        /// Which.
        item: String,
    },
    /// Somebody took something on.
    CommitmentAdd {
        /// Who.
        member: String,
        /// What.
        text: String,
        /// Until when, in days since 1970.
        due: Option<u32>,
    },
    /// How it went.
    CommitmentSet {
        /// Which.
        item: String,
        /// How.
        state: CommitmentState,
    },
    /// Taken back.
    CommitmentRemove {
        /// Which.
        item: String,
    },
}
