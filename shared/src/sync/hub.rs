//! The server's side of an exchange: the header is checked, each page is admitted and committed as it
//! comes, then the answer goes out, and what the phone lacks, in pages. Reads the log by position; loads
//! no document.

mod answer;
mod first_contact;
mod hall;

use std::collections::VecDeque;

use crate::sorted::{SortedMap, SortedSet};

use crate::document::DocumentName;
use crate::gate::{Refusal, Schema};
use crate::ids::{ActorId, CircleId, DocumentId, EntryId, PageMark};
use crate::storage::{CommitOutcome, Read, ReadResult, Tree};
use crate::time::TimestampMs;
use crate::trust::RequestProblem;
use crate::wire::{Frame, Page, Problem, ProblemCode, RefusedEntry, RequestHeader, unpack_page};

use super::admit::{Admitted, Known, Layout, Origin, Prepared};
use super::statements::HubKeys;
use super::{CircleRecord, statements};

use hall::{Hall, record};

pub use answer::CURSOR_BYTES;

/// How often a page is decided anew when somebody else changed the circle in between.
const CONFLICTS_MAX: u32 = 16;
/// Bytes of log that are read at once on the way down.
const LOG_READ_BYTES: usize = 256 * 1024;
/// Most bytes of pages in one response, whatever the phone asks for.
pub const RESPONSE_BYTES_MAX: u32 = 4 * 1024 * 1024;

const UNKNOWN_DEVICE: &str = "the device is in none of the circles it asks for: open an enrolment link";

/// What happens to an exchange.
#[derive(Clone, Debug)]
pub enum HubEvent {
    /// The first frame of the request arrived.
    Header(Box<RequestHeader>),
    /// A page arrived whole.
    Page(Vec<u8>),
    /// What was asked to be read.
    Read(Vec<ReadResult>),
    /// What was asked to be committed.
    Committed(CommitOutcome),
    /// The request is complete.
    RequestEnd,
}

/// What the shell must do, in order; a `Read` or `Commit` is answered by its event before anything else
/// is handed in, but for pages, which are kept.
#[derive(Clone, Debug, PartialEq)]
pub enum HubEffect {
    /// Read from the store.
    Read(Vec<Read>),
    /// Commit to the store, durably.
    Commit(crate::storage::Batch),
    /// Send to the phone.
    Send(Frame),
    /// Tell the circle's other devices that there is something.
    Poke {
        /// Which circle.
        circle: CircleId,
        /// Documents that changed, for the merge worker.
        documents: Vec<DocumentId>,
    },
    /// Count a refusal.
    Refused(Refusal),
    /// The exchange is over.
    Done,
}

enum State {
    Start,
    Greeting {
        conflicts: u32,
    },
    /// The statements of these circles are being read.
    Listening {
        halls: Vec<usize>,
        conflicts: u32,
    },
    /// The hall's statements are being written.
    Stating {
        hall: usize,
        conflicts: u32,
    },
    Ready,
    Admitting {
        hall: usize,
        page: Page,
        reads: Vec<Read>,
        conflicts: u32,
    },
    Committing {
        hall: usize,
        page: Page,
        admitted: Box<Admitted>,
        conflicts: u32,
    },
    Answering(answer::Answering),
    Over,
}

/// One exchange with one phone.
pub struct Exchange<'s> {
    schema: &'s dyn Schema,
    keys: &'s HubKeys,
    now: TimestampMs,
    header: Option<RequestHeader>,
    generation: [u8; 8],
    halls: Vec<Hall>,
    state: State,
    pages: VecDeque<Vec<u8>>,
    /// How many pages were taken.
    taken: usize,
    ended: bool,
    effects: VecDeque<HubEffect>,
}

impl<'s> Exchange<'s> {
    /// An exchange at `now`, by the server's clock.
    #[must_use]
    pub fn new(schema: &'s dyn Schema, keys: &'s HubKeys, now: TimestampMs) -> Self {
        Self {
            schema,
            keys,
            now,
            header: None,
            generation: [0; 8],
            halls: Vec::new(),
            state: State::Start,
            pages: VecDeque::new(),
            taken: 0,
            ended: false,
            effects: VecDeque::new(),
        }
    }

