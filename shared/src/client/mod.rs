//! The engine that a phone runs: commands, store answers and bytes from the network go in; what to read,
//! commit, send and show comes out. The WASM shell and the headless phone drive the same engine.

mod changed;
mod circle;
mod clock;
mod command;
mod draft;
mod drafting;
mod effect;
mod engine;
mod enrol;
mod exchange;
mod kernel;
mod keyring;
mod lacking;
mod late_key;
mod link;
mod local;
mod message;
mod namesakes;
mod note;
mod note_edit;
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
mod reseal;
mod room;
mod rows;
mod say;
mod sealed;
mod seen;
mod shown;
mod start;
mod summary;
mod then;
mod thread;
mod upkeep;
pub mod view;

pub use command::{Command, ForkSide, NoteEdit, SealedKind};
pub use effect::{CommandId, Effect, Event, HttpFailure, HttpId, StoreFailure, StoreId};
pub use engine::Engine;
pub use link::{Link, commission_text, link_text};
pub use problem::{Problem, ProblemCode, Why};
pub use quarantine::ApplyObserver;
