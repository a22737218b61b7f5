use crate::gate::Refusal;
use crate::ids::DocumentName;
use crate::ids::{BodyId, CircleId, DeviceId, DocumentId, EntryId, EpochId, Incarnation, PageMark, StatementId};
use crate::time::TimestampMs;
use crate::trust::{ChainHead, MemberState, RequestStamp, Signature, Signed, StatementProblem};

use super::{BroughtBack, BroughtText, ChainCursor, ChainState, GivenRecord, Lacking, Stated};

/// An opaque mark of what a phone last stored durably of a circle's state on the server: at most
/// [`super::CURSOR_BYTES_MAX`] bytes; empty for "nothing yet".
pub type Cursor = Vec<u8>;

/// How far one chain goes: the device that writes it, its incarnation, the last seq.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChainTip {
    /// The device.
    pub device: DeviceId,
    /// Its incarnation in the document.
    pub incarnation: Incarnation,
    /// The last entry's number.
    pub seq: u64,
}

/// A document and how far each chain in it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentClock {
    /// The document.
    pub document: DocumentName,
    /// The chains, sorted.
    pub chains: Vec<ChainTip>,
}

/// What a phone asks of one circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CircleAsk {
    /// The circle.
    pub circle: CircleId,
    /// What the phone has of it.
    pub cursor: Cursor,
    /// How far the phone holds the circle's chain.
    pub chain: ChainCursor,
    /// Statements to be admitted, in this order: at most [`super::STATEMENTS_MAX`].
    pub statements: Vec<Stated>,
    /// When the server said that it is behind: what it lacks.
    pub brought_back: Option<BroughtBack>,
    /// What the server said that it lacks of records which were brought back: at most [`super::LACKING_MAX`].
    pub texts: Vec<BroughtText>,
    /// The epoch of the circle's key that this device seals with from now on: nothing sealed with an older one is
    /// still on its way.
    pub sealing: Option<EpochId>,
    /// A facilitator's phone asks for a warrant to enrol people with no network.
    pub wants_warrant: bool,
    /// After a cut: documents whose state on the server the phone is not sure of; answered with acks.
    pub unsure: Vec<DocumentName>,
    /// In a resync: all that the phone holds. Then the cursor is empty.
    pub clocks: Vec<DocumentClock>,
    /// Bodies that the phone lacks.
    pub wanted: Vec<BodyId>,
}

/// The first frame of `POST /v1/sync`; pages follow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHeader {
    /// Who asks, when.
    pub stamp: RequestStamp,
    /// About at how many bytes of pages the response should end; the person can cap it.
    pub response_bytes_max: u32,
    /// The circles.
    pub circles: Vec<CircleAsk>,
    /// The pages that follow, in order: at most [`super::PAGES_MAX`]. No other is taken, and a request may be cut
    /// short of them.
    pub pages: Vec<PageMark>,
    /// The device's, over the purpose, the stamp and all of the above as encoded.
    pub signature: Signature,
}

/// A document's state on the server, durable when this is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ack {
    /// The document.
    pub document: DocumentName,
    /// How far the chains go that the request sent entries of, or was unsure of.
    pub chains: Vec<ChainTip>,
    /// The first 8 bytes of the hash over the document's sorted heads, for comparison when the clocks are
    /// equal: other heads under equal clocks are a fork.
    pub heads_digest: [u8; 8],
    /// The first 8 bytes of the hash over the document's whole clock.
    pub clock_digest: [u8; 8],
}

/// An entry that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusedEntry {
    /// Its document.
    pub document: DocumentId,
    /// The entry.
    pub entry: EntryId,
    /// The reason, by its number on the wire.
    pub refusal: Refusal,
}

/// A statement that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusedStatement {
    /// The statement that was not admitted.
    pub statement: StatementId,
    /// The reason, by its number on the wire; phones show it in words of their own.
    pub problem: StatementProblem,
}

