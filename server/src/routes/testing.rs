use std::fs;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use kith_shared::document::{DocumentName, Handle, Subject, genesis};
use kith_shared::gate::parse_change;
use kith_shared::ids::{ActorId, BodyId, CircleId, Incarnation, OrganisationKey, PageMark, StatementId, ThreadId};
use kith_shared::seal::{BodyPlace, EntryPlace, EpochId, EpochKey, seal_body, seal_entry, sealed_entry_id, wrap};
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult};
use kith_shared::sync::statements::{CircleLog, HubKeys};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    DeviceSecret, Draft, EnrolRequest, Epoch, InviteSecret, Join, KeyGroup, Role, SignedHead, Signer, SigningSecret,
    Statement, StatementBody, Wrap,
};
use kith_shared::wire::{
    CircleAnswer, CircleAsk, Entry, EntryContent, Frame, FrameDecoder, RequestHeader, pack_page, unpack_page,
};
use tokio::sync::watch;
use tower::ServiceExt;

use crate::admin::invite::{DAY_MS, InviteTerms, Issuer};
use crate::admin::{circle, invite, log};
use crate::app::{App, Parts};
use crate::clock::{Clock, FixedClock};
use crate::config::Limits;
use crate::merge::{MergeQueue, MergeWorker};
use crate::metrics::Metrics;
use crate::rate::{Peer, RateLimits};
use crate::store::identity::{self, Generation};
use crate::store::{MemoryStore, Metered, Store, StoreError, StoreFuture};
use crate::testing::Folder;
use crate::web::Assets;

use super::CONTENT_TYPE;

const NOW: TimestampMs = TimestampMs(1_795_500_000_000);

/// A whole server without a network: memory store, a clock that stands still, faults on demand.
pub(crate) struct Server {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) closing: watch::Sender<bool>,
    pub(crate) circle: CircleId,
    pub(crate) root: SigningSecret,
    pub(crate) faults: Arc<Faults>,
    pub(crate) worker: tokio::sync::Mutex<MergeWorker>,
    router: Router,
    _web: Folder,
}

/// Errors that a store shall give.
#[derive(Default)]
pub(crate) struct Faults {
    read: Mutex<Option<StoreError>>,
    commit: Mutex<Option<StoreError>>,
}

impl Faults {
    pub(crate) fn fail_reads(&self, error: StoreError) {
        *self.read.lock().unwrap() = Some(error);
    }

    pub(crate) fn fail_commits(&self, error: StoreError) {
        *self.commit.lock().unwrap() = Some(error);
    }

    pub(crate) fn mend(&self) {
        *self.read.lock().unwrap() = None;
        *self.commit.lock().unwrap() = None;
    }
}

struct Faulty {
    store: MemoryStore,
    faults: Arc<Faults>,
}

impl Store for Faulty {
    fn read(&self, reads: Vec<Read>) -> StoreFuture<'_, Vec<ReadResult>> {
        match self.faults.read.lock().unwrap().clone() {
            Some(error) => Box::pin(async move { Err(error) }),
            None => self.store.read(reads),
        }
    }

    fn commit(&self, batch: Batch) -> StoreFuture<'_, CommitOutcome> {
        match self.faults.commit.lock().unwrap().clone() {
            Some(error) => Box::pin(async move { Err(error) }),
            None => self.store.commit(batch),
        }
    }
}

impl Server {
    /// The length of `large.txt` and of `large.bin` in the web app.
    pub(crate) const LARGE_FILE_BYTES: usize = 100_000;

    /// What stands at a place of it: bytes that shrink, and not to nothing.
    pub(crate) fn large_file_byte(at: usize) -> u8 {
        u8::try_from(at * at / 977 % 13).unwrap()
    }

    pub(crate) async fn new() -> Self {
        Self::with_rate(RateLimits::default()).await
    }

    pub(crate) async fn with_rate(rate: RateLimits) -> Self {
        Self::with_limits(Limits { rate, ..Limits::default() }).await
    }

