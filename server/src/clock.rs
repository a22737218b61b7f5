//! The one place that reads the system's clocks. Everything else is handed a [`Clock`].

use std::time::{Duration, Instant, SystemTime};

use kith_shared::time::TimestampMs;

/// Where time comes from.
pub trait Clock: Send + Sync + 'static {
    /// The time of day, UTC.
    fn now(&self) -> TimestampMs;

    /// Time since some fixed moment; never goes back.
    fn monotonic(&self) -> Duration;
}

/// The machine's clocks.
#[derive(Debug)]
pub struct SystemClock {
    begun: Instant,
}

impl SystemClock {
    /// Starts counting.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "this file is where the server's clock enters")]
    pub fn new() -> Self {
        Self { begun: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this file is where the server's clock enters")]
    fn now(&self) -> TimestampMs {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        TimestampMs(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }

    #[allow(clippy::disallowed_methods, reason = "this file is where the server's clock enters")]
    fn monotonic(&self) -> Duration {
        self.begun.elapsed()
    }
}

/// A clock that stands still until it is told: for tests.
#[derive(Debug, Default)]
pub struct FixedClock(std::sync::atomic::AtomicU64);

impl FixedClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn new(now: TimestampMs) -> Self {
        Self(now.0.into())
    }

    /// Moves it on.
    pub fn advance_ms(&self, ms: u64) {
        self.0.fetch_add(ms, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> TimestampMs {
        TimestampMs(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.now().0)
    }
}
