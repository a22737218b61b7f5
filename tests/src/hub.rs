//! A server in memory: the real hub over a store in memory, without sockets, clock or threads.

use std::sync::Arc;

use kith_shared::client::commission_text;
use kith_shared::document::KithSchema;
use kith_shared::gate::Refusal;
use kith_shared::ids::{CircleId, DeviceId, InviteKey, OrganisationKey};
use kith_shared::storage::{Batch, CommitOutcome, MemoryStore, ReadResult, Tree};
use kith_shared::sync::enrol::{self, EnrolProblem, Welcome};
use kith_shared::sync::hub::{Exchange, HubEffect, HubEvent};
use kith_shared::sync::statements::{self, CircleChain, HubKeys};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    Attached, Draft, EnrolRequest, Found, Invitation, InviteFor, InviteRow, InviteSecret, Knows, RequestProblem,
    Restored, Role, RootCommission, Signed, Signer, SigningSecret, Statement, StatementAuthor, StatementBody,
    StatementProblem,
};
use kith_shared::wire::{CircleAnswer, Frame, FrameDecoder, Problem, ProblemCode};

/// Where phones reach it.
pub const ORIGIN: &str = "http://hub";

/// How long links of a hub are good for.
const LINK_MS: u64 = 365 * 24 * 60 * 60 * 1_000;

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
    /// The organisation's root.
    pub root: SigningSecret,
    /// What it signs with.
    pub keys: Arc<HubKeys>,
    secrets: u8,
}

/// Why an enrolment got no answer.
enum Refused {
    Request(RequestProblem),
    Enrol(EnrolProblem),
    Unknown,
    Malformed(String),
}

impl From<EnrolProblem> for Refused {
    fn from(problem: EnrolProblem) -> Self {
        Self::Enrol(problem)
    }
}

impl Hub {
    /// A server with an empty store, always of one organisation.
    #[must_use]
    pub fn new(now: TimestampMs) -> Self {
        let mut store = MemoryStore::new();
        let mut batch = Batch::default();
        batch.put(Tree::Meta, b"generation", [1; 8]);
        store.commit(batch);
        let root = SigningSecret::from_seed(&[0xa1; 32]);
        let keys = HubKeys { root: OrganisationKey(root.public()), server: SigningSecret::from_seed(&[0xa2; 32]) };
        let (requests, refusals) = (Vec::new(), Vec::new());
        Self { store, now, requests, refusals, root, keys: Arc::new(keys), secrets: 0 }
    }

    /// Founds a circle; the same salt gives the same one.
    pub fn add_circle(&mut self, salt: u8) -> CircleId {
        let (root, server) = (self.keys.root, self.keys.server_key());
        let found = Found { root, server, salt: [salt; 16], founder: None };
        let (circle, knows, time) = (CircleId([0; 16]), Knows::NOTHING, TimestampMs(1));
        let draft = Draft { circle, number: 0, knows, time, body: StatementBody::Found(found) };
        let statement = draft.sign(Signer::Root(&self.root));
        let circle = Statement::circle_of(&statement.id());
        self.state(&circle, |_| statement.clone());
        circle
    }

    /// A link by the root for so many devices: a facilitator's brings the right to found circles. It opens no past;
    /// whoever comes in by it begins an epoch of their own.
    pub fn invite(&mut self, circle: &CircleId, role: Role, uses: u32) -> String {
        self.invite_with(circle, role, uses, false)
    }

    /// As [`Self::invite`]; with `past`, those who hold the circle's key share it with whoever comes in.
    pub fn invite_with(&mut self, circle: &CircleId, role: Role, uses: u32, past: bool) -> String {
        self.secrets += 1;
        let secret = InviteSecret([self.secrets; 16]);
        let expires = self.now.plus_ms(LINK_MS);
        let (key, to, keys) = (secret.public(), InviteFor::Role(role), Attached::NOTHING);
        let possession = Invitation::prove(&secret, circle, &StatementAuthor::Root);
        self.say(circle, StatementBody::Invite(Invitation { key, to, uses, expires, past, keys, possession }));
        let hex: String = secret.0.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut link = format!("{ORIGIN}/#/join?t={hex}&c={circle}&n=Tuesday%20circle");
        if role == Role::Facilitator {
            let commission = RootCommission::sign(&self.root, key, expires);
            link.push_str(&format!("&k={}", commission_text(&commission)));
        }
        link
    }

    /// The circle's chain, as it is stored.
    ///
    /// # Panics
    /// When the store holds none there.
    #[must_use]
    pub fn chain(&self, circle: &CircleId) -> CircleChain {
        let found = self.store.read(&statements::reads(circle));
        CircleChain::load(*circle, found).unwrap_or_else(|error| panic!("what this hub stored: {error}"))
    }

    /// Lets the root say something.
    ///
    /// # Panics
    /// When it is not lawful.
    pub fn say(&mut self, circle: &CircleId, body: StatementBody) {
        let (root, now) = (self.root.clone(), self.now);
        self.state(circle, |chain| chain.draft(None, body.clone(), now).sign(Signer::Root(&root)));
    }

