use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::sync::LazyLock;

use kith_shared::client::HttpFailure;
use kith_shared::ids::CircleId;
use kith_shared::storage::MemoryStore;
use kith_shared::time::TimestampMs;
use kith_shared::trust::Role;
use kith_tests::clock::PhoneClock;
use kith_tests::hub::{Hub, ORIGIN};
use kith_tests::phone::{Faulty, HubLink, Link, Options, Phone, invite_members};
use kith_tests::server::ServerProcess;
use serde_json::{Value, json};

const CIRCLE_SALT: u8 = 0xc1;
pub(crate) static CIRCLE: LazyLock<CircleId> = LazyLock::new(|| Hub::new(NOW).add_circle(CIRCLE_SALT));
pub(crate) const NOW: TimestampMs = TimestampMs(1_795_000_000_000);
pub(crate) const DAY: u32 = 20_775;
pub(crate) const THREAD: &str = "0000000000000000";

pub(crate) type MemoryPhone = Phone<Faulty<MemoryStore>>;

/// A circle on a server in memory.
pub(crate) struct Place {
    pub(crate) hub: Rc<RefCell<Hub>>,
    facilitator: String,
    /// Made by the first phone, which leads; opens the past.
    member: RefCell<Option<String>>,
}

impl Place {
    pub(crate) fn new() -> Self {
        let mut hub = Hub::new(NOW);
        hub.add_circle(CIRCLE_SALT);
        let facilitator = hub.invite(&CIRCLE, Role::Facilitator, 1);
        Self { hub: Rc::new(RefCell::new(hub)), facilitator, member: RefCell::new(None) }
    }

    /// A phone over a store that may have been used before.
    pub(crate) fn phone_over(&self, store: Faulty<MemoryStore>, seed: u8) -> MemoryPhone {
        let options = Options { origin: ORIGIN.to_owned(), clock: PhoneClock::Fixed(NOW), ..Options::default() };
        Phone::over(store, Box::new(HubLink(Rc::clone(&self.hub))), &options, [seed; 32])
    }

    pub(crate) fn enrolled(&self, seed: u8, name: &str) -> MemoryPhone {
        let mut phone = self.phone_over(Faulty::new(MemoryStore::new()), seed);
        let member = self.member.borrow().clone();
        let link = member.as_ref().unwrap_or(&self.facilitator);
        phone.json(json!({"cmd": "enrol", "link": link, "name": name})).unwrap();
        phone.sync().unwrap();
        if member.is_none() {
            *self.member.borrow_mut() = Some(invite_members(&mut phone, &CIRCLE.to_string()).unwrap());
        }
        phone
    }

    /// The link of the first phone, which opens the past.
    pub(crate) fn member_link(&self) -> String {
        self.member.borrow().clone().unwrap()
    }

    /// Requests so far.
    pub(crate) fn requests(&self) -> Vec<(usize, usize)> {
        self.hub.borrow().requests.clone()
    }
}

/// What most tests ask of a phone.
pub(crate) trait Ask {
    fn tell(&mut self, command: Value) -> Value;

    fn send(&mut self, text: &str) -> Value {
        self.tell(json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": THREAD, "text": text}))
    }

    fn messages(&mut self) -> Vec<Value> {
        let thread = json!({"cmd": "openThread", "circle": CIRCLE.to_string(), "thread": THREAD, "limit": 2_000});
        self.tell(thread)["messages"].as_array().unwrap().clone()
    }

    fn texts(&mut self) -> Vec<String> {
        self.messages().iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    }

    fn create_note(&mut self, title: &str) -> String {
        let note = json!({"cmd": "createNote", "circle": CIRCLE.to_string(), "day": DAY, "ordinal": 0, "title": title});
        self.tell(note)["document"].as_str().unwrap().to_owned()
    }

    fn note(&mut self, document: &str) -> Value {
        self.tell(json!({"cmd": "openNote", "document": document}))
    }

    fn plain(&mut self, document: &str) -> String {
        let note = self.note(document);
        note["spans"].as_array().unwrap().iter().filter_map(|span| span["text"].as_str()).collect()
    }

    /// Replaces `remove` code units at `index`.
    fn splice(&mut self, document: &str, index: usize, remove: usize, text: &str) {
        let version = self.note(document)["version"].as_u64().unwrap();
        let ops = json!([{"op": "splice", "index": index, "remove": remove, "text": text}]);
        let edit = json!({"edit": "body", "version": version, "ops": ops});
        self.tell(json!({"cmd": "editNote", "document": document, "edit": edit}));
        self.tell(json!({"cmd": "flush"}));
    }

    fn field(&mut self, document: &str, field: &str, value: &str) {
        let edit = json!({"edit": "field", "field": field, "value": value});
        self.tell(json!({"cmd": "editNote", "document": document, "edit": edit}));
    }
}

impl Ask for MemoryPhone {
    fn tell(&mut self, command: Value) -> Value {
        let asked = command.to_string();
        self.json(command).unwrap_or_else(|problem| panic!("{asked}: {problem:?}"))
    }
}

/// A link that always fails in one way.
pub(crate) struct Broken(pub(crate) HttpFailure);

impl Link for Broken {
    fn post(&mut self, _: &str, _: &[u8], _: &mut dyn FnMut(Vec<u8>)) -> Result<(), HttpFailure> {
        Err(self.0)
    }
}

/// The real server over sled in a directory of its own.
pub(crate) struct Stage {
    pub(crate) server: ServerProcess,
    pub(crate) folder: tempfile::TempDir,
    facilitator: String,
    /// Made by the first phone, which leads; opens the past.
    member: RefCell<Option<String>>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = ServerProcess::start(&folder.path().join("data"), 0).unwrap();
        let facilitator = server.links.first().cloned().expect("a first run prints a facilitator's link");
        Self { server, folder, facilitator, member: RefCell::new(None) }
    }

