use std::path::Path;

use kith_shared::client::view::{Notice, Reply, SyncStatus};
use kith_shared::client::{Command, Event, Problem, ProblemCode};
use kith_shared::ids::tagged_hash;
use serde_json::Value;

use crate::clock::{PhoneClock, entropy};

use super::{Faulty, FileStore, FileStoreError, HttpLink, Link, Outgoing, PhoneStore, Shell, digest_of, export};

/// How a phone begins.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where the server is: scheme, host, port.
    pub origin: String,
    /// Makes the phone's keys and salts repeatable; the system's entropy when absent.
    pub seed: Option<u64>,
    /// What it takes for the time.
    pub clock: PhoneClock,
}

/// Why a phone did not begin.
#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    /// Its store did not open.
    #[error(transparent)]
    Store(#[from] FileStoreError),
    /// The system has no entropy.
    #[error("the system gives no entropy: {0}")]
    Entropy(#[from] std::io::Error),
}

/// Bytes of a request's and its response's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// The request's.
    pub up_bytes: usize,
    /// The response's.
    pub down_bytes: usize,
}

/// A phone that works the network while it waits for a reply, and only then: one thing after the other, for
/// tests and tools.
pub struct Phone<S> {
    /// What it takes for the time.
    pub clock: PhoneClock,
    /// The exchanges so far.
    pub traffic: Vec<Traffic>,
    shell: Shell<S>,
    link: Box<dyn Link>,
}

impl Phone<Faulty<FileStore>> {
    /// A phone in a directory, over HTTP.
    ///
    /// # Errors
    /// When the directory cannot be used.
    pub fn new(folder: &Path, options: &Options) -> Result<Self, PhoneError> {
        let store = FileStore::open(folder)?;
        let entropy = start_entropy(options.seed, store.bytes())?;
        Ok(Self::over(Faulty::new(store), Box::new(HttpLink::default()), options, entropy))
    }
}

/// The 32 bytes that a start gets: with a seed the same for the same seed and the same size of the store, so
/// that a later start of the same phone gets others.
pub(super) fn start_entropy(seed: Option<u64>, store_bytes: u64) -> std::io::Result<[u8; 32]> {
    seed.map_or_else(entropy, |seed| {
        Ok(tagged_hash("kith/phone-entropy/1", &[&seed.to_le_bytes(), &store_bytes.to_le_bytes()]))
    })
}

impl<S: PhoneStore> Phone<S> {
    /// A phone over any store and link.
    pub fn over(store: S, link: Box<dyn Link>, options: &Options, entropy: [u8; 32]) -> Self {
        let shell = Shell::start(store, entropy, &options.origin, options.clock.both());
        let mut phone = Self { clock: options.clock, traffic: Vec::new(), shell, link };
        phone.shell.settle(phone.clock.both());
        phone
    }

    /// Does a command and waits for its reply.
    ///
    /// # Errors
    /// What the engine names.
    pub fn ask(&mut self, command: Command) -> Result<Reply, Problem> {
        let id = self.shell.command(command, self.clock.both());
        loop {
            self.shell.settle(self.clock.both());
            if let Some(reply) = self.shell.take_reply(id) {
                return reply;
            }
            if !self.work() {
                let text = "the engine gave no reply and waits for nothing".to_owned();
                return Err(Problem::new(ProblemCode::EngineStopped, text));
            }
        }
    }

    /// Does a command of `contract.ts`.
    ///
    /// # Errors
    /// What the engine names; `bad-input` for what is no command.
    pub fn json(&mut self, command: Value) -> Result<Value, Problem> {
        let bad = |error: serde_json::Error| Problem::new(ProblemCode::BadInput, error);
        let command = serde_json::from_value(command).map_err(bad)?;
        serde_json::to_value(self.ask(command)?).map_err(bad)
    }

    /// Syncs now.
    ///
    /// # Errors
    /// When the phone is in no circle. A sync that fails is no error here: its status says so.
    pub fn sync(&mut self) -> Result<SyncStatus, Problem> {
        match self.ask(Command::Sync)? {
            Reply::Status(status) => Ok(status),
            other => Err(Problem::new(ProblemCode::EngineStopped, format_args!("sync was answered with {other:?}"))),
        }
    }

    /// Goes away, or comes back.
    pub fn set_online(&mut self, online: bool) {
        self.shell.online = online;
    }

    /// Everything that the phone holds, see [`export`].
    ///
    /// # Errors
    /// The first problem that the engine names.
    pub fn export(&mut self) -> Result<Value, Problem> {
        export(&mut self.shell, self.clock.both())
    }

    /// See [`digest_of`].
    ///
    /// # Errors
    /// As [`Self::export`].
    pub fn digest(&mut self) -> Result<String, Problem> {
        Ok(digest_of(&self.export()?))
    }

    /// What the engine told by itself since the last call.
    pub fn notices(&mut self) -> Vec<Notice> {
        self.shell.take_notices()
    }

    /// The store.
    pub fn store(&mut self) -> &mut S {
        &mut self.shell.store
    }

    /// Takes another way to a server.
    pub fn set_link(&mut self, link: Box<dyn Link>) {
        self.link = link;
    }

    /// Ends the phone as a killed process does, and leaves the store.
    pub fn into_store(self) -> S {
        self.shell.into_store()
    }

    /// Does one thing of the network; false when there is none.
    fn work(&mut self) -> bool {
        let (id, url, body) = match self.shell.take_outgoing() {
            Some(Outgoing::Post { id, url, body }) => (id, url, body),
            Some(Outgoing::Abort { .. } | Outgoing::Live { .. }) => return true,
            None => return self.shell.wake_if_due(self.clock.both()),
        };
        let (shell, clock) = (&mut self.shell, &self.clock);
        let mut down_bytes = 0;
        let result = self.link.post(&url, &body, &mut |bytes| {
            down_bytes += bytes.len();
            shell.handle(Event::HttpBytes { id, bytes }, clock.both());
            shell.settle(clock.both());
        });
        self.traffic.push(Traffic { up_bytes: body.len(), down_bytes });
        let event = match result {
            Ok(()) => Event::HttpEnd { id },
            Err(failure) => Event::HttpFailed { id, failure },
        };
        self.shell.handle(event, self.clock.both());
        true
    }
}
