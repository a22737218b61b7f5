use kith_tests::bench::today_first;

/// P12: bytes of data, both ways, enrolment included.
const WEEK_BYTES_MAX: f64 = 120.0 * 1_024.0;
/// A history whose parts a new phone can't all have within these bytes.
const WEEKS: usize = 20;

#[test]
fn p12_a_new_phone_shows_the_current_week_after_120_kib_and_a_cut_costs_it_a_page() {
    let measures = today_first(12, WEEKS).unwrap();
    let of = |name| measures.iter().find(|measure| measure.name == name).unwrap().value;
    assert!(of("B.week") <= WEEK_BYTES_MAX, "{} bytes until the week is there", of("B.week"));
    assert!(of("B.all") > 1.5 * WEEK_BYTES_MAX, "{} bytes are no history", of("B.all"));
    eprintln!("the week after {} of {} bytes, {} bytes a cut", of("B.week"), of("B.all"), of("E.wasted"));
}
