//! What every request handler can reach.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kith_shared::ids::{CircleId, DeviceId, MemberId};
use kith_shared::storage::{Read, ReadResult, Tree};
use kith_shared::sync::statements::HubKeys;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::config::Limits;
use crate::line::Line;
use crate::merge::MergeQueue;
use crate::metrics::Metrics;
use crate::places::{Places, PlacesMax};
use crate::pokes::Pokes;
use crate::rate::{Prefix, Rate, Turns};
use crate::store::{Store, StoreError};
use crate::web::Assets;

/// Fewest exchanges that are worked for at a time.
const TURNS_MIN: usize = 2;
/// First frames that are held at a time and are larger than a phone's usual one: 256 KiB each, 64 MiB in all.
const FIRST_FRAMES_MAX: usize = 256;

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
    /// Exchanges with devices whose signature was verified.
    pub(crate) requests: Arc<Places<DeviceId>>,
    /// First frames that are larger than most, of whoever sends them.
    pub(crate) first_frames: Arc<Places<Prefix>>,
    /// Live streams, by the member whose phones listen.
    pub(crate) lives: Arc<Places<(CircleId, MemberId)>>,
    /// Work for exchanges: to step their engines and to read for them.
    pub(crate) turns: Arc<Turns>,
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

/// How many exchanges are worked for at a time: more than the machine has processors would only make each of them wait
/// for all the others. Far fewer than the threads that work may block on, so that there is always one for whoever asks
/// whether the server is well.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(TURNS_MIN, |processors| processors.get().max(TURNS_MIN))
}

impl App {
    /// Joins the parts.
    #[must_use]
    pub fn new(parts: Parts) -> Arc<Self> {
        let (clock, limits, metrics) = (parts.clock, &parts.limits, &parts.metrics);
        let of_device = limits.device_places_max;
        let of_devices = |places| PlacesMax { places, of_device };
        Arc::new(Self {
            requests: Places::new(of_devices(limits.requests_max), Line::evict, metrics.evicted("requests")),
            first_frames: Places::new(of_devices(FIRST_FRAMES_MAX), Line::evict, metrics.evicted("first_frames")),
            lives: Places::new(of_devices(limits.live_max), Line::evict, metrics.evicted("streams")),
            turns: Turns::new(threads(), Arc::clone(&clock)),
            store: parts.store,
            keys: parts.keys,
            clock: Arc::clone(&clock),
            metrics: parts.metrics,
            pokes: Pokes::new(),
            merges: parts.merges,
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
