//! Who may know whom, beside what lies in layers: crates, libraries, the disk, clocks, the web's folders.

use super::source::{Source, hold, is_test, is_tidy, naming, sources};

#[test]
fn server_and_client_do_not_know_each_other() {
    let all = sources(&[".rs", "Cargo.toml"]);
    let (server, client): (Vec<_>, Vec<_>) = all
        .into_iter()
        .filter(|source| source.is_in("server/") || source.is_in("client-wasm/") || source.is_in("shared/"))
        .partition(|source| source.is_in("server/"));
    let rule = "server -> shared and client-wasm -> shared, and nothing between them or back";
    hold(rule, naming(&server, &["kith_client", "kith-client", "client-wasm"], |_| false));
    hold("the server knows no demo circle", naming(&server, &["kith_demo", "kith-demo", "demo circle"], |_| false));
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
