//! What the writer's thread is asked to do.

use std::collections::BTreeSet;
use std::sync::Arc;

use kith_shared::storage::{Batch, CommitOutcome, Tree};
use tokio::sync::oneshot;

use crate::store::{Part, StoreError};

use super::database::Database;

/// What the writer is asked to do.
pub(super) enum Job {
    /// A batch that waits, and who waits for it.
    Commit { batch: Batch, reply: oneshot::Sender<Result<CommitOutcome, StoreError>> },
    /// A step of a rewrite, between two groups.
    Rewrite(Step),
}

/// A row's tree and key.
pub(super) type Place = (Tree, Vec<u8>);

/// What the writer does of a rewrite.
pub(super) enum Step {
    /// From here on note what changes; gives what to copy.
    Begin { part: Part, reply: oneshot::Sender<Result<Arc<Database>, StoreError>> },
    /// Puts the copy in its place.
    Finish { copy: Database, reply: oneshot::Sender<Result<(), StoreError>> },
    /// There will be no copy.
    Abandon,
}

/// What changed while rows are copied.
#[derive(Default)]
pub(super) struct Changed(pub(super) Option<(Part, BTreeSet<Place>)>);

impl Changed {
    pub(super) fn note<'p>(&mut self, places: impl Iterator<Item = &'p Place>) {
        if let Some((part, changed)) = &mut self.0 {
            changed.extend(places.filter(|(tree, _)| Part::of(*tree) == *part).cloned());
        }
    }
}
