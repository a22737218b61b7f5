//! How many tests passed, read from what test runners print.

/// Passed and failed tests.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Counts {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed.
    pub(crate) failed: u64,
}

/// Sums cargo's `test result:` lines.
pub(crate) fn of_cargo(output: &str) -> Option<Counts> {
    let lines = output.lines().filter(|line| line.starts_with("test result:"));
    sum(lines.map(|line| Counts { passed: before(line, "passed"), failed: before(line, "failed") }))
}

/// Reads vitest's `Tests  1 failed | 12 passed (13)`.
pub(crate) fn of_vitest(output: &str) -> Option<Counts> {
    let lines = output.lines().map(str::trim).filter(|line| line.starts_with("Tests "));
    sum(lines.map(|line| Counts { passed: before(line, "passed"), failed: before(line, "failed") }))
}

/// Reads a last line `12 passed, 1 failed`, or what node's own runner prints (`# pass 12`).
pub(crate) fn of_node(output: &str) -> Option<Counts> {
    let plain = output.lines().rev().find(|line| line.contains(" passed") && line.contains(" failed"));
    if let Some(line) = plain {
        return Some(Counts { passed: before(line, "passed"), failed: before(line, "failed") });
    }
    let after = |word: &str| {
        let number = |line: &str| {
            let rest = line.trim_start_matches(['#', 'ℹ', ' ']).strip_prefix(word)?;
            rest.trim().parse::<u64>().ok()
        };
        output.lines().filter_map(number).reduce(|sum, next| sum + next)
    };
    after("pass ").map(|passed| Counts { passed, failed: after("fail ").unwrap_or(0) })
}

fn sum(found: impl Iterator<Item = Counts>) -> Option<Counts> {
    found.reduce(|sum, next| Counts { passed: sum.passed + next.passed, failed: sum.failed + next.failed })
}

/// The number that stands before `word`, or 0.
fn before(line: &str, word: &str) -> u64 {
    let words: Vec<&str> = line
        .split(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | '|' | '(' | ')'))
        .filter(|word| !word.is_empty())
        .collect();
    words.windows(2).find(|pair| pair[1] == word).and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_lines_are_summed() {
        let output = "running 2 tests\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 measured\n\
                      test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.01s\n";
        assert_eq!(of_cargo(output), Some(Counts { passed: 5, failed: 1 }));
        assert_eq!(of_cargo("error: could not compile"), None);
    }

    #[test]
    fn vitest_and_node_are_understood() {
        let vitest = " Test Files  2 passed (2)\n      Tests  1 failed | 12 passed (13)\n";
        assert_eq!(of_vitest(vitest), Some(Counts { passed: 12, failed: 1 }));
        assert_eq!(of_node("ℹ tests 4\nℹ pass 3\nℹ fail 1\n"), Some(Counts { passed: 3, failed: 1 }));
        assert_eq!(of_node("# pass 7\n# fail 0\n"), Some(Counts { passed: 7, failed: 0 }));
        assert_eq!(of_node("x\n9 passed, 2 failed\n"), Some(Counts { passed: 9, failed: 2 }));
        assert_eq!(of_node("nothing"), None);
    }
}
