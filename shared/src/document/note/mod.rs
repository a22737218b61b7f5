//! The note of a session: what people see of it, its body as a sequence, and what edits of it come to. `handle::note` reads and writes it.

pub(super) mod contested;
pub(super) mod marks;
#[cfg(test)]
mod marks_tests;
mod passages;
pub(super) mod plan;
pub(super) mod sequence;
pub(super) mod typed;
mod view;
pub(super) mod words;
#[cfg(test)]
mod words_tests;

pub use view::{
    AgendaItem, Attendance, Block, BlockKind, BodyOp, Commitment, CommitmentState, Mark, MarkSet, NoteField,
    NoteSummary, NoteView, Passage, Presence, Span, Written,
};

pub(super) use marks::MarkOps;
pub(super) use sequence::Sequence;
pub(super) use typed::Typed;

/// Containers, by the op of the genesis that makes them.
pub(super) const BODY: u64 = 1;
pub(super) const FIELDS: u64 = 2;
pub(super) const AGENDA: u64 = 3;
pub(super) const PRESENCE: u64 = 4;
pub(super) const COMMITMENTS: u64 = 5;

/// Keys of the fields.
pub(super) const TITLE: &str = "t";
pub(super) const PLACE: &str = "p";
/// The day that a session was moved to.
pub(super) const DAY: &str = "d";
/// Whether an empty session is hidden.
pub(super) const HIDDEN: &str = "x";

/// Keys of a block marker's map; what is absent is 0 or false.
pub(super) const BLOCK_KIND: &str = "k";
pub(super) const BLOCK_LEVEL: &str = "l";
pub(super) const BLOCK_CHECKED: &str = "c";

/// Ends of the keys of agenda items and commitments.
pub(super) const ITEM_TEXT: &str = "t";
pub(super) const ITEM_DONE: &str = "d";
pub(super) const ITEM_MEMBER: &str = "m";
pub(super) const ITEM_DUE: &str = "u";
pub(super) const ITEM_STATE: &str = "s";

/// Highest level of a heading.
pub(super) const LEVEL_MAX: u8 = 3;
