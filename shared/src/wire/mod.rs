//! What travels: frames in one request and one response, and pages of entries packed small.
//!
//! Normative description: `docs/PROTOCOL.md`.

mod answer;
mod chains;
mod entry;
mod fetched;
mod frame;
mod message;
mod pack;
mod page;
mod problem;
mod request;
mod squeeze;
mod stated;
mod table;
mod unpack;

#[cfg(test)]
mod frame_tests;
#[cfg(test)]
mod page_tests;

pub use entry::{Entry, EntryContent};
pub use fetched::Fetched;
pub use frame::{Frame, FrameDecoder, FrameError};
pub use message::{
    Ack, AnswerHeader, ChainTip, CircleAnswer, CircleAsk, Cursor, DocumentClock, Problem, ProblemCode, RefusedEntry,
    RefusedStatement, RequestHeader,
};
pub use pack::{pack_page, pack_page_behind};
pub use page::Page;
pub use stated::{BroughtBack, BroughtText, ChainCursor, ChainState, GivenRecord, GivenText, Lacking, Stated};
pub use unpack::{unpack_offered, unpack_page, unpack_page_behind};

/// The version of this protocol, first byte of each header.
pub const PROTOCOL_VERSION: u8 = 3;
/// Largest page on the wire, in bytes, compressed.
pub const PAGE_BYTES_MAX: usize = 16 * 1024;
/// Largest page after inflating, in bytes.
pub const PAGE_INFLATED_BYTES_MAX: usize = 64 * 1024;
/// Most entries in a page.
pub const PAGE_ENTRIES_MAX: usize = 512;
/// Most pages that follow a request's header.
pub const PAGES_MAX: usize = 128;
/// Largest frame that is not a page, in bytes.
pub const FRAME_BYTES_MAX: usize = 256 * 1024;
/// Most circles in a request.
pub const CIRCLES_MAX: usize = 32;
/// Longest cursor, in bytes.
pub const CURSOR_BYTES_MAX: usize = 64;
/// Most bodies asked for in a request, per circle.
pub const WANTED_BODIES_MAX: usize = 64;
/// Most documents in a request's clocks, per circle.
pub const CLOCK_DOCUMENTS_MAX: usize = 4_096;
/// Most chains in a document's clock.
pub const CLOCK_CHAINS_MAX: usize = 4_096;
/// Most devices that a header may name in all.
pub const DEVICES_MAX: usize = CIRCLES_MAX * crate::trust::Roster::DEVICES_MAX;
/// Most statements that a request may bring, per circle.
pub const STATEMENTS_MAX: usize = 64;
/// Most records of a chain in one answer, per circle, and most that a request brings back.
pub const RECORDS_MAX: usize = 4_096;
/// About how many bytes of statements go into one answer, per request; the rest follows in the next.
pub const ANSWER_STATEMENTS_BYTES: usize = 192 * 1024;
/// About how many bytes of given records the server signs an end for, and at least how many two such ends that a phone
/// keeps are apart but for one.
pub const PART_BYTES: usize = 48 * 1024;
/// Most ends of parts that one answer signs, per circle.
pub const PARTS_MAX: usize = 64;
/// Most records that an answer says the server lacks something of, and most texts that a request brings, per circle.
pub const LACKING_MAX: usize = 128;
/// Most entries that an answer may call refused, and as many missing, per circle.
pub const REFUSED_MAX: usize = 4_096;
/// Largest frame of bodies, in bytes: as many as may be asked for.
pub const BODIES_BYTES_MAX: usize = WANTED_BODIES_MAX * (crate::gate::BODY_BYTES_MAX + 2) + 2;
/// Largest header frame's content after inflating, in bytes.
pub const HEADER_INFLATED_BYTES_MAX: usize = 1024 * 1024;
/// Largest header that is not deflated, in bytes.
pub const HEADER_STORED_BYTES_MAX: usize = 1024;
/// Longest sentence of a problem, in bytes.
pub const PROBLEM_DETAIL_BYTES_MAX: usize = 500;
