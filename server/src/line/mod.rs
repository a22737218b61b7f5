//! One connection as the rest of the server sees it: whether the other side is being waited for, until when, and a way
//! to take its place from it.

mod pace;
mod stream;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use crate::clock::Clock;

pub use pace::{Pace, Pacing};
pub use stream::Watched;

/// Nothing is being waited for.
const NEVER: u64 = u64::MAX;
/// How long after its time a line is cut that did not end by itself: whoever reads it says first what was wrong.
const OVERDUE: Duration = Duration::from_secs(2);

/// What the other side is waited for, one of each at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To send: a head, a body, or the next request.
    In,
    /// To take what the system's buffer has no more room for.
    Out,
    /// To ask for the next piece of an answer.
    Next,
    /// Not the other side, but its turn: it had more than others lately.
    Turn,
}

/// How a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Open,
    /// Its request lost its place: it ends by itself.
    Evicted,
    /// It ends now.
    Cut,
}

/// One connection. A request that came by none, as in tests, has a line of its own.
pub struct Line {
    clock: Arc<dyn Clock>,
    /// In milliseconds of the clock, by [`Way`].
    until_ms: [AtomicU64; 4],
    /// Since when, likewise.
    since_ms: [AtomicU64; 4],
    standing: watch::Sender<Standing>,
}

impl Line {
    /// A line that waits for nothing.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Arc<Self> {
        let until_ms = [const { AtomicU64::new(NEVER) }; 4];
        let since_ms = [const { AtomicU64::new(NEVER) }; 4];
        Arc::new(Self { clock, until_ms, since_ms, standing: watch::Sender::new(Standing::Open) })
    }

    /// The time, by the clock that waits are told in.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.clock.monotonic()
    }

    /// The other side is waited for so long from now on, of `full`: the rest was used up before.
    pub fn wait_for(&self, way: Way, left: Duration, full: Duration) {
        let until = self.now().saturating_add(left);
        self.wait(way, until.saturating_sub(full).min(self.now()), until);
    }

    /// It is waited for since then, and until then.
    pub fn wait(&self, way: Way, since: Duration, until: Duration) {
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(NEVER).min(NEVER - 1);
        self.until_ms[way as usize].store(ms(until), Ordering::Relaxed);
        self.since_ms[way as usize].store(ms(since), Ordering::Relaxed);
    }

    /// What was waited for came.
    pub fn go_on(&self, way: Way) {
        self.since_ms[way as usize].store(NEVER, Ordering::Relaxed);
        self.until_ms[way as usize].store(NEVER, Ordering::Relaxed);
    }

    /// Since when it is waited for, if it is; time that was used up before is counted.
    #[must_use]
    pub fn waits_since(&self) -> Option<Duration> {
        let since = self.since_ms.iter().map(|since| since.load(Ordering::Relaxed)).min();
        since.filter(|since| *since != NEVER).map(Duration::from_millis)
    }

    /// As [`Self::waits_since`], of what its far end owes: not that it listens, nor that it waits for its turn.
    #[must_use]
    pub fn owes_since(&self) -> Option<Duration> {
        let since = [Way::In, Way::Out].map(|way| self.since_ms[way as usize].load(Ordering::Relaxed));
        since.into_iter().min().filter(|since| *since != NEVER).map(Duration::from_millis)
    }

    fn until(&self, way: Way) -> Option<Duration> {
        let until = self.until_ms[way as usize].load(Ordering::Relaxed);
        (until != NEVER).then(|| Duration::from_millis(until))
    }

    /// Cuts the line when its time is long over.
    pub fn sweep(&self) {
        let over = |until: Duration| until.saturating_add(OVERDUE) <= self.now();
        if self.until(Way::In).is_some_and(over) || self.until(Way::Out).is_some_and(over) {
            self.cut();
        }
    }

    /// The request that it carries lost its place. It may still say so, unless it does not get rid even of what it
    /// said before.
    pub fn evict(&self) {
        let deaf = self.until(Way::Out).is_some();
        self.stand(if deaf { Standing::Cut } else { Standing::Evicted });
    }

    /// Ends the connection.
    pub fn cut(&self) {
        self.stand(Standing::Cut);
    }

    fn stand(&self, at_least: Standing) {
        self.standing.send_if_modified(|standing| {
            let changes = *standing < at_least;
            *standing = (*standing).max(at_least);
            changes
        });
    }

    /// Another request came; what became of the one before does not concern it.
    pub fn begin(&self) {
        // What is still to be taken of the answer before is waited for all the same.
        self.go_on(Way::In);
        self.go_on(Way::Next);
        self.go_on(Way::Turn);
        self.standing.send_if_modified(|standing| {
            if *standing == Standing::Evicted {
                *standing = Standing::Open;
            }
            false
        });
    }

    /// Whether its request lost its place.
    #[must_use]
    pub fn is_evicted(&self) -> bool {
        *self.standing.borrow() >= Standing::Evicted
    }

    /// Waits until its request loses its place.
    pub async fn evicted(&self) {
        self.reaches(Standing::Evicted).await;
    }

    /// Waits until it is to end.
    pub async fn is_cut(&self) {
        self.reaches(Standing::Cut).await;
    }

    async fn reaches(&self, wanted: Standing) {
        // It ends only with the sender, which is in here.
        let _ = self.standing.subscribe().wait_for(|standing| *standing >= wanted).await;
    }
}

#[cfg(test)]
mod tests {
    use kith_shared::time::TimestampMs;

    use super::*;
    use crate::clock::FixedClock;

    #[tokio::test]
    async fn who_waits_too_long_is_cut_and_who_is_worked_for_is_not() {
        let clock = Arc::new(FixedClock::new(TimestampMs(0)));
        let lines: Vec<_> = (0..3).map(|_| Line::new(Arc::clone(&clock) as Arc<dyn Clock>)).collect();
        lines[0].wait_for(Way::In, Duration::from_secs(30), Duration::from_secs(30));
        lines[1].wait_for(Way::Out, Duration::from_secs(30), Duration::from_secs(30));
        assert_eq!(lines[2].waits_since(), None);
        clock.advance_ms(31_000);
        lines.iter().for_each(|line| line.sweep());
        assert!(lines.iter().all(|line| !line.is_evicted()), "there is time to say what was wrong");
        clock.advance_ms(1_000);
        lines.iter().for_each(|line| line.sweep());
        lines[0].is_cut().await;
        lines[1].is_cut().await;
        assert!(!lines[2].is_evicted());
    }

    #[tokio::test]
    async fn a_request_that_lost_its_place_does_not_take_the_next_with_it() {
        let line = Line::new(Arc::new(FixedClock::new(TimestampMs(0))));
        line.evict();
        line.evicted().await;
        line.begin();
        assert!(!line.is_evicted());
        line.wait_for(Way::Out, Duration::from_secs(1), Duration::from_secs(1));
        line.evict();
        line.begin();
        line.is_cut().await;
    }
}
