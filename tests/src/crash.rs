//! `kill -9` again and again: while phones write, while the server starts (where sled writes its snapshot), and
//! each time everything that was acknowledged must be there.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use kith_shared::document::STRATEGIES_MAX;
use kith_shared::storage::MemoryStore;
use serde::Serialize;
use serde_json::{Value, json};

use crate::clock::PhoneClock;
use crate::phone::{HttpLink, Options, Phone, invite};
use crate::reader::{ReadError, Reader, helped_line};
use crate::seed::Seed;
use crate::server::{ServerError, ServerProcess};

/// Phones that write at the same time.
const WRITERS: usize = 2;
/// Messages that a phone writes between two syncs.
const MESSAGES: usize = 3;
/// Longest time between two kills, in milliseconds.
const WRITE_MS_MAX: usize = 250;
/// Longest time that a server which is killed at its start gets, in milliseconds.
const START_MS_MAX: usize = 60;
/// How long a writer waits after a sync that failed.
const PAUSE: Duration = Duration::from_millis(5);

/// What to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrashOptions {
    /// Kills while writing; most are followed by one during the start.
    pub cycles: u32,
    /// Chooses the moments.
    pub seed: u64,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CrashReport {
    /// Cycles that were run.
    pub cycles: u32,
    /// Messages, strategies, and what helped, that the server acknowledged.
    pub acknowledged: usize,
    /// Of those, how many were not there later.
    pub acknowledged_lost: usize,
    /// Starts that failed.
    pub start_refused: u32,
    /// Kills during a start.
    pub killed_at_start: u32,
    /// Kills that left an unfinished snapshot of sled's behind.
    pub snapshots_interrupted: u32,
    /// The first errors, for people.
    pub errors: Vec<String>,
}

/// Why the run itself broke off.
#[derive(Debug, thiserror::Error)]
pub enum CrashError {
    /// The server.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The facilitator's phone.
    #[error("the facilitator's phone could not invite: {0}")]
    Phone(String),
    /// A reading.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

type Acknowledged = Arc<Mutex<Vec<String>>>;

/// Runs the cycles; `progress` hears of each.
///
/// # Errors
/// When the first start fails, or the system does not do its part. A loss is no error here: the report has it.
pub fn run(options: &CrashOptions, progress: &mut dyn FnMut(&CrashReport)) -> Result<CrashReport, CrashError> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let mut seed = Seed::new(options.seed);
    let mut server = ServerProcess::start(&data, 0)?;
    let origin = server.origin.clone();
    let link = invitation(&server, seed.bytes_32()).map_err(CrashError::Phone)?;
    let reader = Reader::enrol(&origin, &link, seed.bytes_32(), PhoneClock::default().now())?;
    let (acknowledged, stop) = (Acknowledged::default(), Arc::new(AtomicBool::new(false)));
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            let writer = Writer {
                number,
                origin: origin.clone(),
                link: link.clone(),
                entropy: seed.bytes_32(),
                acknowledged: Arc::clone(&acknowledged),
                stop: Arc::clone(&stop),
            };
            thread::spawn(move || writer.run())
        })
        .collect();
    let mut report = CrashReport::default();
    for _ in 0..options.cycles {
        thread::sleep(Duration::from_millis(1 + seed.below(WRITE_MS_MAX) as u64));
        server.kill()?;
        report.cycles += 1;
        report.note_snapshot(&data);
        let port = server.port();
        if seed.percent(75) {
            kill_at_start(&data, port, &mut seed)?;
            report.killed_at_start += 1;
            report.note_snapshot(&data);
        }
        match ServerProcess::start(&data, port) {
            Ok(started) => server = started,
            Err(error) => {
                report.start_refused += 1;
                report.errors.push(error.to_string());
                break;
            }
        }
        report.check(&reader, &acknowledged);
        progress(&report);
    }
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        let failed = writer.join().unwrap_or_else(|_| Err("a writer broke off".to_owned()));
        report.errors.extend(failed.err());
    }
    Ok(report)
}

/// A link that opens the past, by a facilitator's phone that comes in by the server's own.
pub(crate) fn invitation(server: &ServerProcess, entropy: [u8; 32]) -> Result<String, String> {
    let options = Options { origin: server.origin.clone(), ..Options::default() };
    let mut phone = Phone::over(MemoryStore::new(), Box::new(HttpLink::default()), &options, entropy);
    invite(&mut phone, server.links.first().map_or("", String::as_str))
}

