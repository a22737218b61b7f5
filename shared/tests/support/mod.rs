//! Phones and a server in one process: the real engine and the real hub over stores in memory.
#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use std::collections::VecDeque;

use kith_shared::client::view::{Notice, Reply};
use kith_shared::client::{Command, CommandId, Effect, Engine, Event, HttpFailure, Problem};
use kith_shared::document::KithSchema;
use kith_shared::ids::{CircleId, InviteToken};
use kith_shared::storage::{CommitOutcome, MemoryStore, Tree};
use kith_shared::sync::hub::{Exchange, HubEffect, HubEvent};
use kith_shared::sync::{CircleRecord, enrol};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{EnrolRequest, Invite, Role};
use kith_shared::wire::{AnswerHeader, CircleAnswer, Frame, FrameDecoder, unpack_page};

pub const CIRCLE: CircleId = CircleId([7; 16]);
pub const START_MS: u64 = 1_795_000_000_000;

pub struct Server {
    pub store: MemoryStore,
    pub now: TimestampMs,
    pub requests: Vec<(usize, usize)>,
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

impl Server {
    pub fn new() -> Self {
        let mut store = MemoryStore::default();
        let mut batch = kith_shared::storage::Batch::default();
        batch.put(Tree::Meta, b"generation".to_vec(), vec![1; 8]);
        batch.put(Tree::Circles, CIRCLE.as_bytes(), CircleRecord::default().encode());
        for (byte, role) in [(1, Role::Facilitator), (2, Role::Member)] {
            let token = InviteToken([byte; 16]);
            let invite = Invite { circle: CIRCLE, role, uses_left: 100, expires: TimestampMs(u64::MAX) };
            batch.put(Tree::Invites, Invite::key(&token), invite.encode());
        }
        assert_eq!(store.commit(batch), CommitOutcome::Committed);
        Self { store, now: TimestampMs(START_MS), requests: Vec::new() }
    }

    pub fn answer(&mut self, url: &str, body: &[u8]) -> Vec<u8> {
        let answer = if url.ends_with("/v1/enrol") { self.enrol(body) } else { self.sync(body) };
        self.requests.push((body.len(), answer.len()));
        answer
    }

    fn enrol(&mut self, body: &[u8]) -> Vec<u8> {
        let request = EnrolRequest::decode(body).unwrap().verify().unwrap();
        let invite_bytes = self.store.read(&enrol::reads(request.token())).remove(0).value().expect("a known link");
        let invite = Invite::decode(&invite_bytes).unwrap();
        let results = self.store.read(&enrol::circle_reads(&invite, &request));
        let (batch, _) = enrol::decide(&request, invite_bytes, invite, results, self.now).unwrap();
        assert_eq!(self.store.commit(batch), CommitOutcome::Committed);
        let prefix = CIRCLE.as_bytes().to_vec();
        let rows = self
            .store
            .read(&[kith_shared::storage::Read::Range {
                tree: Tree::Roster,
                to: kith_shared::sync::key::after_prefix(&prefix),
                from: prefix,
                rows_max: 1_000,
                bytes_max: usize::MAX,
                reverse: false,
            }])
            .remove(0)
            .rows();
        let roster = rows
            .iter()
            .map(|(_, value)| {
                kith_shared::trust::RosterEntry::read(&mut kith_shared::codec::Reader::new(value)).unwrap()
            })
            .collect();
        let circle = CircleAnswer {
            circle: invite.circle,
            resync: false,
            removed: false,
            roster,
            acks: Vec::new(),
            refused: Vec::new(),
            missing: Vec::new(),
            cursor: Vec::new(),
        };
        let answer = AnswerHeader { time: self.now, circles: vec![circle] };
        [Frame::Answer(answer).encode(), Frame::End { more: false }.encode()].concat()
    }

    fn sync(&mut self, body: &[u8]) -> Vec<u8> {
        let mut exchange = Exchange::new(&KithSchema, self.now);
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
                HubEffect::Refused(refusal) => panic!("the server refused: {refusal}"),
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
