use kith_tests::sim::{
    CLOCK_REGRESSIONS, HARSH_REGRESSIONS, LifeCounts, PUT_BACK_REGRESSIONS, REGRESSIONS, SimOptions, StrategyCounts,
    play, play_clocks,
};

/// Seeds that the normal test plays: some 15 s.
const SEEDS: u64 = 200;
/// Seeds under `cargo xtask test --full`.
const SEEDS_FULL: u64 = 3_000;

fn hold(seeds: impl Iterator<Item = u64>) {
    hold_with(SimOptions::default(), seeds);
}

fn hold_with(options: SimOptions, seeds: impl Iterator<Item = u64>) {
    let failed: Vec<String> =
        seeds.filter_map(|seed| play(seed, &options).err().map(|failure| format!("seed {seed}: {failure}"))).collect();
    assert!(failed.is_empty(), "add these to REGRESSIONS in tests/src/sim/mod.rs:\n{}", failed.join("\n"));
}

#[test]
fn p03_phones_hub_and_a_bad_network_agree_in_the_end() {
    hold(REGRESSIONS.iter().copied().chain(0..SEEDS));
}

#[test]
#[ignore = "takes minutes: cargo xtask test --full"]
fn p03_phones_hub_and_a_bad_network_agree_in_the_end_for_many_seeds() {
    hold(SEEDS..SEEDS_FULL);
}

/// Put-back worlds that failed once, with strategies and nothing else of a member's life: taking back one took back what had stood at its place, too.
const PUT_BACK_KEPT: [u64; 1] = [417];

/// Worlds of clocks that the normal test plays.
const CLOCK_SEEDS: u64 = 40;

#[test]
fn p28_everything_is_delivered_in_one_order_whatever_clocks_say() {
    let before = CLOCK_REGRESSIONS.iter().map(|seed| (*seed, false));
    let failed: Vec<String> = before
        .chain((0..CLOCK_SEEDS).map(|seed| (seed, true)))
        .filter_map(|(seed, strategies)| play_clocks(seed, strategies).err().map(|it| format!("seed {seed}: {it}")))
        .collect();
    assert!(failed.is_empty(), "add these to CLOCK_REGRESSIONS in tests/src/sim/clocks.rs:\n{}", failed.join("\n"));
}

/// Each world says what must be so of a member's life only as far as there is any. A phone that is put back is put back to before
/// its person left, too, so nobody is seen to have left there.
#[test]
fn people_do_all_that_members_do_in_these_worlds() {
    for options in [SimOptions::default(), SimOptions { put_backs: true, harsh: true, ..SimOptions::default() }] {
        let counts: Vec<LifeCounts> = (0..40).map(|seed| play(seed, &options).unwrap().lives).collect();
        let all: [fn(&LifeCounts) -> usize; 6] =
            [|it| it.shown, |it| it.back, |it| it.hidden, |it| it.over, |it| it.apart, |it| it.agreed];
        for (at, of) in all.into_iter().enumerate() {
            assert!(counts.iter().map(of).sum::<usize>() > 0, "{at}: {counts:?}");
        }
        assert!(options.put_backs || counts.iter().any(|it| it.left > 0), "{counts:?}");
    }
}

/// Each world says what must be so of its strategies only as far as there are any. Where phones are put back and killed, too
/// little is done for that beside the rest of a member's life.
#[test]
fn people_write_adapt_praise_and_take_back_strategies_in_these_worlds() {
    let before = SimOptions { lives: false, ..SimOptions::default() };
    for options in [SimOptions::default(), SimOptions { put_backs: true, harsh: true, ..before }] {
        let counts: Vec<StrategyCounts> = (0..40).map(|seed| play(seed, &options).unwrap().strategies).collect();
        let sum = |of: fn(&StrategyCounts) -> usize| counts.iter().map(of).sum::<usize>();
        assert!(sum(|it| it.there) > 0 && sum(|it| it.helped) > 0, "{counts:?}");
        assert!(sum(|it| it.adapted_by_several) > 0 && sum(|it| it.gone) > 0, "{counts:?}");
    }
}

/// Before members did all that, their server was put back now and then: that world is kept too.
#[test]
fn p03_phones_and_a_hub_that_is_put_back_agree_in_the_end() {
    hold_with(SimOptions { lives: false, ..SimOptions::default() }, 0..SEEDS / 2);
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let options = SimOptions { phones: 4, steps: 900, ..SimOptions::default() };
    for seed in 0..8 {
        let (first, second) = (play(seed, &options).unwrap(), play(seed, &options).unwrap());
        assert_eq!(first, second);
    }
}

#[test]
fn p27_phones_that_are_put_back_or_copied_lose_nothing_and_speak_again() {
    let options = SimOptions { put_backs: true, ..SimOptions::default() };
    let before = SimOptions { lives: false, ..options };
    hold_with(SimOptions { strategies: false, ..before }, PUT_BACK_REGRESSIONS.iter().copied());
    hold_with(before, PUT_BACK_KEPT.into_iter());
    hold_with(options, 0..SEEDS);
}

#[test]
fn p27_phones_that_are_killed_while_they_find_out_and_whose_stores_refuse_lose_nothing() {
    let options = SimOptions { put_backs: true, harsh: true, ..SimOptions::default() };
    hold_with(options, HARSH_REGRESSIONS.iter().copied().chain(0..SEEDS / 2));
    hold_with(SimOptions { lives: false, ..options }, 0..SEEDS / 2);
}

#[test]
#[ignore = "takes minutes: cargo xtask test --full"]
fn p27_phones_that_are_put_back_or_copied_lose_nothing_and_speak_again_for_many_seeds() {
    hold_with(SimOptions { put_backs: true, ..SimOptions::default() }, SEEDS..SEEDS_FULL);
}
