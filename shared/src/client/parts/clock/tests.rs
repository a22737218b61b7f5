use super::*;

const TRUE_MS: u64 = 1_795_000_000_000;
const YEAR_MS: u64 = 365 * DAY_MS;

fn at(steady_ms: u64, wall_ms: u64) -> Now {
    Now { steady: SteadyMs(steady_ms), wall: TimestampMs(wall_ms) }
}

/// A clock that shows `wall_ms` when it heard the server say [`TRUE_MS`].
fn heard(wall_ms: u64) -> Clock {
    let mut clock = Clock::default();
    clock.tick(at(0, wall_ms));
    clock.hear(TimestampMs(TRUE_MS), 0);
    clock
}

fn kept(clock: &Clock) -> Vec<u8> {
    let mut batch = Batch::default();
    clock.put(&mut batch);
    batch.puts.remove(0).2
}

fn restored(row: &[u8], wall_ms: u64) -> Clock {
    let mut clock = Clock::default();
    clock.tick(at(0, wall_ms));
    clock.restore(row).unwrap();
    clock
}

#[test]
fn time_runs_on_whatever_the_wall_says() {
    let mut clock = heard(TRUE_MS);
    for (step, wall) in [TRUE_MS + YEAR_MS, 0, TRUE_MS - 3_600_000, 5, TRUE_MS].into_iter().enumerate() {
        let before = clock.elapsed;
        clock.tick(at((step as u64 + 1) * 1_000, wall));
        assert!(clock.elapsed.since_ms(before) >= 1_000, "{wall}");
    }
}

#[test]
fn time_passes_while_the_steady_clock_sleeps() {
    let mut clock = heard(TRUE_MS);
    assert!(clock.tick(at(0, TRUE_MS + DAY_MS)), "the shell's timer stood still");
    assert_eq!((clock.elapsed, clock.now()), (SteadyMs(DAY_MS), TimestampMs(TRUE_MS + DAY_MS)));
}

#[test]
fn what_is_written_is_dated_by_the_server_however_far_off_the_clock_is() {
    for wall in [0, TRUE_MS - YEAR_MS, TRUE_MS - 20_000, TRUE_MS, TRUE_MS + 20_000, TRUE_MS + 2 * YEAR_MS] {
        let clock = heard(wall);
        assert_eq!(clock.now(), TimestampMs(TRUE_MS), "{wall}");
        assert_eq!(clock.shown().is_wrong, wall.abs_diff(TRUE_MS) > WRONG_MS, "{wall}");
    }
}

#[test]
fn setting_the_clock_moves_no_date() {
    let mut clock = heard(TRUE_MS);
    clock.tick(at(1_000, TRUE_MS - 3_600_000));
    assert_eq!(clock.now(), TimestampMs(TRUE_MS + 1_000), "set back");
    clock.tick(at(2_000, TRUE_MS + YEAR_MS));
    assert_eq!(clock.now(), TimestampMs(TRUE_MS + 2_000), "set ahead further than a phone sleeps");
}

#[test]
fn an_answer_that_took_long_moves_no_clock_that_fits_it() {
    let mut clock = heard(TRUE_MS);
    clock.tick(at(30_000, TRUE_MS + 30_000));
    clock.hear(TimestampMs(TRUE_MS + 2_000), 29_000);
    assert_eq!(clock.now(), TimestampMs(TRUE_MS + 30_000));
    clock.hear(TimestampMs(TRUE_MS + 50_000), 1_000);
    assert_eq!(clock.now(), TimestampMs(TRUE_MS + 50_500));
}

#[test]
fn a_time_that_no_server_tells_is_not_taken() {
    let mut clock = heard(TRUE_MS);
    for time in [0, SERVER_MIN.0 - 1, SERVER_MAX.0, u64::MAX] {
        clock.hear(TimestampMs(time), 0);
        assert_eq!(clock, heard(TRUE_MS), "{time}");
    }
}

#[test]
fn no_clock_dates_anything_to_where_no_screen_can_draw_it() {
    for wall in [SERVER_MAX.0, 9_000_000_000_000_000, u64::MAX] {
        let mut clock = Clock::default();
        clock.tick(at(0, wall));
        assert_eq!(clock.now(), TimestampMs(SERVER_MAX.0 - 1), "{wall}");
        clock.hear(TimestampMs(TRUE_MS), 0);
        assert_eq!(clock.now(), TimestampMs(TRUE_MS), "{wall}");
    }
}

#[test]
fn a_clock_that_was_set_right_between_two_runs_is_believed() {
    for wrong in [0, TRUE_MS - YEAR_MS, TRUE_MS + DAY_MS, TRUE_MS + 2 * YEAR_MS] {
        let row = kept(&heard(wrong));
        let later = TRUE_MS + 3_600_000;
        assert_eq!(restored(&row, wrong + 3_600_000).now(), TimestampMs(later), "{wrong}: left as it was");
        let shown = restored(&row, later);
        assert_eq!(shown.now(), TimestampMs(later), "{wrong}: set right");
    }
    assert_eq!(restored(&kept(&heard(TRUE_MS)), 5).now(), TimestampMs(TRUE_MS), "never before what was heard");
}

#[test]
fn a_person_is_told_once_and_again_when_it_is_wrong_otherwise() {
    let mut clock = heard(TRUE_MS + YEAR_MS);
    assert!(clock.shown().is_news);
    clock.told_ms = Some(clock.offset_ms);
    let clock = restored(&kept(&clock), TRUE_MS + YEAR_MS);
    assert!(clock.shown().is_wrong && !clock.shown().is_news);
    let mut later = clock;
    later.tick(at(1_000, TRUE_MS + YEAR_MS + 1_000 - DAY_MS));
    assert!(later.shown().is_news, "wrong by another day");
    later.tick(at(2_000, TRUE_MS + 2_000));
    later.hear(TimestampMs(TRUE_MS + 2_000), 0);
    assert_eq!((later.shown(), later.told_ms), (ClockState::default(), None), "set right");
}

#[test]
fn a_clock_has_its_bytes() {
    let mut clock = heard(TRUE_MS + 1_000);
    clock.told_ms = Some(-1_000);
    let row = kept(&clock);
    let hex: String = row.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "01fffffffffffffc1880bcd9f29e3401fffffffffffffc18");
    for cut in 0..row.len() {
        assert!(Clock::default().restore(&row[..cut]).is_err(), "{cut}");
    }
    assert!(Clock::default().restore(&[&[2], &row[1..]].concat()).is_err(), "another version");
}
