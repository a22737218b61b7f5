//! The phone's side of the network: when to ask, what to send, and what each frame of the answer does.

mod build;
mod take;

use crate::sorted::{SortedMap, SortedSet};

use crate::ids::{BodyId, CircleId, DocumentId, StatementId};
use crate::storage::ReadResult;
use crate::sync::StoredEntry;
use crate::sync::admit::{Known, Prepared};
use crate::time::TimestampMs;
use crate::wire::{AnswerHeader, Cursor, Frame, FrameDecoder, Page, Problem as WireProblem, ProblemCode as WireCode};

use super::engine::{Attempt, Engine, LocalCircle, Task};
use super::view::{Notice, Reply, SyncState, SyncStatus};
use super::{CommandId, Effect, HttpFailure, HttpId, Problem, ProblemCode};

/// Where a phone comes in.
pub(super) const ENROL_PATH: &str = "/v1/enrol";
/// A request without a byte of answer for so long is given up, plus a millisecond for each byte sent: 8 kbit/s.
const STALL_MS: u64 = 45_000;
/// The wait after a first failure; doubled with each, up to the longest.
const RETRY_FIRST_MS: u64 = 2_000;
const RETRY_LONGEST_MS: u64 = 5 * 60_000;
/// How soon after an edit it is sent, so that what belongs together travels together.
pub(super) const SEND_AFTER_MS: u64 = 800;
/// How many bytes of pages one response should bring.
const RESPONSE_BYTES: u32 = 1024 * 1024;

/// Where the phone stands with the server.
#[derive(Default)]
pub(super) struct Exchange {
    /// When to ask next.
    pub due: Option<TimestampMs>,
    /// Commands that wait for the end.
    pub waiters: Vec<CommandId>,
    pub problem: Option<Problem>,
    pub last_safe: Option<TimestampMs>,
    pub last_try: Option<TimestampMs>,
    pub sending: SortedSet<DocumentId>,
    pub enrolling: Option<super::enrol::Enrolling>,
    /// Bodies that documents name and that are not here.
    pub wanted: SortedSet<(CircleId, BodyId)>,
    clock_offset_ms: i64,
    clock_retried: bool,
    failures: u32,
    again: bool,
    running: bool,
    request: Option<Request>,
    gathered: Gathered,
    resynced: SortedSet<CircleId>,
    known: Option<Known>,
    sent: SortedMap<CircleId, Sent>,
    nothing_sent: Sent,
}

/// What a request said of a circle beside its pages.
#[derive(Clone, Debug, Default)]
pub(super) struct Sent {
    pub statements: Vec<StatementId>,
    pub sealing: Option<StatementId>,
}

impl Exchange {
    /// What to add to the phone's clock to have the server's.
    pub(super) fn clock_offset_ms(&self) -> i64 {
        self.clock_offset_ms
    }

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
    stale_after_ms: u64,
}

/// A circle's unsent entries, each with its place.
type Unsent = (CircleId, Vec<(u64, StoredEntry)>);

/// What was read for the next request.
#[derive(Default)]
struct Gathered {
    entries: Option<Vec<Unsent>>,
    bodies: Option<Vec<Vec<ReadResult>>>,
}

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

/// A page on its way into the store.
pub(super) struct PageTask {
    pub bytes: Vec<u8>,
    pub page: Option<(CircleId, Cursor)>,
    pub prepared: Option<Prepared>,
}

impl Engine {
    /// Asks for a sync in `delay_ms`, or sooner when one is due sooner.
    pub(super) fn sync_soon(&mut self, delay_ms: u64) {
        if self.circles.values().all(LocalCircle::is_removed) && self.exchange.enrolling.is_none() {
            return;
        }
        if self.exchange.running {
            self.exchange.again = true;
            return;
        }
        let at = self.now.plus_ms(delay_ms);
        if delay_ms == 0 {
            self.begin_exchange();
        } else {
            self.exchange.due = Some(self.exchange.due.map_or(at, |due| due.min(at)));
        }
    }