    pub(crate) async fn with_limits(limits: Limits) -> Self {
        let web = Folder::new();
        let large: Vec<u8> = (0..Self::LARGE_FILE_BYTES).map(Self::large_file_byte).collect();
        for name in ["large.txt", "large.bin"] {
            fs::write(web.path().join(name), &large).unwrap();
        }
        fs::write(web.path().join("index.html"), "<!doctype html><title>Kith</title>\n".repeat(10)).unwrap();
        let (clock, metrics, faults) =
            (Arc::new(FixedClock::new(NOW)), Arc::new(Metrics::new()), Arc::new(Faults::default()));
        let store = Faulty { store: MemoryStore::new(), faults: Arc::clone(&faults) };
        let store: Arc<dyn Store> =
            Arc::new(Metered::new(store, Arc::clone(&metrics), Arc::clone(&clock) as Arc<dyn Clock>));
        identity::ensure(store.as_ref(), Generation([7; 8])).await.unwrap();
        let root = SigningSecret::from_seed(&[8; 32]);
        let keys = HubKeys { root: OrganisationKey(root.public()), server: SigningSecret::from_seed(&[9; 32]) };
        let circle = circle::create(store.as_ref(), &keys, &root, "Test", [5; 16], NOW).await.unwrap();
        let (merges, worker) = MergeQueue::new(Arc::clone(&store), Arc::clone(&metrics));
        let (closing, is_closing) = watch::channel(false);
        let app = App::new(Parts {
            store,
            keys: Arc::new(keys),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            metrics,
            merges,
            limits: Limits { request_bytes_max: 512 * 1024, ..limits },
            assets: Some(Assets::load(web.path()).unwrap()),
            is_https: false,
            closing: is_closing,
        });
        let router = super::router(Arc::clone(&app));
        let worker = tokio::sync::Mutex::new(worker);
        Self { app, clock, closing, circle, root, faults, worker, router, _web: web }
    }

    pub(crate) fn now(&self) -> TimestampMs {
        self.clock.now()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// As it comes from an address.
    pub(crate) async fn send_from(&self, address: &str, mut request: Request<Body>) -> Response<Body> {
        request.extensions_mut().insert(Peer(address.parse().unwrap()));
        self.send(request).await
    }

    pub(crate) async fn get(&self, address: &str) -> Response<Body> {
        self.send(Request::get(address).body(Body::empty()).unwrap()).await
    }

    pub(crate) fn sync_request(&self, body: Vec<u8>) -> Request<Body> {
        Request::post("/v1/sync").header(header::CONTENT_TYPE, CONTENT_TYPE).body(Body::from(body)).unwrap()
    }

    pub(crate) async fn sync(&self, body: Vec<u8>) -> (StatusCode, Vec<Frame>) {
        frames(self.send(self.sync_request(body)).await).await
    }

    pub(crate) async fn enrol(&self, body: Vec<u8>) -> (StatusCode, Vec<Frame>) {
        frames(self.send(self.enrol_request(body)).await).await
    }

    pub(crate) fn enrol_request(&self, body: Vec<u8>) -> Request<Body> {
        Request::post("/v1/enrol").header(header::CONTENT_TYPE, CONTENT_TYPE).body(Body::from(body)).unwrap()
    }

    /// A link by the root. The same number of uses gives the same one.
    pub(crate) async fn invite(&self, role: Role, uses: u32) -> InviteSecret {
        let secret = InviteSecret([u8::try_from(uses).unwrap() ^ if role == Role::Member { 0x80 } else { 0 }; 16]);
        let terms = InviteTerms { role, uses, expires: self.now().plus_ms(30 * DAY_MS) };
        if self.log().await.log().invite(&secret.public()).is_none() {
            self.invite_by(&Issuer::root(&self.root), &secret, terms).await;
        }
        secret
    }

    pub(crate) async fn invite_by(&self, issuer: &Issuer<'_>, secret: &InviteSecret, terms: InviteTerms) {
        let store = self.app.store.as_ref();
        invite::create(store, &self.app.keys, issuer, self.circle, secret, terms, self.now()).await.unwrap();
    }

    /// The circle's statements as they are stored.
    pub(crate) async fn log(&self) -> CircleLog {
        log::load(self.app.store.as_ref(), self.circle).await.unwrap()
    }

    /// A facilitator's phone that came in by a link.
    pub(crate) async fn enrolled(&self, seed: u8) -> Phone {
        self.joined(seed, Role::Facilitator).await
    }

    /// A phone that came in by a link.
    pub(crate) async fn joined(&self, seed: u8, role: Role) -> Phone {
        let secret = self.invite(role, 50).await;
        let phone = Phone::new(seed, self.circle, self.now());
        assert_eq!(self.enrol(phone.join(&secret)).await.0, 200);
        phone
    }

    /// A statement of a device, or of the root, that knows all others, not handed in yet.
    pub(crate) async fn statement(&self, signer: Signer<'_>, body: StatementBody) -> Statement {
        let author = if let Signer::Device(device) = signer { Some(device.id()) } else { None };
        let parents = self.log().await.log().parents(author.as_ref());
        Draft { circle: self.circle, parents, time: self.now(), body }.sign(signer)
    }

    /// Says something as the operator does.
    pub(crate) async fn state(&self, statement: &Statement) {
        let (store, keys) = (self.app.store.as_ref(), &self.app.keys);
        log::edit(store, self.circle, self.now(), |log| Ok(log.add(statement.clone(), keys)?)).await.unwrap();
    }

    /// A phone's Epoch of the circle, on from another, wrapped to these devices.
    pub(crate) async fn epoch(
        &self,
        by: &Phone,
        previous: Option<StatementId>,
        to: &[&Phone],
        key: &EpochKey,
    ) -> Statement {
        let wrapped = |phone: &&Phone| {
            let wrap = wrap(key, &self.circle, phone.secret.public(), [7; 32]).unwrap();
            (phone.secret.id(), Wrap(wrap))
        };
        let mut wraps: Vec<_> = to.iter().map(wrapped).collect();
        wraps.sort_unstable();
        let epoch = Epoch { group: KeyGroup::Circle, previous, check: key.check(), wraps };
        self.statement(Signer::Device(&by.secret), StatementBody::Epoch(epoch)).await
    }
}

async fn frames(response: Response<Body>) -> (StatusCode, Vec<Frame>) {
    let status = response.status();
    let mut decoder = FrameDecoder::default();
    decoder.feed(&to_bytes(response.into_body(), 64 * 1024 * 1024).await.unwrap());
    let frames = std::iter::from_fn(|| decoder.next_frame().unwrap()).collect();
    assert!(!decoder.is_mid_frame());
    (status, frames)
}

/// What is in a page's frame.
fn content(frame: &[u8]) -> Vec<u8> {
    let mut decoder = FrameDecoder::default();
    decoder.feed(frame);
    let Some(Frame::Page(page)) = decoder.next_frame().unwrap() else { panic!("{frame:?} is no page") };
    page
}

/// As much of a phone as a request needs: one thread, one chain, one epoch's key.
#[derive(Clone)]
pub(crate) struct Phone {
    pub(crate) secret: DeviceSecret,
    pub(crate) circle: CircleId,
    pub(crate) now: TimestampMs,
    pub(crate) name: DocumentName,
    pub(crate) changes: Vec<Vec<u8>>,
    pub(crate) cursor: Vec<u8>,
    pub(crate) statements_cursor: Vec<u8>,
    pub(crate) epoch: EpochId,
}

impl Phone {
    pub(crate) fn new(seed: u8, circle: CircleId, now: TimestampMs) -> Self {
        let subject = Subject::Thread { thread: ThreadId::CIRCLE, month: now.day().month(), part: 0 };
        let name = DocumentName::new(subject);
        let secret = DeviceSecret::from_seed([seed; 32]);
        let (changes, epoch) = (Vec::new(), EpochId([7; 32]));
        Self { secret, circle, now, name, changes, cursor: Vec::new(), statements_cursor: Vec::new(), epoch }
    }

