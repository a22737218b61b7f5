use std::collections::{BTreeMap, VecDeque};

use kith_shared::client::view::{Notice, Reply};
use kith_shared::client::{
    Command, CommandId, Effect, Engine, Event, HttpFailure, HttpId, Problem, ProblemCode, StoreFailure,
};
use kith_shared::time::{Now, SteadyMs};

use super::{Boundaries, PhoneStore};

/// What the engine wants of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// POST this; hand the response in.
    Post {
        /// Comes back with the response.
        id: HttpId,
        /// Where to.
        url: String,
        /// The request's body, whole.
        body: Vec<u8>,
    },
    /// Nobody waits for it any more.
    Abort {
        /// The request whose answer is wanted no more.
        id: HttpId,
    },
    /// Listen for pokes here; empty: stop.
    Live {
        /// The stream's address; empty to listen no more.
        url: String,
    },
}

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// There was nothing to do.
    Nothing,
    /// It read from the store.
    Read,
    /// It wrote to the store.
    Commit,
    /// Something else.
    Other,
}

/// The engine with its store: does what the engine asks of the store, keeps the rest for whoever drives it.
pub struct Shell<S> {
    /// The store.
    pub store: S,
    /// When false, every request fails at once.
    pub online: bool,
    /// How many commits the store refuses next, as a full one does.
    pub refuses: u32,
    /// Where a test's process may die.
    pub boundaries: Boundaries,
    engine: Engine,
    outgoing: VecDeque<Outgoing>,
    replies: BTreeMap<CommandId, Result<Reply, Problem>>,
    notices: Vec<Notice>,
    wake: Option<SteadyMs>,
    next: u32,
}

impl<S: PhoneStore> Shell<S> {
    /// Starts the engine over a store.
    pub fn start(store: S, entropy: [u8; 32], origin: &str, now: impl Into<Now>) -> Self {
        let now = now.into();
        let mut shell = Self {
            store,
            online: true,
            refuses: 0,
            boundaries: Boundaries::default(),
            engine: Engine::new(),
            outgoing: VecDeque::new(),
            replies: BTreeMap::new(),
            notices: Vec::new(),
            wake: None,
            next: 0,
        };
        shell.handle(Event::Start { entropy, origin: origin.to_owned() }, now);
        shell
    }

    /// Hands an event in; its effects wait for [`Self::step`].
    pub fn handle(&mut self, event: Event, now: impl Into<Now>) {
        self.engine.handle(event, now);
    }

    /// Begins a command.
    pub fn command(&mut self, command: Command, now: impl Into<Now>) -> CommandId {
        self.next += 1;
        let id = CommandId(self.next);
        self.handle(Event::Command { id, command }, now);
        id
    }

    /// Does one effect.
    pub fn step(&mut self, now: impl Into<Now>) -> Did {
        let now = now.into();
        let Some(effect) = self.engine.next_effect() else { return Did::Nothing };
        match effect {
            Effect::Read { id, reads } => {
                let results = self.store.read(&reads);
                self.handle(Event::Stored { id, results }, now);
                return Did::Read;
            }
            Effect::Commit { id, .. } if self.refuses > 0 => {
                self.refuses -= 1;
                self.handle(Event::Committed { id, outcome: Err(StoreFailure::Full) }, now);
                return Did::Commit;
            }
            Effect::Commit { id, batch } => {
                self.boundaries.pass();
                let outcome = self.store.commit(batch);
                self.boundaries.pass();
                self.handle(Event::Committed { id, outcome }, now);
                return Did::Commit;
            }
            Effect::Http { id, .. } if !self.online => {
                self.handle(Event::HttpFailed { id, failure: HttpFailure::Unreachable }, now);
            }
            Effect::Http { id, url, body } => self.outgoing.push_back(Outgoing::Post { id, url, body }),
            Effect::HttpAbort { id } => self.outgoing.push_back(Outgoing::Abort { id }),
            Effect::Live { url } => self.outgoing.push_back(Outgoing::Live { url }),
            Effect::Reply { id, reply } => {
                self.replies.insert(id, reply);
            }
            Effect::Notice(notice) => self.notices.push(notice),
            Effect::Wake { in_ms } => self.wake = Some(now.steady.plus_ms(in_ms)),
        }
        Did::Other
    }

    /// Does all effects that need no network.
    pub fn settle(&mut self, now: impl Into<Now>) {
        let now = now.into();
        while self.step(now) != Did::Nothing {}
    }

    /// Does a command that needs no network, and gives its reply.
    ///
    /// # Errors
    /// What the engine names, or `engine-stopped` when the command does need the network.
    pub fn ask_here(&mut self, command: Command, now: impl Into<Now>) -> Result<Reply, Problem> {
        let now = now.into();
        let id = self.command(command, now);
        self.settle(now);
        self.take_reply(id).unwrap_or_else(|| {
            let text = "the command waits for the network".to_owned();
            Err(Problem { retry: true, ..Problem::new(ProblemCode::EngineStopped, text) })
        })
    }

    /// Wakes the engine when it asked for it.
    pub fn wake_if_due(&mut self, now: impl Into<Now>) -> bool {
        let now = now.into();
        let due = self.wake.is_some_and(|at| at <= now.steady);
        if due {
            self.wake = None;
            self.handle(Event::Wake, now);
        }
        due
    }

    /// When the engine wants to be woken, by the clock that runs on.
    #[must_use]
    pub fn wake_at(&self) -> Option<SteadyMs> {
        self.wake
    }

    /// What is wanted of the network next.
    pub fn take_outgoing(&mut self) -> Option<Outgoing> {
        self.outgoing.pop_front()
    }

    /// The reply to a command, once.
    pub fn take_reply(&mut self, id: CommandId) -> Option<Result<Reply, Problem>> {
        self.replies.remove(&id)
    }

    /// All replies that have come.
    pub fn take_replies(&mut self) -> BTreeMap<CommandId, Result<Reply, Problem>> {
        core::mem::take(&mut self.replies)
    }

    /// What the engine told by itself since the last call.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        core::mem::take(&mut self.notices)
    }

    /// Ends the engine as a killed process does, and starts another over the same store.
    pub fn begin_anew(&mut self, entropy: [u8; 32], origin: &str, now: impl Into<Now>) {
        self.engine = Engine::new();
        self.outgoing.clear();
        self.replies.clear();
        self.wake = None;
        self.handle(Event::Start { entropy, origin: origin.to_owned() }, now);
    }

    /// Ends the engine as a killed process does, and leaves the store.
    pub fn into_store(self) -> S {
        self.store
    }
}
