//! What every request handler can reach.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kith_shared::document::KithSchema;
use kith_shared::storage::{Read, ReadResult, Tree};
use kith_shared::sync::statements::HubKeys;
use tokio::sync::{Semaphore, watch};

use crate::clock::Clock;
use crate::config::Limits;
use crate::merge::MergeQueue;
use crate::metrics::Metrics;
use crate::pokes::Pokes;
use crate::rate::Rate;
use crate::store::{Store, StoreError};
use crate::web::Assets;

/// The schema of all documents.
pub(crate) static SCHEMA: KithSchema = KithSchema;

/// The server's parts, shared by all requests.
pub struct App {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Whose server it is, and what it signs with.
    pub keys: Arc<HubKeys>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Who listens.
    pub pokes: Pokes,
    /// Documents to merge.
    pub merges: MergeQueue,
    /// What a request may cost.
    pub limits: Limits,
    /// What each device and network has left.
    pub rate: Rate,
    /// The web app, when the server serves it.
    pub assets: Option<Assets>,
    /// Whether people reach the server by https.
    pub is_https: bool,
    /// True once the server shuts down.
    pub closing: watch::Receiver<bool>,
    pub(crate) requests: Arc<Semaphore>,
    pub(crate) lives: Arc<Semaphore>,
    request_ids: AtomicU64,
}

/// What an [`App`] is made of.
pub struct Parts {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Whose server it is, and what it signs with.
    pub keys: Arc<HubKeys>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Documents to merge.
    pub merges: MergeQueue,
    /// What a request may cost.
    pub limits: Limits,
    /// The web app.
    pub assets: Option<Assets>,
    /// Whether people reach the server by https.
    pub is_https: bool,
    /// Becomes true when the server shuts down.
    pub closing: watch::Receiver<bool>,
}

impl App {
    /// Joins the parts.
    #[must_use]
    pub fn new(parts: Parts) -> Arc<Self> {
        let clock = parts.clock;
        Arc::new(Self {
            store: parts.store,
            keys: parts.keys,
            clock: Arc::clone(&clock),
            metrics: parts.metrics,
            pokes: Pokes::new(),
            merges: parts.merges,
            requests: Arc::new(Semaphore::new(parts.limits.requests_max)),
            lives: Arc::new(Semaphore::new(parts.limits.live_max)),
            rate: Rate::new(parts.limits.rate.clone(), Arc::clone(&clock)),
            limits: parts.limits,
            assets: parts.assets,
            is_https: parts.is_https,
            closing: parts.closing,
            request_ids: AtomicU64::new(1),
        })
    }

    /// A number for a request's log lines, from 1 at each start.
    pub(crate) fn request_id(&self) -> u64 {
        self.request_ids.fetch_add(1, Ordering::Relaxed)
    }

    /// The value of one key.
    pub(crate) async fn get(&self, tree: Tree, key: Vec<u8>) -> Result<Option<Vec<u8>>, StoreError> {
        let results = self.store.read(vec![Read::Get { tree, key }]).await?;
        Ok(results.into_iter().next().and_then(ReadResult::value))
    }
}