    /// An enrolment by a link.
    pub(crate) fn join(&self, invite: &InviteSecret) -> Vec<u8> {
        EnrolRequest::Join(Box::new(self.join_statement(invite))).encode()
    }

    pub(crate) fn join_statement(&self, invite: &InviteSecret) -> Statement {
        let join = Join::sign(&self.circle, &invite.public(), &self.secret, [1; 16]);
        let (circle, time) = (self.circle, TimestampMs(0));
        Draft { circle, parents: Vec::new(), time, body: StatementBody::Join(join) }.sign(Signer::Invite(invite))
    }

    /// The frame of a page with one new message.
    pub(crate) fn message(&mut self, text: &str) -> Vec<u8> {
        let (entry, _) = self.post(text);
        self.page(&[entry])
    }

    /// A new message, and its key.
    pub(crate) fn post(&mut self, text: &str) -> (Entry, String) {
        let key = self.handle().next_message_key(self.now).unwrap();
        let body = self.sealed(&key, text);
        (self.post_sealed(body), key)
    }

    /// A new message with this body.
    pub(crate) fn post_sealed(&mut self, body: Vec<u8>) -> Entry {
        let (now, id) = (self.now, BodyId::of(&body));
        self.edit(vec![body], |handle| {
            handle.post(now, &id, None).unwrap();
        })
    }

    /// A text, sealed for the place of the message that comes next.
    pub(crate) fn sealed(&self, message_key: &str, text: &str) -> Vec<u8> {
        let place = BodyPlace {
            circle: self.circle,
            document: self.name.id(&self.circle),
            device: self.secret.id(),
            incarnation: Incarnation(0),
            epoch: self.epoch,
            message_key,
        };
        seal_body(&EpochKey([7; 32]), &place, text).unwrap()
    }

    fn handle(&self) -> Handle {
        let document = self.name.id(&self.circle);
        let actor = ActorId::derive(&self.secret.id(), &document, Incarnation(0));
        Handle::open(&self.circle, &self.name, actor, &self.changes).unwrap()
    }

