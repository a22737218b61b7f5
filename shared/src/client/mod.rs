//! The engine that a phone runs: commands, store answers and bytes from the network go in; what to read,
//! commit, send and show comes out. The WASM shell and the headless phone drive the same engine.

mod changed;
mod clock;
mod command;
mod dispatch;
mod drafting;
mod effect;
mod engine;
mod enrol;
mod exchange;
mod kernel;
mod keyring;
mod kinds;
mod lacking;
mod late_key;
mod link;
mod local;
mod namesakes;
mod outbox;
mod people;
mod places;
mod placing;
mod problem;
mod putback;
mod qr;
#[cfg(test)]
mod qr_tests;
mod quarantine;
mod random;
mod room;
mod rows;
mod say;
mod sealed;
mod seen;
mod start;
mod summaries;
mod then;
mod upkeep;
pub mod view;

pub use command::{Command, ForkSide, NoteEdit, SealedKind};
pub use effect::{CommandId, Effect, Event, HttpFailure, HttpId, StoreFailure, StoreId};
pub use engine::Engine;
pub use link::{Link, commission_text, link_text};
pub use problem::{Problem, ProblemCode, Why};
pub use quarantine::ApplyObserver;
