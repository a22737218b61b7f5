mod circle;
mod task;

use std::collections::VecDeque;

use crate::sorted::{SortedMap, SortedSet};

use crate::ids::{ActorId, BodyId, CircleId, DocumentId, MemberId, ThreadId};
use crate::storage::{CommitOutcome, ReadResult};
use crate::time::{Now, SteadyMs, TimestampMs};
use crate::trust::{Commission, DeviceSecret, Role};

use super::clock::Clock;
use super::exchange::Exchange;
use super::local::OpenDocument;
use super::random::Random;
use super::summary::Summary;
use super::view::{ListName, Notice, Reply};
use super::{Command, CommandId, Effect, Event, Problem, ProblemCode, StoreFailure, StoreId};

pub(super) use circle::LocalCircle;
pub(super) use task::{After, Attempt, Step, Stop, Task};

use task::Running;

/// How long what was typed may wait before it becomes a change. It is kept as a draft from the first moment.
pub(super) const COALESCE_MS: u64 = 5_000;

/// The engine of one phone: everything a person does, on documents that are merged, stored and synced.
///
/// One task runs at a time. A task that lacks something from the store asks for it and is run again from its
/// beginning when it is there; it changes nothing before it commits.
pub struct Engine {
    pub(super) clock: Clock,
    /// The time as this phone knows it: what is written is dated by it.
    pub(super) now: TimestampMs,
    /// Time that runs on: what is due is counted by it.
    pub(super) steady: SteadyMs,
    pub(super) random: Random,
    pub(super) origin: String,
    pub(super) device: Option<DeviceSecret>,
    pub(super) circles: SortedMap<CircleId, LocalCircle>,
    pub(super) open: SortedMap<DocumentId, OpenDocument>,
    /// Versions of note bodies, kept when a document is closed and opened again.
    pub(super) versions: SortedMap<DocumentId, u64>,
    pub(super) device_stored: bool,
    pub(super) watched: SortedSet<DocumentId>,
    pub(super) watched_threads: SortedSet<(CircleId, ThreadId)>,
    pub(super) summaries: SortedMap<DocumentId, Summary>,
    pub(super) observer: Option<super::ApplyObserver>,
    pub(super) quarantined: SortedMap<DocumentId, u64>,
    pub(super) summaries_new: SortedSet<DocumentId>,
    pub(super) thread_titles: SortedMap<ThreadId, String>,
    pub(super) seen: SortedMap<DocumentId, u64>,
    pub(super) bodies: SortedMap<BodyId, Option<Vec<u8>>>,
    /// With whose entry a text came, of those that are being taken back.
    pub(super) owners: SortedMap<BodyId, Option<ActorId>>,
    /// Documents of which drafts are in the store that no open document has; an error when it was tried in vain to make
    /// a change of them.
    pub(super) drafted: SortedMap<DocumentId, Result<(), ()>>,
    /// Entries of sealed documents, read to be opened.
    pub(super) unsealing: SortedMap<DocumentId, Vec<crate::sync::StoredEntry>>,
    pub(super) exchange: Exchange,
    /// The right to found circles, once it was looked for.
    pub(super) commission: Option<Commission>,
    /// A code that this phone shows, to come in with no network.
    pub(super) asking: Option<super::qr::Asking>,
    /// Where this phone's own entries that were sent were signed.
    pub(super) signed: SortedMap<DocumentId, Vec<(u64, super::places::Place)>>,
    /// Where others' entries were signed, of documents in which that was asked.
    pub(super) places: SortedMap<DocumentId, super::places::Places>,
    /// Where what was written by a clock that is far off stands; of each document by author and op.
    pub(super) placed: SortedMap<DocumentId, Vec<crate::sync::placing::Placed>>,
    /// Places that this phone found itself, and that are not written yet.
    pub(super) placed_new: Vec<crate::sync::placing::Placed>,
    /// Circles in which somebody may have come since messages of this phone were sealed.
    pub(super) resealing: SortedSet<CircleId>,
    /// Documents of which the server did not take something, for its old key.
    pub(super) late: super::late_key::Late,
    /// Logs of documents, read to take entries out of them or to write some again.
    pub(super) logs_read: super::putback::LogsRead,
    /// What its person is told of a phone that took in what it had not written.
    pub(super) resumed: Option<super::putback::Resumed>,
    /// When statements last came or were made.
    pub(super) trust_changed: Option<SteadyMs>,
    /// When keys are to be looked after again, once others had their time.
    pub(super) upkeep_due: Option<SteadyMs>,
    queue: VecDeque<Task>,
    running: Option<Running>,
    effects: VecDeque<Effect>,
    next_id: u32,
    wake_at: Option<SteadyMs>,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// An engine that waits for [`Event::Start`].
    #[must_use]
    pub fn new() -> Self {
        Self {
            clock: Clock::default(),
            now: TimestampMs(0),
            steady: SteadyMs(0),
            random: Random::new([0; 32]),
            origin: String::new(),
            device: None,
            circles: SortedMap::new(),
            open: SortedMap::new(),
            versions: SortedMap::new(),
            device_stored: false,
            watched: SortedSet::new(),
            watched_threads: SortedSet::new(),
            summaries: SortedMap::new(),
            observer: None,
            quarantined: SortedMap::new(),
            summaries_new: SortedSet::new(),
            thread_titles: SortedMap::new(),
            seen: SortedMap::new(),
            bodies: SortedMap::new(),
            owners: SortedMap::new(),
            drafted: SortedMap::new(),
            unsealing: SortedMap::new(),
            exchange: Exchange::default(),
            commission: None,
            asking: None,
            signed: SortedMap::new(),
            places: SortedMap::new(),
            placed: SortedMap::new(),
            placed_new: Vec::new(),
            resealing: SortedSet::new(),
            late: super::late_key::Late::default(),
            logs_read: SortedMap::new(),
            resumed: None,
            trust_changed: None,
            upkeep_due: None,
            queue: VecDeque::new(),
            running: None,
            effects: VecDeque::new(),
            next_id: 0,
            wake_at: None,
        }
    }