    /// Lets the root say that a backup was restored: the chain goes on from what is there.
    pub fn say_restored(&mut self, circle: &CircleId) {
        let head = self.chain(circle).chain().head();
        let (generation, from) = (head.generation + 1, head.position + 1);
        self.say(circle, StatementBody::Restored(Restored { generation, from }));
    }

    fn state(&mut self, circle: &CircleId, statement: impl Fn(&CircleChain) -> Signed<Statement>) {
        let mut chain = self.chain(circle);
        let statement = statement(&chain);
        let admitted = chain.admit(statement, Vec::new(), &self.keys, self.now);
        admitted.unwrap_or_else(|problem| panic!("what the root said: {problem}"));
        assert_eq!(self.store.commit(chain.batch().0), CommitOutcome::Committed);
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
            self.enrol(body).unwrap_or_else(|refused| self.refuse(&refused))
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

    fn refuse(&self, refused: &Refused) -> Vec<u8> {
        match refused {
            Refused::Request(problem @ RequestProblem::Signature) => {
                self.problem(ProblemCode::Signature, &problem.to_string())
            }
            Refused::Request(problem) => self.problem(ProblemCode::Clock, &problem.to_string()),
            Refused::Enrol(problem) => self.problem(code_of(problem), &problem.to_string()),
            Refused::Unknown => self.problem(ProblemCode::UnknownDevice, "the code is of no circle here"),
            Refused::Malformed(detail) => self.problem(ProblemCode::Malformed, detail),
        }
    }

    fn enrol(&mut self, body: &[u8]) -> Result<Vec<u8>, Refused> {
        let request = EnrolRequest::decode(body).map_err(|error| Refused::Malformed(error.to_string()))?;
        let request = request.verify(self.now).map_err(Refused::Request)?;
        let circles = match request.into_inner() {
            EnrolRequest::Join { join, .. } => vec![self.join(*join)?],
            EnrolRequest::Find { invite, .. } => match self.invite_row(&invite)? {
                None => return Err(EnrolProblem::Unknown.into()),
                Some(row) if self.now >= row.expires => return Err(EnrolProblem::Expired.into()),
                Some(row) => vec![CircleAnswer::of(row.circle)],
            },
            EnrolRequest::Return { device, .. } => self.come_back(&device.id())?,
        };
        Ok(enrol::frames(self.now, circles).iter().flat_map(Frame::encode).collect())
    }

    fn join(&mut self, statement: Signed<Statement>) -> Result<CircleAnswer, Refused> {
        let (invite, device) = enrol::newcomer_of(&statement)?;
        let circle = self.invite_row(&invite)?.map_or(statement.claimed_circle(), |row| row.circle);
        let mut chain = self.chain(&circle);
        enrol::join(&mut chain, statement, &self.keys, self.now)?;
        if chain.has_news() {
            assert_eq!(self.store.commit(chain.batch().0), CommitOutcome::Committed);
        }
        Ok(self.welcome(&circle, device))
    }

    fn welcome(&self, circle: &CircleId, device: DeviceId) -> CircleAnswer {
        let welcome = Welcome::new(self.chain(circle), device);
        let answer = welcome.answer(self.store.read(&welcome.reads()), &self.keys, self.now);
        answer.ok().flatten().unwrap_or_else(|| panic!("what this hub stored of {circle}"))
    }

    fn invite_row(&self, invite: &InviteKey) -> Result<Option<InviteRow>, Refused> {
        let Some(bytes) = self.store.read(&enrol::reads(invite)).pop().and_then(ReadResult::value) else {
            return Ok(None);
        };
        InviteRow::decode(&bytes).map(Some).map_err(|error| Refused::Malformed(error.to_string()))
    }

    fn come_back(&self, device: &DeviceId) -> Result<Vec<CircleAnswer>, Refused> {
        let rows = self.store.read(&[enrol::circles_of(device)]).pop().map(ReadResult::rows).unwrap_or_default();
        let circles = rows.iter().filter_map(|(key, _)| CircleId::from_slice(key.get(DeviceId::LEN..)?));
        let answers: Vec<CircleAnswer> = circles.map(|circle| self.welcome(&circle, *device)).collect();
        if answers.is_empty() { Err(Refused::Unknown) } else { Ok(answers) }
    }

    fn sync(&mut self, body: &[u8], whole: bool) -> Vec<u8> {
        let mut exchange = Exchange::new(&KithSchema, Arc::clone(&self.keys), self.now);
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

fn code_of(problem: &EnrolProblem) -> ProblemCode {
    match problem {
        EnrolProblem::Unknown => ProblemCode::InviteUnknown,
        EnrolProblem::Expired => ProblemCode::InviteExpired,
        EnrolProblem::UsedUp => ProblemCode::InviteUsed,
        EnrolProblem::Withdrawn => ProblemCode::InviteWithdrawn,
        EnrolProblem::Out => ProblemCode::UnknownDevice,
        EnrolProblem::Statement(StatementProblem::BadSignature) => ProblemCode::Signature,
        EnrolProblem::Statement(_) => ProblemCode::Malformed,
    }
}
