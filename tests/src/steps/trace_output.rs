//! What a run prints, and the end of a server that would run for ever.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::Ran;

/// How often a running command's output is looked at.
const POLL: Duration = Duration::from_millis(5);
/// A command that takes longer is stuck, in polls.
const POLLS_MAX: u32 = 24_000;

/// Where a run's output goes: a file outside of what is traced.
pub(super) struct Output {
    folder: tempfile::TempDir,
}

/// Sends SIGTERM once a text was printed, SIGKILL to what is stuck.
pub(super) struct Watch {
    done: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Output {
    pub(super) fn new(command: &mut Command) -> io::Result<Self> {
        let output = Self { folder: tempfile::tempdir()? };
        let file = File::create(output.path())?;
        command.stdin(Stdio::null()).stderr(file.try_clone()?).stdout(file);
        Ok(output)
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("output")
    }

    pub(super) fn text(&self) -> io::Result<String> {
        Ok(String::from_utf8_lossy(&fs::read(self.path())?).into_owned())
    }
}

impl Watch {
    pub(super) fn start(pid: u32, output: &Output, until: Option<&str>) -> Self {
        let (done, path, until) = (Arc::new(AtomicBool::new(false)), output.path(), until.map(str::to_owned));
        let is_done = Arc::clone(&done);
        let thread = thread::spawn(move || {
            let mut asked = false;
            for _ in 0..POLLS_MAX {
                if is_done.load(Ordering::SeqCst) {
                    return;
                }
                if let Some(until) = until.as_ref().filter(|_| !asked)
                    && fs::read_to_string(&path).is_ok_and(|text| text.contains(until))
                {
                    asked = true;
                    signal(pid, "-TERM");
                }
                thread::sleep(POLL);
            }
            signal(pid, "-KILL");
        });
        Self { done, thread: Some(thread) }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.done.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // A watch that broke off has nothing to say.
            let _ = thread.join();
        }
    }
}

/// Runs a command to its end.
pub(super) fn run(mut command: Command, until: Option<&str>) -> io::Result<Ran> {
    let output = Output::new(&mut command)?;
    let mut child = command.spawn()?;
    let watch = Watch::start(child.id(), &output, until);
    let status = child.wait()?;
    drop(watch);
    Ok(Ran { success: status.success(), text: output.text()?, ..Ran::default() })
}

fn signal(pid: u32, signal: &str) {
    // It may be gone already.
    let _ = Command::new("kill").args([signal, &pid.to_string()]).stderr(Stdio::null()).status();
}
