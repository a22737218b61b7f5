//! What `/metrics` says, in the OpenMetrics text format. `docs/OPERATIONS.md` explains each name.

use std::sync::atomic::AtomicI64;

use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use kith_shared::gate::Refusal;

use crate::rate::Slow;
use crate::store::StoreError;

/// Everything that has places: connections, large first frames, exchanges, live streams.
const EVICTED_KINDS: [&str; 4] = ["sockets", "first_frames", "requests", "streams"];

/// A label that is one of a fixed few.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Label {
    /// The label's value, one of a closed list.
    pub kind: &'static str,
}

/// A route and what it answered.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct RouteLabel {
    /// The route, as written in the router.
    pub route: &'static str,
    /// The HTTP status.
    pub status: u16,
}

/// Everything that is counted.
pub struct Metrics {
    registry: Registry,
    /// Requests by route and status.
    pub requests: Family<RouteLabel, Counter>,
    /// Seconds from a request's head to its response's head.
    pub request_seconds: Histogram,
    /// Requests that ended in a problem, by its code.
    pub problems: Family<Label, Counter>,
    /// Requests that were told to go slower, by what was too much.
    pub slowed: Family<Label, Counter>,
    /// Places that were taken from those who kept others waiting, by what they were places of.
    pub evicted: Family<Label, Counter>,
    /// Entries that were refused, by reason.
    pub refusals: Family<Label, Counter>,
    /// Entries that were committed.
    pub entries: Counter,
    /// Bytes of request bodies of the sync route.
    pub sync_bytes_in: Counter,
    /// Bytes of response bodies of the sync route.
    pub sync_bytes_out: Counter,
    /// Seconds from a batch to its durable end.
    pub commit_seconds: Histogram,
    /// Batches that found another state than they expected.
    pub commit_conflicts: Counter,
    /// Storage errors, by kind.
    pub storage_errors: Family<Label, Counter>,
    /// Damaged records that were met.
    pub corrupt_records: Counter,
    /// Open live streams.
    pub live_streams: Gauge<i64, AtomicI64>,
    /// Snapshots that were written.
    pub snapshots: Counter,
    /// Documents that the merge worker could not merge, and skips.
    pub merge_failures: Counter,
}

impl Metrics {
    /// All at zero, with every label there from the start.
    #[must_use]
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("kith"),
            requests: Family::default(),
            request_seconds: Histogram::new(exponential_buckets(0.001, 2.0, 16)),
            problems: Family::default(),
            slowed: Family::default(),
            evicted: Family::default(),
            refusals: Family::default(),
            entries: Counter::default(),
            sync_bytes_in: Counter::default(),
            sync_bytes_out: Counter::default(),
            commit_seconds: Histogram::new(exponential_buckets(0.000_1, 2.0, 16)),
            commit_conflicts: Counter::default(),
            storage_errors: Family::default(),
            corrupt_records: Counter::default(),
            live_streams: Gauge::default(),
            snapshots: Counter::default(),
            merge_failures: Counter::default(),
        };
        metrics.register();
        for kind in StoreError::LABELS {
            drop(metrics.storage_errors.get_or_create(&Label { kind }));
        }
        for kind in Slow::KINDS {
            drop(metrics.slowed.get_or_create(&Label { kind }));
        }
        for kind in EVICTED_KINDS {
            drop(metrics.evicted.get_or_create(&Label { kind }));
        }
        for refusal in Refusal::ALL {
            drop(metrics.refusals.get_or_create(&Label { kind: refusal.label() }));
        }
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("requests", "Requests by route and status", self.requests.clone());
        registry.register("request_seconds", "Seconds to a response's head", self.request_seconds.clone());
        registry.register("problems", "Requests that ended in a problem", self.problems.clone());
        registry.register("slowed", "Requests told to go slower, by what was too much", self.slowed.clone());
        registry.register("evicted", "Places taken from those who kept others waiting", self.evicted.clone());
        registry.register("refusals", "Entries refused, by reason", self.refusals.clone());
        registry.register("entries", "Entries committed", self.entries.clone());
        registry.register("sync_bytes_in", "Bytes of sync requests", self.sync_bytes_in.clone());
        registry.register("sync_bytes_out", "Bytes of sync responses", self.sync_bytes_out.clone());
        registry.register("commit_seconds", "Seconds from a batch to its durable end", self.commit_seconds.clone());
        registry.register("commit_conflicts", "Batches decided anew", self.commit_conflicts.clone());
        registry.register("storage_errors", "Storage errors, by kind", self.storage_errors.clone());
        registry.register("corrupt_records", "Damaged records met", self.corrupt_records.clone());
        registry.register("live_streams", "Open live streams", self.live_streams.clone());
        registry.register("snapshots", "Snapshots written", self.snapshots.clone());
        registry.register("merge_failures", "Documents that cannot be merged", self.merge_failures.clone());
    }

    /// Counts a storage error.
    pub fn storage_error(&self, error: &StoreError) {
        self.storage_errors.get_or_create(&Label { kind: error.label() }).inc();
        if matches!(error, StoreError::Corrupt { .. }) {
            self.corrupt_records.inc();
        }
    }

    /// The counter of places of a kind that were taken away.
    #[must_use]
    pub fn evicted(&self, kind: &'static str) -> Counter {
        self.evicted.get_or_create(&Label { kind }).clone()
    }

    /// Counts a refused entry.
    pub fn refusal(&self, refusal: Refusal) {
        self.refusals.get_or_create(&Label { kind: refusal.label() }).inc();
    }

    /// The text that Prometheus fetches.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}
