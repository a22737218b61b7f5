use crate::ids::DocumentId;
use crate::sorted::{SortedMap, SortedSet};
use crate::sync::{CircleRecord, DocumentState};
use crate::trust::{Roster, State};
use crate::wire::Cursor;

use super::super::Problem;
use super::super::keyring::Keyring;
use super::super::lacking::Lacking;

/// A circle as this phone knows it.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct LocalCircle {
    pub record: CircleRecord,
    pub cursor: Cursor,
    pub statements_cursor: Cursor,
    pub keyring: Keyring,
    /// Follows from the keyring.
    pub roster: Roster,
    pub documents: SortedMap<DocumentId, DocumentState>,
    /// Documents of which the server may hold more than it said.
    pub unsure: SortedSet<DocumentId>,
    pub problems: SortedMap<DocumentId, Problem>,
    /// What is stored of sealed documents and does not open or was refused inside.
    pub unshown: SortedMap<DocumentId, Problem>,
    /// What came of documents and was not taken.
    pub lacking: SortedMap<DocumentId, Lacking>,
}

impl LocalCircle {
    /// Whether this phone was taken out, or is suspended.
    pub(in super::super) fn is_removed(&self) -> bool {
        matches!(self.keyring.state, State::Removed | State::Suspended)
    }
}
