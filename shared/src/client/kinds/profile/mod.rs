//! The circle's page: its name and agreement, the names of its people, its conversations.

pub(in crate::client) mod belonging;
pub(in crate::client) mod edit;
mod helplines;
pub(in crate::client) mod list;
pub(in crate::client) mod names;

use crate::document::{DocumentName, Subject};

/// Its document.
pub(in crate::client) fn document() -> DocumentName {
    DocumentName::new(Subject::Profile)
}
