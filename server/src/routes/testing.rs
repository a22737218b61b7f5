mod phone;

use std::fs;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use kith_shared::ids::{CircleId, OrganisationKey, TextCommitment};
use kith_shared::seal::{EpochKey, wrap};
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult};
use kith_shared::sync::statements::{CircleChain, HubKeys};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    AddDevice, Attached, DeviceSecret, Epoch, Grant, InviteSecret, KeyGroup, Knows, MemberState, Readers, Role, Signed,
    Signer, SigningSecret, Statement, StatementBody, StatementProblem, Verified, Warrant,
};
use kith_shared::wire::{Frame, FrameDecoder};
use tokio::sync::watch;
use tower::ServiceExt;

use crate::admin::invite::{DAY_MS, InviteTerms, Issuer};
use crate::admin::people::Root;
use crate::admin::{chain, circle, invite};
use crate::app::{App, Parts};
use crate::clock::{Clock, FixedClock};
use crate::config::Limits;
use crate::merge::{MergeQueue, MergeWorker};
use crate::metered::Metered;
use crate::metrics::Metrics;
use crate::rate::{Peer, RateLimits};
use crate::store::identity::{self, Generation};
use crate::store::{MemoryStore, Store, StoreError, StoreFuture};
use crate::testing::Folder;
use crate::web::Assets;

use super::CONTENT_TYPE;

pub(crate) use phone::Phone;

const NOW: TimestampMs = TimestampMs(1_795_500_000_000);
/// What messages here say of their texts, which only phones can judge.
pub(crate) const COMMITMENT: TextCommitment = TextCommitment([9; 32]);

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
        if self.chain().await.standing().invite(&secret.public()).is_none() {
            self.invite_by(&Issuer::root(&self.root), &secret, terms).await;
        }
        secret
    }

    pub(crate) async fn invite_by(&self, issuer: &Issuer<'_>, secret: &InviteSecret, terms: InviteTerms) {
        let store = self.app.store.as_ref();
        invite::create(store, &self.app.keys, issuer, self.circle, secret, terms, self.now()).await.unwrap();
    }

    /// The circle's chain as it is stored.
    pub(crate) async fn chain(&self) -> CircleChain {
        chain::load(self.app.store.as_ref(), self.circle).await.unwrap()
    }

    /// Where the circle's chain ends.
    pub(crate) async fn end(&self) -> Knows {
        self.chain().await.chain().head()
    }

    /// How a phone stands in the circle; none when it never was in.
    pub(crate) async fn stands(&self, phone: &Phone) -> Option<MemberState> {
        self.chain().await.standing().device(&phone.secret.id()).map(|record| record.state)
    }

    /// What became of a statement that a phone brings.
    pub(crate) async fn say(&self, by: &Phone, statement: &Signed<Statement>) -> Result<(), StatementProblem> {
        let (status, frames) = self.sync(by.stating(&[statement])).await;
        assert_eq!(status, 200, "{frames:?}");
        Phone::answer(&frames).refused_statements.first().map_or(Ok(()), |refused| Err(refused.problem))
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
        Phone { knows: self.end().await, ..phone }
    }

    /// As much as no system's buffer and no first piece of an answer takes.
    pub(crate) async fn with_much_to_read(&self) -> (Phone, Phone) {
        let (mut ana, ben) = (self.enrolled(1).await, self.enrolled(2).await);
        self.write_much(&mut ana, 20).await;
        (ana, ben)
    }

    /// So many messages that nothing makes smaller.
    pub(crate) async fn write_much(&self, phone: &mut Phone, messages: usize) {
        let mut state = 88_172_645_463_325_252_u64;
        for _ in 0..messages {
            let mut letter = || {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                char::from(33 + u8::try_from(state % 90).unwrap())
            };
            let text: String = (0..3_900).map(|_| letter()).collect();
            let page = phone.message(&text);
            assert_eq!(self.sync(phone.request(&[page])).await.0, 200);
        }
    }

    /// A statement of a device, or of the root, that knows the whole chain, not handed in yet.
    pub(crate) async fn statement(&self, signer: Signer<'_>, body: StatementBody) -> Signed<Statement> {
        let author = if let Signer::Device(device) = signer { Some(device.id()) } else { None };
        self.chain().await.draft(author.as_ref(), body, self.now()).sign(signer)
    }

    /// The root, as it speaks in the circle now.
    pub(crate) fn by_root(&self) -> Root<'_> {
        let (store, keys) = (self.app.store.as_ref(), &self.app.keys);
        Root { store, keys, secret: &self.root, circle: self.circle, now: self.now() }
    }

    /// Says something as the operator does.
    pub(crate) async fn state(&self, statement: &Signed<Statement>) {
        let (store, keys, now) = (self.app.store.as_ref(), &self.app.keys, self.now());
        let admit = |chain: &mut CircleChain| Ok(chain.admit(statement.clone(), Vec::new(), keys, now)?);
        chain::edit(store, self.circle, now, admit).await.unwrap();
    }

    /// A phone's Epoch of the circle, wrapped to these devices, and the wraps.
    pub(crate) async fn epoch(&self, by: &Phone, to: &[&Phone], key: &EpochKey) -> (Signed<Statement>, Vec<u8>) {
        let chain = self.chain().await;
        let ids: Vec<_> = to.iter().map(|phone| phone.secret.id()).collect();
        let readers = Readers::of(chain.standing(), &ids);
        let keys = |id| to.iter().find(|phone| phone.secret.id() == id).unwrap().secret.public();
        let wraps = readers.devices(chain.standing()).into_iter();
        let wraps: Vec<u8> = wraps.flat_map(|id| wrap(key, &self.circle, keys(id), [7; 32]).unwrap()).collect();
        let (group, epoch) = (KeyGroup::Circle, key.id(&self.circle, &KeyGroup::Circle));
        let body = StatementBody::Epoch(Epoch { group, epoch, readers, wraps: Attached::of(&wraps) });
        (self.statement(Signer::Device(&by.secret), body).await, wraps)
    }

    /// A warrant as the server hands it out now.
    pub(crate) async fn warrant(&self, to: &Phone) -> Signed<Warrant> {
        self.app.keys.warrant(&self.circle, &to.secret.id(), self.now(), self.end().await.position)
    }

    /// A Grant of a new member under a warrant.
    pub(crate) fn grant(warrant: Signed<Warrant>, device: &DeviceSecret, role: Role) -> StatementBody {
        StatementBody::Grant(Grant {
            device: *device.public(),
            member: Grant::new_member(warrant.claimed_id(), &device.id()),
            role,
            recovers: false,
            past: false,
            warrant,
            keys: Attached::NOTHING,
        })
    }

    /// A second phone of somebody's, with its own word.
    pub(crate) async fn added(&self, by: &Phone, device: &DeviceSecret) -> Signed<Statement> {
        let member = self.chain().await.standing().device(&by.secret.id()).unwrap().member;
        let add = AddDevice::sign(&self.circle, &member, device, false, Attached::NOTHING);
        self.statement(Signer::Device(&by.secret), StatementBody::AddDevice(add)).await
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

/// What is in something signed, for a test that forges it.
pub(crate) fn opened<T>(signed: Signed<T>) -> T {
    Verified::from_own_store(signed).into_inner()
}
