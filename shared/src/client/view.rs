//! What the page is shown: the replies and notices of `web/src/bridge/contract.ts`, field for field. Ids are
//! lower-case hex, times are milliseconds since 1970 UTC, text indices are UTF-16 code units.
#![allow(missing_docs, reason = "the fields are documented once, in contract.ts, which these mirror")]

use serde::Serialize;

use super::Problem;

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

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    pub member: String,
    pub name: String,
    pub role: Role,
    pub me: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CircleSummary {
    pub circle: String,
    pub name: String,
    pub members: usize,
    pub unread: u64,
    pub pending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    Active,
    Provisional,
    Suspended,
    Removed,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonDevice {
    pub device: String,
    pub paper: bool,
    pub me: bool,
    pub since_ms: u64,
    pub standing: Standing,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    pub member: String,
    pub name: String,
    pub role: Role,
    pub me: bool,
    pub standing: Standing,
    pub devices: Vec<PersonDevice>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum EventKind {
    Founded,
    Invited,
    Joined,
    Granted,
    Recovered,
    Device,
    Paper,
    Removed,
    DeviceRemoved,
    Confirmed,
    Promoted,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PeopleEvent {
    pub kind: EventKind,
    pub who: String,
    pub who_name: String,
    pub by: String,
    pub by_name: String,
    pub time_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct People {
    pub circle: String,
    pub people: Vec<Person>,
    pub events: Vec<PeopleEvent>,
    pub leads: bool,
    pub offline_left: u32,
    pub has_paper: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    pub link: String,
    pub code: String,
    pub expires_ms: u64,
    pub uses: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QrOffer {
    pub qr: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QrGrant {
    pub qr: String,
    pub words: Vec<u8>,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QrTaken {
    pub circle: CircleSummary,
    pub words: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PaperCode {
    pub code: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Circle {
    pub circle: String,
    pub name: String,
    pub agreement: String,
    pub members: Vec<Member>,
    pub me: Member,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NoteSummary {
    pub document: String,
    pub day: u32,
    pub ordinal: u8,
    pub title: String,
    pub excerpt: String,
    pub present: u32,
    pub safety: Safety,
    pub changed: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    pub value: String,
    pub author: String,
    pub author_name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    pub value: String,
    pub candidates: Vec<Candidate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum BlockKind {
    Paragraph,
    Heading,
    Bullet,
    Todo,
}

#[derive(Clone, Debug, PartialEq, Serialize, Eq)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub struct Block {
    pub kind: BlockKind,
    pub level: u8,
    pub checked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum MarkName {
    Strong,
    Em,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Span {
    Block { block: Block },
    Text { text: String, marks: Vec<MarkName> },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(tag = "op", rename_all = "camelCase", deny_unknown_fields)]
pub enum NoteOp {
    Splice { index: usize, remove: usize, text: String },
    Block { index: usize, block: Block },
    SetBlock { index: usize, block: Block },
    Mark { from: usize, to: usize, name: MarkName, on: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum Presence {
    Present,
    Late,
    Absent,
    Excused,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OtherPresence {
    pub presence: Presence,
    pub author_name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attendance {
    pub member: String,
    pub name: String,
    pub presence: Option<Presence>,
    pub others: Vec<OtherPresence>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgendaItem {
    pub item: String,
    pub text: String,
    pub done: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum CommitmentState {
    Open,
    Kept,
    NotYet,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Commitment {
    pub item: String,
    pub member: String,
    pub member_name: String,
    pub text: String,
    pub due: Option<u32>,
    pub state: CommitmentState,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NoteAuthor {
    pub member: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    pub document: String,
    pub circle: String,
    pub day: u32,
    pub ordinal: u8,
    pub version: u64,
    pub title: Field,
    pub place: Field,
    /// Absent in notices, which bring body edits apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spans: Option<Vec<Span>>,
    pub agenda: Vec<AgendaItem>,
    pub attendance: Vec<Attendance>,
    pub commitments: Vec<Commitment>,
    pub safety: Safety,
    pub authors: Vec<NoteAuthor>,
}

/// Neighbouring words of a note that the same people wrote.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Passage {
    pub text: String,
    pub authors: Vec<NoteAuthor>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum NoteFieldName {
    Title,
    Place,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ThreadSummary {
    pub thread: String,
    pub title: String,
    pub excerpt: String,
    pub last_ms: Option<u64>,
    pub unread: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum ReactionKind {
    Relate,
    Thanks,
    Strength,
    WithYou,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum BodyState {
    Here,
    Missing,
    Gone,
    /// Its key was another's before this phone came in, and stays closed to it.
    Before,
    /// Its key has not come to this phone yet.
    Waiting,
    Unverified,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reaction {
    pub kind: ReactionKind,
    pub names: Vec<String>,
    pub mine: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    pub key: String,
    pub author: String,
    pub author_name: String,
    pub mine: bool,
    pub sent_ms: u64,
    pub text: String,
    pub body: BodyState,
    pub left: bool,
    pub reply_to: Option<String>,
    pub reactions: Vec<Reaction>,
    pub safety: Safety,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Thread {
    pub thread: String,
    pub circle: String,
    pub title: String,
    pub messages: Vec<Message>,
    pub more: bool,
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

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncStatus {
    pub state: SyncState,
    pub last_safe_ms: Option<u64>,
    pub last_try_ms: Option<u64>,
    pub unsent_items: u64,
    pub unsent_bytes: u64,
    pub progress: Option<f64>,
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
    Messages { circle: String, thread: String, messages: Vec<Message> },
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
