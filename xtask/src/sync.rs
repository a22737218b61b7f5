//! `cargo xtask bench sync`: what syncing costs, beside three others, through a link that is shaped and counted.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, ValueEnum};
use serde_json::json;

use crate::tools::{BENCH, PHONE, SERVER, build_binaries};
use crate::workspace::Workspace;
use crate::{install, process};

/// Where the picture goes.
const PLOT: &str = "docs/pictures/sync.svg";
const ROUNDS_MAX: u8 = 21;

/// What a phone does, or what happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Scene {
    /// Coming back after a session
    A,
    /// A new phone
    B,
    /// Nothing new
    C,
    /// A, cut at 30, 50 and 80 % and resumed
    D,
    /// B, cut at 30, 50 and 80 % and resumed
    E,
}

/// What is between a phone and its server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Link {
    /// Loopback as it is
    None,
    /// 240 kbit/s down, 120 up, a round trip of 400 ms, 1 % lost
    Edge,
    /// 50 kbit/s down, 25 up, a round trip of 700 ms, 2 % lost
    Gprs,
}

/// Who syncs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// This project, with all its trust on
    Kith,
    /// automerge-repo with its websocket server
    Automerge,
    /// Yjs with hocuspocus
    Yjs,
    /// `PouchDB` with express-pouchdb
    Pouchdb,
}

/// What syncing costs: one workload on Kith and on three others, through a link that is shaped and counted
#[derive(Parser)]
#[command(name = "cargo xtask bench sync", bin_name = "cargo xtask bench sync")]
struct SyncArgs {
    /// Of the text, of who writes what, and of what is lost on the way
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Which scenes
    #[arg(long, value_delimiter = ',', default_values = ["a", "b", "c", "d", "e"])]
    only: Vec<Scene>,
    /// Over which links; D and E over the first of them
    #[arg(long, value_delimiter = ',', default_values = ["none", "edge", "gprs"])]
    link: Vec<Link>,
    /// Whom to measure
    #[arg(long, value_delimiter = ',', default_values = ["kith", "automerge", "yjs", "pouchdb"])]
    peers: Vec<Subject>,
    /// How often; the middle counts
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=i64::from(ROUNDS_MAX)))]
    rounds: u8,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Also write a picture of it, docs/pictures/sync.svg
    #[arg(long)]
    plot: bool,
}

/// Installs the others' packages, builds Kith's programs, and runs the bench.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let name = "cargo xtask bench sync".to_owned();
    let parsed = SyncArgs::try_parse_from([name].iter().chain(arguments));
    let arguments = parsed.unwrap_or_else(|error| error.exit());
    install::npm_packages(workspace, install::BENCH_SYNC)?;
    build_binaries(workspace, false, &[BENCH.binary(), PHONE], "build-bench")?;
    let mut command = process::program("node");
    command.arg("src/main.mjs").current_dir(workspace.path(install::BENCH_SYNC));
    let status = process::loud(command.env("KITH_SYNC_BENCH", settings(workspace, &arguments)))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What the bench is told, as JSON.
fn settings(workspace: &Workspace, arguments: &SyncArgs) -> String {
    let program = |name: &str| workspace.binary("debug", name);
    let settings = json!({
        "seed": arguments.seed,
        "rounds": arguments.rounds,
        "only": names(&arguments.only),
        "links": names(&arguments.link),
        "peers": names(&arguments.peers),
        "json": arguments.json,
        "plot": arguments.plot.then(|| workspace.path(PLOT)),
        "programs": { "server": program(SERVER), "phone": program(PHONE), "bench": program(BENCH.binary()) },
    });
    settings.to_string()
}

/// As they are written on the command line, each once.
fn names<T: ValueEnum>(values: &[T]) -> Vec<String> {
    let mut names = Vec::new();
    for value in values.iter().filter_map(ValueEnum::to_possible_value) {
        if !names.iter().any(|name| name == value.get_name()) {
            names.push(value.get_name().to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &str) -> Result<SyncArgs, String> {
        SyncArgs::try_parse_from(["sync"].into_iter().chain(arguments.split_whitespace()))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn without_flags_all_is_measured_once() {
        let all = parse("").unwrap();
        assert_eq!(names(&all.only), ["a", "b", "c", "d", "e"]);
        assert_eq!(names(&all.link), ["none", "edge", "gprs"]);
        assert_eq!(names(&all.peers), ["kith", "automerge", "yjs", "pouchdb"]);
        assert_eq!((all.seed, all.rounds, all.json, all.plot), (1, 1, false, false));
    }

    #[test]
    fn some_are_chosen_each_once() {
        let some = parse("--only b,a,b --link gprs --peers yjs,kith --rounds 3 --seed 9 --json --plot").unwrap();
        assert_eq!(
            (names(&some.only), names(&some.link)),
            (vec!["b".to_owned(), "a".to_owned()], vec!["gprs".to_owned()])
        );
        assert_eq!((names(&some.peers), some.rounds, some.seed), (vec!["yjs".to_owned(), "kith".to_owned()], 3, 9));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (wrong, named) in
            [("--only f", "'f'"), ("--link 3g", "'3g'"), ("--peers samod", "'samod'"), ("--rounds 0", "0")]
        {
            let error = parse(wrong).err().unwrap_or_default();
            assert!(error.contains(named), "{wrong}: {error}");
        }
    }
}