    /// Whatever a change may be, as an entry.
    pub(crate) fn edit(&mut self, bodies: Vec<Vec<u8>>, edit: impl FnOnce(&mut Handle)) -> Entry {
        let mut handle = self.handle();
        edit(&mut handle);
        let change = handle.commit(self.now).remove(0);
        let parsed = parse_change(&change).unwrap();
        let (document, actor) = (*handle.id(), *handle.actor());
        let head = SignedHead { circle: self.circle, document, actor, seq: parsed.seq, entry: parsed.entry };
        self.changes.push(change.clone());
        Entry {
            document: self.name,
            device: self.secret.id(),
            incarnation: Incarnation(0),
            content: EntryContent::Plain(change),
            signature: Some(head.sign(&self.secret)),
            bodies,
        }
    }

    /// The first entry of a sealed document.
    pub(crate) fn sealed_entry(&self, name: DocumentName) -> Entry {
        let (document, device, incarnation) = (name.id(&self.circle), self.secret.id(), Incarnation(0));
        let first = [genesis(&self.circle, &name).unwrap().entry];
        let (circle, epoch, dependencies) = (self.circle, self.epoch, first.as_slice());
        let place = EntryPlace { circle, document, device, incarnation, epoch, seq: 1, dependencies };
        let bytes = seal_entry(&EpochKey([7; 32]), &place, &[b"a change that only phones read".to_vec()]).unwrap();
        let actor = ActorId::derive(&device, &document, incarnation);
        let entry = sealed_entry_id(&document, &actor, &bytes);
        let signature = Some(SignedHead { circle, document, actor, seq: 1, entry }.sign(&self.secret));
        let content = EntryContent::Sealed(bytes);
        Entry { document: name, device, incarnation, content, signature, bodies: Vec::new() }
    }

    /// The frame of a page of entries, whoever made them.
    pub(crate) fn page(&self, entries: &[Entry]) -> Vec<u8> {
        let (page, taken) = pack_page(&self.circle, &[], entries);
        assert_eq!(taken, entries.len());
        Frame::Page(page).encode()
    }

    /// What it asks of its circle.
    pub(crate) fn ask(&self) -> CircleAsk {
        CircleAsk {
            circle: self.circle,
            cursor: self.cursor.clone(),
            statements_cursor: self.statements_cursor.clone(),
            statements: Vec::new(),
            sealing: None,
            wants_warrant: false,
            unsure: Vec::new(),
            clocks: Vec::new(),
            wanted: Vec::new(),
        }
    }

    /// A request's bytes, with these frames after its first.
    pub(crate) fn request(&self, pages: &[Vec<u8>]) -> Vec<u8> {
        self.asking(self.ask(), pages)
    }

    pub(crate) fn asking(&self, ask: CircleAsk, pages: &[Vec<u8>]) -> Vec<u8> {
        [self.header_of(ask, pages), pages.concat()].concat()
    }

    /// The first frame of a request, for the pages in these frames.
    pub(crate) fn header(&self, pages: &[Vec<u8>]) -> Vec<u8> {
        self.header_of(self.ask(), pages)
    }

    fn header_of(&self, ask: CircleAsk, pages: &[Vec<u8>]) -> Vec<u8> {
        let marks = pages.iter().map(|frame| PageMark::of(&content(frame))).collect();
        Frame::Request(RequestHeader::sign(&self.secret, self.now, 1 << 20, vec![ask], marks)).encode()
    }

    /// A request that brings statements.
    pub(crate) fn stating(&self, statements: &[&Statement]) -> Vec<u8> {
        let statements = statements.iter().map(|statement| statement.encode()).collect();
        self.asking(CircleAsk { statements, ..self.ask() }, &[])
    }

    /// Remembers the cursor of a response.
    pub(crate) fn take(&mut self, frames: &[Frame]) {
        for frame in frames {
            match frame {
                Frame::Answer(answer) => {
                    self.cursor.clone_from(&answer.circles[0].cursor);
                    if !answer.circles[0].statements_cursor.is_empty() {
                        self.statements_cursor.clone_from(&answer.circles[0].statements_cursor);
                    }
                }
                Frame::Page(page) => self.cursor = unpack_page(page).unwrap().cursor,
                _ => {}
            }
        }
    }

    /// How many entries a response brings.
    pub(crate) fn entries(frames: &[Frame]) -> usize {
        let pages = frames.iter().filter_map(|frame| match frame {
            Frame::Page(page) => Some(unpack_page(page).unwrap().entries.len()),
            _ => None,
        });
        pages.sum()
    }

    /// How many entries a response refuses.
    pub(crate) fn refused(frames: &[Frame]) -> usize {
        let answers = frames.iter().filter_map(|frame| match frame {
            Frame::Answer(answer) => Some(answer.circles[0].refused.len()),
            _ => None,
        });
        answers.sum()
    }

    /// What a response says of the circle.
    pub(crate) fn answer(frames: &[Frame]) -> &CircleAnswer {
        let Some(Frame::Answer(answer)) = frames.first() else { panic!("{frames:?}") };
        &answer.circles[0]
    }
}
