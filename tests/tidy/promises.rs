//! The promises that `docs/ARCHITECTURE.md` counts, P01 to P29: each has a test with its number in its name.

use super::source::{Source, hold, is_tidy, sources};

const FIRST: u8 = 1;
const LAST: u8 = 29;

/// Promises that no test of their number tries, each with the reason. One that gets a test leaves the list.
const WITHOUT: [(u8, &str); 1] = [(
    23,
    "it is time and memory in a slowed-down browser, which `cargo xtask bench browser` measures and no test may demand",
)];

/// Whether a source has a test with this number: `fn p07_…` behind `#[test]`, or `test('p07 …'` and its like.
fn tries(source: &Source, number: u8) -> bool {
    let name = format!("p{number:02}");
    let is_script = [".test.ts", ".test.mjs"].iter().any(|end| source.path.ends_with(end));
    if is_script {
        let calls = ["test(", "it(", "describe(", "scene("];
        let named = |line: &str| {
            let quoted = calls.iter().find_map(|call| line.trim_start().strip_prefix(call));
            let title = quoted.and_then(|text| text.get(1..)).unwrap_or_default();
            let is_same = |text: &str| text.eq_ignore_ascii_case(&name);
            title.get(..name.len()).is_some_and(is_same) && !title[name.len()..].starts_with(char::is_alphanumeric)
        };
        return source.text.lines().any(named);
    }
    let begins = format!("fn {name}_");
    let lines: Vec<&str> = source.text.lines().map(str::trim).collect();
    (1..lines.len()).any(|at| {
        let is_test =
            lines[at.saturating_sub(4)..at].iter().any(|line| line.contains("test]") || line.contains("test("));
        is_test && lines[at].contains(&begins)
    })
}

/// What is wrong with the promises: without a test and a reason, or with both.
fn broken(all: &[Source], without: &[(u8, &str)]) -> Vec<String> {
    let judged = |number: u8| {
        let is_tried = all.iter().any(|source| tries(source, number));
        match (is_tried, without.iter().any(|(listed, _)| *listed == number)) {
            (false, false) => Some(format!("P{number:02} has no test")),
            (true, true) => Some(format!("P{number:02} has a test: take it off the list")),
            _ => None,
        }
    };
    (FIRST..=LAST).filter_map(judged).collect()
}

#[test]
fn every_promise_has_a_test_with_its_number_or_a_reason() {
    let all: Vec<Source> = sources(&[".rs", ".ts", ".mjs"]).into_iter().filter(|source| !is_tidy(source)).collect();
    hold("a promise without a test is not kept", broken(&all, &WITHOUT));
}

#[test]
fn a_promise_that_nobody_tries_is_found() {
    let source = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
    let rust: String = (3..=28).map(|number| format!("#[test]\nfn p{number:02}_holds() {{}}\n")).collect();
    let all = [
        source("tests/a.rs", &rust),
        source("tests/b.rs", "fn p02_helps() {}"),
        source("web/src/x.test.ts", "it('p01 holds', () => {});\nit('p299 is another', () => {});"),
    ];
    let told = broken(&all, &[(28, "a reason"), (29, "a reason")]);
    assert_eq!(told, ["P02 has no test", "P28 has a test: take it off the list"]);
    let spec = source("tests/e2e/specs/once.test.mjs", "scene('P02 once', () => {});");
    assert!(tries(&spec, 2) && !tries(&spec, 3));
}
