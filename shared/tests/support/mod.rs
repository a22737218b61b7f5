//! Phones and a server in one process: the real engine and the real hub over stores in memory.
#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

pub mod people;

use std::collections::VecDeque;

use std::sync::Arc;

use kith_shared::client::view::{Notice, Reply};
use kith_shared::client::{Command, CommandId, Effect, Engine, Event, HttpFailure, Problem};
use kith_shared::contract::{Described, Form, Shape};
use kith_shared::document::KithSchema;
use kith_shared::ids::{CircleId, OrganisationKey};
use kith_shared::storage::{CommitOutcome, MemoryStore, Tree};
use kith_shared::sync::enrol;
use kith_shared::sync::hub::{Exchange, HubEffect, HubEvent};
use kith_shared::sync::statements::{self, CircleChain, HubKeys};
use kith_shared::time::{Now, SteadyMs, TimestampMs};
use kith_shared::trust::{
    Attached, DeviceSecret, Draft, EnrolRequest, Found, Invitation, InviteFor, InviteRow, InviteSecret, Knows, Role,
    Signed, Signer, SigningSecret, Statement, StatementAuthor, StatementBody, StatementProblem,
};
use kith_shared::wire::{AnswerHeader, CircleAnswer, Frame, FrameDecoder, unpack_page};

pub const START_MS: u64 = 1_795_000_000_000;

/// How a server lies: it changes what it answers.
pub type Lie = Box<dyn Fn(&mut CircleAnswer)>;

pub struct Server {
    pub store: MemoryStore,
    pub now: TimestampMs,
    pub requests: Vec<(usize, usize)>,
    pub refusals: Vec<kith_shared::gate::Refusal>,
    /// In how many frames it last answered who wants to come in.
    pub enrol_frames: usize,
    /// What it does to the truth before it answers.
    pub lie: Option<Lie>,
    /// Each answer ends as if there were more.
    pub never_ends: bool,
    /// Its circles: what the root says, and who enrols, is of the last.
    pub circles: Vec<CircleId>,
}

pub struct Phone {
    pub engine: Engine,
    pub store: MemoryStore,
    pub now: TimestampMs,
    /// The clock that runs on, where it is another than the one that is set.
    pub steady: Option<SteadyMs>,
    /// When the engine wants to be woken.
    pub wake: Option<SteadyMs>,
    pub online: bool,
    /// The next answer of the server does not arrive.
    pub loses_answer: bool,
    pub notices: Vec<Notice>,
    /// How often its engine asked the store for something.
    pub reads: usize,
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

fn founding(salt: u8) -> Signed<Statement> {
    let (root_key, server) = (keys().root, keys().server_key());
    let body = StatementBody::Found(Found { root: root_key, server, salt: [salt; 16], founder: None });
    let draft =
        Draft { circle: CircleId([0; 16]), number: 0, knows: Knows::NOTHING, time: TimestampMs(START_MS), body };
    draft.sign(Signer::Root(&root()))
}

const FIRST_SALT: u8 = 7;

/// The circle that every test has: its id is what its founding says.
#[derive(Clone, Copy, Debug)]
pub struct Circle;
pub const CIRCLE: Circle = Circle;

impl Circle {
    pub fn id(self) -> CircleId {
        Statement::circle_of(&founding(FIRST_SALT).id())
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
        let mut server = Self {
            store,
            now: TimestampMs(START_MS),
            requests: Vec::new(),
            refusals: Vec::new(),
            enrol_frames: 0,
            lie: None,
            never_ends: false,
            circles: Vec::new(),
        };
        server.begin(FIRST_SALT, [1, 2]);
        server
    }

    /// The root founds another circle, with a link for facilitators and one for members of these secrets.
    pub fn begin(&mut self, salt: u8, secrets: [u8; 2]) {
        let found = founding(salt);
        self.circles.push(Statement::circle_of(&found.id()));
        self.state(found);
        for (byte, role) in secrets.into_iter().zip([Role::Facilitator, Role::Member]) {
            let secret = InviteSecret([byte; 16]);
            let key = secret.public();
            let possession = Invitation::prove(&secret, &self.circle(), &StatementAuthor::Root);
            let expires = TimestampMs(u64::MAX);
            let to = InviteFor::Role(role);
            self.say(StatementBody::Invite(Invitation {
                key,
                to,
                uses: 100,
                expires,
                past: false,
                keys: Attached::NOTHING,
                possession,
            }));
        }
    }

    /// The last circle.
    pub fn circle(&self) -> CircleId {
        *self.circles.last().unwrap()
    }

