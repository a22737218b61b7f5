//! Phones and a server in one process: the real engine and the real hub over stores in memory.
#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

pub mod people;

use std::collections::VecDeque;

use std::sync::Arc;

use kith_shared::client::view::{Notice, Reply};
use kith_shared::client::{Command, CommandId, Effect, Engine, Event, HttpFailure, Problem};
use kith_shared::document::KithSchema;
use kith_shared::ids::{CircleId, OrganisationKey};
use kith_shared::storage::{CommitOutcome, MemoryStore, Tree};
use kith_shared::sync::enrol;
use kith_shared::sync::hub::{Exchange, HubEffect, HubEvent};
use kith_shared::sync::statements::{self, CircleLog, HubKeys};
use kith_shared::sync::{CircleRecord, key};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    Draft, EnrolRequest, Found, Inserted, Invitation, InviteFor, InviteRow, InviteSecret, Promote, Role, Signer,
    SigningSecret, Statement, StatementBody, StatementProblem,
};
use kith_shared::wire::{ANSWER_STATEMENTS_BYTES, CircleAnswer, Frame, FrameDecoder, unpack_page};

pub const START_MS: u64 = 1_795_000_000_000;

pub struct Server {
    pub store: MemoryStore,
    pub now: TimestampMs,
    pub requests: Vec<(usize, usize)>,
    pub refusals: Vec<kith_shared::gate::Refusal>,
    /// What it answers to a Join in place of the truth.
    pub lies: Option<fn(&Self, Statement) -> CircleAnswer>,
}

pub struct Phone {
    pub engine: Engine,
    pub store: MemoryStore,
    pub now: TimestampMs,
    pub online: bool,
    /// The next answer of the server does not arrive.
    pub loses_answer: bool,
    pub notices: Vec<Notice>,
    replies: VecDeque<(CommandId, Result<Reply, Problem>)>,
    next: u32,
}

/// The server's keys in these tests.
pub fn keys() -> HubKeys {
    let root = OrganisationKey(root().public());
    HubKeys { root, server: SigningSecret::from_seed(&[0x5e; 32]) }
}

/// The organisation's root in these tests.
pub fn root() -> SigningSecret {
    SigningSecret::from_seed(&[0x40; 32])
}

fn founding() -> Statement {
    let (root_key, server) = (keys().root, keys().server_key());
    let body = StatementBody::Found(Found { root: root_key, server, salt: [7; 16], founder: None });
    let draft = Draft { circle: CircleId([0; 16]), parents: Vec::new(), time: TimestampMs(START_MS), body };
    draft.sign(Signer::Root(&root()))
}

/// The circle that every test has: its id is what its founding says.
#[derive(Clone, Copy, Debug)]
pub struct Circle;
pub const CIRCLE: Circle = Circle;

impl Circle {
    pub fn id(self) -> CircleId {
        Statement::circle_of(&founding().id())
    }
}

impl core::fmt::Display for Circle {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.id().fmt(f)
    }
}

impl Server {
    pub fn new() -> Self {
        let mut store = MemoryStore::default();
        let mut batch = kith_shared::storage::Batch::default();
        batch.put(Tree::Meta, b"generation".to_vec(), vec![1; 8]);
        assert_eq!(store.commit(batch), CommitOutcome::Committed);
        let mut server =
            Self { store, now: TimestampMs(START_MS), requests: Vec::new(), refusals: Vec::new(), lies: None };
        server.state(founding());
        for (byte, role) in [(1, Role::Facilitator), (2, Role::Member)] {
            let key = InviteSecret([byte; 16]).public();
            let expires = TimestampMs(u64::MAX);
            let to = InviteFor::Role(role);
            server.say(StatementBody::Invite(Invitation {
                key,
                to,
                uses: 100,
                expires,
                past: false,
                sealed_box: Vec::new(),
            }));
        }
        server
    }

    pub fn log(&self) -> CircleLog {
        let (record, rows) = statements::split(self.store.read(&statements::reads(&CIRCLE.id())));
        CircleLog::load(CIRCLE.id(), record, &rows).unwrap()
    }

    /// The root says something.
    pub fn say(&mut self, body: StatementBody) {
        let parents = self.log().log().parents(None);
        let draft = Draft { circle: CIRCLE.id(), parents, time: self.now, body };
        self.state(draft.sign(Signer::Root(&root())));
    }

    /// Lays down statements that only take room, until the log takes no more of their kind.
    pub fn fill(&mut self) {
        let mut log = self.log().log().clone();
        let member = *self.log().standing().members().next().expect("someone").0;
        let (record, _) = statements::split(self.store.read(&statements::reads(&CIRCLE.id())));
        let mut record = CircleRecord::decode(&record.expect("the circle")).unwrap();
        let mut batch = kith_shared::storage::Batch::default();
        loop {
            let body = StatementBody::Promote(Promote { member });
            let time = TimestampMs(log.len() as u64);
            let draft = Draft { circle: CIRCLE.id(), parents: log.heads(), time, body };
            let statement = draft.sign(Signer::Root(&root()));
            match log.insert(statement.clone()) {
                Err(problem) => break assert_eq!(problem, StatementProblem::Full),
                Ok(inserted) => assert_eq!(inserted, Inserted::New),
            }
            batch.put(Tree::Statements, key::statement(&CIRCLE.id(), record.statements), statement.encode());
            record.statements += 1;
        }
        batch.put(Tree::Circles, CIRCLE.id().as_bytes(), record.encode());
        assert_eq!(self.store.commit(batch), CommitOutcome::Committed);
    }

    fn state(&mut self, statement: Statement) {
        let mut log = self.log();
        log.add(statement, &keys()).unwrap();
        assert_eq!(self.store.commit(log.batch().0), CommitOutcome::Committed);
    }

