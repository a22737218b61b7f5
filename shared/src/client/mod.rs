//! The engine that a phone runs: commands, store answers and bytes from the network go in; what to read,
//! commit, send and show comes out. The WASM shell and the headless phone drive the same engine.

mod changed;
mod code;
mod command;
mod dispatch;
mod drafting;
mod effect;
mod engine;
mod enrol;
mod exchange;
mod input;
mod kernel;
mod kind;
mod kinds;
mod late_key;
mod leaving;
mod link;
mod local;
mod namesakes;
mod outbox;
mod parts;
mod people;
mod places;
mod placing;
mod problem;
mod problems;
mod putback;
mod qr;
#[cfg(test)]
mod qr_tests;
mod quarantine;
mod room;
mod rows;
mod run;
mod say;
mod sealed;
mod search;
mod seen;
mod start;
mod summaries;
mod upkeep;
pub mod view;

pub use command::{Command, ForkSide, NoteEdit, SealedKind};
pub use effect::{CommandId, Effect, Event, HttpFailure, HttpId, StoreFailure, StoreId};
pub use engine::Engine;
pub use kinds::report::proof::{SignedText, report_proof, reported_kind, reported_text, signed_by_page};
pub use link::{Link, commission_text, link_text};
pub use parts::documents::ApplyObserver;
pub use problem::{Problem, ProblemCode, Why};
