//! Sizes, and words that do not belong into files.

use super::source::{Source, hold, is_tidy, sources};

const LINES_MAX: usize = 600;
const COMPONENT_LINES_MAX: usize = 250;
/// The list of the engine's commands is one declaration, which can't be parted without parting the contract, and what is
/// written from it is one, too: they grow by a few lines with each command.
const COMMANDS: [&str; 2] = ["shared/src/client/command.rs", "web/src/bridge/contract/commands.ts"];
const COMMANDS_LINES_MAX: usize = 800;

#[test]
fn files_are_short() {
    let long = |source: &Source| {
        let max = match &source.path {
            path if path.ends_with(".svelte") => COMPONENT_LINES_MAX,
            path if COMMANDS.contains(&path.as_str()) => COMMANDS_LINES_MAX,
            _ => LINES_MAX,
        };
        let lines = source.text.lines().count();
        (lines > max).then(|| format!("{}: {lines} lines, {max} at most: split it", source.path))
    };
    hold("a file has one subject", sources(&[".rs", ".ts", ".svelte"]).iter().filter_map(long).collect());
}

#[test]
fn nothing_is_left_to_do() {
    let all: Vec<Source> =
        sources(&[".rs", ".ts", ".svelte", ".js", ".mjs"]).into_iter().filter(|source| !is_tidy(source)).collect();
    let words = ["// TODO", "/// TODO", "FIXME", "XXX:", "unimplemented!(", "todo!("];
    let lines = all.iter().flat_map(|source| source.text.lines().enumerate().map(move |line| (source, line)));
    let found = lines
        .filter(|(_, (_, line))| words.iter().any(|word| line.contains(word)))
        .map(|(source, (at, line))| format!("{}:{}: {}", source.path, at + 1, line.trim()));
    hold("do it, or write it in the changelog as not there yet", found.collect());
}

#[test]
fn no_path_of_a_machine_is_written_down() {
    let all: Vec<Source> = sources(&[".rs", ".ts", ".svelte", ".js", ".mjs", ".toml", ".md"])
        .into_iter()
        .filter(|s| !is_tidy(s))
        .collect();
    let words = ["/home/", "/Users/", "/work/", "/root/", "C:\\"];
    let lines = all.iter().flat_map(|source| source.text.lines().enumerate().map(move |line| (source, line)));
    let found = lines
        .filter(|(_, (_, line))| words.iter().any(|word| line.contains(word)))
        .map(|(source, (at, line))| format!("{}:{}: {}", source.path, at + 1, line.trim()));
    hold("a stranger's machine has other paths", found.collect());
}
