//! `cargo xtask serve`: from source to a running server and a link to open.

use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::thread;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::clock::Stopwatch;
use crate::install;
use crate::process;
use crate::tools::{self, DEMO, SERVER};
use crate::ui::{self, Step};
use crate::wasm::{self, Route, WasmArgs};
use crate::web;
use crate::workspace::Workspace;

/// Flags of `serve`.
#[derive(Args)]
pub(crate) struct ServeArgs {
    /// Serve a circle with a past: 12 members, 50 session notes, 2,000 messages; keeps its data in ./data-demo
    #[arg(long)]
    pub(crate) demo: bool,
    /// The port on 127.0.0.1
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,
    /// Where the server keeps its data [default: ./data, with --demo ./data-demo]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Quick builds for work on the source: debug server, WASM without link-time optimisation
    #[arg(long, conflicts_with = "release")]
    pub(crate) dev: bool,
    /// Builds as they are deployed (the default)
    #[arg(long)]
    pub(crate) release: bool,
}

/// Builds what changed, then becomes the server.
pub(crate) fn run(workspace: &Workspace, arguments: &ServeArgs) -> Result<ExitCode> {
    let watch = Stopwatch::start();
    if !tools::has_binary(workspace, SERVER, SERVER)? {
        bail!("the crate {SERVER} has no program {SERVER}; server/src/main.rs is missing");
    }
    check_port(arguments.port)?;
    ui::heading("Kith: building what changed");
    let route = Route::ensure(workspace)?;
    install::npm_packages(workspace, install::WEB)?;
    thread::scope(|scope| {
        let server = scope.spawn(|| build_server(workspace, arguments));
        let wasm = WasmArgs { dev: arguments.dev, profile: false };
        let client = wasm::build(workspace, route, wasm).and_then(|()| web::build(workspace));
        let server = server.join().unwrap_or_else(|_| bail!("building the server broke off"));
        client.and(server)
    })?;
    ui::note(format_args!("ready after {}", watch.took()));
    let profile = if arguments.dev { "debug" } else { "release" };
    if arguments.demo {
        let mut demo = process::program(workspace.binary(profile, DEMO));
        let status = process::loud(demo.args(place(workspace, arguments)))?;
        if !status.success() {
            return Ok(ExitCode::FAILURE);
        }
    }
    become_server(&mut command(workspace, &workspace.binary(profile, SERVER), arguments))
}

/// Said before a build that takes minutes, not after it.
fn check_port(port: u16) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    listener.map(drop).with_context(|| {
        format!("127.0.0.1:{port} cannot be listened at; stop what listens there, or name another port with --port")
    })
}

fn build_server(workspace: &Workspace, arguments: &ServeArgs) -> Result<()> {
    let step = Step::start("server");
    tools::build_server(workspace, !arguments.dev, arguments.demo)?;
    step.done();
    Ok(())
}

/// What the server and the program that founds the demo circle are told alike: where the data is, and where it listens.
fn place(workspace: &Workspace, arguments: &ServeArgs) -> Vec<OsString> {
    let default = if arguments.demo { "data-demo" } else { "data" };
    let data: PathBuf = arguments.data.clone().unwrap_or_else(|| workspace.path(default));
    let listen = format!("127.0.0.1:{}", arguments.port);
    vec!["--data".into(), data.into(), "--listen".into(), listen.into()]
}

fn command(workspace: &Workspace, server: &Path, arguments: &ServeArgs) -> Command {
    let mut command = process::program(server);
    command
        .arg("serve")
        .args(place(workspace, arguments))
        // Several may run side by side on a development machine.
        .args(["--metrics-listen", "127.0.0.1:0"])
        .arg("--web")
        .arg(workspace.web_dist());
    if !arguments.demo {
        command.arg("--first-run");
    }
    command
}

/// Hands the process over, so that Ctrl-C and signals reach the server itself.
#[cfg(unix)]
fn become_server(command: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;
    let error = command.exec();
    bail!("{} cannot be started: {error}", Path::new(command.get_program()).display())
}

/// Runs the server and waits for it.
#[cfg(not(unix))]
fn become_server(command: &mut Command) -> Result<ExitCode> {
    let status = process::loud(command)?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