    /// The last circle's chain as it is stored.
    pub fn chain(&self) -> CircleChain {
        self.chain_of(&self.circle())
    }

    fn chain_of(&self, circle: &CircleId) -> CircleChain {
        CircleChain::load(*circle, self.store.read(&statements::reads(circle))).unwrap()
    }

    /// The root says something.
    pub fn say(&mut self, body: StatementBody) {
        let draft = self.chain().draft(None, body, self.now);
        self.state(draft.sign(Signer::Root(&root())));
    }

    /// Somebody brings a statement, with nothing beside it.
    pub fn bring(&mut self, statement: Signed<Statement>) -> Result<u64, StatementProblem> {
        self.bring_with(statement, Vec::new())
    }

    /// Somebody brings a statement and what lies beside it.
    pub fn bring_with(&mut self, statement: Signed<Statement>, attachment: Vec<u8>) -> Result<u64, StatementProblem> {
        let mut chain = self.chain();
        let position = chain.admit(statement, attachment, &keys(), self.now)?;
        assert_eq!(self.store.commit(chain.batch().0), CommitOutcome::Committed);
        Ok(position)
    }

    /// A device, or the root, says all of these in one go, each with what lies beside it, as many a day as one may; how
    /// many were taken.
    pub fn say_all(&mut self, by: Option<&DeviceSecret>, said: Vec<(StatementBody, Vec<u8>)>) -> usize {
        let (mut chain, secret, id) = (self.chain(), root(), by.map(DeviceSecret::id));
        let signer = || by.map_or(Signer::Root(&secret), Signer::Device);
        let mut taken = 0;
        for (number, (body, attachment)) in said.into_iter().enumerate() {
            if by.is_some() && number % 500 == 0 {
                self.now = self.now.plus_ms(25 * 60 * 60 * 1_000);
            }
            let statement = chain.draft(id.as_ref(), body, self.now).sign(signer());
            taken += usize::from(chain.admit(statement, attachment, &keys(), self.now).is_ok());
        }
        assert_eq!(self.store.commit(chain.batch().0), CommitOutcome::Committed);
        taken
    }

    fn state(&mut self, statement: Signed<Statement>) {
        self.bring(statement).unwrap();
    }

    /// The server with another store, as it was earlier or might have been: its keys are the same.
    pub fn beside(&self) -> Self {
        let (store, circles) = (self.store.clone(), self.circles.clone());
        Self { store, circles, lie: None, requests: Vec::new(), refusals: Vec::new(), ..*self }
    }

    pub fn answer(&mut self, url: &str, body: &[u8]) -> Vec<u8> {
        let answer = if url.ends_with("/v1/enrol") { self.enrol(body) } else { self.sync(body) };
        self.requests.push((body.len(), answer.len()));
        answer
    }

    fn enrol(&mut self, body: &[u8]) -> Vec<u8> {
        let request = EnrolRequest::decode(body).unwrap();
        let request = request.verify(self.now).unwrap();
        let mut circles = match request.into_inner() {
            EnrolRequest::Join { join, .. } => {
                let (invite, device) = enrol::newcomer_of(&join).unwrap();
                let bytes = self.store.read(&enrol::reads(&invite)).remove(0).value().expect("a known link");
                assert_eq!(InviteRow::decode(&bytes).unwrap().circle, self.circle());
                let mut chain = self.chain();
                match enrol::join(&mut chain, *join, &keys(), self.now) {
                    Ok(()) => {}
                    Err(problem) => return self.problem(&problem.to_string()),
                }
                assert_eq!(self.store.commit(chain.batch().0), CommitOutcome::Committed);
                vec![self.welcome(&self.circle(), device)]
            }
            EnrolRequest::Find { invite, .. } => {
                let bytes = self.store.read(&enrol::reads(&invite)).remove(0).value().expect("a known code");
                vec![CircleAnswer::of(InviteRow::decode(&bytes).unwrap().circle)]
            }
            EnrolRequest::Return { device, .. } => {
                let knows = |circle: &&CircleId| self.chain_of(circle).standing().device(&device.id()).is_some();
                self.circles.iter().filter(knows).map(|circle| self.welcome(circle, device.id())).collect()
            }
        };
        if let Some(lie) = &self.lie {
            circles.iter_mut().for_each(lie);
        }
        let frames = enrol::frames(self.now, circles);
        self.enrol_frames = frames.iter().filter(|frame| matches!(frame, Frame::Answer(_))).count();
        frames.iter().flat_map(Frame::encode).collect()
    }

    fn problem(&self, detail: &str) -> Vec<u8> {
        let code = kith_shared::wire::ProblemCode::InviteUsed;
        let problem = kith_shared::wire::Problem { code, time: self.now, detail: detail.to_owned() };
        Frame::Problem(problem).encode()
    }