    /// Takes an event in, at `now` by the phone's clocks.
    pub fn handle(&mut self, event: Event, now: impl Into<Now>) {
        self.handle_at(event, now.into());
    }

    fn handle_at(&mut self, event: Event, now: Now) {
        if self.look_at_clocks(now) {
            // The shell counts what is left by a clock that stood still.
            self.wake_at = None;
        }
        match event {
            Event::Start { entropy, origin } => {
                self.origin = origin;
                self.queue.push_back(Task::Start { entropy });
            }
            Event::Command { id, command } => self.queue.push_back(Task::Command { id, command }),
            Event::Stored { id, results } => self.handle_stored(id, results),
            Event::Committed { id, outcome } => self.handle_committed(id, outcome),
            Event::HttpBytes { id, bytes } => self.handle_http_bytes(id, &bytes),
            Event::HttpEnd { id } => self.handle_http_end(id),
            Event::HttpFailed { id, failure } => self.handle_http_failed(id, failure),
            Event::Nudge => {
                self.flush_due();
                self.exchange_wake();
                self.sync_soon(0);
            }
            Event::Wake => {
                self.wake_at = None;
                self.handle_wake();
            }
        }
        self.run();
        self.ask_to_wake();
    }

    /// What to do next, if anything.
    pub fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// Whether nothing is waiting or under way but the network.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.running.is_none() && self.queue.is_empty()
    }

    pub(super) fn push(&mut self, effect: Effect) {
        self.effects.push_back(effect);
    }

    pub(super) fn enqueue(&mut self, task: Task) {
        self.queue.push_back(task);
    }

    /// Before everything that waits: what an earlier run left undone.
    pub(super) fn enqueue_first(&mut self, task: Task) {
        self.queue.push_front(task);
    }

    /// Forgets what an exchange that failed has left to do: a page after one that was not stored must not
    /// move the cursor past it.
    pub(super) fn drop_exchange_tasks(&mut self) {
        self.queue.retain(|task| !matches!(task, Task::Exchange(_)));
    }

    pub(super) fn take_id(&mut self) -> u32 {
        self.next_id = self.next_id.wrapping_add(1);
        self.next_id
    }

    pub(super) fn reply(&mut self, id: CommandId, reply: Result<Reply, Problem>) {
        self.push(Effect::Reply { id, reply });
    }

    pub(super) fn notify_lists(&mut self, circle: &CircleId, what: &[ListName]) {
        self.push(Effect::Notice(Notice::Lists { circle: circle.to_string(), what: what.to_vec() }));
    }

    fn run(&mut self) {
        while self.running.is_none() {
            let Some(task) = self.queue.pop_front() else { return };
            self.attempt(task);
        }
    }

    fn attempt(&mut self, mut task: Task) {
        let attempt = match &mut task {
            Task::Start { entropy } => {
                let entropy = *entropy;
                self.start(entropy)
            }
            Task::Command { id, command } => {
                // It is taken out and put back: a copy of every kind of command is 4 KB of code.
                let asked = core::mem::replace(command, Command::Circles);
                let attempt = self.command(*id, &asked);
                *command = asked;
                attempt
            }
            Task::Flush => self.flush_all(),
            Task::SetAside { document, from } => {
                let (document, from) = (*document, *from);
                self.store_set_aside(&document, from)
            }
            Task::Show { circle, name, keys } => {
                let (circle, name, keys) = (*circle, *name, keys.clone());
                self.show(&circle, &name, keys.as_deref())
            }
            Task::Unseal { circle, name } => {
                let (circle, name) = (*circle, *name);
                self.unseal_news(&circle, &name)
            }
            Task::Summarise { id, circle } => {
                let (id, circle) = (*id, *circle);
                self.summarise(id, &circle)
            }
            Task::NameFounded { id, circle, name, circle_name } => {
                let (id, circle, name, circle_name) = (*id, *circle, name.clone(), circle_name.clone());
                self.name_founded(id, circle, &name, &circle_name)
            }
            Task::NameTaken { id, circle, name, words } => {
                let (id, circle, name, words) = (*id, *circle, name.clone(), words.clone());
                self.name_taken(id, circle, &name, &words)
            }
            Task::Exchange(step) => self.exchange_step(step),
        };
        let id = StoreId(self.take_id());
        match attempt {
            Ok(Step::Done) => {}
            Ok(Step::Commit(batch, after)) => {
                self.push(Effect::Commit { id, batch });
                self.running = Some(Running::Committing { id, after });
            }
            Err(Stop::Read(reads, then)) => {
                self.push(Effect::Read { id, reads });
                self.running = Some(Running::Reading { id, task, then });
            }
            Err(Stop::First(batch, after)) => {
                self.push(Effect::Commit { id, batch });
                self.running = Some(Running::First { id, task, after });
            }
            Err(Stop::Fail(problem)) => self.fail(&task, problem),
        }
    }

    fn fail(&mut self, task: &Task, problem: Problem) {
        match task {
            Task::Command { id, .. }
            | Task::Summarise { id, .. }
            | Task::NameFounded { id, .. }
            | Task::NameTaken { id, .. } => self.reply(*id, Err(problem)),
            Task::Start { .. } => self.push(Effect::Notice(Notice::Engine {
                state: super::view::EngineState::Stopped,
                problem: Some(problem),
            })),
            Task::Flush | Task::Show { .. } | Task::Unseal { .. } | Task::SetAside { .. } => {
                self.exchange.problem = Some(problem);
            }
            Task::Exchange(_) => self.exchange_failed(problem),
        }
    }

    fn handle_stored(&mut self, id: StoreId, results: Result<Vec<ReadResult>, StoreFailure>) {
        match self.running.take() {
            Some(Running::Reading { id: wanted, task, then }) if wanted == id => {
                let done = results.map_err(store_problem).and_then(|results| then(self, results));
                match done {
                    Ok(()) => self.queue.push_front(task),
                    Err(problem) => self.fail(&task, problem),
                }
            }
            other => self.running = other,
        }
    }

    fn handle_committed(&mut self, id: StoreId, outcome: Result<CommitOutcome, StoreFailure>) {
        let done = match outcome {
            Ok(CommitOutcome::Committed) => Ok(()),
            Ok(CommitOutcome::Conflict) => {
                Err(Problem::new(ProblemCode::StorageFailed, "another writer changed this phone's store"))
            }
            Err(failure) => Err(store_problem(failure)),
        };
        match self.running.take() {
            Some(Running::Committing { id: wanted, after }) if wanted == id => after(self, done),
            Some(Running::First { id: wanted, task, after }) if wanted == id => match done {
                Ok(()) => {
                    after(self, Ok(()));
                    self.queue.push_front(task);
                }
                Err(problem) => {
                    after(self, Err(problem.clone()));
                    self.fail(&task, problem);
                }
            },
            other => self.running = other,
        }
    }

    fn ask_to_wake(&mut self) {
        let drafts = self.open.values().filter_map(|open| open.commit_due);
        let Some(at) = drafts.chain(self.exchange.due).min() else { return };
        if self.wake_at != Some(at) {
            self.wake_at = Some(at);
            self.push(Effect::Wake { in_ms: at.since_ms(self.steady) });
        }
    }

    fn handle_wake(&mut self) {
        self.flush_due();
        self.exchange_wake();
    }

    fn flush_due(&mut self) {
        if self.open.values().any(|open| open.commit_due.is_some_and(|due| due <= self.steady)) {
            self.queue.push_back(Task::Flush);
        }
    }

    pub(super) fn device(&self) -> Result<&DeviceSecret, Problem> {
        self.device.as_ref().ok_or_else(|| Problem::new(ProblemCode::EngineStopped, "the engine has not started"))
    }

    pub(super) fn local(&self, circle: &CircleId) -> Result<&LocalCircle, Problem> {
        self.circles
            .get(circle)
            .ok_or_else(|| Problem::new(ProblemCode::UnknownCircle, "this phone is in no such circle"))
    }

    /// This phone's member and role in a circle.
    pub(super) fn me(&self, circle: &CircleId) -> Result<(MemberId, Role), Problem> {
        let device = self.device()?.id();
        let (author, _) = self.local(circle)?.roster.author(&device).ok_or_else(|| {
            Problem::new(ProblemCode::Removed, "this phone is not in the circle any more: ask your facilitator")
        })?;
        Ok((author.member, author.role))
    }

    /// The circle that holds a document.
    pub(super) fn circle_of(&self, document: &DocumentId) -> Result<CircleId, Problem> {
        self.circles
            .iter()
            .find(|(_, local)| local.documents.contains_key(document))
            .map(|(circle, _)| *circle)
            .ok_or_else(|| Problem::new(ProblemCode::UnknownDocument, "this phone has no such note or thread"))
    }
}

/// What a store's failure means to a person.
pub(super) fn store_problem(failure: StoreFailure) -> Problem {
    match failure {
        StoreFailure::Full => Problem::new(
            ProblemCode::StorageFull,
            "This phone is full. Free some space, then try again. What was saved is still here.",
        ),
        StoreFailure::Corrupt { tree } => corrupt(format_args!("a row of {tree:?} does not unseal")),
        StoreFailure::Failed => Problem::new(
            ProblemCode::StorageFailed,
            "This phone could not save. Close other tabs and try again. What was saved is still here.",
        ),
    }
}

/// What a record that does not decode means to a person.
pub(super) fn corrupt(error: impl core::fmt::Display) -> Problem {
    Problem::new(
        ProblemCode::StorageCorrupt,
        format!("Something stored on this phone is damaged ({error}). What the server holds can be fetched again."),
    )
}

/// An id as the page gives it.
pub(super) fn parse<T: core::str::FromStr>(text: &str, what: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::new(ProblemCode::BadInput, format!("{what} is not an id: {text:.80}")))
}
