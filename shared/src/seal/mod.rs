//! What is sealed for whom, and how: pure functions from keys and places to bytes and back.
//!
//! Normative: docs/TRUST.md, "What is sealed". Whoever calls decides who should have a key (the chain does);
//! here nothing is opened with another key, at another place or by another author than it was sealed for. The
//! primitives are RustCrypto's and dalek's; what they must give is pinned by the vectors of their RFCs.

mod aead;
mod at_rest;
mod body;
mod code;
mod content;
mod dictionary;
mod entry;
mod hpke;
mod key;
mod key_box;
mod pin;
mod place;
mod problem;
mod size;
mod text;
mod words;
mod wrap;

#[cfg(test)]
mod attack_tests;
#[cfg(test)]
mod golden_tests;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod text_tests;
#[cfg(test)]
mod vector_tests;

pub use aead::TAG_BYTES;
pub use at_rest::AtRestKey;
pub use body::{BODY_OVERHEAD_BYTES, BODY_TEXT_BYTES_MAX, epoch_hint, open_body, seal_body};
pub use code::{CodeProblem, base32, decode_code, encode_code, from_base32};
pub use entry::{
    SEALED_BYTES_MAX, SEALED_CHANGES_MAX, SEALED_CONTENT_BYTES_MAX, SealedEntry, entry_epoch_hint, open_entry,
    seal_entry, sealed_entry_id,
};
pub use key::{EpochId, EpochKey, HINT_BYTES};
pub use key_box::{BOX_BYTES_MAX, BOX_KEYS_MAX, open_box, open_keys, seal_box, seal_keys};
pub use pin::{PinProblem, pin_key};
pub use place::{BodyPlace, EntryPlace};
pub use problem::SealProblem;
pub use size::EntrySize;
pub use text::{SaltedText, TEXT_SALT_BYTES, TextSalt};
pub use words::{WORDS, words};
pub use wrap::{SealingSecret, WRAP_BYTES, unwrap, unwrap_for_organisation, wrap, wrap_for_organisation};
