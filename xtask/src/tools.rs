//! Programs of the tests/ crate that are started by name: the crash harness, benchmarks, simulation, fuzzing, the contract.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{self, Quiet};
use crate::workspace::Workspace;
use crate::{install, setup, web};

/// A program and how it is built.
pub(crate) struct Tool {
    command: &'static str,
    binary: &'static str,
    release: bool,
}

impl Tool {
    /// The program's name.
    pub(crate) fn binary(&self) -> &'static str {
        self.binary
    }
}

/// `kill -9` again and again.
pub(crate) const CRASH: Tool = Tool { command: "crash", binary: "kith-crash", release: false };
/// Phones and attackers at once, against the server as it ships.
pub(crate) const LOAD: Tool = Tool { command: "load", binary: "kith-load", release: true };
/// How fast, how large.
pub(crate) const BENCH: Tool = Tool { command: "bench", binary: "kith-bench", release: true };
/// Many phones and a bad network, with debug assertions on.
pub(crate) const SIM: Tool = Tool { command: "sim", binary: "kith-sim", release: false };
/// Hostile bytes, with debug assertions on.
pub(crate) const FUZZ: Tool = Tool { command: "fuzz", binary: "kith-fuzz", release: false };
/// What pages are told of the contract.
pub(crate) const CONTRACT: Tool = Tool { command: "contract", binary: "kith-contract", release: false };
/// The crate they are in.
const PACKAGE: &str = "kith-tests";
/// The phone without a screen.
pub(crate) const PHONE: &str = "kith-phone";
/// What most of them start.
pub(crate) const SERVER: &str = "kith-server";
/// Founds the demo circle.
pub(crate) const DEMO: &str = "kith-demo";

/// Builds the program and the server, then hands over the arguments and the terminal.
pub(crate) fn run(workspace: &Workspace, tool: &Tool, arguments: &[String]) -> Result<ExitCode> {
    if !has_binary(workspace, PACKAGE, tool.binary)? {
        bail!(
            "`{}` has no program yet: tests/src/bin/{}.rs (or a [[bin]] of that name) is missing",
            tool.command,
            tool.binary
        );
    }
    let profile = if tool.release { "release" } else { "debug" };
    build_binaries(workspace, tool.release, &[tool.binary], &format!("build-{}", tool.command))?;
    let status = process::loud(
        process::program(workspace.binary(profile, tool.binary))
            .args(arguments)
            .env("KITH_SERVER_BIN", workspace.binary(profile, SERVER))
            .env("KITH_BIN_DIR", workspace.target(profile)),
    )?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A bench in the browser, with the processor slowed down: of the app as it is deployed, with all set-up. `receive`: what a
/// phone's engine takes; `phone`: two years on one phone; `arrive`: from a link to one's circle; `pictures`: the README's.
pub(crate) fn bench_in_browser(workspace: &Workspace, name: &str, arguments: &[String]) -> Result<ExitCode> {
    setup::all(workspace, true)?;
    web::setup_and_build(workspace)?;
    build_binaries(workspace, false, &[PHONE], "build-bench")?;
    build_server(workspace, false, true)?;
    let mut command = process::program("npm");
    command.args(["run", "--silent", &format!("bench:{name}"), "--"]).args(arguments);
    command.current_dir(workspace.path(install::E2E));
    if let Ok(Some(browser)) = install::find_chromium() {
        command.env("KITH_CHROMIUM", browser);
    }
    let status = process::loud(
        command
            .env("KITH_SERVER_BIN", workspace.binary("debug", SERVER))
            .env("KITH_PHONE_BIN", workspace.binary("debug", PHONE))
            .env("KITH_DEMO_BIN", workspace.binary("debug", DEMO)),
    )?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `NAME=DIST …`, with whole paths: the bench runs in a folder of its own.
pub(crate) fn builds(arguments: &[String]) -> Result<Vec<String>> {
    let arguments = arguments.iter().map(|argument| match argument.split_once('=') {
        Some((build, dist)) => Ok(format!("{build}={}", std::path::absolute(dist)?.display())),
        None => bail!("{argument} is no NAME=DIST: a name for the table, and a built web app"),
    });
    arguments.collect()
}

/// How many codes the page's reader reads, and npm's `qr`, of the same pictures.
pub(crate) fn bench_codes(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    install::npm_packages(workspace, install::WEB)?;
    let mut command = process::program("npm");
    command.args(["run", "--silent", "bench:qr", "--"]).args(arguments).current_dir(workspace.path(install::WEB));
    let status = process::loud(&mut command)?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Builds the server, and programs of tests/.
pub(crate) fn build_binaries(workspace: &Workspace, release: bool, binaries: &[&str], log: &str) -> Result<()> {
    let mut command = process::cargo();
    command.args(["build", "--package", SERVER, "--bin", SERVER]).current_dir(workspace.path(""));
    for binary in binaries {
        command.args(["--package", PACKAGE, "--bin", binary]);
    }
    if release {
        command.arg("--release");
    }
    Quiet::new("building native programs", workspace.log(log)).run(&mut command)
}

/// Builds the server, and with `demo` what founds the demo circle.
pub(crate) fn build_server(workspace: &Workspace, release: bool, demo: bool) -> Result<()> {
    let mut command = process::cargo();
    command.args(["build", "--package", SERVER, "--bin", SERVER]).current_dir(workspace.path(""));
    if demo {
        command.args(["--package", DEMO, "--bin", DEMO]);
    }
    if release {
        command.arg("--release");
    }
    Quiet::new("building native programs", workspace.log("build-server")).run(&mut command)
}

/// Whether a crate of the workspace has a program of this name.
pub(crate) fn has_binary(workspace: &Workspace, package: &str, binary: &str) -> Result<bool> {
    let mut command = process::cargo();
    command.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(workspace.path(""));
    let text = process::capture(&mut command).context("`cargo metadata` failed; is Cargo.toml in order?")?;
    let metadata: Value = serde_json::from_str(&text).context("`cargo metadata` did not print JSON")?;
    let of = |value: &Value, name: &str| value.as_array().into_iter().flatten().any(|item| item["name"] == name);
    let packages = metadata["packages"].as_array().into_iter().flatten();
    Ok(packages.filter(|found| found["name"] == package).any(|found| {
        let bins: Vec<Value> = found["targets"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|target| target["kind"][0] == "bin")
            .cloned()
            .collect();
        of(&Value::Array(bins), binary)
    }))
}
