//! The rules that the compiler does not hold: who may know whom, sizes, names. Each failure says where and what to
//! do. `docs/ARCHITECTURE.md` has the reasons.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that are not ours to judge.
const SKIPPED: [&str; 9] =
    ["target", "node_modules", ".git", "dist", "pkg", "test-results", "data", "data-demo", "paraglide"];
const LINES_MAX: usize = 600;
const COMPONENT_LINES_MAX: usize = 250;

struct Source {
    /// From the top of the project, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// The lines that are no comments, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_comment = |line: &str| line.starts_with("//") || line.starts_with('*') || line.starts_with("/*");
        self.text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())).filter(move |(_, line)| !is_comment(line))
    }

    fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn collect(folder: &Path, top: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() && !SKIPPED.contains(&name.as_str()) {
            collect(&path, top, sources);
        }
        let ours = ["rs", "ts", "svelte", "toml", "md", "css", "mjs", "js"];
        if path.extension().is_some_and(|end| ours.iter().any(|ours| end == *ours)) {
            let relative = path.strip_prefix(top).unwrap().to_string_lossy().replace('\\', "/");
            sources.push(Source { path: relative, text: fs::read_to_string(&path).unwrap() });
        }
    }
}

fn sources(ends: &[&str]) -> Vec<Source> {
    let (top, mut found) = (top(), Vec::new());
    collect(&top, &top, &mut found);
    found.retain(|source| ends.iter().any(|end| source.path.ends_with(end)));
    assert!(!found.is_empty(), "no {ends:?} below {}", top.display());
    found
}

fn hold(rule: &str, broken: Vec<String>) {
    assert!(broken.is_empty(), "{rule}\n  {}", broken.join("\n  "));
}

