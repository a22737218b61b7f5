use std::time::Duration;

/// How slow the other side may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pacing {
    /// How long the first bytes may take.
    pub first_time: Duration,
    /// How long it may pause when it was fast before: the most that can be saved up.
    pub pause_time: Duration,
    /// How many bytes a second it must move in the long run. At least 1.
    pub bytes_per_s: u64,
}

/// How long the other side may still keep us waiting. Time that it lets pass is taken off, bytes that it moves add to
/// it: as many seconds as they would take at the least rate. Kept as one number, as a bucket that leaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    pacing: Pacing,
    left: Duration,
}

impl Pace {
    /// Nothing moved yet.
    #[must_use]
    pub fn new(pacing: Pacing) -> Self {
        Self { pacing, left: pacing.first_time }
    }

    /// How long it may be waited for from now on.
    #[must_use]
    pub fn left(&self) -> Duration {
        self.left
    }

    /// How long that would be if nothing had been used up.
    #[must_use]
    pub fn full(&self) -> Duration {
        self.pacing.first_time
    }

    /// It was waited for so long.
    pub fn waited(&mut self, time: Duration) {
        self.left = self.left.saturating_sub(time);
    }

    /// So many bytes moved.
    pub fn moved(&mut self, bytes: usize) {
        let nanos = (bytes as u128).saturating_mul(1_000_000_000) / u128::from(self.pacing.bytes_per_s.max(1));
        let earned = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        let most = self.pacing.pause_time.max(self.left);
        self.left = self.left.saturating_add(earned).min(most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Limits;

    /// Plays arrivals of (seconds waited, bytes) and says after how many seconds it was too slow.
    fn plays(pacing: Pacing, arrivals: impl IntoIterator<Item = (u64, usize)>) -> Option<u64> {
        let mut pace = Pace::new(pacing);
        let mut passed = 0;
        for (wait, bytes) in arrivals {
            if pace.left() < Duration::from_secs(wait) {
                return Some(passed + pace.left().as_secs());
            }
            passed += wait;
            pace.waited(Duration::from_secs(wait));
            pace.moved(bytes);
        }
        None
    }

    #[test]
    fn a_byte_each_20_seconds_is_cut_after_the_time_for_the_first() {
        let pacing = Limits::default().pace_in;
        assert_eq!(plays(pacing, [(0, 5)].into_iter().chain([(20, 1); 50])), Some(30));
        assert_eq!(plays(pacing, [(1, 1); 500]), Some(30), "nor one each second");
    }

    #[test]
    fn gprs_at_8_kbit_s_that_dies_for_20_seconds_again_and_again_passes() {
        for pacing in [Limits::default().pace_in, Limits::default().pace_out] {
            // 20 s of 900 bytes after a round trip, then nothing for 20 s.
            let on = [(2, 1_800); 10];
            let off = [(20, 0)];
            let link = (0..200).flat_map(|_| on.into_iter().chain(off));
            assert_eq!(plays(pacing, link), None);
        }
    }

    #[test]
    fn what_was_saved_up_has_an_end() {
        let pacing = Limits::default().pace_in;
        let mut pace = Pace::new(pacing);
        pace.moved(usize::MAX);
        assert_eq!(pace.left(), pacing.pause_time);
    }

    #[test]
    fn a_deaf_reader_that_takes_a_byte_a_minute_is_cut() {
        let pacing = Limits::default().pace_out;
        let cut = plays(pacing, [(60, 1); 100]).unwrap();
        assert!(cut <= 130, "{cut} s");
    }
}
