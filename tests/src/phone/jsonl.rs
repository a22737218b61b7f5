//! `kith-phone`: commands as JSON lines in, replies and notices as JSON lines out.

mod line;
mod network;

use std::collections::{BTreeMap, VecDeque};
use std::io::Write;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use kith_shared::client::{CommandId, Event, HttpFailure};
use kith_shared::time::Now;
use serde_json::{Value, json};

use crate::clock::PhoneClock;

use super::lone::start_entropy;
use super::{Boundaries, Faulty, FileStore, Outgoing, PhoneError, Shell, digest_of, export};
use line::{Line, PhoneCommand};
use network::{Input, Network};

/// How `kith-phone` was started.
#[derive(Clone, Debug, Default)]
pub struct TerminalOptions {
    /// Its directory.
    pub folder: PathBuf,
    /// The server's scheme, host and port.
    pub origin: String,
    /// See [`super::Options::seed`].
    pub seed: Option<u64>,
    /// What it takes for the time. With a fixed one the phone ends what it began, network included, before it
    /// reads the next line: the same lines give the same run.
    pub clock: PhoneClock,
    /// Begins away from the network.
    pub offline: bool,
    /// Listens for the server's pokes.
    pub live: bool,
    /// Bytes that its store still takes.
    pub room_bytes: Option<usize>,
    /// Dies by SIGKILL at this moment, see [`Boundaries`].
    pub die_at: Option<u32>,
}

/// The phone that `kith-phone` runs.
pub struct Terminal<W> {
    options: TerminalOptions,
    shell: Shell<Faulty<FileStore>>,
    network: Network,
    inputs: Receiver<Input>,
    lines: VecDeque<String>,
    asked: BTreeMap<CommandId, Value>,
    out: W,
    ended: bool,
}

impl<W: Write> Terminal<W> {
    /// Opens the phone; lines come from another thread, by [`Self::run`].
    ///
    /// # Errors
    /// When its directory cannot be used.
    pub fn open(options: TerminalOptions, out: W) -> Result<Self, PhoneError> {
        let store = FileStore::open(&options.folder)?;
        let (sender, inputs) = channel();
        let mut store = Faulty::new(store);
        store.room_bytes = options.room_bytes;
        let shell = start(store, &options)?;
        let (lines, asked) = (VecDeque::new(), BTreeMap::new());
        let network = Network::new(sender);
        Ok(Self { options, shell, network, inputs, lines, asked, out, ended: false })
    }

