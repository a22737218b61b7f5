//! Child programs: quiet ones write to a log and report progress, loud ones share the terminal.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::clock::Stopwatch;
use crate::ui;

/// How often a running program is looked at.
const POLL: Duration = Duration::from_millis(25);
/// After this long in silence one wants to know that it still works.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How much of a failed program's output an error quotes.
const TAIL_LINES: usize = 30;
/// How much of the end of a log is read for quoting.
const TAIL_BYTES: u64 = 16 * 1024;

/// Starts describing a run of `program`.
pub(crate) fn program(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    // `cargo run` adds its own libraries and identity, which mislead another toolchain.
    for name in
        ["LD_LIBRARY_PATH", "CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME", "CARGO_ENCODED_RUSTFLAGS"]
    {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// Starts describing a run of the same cargo that runs xtask.
pub(crate) fn cargo() -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// A quiet run: what, where its output goes, and how long it may take.
pub(crate) struct Quiet<'a> {
    /// What it does, for messages.
    pub(crate) what: &'a str,
    /// Takes all output; written anew.
    pub(crate) log: PathBuf,
    /// It is ended after this long.
    pub(crate) limit: Option<Duration>,
}

impl<'a> Quiet<'a> {
    /// Without a time limit.
    pub(crate) fn new(what: &'a str, log: PathBuf) -> Self {
        Self { what, log, limit: None }
    }

    /// Ends the program after `limit`.
    pub(crate) fn limit(self, limit: Duration) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// Runs it; a failure quotes the end of its output.
    pub(crate) fn run(&self, command: &mut Command) -> Result<()> {
        let status = self.status(command)?;
        if status.success() {
            return Ok(());
        }
        bail!("{} failed ({status}):\n{}\nall of it: {}", self.what, tail(&self.log, TAIL_LINES), self.log.display())
    }

    /// Runs it and hands over how it ended.
    pub(crate) fn status(&self, command: &mut Command) -> Result<ExitStatus> {
        if let Some(folder) = self.log.parent() {
            fs::create_dir_all(folder).with_context(|| format!("{} cannot be created", folder.display()))?;
        }
        let file = File::create(&self.log).with_context(|| format!("{} cannot be written", self.log.display()))?;
        command.stdout(file.try_clone().context("a log handle cannot be copied")?).stderr(file);
        let mut child = spawn(command)?;
        let watch = Stopwatch::start();
        let mut next_beat = HEARTBEAT;
        loop {
            if let Some(status) = child.try_wait().with_context(|| format!("{} cannot be waited for", self.what))? {
                return Ok(status);
            }
            let elapsed = watch.elapsed();
            if self.limit.is_some_and(|limit| elapsed > limit) {
                child.kill().ok();
                child.wait().ok();
                bail!("{} was still running after {} and was ended", self.what, watch.took());
            }
            if elapsed >= next_beat {
                next_beat += HEARTBEAT;
                ui::note(format_args!("{} ({}) {}", self.what, watch.took(), last_line(&self.log)));
            }
            thread::sleep(POLL);
        }
    }
}

/// Runs a program on this terminal.
pub(crate) fn loud(command: &mut Command) -> Result<ExitStatus> {
    spawn(command.stdin(Stdio::inherit()))?.wait().context("the program cannot be waited for")
}

/// Runs a program and returns what it printed, or nothing when it failed or is not there.
pub(crate) fn capture(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn spawn(command: &mut Command) -> Result<Child> {
    let name = Path::new(command.get_program()).display().to_string();
    command.spawn().with_context(|| format!("{name} cannot be started; is it installed and on the PATH?"))
}

/// The last lines of a log.
pub(crate) fn tail(log: &Path, lines: usize) -> String {
    let text = end_of(log).unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

fn last_line(log: &Path) -> String {
    let text = end_of(log).unwrap_or_default();
    let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line.trim().chars().take(100).collect()
}

fn end_of(log: &Path) -> Option<String> {
    let mut file = File::open(log).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES))).ok()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
