//! A server in memory: the real hub over a store in memory, without sockets, clock or threads.

use kith_shared::codec::Reader;
use kith_shared::document::KithSchema;
use kith_shared::gate::Refusal;
use kith_shared::ids::{CircleId, InviteToken};
use kith_shared::storage::{Batch, CommitOutcome, MemoryStore, Read, ReadResult, Tree};
use kith_shared::sync::hub::{Exchange, HubEffect, HubEvent};
use kith_shared::sync::{CircleRecord, enrol, key};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{EnrolRequest, Invite, InviteProblem, Role, Roster, RosterEntry};
use kith_shared::wire::{AnswerHeader, CircleAnswer, Frame, FrameDecoder, Problem, ProblemCode};

/// Where phones reach it.
pub const ORIGIN: &str = "http://hub";

/// The server.
#[derive(Clone, Debug)]
pub struct Hub {
    /// What it keeps.
    pub store: MemoryStore,
    /// Its clock.
    pub now: TimestampMs,
    /// The bodies' bytes of each request and its answer.
    pub requests: Vec<(usize, usize)>,
    /// What it refused.
    pub refusals: Vec<Refusal>,
    tokens: u8,
}

impl Hub {
    /// A server with an empty store.
    #[must_use]
    pub fn new(now: TimestampMs) -> Self {
        let mut store = MemoryStore::new();
        let mut batch = Batch::default();
        batch.put(Tree::Meta, b"generation", [1; 8]);
        store.commit(batch);
        Self { store, now, requests: Vec::new(), refusals: Vec::new(), tokens: 0 }
    }

    /// Makes a circle.
    pub fn add_circle(&mut self, circle: &CircleId) {
        let mut batch = Batch::default();
        batch.put(Tree::Circles, circle.as_bytes(), CircleRecord::default().encode());
        self.store.commit(batch);
    }

    /// A link for so many devices.
    pub fn invite(&mut self, circle: &CircleId, role: Role, uses_left: u32) -> String {
        self.tokens += 1;
        let token = InviteToken([self.tokens; 16]);
        let invite = Invite { circle: *circle, role, uses_left, expires: TimestampMs(u64::MAX) };
        let mut batch = Batch::default();
        batch.put(Tree::Invites, Invite::key(&token), invite.encode());
        self.store.commit(batch);
        format!("{ORIGIN}/#/join?t={token}&c={circle}&n=Tuesday%20circle")
    }

    /// Takes the place of a store that was restored from an older copy: cursors of before mean nothing now.
    pub fn restore(&mut self, store: MemoryStore, generation: u8) {
        self.store = store;
        let mut batch = Batch::default();
        batch.put(Tree::Meta, b"generation", [generation; 8]);
        self.store.commit(batch);
    }

    /// Answers a request.
    pub fn handle(&mut self, url: &str, body: &[u8]) -> Vec<u8> {
        let answer = if url.ends_with("/v1/enrol") {
            self.enrol(body).unwrap_or_else(|problem| self.problem(code_of(&problem), &problem.to_string()))
        } else {
            self.sync(body, true)
        };
        self.requests.push((body.len(), answer.len()));
        answer
    }

    /// Takes the beginning of a request that was cut: whole pages count, nobody is answered.
    pub fn handle_cut(&mut self, url: &str, beginning: &[u8]) {
        if url.ends_with("/v1/sync") {
            self.sync(beginning, false);
        }
    }

    fn problem(&self, code: ProblemCode, detail: &str) -> Vec<u8> {
        Frame::Problem(Problem { code, time: self.now, detail: detail.to_owned() }).encode()
    }

    fn enrol(&mut self, body: &[u8]) -> Result<Vec<u8>, InviteProblem> {
        let request = EnrolRequest::decode(body).map_err(|_| InviteProblem::Unknown)?.verify()?;
        let found = self.store.read(&enrol::reads(request.token())).pop().and_then(ReadResult::value);
        let bytes = found.ok_or(InviteProblem::Unknown)?;
        let invite = Invite::decode(&bytes).map_err(|_| InviteProblem::Unknown)?;
        let results = self.store.read(&enrol::circle_reads(&invite, &request));
        let (batch, _) = enrol::decide(&request, bytes, invite, results, self.now)?;
        self.store.commit(batch);
        let answer = AnswerHeader { time: self.now, circles: vec![self.circle_answer(invite.circle)] };
        Ok([Frame::Answer(answer).encode(), Frame::End { more: false }.encode()].concat())
    }

    fn circle_answer(&self, circle: CircleId) -> CircleAnswer {
        let from = circle.as_bytes().to_vec();
        let to = key::after_prefix(&from);
        let (rows_max, bytes_max) = (Roster::DEVICES_MAX, usize::MAX);
        let read = Read::Range { tree: Tree::Roster, from, to, rows_max, bytes_max, reverse: false };
        let rows = self.store.read(&[read]).into_iter().flat_map(ReadResult::rows);
        CircleAnswer {
            circle,
            resync: false,
            removed: false,
            roster: rows.filter_map(|(_, value)| RosterEntry::read(&mut Reader::new(&value)).ok()).collect(),
            acks: Vec::new(),
            refused: Vec::new(),
            missing: Vec::new(),
            cursor: Vec::new(),
        }
    }

    fn sync(&mut self, body: &[u8], whole: bool) -> Vec<u8> {
        let mut exchange = Exchange::new(&KithSchema, self.now);
        let mut decoder = FrameDecoder::default();
        decoder.feed(body);
        let mut out = Vec::new();
        loop {
            let event = match decoder.next_frame() {
                Ok(Some(Frame::Request(header))) => HubEvent::Header(Box::new(header)),
                Ok(Some(Frame::Page(bytes))) => HubEvent::Page(bytes),
                Ok(Some(_)) => return self.problem(ProblemCode::Malformed, "a frame that no phone sends"),
                Ok(None) => break,
                Err(error) => return self.problem(error.code(), &error.to_string()),
            };
            exchange.handle(event);
            self.drive(&mut exchange, &mut out);
        }
        if whole {
            exchange.handle(HubEvent::RequestEnd);
            self.drive(&mut exchange, &mut out);
        }
        out
    }

    fn drive(&mut self, exchange: &mut Exchange<'_>, out: &mut Vec<u8>) {
        while let Some(effect) = exchange.next_effect() {
            match effect {
                HubEffect::Read(reads) => exchange.handle(HubEvent::Read(self.store.read(&reads))),
                HubEffect::Commit(batch) => {
                    let outcome: CommitOutcome = self.store.commit(batch);
                    exchange.handle(HubEvent::Committed(outcome));
                }
                HubEffect::Send(frame) => out.extend(frame.encode()),
                HubEffect::Refused(refusal) => self.refusals.push(refusal),
                HubEffect::Poke { .. } | HubEffect::Done => {}
            }
        }
    }
}

fn code_of(problem: &InviteProblem) -> ProblemCode {
    match problem {
        InviteProblem::Unknown => ProblemCode::InviteUnknown,
        InviteProblem::Expired => ProblemCode::InviteExpired,
        InviteProblem::UsedUp => ProblemCode::InviteUsed,
        InviteProblem::Key(_) => ProblemCode::Malformed,
        InviteProblem::Signature(_) => ProblemCode::Signature,
    }
}
