//! The note of a session, read and edited.

mod edit;
mod fields;
mod items;
mod read;
mod write;

pub(super) use read::read_beside_body;
