use super::source::{Source, hold, is_tidy, sources};

#[test]
fn every_promise_so_far_has_a_test_with_its_number() {
    let tests: Vec<Source> =
        sources(&[".rs", ".ts", ".mjs", ".js"]).into_iter().filter(|s| s.is_in("tests/")).collect();
    let missing =
        ["p01", "p02", "p03", "p04", "p05", "p06", "p08", "p09", "p14", "p16", "p29"].into_iter().filter(|number| {
            let name = format!("fn {number}_");
            !tests.iter().filter(|source| !is_tidy(source)).any(|source| source.text.contains(&name))
        });
    hold("a promise without a test is not kept", missing.map(str::to_owned).collect());
}
