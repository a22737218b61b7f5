use crate::ids::{ActorId, BodyId, DocumentId, DocumentName};
use crate::sorted::{SortedMap, SortedSet};
use crate::wire::Entry;

use super::super::StoredEntry;
use super::walk::{Mark, Stretch, Walk};

/// How far an answer is.
pub(super) struct Answering {
    pub(super) step: Step,
    pub(super) asked: usize,
    pub(super) position: u64,
    /// What is walked document by document, before the log goes on behind it.
    pub(super) walk: Option<Walk>,
    /// Entries read but not yet in a page.
    pub(super) waiting: Vec<(Mark, Entry)>,
    /// The phone's chains in this circle, for a resync.
    pub(super) held: SortedMap<DocumentId, SortedMap<ActorId, u64>>,
    pub(super) fresh: bool,
    pub(super) drained: bool,
    pub(super) sent_bytes: u32,
    /// What the last page left for the next.
    pub(super) before: Vec<u8>,
    pub(super) more: bool,
    /// Chains of the phone's own that go back to it from some entry on.
    pub(super) going_back: SortedSet<ActorId>,
}

/// What is being read for it.
pub(super) enum Step {
    /// The chains of these circles are being read, or only whether they ended elsewhere meanwhile.
    Chains {
        asked_circles: Vec<usize>,
    },
    Documents {
        documents: Vec<(usize, DocumentName)>,
        wanted: Vec<(usize, BodyId)>,
    },
    /// What documents there are to walk.
    Index,
    /// Where the entries of these lie.
    Places {
        documents: Vec<Stretch>,
    },
    /// The entries there.
    Entries {
        marks: Vec<Mark>,
    },
    Log,
    Bodies {
        rows: Vec<(Mark, StoredEntry)>,
    },
    /// Nothing is read: more pages are made of what is there.
    Pages,
}
