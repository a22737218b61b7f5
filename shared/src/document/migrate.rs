use super::{DocumentName, SCHEMA_VERSION};

/// How far this build can read a document of some schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Reads and writes it.
    Full,
    /// Made by a newer build: neither opened nor written. Its entries are kept and carried on as they are.
    TooNew,
}

/// What this build makes of a document of this name. Schema 0 was never written and is treated as too new.
#[must_use]
pub fn reading(name: &DocumentName) -> Reading {
    if name.schema == SCHEMA_VERSION { Reading::Full } else { Reading::TooNew }
}

/// The documents that a reader shows as one for `name`'s subject, oldest schema first. Stored changes are never
/// rewritten: a newer schema begins documents of its own, and reading joins them with what older builds wrote.
pub fn names_of_subject(name: &DocumentName) -> impl Iterator<Item = DocumentName> {
    let subject = name.subject;
    (1..=SCHEMA_VERSION).map(move |schema| DocumentName { schema, subject })
}