/// Starts the server and kills it before, while or just after it opens its store.
fn kill_at_start(data: &Path, port: u16, seed: &mut Seed) -> Result<(), CrashError> {
    let mut child = ServerProcess::spawn(data, port, &[])?;
    thread::sleep(Duration::from_micros(seed.below(START_MS_MAX * 1_000) as u64));
    child.kill()?;
    child.wait()?;
    Ok(())
}

impl CrashReport {
    /// Whether nothing was lost and every start worked.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.acknowledged_lost == 0 && self.start_refused == 0 && self.errors.is_empty()
    }

    fn note_snapshot(&mut self, data: &Path) {
        let folders = ["main", "bodies"].map(|name| data.join(name));
        let files = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
        let unfinished = |name: &str| name.starts_with("snap.") && name.ends_with(".generating");
        if files.into_iter().any(|file| unfinished(&file.file_name().to_string_lossy())) {
            self.snapshots_interrupted += 1;
        }
    }

    /// Everything that was acknowledged before the server died must be read from the one that runs now.
    fn check(&mut self, reader: &Reader, acknowledged: &Acknowledged) {
        let expected = acknowledged.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.acknowledged = expected.len();
        match reader.texts(PhoneClock::default().now()) {
            Ok(texts) => {
                let there: BTreeSet<String> = texts.into_iter().collect();
                let lost: Vec<&String> = expected.iter().filter(|text| !there.contains(*text)).collect();
                self.acknowledged_lost = self.acknowledged_lost.max(lost.len());
                self.errors.extend(lost.first().map(|text| format!("{text} was acknowledged and is not there")));
            }
            Err(error) => self.errors.push(error.to_string()),
        }
    }
}

/// Writes a strategy that helped its author; gives what must be read of it.
fn share(phone: &mut Phone<MemoryStore>, circle: &Value, title: &str) -> Result<[String; 2], String> {
    let add =
        json!({"cmd": "addStrategy", "circle": circle, "title": title, "text": "", "moments": [], "adaptedFrom": null});
    let key = phone.json(add).map_err(|problem| problem.detail)?["key"].clone();
    phone.json(json!({"cmd": "helped", "circle": circle, "key": key, "on": true})).map_err(|problem| problem.detail)?;
    Ok([title.to_owned(), helped_line(key.as_str().unwrap_or_default())])
}

struct Writer {
    number: usize,
    origin: String,
    link: String,
    entropy: [u8; 32],
    acknowledged: Acknowledged,
    stop: Arc<AtomicBool>,
}

impl Writer {
    fn run(self) -> Result<(), String> {
        let options = Options { origin: self.origin.clone(), ..Options::default() };
        let link = Box::new(HttpLink::default());
        let mut phone = Phone::over(MemoryStore::new(), link, &options, self.entropy);
        let name = format!("Writer {}", self.number);
        let circle = loop {
            match phone.json(json!({"cmd": "enrol", "link": self.link, "name": name})) {
                Ok(circle) => break circle["circle"].clone(),
                Err(problem) if problem.retry && !self.stop.load(Ordering::SeqCst) => thread::sleep(PAUSE),
                Err(problem) => return Err(problem.detail),
            }
        };
        let mut waiting: Vec<String> = Vec::new();
        let (mut count, mut strategies) = (0, 0);
        while !self.stop.load(Ordering::SeqCst) {
            for _ in 0..MESSAGES * usize::from(waiting.is_empty()) {
                count += 1;
                let text = format!("{name} {count}");
                let send = json!({"cmd": "send", "circle": circle, "thread": "0000000000000000", "text": text});
                phone.json(send).map_err(|problem| problem.detail)?;
                waiting.push(text);
            }
            if waiting.len() == MESSAGES && strategies < STRATEGIES_MAX {
                strategies += 1;
                waiting.extend(share(&mut phone, &circle, &format!("{name}'s way {count}"))?);
            }
            let status = phone.sync().map_err(|problem| problem.detail)?;
            if status.unsent_items == 0 && status.problem.is_none() {
                self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).append(&mut waiting);
            } else {
                thread::sleep(PAUSE);
            }
        }
        Ok(())
    }
}
