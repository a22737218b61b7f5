//! What is judged: the project's own files.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that are not ours to judge.
const SKIPPED: [&str; 9] =
    ["target", "node_modules", ".git", "dist", "pkg", "test-results", "data", "data-demo", "paraglide"];

pub(crate) struct Source {
    /// From the top of the project, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// The lines that are no comments, with their numbers.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_comment = |line: &str| line.starts_with("//") || line.starts_with('*') || line.starts_with("/*");
        self.text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())).filter(move |(_, line)| !is_comment(line))
    }

    pub(crate) fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }
}

pub(crate) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Reads the files below a folder that are ours, with their paths from `top` on.
pub(crate) fn collect(folder: &Path, top: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() && !SKIPPED.contains(&name.as_str()) {
            collect(&path, top, sources);
        }
        let ours = ["rs", "ts", "svelte", "toml", "md", "css", "mjs", "js", "html"];
        if path.extension().is_some_and(|end| ours.iter().any(|ours| end == *ours)) {
            let relative = path.strip_prefix(top).unwrap().to_string_lossy().replace('\\', "/");
            sources.push(Source { path: relative, text: fs::read_to_string(&path).unwrap() });
        }
    }
}

pub(crate) fn sources(ends: &[&str]) -> Vec<Source> {
    let (top, mut found) = (top(), Vec::new());
    collect(&top, &top, &mut found);
    found.retain(|source| ends.iter().any(|end| source.path.ends_with(end)));
    assert!(!found.is_empty(), "no {ends:?} below {}", top.display());
    found
}

pub(crate) fn hold(rule: &str, broken: Vec<String>) {
    assert!(broken.is_empty(), "{rule}\n  {}", broken.join("\n  "));
}

/// Every line of code of these sources that holds one of the words.
pub(crate) fn naming(sources: &[Source], words: &[&str], allowed: impl Fn(&Source) -> bool) -> Vec<String> {
    let found = |source: &Source| {
        let hit = |line: &str| words.iter().any(|word| line.contains(word));
        source
            .code()
            .filter(|(_, line)| hit(line))
            .map(|(at, line)| format!("{}:{at}: {line}", source.path))
            .collect::<Vec<_>>()
    };
    sources.iter().filter(|source| !allowed(source)).flat_map(found).collect()
}

/// These files name what they forbid.
pub(crate) fn is_tidy(source: &Source) -> bool {
    source.path == "tests/tidy.rs" || source.is_in("tests/tidy/")
}

pub(crate) fn is_test(source: &Source) -> bool {
    source.path.contains("test")
}