    /// The circle's id, from its link.
    pub(crate) fn circle(&self) -> String {
        let id = self.facilitator.split("&c=").nth(1).unwrap();
        id.split('&').next().unwrap().to_owned()
    }

    /// A members' link, once the first phone came in.
    pub(crate) fn member_link(&self) -> String {
        self.member.borrow().clone().expect("a facilitator's phone")
    }

    /// A phone as a process in a directory of its own, enrolled.
    pub(crate) fn enrolled(&self, name: &str, more: &[&str]) -> PhoneProcess {
        let mut phone = PhoneProcess::start(&self.folder.path().join(name), &self.server.origin, more);
        let member = self.member.borrow().clone();
        let link = member.as_ref().unwrap_or(&self.facilitator);
        phone.ask(json!({"cmd": "enrol", "link": link, "name": name})).unwrap();
        phone.ask(json!({"cmd": "sync"})).unwrap();
        if member.is_none() {
            let circle = self.circle();
            let invite = json!({
                "cmd": "invite", "circle": circle, "role": "member", "past": true, "uses": 100, "days": 60
            });
            let invitation = phone.ask(invite).unwrap();
            phone.ask(json!({"cmd": "sync"})).unwrap();
            *self.member.borrow_mut() = invitation["link"].as_str().map(str::to_owned);
        }
        phone
    }
}

/// The files of the operator's keys of a stage.
pub(crate) fn operator_keys(stage: &Stage) -> Vec<PathBuf> {
    let files = std::fs::read_dir(stage.folder.path().join("data-keys")).unwrap();
    let mut keys: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    keys.retain(|path| path.file_name().unwrap().to_str().unwrap().starts_with("operator-"));
    keys.retain(|path| path.extension().is_some_and(|end| end == "key"));
    keys.sort();
    keys
}

/// `kith-phone`, driven by lines.
pub(crate) struct PhoneProcess {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: u64,
    pub(crate) notices: BTreeMap<String, Vec<Value>>,
}

impl PhoneProcess {
    pub(crate) fn start(folder: &Path, origin: &str, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kith-phone"))
            .arg(folder)
            .args(["--server", origin])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, input, output, next: 0, notices: BTreeMap::new() }
    }

    /// The reply; `None` when the process died before it.
    pub(crate) fn try_ask(&mut self, mut command: Value) -> Option<Result<Value, Value>> {
        self.next += 1;
        command["id"] = self.next.into();
        writeln!(self.input, "{command}").ok()?;
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let mut said: Value = serde_json::from_str(&line).ok()?;
            if let Some(notice) = said["notice"].as_str() {
                self.notices.entry(notice.to_owned()).or_default().push(said);
            } else if said["id"] == self.next {
                let ok = said["ok"] == true;
                return Some(if ok { Ok(said["value"].take()) } else { Err(said["problem"].take()) });
            }
        }
    }

    pub(crate) fn ask(&mut self, command: Value) -> Result<Value, Value> {
        let text = command.to_string();
        self.try_ask(command).unwrap_or_else(|| panic!("the phone died at {text}"))
    }
}

impl Drop for PhoneProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
