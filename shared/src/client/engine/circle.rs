use crate::ids::{ActorId, CircleId, DocumentId};
use crate::sorted::{SortedMap, SortedSet};
use crate::sync::{DocumentState, StoredEntry};
use crate::trust::{MemberState, Roster};
use crate::wire::Cursor;

use super::super::Problem;
use super::super::keyring::Keyring;
use super::super::lacking::Lacking;

/// A circle as this phone knows it.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct LocalCircle {
    /// The place that the next entry gets.
    pub position: u64,
    pub cursor: Cursor,
    pub keyring: Keyring,
    /// Follows from the keyring.
    pub roster: Roster,
    pub documents: SortedMap<DocumentId, DocumentState>,
    /// Documents of which the server may hold more than it said.
    pub unsure: SortedSet<DocumentId>,
    pub problems: SortedMap<DocumentId, Problem>,
    /// What is stored of sealed documents and does not open or was refused inside.
    pub unshown: SortedMap<DocumentId, Problem>,
    /// Documents in which the server holds something else of this device, which is asked for.
    pub forked: SortedSet<DocumentId>,
    /// Documents of which something was sent since everything was last taken in.
    pub recent: SortedSet<DocumentId>,
    /// How far the server says that it holds this device's chains, where that is not proven.
    pub arrived: SortedMap<ActorId, u64>,
    /// This device's own entries that were taken up, and wait to be written again.
    pub lifted: SortedMap<DocumentId, Vec<StoredEntry>>,
    /// What came of documents and was not taken.
    pub lacking: SortedMap<DocumentId, Lacking>,
}

impl LocalCircle {
    /// A circle of which nothing is here yet.
    pub(in super::super) fn new(circle: CircleId) -> Self {
        Self { keyring: Keyring::new(circle), ..Self::default() }
    }

    /// Whether this phone was taken out.
    pub(in super::super) fn is_removed(&self) -> bool {
        self.keyring.state == MemberState::Removed
    }
}
