//! Requests on their way: what is sent, what comes back byte by byte, and what a cut means.

use crate::time::TimestampMs;
use crate::wire::{AnswerHeader, Frame, Problem as WireProblem, ProblemCode as WireCode};

use super::super::engine::Engine;
use super::super::parts::circle::LocalCircle;
use super::super::parts::exchange::Request;
use super::super::problems::{not_ours, offline};
use super::super::{Effect, HttpFailure, HttpId, Problem, ProblemCode};
use super::told::from_wire;
use super::{PageTask, Step};

impl Engine {
    /// A request that begins now, of so many bytes.
    pub(in crate::client) fn new_request(&mut self, bytes: usize) -> (HttpId, Request) {
        let id = HttpId(self.kernel.take_id());
        (id, Request::new(id, self.steady(), bytes))
    }

    /// Sends a request's bytes to a path of the server.
    pub(in crate::client) fn send_request(&mut self, (id, request): (HttpId, Request), path: &str, body: Vec<u8>) {
        let now = self.now();
        self.exchange.note_sent(request, now);
        let url = format!("{}{path}", self.phone.origin());
        self.push(Effect::Http { id, url, body });
    }

    pub(in crate::client) fn handle_http_bytes(&mut self, id: HttpId, bytes: &[u8]) {
        if !self.exchange.is_under_way(id) {
            return;
        }
        let now = self.steady();
        let (frames, is_broken) = self.exchange.feed(bytes, now);
        frames.into_iter().for_each(|frame| self.handle_frame(frame));
        if is_broken {
            self.push(Effect::HttpAbort { id });
            self.exchange.take_request();
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
            Frame::Answer(answer) => match &mut self.enrolling {
                Some(enrolling) if enrols => return enrolling.hear(answer),
                _ => Step::Answer(Box::new(answer)),
            },
            Frame::Page(bytes) => Step::Page(Box::new(PageTask { bytes, page: None, prepared: None })),
            Frame::Bodies(bodies) => Step::Bodies(bodies),
            Frame::End { more } => {
                self.exchange.note_end(more);
                let time = self.now();
                match &mut self.enrolling {
                    Some(enrolling) if enrols => {
                        Step::Answer(Box::new(AnswerHeader { time, circles: enrolling.heard() }))
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
    pub(in crate::client) fn enrols(&self) -> bool {
        self.enrolling.is_some() && self.exchange.request().is_some_and(Request::enrols)
    }

    /// An answer's first frame says what time it is on the server.
    fn hear_time(&mut self, server: TimestampMs) {
        if let Some(took_ms) = self.exchange.sent_ms_ago(self.steady()) {
            self.clock.hear(server, took_ms);
        }
    }

    fn handle_wire_problem(&mut self, problem: &WireProblem) {
        self.exchange.take_request();
        if problem.code == WireCode::Clock && self.exchange.may_retry_clock() {
            return self.begin_exchange();
        }
        self.exchange_failed(from_wire(problem));
    }

    pub(in crate::client) fn handle_http_end(&mut self, id: HttpId) {
        if !self.exchange.is_under_way(id) {
            return;
        }
        if self.exchange.has_ended() {
            self.kernel.enqueue(Step::Finish);
        } else {
            self.exchange.take_request();
            self.exchange_failed(offline());
        }
    }

    pub(in crate::client) fn handle_http_failed(&mut self, id: HttpId, failure: HttpFailure) {
        if !self.exchange.is_under_way(id) {
            return;
        }
        self.exchange.take_request();
        self.exchange_failed(match failure {
            HttpFailure::Unreachable => offline(),
            HttpFailure::NotOurServer => not_ours(),
            HttpFailure::Server => Problem::new(ProblemCode::ServerError, "an error status"),
        });
    }

    /// Ends an exchange that did not reach its end. What was sent may have arrived: the next one asks.
    pub(in crate::client) fn exchange_failed(&mut self, problem: Problem) {
        if let Some(enrolling) = self.enrolling.take() {
            self.reply(enrolling.command(), Err(problem.clone()));
        }
        let [jitter]: [u8; 1] = self.random.bytes();
        let (is_out, now) = (self.circles.all(LocalCircle::is_removed), self.steady());
        let failed = self.exchange.fail(problem, is_out, jitter, now);
        self.circles.values_mut().for_each(|local| local.doubt(&failed.sending));
        if let Some(id) = failed.abort {
            self.push(Effect::HttpAbort { id });
        }
        self.kernel.drop_exchange();
        self.answer_waiters();
    }
}
