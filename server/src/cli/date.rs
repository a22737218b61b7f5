//! Days and times of day, UTC, as people write them.

use kith_shared::time::TimestampMs;

const DAY_MS: u64 = 86_400_000;

/// The start of a day that is written as `2026-11-23`.
pub(super) fn parse(text: &str) -> Result<TimestampMs, String> {
    let wrong = || "write a day since 1970, such as 2026-11-23".to_owned();
    let mut parts = text.splitn(3, '-').map(str::parse::<u64>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong());
    };
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return Err(wrong());
    }
    let time = TimestampMs(days(year, month, day) * DAY_MS);
    if print(time).starts_with(&format!("{year:04}-{month:02}-{day:02}T")) { Ok(time) } else { Err(wrong()) }
}

/// Such as `2026-11-23T18:30:05Z`.
pub(super) fn print(time: TimestampMs) -> String {
    let (day, second) = (time.0 / DAY_MS, time.0 / 1_000 % 86_400);
    let (year, month, day) = civil(day);
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60)
}

/// Days since 1970-01-01: Howard Hinnant's days_from_civil, "chrono-Compatible Low-Level Date Algorithms".
fn days(year: u64, month: u64, day: u64) -> u64 {
    let year = year - u64::from(month <= 2);
    let (era, year_of_era) = (year / 400, year % 400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The other way: civil_from_days, of the same.
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_and_read() {
        assert_eq!(print(TimestampMs(0)), "1970-01-01T00:00:00Z");
        assert_eq!(print(TimestampMs(1_795_458_605_999)), "2026-11-23T18:30:05Z");
        for text in ["1970-01-01", "2000-02-29", "2026-11-23", "2100-03-01"] {
            assert_eq!(print(parse(text).unwrap()), format!("{text}T00:00:00Z"));
        }
        for text in ["", "2026", "2026-13-01", "2026-02-30", "1969-12-31", "2026-11-23x"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
