//! What is sealed for whom, and how: pure functions from keys and places to bytes and back.
//!
//! Normative: docs/TRUST.md, "What is sealed". Whoever calls decides who should have a key (the grant log does);
//! here nothing is opened with another key, at another place or by another author than it was sealed for. The
//! primitives are RustCrypto's and dalek's; what they must give is pinned by the vectors of their RFCs.

mod aead;
mod at_rest;
mod hpke;
mod key;
mod pin;
mod problem;
mod wrap;

pub use aead::TAG_BYTES;
pub use at_rest::AtRestKey;
pub use key::{EpochId, EpochKey, HINT_BYTES};
pub use pin::{
    PIN_BYTES_MAX, PIN_MEMORY_KIB_MAX, PIN_MEMORY_KIB_MIN, PIN_PASSES_MAX, PIN_PASSES_MIN, PinProblem, pin_key,
};
pub use problem::SealProblem;
pub use wrap::{WRAP_BYTES, unwrap, wrap};