/// Every line of code of these sources that holds one of the words.
fn naming(sources: &[Source], words: &[&str], allowed: impl Fn(&Source) -> bool) -> Vec<String> {
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

/// This file names what it forbids.
fn is_tidy(source: &Source) -> bool {
    source.path == "tests/tidy.rs"
}

#[test]
fn server_and_client_do_not_know_each_other() {
    let all = sources(&[".rs", "Cargo.toml"]);
    let (server, client): (Vec<_>, Vec<_>) = all
        .into_iter()
        .filter(|source| source.is_in("server/") || source.is_in("client-wasm/") || source.is_in("shared/"))
        .partition(|source| source.is_in("server/"));
    let rule = "server -> shared and client-wasm -> shared, and nothing between them or back";
    hold(rule, naming(&server, &["kith_client", "kith-client", "client-wasm"], |_| false));
    hold(rule, naming(&client, &["kith_server", "kith-server"], |_| false));
}

#[test]
fn shared_is_pure() {
    let shared: Vec<Source> = sources(&[".rs"]).into_iter().filter(|source| source.is_in("shared/src/")).collect();
    let banned =
        ["std::fs", "std::net", "std::thread", "std::env", "tokio", "async fn", "SystemTime", "Instant", "getrandom"];
    hold(
        "shared has no IO, clock, entropy or async of its own: take it as an argument",
        naming(&shared, &banned, is_test),
    );
}

#[test]
fn the_layers_of_shared_point_down() {
    let shared: Vec<Source> = sources(&[".rs"]).into_iter().filter(|source| source.is_in("shared/src/")).collect();
    let layers: [(&str, &[&str]); 8] = [
        ("shared/src/ids", &["document", "trust", "gate", "wire", "storage", "sync", "client"]),
        ("shared/src/time.rs", &["document", "trust", "gate", "wire", "storage", "sync", "client"]),
        ("shared/src/codec.rs", &["document", "trust", "gate", "wire", "storage", "sync", "client"]),
        ("shared/src/trust/", &["sync", "client", "wire"]),
        ("shared/src/seal/", &["sync", "client", "wire", "storage"]),
        ("shared/src/storage/", &["sync", "client", "wire", "trust", "document", "gate"]),
        ("shared/src/wire/", &["sync", "client", "storage"]),
        ("shared/src/sync/", &["client"]),
    ];
    for (below, above) in layers {
        let words: Vec<String> = above.iter().map(|name| format!("crate::{name}::")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let is_below = |source: &Source| source.is_in(below) && !is_test(source);
        hold(&format!("{below} lies below {above:?}"), naming(&shared, &words, |source| !is_below(source)));
    }
    let documents: Vec<Source> = shared.into_iter().filter(|source| source.is_in("shared/src/sync/")).collect();
    let of_documents = documents.iter().flat_map(|source| source.code().map(move |line| (source, line)));
    let named = of_documents
        .filter(|(source, (_, line))| !is_test(source) && line.contains("crate::document"))
        .filter(|(_, (_, line))| *line != "use crate::document::DocumentName;")
        .map(|(source, (at, line))| format!("{}:{at}: {line}", source.path));
    hold("sync knows no document's schema, only DocumentName", named.collect());
}

fn is_test(source: &Source) -> bool {
    source.path.contains("test")
}

#[test]
fn libraries_stay_in_their_places() {
    let rust: Vec<Source> = sources(&[".rs"]).into_iter().filter(|source| !is_tidy(source)).collect();
    let server = |places: &'static [&'static str]| {
        move |source: &Source| places.iter().any(|place| source.is_in(place)) || !source.is_in("server/")
    };
    hold(
        "sled is named in server/src/store/sled/ alone",
        naming(&rust, &["sled::"], |source| {
            source.is_in("server/src/store/sled/") || source.path == "server/src/store/mod.rs" || source.is_in("tests/")
        }),
    );
    hold(
        "axum is for the routes and the start-up",
        naming(
            &rust,
            &["axum::"],
            server(&["server/src/routes/", "server/src/serve.rs", "server/src/web/", "server/src/testing.rs"]),
        ),
    );
    let in_client = |source: &Source| source.is_in("client-wasm/") || source.is_in("xtask/");
    hold("wasm_bindgen is for client-wasm", naming(&rust, &["wasm_bindgen"], in_client));
}

#[test]
fn the_server_changes_the_disk_in_one_file() {
    let changes = [
        "fs::rename",
        "fs::remove_",
        "fs::create_dir",
        "fs::write",
        "fs::hard_link",
        "File::create",
        "OpenOptions::new",
    ];
    let rust = sources(&[".rs"]).into_iter().filter(|source| source.is_in("server/src/") && !is_test(source));
    let shipped = rust.map(|source| {
        let text = source.text.split("mod tests {").next().unwrap_or_default().to_owned();
        Source { text, ..source }
    });
    let broken = naming(&shipped.collect::<Vec<_>>(), &changes, |source| source.path == "server/src/files.rs");
    hold("the disk is changed through server/src/files.rs, where a test can stop it", broken);
}

#[test]
fn clocks_are_read_in_one_file_of_each_shell() {
    let rust: Vec<Source> = sources(&[".rs"]).into_iter().filter(|source| !is_tidy(source)).collect();
    let clocks = ["server/src/clock.rs", "tests/src/clock.rs", "xtask/src/clock.rs", "client-wasm/src/clock.rs"];
    let words = ["SystemTime::now", "Instant::now", "Date::now", "performance().now"];
    hold(
        "take the time as an argument",
        naming(&rust, &words, |source| {
            is_test(source) && source.path != "tests/src/clock.rs" && !source.is_in("tests/")
                || clocks.contains(&source.path.as_str())
        }),
    );
}

#[test]
fn the_web_points_one_way() {
    let web: Vec<Source> = sources(&[".ts", ".svelte"]).into_iter().filter(|source| source.is_in("web/src/")).collect();
    let imports = |words: &[&str], in_folder: &str, allowed: &[&str]| -> Vec<String> {
        naming(&web, words, |source| {
            !source.is_in(in_folder)
                || allowed.iter().any(|place| source.is_in(place))
                || source.path.contains(".test.")
        })
        .into_iter()
        .filter(|line| line.contains("import") || line.contains("from "))
        .collect()
    };
    let pkg = ["/pkg/", "/pkg'", "$pkg"];
    hold(
        "only the bridge imports the WASM package",
        imports(&pkg, "web/src/", &["web/src/bridge/", "web/src/worker/"]),
    );
    hold("state does not know views", imports(&["/views/", "/ui/"], "web/src/state/", &[]));
    hold("the bridge knows neither state nor views", imports(&["/state/", "/views/", "/ui/"], "web/src/bridge/", &[]));
    hold("views ask the state, not the worker", imports(&["/worker/"], "web/src/views/", &[]));
}

#[test]
fn files_are_short() {
    let long = |source: &Source| {
        let max = if source.path.ends_with(".svelte") { COMPONENT_LINES_MAX } else { LINES_MAX };
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

#[test]
fn a_format_and_its_document_name_each_other() {
    let protocol = fs::read_to_string(top().join("docs/PROTOCOL.md")).unwrap();
    let lacking = ["wire/frame.rs", "wire/page.rs", "gate/", "trust/", "codec.rs"].into_iter();
    hold(
        "docs/PROTOCOL.md links every writer",
        lacking.filter(|name| !protocol.contains(name)).map(str::to_owned).collect(),
    );
    for link in protocol.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let path = link.split('#').next().unwrap();
        let is_here = path.is_empty() || path.starts_with("http") || top().join("docs").join(path).exists();
        assert!(is_here, "docs/PROTOCOL.md links {link}, which is not there");
    }
}

/// `[`name`](file)` names what tries a claim.
#[test]
fn every_test_that_the_threats_name_is_in_its_file() {
    let threats = fs::read_to_string(top().join("docs/THREATS.md")).unwrap();
    let mut named = 0;
    for (name, rest) in threats.split("[`").skip(1).filter_map(|rest| rest.split_once("`](")) {
        let path = rest.split(')').next().unwrap();
        let file = fs::read_to_string(top().join("docs").join(path)).unwrap_or_default();
        let is_there = file.contains(&format!("fn {name}(")) || file.contains(&format!("'{name}'"));
        assert!(is_there, "docs/THREATS.md names {name} in {path}, where it is not");
        named += 1;
    }
    assert!(named > 80, "docs/THREATS.md names {named} tests");
}
