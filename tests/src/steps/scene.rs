//! What the commands are run on: a small store with two circles, messages, one of them taken back, and its backup.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kith_shared::storage::MemoryStore;
use serde_json::json;

use crate::crash::invitation;
use crate::phone::{HttpLink, Options, Phone};
use crate::seed::Seed;
use crate::server::{ServerError, ServerProcess, program};

use super::Ran;
use super::trace_output;

const MESSAGES: usize = 6;
const THREAD: &str = "0000000000000000";

/// Why a trial could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SceneError {
    /// The server.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// A phone, or what was read of the store.
    #[error("the scene could not be laid: {0}")]
    Laid(String),
    /// The system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// The store that trials are made on.
#[derive(Debug)]
pub struct Scene {
    place: Place,
    /// The circle that may go.
    pub(super) circle: String,
    /// What a scrub counts: circles, entries, bodies.
    pub(super) counts: String,
}

/// Where a trial's files are.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// All of it.
    pub(super) root: PathBuf,
    pub(super) data: PathBuf,
    pub(super) keys: PathBuf,
    /// Where a backup is made.
    pub(super) copy: PathBuf,
    /// Where one is.
    pub(super) backup: PathBuf,
}

impl Place {
    pub(super) fn below(root: &Path) -> Self {
        let [data, keys, copy, backup] = ["data", "data-keys", "copy", "backup"].map(|name| root.join(name));
        Self { root: root.to_owned(), data, keys, copy, backup }
    }

    /// A command of the server's over this place.
    pub(super) fn command(&self, arguments: &[String]) -> Result<Command, SceneError> {
        let mut command = Command::new(program()?);
        command.args(["--log", "error", "--disk-reserve-bytes", "0", "--cache-bytes", "16777216", "--data"]);
        command.arg(&self.data).args(arguments);
        Ok(command)
    }

    /// Runs a command of the server's to its end.
    pub(super) fn operate(&self, arguments: &[&str]) -> Result<Ran, SceneError> {
        let arguments: Vec<String> = arguments.iter().map(|&word| word.to_owned()).collect();
        Ok(trace_output::run(self.command(&arguments)?, None)?)
    }

    /// What a scrub counts; what it says when it finds the store wrong, or is refused.
    pub(super) fn scrub(&self) -> Result<Result<String, String>, SceneError> {
        let ran = self.operate(&["scrub"])?;
        let counts = ran.text.lines().last().and_then(|line| line.split("; ").nth(1)).map(str::to_owned);
        Ok(counts.filter(|_| ran.success).ok_or(ran.text))
    }
}

impl Scene {
    /// Lays it in a folder.
    ///
    /// # Errors
    /// When a phone, the server or the system does not do its part.
    pub fn lay(folder: &Path, seed: u64) -> Result<Self, SceneError> {
        let place = Place::below(folder);
        let mut seed = Seed::new(seed);
        let mut server = ServerProcess::start(&place.data, 0)?;
        let link = invitation(&server, seed.bytes_32()).map_err(SceneError::Laid)?;
        talk(&server.origin, &link, seed.bytes_32())?;
        server.kill()?;
        let made = place.operate(&["circle", "create", "Second"])?;
        let circle = made.text.lines().last().unwrap_or_default().trim().to_owned();
        place.operate(&["invite", "--circle", &circle, "--role", "member"])?;
        let backup = place.operate(&["backup", "--to", &place.backup.display().to_string()])?;
        let counts = place.scrub()?.map_err(SceneError::Laid)?;
        if !made.success || !backup.success || !counts.starts_with("2 circles") {
            return Err(SceneError::Laid(format!("{} {} {counts}", made.text, backup.text)));
        }
        Ok(Self { place, circle, counts })
    }

    /// A copy of what a command is run on.
    pub(super) fn copy(&self, root: &Path, store: bool, keys: bool) -> Result<Place, SceneError> {
        let to = Place::below(root);
        let folders = [(store, &self.place.data, &to.data), (keys, &self.place.keys, &to.keys)];
        for (_, from, to) in folders.into_iter().filter(|(wanted, ..)| *wanted) {
            copy_folder(from, to)?;
        }
        copy_folder(&self.place.backup, &to.backup)?;
        Ok(to)
    }
}

/// Some messages, of which the first is taken back.
fn talk(origin: &str, link: &str, entropy: [u8; 32]) -> Result<(), SceneError> {
    let options = Options { origin: origin.to_owned(), ..Options::default() };
    let mut phone = Phone::over(MemoryStore::new(), Box::new(HttpLink::default()), &options, entropy);
    let mut ask = |command| phone.json(command).map_err(|problem| SceneError::Laid(problem.detail));
    let circle = ask(json!({"cmd": "enrol", "link": link, "name": "Ana"}))?["circle"].clone();
    ask(json!({"cmd": "sync"}))?;
    for number in 0..MESSAGES {
        let text = format!("What I said, number {number}");
        ask(json!({"cmd": "send", "circle": circle, "thread": THREAD, "text": text}))?;
    }
    ask(json!({"cmd": "sync"}))?;
    let thread = ask(json!({"cmd": "openThread", "circle": circle, "thread": THREAD, "limit": 100}))?;
    let first = thread["messages"].as_array().and_then(|messages| messages.first()).cloned().unwrap_or_default();
    ask(json!({"cmd": "takeBack", "circle": circle, "thread": THREAD, "key": first["key"]}))?;
    let status = ask(json!({"cmd": "sync"}))?;
    if status["unsentItems"] == 0 { Ok(()) } else { Err(SceneError::Laid(status.to_string())) }
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for file in fs::read_dir(from)? {
        let file = file?;
        let target = to.join(file.file_name());
        if file.file_type()?.is_dir() {
            copy_folder(&file.path(), &target)?;
        } else {
            fs::copy(file.path(), target)?;
        }
    }
    Ok(())
}