/// What the server says of one circle, before the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CircleAnswer {
    /// The circle.
    pub circle: CircleId,
    /// Set when the cursor is not known here: send all clocks, with an empty cursor.
    pub resync: bool,
    /// How the device stands in the circle; only an active one gets pages, and a removed one nothing at all.
    pub state: MemberState,
    /// How the chain stands to what the phone holds.
    pub chain: ChainState,
    /// The position of the first record that is given.
    pub from: u64,
    /// Records of the chain, in order.
    pub records: Vec<GivenRecord>,
    /// The end of the server's chain, when records are given, asked for or admitted.
    pub head: Option<Signed<ChainHead>>,
    /// What else the server signs of its chain: where a part of a long run of records ends, so that a phone can bring
    /// them back part by part, and of a chain that differs what it has where the phone's ends. At most
    /// [`super::PARTS_MAX`].
    pub parts: Vec<Signed<ChainHead>>,
    /// Records that were brought back without their text or what lies beside it; at most [`super::LACKING_MAX`] of
    /// them, others at another time.
    pub lacking: Vec<Lacking>,
    /// Statements that were not taken.
    pub refused_statements: Vec<RefusedStatement>,
    /// A warrant, when it was asked for: its one encoding, else empty.
    pub warrant: Vec<u8>,
    /// What is durable now.
    pub acks: Vec<Ack>,
    /// What was not taken.
    pub refused: Vec<RefusedEntry>,
    /// Entries that the server lacks as dependencies: send them, and what follows.
    pub missing: Vec<(DocumentName, EntryId)>,
    /// Where the circle stands when no page follows; else each page brings its cursor.
    pub cursor: Cursor,
}

impl CircleAsk {
    /// An ask that says nothing yet: all that the server has, from the beginning.
    #[must_use]
    pub fn of(circle: CircleId) -> Self {
        Self {
            circle,
            cursor: Vec::new(),
            chain: ChainCursor::default(),
            statements: Vec::new(),
            brought_back: None,
            texts: Vec::new(),
            sealing: None,
            wants_warrant: false,
            unsure: Vec::new(),
            clocks: Vec::new(),
            wanted: Vec::new(),
        }
    }
}

impl CircleAnswer {
    /// An answer that says nothing yet.
    #[must_use]
    pub fn of(circle: CircleId) -> Self {
        Self {
            circle,
            resync: false,
            state: MemberState::Active,
            chain: ChainState::Follows,
            from: 0,
            records: Vec::new(),
            head: None,
            parts: Vec::new(),
            lacking: Vec::new(),
            refused_statements: Vec::new(),
            warrant: Vec::new(),
            acks: Vec::new(),
            refused: Vec::new(),
            missing: Vec::new(),
            cursor: Vec::new(),
        }
    }
}

/// The first frame of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerHeader {
    /// The server's clock.
    pub time: TimestampMs,
    /// One for each circle asked for, in that order.
    pub circles: Vec<CircleAnswer>,
}

/// What can be wrong with a request as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ProblemCode {
    /// Not this protocol, or a frame that does not decode.
    Malformed = 1,
    /// Another protocol version: update.
    Version = 2,
    /// The device is not known here.
    UnknownDevice = 3,
    /// The signature does not fit.
    Signature = 4,
    /// The clock is off: use the time given and try once more.
    Clock = 5,
    /// Above a size limit.
    TooLarge = 6,
    /// The server is busy or shutting down: try later.
    Busy = 7,
    /// The server could not write or read its store: try later.
    Storage = 8,
    /// The enrolment link is unknown.
    InviteUnknown = 9,
    /// The enrolment link ran out.
    InviteExpired = 10,
    /// The enrolment link was used up.
    InviteUsed = 11,
    /// More than one device or address may ask for: go slower.
    Slow = 12,
    /// The enrolment link was withdrawn, or whoever made it may not invite any more.
    InviteWithdrawn = 13,
}

/// An error in place of an answer: what, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The stable code.
    pub code: ProblemCode,
    /// The server's clock.
    pub time: TimestampMs,
    /// A sentence for a log, in English; at most 500 bytes.
    pub detail: String,
}
