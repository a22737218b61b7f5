//! What is to be stored, as data: ordered trees of keys and values, reads that are asked for together, and
//! batches that happen whole or not at all. Every store, on server and phone, plays the same
//! [`conformance`] suite.

mod batch;
pub mod conformance;
mod memory;
mod rows;
mod tree;

pub use batch::{Batch, CommitOutcome, Read, ReadResult, Row};
pub use memory::MemoryStore;
pub use rows::take_rows;
pub use tree::Tree;
