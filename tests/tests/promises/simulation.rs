use kith_tests::sim::{CLOCK_REGRESSIONS, REGRESSIONS, SimOptions, play, play_clocks};

/// Seeds that the normal test plays: some 15 s.
const SEEDS: u64 = 200;
/// Seeds under `cargo xtask test --full`.
const SEEDS_FULL: u64 = 3_000;

fn hold(seeds: impl Iterator<Item = u64>) {
    let options = SimOptions::default();
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

/// Worlds of clocks that the normal test plays.
const CLOCK_SEEDS: u64 = 40;

#[test]
fn p28_everything_is_delivered_in_one_order_whatever_clocks_say() {
    let seeds = CLOCK_REGRESSIONS.iter().copied().chain(0..CLOCK_SEEDS);
    let failed: Vec<String> =
        seeds.filter_map(|seed| play_clocks(seed).err().map(|failure| format!("seed {seed}: {failure}"))).collect();
    assert!(failed.is_empty(), "add these to CLOCK_REGRESSIONS in tests/src/sim/clocks.rs:\n{}", failed.join("\n"));
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let options = SimOptions { phones: 4, steps: 900 };
    for seed in 0..8 {
        let (first, second) = (play(seed, &options).unwrap(), play(seed, &options).unwrap());
        assert_eq!(first, second);
    }
}