    pub fn answer(&mut self, url: &str, body: &[u8]) -> Vec<u8> {
        let answer = if url.ends_with("/v1/enrol") { self.enrol(body) } else { self.sync(body) };
        self.requests.push((body.len(), answer.len()));
        answer
    }

    fn enrol(&mut self, body: &[u8]) -> Vec<u8> {
        let request = EnrolRequest::decode(body).unwrap();
        request.verify(self.now).unwrap();
        let circles = match request {
            EnrolRequest::Join(join) if self.lies.is_some() => {
                self.lies.iter().map(|lie| lie(self, *join.clone())).collect()
            }
            EnrolRequest::Join(join) => {
                let invite = enrol::invite_of(&join).unwrap();
                let bytes = self.store.read(&enrol::reads(&invite)).remove(0).value().expect("a known link");
                let row = InviteRow::decode(&bytes).unwrap();
                let (batch, answer) = enrol::join(self.log(), *join, row, bytes, &keys(), self.now).unwrap();
                assert_eq!(self.store.commit(batch), CommitOutcome::Committed);
                vec![answer]
            }
            EnrolRequest::Find { invite, .. } => {
                let bytes = self.store.read(&enrol::reads(&invite)).remove(0).value().expect("a known code");
                vec![CircleAnswer::of(InviteRow::decode(&bytes).unwrap().circle)]
            }
            EnrolRequest::Return { device, .. } => {
                let log = self.log();
                let known = log.standing().device(&device.id()).is_some();
                known
                    .then(|| enrol::answer(CIRCLE.id(), &log, &device.id(), ANSWER_STATEMENTS_BYTES))
                    .into_iter()
                    .collect()
            }
        };
        enrol::frames(self.now, circles).iter().flat_map(Frame::encode).collect()
    }

    fn sync(&mut self, body: &[u8]) -> Vec<u8> {
        let mut exchange = Exchange::new(&KithSchema, Arc::new(keys()), self.now);
        let mut decoder = FrameDecoder::default();
        decoder.feed(body);
        let mut out = Vec::new();
        while let Some(frame) = decoder.next_frame().unwrap() {
            match frame {
                Frame::Request(header) => exchange.handle(HubEvent::Header(Box::new(header))),
                Frame::Page(bytes) => {
                    assert!(unpack_page(&bytes).is_ok());
                    exchange.handle(HubEvent::Page(bytes));
                }
                other => panic!("a phone sent {other:?}"),
            }
            self.drive(&mut exchange, &mut out);
        }
        exchange.handle(HubEvent::RequestEnd);
        self.drive(&mut exchange, &mut out);
        out
    }

    fn drive(&mut self, exchange: &mut Exchange<'_>, out: &mut Vec<u8>) {
        while let Some(effect) = exchange.next_effect() {
            match effect {
                HubEffect::Read(reads) => exchange.handle(HubEvent::Read(self.store.read(&reads))),
                HubEffect::Commit(batch) => exchange.handle(HubEvent::Committed(self.store.commit(batch))),
                HubEffect::Send(frame) => out.extend(frame.encode()),
                HubEffect::Refused(refusal) => self.refusals.push(refusal),
                HubEffect::Poke { .. } | HubEffect::Done => {}
            }
        }
    }
}

impl Phone {
    pub fn new(seed: u8) -> Self {
        Self::over(MemoryStore::default(), seed)
    }

    /// A phone that starts over a store that was used before.
    pub fn over(store: MemoryStore, seed: u8) -> Self {
        let mut phone = Self {
            engine: Engine::new(),
            store,
            now: TimestampMs(START_MS),
            online: true,
            loses_answer: false,
            notices: Vec::new(),
            replies: VecDeque::new(),
            next: 0,
        };
        let event = Event::Start { entropy: [seed; 32], origin: String::new() };
        phone.engine.handle(event, phone.now);
        phone
    }

    /// Does a command and everything that follows from it.
    pub fn ask(&mut self, server: &mut Server, command: Command) -> Result<Reply, Problem> {
        self.next += 1;
        let id = CommandId(self.next);
        self.engine.handle(Event::Command { id, command }, self.now);
        self.drive(server);
        let at = self.replies.iter().position(|(reply, _)| *reply == id).expect("every command is answered");
        self.replies.remove(at).expect("it is there").1
    }

    pub fn json(&mut self, server: &mut Server, command: &str) -> serde_json::Value {
        let reply = self.ask(server, serde_json::from_str(command).unwrap()).unwrap();
        serde_json::to_value(reply).unwrap()
    }

    pub fn drive(&mut self, server: &mut Server) {
        while let Some(effect) = self.engine.next_effect() {
            let event = match effect {
                Effect::Read { id, reads } => Event::Stored { id, results: Ok(self.store.read(&reads)) },
                Effect::Commit { id, batch } => Event::Committed { id, outcome: Ok(self.store.commit(batch)) },
                Effect::Http { id, .. } if !self.online => Event::HttpFailed { id, failure: HttpFailure::Unreachable },
                Effect::Http { id, url, body } => {
                    let bytes = server.answer(&url, &body);
                    if core::mem::take(&mut self.loses_answer) {
                        self.engine.handle(Event::HttpFailed { id, failure: HttpFailure::Unreachable }, self.now);
                        continue;
                    }
                    self.engine.handle(Event::HttpBytes { id, bytes }, self.now);
                    Event::HttpEnd { id }
                }
                Effect::Reply { id, reply } => {
                    self.replies.push_back((id, reply));
                    continue;
                }
                Effect::Notice(notice) => {
                    self.notices.push(notice);
                    continue;
                }
                Effect::HttpAbort { .. } | Effect::Wake { .. } | Effect::Live { .. } => continue,
            };
            self.engine.handle(event, self.now);
        }
    }
}
