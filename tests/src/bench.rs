//! What is measured: bytes on the wire, commits, and how long a past takes to open. Times differ from machine to
//! machine; the ratios side by side are what to compare.

mod crowd;
mod document;
mod fold;
mod keys;
mod sync;
mod trust;
mod worst;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::LazyLock;

use kith_server::store::{MemoryStore as ServerMemory, SledConfig, SledStore, Store};
use kith_shared::ids::{CircleId, TextCommitment};
use kith_shared::seal::TEXT_SALT_BYTES;
use kith_shared::storage::{Batch, MemoryStore, Tree};
use kith_shared::time::TimestampMs;
use kith_shared::trust::Role;
use serde::Serialize;
use serde_json::json;

use crate::clock::{PhoneClock, Stopwatch};
use crate::hub::{Hub, ORIGIN};
use crate::phone::{HubLink, Options, Phone};
use crate::seed::Seed;

pub use crowd::crowd;
pub use document::full_documents;
pub use keys::keys;
pub use sync::{Act, Step, Workload, build, sync, today_first};
pub use trust::{chain, unseal};

/// The circle of all benches.
static CIRCLE: LazyLock<CircleId> = LazyLock::new(|| Hub::new(NOW).add_circle(CIRCLE_SALT));
const CIRCLE_SALT: u8 = 0xbe;
const NOW: TimestampMs = TimestampMs(1_795_000_000_000);
const THREAD: &str = "0000000000000000";
/// Messages of the past that is opened: four documents full.
const MESSAGES: usize = 2_000;
/// Bytes of a message's text.
const MESSAGE_BYTES: usize = 100;
const COMMITS: usize = 2_000;
const WRITERS: usize = 50;

/// One number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// Of what.
    pub name: &'static str,
    /// How much.
    pub value: f64,
    /// Of which unit.
    pub unit: &'static str,
}

