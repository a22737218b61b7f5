//! The one place where tests read a clock and draw entropy; everything else is handed both.

use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime};

use kith_shared::time::{Now, SteadyMs, TimestampMs};

/// What a phone takes for the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneClock {
    /// The machine's clock, so many milliseconds off.
    System {
        /// Added to the machine's time.
        offset_ms: i64,
    },
    /// Stands still until it is set again.
    Fixed(TimestampMs),
}

impl Default for PhoneClock {
    fn default() -> Self {
        Self::System { offset_ms: 0 }
    }
}

impl PhoneClock {
    /// The time.
    #[must_use]
    pub fn now(&self) -> TimestampMs {
        match self {
            Self::System { offset_ms } => TimestampMs(system_ms().saturating_add_signed(*offset_ms)),
            Self::Fixed(at) => *at,
        }
    }

    /// The time, and the machine's clock that runs on beside it; one that stands still is both.
    #[must_use]
    pub fn both(&self) -> Now {
        match self {
            Self::System { .. } => Now { steady: steady(), wall: self.now() },
            Self::Fixed(at) => (*at).into(),
        }
    }

    /// Whether it stands still.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }
}

#[allow(clippy::disallowed_methods, reason = "this file is where the tests' clock enters")]
fn system_ms() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Since the first call in this process.
fn steady() -> SteadyMs {
    static BEGUN: LazyLock<Stopwatch> = LazyLock::new(Stopwatch::start);
    SteadyMs(u64::try_from(BEGUN.elapsed().as_millis()).unwrap_or(u64::MAX))
}

/// Measures how long something takes.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "this file is where the tests' clock enters")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "this file is where the tests' clock enters")]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// 32 bytes from the system's source of randomness.
///
/// # Errors
/// When the system has none.
#[allow(clippy::disallowed_methods, reason = "this file is where the tests' entropy enters")]
pub fn entropy() -> std::io::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(bytes)
}
