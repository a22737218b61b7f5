//! The real `kith-server` as a process, to be started, asked and killed.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::phone::Agent;

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The program is not there.
    #[error("kith-server is not built: run `cargo build --package kith-server`, or set KITH_SERVER_BIN")]
    NoProgram,
    /// It ended before it listened.
    #[error("kith-server ended before it listened; its log: {log}")]
    Ended {
        /// What it said.
        log: String,
    },
    /// The system refused.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// A running server. Dropped, it is killed.
pub struct ServerProcess {
    child: Child,
    /// Scheme, host and port.
    pub origin: String,
    /// Where it tells metrics.
    pub metrics: String,
    /// The links that a first run prints: a facilitator's, and one for members.
    pub links: Vec<String>,
    data: PathBuf,
}

impl ServerProcess {
    /// Starts it over a directory, at a port or, for 0, at a free one; with a circle when there is none yet.
    ///
    /// # Errors
    /// When it does not listen.
    pub fn start(data: &Path, port: u16) -> Result<Self, ServerError> {
        Self::start_with(data, port, &[])
    }

    /// As [`Self::start`], with more arguments.
    ///
    /// # Errors
    /// When it does not listen.
    pub fn start_with(data: &Path, port: u16, more: &[&str]) -> Result<Self, ServerError> {
        let mut child = Self::spawn(data, port, more)?;
        match read_start(&mut child)? {
            Some(Printed { origin, metrics, links }) => {
                Ok(Self { child, origin, metrics, links, data: data.to_owned() })
            }
            None => {
                child.wait()?;
                Err(ServerError::Ended { log: std::fs::read_to_string(log_of(data)).unwrap_or_default() })
            }
        }
    }

    /// Starts the program and does not wait until it listens.
    ///
    /// # Errors
    /// When there is no program.
    pub fn spawn(data: &Path, port: u16, more: &[&str]) -> Result<Child, ServerError> {
        let log = OpenOptions::new().create(true).append(true).open(log_of(data))?;
        let child = Command::new(program()?)
            .args(["serve", "--first-run", "--log", "warn"])
            .args(if more.contains(&"--members") { &[][..] } else { &["--members", "100"] })
            .args(if more.contains(&"--metrics-listen") { &[][..] } else { &["--metrics-listen", "127.0.0.1:0"] })
            .args(["--listen", &format!("127.0.0.1:{port}"), "--data"])
            .arg(data)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        Ok(child)
    }

    /// Runs one of the operator's commands over a directory, and gives what it prints.
    ///
    /// # Errors
    /// When it fails, with what it says.
    pub fn operate(data: &Path, arguments: &[&str]) -> Result<String, ServerError> {
        let output = Command::new(program()?).args(["--log", "warn", "--data"]).arg(data).args(arguments).output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(text);
        }
        Err(ServerError::Ended { log: text + &String::from_utf8_lossy(&output.stderr) })
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.origin.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or(0)
    }

    /// The process's id, as `kill` takes it.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, and wait until it is gone.
    ///
    /// # Errors
    /// What the system says.
    pub fn kill(&mut self) -> std::io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(|_| ())
    }

    /// Kills it and starts it again over the same directory at the same port.
    ///
    /// # Errors
    /// When it does not listen.
    pub fn restart(&mut self) -> Result<(), ServerError> {
        self.kill()?;
        let started = Self::start(&self.data, self.port())?;
        *self = started;
        Ok(())
    }

    /// The value of a counter at `/metrics`, written as it stands there.
    #[must_use]
    pub fn metric(&self, name: &str) -> Option<f64> {
        let (_, text) = Agent::default().get(&self.metrics).ok()?;
        let line = text.lines().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')))?;
        line.rsplit(' ').next()?.parse().ok()
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.kill();
    }
}

fn log_of(data: &Path) -> PathBuf {
    data.with_extension("log")
}

/// What it prints at its start.
#[derive(Default)]
struct Printed {
    origin: String,
    metrics: String,
    links: Vec<String>,
}

/// Reads what it prints until it is ready; `None` when it ended before.
fn read_start(child: &mut Child) -> std::io::Result<Option<Printed>> {
    let Some(stdout) = child.stdout.as_mut() else { return Ok(None) };
    let mut printed = Printed::default();
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        if let Some(origin) = line.strip_prefix("Kith listens at ") {
            origin.clone_into(&mut printed.origin);
        }
        if let Some(metrics) = line.strip_prefix("Metrics at ") {
            metrics.clone_into(&mut printed.metrics);
        }
        printed.links.extend(line.split_whitespace().filter(|word| word.contains("/#/join?")).map(str::to_owned));
        if line.starts_with("Ctrl-C") {
            return Ok(Some(printed));
        }
    }
    Ok(None)
}

/// `KITH_SERVER_BIN`, or what stands beside this program, or in the folders above it.
pub(crate) fn program() -> Result<PathBuf, ServerError> {
    if let Some(named) = std::env::var_os("KITH_SERVER_BIN") {
        return Ok(named.into());
    }
    beside("kith-server")?.ok_or(ServerError::NoProgram)
}

/// A program of this workspace: what stands beside this one, or in the folders above it.
pub(crate) fn beside(name: &str) -> std::io::Result<Option<PathBuf>> {
    let here = std::env::current_exe()?;
    Ok(here.ancestors().skip(1).take(3).map(|folder| folder.join(name)).find(|path| path.is_file()))
}
