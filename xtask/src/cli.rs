//! The commands and their flags.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use crate::serve::ServeArgs;
use crate::test::TestArgs;
use crate::wasm::WasmArgs;
use crate::workspace::Workspace;
use crate::{serve, setup, size, sync, test, tools, wasm, web};

/// Kith's own tool: builds, serves, tests and measures the whole project.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing: a Rust toolchain for WebAssembly, npm packages, and a Chromium with --test
    Setup {
        /// Also install what only `cargo xtask test` needs
        #[arg(long)]
        test: bool,
    },
    /// Build everything, start the server and print its address and an enrolment link
    Serve(ServeArgs),
    /// Run every check and test, and print `N passed, N failed` at the end
    Test(TestArgs),
    /// Build the client's core into web/pkg
    Wasm(WasmArgs),
    /// Build the web app (and the core, if it changed) into web/dist
    Web,
    /// Print what a first visit downloads, compressed with Brotli, and hold each language to the bounds
    Size {
        /// Print one JSON object with `first_screen_bytes`, `way_in_bytes` and `everything_bytes`
        #[arg(long)]
        json: bool,
    },
    /// Kill the server as it writes, and its commands at every step, and count what is lost (see --help after --)
    Crash(PassArgs),
    /// Let honest phones sync while others attack the server: `load --hostile` (see --help after --)
    Load(PassArgs),
    /// Run the benchmarks; `bench browser`: the engine in Chromium, with the processor six times slower; `bench phone`:
    /// two years on one phone; `bench arrive`: from a link into the circle, at four network speeds; `bench qr`: the code
    /// reader compared with another one; `bench sync`: what syncing costs, beside three others (`bench sync --help`)
    Bench(PassArgs),
    /// Simulate many phones on a bad network
    Sim(PassArgs),
    /// Feed hostile bytes to every parser
    Fuzz(PassArgs),
    /// Write web/src/bridge/contract from what the core declares
    Contract,
    /// Take the README's pictures of the demo circle, into docs/pictures
    Pictures,
}

/// What is handed on to a program in tests/ as it stands.
#[derive(Args)]
#[command(disable_help_flag = true)]
struct PassArgs {
    /// Arguments for the program
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Reads the command line and does what it says.
pub(crate) fn run() -> Result<ExitCode> {
    let command = Cli::parse().command;
    let workspace = Workspace::find()?;
    let done = |()| ExitCode::SUCCESS;
    match command {
        Command::Setup { test } => setup::all(&workspace, test).map(done),
        Command::Serve(arguments) => serve::run(&workspace, &arguments),
        Command::Test(arguments) => test::run(&workspace, &arguments),
        Command::Wasm(arguments) => wasm::setup_and_build(&workspace, arguments).map(done),
        Command::Web => web::setup_and_build(&workspace).map(done),
        Command::Size { json } => size::run(&workspace, json).map(done),
        Command::Crash(pass) => tools::run(&workspace, &tools::CRASH, &pass.arguments),
        Command::Load(pass) => tools::run(&workspace, &tools::LOAD, &pass.arguments),
        Command::Bench(pass) => bench(&workspace, &pass.arguments),
        Command::Sim(pass) => tools::run(&workspace, &tools::SIM, &pass.arguments),
        Command::Fuzz(pass) => tools::run(&workspace, &tools::FUZZ, &pass.arguments),
        Command::Contract => tools::run(&workspace, &tools::CONTRACT, &[]),
        Command::Pictures => tools::bench_in_browser(&workspace, "pictures", &[]),
    }
}

fn bench(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    match arguments.split_first() {
        Some((name, [])) if name == "browser" => tools::bench_in_browser(workspace, "receive", &[]),
        Some((name, rest)) if name == "arrive" => tools::bench_in_browser(workspace, "arrive", &tools::builds(rest)?),
        Some((name, rest)) if name == "phone" => tools::bench_in_browser(workspace, "phone", rest),
        Some((name, rest)) if name == "qr" => tools::bench_codes(workspace, rest),
        Some((name, rest)) if name == "sync" => sync::run(workspace, rest),
        _ => tools::run(workspace, &tools::BENCH, arguments),
    }
}
