use kith_tests::crash::{CrashOptions, run};

#[test]
fn p08_ten_kills_lose_nothing_that_was_acknowledged() {
    let report = run(&CrashOptions { cycles: 10, seed: 1 }, &mut |_| {}).unwrap();
    assert_eq!((report.acknowledged_lost, report.start_refused), (0, 0), "{report:?}");
    assert!(report.acknowledged > 0, "{report:?}");
}