    fn begin_exchange(&mut self) {
        self.exchange.running = true;
        self.exchange.due = None;
        self.exchange.gathered = Gathered::default();
        self.enqueue(Task::Exchange(Step::Build));
        self.notify_status();
    }

    pub(super) fn exchange_wake(&mut self) {
        if self.exchange.due.is_none_or(|due| due > self.now) {
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

    pub(super) fn send_request(&mut self, path: &str, body: Vec<u8>, asks_first: bool) {
        let id = HttpId(self.take_id());
        let stale_after_ms = STALL_MS + body.len() as u64;
        self.exchange.last_try = Some(self.now);
        self.exchange.due = Some(self.now.plus_ms(stale_after_ms));
        self.exchange.request = Some(Request {
            id,
            decoder: FrameDecoder::default(),
            asks_first,
            enrols: path == ENROL_PATH,
            cursors: SortedMap::new(),
            ended: false,
            more: false,
            stale_after_ms,
        });
        let url = format!("{}{path}", self.origin);
        self.push(Effect::Http { id, url, body });
    }

    pub(super) fn handle_http_bytes(&mut self, id: HttpId, bytes: &[u8]) {
        let Some(request) = self.exchange.request.as_mut().filter(|request| request.id == id) else { return };
        self.exchange.due = Some(self.now.plus_ms(request.stale_after_ms));
        request.decoder.feed(bytes);
        let mut frames = Vec::new();
        let broken = loop {
            match request.decoder.next_frame() {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break false,
                Err(_) => break true,
            }
        };
        frames.into_iter().for_each(|frame| self.handle_frame(frame));
        if broken {
            self.push(Effect::HttpAbort { id });
            self.exchange.request = None;
            self.exchange_failed(not_ours());
        }
    }

    fn handle_frame(&mut self, frame: Frame) {
        let enrols = self.enrols();
        let step = match frame {
            Frame::Answer(answer) => match &mut self.exchange.enrolling {
                Some(enrolling) if enrols => return enrolling.hear(answer),
                _ => Step::Answer(Box::new(answer)),
            },
            Frame::Page(bytes) => Step::Page(Box::new(PageTask { bytes, page: None, prepared: None })),
            Frame::Bodies(bodies) => Step::Bodies(bodies),
            Frame::End { more } => {
                if let Some(request) = &mut self.exchange.request {
                    (request.ended, request.more) = (true, more);
                }
                match &mut self.exchange.enrolling {
                    Some(enrolling) if enrols => {
                        let (time, circles) = (self.now, enrolling.heard());
                        Step::Answer(Box::new(AnswerHeader { time, circles }))
                    }
                    _ => return,
                }
            }
            Frame::Problem(problem) => return self.handle_wire_problem(&problem),
            Frame::Request(_) => return,
        };
        self.enqueue(Task::Exchange(step));
    }

    /// Whether the request under way is one to come in by.
    pub(super) fn enrols(&self) -> bool {
        self.exchange.enrolling.is_some() && self.exchange.request.as_ref().is_some_and(|request| request.enrols)
    }

    fn handle_wire_problem(&mut self, problem: &WireProblem) {
        self.exchange.request = None;
        if problem.code == WireCode::Clock && !self.exchange.clock_retried {
            self.exchange.clock_retried = true;
            let (server, phone) = (problem.time.0, self.now.0);
            self.exchange.clock_offset_ms = i64::try_from(i128::from(server) - i128::from(phone)).unwrap_or(0);
            return self.begin_exchange();
        }
        self.exchange_failed(from_wire(problem));
    }

    pub(super) fn handle_http_end(&mut self, id: HttpId) {
        let Some(request) = self.exchange.request.as_ref().filter(|request| request.id == id) else { return };
        if request.ended {
            self.enqueue(Task::Exchange(Step::Finish));
        } else {
            self.exchange.request = None;
            self.exchange_failed(offline());
        }
    }

    pub(super) fn handle_http_failed(&mut self, id: HttpId, failure: HttpFailure) {
        if self.exchange.request.as_ref().is_none_or(|request| request.id != id) {
            return;
        }
        self.exchange.request = None;
        self.exchange_failed(match failure {
            HttpFailure::Unreachable => offline(),
            HttpFailure::NotOurServer => not_ours(),
            HttpFailure::Server => Problem::new(
                ProblemCode::ServerError,
                "The server could not answer. Everything is kept on this phone; it will try again.",
            ),
        });
    }

    /// Ends an exchange that did not reach its end. What was sent may have arrived: the next one asks.
    pub(super) fn exchange_failed(&mut self, problem: Problem) {
        if let Some(enrolling) = self.exchange.enrolling.take() {
            self.reply(enrolling.command, Err(problem.clone()));
        }
        let sending = core::mem::take(&mut self.exchange.sending);
        for local in self.circles.values_mut() {
            let theirs = sending.iter().filter(|document| local.documents.contains_key(document));
            local.unsure.extend(theirs.copied().collect::<Vec<_>>());
        }
        let doubled = RETRY_FIRST_MS.saturating_mul(1 << self.exchange.failures.min(16));
        let wait_ms = doubled.min(RETRY_LONGEST_MS);
        let [jitter]: [u8; 1] = self.random.bytes();
        self.exchange.failures += 1;
        self.exchange.clock_retried = false;
        if let Some(request) = self.exchange.request.take() {
            self.push(Effect::HttpAbort { id: request.id });
        }
        self.drop_exchange_tasks();
        self.exchange.known = None;
        self.exchange.running = false;
        self.exchange.again = false;
        self.exchange.problem = Some(problem);
        self.exchange.due = Some(self.now.plus_ms(wait_ms + wait_ms * u64::from(jitter) / 512));
        self.answer_waiters();
    }

    fn finish_exchange(&mut self) -> Attempt {
        let Some(request) = self.exchange.request.take() else { return Ok(super::engine::Step::Done) };
        let mut batch = crate::storage::Batch::default();
        let mut moved = Vec::new();
        if !request.more {
            for (circle, cursor) in &request.cursors {
                if let Some(local) = self.circles.get(circle).filter(|local| local.cursor != *cursor) {
                    let next = LocalCircle { cursor: cursor.clone(), ..local.clone() };
                    batch.put(crate::storage::Tree::Circles, circle.as_bytes(), next.encode());
                    moved.push((*circle, cursor.clone()));
                }
            }
        }
        let again = request.more || request.asks_first;
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
        let again = again || core::mem::take(&mut self.exchange.again);
        if self.circles.values().all(LocalCircle::is_safe) {
            self.exchange.last_safe = Some(self.now);
        }
        if again || self.circles.values().any(LocalCircle::wants_resync) {
            return self.begin_exchange();
        }
        self.exchange.due = None;
        self.ask_live();
        self.answer_waiters();
    }

    fn answer_waiters(&mut self) {
        let status = self.status();
        for id in core::mem::take(&mut self.exchange.waiters) {
            self.reply(id, Ok(Reply::Status(status.clone())));
        }
        self.notify_status();
    }

    pub(super) fn notify_status(&mut self) {
        let status = self.status();
        self.push(Effect::Notice(Notice::Status { status }));
    }

    /// How it stands, in full.
    pub(super) fn status(&self) -> SyncStatus {
        let exchange = &self.exchange;
        let state = match &exchange.problem {
            _ if exchange.running => SyncState::Syncing,
            None => SyncState::Idle,
            Some(problem) if problem.code == ProblemCode::Offline => SyncState::Offline,
            Some(_) => SyncState::Failed,
        };
        let outbox = self.outbox();
        let removed = self.circles.values().any(LocalCircle::is_removed).then(removed);
        SyncStatus {
            state,
            last_safe_ms: exchange.last_safe.map(|at| at.0),
            last_try_ms: exchange.last_try.map(|at| at.0),
            unsent_items: outbox.len() as u64,
            unsent_bytes: outbox.iter().map(|item| item.bytes).sum(),
            progress: None,
            problem: exchange.problem.clone().or(removed).or_else(|| self.lacking_problem()),
        }
    }

    pub(super) fn request_time(&self) -> TimestampMs {
        TimestampMs(self.now.0.saturating_add_signed(self.exchange.clock_offset_ms))
    }

    /// Gives the shell a fresh address to listen at; it takes it when it is not listening.
    fn ask_live(&mut self) {
        let (Ok(device), time) = (self.device(), self.request_time()) else { return };
        if self.circles.is_empty() {
            return;
        }
        let stamp = crate::trust::RequestStamp { device: device.id(), time };
        let signature = stamp.sign(device, crate::trust::Purpose::Live, &[]);
        let hex: String = signature.0.iter().map(|byte| format!("{byte:02x}")).collect();
        let url = format!("{}/v1/live?device={}&time={}&signature={hex}", self.origin, stamp.device, stamp.time.0);
        self.push(Effect::Live { url });
    }
}

impl LocalCircle {
    pub(super) fn is_safe(&self) -> bool {
        self.documents.values().all(crate::sync::DocumentState::is_safe)
    }

    /// The server did not know the cursor, and has not been told all clocks yet.
    fn wants_resync(&self) -> bool {
        !self.is_removed() && self.cursor.is_empty() && !self.unsure.is_empty()
    }
}

fn removed() -> Problem {
    let text = "This phone is not in the circle any more. What it holds can be read; ask your facilitator.";
    Problem::new(ProblemCode::Removed, text)
}

pub(super) fn offline() -> Problem {
    Problem::new(ProblemCode::Offline, "No connection. Everything is kept on this phone and sent later.")
}

fn not_ours() -> Problem {
    Problem::new(
        ProblemCode::NotOurServer,
        "Something other than Kith answered: perhaps a login page of this network. Nothing was lost.",
    )
}

fn from_wire(problem: &WireProblem) -> Problem {
    let (code, text) = match problem.code {
        WireCode::Version => (ProblemCode::OtherVersion, "The server speaks another version: update the app."),
        WireCode::UnknownDevice => {
            (ProblemCode::Removed, "The server does not know this phone in the circle. Ask your facilitator.")
        }
        WireCode::Signature => (ProblemCode::Refused, "The server could not verify this phone."),
        WireCode::Clock => (ProblemCode::ClockWrong, "This phone's clock is wrong. Set date and time, then try again."),
        WireCode::InviteUnknown => (ProblemCode::LinkInvalid, "This link is not known. Ask for a new one."),
        WireCode::InviteExpired => (ProblemCode::LinkExpired, "This link ran out. Ask for a new one."),
        WireCode::InviteUsed => (ProblemCode::LinkUsed, "This link was used up. Ask for a new one."),
        WireCode::Slow => (
            ProblemCode::ServerError,
            "The server asks to go slower. Everything is kept on this phone; it will try again by itself.",
        ),
        WireCode::Malformed | WireCode::TooLarge | WireCode::Busy | WireCode::Storage => {
            (ProblemCode::ServerError, "The server could not take it now. It is kept here and tried again.")
        }
    };
    Problem::new(code, text)
}

/// What the answers to a page's reads say; a document state that does not decode is damage.
fn known(reads: &[crate::storage::Read], results: Vec<ReadResult>) -> Result<Known, Problem> {
    Known::from_reads(reads, results).map_err(super::engine::corrupt)
}

/// The page's circle, once it is read.
fn unpack(bytes: &[u8]) -> Result<Page, Problem> {
    crate::wire::unpack_page(bytes).map_err(|_| not_ours())
}