    /// Works until the lines end or one says `quit`.
    ///
    /// # Errors
    /// When the output is closed.
    pub fn run(mut self, input: impl std::io::BufRead + Send + 'static) -> std::io::Result<()> {
        self.network.read_lines(input);
        loop {
            self.work()?;
            if self.ended && self.lines.is_empty() && self.asked.is_empty() {
                return Ok(());
            }
            if self.may_go_on()
                && let Some(text) = self.lines.pop_front()
            {
                if self.take_line(&text)? {
                    return Ok(());
                }
                continue;
            }
            let arrived = match self.until_wake() {
                Some(wait) => self.inputs.recv_timeout(wait),
                None => self.inputs.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match arrived {
                Ok(input) => self.take_input(input),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    fn now(&self) -> Now {
        self.options.clock.both()
    }

    /// Whether the next line may be read.
    fn may_go_on(&self) -> bool {
        !(self.options.clock.is_fixed() && (self.network.is_busy() || !self.asked.is_empty()))
    }

    fn until_wake(&self) -> Option<Duration> {
        let at = self.shell.wake_at().filter(|_| !self.options.clock.is_fixed())?;
        Some(Duration::from_millis(at.since_ms(self.now().steady)))
    }

    fn take_input(&mut self, input: Input) {
        let now = self.now();
        match input {
            Input::Line(text) => self.lines.push_back(text),
            Input::LinesEnd => self.ended = true,
            Input::Poke => self.shell.handle(Event::Nudge, now),
            Input::Bytes(id, bytes) => {
                self.shell.boundaries.pass();
                if self.network.awaits(id) {
                    self.shell.handle(Event::HttpBytes { id, bytes }, now);
                }
            }
            Input::End(id, result) => {
                if self.network.forget(id) {
                    let event = match result {
                        Ok(()) => Event::HttpEnd { id },
                        Err(failure) => Event::HttpFailed { id, failure },
                    };
                    self.shell.handle(event, now);
                }
            }
        }
    }

    /// Does what needs no input, and prints what came of it.
    fn work(&mut self) -> std::io::Result<()> {
        loop {
            let now = self.now();
            self.shell.settle(now);
            while let Some(outgoing) = self.shell.take_outgoing() {
                self.send(outgoing);
            }
            self.print_news()?;
            if !self.shell.wake_if_due(now) {
                return Ok(());
            }
        }
    }

    fn send(&mut self, outgoing: Outgoing) {
        match outgoing {
            Outgoing::Post { id, url, body } => {
                self.shell.boundaries.pass();
                self.network.post(id, url, body);
            }
            Outgoing::Abort { id } => {
                self.network.forget(id);
            }
            Outgoing::Live { url } if self.options.live => self.network.listen(url),
            Outgoing::Live { .. } => {}
        }
    }

    fn print_news(&mut self) -> std::io::Result<()> {
        for notice in self.shell.take_notices() {
            let line = serde_json::to_string(&notice)?;
            writeln!(self.out, "{line}")?;
        }
        for (id, reply) in self.shell.take_replies() {
            let asked = self.asked.remove(&id).unwrap_or_default();
            let line = match reply {
                Ok(value) => json!({"id": asked, "ok": true, "value": value}),
                Err(problem) => json!({"id": asked, "ok": false, "problem": problem}),
            };
            writeln!(self.out, "{line}")?;
        }
        self.out.flush()
    }

    fn answer(&mut self, id: &Value, value: &Value) -> std::io::Result<()> {
        writeln!(self.out, "{}", json!({"id": id, "ok": true, "value": value}))?;
        self.out.flush()
    }

    fn refuse(&mut self, id: &Value, problem: &Value) -> std::io::Result<()> {
        writeln!(self.out, "{}", json!({"id": id, "ok": false, "problem": problem}))?;
        self.out.flush()
    }

    /// Begins what a line says; true for `quit`.
    fn take_line(&mut self, text: &str) -> std::io::Result<bool> {
        let (id, parsed) = line::parse(text);
        match parsed {
            Ok(Line::Engine(command)) => {
                let command = self.shell.command(command, self.now());
                self.asked.insert(command, id);
            }
            Ok(Line::Phone(PhoneCommand::Quit)) => {
                self.answer(&id, &Value::Null)?;
                return Ok(true);
            }
            Ok(Line::Phone(command)) => match self.do_here(command) {
                Ok(value) => self.answer(&id, &value)?,
                Err(problem) => self.refuse(&id, &problem)?,
            },
            Err(why) => self.refuse(&id, &json!({"code": "bad-input", "detail": why, "retry": false}))?,
        }
        Ok(false)
    }

    fn do_here(&mut self, command: PhoneCommand) -> Result<Value, Value> {
        let now = self.now();
        match command {
            PhoneCommand::Export => export(&mut self.shell, now).map_err(|problem| json!(problem)),
            PhoneCommand::Digest => {
                let export = export(&mut self.shell, now).map_err(|problem| json!(problem))?;
                Ok(Value::from(digest_of(&export)))
            }
            PhoneCommand::Offline => {
                self.shell.online = false;
                for id in self.network.forget_all() {
                    let failure = HttpFailure::Unreachable;
                    self.shell.handle(Event::HttpFailed { id, failure }, now);
                }
                Ok(Value::Null)
            }
            PhoneCommand::Online => {
                self.shell.online = true;
                self.shell.handle(Event::Nudge, now);
                Ok(Value::Null)
            }
            PhoneCommand::Clock(change) => {
                self.options.clock = change.applied_to(self.options.clock);
                self.shell.handle(Event::Wake, self.options.clock.both());
                Ok(json!({"nowMs": self.options.clock.now().0}))
            }
            PhoneCommand::Seed { seed } => self.begin_anew(seed),
            PhoneCommand::Quit => Ok(Value::Null),
        }
    }

    /// Starts the engine anew over the same store, as after a kill.
    fn begin_anew(&mut self, seed: u64) -> Result<Value, Value> {
        let problem = |text: String| json!({"code": "engine-stopped", "detail": text, "retry": false});
        self.network.forget_all();
        self.options.seed = Some(seed);
        let bytes = self.shell.store.store.bytes();
        let entropy = start_entropy(Some(seed), bytes).map_err(|error| problem(error.to_string()))?;
        let (origin, now) = (self.options.origin.clone(), self.now());
        self.shell.begin_anew(entropy, &origin, now);
        for (_, id) in core::mem::take(&mut self.asked) {
            let text = "the engine was started anew".to_owned();
            self.refuse(&id, &problem(text)).map_err(|error| problem(error.to_string()))?;
        }
        Ok(Value::Null)
    }
}

fn start(store: Faulty<FileStore>, options: &TerminalOptions) -> Result<Shell<Faulty<FileStore>>, PhoneError> {
    let entropy = start_entropy(options.seed, store.store.bytes())?;
    let mut shell = Shell::start(store, entropy, &options.origin, options.clock.both());
    shell.boundaries = Boundaries::new(options.die_at);
    shell.online = !options.offline;
    Ok(shell)
}
