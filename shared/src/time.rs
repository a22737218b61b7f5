//! Time as a value: the core never reads a clock.

use core::fmt;

/// Milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimestampMs(pub u64);

impl TimestampMs {
    /// The last millisecond of the year 2199: no time that people see is later, since not every screen can draw it.
    pub const LAST: Self = Self((Day::LAST.0 as u64 + 1) * 86_400_000 - 1);

    /// The time itself, or [`Self::LAST`] when it is later than that.
    #[must_use]
    pub fn shown(self) -> Self {
        self.min(Self::LAST)
    }

    /// The time `ms` milliseconds later; stops at the largest value instead of overflowing.
    #[must_use]
    pub fn plus_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to `self`; zero when `earlier` is later.
    #[must_use]
    pub fn since_ms(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The UTC day that this instant falls on.
    #[must_use]
    pub fn day(self) -> Day {
        Day(u32::try_from(self.0 / 86_400_000).unwrap_or(u32::MAX))
    }
}

impl fmt::Display for TimestampMs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}ms", self.0)
    }
}

/// Milliseconds that run on: since an origin that its shell chose for this run, whatever the phone's clock is set to. It
/// may stand still while a phone sleeps, and never goes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SteadyMs(pub u64);

impl SteadyMs {
    /// `ms` milliseconds later; stops at the largest value instead of overflowing.
    #[must_use]
    pub fn plus_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to `self`; zero when `earlier` is later.
    #[must_use]
    pub fn since_ms(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// What a phone's two clocks say at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The one that runs on: what is due is counted by it.
    pub steady: SteadyMs,
    /// The one that people set: it is shown and stated, and decides nothing.
    pub wall: TimestampMs,
}

/// One clock for both, for shells whose clock nobody sets.
impl From<TimestampMs> for Now {
    fn from(at: TimestampMs) -> Self {
        Self { steady: SteadyMs(at.0), wall: at }
    }
}

/// Days since 1970-01-01: a session's date, without a time zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub u32);

/// Months since January 1970: what a thread's document is named by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub u16);

impl Day {
    /// The first day that a session or a due date may fall on: 1 January 2000.
    pub const FIRST: Self = Self(10_957);
    /// The last: 31 December 2199.
    pub const LAST: Self = Self(84_005);

    /// Whether a session or a due date may fall on it.
    #[must_use]
    pub fn is_allowed(self) -> bool {
        (Self::FIRST..=Self::LAST).contains(&self)
    }

    /// The day itself, or the nearest that may be written.
    #[must_use]
    pub fn shown(self) -> Self {
        self.clamp(Self::FIRST, Self::LAST)
    }

    /// The month that this day falls in.
    ///
    /// The civil-from-days algorithm is Howard Hinnant's, "chrono-Compatible Low-Level Date Algorithms".
    #[must_use]
    pub fn month(self) -> Month {
        let shifted = u64::from(self.0) + 719_468;
        let era = shifted / 146_097;
        let day_of_era = shifted % 146_097;
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        Month(u16::try_from((year - 1970) * 12 + month - 1).unwrap_or(u16::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_knows_its_month_across_leap_years() {
        assert_eq!(Day(0).month(), Month(0));
        assert_eq!(Day(30).month(), Month(0));
        assert_eq!(Day(31).month(), Month(1));
        assert_eq!(Day(11_016).month(), Month(361), "2000-02-29");
        assert_eq!(Day(11_017).month(), Month(362), "2000-03-01");
        assert_eq!(Day(20_780).month(), Month(682), "2026-11-23");
    }

    #[test]
    fn the_days_that_may_be_written_are_two_centuries() {
        assert_eq!((Day::FIRST.month(), Day::LAST.month()), (Month(30 * 12), Month(230 * 12 - 1)));
        assert_eq!(
            (Day(Day::FIRST.0 - 1).month(), Day(Day::LAST.0 + 1).month()),
            (Month(30 * 12 - 1), Month(230 * 12))
        );
        assert_eq!((TimestampMs::LAST.day(), TimestampMs::LAST.plus_ms(1).day()), (Day::LAST, Day(Day::LAST.0 + 1)));
        for day in [0, 10_956, 84_006, u32::MAX].map(Day) {
            assert!(!day.is_allowed() && day.shown().is_allowed(), "{day:?}");
        }
    }

    #[test]
    fn an_instant_knows_its_day() {
        assert_eq!(TimestampMs(86_399_999).day(), Day(0));
        assert_eq!(TimestampMs(86_400_000).day(), Day(1));
    }
}
