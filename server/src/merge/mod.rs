//! The merge worker: after commits, each changed document is merged with Automerge into a snapshot, for phones
//! that come for the first time, exports and checks. A snapshot is a cache that can be rebuilt, never the only
//! copy, and replaces the one before only after it loads and its heads match.

mod document;
mod error;
mod snapshot;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use kith_shared::ids::{CircleId, DocumentId};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use crate::metrics::Metrics;
use crate::store::Store;

pub use error::MergeError;
pub use snapshot::{Snapshot, read as read_snapshot};

/// Documents that wait; more are left for their next change.
const QUEUE_MAX: usize = 4_096;
/// How long nothing must change before documents are merged.
const QUIET: Duration = Duration::from_secs(2);
/// Documents that are merged without waiting for quiet.
const PENDING_MAX: usize = 256;

/// Where commits say what changed.
#[derive(Clone, Debug)]
pub struct MergeQueue(mpsc::Sender<(CircleId, DocumentId)>);

/// Merges what its queue is told of, one document at a time.
pub struct MergeWorker {
    store: Arc<dyn Store>,
    metrics: Arc<Metrics>,
    changed: mpsc::Receiver<(CircleId, DocumentId)>,
    /// Documents that Automerge stopped on: skipped until a restart.
    skipped: BTreeSet<(CircleId, DocumentId)>,
}

impl MergeQueue {
    /// A queue and its worker.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, metrics: Arc<Metrics>) -> (Self, MergeWorker) {
        let (sender, changed) = mpsc::channel(QUEUE_MAX);
        (Self(sender), MergeWorker { store, metrics, changed, skipped: BTreeSet::new() })
    }

    /// Notes a changed document. Never waits: a snapshot is a cache.
    pub(crate) fn push(&self, circle: CircleId, document: DocumentId) {
        if self.0.try_send((circle, document)).is_err() {
            tracing::debug!(circle.id = %circle, document.id = %document, "not merged now: the queue is full");
        }
    }
}

impl MergeWorker {
    /// Runs until the server shuts down.
    pub async fn run(mut self, mut closing: watch::Receiver<bool>) {
        loop {
            let pending = tokio::select! {
                _ = closing.wait_for(|closing| *closing) => return,
                pending = self.gather() => pending,
            };
            if pending.is_empty() {
                return;
            }
            for (circle, document) in pending {
                if *closing.borrow() {
                    return;
                }
                self.merge(circle, document).await;
            }
        }
    }

    async fn gather(&mut self) -> BTreeSet<(CircleId, DocumentId)> {
        let mut pending = BTreeSet::new();
        pending.extend(self.changed.recv().await);
        while pending.len() < PENDING_MAX {
            match timeout(QUIET, self.changed.recv()).await {
                Ok(Some(place)) => pending.insert(place),
                Ok(None) | Err(_) => break,
            };
        }
        pending
    }

    /// Merges one document now.
    pub async fn merge(&mut self, circle: CircleId, document: DocumentId) {
        if self.skipped.contains(&(circle, document)) {
            return;
        }
        match document::merge(self.store.as_ref(), circle, document).await {
            Ok(true) => drop(self.metrics.snapshots.inc()),
            Ok(false) => {}
            Err(error) => {
                if error.is_of_document() {
                    self.metrics.merge_failures.inc();
                    self.skipped.insert((circle, document));
                }
                tracing::error!(circle.id = %circle, document.id = %document, %error, "not merged");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use kith_shared::document::{DocumentName, Subject};
    use kith_shared::storage::{Batch, Tree};
    use kith_shared::sync::key;

    use super::*;
    use crate::routes::testing::Server;

    #[tokio::test]
    async fn a_snapshot_holds_what_was_committed_and_is_made_anew_when_it_is_stale() {
        let server = Server::new().await;
        let mut ana = server.enrolled(1).await;
        let document = ana.name.id(&ana.circle);
        for expected in 1..=2_u64 {
            let page = ana.message("hello");
            server.sync(ana.request(&[page])).await;
            for _ in 0..2 {
                server.worker.lock().await.merge(ana.circle, document).await;
                assert_eq!(server.app.metrics.snapshots.get(), expected, "nothing changed: nothing is made");
            }
            let store = server.app.store.as_ref();
            let snapshot = read_snapshot(store, &ana.circle, &document).await.unwrap().unwrap();
            assert_eq!(snapshot.entries, expected);
            let loaded = automerge::Automerge::load(&snapshot.bytes).unwrap();
            assert!(loaded.get_heads().iter().all(|head| snapshot.heads.contains(&kith_shared::ids::EntryId(head.0))));
        }
    }

    #[tokio::test]
    async fn a_document_that_cannot_be_merged_is_skipped_and_counted_once() {
        let server = Server::new().await;
        let mut ana = server.enrolled(1).await;
        let document = ana.name.id(&ana.circle);
        let page = ana.message("hello");
        server.sync(ana.request(&[page])).await;
        let mut batch = Batch::default();
        batch.delete(Tree::Log, key::log(&ana.circle, 0));
        server.app.store.commit(batch).await.unwrap();
        for _ in 0..2 {
            server.worker.lock().await.merge(ana.circle, document).await;
        }
        assert_eq!(server.app.metrics.merge_failures.get(), 1);
        let found = read_snapshot(server.app.store.as_ref(), &ana.circle, &document).await.unwrap();
        assert_eq!(found, None);
    }

    #[tokio::test]
    async fn what_is_sealed_is_left_to_phones() {
        let server = Server::new().await;
        let ana = server.enrolled(1).await;
        let name = DocumentName::new(Subject::FacilitatorNote { day: server.now().day(), ordinal: 0 });
        let (_, frames) = server.sync(ana.request(&[ana.page(&[ana.sealed_entry(name)])])).await;
        assert_eq!(crate::routes::testing::Phone::refused(&frames), 0);
        let document = name.id(&ana.circle);
        server.worker.lock().await.merge(ana.circle, document).await;
        assert_eq!((server.app.metrics.snapshots.get(), server.app.metrics.merge_failures.get()), (0, 0));
        assert_eq!(read_snapshot(server.app.store.as_ref(), &ana.circle, &document).await.unwrap(), None);
    }
}
