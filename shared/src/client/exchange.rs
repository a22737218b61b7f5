//! The phone's side of the network: when to ask, what to send, and what each frame of the answer does.

mod build;
mod chain;
mod fork;
mod http;
#[cfg(test)]
mod promise_tests;
mod take;
mod told;

use crate::sorted::{SortedMap, SortedSet};

use crate::ids::{ActorId, BodyId, CircleId, DocumentId, EpochId, StatementId};
use crate::storage::ReadResult;
use crate::sync::StoredEntry;
use crate::sync::admit::{Known, Prepared};
use crate::time::{SteadyMs, TimestampMs};
use crate::wire::{AnswerHeader, Cursor, FrameDecoder, Page};

use super::engine::{Attempt, Engine, LocalCircle};
use super::kernel::Task;
use super::places::Signing;
use super::{Command, CommandId, Effect, HttpId, Problem, ProblemCode};

use told::not_ours;

pub(super) use told::offline;

/// Where a phone comes in.
pub(super) const ENROL_PATH: &str = "/v1/enrol";
/// How soon after an edit it is sent, so that what belongs together travels together.
pub(super) const SEND_AFTER_MS: u64 = 800;
/// How often a phone asks about a circle that it is out of: so it hears of it when its person is brought back.
const OUT_ASKED_EVERY_MS: u64 = 24 * 60 * 60 * 1_000;
/// How many bytes of pages one response should bring.
const RESPONSE_BYTES: u32 = 1024 * 1024;

/// Where the phone stands with the server.
#[derive(Default)]
pub(super) struct Exchange {
    /// When to ask next.
    pub due: Option<SteadyMs>,
    /// Commands that wait for the end.
    pub waiters: Vec<CommandId>,
    pub problem: Option<Problem>,
    pub last_safe: Option<TimestampMs>,
    pub last_try: Option<TimestampMs>,
    pub sending: SortedSet<DocumentId>,
    pub enrolling: Option<super::enrol::Enrolling>,
    /// Bodies that documents name and that are not here.
    pub wanted: SortedSet<(CircleId, BodyId)>,
    clock_retried: bool,
    failures: u32,
    again: bool,
    running: bool,
    request: Option<Request>,
    resynced: SortedSet<CircleId>,
    /// The last answer brought records of which nothing could be taken.
    stalled: bool,
    /// Own entries in the request under way: how far in each document, and with which end of the chain they are signed.
    signing: Vec<Signing>,
    /// Circles of which something in this exchange was not taken, and is asked for again: later pages move no cursor.
    stuck: SortedSet<CircleId>,
    /// When this phone last asked about circles that it is out of.
    asked_out: SortedMap<CircleId, SteadyMs>,
    /// Commands that wait until the circle's chain was looked at.
    pub looking: Vec<(CommandId, Command)>,
    /// Commands whose turn it is now.
    pub looked: SortedSet<CommandId>,
    /// How far this device's own chains are in the request under way.
    own_ends: SortedMap<ActorId, u64>,
    /// This run took in everything there was, once.
    pub caught_up: bool,
    /// This exchange brought something of this device that it had not written.
    pub resumed_now: bool,
    sent: SortedMap<CircleId, Sent>,
    nothing_sent: Sent,
}

/// What a request said of a circle beside its pages.
#[derive(Clone, Debug, Default)]
pub(super) struct Sent {
    pub statements: Vec<StatementId>,
    pub sealing: Option<EpochId>,
    /// From which position on it brought records that the server lacks.
    pub brought_from: Option<u64>,
    /// How many texts it brought that the server lacks.
    pub texts: usize,
}

impl Exchange {
    /// Another request follows this one.
    pub(super) fn ask_again(&mut self) {
        self.again = true;
    }

    fn said(&self, circle: &CircleId) -> &Sent {
        self.sent.get(circle).unwrap_or(&self.nothing_sent)
    }
}

/// A request under way.
struct Request {
    id: HttpId,
    decoder: FrameDecoder,
    /// It only asks what arrived; what is unsent follows in the next.
    asks_first: bool,
    /// It asks to come in.
    enrols: bool,
    cursors: SortedMap<CircleId, Cursor>,
    ended: bool,
    more: bool,
    sent: SteadyMs,
    stale_after_ms: u64,
}

/// A circle's unsent entries, each with its place.
type Unsent = (CircleId, Vec<(u64, StoredEntry)>);

/// What of an exchange runs as a task of its own.
pub(super) enum Step {
    /// Gather what is unsent and ask.
    Build,
    Answer(Box<AnswerHeader>),
    Page(Box<PageTask>),
    Bodies(Vec<Vec<u8>>),
    /// The response is complete.
    Finish,
}

impl Task<Engine> for Step {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.exchange_step(self)
    }

    fn fail(&mut self, engine: &mut Engine, problem: Problem) {
        engine.exchange_failed(problem);
    }

    /// A page after one that was not stored must not move the cursor past it.
    fn is_of_exchange(&self) -> bool {
        true
    }
}

/// A page on its way into the store.
pub(super) struct PageTask {
    pub bytes: Vec<u8>,
    pub page: Option<(CircleId, Cursor)>,
    pub prepared: Option<Prepared>,
}