    /// What to do next, if anything.
    pub fn next_effect(&mut self) -> Option<HubEffect> {
        self.effects.pop_front()
    }

    /// Whether a read or commit is under way: pages handed in meanwhile are kept, so the shell should
    /// stop reading the request until this is false.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        !matches!(self.state, State::Start | State::Ready | State::Over)
    }

    /// Takes an event in.
    pub fn handle(&mut self, event: HubEvent) {
        match (event, core::mem::replace(&mut self.state, State::Over)) {
            (_, State::Over) => {}
            (HubEvent::Header(header), State::Start) => {
                self.header = Some(*header);
                self.read_circles(0);
            }
            (HubEvent::Page(bytes), state) => {
                self.pages.push_back(bytes);
                self.state = state;
            }
            (HubEvent::RequestEnd, state) => {
                self.ended = true;
                self.state = state;
            }
            (HubEvent::Read(results), State::Greeting { conflicts }) => self.greet(results, conflicts),
            (HubEvent::Read(results), State::Listening { halls, conflicts }) => self.listen(&halls, results, conflicts),
            (HubEvent::Committed(outcome), State::Stating { hall, conflicts }) => {
                self.handle_stated(outcome, hall, conflicts);
            }
            (HubEvent::Read(results), State::Admitting { hall, page, reads, conflicts }) => {
                self.admit(hall, page, &reads, results, conflicts);
            }
            (HubEvent::Committed(outcome), State::Committing { hall, page, admitted, conflicts }) => {
                self.handle_committed(outcome, hall, page, *admitted, conflicts);
            }
            (HubEvent::Read(results), State::Answering(answering)) => self.answer(answering, results),
            _ => self.fail(ProblemCode::Malformed, "an event out of turn"),
        }
        self.go_on();
    }

    fn fail(&mut self, code: ProblemCode, detail: &str) {
        let problem = Problem { code, time: self.now, detail: detail.to_owned() };
        self.effects.push_back(HubEffect::Send(Frame::Problem(problem)));
        self.effects.push_back(HubEffect::Done);
        self.state = State::Over;
    }

    fn read_circles(&mut self, conflicts: u32) {
        let Some(header) = &self.header else { return };
        let mut reads = vec![Read::Get { tree: Tree::Meta, key: b"generation".to_vec() }];
        reads.extend(header.circles.iter().flat_map(|ask| Hall::reads(&ask.circle, &header.stamp.device)));
        self.effects.push_back(HubEffect::Read(reads));
        self.state = State::Greeting { conflicts };
    }

    /// Knows whose the request is, and checks its signature, before anything else of it is looked at.
    fn greet(&mut self, results: Vec<ReadResult>, conflicts: u32) {
        let Some(header) = &self.header else { return };
        let (device, mut results) = (header.stamp.device, results.into_iter());
        let generation = results.next().and_then(ReadResult::value);
        self.generation = generation.and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
        let mut halls = Vec::new();
        for _ in &header.circles {
            match Hall::new(&device, results.by_ref().take(Hall::READS).collect()) {
                Ok(hall) => halls.push(hall),
                Err(error) => return self.fail(ProblemCode::Storage, &error.to_string()),
            }
        }
        let known = halls.iter().find_map(|hall| hall.roster.author(&device)).map(|(_, keys)| keys);
        let Some(keys) = known.or_else(|| header.circles.iter().find_map(|ask| first_contact::keys(&device, ask)))
        else {
            return self.fail(ProblemCode::UnknownDevice, UNKNOWN_DEVICE);
        };
        match header.verify(&keys, self.now) {
            Ok(()) => {}
            Err(problem @ RequestProblem::Signature) => {
                return self.fail(ProblemCode::Signature, &problem.to_string());
            }
            Err(problem @ RequestProblem::ClockSkew { .. }) => {
                return self.fail(ProblemCode::Clock, &problem.to_string());
            }
        }
        self.halls = halls;
        self.read_logs(conflicts);
    }

    /// Reads the statements of the circles where what follows from them is not enough.
    fn read_logs(&mut self, conflicts: u32) {
        let Some(header) = &self.header else { return };
        let halls: Vec<usize> = (0..header.circles.len()).filter(|at| hall::needs_log(&header.circles[*at])).collect();
        if halls.is_empty() {
            return self.enter(conflicts);
        }
        let reads = halls.iter().flat_map(|at| statements::reads(&header.circles[*at].circle)).collect();
        self.effects.push_back(HubEffect::Read(reads));
        self.state = State::Listening { halls, conflicts };
    }

    fn listen(&mut self, halls: &[usize], results: Vec<ReadResult>, conflicts: u32) {
        let Some(header) = &self.header else { return };
        let (device, mut results) = (header.stamp.device, results.into_iter());
        for at in halls {
            let (record, rows) = statements::split(results.by_ref().take(statements::READS).collect());
            let (ask, heard) = (&header.circles[*at], self.statements_from(*at));
            if let Err(error) = self.halls[*at].take_log(&device, ask, heard, record, &rows, self.keys) {
                return self.fail(ProblemCode::Storage, &error.to_string());
            }
        }
        self.enter(conflicts);
    }

    /// Goes on with a device that is in one of the circles it asks for.
    fn enter(&mut self, conflicts: u32) {
        let Some(header) = &self.header else { return };
        let device = header.stamp.device;
        if !self.halls.iter().any(|hall| hall.roster.entry(&device).is_some()) {
            return self.fail(ProblemCode::UnknownDevice, UNKNOWN_DEVICE);
        }
        for (hall, ask) in self.halls.iter_mut().zip(&header.circles) {
            hall.receive(&device, ask);
        }
        self.state_next(0, conflicts);
    }

    /// Writes what came with the header of the next circle that brought something.
    fn state_next(&mut self, from: usize, conflicts: u32) {
        match (from..self.halls.len()).find(|at| !self.halls[*at].news.is_empty()) {
            Some(hall) => {
                self.effects.push_back(HubEffect::Commit(core::mem::take(&mut self.halls[hall].news)));
                self.state = State::Stating { hall, conflicts };
            }
            None => self.state = State::Ready,
        }
    }

    fn handle_stated(&mut self, outcome: CommitOutcome, hall: usize, conflicts: u32) {
        match outcome {
            CommitOutcome::Committed => {
                let circle = self.header.iter().flat_map(|header| &header.circles).nth(hall).map(|ask| ask.circle);
                if let Some(circle) = circle.filter(|_| !self.halls[hall].brought.is_empty()) {
                    self.effects.push_back(HubEffect::Poke { circle, documents: Vec::new() });
                }
                self.state_next(hall + 1, conflicts);
            }
            CommitOutcome::Conflict if conflicts < CONFLICTS_MAX => self.read_circles(conflicts + 1),
            CommitOutcome::Conflict => self.fail(ProblemCode::Busy, "the circle is busy: try again"),
        }
    }

    /// Refuses all of a page from one who may write here no more, so that the answer still says how they stand.
    fn turn_away(&mut self, hall: usize, page: &Page) {
        let circles = self.halls.len();
        for entry in &page.entries {
            let document = entry.document.id(&page.circle);
            let chain = ActorId::derive(&entry.device, &document, entry.incarnation);
            let id = crate::ids::tagged_hash("kith/unread/1", &[entry.content.bytes()]);
            let refused = RefusedEntry { document, entry: EntryId(id), refusal: Refusal::Removed };
            self.halls[hall].refuse(chain, refused, circles);
            self.effects.push_back(HubEffect::Refused(Refusal::Removed));
        }
    }

    /// Takes the next page, or answers when the request is complete.
    fn go_on(&mut self) {
        while matches!(self.state, State::Ready) {
            if let Some(bytes) = self.pages.pop_front() {
                self.handle_page(&bytes);
            } else if self.ended {
                self.begin_answer();
            } else {
                return;
            }
        }
    }

    fn handle_page(&mut self, bytes: &[u8]) {
        let signed = self.header.as_ref().and_then(|header| header.pages.get(self.taken));
        self.taken += 1;
        if signed != Some(&PageMark::of(bytes)) {
            let detail = format!("page {} is not the one that the request's signature covers", self.taken);
            return self.fail(ProblemCode::Signature, &detail);
        }
        let page = match unpack_page(bytes) {
            Ok(page) => page,
            Err(error) => return self.fail(ProblemCode::Malformed, &format!("a page: {error}")),
        };
        let asks = self.header.iter().flat_map(|header| &header.circles);
        match asks.zip(&self.halls).position(|(ask, _)| ask.circle == page.circle) {
            Some(hall) if self.halls[hall].writes() => self.ask_known(hall, page, 0),
            Some(hall) => self.turn_away(hall, &page),
            None => self.fail(ProblemCode::Malformed, "a page of a circle that the header does not ask for"),
        }
    }

    fn prepare(&self, hall: usize, page: &Page) -> Prepared {
        let Hall { roster, old_keys, .. } = &self.halls[hall];
        let origin = Origin::Offered(old_keys.clone());
        Prepared::new(&page.circle, roster, self.schema, page.entries.clone(), origin)
    }

    fn ask_known(&mut self, hall: usize, page: Page, conflicts: u32) {
        let mut reads = self.prepare(hall, &page).reads();
        reads.push(Read::Get { tree: Tree::Circles, key: page.circle.as_bytes().to_vec() });
        self.effects.push_back(HubEffect::Read(reads.clone()));
        self.state = State::Admitting { hall, page, reads, conflicts };
    }

    fn admit(&mut self, at: usize, page: Page, reads: &[Read], mut results: Vec<ReadResult>, conflicts: u32) {
        let record_bytes = results.pop().and_then(ReadResult::value);
        let decoded = Known::from_reads(reads, results).and_then(|known| Ok((known, record(record_bytes.as_deref())?)));
        let (known, circle) = match decoded {
            Ok(decoded) => decoded,
            Err(error) => return self.fail(ProblemCode::Storage, &error.to_string()),
        };
        let prepared = self.prepare(at, &page);
        let mut admitted = prepared.admit(&known, self.schema, Layout::Server, circle.position);
        let hall = &mut self.halls[at];
        hall.record = CircleRecord { position: admitted.position, ..circle };
        hall.record_bytes = record_bytes;
        if admitted.batch.is_empty() {
            return self.settle(at, page, admitted);
        }
        let circle_key = page.circle.as_bytes().to_vec();
        admitted.batch.expect(Tree::Circles, circle_key.clone(), hall.record_bytes.clone());
        admitted.batch.put(Tree::Circles, circle_key, hall.record.encode());
        self.effects.push_back(HubEffect::Commit(core::mem::take(&mut admitted.batch)));
        self.state = State::Committing { hall: at, page, admitted: Box::new(admitted), conflicts };
    }

    fn handle_committed(
        &mut self,
        outcome: CommitOutcome,
        hall: usize,
        page: Page,
        admitted: Admitted,
        conflicts: u32,
    ) {
        match outcome {
            CommitOutcome::Committed => {
                let documents = admitted.changes.keys().copied().collect();
                self.effects.push_back(HubEffect::Poke { circle: page.circle, documents });
                self.settle(hall, page, admitted);
            }
            CommitOutcome::Conflict if conflicts < CONFLICTS_MAX => self.ask_known(hall, page, conflicts + 1),
            CommitOutcome::Conflict => self.fail(ProblemCode::Busy, "the circle is busy: try again"),
        }
    }

    /// Remembers what the answer must say of a page.
    fn settle(&mut self, at: usize, page: Page, admitted: Admitted) {
        for refused in &admitted.refused {
            self.effects.push_back(HubEffect::Refused(refused.refusal));
        }
        let names: SortedMap<DocumentId, DocumentName> =
            page.entries.iter().map(|entry| (entry.document.id(&page.circle), entry.document)).collect();
        let circles = self.halls.len();
        let hall = &mut self.halls[at];
        for (document, chains) in admitted.chains {
            if let Some(name) = names.get(&document) {
                let (_, actors) = hall.touched.get_or_insert_with(document, || (*name, SortedSet::new()));
                actors.extend(chains.into_keys());
            }
        }
        for (chain, refused) in admitted.refused_chains.into_iter().zip(admitted.refused) {
            hall.refuse(chain, refused, circles);
        }
        hall.lack(admitted.missing, circles);
        self.state = State::Ready;
    }
}