/// Why there is no number.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A phone.
    #[error("a phone: {0}")]
    Phone(String),
    /// A store.
    #[error(transparent)]
    Store(#[from] kith_server::store::StoreError),
    /// What was measured did not do its part.
    #[error("{0}")]
    Wrong(String),
    /// The system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

fn measure(name: &'static str, value: f64, unit: &'static str) -> Measure {
    Measure { name, value: (value * 1_000.0).round() / 1_000.0, unit }
}

struct Place {
    hub: Rc<RefCell<Hub>>,
    link: String,
}

impl Place {
    fn new() -> Self {
        let mut hub = Hub::new(NOW);
        let circle = hub.add_circle(CIRCLE_SALT);
        let link = hub.invite(&circle, Role::Facilitator, 100);
        Self { hub: Rc::new(RefCell::new(hub)), link }
    }

    fn phone_over(&self, store: MemoryStore, seed: u8) -> Phone<MemoryStore> {
        let options = Options { origin: ORIGIN.to_owned(), seed: None, clock: PhoneClock::Fixed(NOW) };
        Phone::over(store, Box::new(HubLink(Rc::clone(&self.hub))), &options, [seed; 32])
    }

    fn enrolled(&self, seed: u8) -> Result<Phone<MemoryStore>, BenchError> {
        let mut phone = self.phone_over(MemoryStore::new(), seed);
        ask(&mut phone, json!({"cmd": "enrol", "link": self.link, "name": "Ana"}))?;
        ask(&mut phone, json!({"cmd": "sync"}))?;
        Ok(phone)
    }

    /// Bytes up and down since `before` requests.
    fn bytes_since(&self, before: usize) -> (usize, usize) {
        let hub = self.hub.borrow();
        let since = &hub.requests[before..];
        (since.iter().map(|(up, _)| up).sum(), since.iter().map(|(_, down)| down).sum())
    }

    fn requests(&self) -> usize {
        self.hub.borrow().requests.len()
    }
}

fn ask(phone: &mut Phone<MemoryStore>, command: serde_json::Value) -> Result<serde_json::Value, BenchError> {
    phone.json(command).map_err(|problem| BenchError::Phone(problem.detail))
}

fn send(phone: &mut Phone<MemoryStore>, number: usize) -> Result<(), BenchError> {
    let mut seed = Seed::new(number as u64);
    let words = ["bus", "week", "slept", "after all", "nobody", "I", "less bad", "again", "took", "my sister", "and"];
    let mut text = format!("{number}:");
    while text.len() < MESSAGE_BYTES {
        text += " ";
        text += seed.pick(&words).copied().unwrap_or_default();
    }
    text.truncate(MESSAGE_BYTES);
    ask(phone, json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": THREAD, "text": text})).map(|_| ())
}

/// What asking "anything new?" costs.
///
/// # Errors
/// When a phone does not do its part.
pub fn sync_idle() -> Result<Vec<Measure>, BenchError> {
    let place = Place::new();
    let mut phone = place.enrolled(1)?;
    for number in 0..50_u32 {
        let day = 20_775 - number;
        let note = json!({"cmd": "createNote", "circle": CIRCLE.to_string(), "day": day, "ordinal": 0, "title": "x"});
        ask(&mut phone, note)?;
    }
    ask(&mut phone, json!({"cmd": "sync"}))?;
    let before = place.requests();
    ask(&mut phone, json!({"cmd": "sync"}))?;
    let (up, down) = place.bytes_since(before);
    Ok(vec![
        measure("sync-idle.requests", (place.requests() - before) as f64, "requests"),
        measure("sync-idle.up", up as f64, "bytes of body"),
        measure("sync-idle.down", down as f64, "bytes of body"),
    ])
}

/// What a message of 100 characters costs, alone and in a hundred.
///
/// # Errors
/// As [`sync_idle`].
pub fn message_bytes() -> Result<Vec<Measure>, BenchError> {
    let place = Place::new();
    let mut phone = place.enrolled(1)?;
    let mut measures = Vec::new();
    for (name, count) in [("message.alone", 1_usize), ("message.in-100", 100)] {
        let before = place.requests();
        for number in 0..count {
            send(&mut phone, number)?;
        }
        ask(&mut phone, json!({"cmd": "sync"}))?;
        let (up, down) = place.bytes_since(before);
        measures.push(measure(name, (up + down) as f64 / count as f64, "bytes up and down, each"));
    }
    // Neither can be deflated, so that this is what each message grows by.
    let committed = TextCommitment::LEN + TEXT_SALT_BYTES;
    measures.push(measure("message.commitment", committed as f64, "bytes of these, commitment and salt"));
    Ok(measures)
}

/// How long a phone takes to start and show the last 50 of 2,000 messages, and all of them; and what their first
/// download brings.
///
/// # Errors
/// As [`sync_idle`].
pub fn load() -> Result<Vec<Measure>, BenchError> {
    let place = Place::new();
    let mut writer = place.enrolled(1)?;
    let watch = Stopwatch::start();
    for number in 0..MESSAGES {
        send(&mut writer, number)?;
    }
    let write_ms = watch.elapsed().as_secs_f64() * 1_000.0;
    ask(&mut writer, json!({"cmd": "sync"}))?;
    let before = place.requests();
    let watch = Stopwatch::start();
    let mut reader = place.enrolled(2)?;
    let download_ms = watch.elapsed().as_secs_f64() * 1_000.0;
    let (_, down) = place.bytes_since(before);
    let store = reader.store().clone();
    let mut opened = Vec::new();
    for limit in [50, MESSAGES] {
        let watch = Stopwatch::start();
        let mut phone = place.phone_over(store.clone(), 3);
        phone.set_online(false);
        let thread = json!({"cmd": "openThread", "circle": CIRCLE.to_string(), "thread": THREAD, "limit": limit});
        ask(&mut phone, thread)?;
        opened.push(watch.elapsed().as_secs_f64() * 1_000.0);
        drop(reader.notices());
    }
    Ok(vec![
        measure("load.write", write_ms / MESSAGES as f64, "ms a message"),
        measure("load.first-download", download_ms, "ms"),
        measure("load.first-download-bytes", down as f64 / MESSAGES as f64, "bytes a message"),
        measure("load.open-50", opened[0], "ms from a cold start"),
        measure("load.open-2000", opened[1], "ms from a cold start"),
        measure("load.ratio-2000-to-50", opened[1] / opened[0].max(0.001), "times"),
    ])
}

/// Commits a second of the sled store and of one in memory, one after the other and 50 at a time.
///
/// # Errors
/// What the store or the system says.
pub fn commit() -> Result<Vec<Measure>, BenchError> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    let sled: Arc<dyn Store> = Arc::new(SledStore::open(folder.path(), &SledConfig::default())?);
    let memory: Arc<dyn Store> = Arc::new(ServerMemory::new());
    let mut measures = Vec::new();
    for (names, writers) in [
        (["commit.sled-1", "commit.memory-1", "commit.ratio-1"], 1),
        (["commit.sled-50", "commit.memory-50", "commit.ratio-50"], WRITERS),
    ] {
        let mut rates = Vec::new();
        for store in [&sled, &memory] {
            let watch = Stopwatch::start();
            runtime.block_on(write(store, writers))?;
            rates.push(COMMITS as f64 / watch.elapsed().as_secs_f64());
        }
        measures.push(measure(names[0], rates[0], "commits a second, durable"));
        measures.push(measure(names[1], rates[1], "commits a second"));
        measures.push(measure(names[2], rates[1] / rates[0], "times slower than memory"));
    }
    Ok(measures)
}

async fn write(store: &Arc<dyn Store>, writers: usize) -> Result<(), BenchError> {
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                for number in 0..COMMITS / writers {
                    let mut batch = Batch::default();
                    let key = [writer.to_be_bytes(), number.to_be_bytes()].concat();
                    batch.put(Tree::Log, key, vec![7; 300]);
                    store.commit(batch).await?;
                }
                Ok::<(), kith_server::store::StoreError>(())
            })
        })
        .collect();
    for task in tasks {
        task.await.map_err(|error| std::io::Error::other(error.to_string()))??;
    }
    Ok(())
}
