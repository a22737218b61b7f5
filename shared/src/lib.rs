//! The pure core of Kith: documents, trust, what travels, what is stored, and the sync engine.
//!
//! No IO, no clock, no entropy, no async: time and randomness are arguments, and what the outside must do
//! comes back as data. It builds for `wasm32-unknown-unknown` and runs on the server, on the phone and in
//! the simulation alike.
//!
//! The layers are listed in `docs/ARCHITECTURE.md`, "The house": each uses those before it. [`sync`] knows no document's
//! schema; [`client`] joins documents and sync into the engine that a phone runs.

pub mod client;
pub mod codec;
mod coded;
pub mod contract;
pub mod deflate;
pub mod document;
pub mod gate;
pub mod ids;
pub mod seal;
pub mod sorted;
pub mod storage;
pub mod sync;
pub mod time;
pub mod trust;
pub mod wire;
