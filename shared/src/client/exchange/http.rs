//! Requests on their way: what is sent, what comes back byte by byte, and what a cut means.

use crate::sorted::SortedMap;

use crate::time::TimestampMs;
use crate::wire::{AnswerHeader, Frame, FrameDecoder, Problem as WireProblem, ProblemCode as WireCode};

use super::super::engine::{Engine, LocalCircle};
use super::super::{Effect, HttpFailure, HttpId, Problem, ProblemCode};
use super::told::{from_wire, not_ours, offline};
use super::{ENROL_PATH, OUT_ASKED_EVERY_MS, PageTask, Request, Step};

/// A request without a byte of answer for so long is given up, plus a millisecond for each byte sent: 8 kbit/s.
const STALL_MS: u64 = 45_000;
/// The wait after a first failure; doubled with each, up to the longest.
const RETRY_FIRST_MS: u64 = 2_000;
pub(super) const RETRY_LONGEST_MS: u64 = 5 * 60_000;

impl Engine {
    pub(in super::super) fn send_request(&mut self, path: &str, body: Vec<u8>, asks_first: bool) {
        let id = HttpId(self.kernel.take_id());
        let stale_after_ms = STALL_MS + body.len() as u64;
        self.exchange.last_try = Some(self.now);
        self.exchange.due = Some(self.steady.plus_ms(stale_after_ms));
        self.exchange.request = Some(Request {
            id,
            decoder: FrameDecoder::default(),
            asks_first,
            enrols: path == ENROL_PATH,
            cursors: SortedMap::new(),
            ended: false,
            more: false,
            sent: self.steady,
            stale_after_ms,
        });
        let url = format!("{}{path}", self.origin);
        self.push(Effect::Http { id, url, body });
    }

    pub(in super::super) fn handle_http_bytes(&mut self, id: HttpId, bytes: &[u8]) {
        let Some(request) = self.exchange.request.as_mut().filter(|request| request.id == id) else { return };
        self.exchange.due = Some(self.steady.plus_ms(request.stale_after_ms));
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
        match &frame {
            Frame::Answer(answer) => self.hear_time(answer.time),
            Frame::Problem(problem) => self.hear_time(problem.time),
            _ => {}
        }
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
        self.kernel.enqueue(step);
    }

    /// Whether the request under way is one to come in by.
    pub(in super::super) fn enrols(&self) -> bool {
        self.exchange.enrolling.is_some() && self.exchange.request.as_ref().is_some_and(|request| request.enrols)
    }

    /// An answer's first frame says what time it is on the server.
    fn hear_time(&mut self, server: TimestampMs) {
        if let Some(request) = &self.exchange.request {
            self.hear_server(server, self.steady.since_ms(request.sent));
        }
    }

    fn handle_wire_problem(&mut self, problem: &WireProblem) {
        self.exchange.request = None;
        if problem.code == WireCode::Clock && !self.exchange.clock_retried {
            self.exchange.clock_retried = true;
            return self.begin_exchange();
        }
        self.exchange_failed(from_wire(problem));
    }

    pub(in super::super) fn handle_http_end(&mut self, id: HttpId) {
        let Some(request) = self.exchange.request.as_ref().filter(|request| request.id == id) else { return };
        if request.ended {
            self.kernel.enqueue(Step::Finish);
        } else {
            self.exchange.request = None;
            self.exchange_failed(offline());
        }
    }

    pub(in super::super) fn handle_http_failed(&mut self, id: HttpId, failure: HttpFailure) {
        if self.exchange.request.as_ref().is_none_or(|request| request.id != id) {
            return;
        }
        self.exchange.request = None;
        self.exchange_failed(match failure {
            HttpFailure::Unreachable => offline(),
            HttpFailure::NotOurServer => not_ours(),
            HttpFailure::Server => Problem::new(ProblemCode::ServerError, "an error status"),
        });
    }

    /// Ends an exchange that did not reach its end. What was sent may have arrived: the next one asks.
    pub(in super::super) fn exchange_failed(&mut self, problem: Problem) {
        if let Some(enrolling) = self.exchange.enrolling.take() {
            self.reply(enrolling.command, Err(problem.clone()));
        }
        let sending = core::mem::take(&mut self.exchange.sending);
        for local in self.circles.values_mut() {
            let theirs = sending.iter().filter(|document| local.documents.contains_key(document));
            local.unsure.extend(theirs.copied().collect::<Vec<_>>());
        }
        let doubled = RETRY_FIRST_MS.saturating_mul(1 << self.exchange.failures.min(16));
        let is_out = problem.code == ProblemCode::Removed && self.circles.values().all(LocalCircle::is_removed);
        let wait_ms = if is_out { OUT_ASKED_EVERY_MS } else { doubled.min(RETRY_LONGEST_MS) };
        let [jitter]: [u8; 1] = self.random.bytes();
        self.exchange.failures += 1;
        self.exchange.clock_retried = false;
        if let Some(request) = self.exchange.request.take() {
            self.push(Effect::HttpAbort { id: request.id });
        }
        self.kernel.drop_exchange();
        self.exchange.running = false;
        self.exchange.again = false;
        self.exchange.problem = Some(problem);
        self.exchange.due = Some(self.steady.plus_ms(wait_ms + wait_ms * u64::from(jitter) / 512));
        self.answer_waiters();
    }
}
