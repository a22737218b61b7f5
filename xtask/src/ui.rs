//! What a person sees while it works. Progress goes to standard error, results to standard output.

use std::fmt::Display;

use crate::clock::Stopwatch;

/// One piece of work that is announced when it starts and timed when it ends.
pub(crate) struct Step {
    name: String,
    watch: Stopwatch,
}

impl Step {
    /// Says what begins.
    pub(crate) fn start(name: impl Display) -> Self {
        eprintln!("  … {name}");
        Self { name: name.to_string(), watch: Stopwatch::start() }
    }

    /// Says that it is done and how long it took.
    pub(crate) fn done(self) {
        eprintln!("  ✓ {} ({})", self.name, self.watch.took());
    }

    /// Says what came out of it and how long it took.
    pub(crate) fn done_with(self, outcome: impl Display) {
        eprintln!("  ✓ {}: {outcome} ({})", self.name, self.watch.took());
    }
}

/// A heading above several steps.
pub(crate) fn heading(text: impl Display) {
    eprintln!("{text}");
}

/// A remark in the course of the work.
pub(crate) fn note(text: impl Display) {
    eprintln!("    {text}");
}

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(30_000), "30,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
