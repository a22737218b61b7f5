//! What the page is shown: the replies and notices of `web/src/bridge/contract.ts`, field for field. Ids are
//! lower-case hex, times are milliseconds since 1970 UTC, text indices are UTF-16 code units.
#![allow(missing_docs, reason = "the fields are documented once, in contract.ts, which these mirror")]

mod note;
mod people;
mod thread;

use serde::Serialize;

use super::Problem;

pub use note::*;
pub use people::*;
pub use thread::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum Role {
    Facilitator,
    Member,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum Safety {
    Phone,
    Sending,
    Safe,
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum ItemKind {
    Note,
    Thread,
    Circle,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutboxItem {
    pub document: String,
    pub circle: String,
    pub label: String,
    pub kind: ItemKind,
    pub changes: u64,
    pub bytes: u64,
    pub safety: Safety,
    pub problem: Option<Problem>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum SyncState {
    Idle,
    Syncing,
    Offline,
    Failed,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClockState {
    pub offset_ms: i64,
    pub is_wrong: bool,
    pub is_news: bool,
}

/// What happened to a phone that took in what it had not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Resumption {
    PutBack,
    Copied,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncStatus {
    pub state: SyncState,
    pub last_safe_ms: Option<u64>,
    pub last_try_ms: Option<u64>,
    pub unsent_items: u64,
    pub unsent_bytes: u64,
    pub progress: Option<f64>,
    pub clock: ClockState,
    pub resumed: Option<Resumption>,
    pub problem: Option<Problem>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    pub version: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum ListName {
    Circles,
    Circle,
    Notes,
    Threads,
    Outbox,
    People,
}

/// The answer to a command that went well.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Reply {
    Circles(Vec<CircleSummary>),
    CircleSummary(CircleSummary),
    Circle(Circle),
    Notes(Vec<NoteSummary>),
    Note(Box<Note>),
    Passages(Vec<Passage>),
    Version(Version),
    Threads(Vec<ThreadSummary>),
    ThreadSummary(ThreadSummary),
    Thread(Thread),
    Message(Message),
    Outbox(Vec<OutboxItem>),
    Status(SyncStatus),
    People(People),
    Invitation(Invitation),
    QrOffer(QrOffer),
    QrGrant(QrGrant),
    QrTaken(QrTaken),
    PaperCode(PaperCode),
    Nothing,
}

/// What the engine tells every page by itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "notice", rename_all = "camelCase")]
pub enum Notice {
    NoteBody { document: String, version: u64, ops: Vec<NoteOp> },
    Note { note: Box<Note> },
    Messages { circle: String, thread: String, messages: Vec<Message>, gone: Vec<String> },
    Lists { circle: String, what: Vec<ListName> },
    Status { status: SyncStatus },
    Engine { state: EngineState, problem: Option<Problem> },
}

/// Whether the engine can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum EngineState {
    Ready,
    Elsewhere,
    Stopped,
}
