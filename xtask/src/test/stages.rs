//! What each stage runs.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{self, Quiet};
use crate::size::Sizes;
use crate::test::Run;
use crate::test::counts::{self, Counts};
use crate::test::report::Outcome;
use crate::tools::SERVER;
use crate::wasm::{self, Route, WasmArgs};
use crate::{install, setup, web};

/// Everything native: the client's modules build only for WebAssembly.
const NATIVE_PACKAGES: [&str; 6] =
    ["--workspace", "--exclude", "kith-client-wasm", "--exclude", "kith-unpack-wasm", "--locked"];

/// Runs a command as a stage; `read` finds counts in its output.
pub(super) fn execute(command: &mut Command, log: &Path, read: fn(&str) -> Option<Counts>) -> Result<Outcome> {
    command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1").env("CI", "1").env_remove("FORCE_COLOR");
    let name = log.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let status = Quiet::new(&name, log.to_path_buf()).status(command)?;
    let output = fs::read(log).with_context(|| format!("{} cannot be read", log.display()))?;
    Ok(Outcome::ran(status.success(), read(&String::from_utf8_lossy(&output))))
}

/// For checks that are one test in themselves.
pub(super) fn no_counts(_output: &str) -> Option<Counts> {
    None
}

fn cargo(run: &Run<'_>, arguments: &[&str]) -> Command {
    let mut command = process::cargo();
    command.args(arguments).current_dir(run.workspace.path(""));
    command
}

pub(super) fn fmt(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    execute(&mut cargo(run, &["fmt", "--all", "--", "--check"]), log, no_counts)
}

pub(super) fn clippy(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    let mut command = cargo(run, &["clippy"]);
    execute(command.args(NATIVE_PACKAGES).args(["--all-targets", "--", "-D", "warnings"]), log, no_counts)
}

pub(super) fn build(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    let mut command = cargo(run, &["build"]);
    command.args(NATIVE_PACKAGES).args(["--exclude", "xtask", "--bins", "--tests"]);
    execute(&mut command, log, no_counts)
}

pub(super) fn rust(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    let mut command = cargo(run, &["test"]);
    command.args(NATIVE_PACKAGES).args(["--exclude", "xtask", "--no-fail-fast"]).args(run.name_filter);
    if run.full {
        command.args(["--", "--include-ignored"]);
    }
    let outcome = execute(with_environment(run, &mut command), log, counts::of_cargo)?;
    match run.name_filter {
        Some(name) if outcome.is_empty() => bail!("no Rust test has {name:?} in its name; --list names the stages"),
        _ => Ok(outcome),
    }
}

/// Every step of rotate and restore, a sample of the others; with `--full` all of all.
pub(super) fn crash(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    let mut command = process::program(run.workspace.binary("debug", "kith-crash"));
    command.args(["--cycles", "0"]).args(run.full.then_some("--full")).current_dir(run.workspace.path(""));
    let outcome = execute(with_environment(run, &mut command), log, no_counts)?;
    let text = fs::read_to_string(log).unwrap_or_default();
    let steps = text.lines().find(|line| line.starts_with("steps are ")).map(str::to_owned);
    Ok(outcome.noting(steps))
}

pub(super) fn xtask(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    execute(&mut cargo(run, &["test", "--package", "xtask", "--locked"]), log, counts::of_cargo)
}

pub(super) fn set_up(run: &Run<'_>, _log: &Path) -> Result<Outcome> {
    setup::all(run.workspace, true)?;
    Ok(Outcome::ran(true, None))
}

pub(super) fn build_wasm(run: &Run<'_>, _log: &Path) -> Result<Outcome> {
    let route = Route::ensure(run.workspace)?;
    wasm::build(run.workspace, route, WasmArgs::default())?;
    Ok(Outcome::ran(true, None))
}

pub(super) fn clippy_wasm(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    let route = Route::ensure(run.workspace)?;
    execute(&mut wasm::clippy(run.workspace, route)?, log, no_counts)
}

pub(super) fn web_check(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    npm(run, install::WEB, "check", log, no_counts)
}

pub(super) fn web_lint(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    npm(run, install::WEB, "lint", log, no_counts)
}

pub(super) fn web_unit(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    npm(run, install::WEB, "test", log, counts::of_vitest)
}

pub(super) fn web_build(run: &Run<'_>, _log: &Path) -> Result<Outcome> {
    web::build(run.workspace)?;
    Ok(Outcome::ran(true, None))
}

pub(super) fn size(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    let sizes = Sizes::measure(run.workspace)?;
    fs::write(log, sizes.table()).with_context(|| format!("{} cannot be written", log.display()))?;
    sizes.hold()?;
    Ok(Outcome::ran(true, None))
}

pub(super) fn web_engine(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    npm(run, install::WEB, "test:browser", log, counts::of_vitest)
}

/// Without its peers, whose packages are not installed for this.
pub(super) fn bench_sync(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    npm(run, install::BENCH_SYNC, "test", log, counts::of_node)
}

pub(super) fn e2e(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    npm(run, install::E2E, "test", log, counts::of_node)
}

/// Runs a script of a package.json, where there is one.
fn npm(run: &Run<'_>, folder: &str, script: &str, log: &Path, read: fn(&str) -> Option<Counts>) -> Result<Outcome> {
    let path = run.workspace.path(folder);
    let package: Option<Value> =
        fs::read(path.join("package.json")).ok().and_then(|text| serde_json::from_slice(&text).ok());
    if !package.is_some_and(|package| package["scripts"][script].is_string()) {
        return Ok(Outcome::not_run(format!("{folder}/package.json has no script {script:?}")));
    }
    let mut command = process::program("npm");
    command.args(["run", "--silent", script]).current_dir(path);
    execute(with_environment(run, &mut command), log, read)
}

/// What tests are told about where things are.
fn with_environment<'a>(run: &Run<'_>, command: &'a mut Command) -> &'a mut Command {
    if let Ok(Some(browser)) = install::find_chromium() {
        command.env("KITH_CHROMIUM", browser);
    }
    if run.full {
        command.env("KITH_FULL", "1");
    }
    command
        .env("KITH_BIN_DIR", run.workspace.target("debug"))
        .env("KITH_SERVER_BIN", run.workspace.binary("debug", SERVER))
        .env("KITH_WEB_DIST", run.workspace.web_dist())
}
