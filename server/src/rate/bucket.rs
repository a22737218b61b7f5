use std::time::Duration;

/// So much at once, and as much again in each `per`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// How much: of requests, bytes or entries. At least 1.
    pub count: u64,
    /// In what time it comes back.
    pub per: Duration,
}

impl Allowance {
    /// So much a minute.
    #[must_use]
    pub const fn per_minute(count: u64) -> Self {
        Self { count, per: Duration::from_secs(60) }
    }

    /// So much an hour.
    #[must_use]
    pub const fn per_hour(count: u64) -> Self {
        Self { count, per: Duration::from_secs(3_600) }
    }

    /// So much a day.
    #[must_use]
    pub const fn per_day(count: u64) -> Self {
        Self { count, per: Duration::from_secs(86_400) }
    }

    /// In what time so much comes back.
    fn time_of(&self, cost: u64) -> Duration {
        let nanos = self.per.as_nanos().saturating_mul(cost.into()) / u128::from(self.count.max(1));
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

/// A token bucket, kept as the one moment at which it is full again, as ATM's generic cell rate algorithm does
/// (ITU-T I.371). One that is full is as good as one that was never used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bucket {
    full_at: Duration,
}

impl Bucket {
    /// Takes so much, or says after what time it will be there; more than fits is as much as fits.
    pub(super) fn take(&mut self, allowance: &Allowance, cost: u64, now: Duration) -> Result<(), Duration> {
        let full_at = self.after(allowance, cost.min(allowance.count), now);
        match full_at.saturating_sub(now).checked_sub(allowance.per) {
            None | Some(Duration::ZERO) => {
                self.full_at = full_at;
                Ok(())
            }
            Some(wait) => Err(wait),
        }
    }

    /// Takes what was used already, also what is not there: at most as much as fits is owed.
    pub(super) fn charge(&mut self, allowance: &Allowance, cost: u64, now: Duration) {
        self.full_at = self.after(allowance, cost, now).min(now + allowance.per * 2);
    }

    /// Gives back what was taken.
    pub(super) fn give_back(&mut self, allowance: &Allowance, cost: u64) {
        self.full_at = self.full_at.saturating_sub(allowance.time_of(cost));
    }

    /// Whether nothing is missing.
    pub(super) fn is_full(&self, now: Duration) -> bool {
        self.full_at <= now
    }

    fn after(&self, allowance: &Allowance, cost: u64, now: Duration) -> Duration {
        self.full_at.max(now).saturating_add(allowance.time_of(cost))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Allowance = Allowance::per_minute(10);

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_burst_then_as_fast_as_it_comes_back() {
        let mut bucket = Bucket::default();
        for _ in 0..10 {
            assert_eq!(bucket.take(&TEN, 1, at(1)), Ok(()));
        }
        assert_eq!(bucket.take(&TEN, 1, at(1)), Err(at(6)), "and says how long");
        assert_eq!(bucket.take(&TEN, 3, at(1)), Err(at(18)));
        assert_eq!(bucket.take(&TEN, 1, at(7)), Ok(()));
        assert_eq!(bucket.take(&TEN, 1, at(7)), Err(at(6)));
        assert!(!bucket.is_full(at(66)) && bucket.is_full(at(67)));
    }

    #[test]
    fn what_is_given_back_can_be_taken_again_and_no_more_than_fits() {
        let mut bucket = Bucket::default();
        for _ in 0..100 {
            assert_eq!(bucket.take(&TEN, 1, at(0)), Ok(()));
            bucket.give_back(&TEN, 1);
        }
        for _ in 0..10 {
            bucket.give_back(&TEN, 1);
        }
        assert_eq!((0..20).filter(|_| bucket.take(&TEN, 1, at(0)).is_ok()).count(), 10);
    }

    #[test]
    fn what_is_more_than_fits_takes_all_of_it() {
        let mut bucket = Bucket::default();
        assert_eq!(bucket.take(&TEN, 1_000, at(0)), Ok(()));
        assert_eq!(bucket.take(&TEN, 1, at(0)), Err(at(6)));
    }

    #[test]
    fn a_debt_is_waited_for_and_has_an_end() {
        let mut bucket = Bucket::default();
        bucket.charge(&TEN, 1_000_000, at(0));
        assert_eq!(bucket.take(&TEN, 1, at(0)), Err(at(66)));
        assert_eq!(bucket.take(&TEN, 1, at(66)), Ok(()));
    }
}
