//! Files that nothing uses: a Rust file that no `mod` reaches, a script or component that nothing imports.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::modules::Crate;
use super::sample::sample;
use super::source::{Source, collect, hold, sources, top};

/// Where the browser and the tools begin; all else is imported. `connect.ts` is put in the place of `$bridge` by the
/// build that shows screens without an engine.
const BEGINNINGS: [&str; 3] = ["web/src/main.ts", "web/src/sw/sw.ts", "web/src/testing/connect.ts"];
/// Pieces whose room is still to come: they are reached by nothing that is shipped, or they no longer belong here.
const WAITING: [&str; 1] = ["web/src/ui/Moving.svelte"];
/// What `$bridge` stands for.
const BRIDGE: &str = "web/src/bridge/index.ts";

/// The files of a package that the compiler begins with: those of their usual names, and those its manifest names.
fn tops(manifest: &Path) -> Vec<PathBuf> {
    let folder = manifest.parent().unwrap();
    let text = fs::read_to_string(manifest).unwrap();
    let named = text.lines().filter_map(|line| line.strip_prefix("path = \"")?.strip_suffix(".rs\""));
    let mut tops: Vec<PathBuf> = named.map(|path| folder.join(format!("{path}.rs"))).collect();
    tops.extend(["src/lib.rs", "src/main.rs", "build.rs"].map(|path| folder.join(path)));
    let also: &[&str] = if text.contains("autotests = false") { &["src/bin"] } else { &["src/bin", "tests"] };
    for also in also {
        let entries = fs::read_dir(folder.join(also)).into_iter().flatten().flatten().map(|entry| entry.path());
        tops.extend(entries.flat_map(|path| [path.join("main.rs"), path]));
    }
    tops.retain(|path| path.is_file() && path.extension().is_some_and(|end| end == "rs"));
    tops
}

/// The Rust files below a folder that no package reaches.
fn unreached(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    collect(folder, folder, &mut all);
    let of = |end: &'static str| all.iter().filter(move |source| source.path.ends_with(end));
    let manifests = of("Cargo.toml").map(|source| folder.join(&source.path));
    let crates = manifests.flat_map(|manifest| tops(&manifest)).map(|top| Crate::read(&top));
    let reached: BTreeSet<PathBuf> = crates.flat_map(|read| read.files()).collect();
    let mut dead: Vec<String> = of(".rs").map(|source| source.path.clone()).collect();
    dead.retain(|path| !reached.contains(&folder.join(path)));
    dead.sort_unstable();
    dead
}

/// The files that a script, component or page names, as far as they are among these.
fn named_in(source: &Source, all: &BTreeSet<&str>) -> Vec<String> {
    let mut found = Vec::new();
    for text in source.text.split(['\'', '"', '`', '\n']) {
        let text = text.split('?').next().unwrap_or_default();
        let path = match text {
            "$bridge" => BRIDGE.to_owned(),
            _ if text.starts_with("./") || text.starts_with("../") => beside(&source.path, text),
            _ if text.starts_with("/src/") => format!("web{text}"),
            // As settings name files.
            _ if text.ends_with(".ts") && !text.contains(' ') => beside(&source.path, text),
            _ => continue,
        };
        let ends = ["", ".ts", ".svelte", ".svelte.ts", ".mjs", ".js", "/index.ts"];
        let stem = path.strip_suffix(".js").unwrap_or(&path);
        let candidates = ends.iter().flat_map(|end| [format!("{path}{end}"), format!("{stem}{end}")]);
        found.extend(candidates.filter(|path| all.contains(path.as_str())));
    }
    found
}

