//! The server's side of an exchange: the header is checked, each page is admitted and committed as it
//! comes, then the answer goes out, and what the phone lacks, in pages. Reads the log by position; loads
//! no document.

mod answer;
mod answering;
mod asked;
mod first_contact;
mod given;
mod greet;
mod pages;
mod took;
mod walk;
mod walking;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::gate::{Refusal, Schema};
use crate::ids::{CircleId, DocumentId};
use crate::sorted::SortedSet;
use crate::storage::{CommitOutcome, Read, ReadResult};
use crate::time::TimestampMs;
use crate::trust::{Signed, Verified};
use crate::wire::{Frame, Page, Problem, ProblemCode, RequestHeader};

use super::admit::Admitted;
use super::statements::HubKeys;

use asked::AskedCircle;

/// How often a page is decided anew when somebody else changed the circle in between.
const CONFLICTS_MAX: u32 = 16;
/// Bytes of log that are read at once on the way down.
const LOG_READ_BYTES: usize = 256 * 1024;
/// Most bytes of pages in one response, whatever the phone asks for.
pub const RESPONSE_BYTES_MAX: u32 = 4 * 1024 * 1024;

/// What happens to an exchange.
#[derive(Clone, Debug)]
pub enum HubEvent {
    /// The first frame of the request arrived.
    Header(Box<Signed<RequestHeader>>),
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
    /// It is being read who vouches for the device in these circles.
    AskingAround {
        asked_circles: Vec<usize>,
        conflicts: u32,
    },
    /// The chains of these circles are being read.
    Listening {
        asked_circles: Vec<Listened>,
        conflicts: u32,
    },
    /// The asked's records are being written.
    Stating {
        asked: usize,
        conflicts: u32,
    },
    Ready,
    /// Somebody else changed the asked: who is in it is being read anew.
    Refreshing {
        asked: usize,
        page: Page,
        conflicts: u32,
    },
    /// Who is in the asked, and the hashes that a page's signatures stand on, are being read.
    Locating {
        asked: usize,
        page: Page,
        reads: Vec<Read>,
        conflicts: u32,
    },
    Admitting {
        asked: usize,
        page: Page,
        reads: Vec<Read>,
        conflicts: u32,
    },
    Committing {
        asked: usize,
        page: Page,
        admitted: Box<Admitted>,
        conflicts: u32,
    },
    Answering(answering::Answering),
    Over,
}

/// A asked whose chain is being read, with what else its statements ask for.
struct Listened {
    asked: usize,
    extra: Vec<Read>,
}

/// One exchange with one phone.
pub struct Exchange<'s> {
    schema: &'s dyn Schema,
    keys: Arc<HubKeys>,
    now: TimestampMs,
    /// What the request says of itself, until it is proven whose it is.
    claimed: Option<Signed<RequestHeader>>,
    header: Option<Verified<RequestHeader>>,
    generation: [u8; 8],
    asked_circles: Vec<AskedCircle>,
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
            claimed: None,
            header: None,
            generation: [0; 8],
            asked_circles: Vec::new(),
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
                let circles: SortedSet<CircleId> = header.claimed_circles().collect();
                let names_once = circles.len() == header.claimed_circles().len();
                self.claimed = Some(*header);
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
            (HubEvent::Read(results), State::AskingAround { asked_circles, conflicts }) => {
                self.know_who_vouches(&asked_circles, results, conflicts);
            }
            (HubEvent::Read(results), State::Listening { asked_circles, conflicts }) => {
                self.listen(&asked_circles, results, conflicts)
            }
            (HubEvent::Committed(outcome), State::Stating { asked, conflicts }) => {
                self.handle_stated(outcome, asked, conflicts);
            }
            (HubEvent::Read(results), State::Refreshing { asked, page, conflicts }) => {
                self.refresh(asked, page, results, conflicts);
            }
            (HubEvent::Read(results), State::Locating { asked, page, reads, conflicts }) => {
                match self.asked_circles[asked].know_for_pages(&reads, results) {
                    Ok(()) => self.ask_known(asked, page, conflicts),
                    Err(error) => self.fail(ProblemCode::Storage, &error.to_string()),
                }
            }
            (HubEvent::Read(results), State::Admitting { asked, page, reads, conflicts }) => {
                self.admit(asked, page, &reads, results, conflicts);
            }
            (HubEvent::Committed(outcome), State::Committing { asked, page, admitted, conflicts }) => {
                self.handle_committed(outcome, asked, page, *admitted, conflicts);
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
}
