//! What the page is shown: replies and notices. Ids are lower-case hex, times are milliseconds since 1970 UTC, text indices
//! are UTF-16 code units.
#![allow(missing_docs, reason = "a field without a doc comment is what its name and its type say")]

mod choices;
mod circle;
mod found;
mod journal;
mod kept;
mod leaving;
mod news;
mod note;
mod people;
mod plan;
mod record;
mod report;
mod returned;
mod story;
mod thread;
mod toolkit;
mod ways;

use crate::contract::Contract;
use crate::document::BodyOp;

use super::Problem;

pub use choices::*;
pub use circle::*;
pub use found::*;
pub use journal::*;
pub use kept::*;
pub use leaving::*;
pub use news::*;
pub use note::*;
pub use people::*;
pub use plan::*;
pub use record::*;
pub use report::*;
pub use returned::*;
pub use story::*;
pub use thread::*;
pub use toolkit::*;
pub use ways::*;

/// Where an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(to_page)]
pub enum Safety {
    /// Durable here only.
    Phone,
    /// In a request under way.
    Sending,
    /// The server acknowledged exactly what this phone holds, bodies included.
    Safe,
    /// The server did not take it: the outbox says why.
    Refused,
}

/// What a person would call a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(to_page)]
pub enum ItemKind {
    Note,
    Thread,
    /// The circle's page: its name, its agreement, its threads, its people's names.
    Circle,
    Toolkit,
    /// A month of this phone's person's journal.
    Journal,
    /// Their plan for hard moments.
    Plan,
    /// What they chose about others.
    Choices,
    /// What they keep their word on by themself.
    Commitments,
    /// What they have with one other member beside their talk.
    Between,
    /// What they reported to the organisation.
    Reports,
    /// Stories and milestones.
    Stories,
}

/// A document with changes that are not safe yet.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct OutboxItem {
    #[contract(ts = "DocumentId")]
    pub document: String,
    #[contract(ts = "CircleId")]
    pub circle: String,
    /// What a person calls it: a session's title, a thread's name.
    pub label: String,
    pub kind: ItemKind,
    /// How many.
    pub changes: u64,
    pub bytes: u64,
    pub safety: Safety,
    /// Set when it was refused.
    pub problem: Option<Problem>,
}

/// Whether the phone is talking to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(to_page)]
pub enum SyncState {
    Idle,
    Syncing,
    /// The last try found no connection.
    Offline,
    /// The last try ended with a problem.
    Failed,
}

/// How the phone's clock stands against the server's, as it was last heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Contract)]
#[contract(to_page)]
pub struct ClockState {
    /// What is to be added to the phone's time.
    pub offset_ms: i64,
    /// So far off that its person is told.
    pub is_wrong: bool,
    /// They have not been told yet, until `clockTold`.
    pub is_news: bool,
}

/// What the server gave this phone that it had not written itself, or had it put away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(to_page)]
pub enum Resumption {
    /// It was put back to an older state of itself, and took back what it lacked.
    PutBack,
    /// Another phone goes on with its keys, beside it.
    Copied,
    /// Its person left a circle, here or on another phone, and what this one had of it is gone.
    Left,
}

/// How it stands with the server.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct SyncStatus {
    pub state: SyncState,
    /// The last time the server acknowledged everything; null before the first.
    pub last_safe_ms: Option<u64>,
    pub last_try_ms: Option<u64>,
    pub unsent_items: u64,
    pub unsent_bytes: u64,
    /// How far history has come down, 0 to 1; null when nothing is under way.
    pub progress: Option<f64>,
    pub clock: ClockState,
    /// What its person is still to be told of this phone, until `resumedRead`.
    pub resumed: Option<Resumption>,
    pub problem: Option<Problem>,
}

/// What an edit came to.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Version {
    /// The body's version after the edit. Of an edit beside the body it is what the version is now, which may count remote
    /// body edits whose notice is still on its way: only body edits and notices move the page's own.
    pub version: u64,
}

