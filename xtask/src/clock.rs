//! The one place where xtask reads a clock.

use std::fmt;
use std::time::{Duration, Instant};

/// Runs from its start; shows itself as `0.4 s` or `3 min 05 s`.
#[derive(Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[allow(clippy::disallowed_methods, reason = "this file is xtask's clock")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start.
    #[allow(clippy::disallowed_methods, reason = "this file is xtask's clock")]
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Time since the start, fixed, for printing.
    pub(crate) fn took(&self) -> Took {
        Took(self.elapsed())
    }
}

/// A duration as people read it.
#[derive(Clone, Copy)]
pub(crate) struct Took(Duration);

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let text = if seconds >= 60 {
            format!("{} min {:02} s", seconds / 60, seconds % 60)
        } else {
            format!("{:.1} s", self.0.as_secs_f64())
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_like_speech() {
        assert_eq!(Took(Duration::from_millis(430)).to_string(), "0.4 s");
        assert_eq!(Took(Duration::from_secs(185)).to_string(), "3 min 05 s");
    }
}