/// A relative path, from a file's folder on.
fn beside(file: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// What is reached from these files on.
fn reached(all: &[Source], from: impl Fn(&Source) -> bool) -> BTreeSet<&str> {
    let paths: BTreeSet<&str> = all.iter().map(|source| source.path.as_str()).collect();
    let mut waiting: Vec<&Source> = all.iter().filter(|source| from(source)).collect();
    let mut reached: BTreeSet<&str> = waiting.iter().map(|source| source.path.as_str()).collect();
    while let Some(source) = waiting.pop() {
        for path in named_in(source, &paths) {
            if let Some(next) = all.iter().find(|source| source.path == path)
                && reached.insert(&next.path)
            {
                waiting.push(next);
            }
        }
    }
    reached
}

fn is_of_tests(source: &Source) -> bool {
    source.path.contains(".test.") || !source.is_in("web/src/") || source.is_in("web/src/testing/")
}

/// Whether a tool finds it by itself: tests, what is run by hand or by npm, settings, types, pages.
fn is_beginning(source: &Source) -> bool {
    let path = &source.path;
    let by_name = [".test.", ".config.", ".d.ts", ".html"].iter().any(|part| path.contains(part));
    by_name || path.contains("/bench/") || BEGINNINGS.contains(&path.as_str())
}

fn web(of: Vec<Source>) -> Vec<String> {
    let begins = |source: &Source| BEGINNINGS.contains(&source.path.as_str()) || source.path.ends_with(".d.ts");
    let mounted = reached(&of, begins);
    let waits = |source: &Source| WAITING.contains(&source.path.as_str());
    let late: Vec<String> = WAITING.into_iter().filter(|path| mounted.contains(path)).map(str::to_owned).collect();
    hold("it is mounted, and waits no longer: take it out of WAITING", late);
    let shipped = reached(&of, |source| begins(source) || waits(source));
    let tried = reached(&of, is_beginning);
    let dead = of.iter().filter(|source| !source.path.ends_with(".html")).filter(|source| {
        let path = source.path.as_str();
        if is_of_tests(source) { !tried.contains(path) } else { !shipped.contains(path) }
    });
    dead.map(|source| source.path.clone()).collect()
}

#[test]
fn every_rust_file_is_compiled() {
    hold("no `mod` reaches it: take it in or remove it", unreached(&top()));
}

#[test]
fn every_script_and_component_is_imported() {
    let all = sources(&[".ts", ".svelte", ".mjs", ".js", ".html"]);
    let all = all.into_iter().filter(|source| source.is_in("web/") || source.is_in("tests/e2e/")).collect();
    hold("nothing that is shipped imports it, or no test needs it: remove it", web(all));
}

#[test]
fn a_rust_file_that_nobody_declares_is_found() {
    let folder = sample(&[
        ("one/Cargo.toml", "[[test]]\npath = \"odd.rs\"\n"),
        ("one/src/lib.rs", "mod kept; mod inline { mod within; }"),
        ("one/src/kept.rs", "#[cfg(test)] mod tests;"),
        ("one/src/kept/tests.rs", ""),
        ("one/src/inline/within.rs", "#[path = \"elsewhere.rs\"] mod other;"),
        ("one/src/inline/elsewhere.rs", ""),
        ("one/src/inline/dead.rs", ""),
        ("one/src/bin/tool.rs", ""),
        ("one/odd.rs", ""),
        ("one/even.rs", ""),
    ]);
    assert_eq!(unreached(folder.path()), ["one/even.rs", "one/src/inline/dead.rs"]);
}

#[test]
#[should_panic(expected = "take it out of WAITING")]
fn a_piece_that_waits_and_is_mounted_is_found() {
    let source = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
    web(vec![source("web/src/main.ts", "import Moving from './ui/Moving.svelte';"), source(WAITING[0], "")]);
}

#[test]
fn a_component_that_only_its_test_imports_is_found() {
    let source = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
    let dead = web(vec![
        source("web/src/main.ts", "import App from './App.svelte';"),
        source("web/src/App.svelte", "const Later = () => import('./views/Later.svelte'); import '$bridge';"),
        source("web/src/views/Later.svelte", "import { x } from '../state/x.svelte'; "),
        source("web/src/state/x.svelte.ts", ""),
        source("web/src/bridge/index.ts", "import worker from '../worker/engine.ts?worker&url'"),
        source("web/src/worker/engine.ts", ""),
        source("web/src/ui/Tried.svelte", ""),
        source("web/src/ui/Tried.test.ts", "import Tried from './Tried.svelte'; import '../testing/help'"),
        source("web/src/testing/help.ts", ""),
        source("web/src/testing/lost.ts", ""),
    ]);
    assert_eq!(dead, ["web/src/ui/Tried.svelte", "web/src/testing/lost.ts"]);
}
