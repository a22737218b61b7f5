//! The sync engine: an event in, effects out, for any number of documents in one exchange.
//!
//! [`admit`] is the one way in for entries, on server and phone alike: parsed and proven without a look at
//! the store, then held against what the store knows. [`hub`] is the server's side of an exchange,
//! [`phone`] the phone's. Neither knows a document's schema nor loads an Automerge document.

pub mod admit;
mod candidate;
mod cost;
pub mod enrol;
#[cfg(test)]
mod golden_tests;
pub mod hub;
pub mod key;
mod old_keys;
mod origin;
pub mod phone;
pub mod placing;
mod record;
mod share;
pub mod statements;
mod unwind;

pub use cost::*;
pub use old_keys::OldKeys;
pub use record::{Chain, CircleRecord, DocumentState, StoredEntry};
pub use share::*;
pub use unwind::unwind;