    fn welcome(&self, circle: &CircleId, device: kith_shared::ids::DeviceId) -> CircleAnswer {
        let welcome = enrol::Welcome::new(self.chain_of(circle), device);
        let found = self.store.read(&welcome.reads());
        welcome.answer(found, &keys(), self.now).unwrap().expect("nobody else writes")
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
                HubEffect::Send(Frame::Answer(mut answer)) => {
                    if let Some(lie) = &self.lie {
                        let AnswerHeader { circles, .. } = &mut answer;
                        circles.iter_mut().for_each(lie);
                    }
                    out.extend(Frame::Answer(answer).encode());
                }
                HubEffect::Send(Frame::End { more }) => {
                    out.extend(Frame::End { more: more || self.never_ends }.encode());
                }
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
            steady: None,
            wake: None,
            online: true,
            loses_answer: false,
            notices: Vec::new(),
            reads: 0,
            replies: VecDeque::new(),
            next: 0,
        };
        let event = Event::Start { entropy: [seed; 32], origin: String::new() };
        phone.engine.handle(event, phone.now);
        phone
    }

    /// What its clocks say.
    pub fn clocks(&self) -> Now {
        Now { steady: self.steady.unwrap_or(SteadyMs(self.now.0)), wall: self.now }
    }

    /// Does a command and everything that follows from it.
    pub fn ask(&mut self, server: &mut Server, command: Command) -> Result<Reply, Problem> {
        self.next += 1;
        let id = CommandId(self.next);
        self.engine.handle(Event::Command { id, command }, self.clocks());
        self.drive(server);
        let at = self.replies.iter().position(|(reply, _)| *reply == id).expect("every command is answered");
        self.replies.remove(at).expect("it is there").1
    }

    /// The phone's keys, as whoever takes it has them.
    pub fn secret(&self) -> DeviceSecret {
        let read = kith_shared::storage::Read::Get { tree: Tree::Meta, key: b"device".to_vec() };
        let seed: [u8; 32] = self.store.read(&[read]).remove(0).value().unwrap().try_into().unwrap();
        DeviceSecret::from_seed(seed)
    }

    pub fn json(&mut self, server: &mut Server, command: &str) -> serde_json::Value {
        let asked: serde_json::Value = serde_json::from_str(command).unwrap();
        let reply = self.ask(server, serde_json::from_value(asked.clone()).unwrap()).unwrap();
        let value = serde_json::to_value(reply).unwrap();
        reply_shape(&asked["cmd"]).fits(&value).unwrap();
        value
    }

    pub fn drive(&mut self, server: &mut Server) {
        while let Some(effect) = self.engine.next_effect() {
            let event = match effect {
                Effect::Read { id, reads } => {
                    self.reads += 1;
                    Event::Stored { id, results: Ok(self.store.read(&reads)) }
                }
                Effect::Commit { id, batch } => Event::Committed { id, outcome: Ok(self.store.commit(batch)) },
                Effect::Http { id, .. } if !self.online => Event::HttpFailed { id, failure: HttpFailure::Unreachable },
                Effect::Http { id, url, body } => {
                    let bytes = server.answer(&url, &body);
                    if core::mem::take(&mut self.loses_answer) {
                        self.engine.handle(Event::HttpFailed { id, failure: HttpFailure::Unreachable }, self.clocks());
                        continue;
                    }
                    self.engine.handle(Event::HttpBytes { id, bytes }, self.clocks());
                    Event::HttpEnd { id }
                }
                Effect::Reply { id, reply } => {
                    self.replies.push_back((id, reply));
                    continue;
                }
                Effect::Notice(notice) => {
                    Notice::shape().fits(&serde_json::to_value(&notice).unwrap()).unwrap();
                    self.notices.push(notice);
                    continue;
                }
                Effect::Wake { in_ms } => {
                    self.wake = Some(self.clocks().steady.plus_ms(in_ms));
                    continue;
                }
                Effect::HttpAbort { .. } | Effect::Live { .. } => continue,
            };
            self.engine.handle(event, self.clocks());
        }
    }
}

/// What a command is declared to be answered with.
fn reply_shape(command: &serde_json::Value) -> Shape {
    let Shape::Declared(_, declare) = Command::shape() else { panic!("commands are declared") };
    let Form::Tagged { cases, .. } = declare().form else { panic!("commands have a tag") };
    let case = cases.into_iter().find(|case| *command == case.name.as_str());
    case.and_then(|case| case.reply).expect("every command has a reply")
}