/// A list that a page may have on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(to_page)]
pub enum ListName {
    Circles,
    Circle,
    Notes,
    Threads,
    Outbox,
    People,
    Toolkit,
    Journal,
    Plan,
    Choices,
    Commitments,
    /// What this phone's person has with each of the others beside their talk.
    Between,
    /// What can be searched: more of it is ready.
    Search,
    Stories,
    /// Reports to facilitators.
    Reports,
}

impl ListName {
    /// Lists of documents, and of what is in them.
    pub(crate) const OF_DOCUMENTS: [Self; 10] = [
        Self::Notes,
        Self::Threads,
        Self::Toolkit,
        Self::Journal,
        Self::Plan,
        Self::Choices,
        Self::Commitments,
        Self::Between,
        Self::Stories,
        Self::Reports,
    ];
    /// Those that show texts which lie beside a document.
    pub(crate) const OF_TEXTS: [Self; 9] = [
        Self::Threads,
        Self::Toolkit,
        Self::Journal,
        Self::Plan,
        Self::Choices,
        Self::Commitments,
        Self::Between,
        Self::Stories,
        Self::Reports,
    ];
}

/// The answer to a command that went well; which case for which command is said in [`super::Command`].
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page, untagged, name = "AnyValue")]
pub enum Reply {
    Circles(Vec<CircleSummary>),
    CircleSummary(CircleSummary),
    Circle(Box<Circle>),
    Notes(Vec<NoteSummary>),
    Note(Box<Note>),
    Passages(Vec<Passage>),
    Version(Version),
    Threads(Vec<ThreadSummary>),
    ThreadSummary(ThreadSummary),
    Thread(Thread),
    Message(Message),
    Toolkit(Vec<Strategy>),
    Strategy(Strategy),
    Plan(Plan),
    PlanLine(PlanLine),
    Journal(Journal),
    JournalEntry(JournalEntry),
    Choices(Choices),
    Commitments(Commitments),
    KeptCommitment(KeptCommitment),
    Attempt(Attempt),
    Found(Found),
    News(Vec<News>),
    Stories(Vec<Story>),
    Story(Box<Story>),
    Reports(Vec<Report>),
    Report(Box<Report>),
    ReportWay(ReportWay),
    Outbox(Vec<OutboxItem>),
    Status(SyncStatus),
    People(People),
    Invitation(Invitation),
    QrOffer(QrOffer),
    QrGrant(QrGrant),
    QrTaken(QrTaken),
    PaperCode(PaperCode),
    Leaving(Leaving),
    RecordPage(RecordPage),
    Nothing,
}

/// What the engine tells every page by itself.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page, tag = "notice", name = "EngineNotice")]
pub enum Notice {
    /// Edits of a note's body from elsewhere.
    NoteBody {
        #[contract(ts = "DocumentId")]
        document: String,
        /// The one after these edits.
        version: u64,
        /// In the order in which they are made.
        ops: Vec<BodyOp>,
    },
    /// Anything of a note but its body changed: fields, attendance, agenda, commitments, safety.
    Note {
        #[contract(ts = "Omit<Note, 'spans'>")]
        note: Box<Note>,
    },
    /// New or changed messages, not the whole thread.
    Messages {
        #[contract(ts = "CircleId")]
        circle: String,
        #[contract(ts = "Conversation")]
        thread: String,
        messages: Vec<Message>,
        /// Not there any more: written again under other keys, after this phone was put back.
        #[contract(ts = "MessageKey[]")]
        gone: Vec<String>,
    },
    /// A list should be asked for again when it is on screen.
    Lists {
        #[contract(ts = "CircleId")]
        circle: String,
        what: Vec<ListName>,
    },
    /// How it stands with the server changed.
    Status { status: SyncStatus },
    /// The engine in another tab took over, or stopped; the page keeps what it shows.
    Engine { state: EngineState, problem: Option<Problem> },
}

/// Whether the engine can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(to_page)]
pub enum EngineState {
    Ready,
    /// It runs in another tab.
    Elsewhere,
    Stopped,
}

#[cfg(feature = "json")]
crate::contract::writes_by_serde!(Reply, Notice, SyncStatus, Safety);