impl Engine {
    /// Asks for a sync in `delay_ms`, or sooner when one is due sooner.
    pub(super) fn sync_soon(&mut self, delay_ms: u64) {
        if self.circles.is_empty() && self.exchange.enrolling.is_none() {
            return;
        }
        if self.exchange.running {
            self.exchange.again = true;
            return;
        }
        let at = self.steady.plus_ms(delay_ms);
        if delay_ms == 0 {
            self.begin_exchange();
        } else {
            self.exchange.due = Some(self.exchange.due.map_or(at, |due| due.min(at)));
        }
    }

    fn begin_exchange(&mut self) {
        self.exchange.running = true;
        self.exchange.due = None;
        self.exchange.stuck.clear();
        self.exchange.resumed_now = false;
        self.kernel.enqueue(Step::Build);
        self.notify_status();
    }

    pub(super) fn exchange_wake(&mut self) {
        if self.exchange.due.is_none_or(|due| due > self.steady) {
            return;
        }
        self.exchange.due = None;
        match self.exchange.request.take() {
            Some(request) => {
                self.push(Effect::HttpAbort { id: request.id });
                self.exchange_failed(offline());
            }
            None if !self.exchange.running => self.begin_exchange(),
            None => {}
        }
    }

    pub(super) fn exchange_step(&mut self, step: &mut Step) -> Attempt {
        match step {
            Step::Build => self.build_request(),
            Step::Answer(answer) => self.take_answer(answer),
            Step::Page(page) => self.take_page(page),
            Step::Bodies(bodies) => self.take_bodies(bodies),
            Step::Finish => self.finish_exchange(),
        }
    }

    fn finish_exchange(&mut self) -> Attempt {
        let Some(request) = self.exchange.request.take() else { return Ok(super::engine::Step::Done) };
        let mut batch = crate::storage::Batch::default();
        let mut moved = Vec::new();
        if !request.more {
            self.circles.values_mut().for_each(LocalCircle::caught_up);
            for (circle, cursor) in &request.cursors {
                if let Some(local) = self.circles.get(circle).filter(|local| local.cursor != *cursor) {
                    let next = LocalCircle { cursor: cursor.clone(), ..local.clone() };
                    batch.put(crate::storage::Tree::Circles, circle.as_bytes(), next.encode());
                    moved.push((*circle, cursor.clone()));
                }
            }
        }
        // What is cut off and of which nothing could be taken would be asked for again without a pause.
        let again = (request.more && !self.exchange.stalled) || request.asks_first;
        if request.asks_first {
            self.circles.values_mut().for_each(|local| local.unsure.clear());
        }
        if batch.is_empty() {
            self.end_exchange(again);
            return Ok(super::engine::Step::Done);
        }
        Ok(super::engine::Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    for (circle, cursor) in moved {
                        if let Some(local) = engine.circles.get_mut(&circle) {
                            local.cursor = cursor;
                        }
                    }
                    engine.end_exchange(again);
                }
                Err(problem) => engine.exchange_failed(problem),
            }),
        ))
    }

    fn end_exchange(&mut self, again: bool) {
        self.exchange.sending.clear();
        self.exchange.failures = 0;
        self.exchange.clock_retried = false;
        self.exchange.problem = None;
        self.exchange.running = false;
        let again = again || core::mem::take(&mut self.exchange.again) || self.has_to_write_again();
        if self.circles.values().all(LocalCircle::is_safe) {
            self.exchange.last_safe = Some(self.now);
        }
        if again || self.circles.values().any(LocalCircle::wants_resync) {
            return self.begin_exchange();
        }
        self.exchange.caught_up = true;
        self.try_drafts_again();
        self.exchange.due = self.upkeep_due.take();
        let out = self.circles.iter().filter(|(_, local)| local.is_removed());
        let again = out.filter_map(|(circle, _)| self.exchange.asked_out.get(circle));
        let stalled = core::mem::take(&mut self.exchange.stalled).then(|| self.steady.plus_ms(http::RETRY_LONGEST_MS));
        let next = again.map(|at| at.plus_ms(OUT_ASKED_EVERY_MS)).chain(stalled).min();
        self.exchange.due = self.exchange.due.into_iter().chain(next).min();
        self.ask_live();
        self.answer_waiters();
    }

    /// Begins an exchange before a command, so that it is decided on what the circle is now. Whether the command's
    /// turn has come.
    pub(super) fn has_looked(&mut self, id: CommandId, command: &Command) -> bool {
        let is_offline = self.exchange.problem.as_ref().is_some_and(|problem| problem.code == ProblemCode::Offline);
        if self.exchange.looked.contains(&id) || is_offline {
            return true;
        }
        self.exchange.looking.push((id, command.clone()));
        self.sync_soon(0);
        false
    }
}

impl LocalCircle {
    pub(super) fn is_safe(&self) -> bool {
        self.lifted.is_empty() && self.documents.values().all(crate::sync::DocumentState::is_safe)
    }

    /// All that there was came.
    fn caught_up(&mut self) {
        self.recent.clear();
    }

    /// The server did not know the cursor, and has not been told all clocks yet.
    fn wants_resync(&self) -> bool {
        !self.is_removed() && self.cursor.is_empty() && !self.unsure.is_empty()
    }
}

/// What the answers to a page's reads say; a document state that does not decode is damage.
fn known(reads: &[crate::storage::Read], results: Vec<ReadResult>) -> Result<Known, Problem> {
    Known::from_reads(reads, results).map_err(super::problem::corrupt)
}

/// The page's circle, once it is read.
fn unpack(bytes: &[u8]) -> Result<Page, Problem> {
    crate::wire::unpack_page(bytes).map_err(|_| not_ours())
}
