//! The server's side of an exchange: the header is checked, each page is admitted and committed as it
//! comes, then the answer goes out, and what the phone lacks, in pages. Reads the log by position; loads
//! no document.

mod answer;
mod first_contact;
mod given;
mod hall;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::sorted::{SortedMap, SortedSet};

use crate::document::DocumentName;
use crate::gate::{Refusal, Schema};
use crate::ids::{ActorId, CircleId, DocumentId, EntryId, PageMark};
use crate::storage::{CommitOutcome, Read, ReadResult, Tree};
use crate::time::TimestampMs;
use crate::trust::RequestProblem;
use crate::wire::{Frame, Page, Problem, ProblemCode, RefusedEntry, RequestHeader, unpack_page};

use super::CircleRecord;
use super::admit::{Admitted, Known, Layout, Origin, Prepared};
use super::statements::{self, CircleChain, HubKeys};

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
    /// The chains of these circles are being read.
    Listening {
        halls: Vec<Listened>,
        conflicts: u32,
    },
    /// The hall's records are being written.
    Stating {
        hall: usize,
        conflicts: u32,
    },
    Ready,
    /// Somebody else changed the hall: who is in it is being read anew.
    Refreshing {
        hall: usize,
        page: Page,
        conflicts: u32,
    },
    /// The hashes that a page's signatures stand on are being read.
    Locating {
        hall: usize,
        page: Page,
        reads: Vec<Read>,
        conflicts: u32,
    },
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

/// A hall whose chain is being read, with what else its statements ask for.
struct Listened {
    hall: usize,
    extra: Vec<Read>,
}

/// One exchange with one phone.
pub struct Exchange<'s> {
    schema: &'s dyn Schema,
    keys: Arc<HubKeys>,
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
    pub fn new(schema: &'s dyn Schema, keys: Arc<HubKeys>, now: TimestampMs) -> Self {
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
                let circles: SortedSet<CircleId> = header.circles.iter().map(|ask| ask.circle).collect();
                let names_once = circles.len() == header.circles.len();
                self.header = Some(*header);
                match names_once {
                    true => self.read_circles(0),
                    false => self.fail(ProblemCode::Malformed, "the request names a circle twice"),
                }
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
            (HubEvent::Read(results), State::Refreshing { hall, page, conflicts }) => {
                self.refresh(hall, page, results, conflicts);
            }
            (HubEvent::Read(results), State::Locating { hall, page, reads, conflicts }) => {
                match self.halls[hall].know_hashes(&reads, results) {
                    Ok(()) => self.ask_known(hall, page, conflicts),
                    Err(error) => self.fail(ProblemCode::Storage, &error.to_string()),
                }
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
        self.read_chains(conflicts);
    }

    /// Reads the chains of the circles where what follows from them is not enough. Whoever is in none of them and
    /// brings nothing that lets them in has nothing read for them.
    fn read_chains(&mut self, conflicts: u32) {
        let Some(header) = &self.header else { return };
        let device = header.stamp.device;
        let (mut halls, mut reads) = (Vec::new(), Vec::new());
        for (at, (ask, hall)) in header.circles.iter().zip(&mut self.halls).enumerate() {
            if !hall::needs_chain(ask) {
                continue;
            }
            if hall.roster.entry(&device).is_none() && first_contact::keys(&device, ask).is_none() {
                hall.turn_statements_away(ask);
                continue;
            }
            let (chain, extra) = hall::chain_reads(ask);
            reads.extend(chain.into_iter().chain(extra.iter().cloned()));
            halls.push(Listened { hall: at, extra });
        }
        if halls.is_empty() {
            return self.enter(conflicts);
        }
        self.effects.push_back(HubEffect::Read(reads));
        self.state = State::Listening { halls, conflicts };
    }

    fn listen(&mut self, halls: &[Listened], results: Vec<ReadResult>, conflicts: u32) {
        let Some(header) = &self.header else { return };
        let (device, mut results) = (header.stamp.device, results.into_iter());
        for Listened { hall, extra } in halls {
            let ask = &header.circles[*hall];
            let found = results.by_ref().take(statements::READS).collect();
            let mut chain = match CircleChain::load(ask.circle, found) {
                Ok(chain) => chain,
                Err(error) => return self.fail(ProblemCode::Storage, &error.to_string()),
            };
            chain.know(extra, results.by_ref().take(extra.len()));
            let hall = &mut self.halls[*hall];
            hall.record = chain.stored().cloned().unwrap_or_default();
            hall.record_bytes = chain.stored().map(CircleRecord::encode);
            hall.take_chain(&device, ask, chain, &self.keys, self.now);
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
                if let Some(circle) = circle.filter(|_| self.halls[hall].admitted > 0) {
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
        let hall = &self.halls[hall];
        let origin = Origin::Offered(hall.old_keys.clone());
        Prepared::new(&page.circle, &hall.roster, hall, self.schema, page.entries.clone(), origin)
    }

    /// Reads what a page stands on: first the hashes of the chain that its signatures cover.
    fn ask_known(&mut self, hall: usize, page: Page, conflicts: u32) {
        let positions = page.entries.iter().filter_map(|entry| entry.signature).map(|signature| signature.position);
        let end = self.halls[hall].record.chain.position;
        let positions: SortedSet<u64> = positions.filter(|position| *position <= end).collect();
        let reads = self.halls[hall].hash_reads(&page.circle, &positions);
        if !reads.is_empty() {
            self.effects.push_back(HubEffect::Read(reads.clone()));
            self.state = State::Locating { hall, page, reads, conflicts };
            return;
        }
        let mut reads = self.prepare(hall, &page).reads();
        reads.push(Read::Get { tree: Tree::Circles, key: page.circle.as_bytes().to_vec() });
        self.effects.push_back(HubEffect::Read(reads.clone()));
        self.state = State::Admitting { hall, page, reads, conflicts };
    }

    fn refresh(&mut self, at: usize, page: Page, results: Vec<ReadResult>, conflicts: u32) {
        let Some(device) = self.header.as_ref().map(|header| header.stamp.device) else { return };
        if let Err(error) = self.halls[at].refresh(&device, results) {
            return self.fail(ProblemCode::Storage, &error.to_string());
        }
        if self.halls[at].writes() {
            return self.ask_known(at, page, conflicts);
        }
        self.turn_away(at, &page);
        self.state = State::Ready;
    }

    fn admit(&mut self, at: usize, page: Page, reads: &[Read], mut results: Vec<ReadResult>, conflicts: u32) {
        let record_bytes = results.pop().and_then(ReadResult::value);
        let decoded = Known::from_reads(reads, results).and_then(|known| Ok((known, record(record_bytes.as_deref())?)));
        let (known, circle) = match decoded {
            Ok(decoded) => decoded,
            Err(error) => return self.fail(ProblemCode::Storage, &error.to_string()),
        };
        if circle.chain != self.halls[at].record.chain {
            return self.read_anew(at, page, conflicts);
        }
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

    /// Somebody else admitted a statement meanwhile: whoever was taken out by it writes no more.
    fn read_anew(&mut self, hall: usize, page: Page, conflicts: u32) {
        let Some(device) = self.header.as_ref().map(|header| header.stamp.device) else { return };
        if conflicts >= CONFLICTS_MAX {
            return self.fail(ProblemCode::Busy, "the circle is busy: try again");
        }
        self.effects.push_back(HubEffect::Read(Hall::reads(&page.circle, &device).to_vec()));
        self.state = State::Refreshing { hall, page, conflicts: conflicts + 1 };
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
