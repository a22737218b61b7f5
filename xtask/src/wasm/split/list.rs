//! The list of what moves.

use std::collections::BTreeSet;

use anyhow::{Result, bail};

use crate::wasm::build::BuildKind;

/// Names of functions, a line each; see `second.txt`.
pub(crate) struct List<'a> {
    lines: Vec<&'a str>,
    /// Whether a line may name nothing.
    is_lenient: bool,
}

/// The core's own.
const CORE: &str = include_str!("second.txt");

impl List<'static> {
    /// What of the core moves. In a quick build other functions are parts of others, so there a line may name nothing.
    pub(crate) fn of_core(kind: BuildKind) -> Self {
        Self { is_lenient: kind == BuildKind::Quick, ..Self::read(CORE) }
    }
}

impl<'a> List<'a> {
    /// A text of lines; blank ones and those after `#` say nothing.
    pub(super) fn read(text: &'a str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        Self { lines, is_lenient: false }
    }

    /// Which functions the list names, of those with a name and whether a table has them.
    ///
    /// # Errors
    /// When a line names none: what it meant was renamed, and would come back into the way in unseen.
    pub(super) fn choose<'n>(
        &self,
        functions: impl Iterator<Item = (usize, &'n str, bool)>,
    ) -> Result<BTreeSet<usize>> {
        let mut idle: BTreeSet<&str> = self.lines.iter().copied().collect();
        let mut chosen = BTreeSet::new();
        for (function, name, is_in_table) in functions {
            for line in self.lines.iter().filter(|line| names(line, name, is_in_table)) {
                idle.remove(line);
                chosen.insert(function);
            }
        }
        if !idle.is_empty() && !self.is_lenient {
            bail!(
                "no function of the core is named by these lines of xtask/src/wasm/split/second.txt: {}. Name what is there \
                 now, or take them out",
                idle.into_iter().collect::<Vec<_>>().join(", ")
            );
        }
        Ok(chosen)
    }
}

/// Whether a line names a function: by its own path, or also by the types in it where it stands in a table.
fn names(line: &str, name: &str, is_in_table: bool) -> bool {
    let (part, is_open) = line.strip_suffix('*').map_or((line, false), |part| (part, true));
    name.match_indices(part).any(|(at, _)| {
        let ends = is_open || !name[at + part.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        ends && (is_in_table || depth(&name[..at]) <= 1)
    })
}

/// How many angle brackets are open behind `text`; an arrow is none.
fn depth(text: &str) -> i32 {
    let arrows = text.matches("->").count();
    let count = |sign| text.matches(sign).count();
    i32::try_from(count('<') + arrows).unwrap_or(i32::MAX) - i32::try_from(count('>')).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_whole_words_of_a_function_and_of_its_closures() {
        let of = |name| names("Engine>::plan", name, false);
        assert!(
            of("<kith::Engine>::plan") && of("<kith::Engine>::plan::{closure#0}") && of("<kith::Engine>::plan::<u8>")
        );
        assert!(!of("<kith::Engine>::plan_lines") && !of("<kith::Other>::plan"));
        assert!(names("Engine>::plan*", "<kith::Engine>::plan_lines", false));
    }

    #[test]
    fn types_within_a_name_count_only_where_a_table_has_the_function() {
        let name = "<core::Map<u8, <kith::Engine>::plan::{closure#0}>>::next";
        assert!(!names("Engine>::plan", name, false));
        assert!(names("Engine>::plan", name, true));
        assert!(names("Engine>::plan", "<fn(u8) -> u8 as X>::y::<Engine>::plan", true));
    }

    #[test]
    fn a_line_that_names_nothing_is_refused_by_name() {
        let list = List::read("# comment\n\nEngine>::plan\n  Engine>::gone\n");
        let error = list.choose([(3, "<Engine>::plan", false)].into_iter()).unwrap_err().to_string();
        assert!(error.contains("by these lines of xtask/src/wasm/split/second.txt: Engine>::gone."), "{error}");
        let both = [(3, "<Engine>::plan", false), (4, "<Engine>::gone", false), (5, "<Engine>::other", true)];
        assert_eq!(list.choose(both.into_iter()).unwrap(), BTreeSet::from([3, 4]));
        let lenient = List { is_lenient: true, ..list };
        assert_eq!(lenient.choose([(3, "<Engine>::plan", false)].into_iter()).unwrap(), BTreeSet::from([3]));
    }
}
