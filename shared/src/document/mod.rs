//! What the documents are: names, first changes, what may be written in them, and how they are read.
//!
//! A [`Handle`] is an open document: changes go in, a [`Delta`] comes out; edits go in, changes come out.
//! [`KithSchema`] is what sync knows of documents. Normative description: `docs/PROTOCOL.md`.

mod again;
mod between;
mod columns;
#[cfg(test)]
mod counted_tests;
mod delta;
mod excerpt;
mod genesis;
mod graphemes;
mod handle;
mod hidden;
mod join;
mod key;
mod limits;
mod message_record;
mod migrate;
mod named;
#[cfg(test)]
mod named_tests;
mod note;
mod own;
mod problem;
mod profile;
mod register;
mod report;
mod schema;
mod story;
mod strategy_record;
mod thread;
mod toolkit;

// Names of documents are ids; whoever reads documents finds them here too.
pub use crate::ids::{DocumentName, SCHEMA_VERSION, Shape, Subject};
pub use again::{Again, MovedText, MovedTexts, Rewritten};
pub(crate) use between::BetweenKind;
pub use delta::Delta;
pub use excerpt::excerpt;
pub use genesis::genesis;
pub(crate) use graphemes::is_blank;
pub use graphemes::{TextLimit, graphemes, is_seen, shown_name};
pub use handle::Handle;
pub use hidden::Hidden;
pub use key::{ItemId, message_author};
pub use limits::*;
pub use message_record::MessageRecord;
pub use migrate::{Reading, names_of_subject, reading};
pub use note::{
    AgendaItem, Attendance, Block, BlockKind, BodyOp, Commitment, CommitmentState, Mark, MarkSet, NoteField,
    NoteSummary, NoteView, Passage, Presence, Span, Written,
};
pub use own::{Answers, Choice, ChoiceKind, Kept, Outcome, OwnEntry, PlanLine, PlanPart, TakenOn};
pub use problem::{ApplyProblem, EditProblem};
pub use profile::{
    Agreed, AgreementLine, FollowUpView, HelplineEdit, HelplineView, MemberName, ProfileView, RoleView, ThreadTitle,
};
pub use register::{Candidate, Register};
pub use report::{PartOf, Report, Reported, Reporting};
pub(crate) use report::{from_hex, to_hex};
pub use schema::KithSchema;
pub(crate) use schema::commitment_in;
pub use story::Told;
pub use strategy_record::StrategyRecord;
pub use thread::{Message, ReactionKind, ReactionSet, ThreadView};
pub use toolkit::{Moment, Strategy, StrategyText, ToolkitView};
