//! What the documents are: names, first changes, what may be written in them, and how they are read.

mod name;

pub use name::{DocumentClass, DocumentName, SCHEMA_VERSION, Subject};
