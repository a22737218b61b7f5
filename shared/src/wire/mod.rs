//! What travels: frames in one request and one response, and pages of entries packed small.
//!
//! Normative description: `docs/PROTOCOL.md`.

mod entry;
mod frame;
mod message;
mod page;

pub use entry::{Entry, EntryContent};
pub use frame::{Frame, FrameDecoder, FrameError};
pub use message::{
    Ack, AnswerHeader, CircleAnswer, CircleAsk, ChainTip, Cursor, DocumentClock, Problem, ProblemCode, RefusedEntry,
    RequestHeader,
};
pub use page::{Page, pack_page, unpack_page};

/// The version of this protocol, first byte of each header.
pub const PROTOCOL_VERSION: u8 = 1;
/// Largest page on the wire, in bytes, compressed.
pub const PAGE_BYTES_MAX: usize = 16 * 1024;
/// Largest page after inflating, in bytes.
pub const PAGE_INFLATED_BYTES_MAX: usize = 64 * 1024;
/// Most entries in a page.
pub const PAGE_ENTRIES_MAX: usize = 512;
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
pub const CLOCK_CHAINS_MAX: usize = 1_024;
