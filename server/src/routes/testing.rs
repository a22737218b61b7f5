use std::fs;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use kith_shared::document::{DocumentName, Handle, Subject, encode_body};
use kith_shared::gate::parse_change;
use kith_shared::ids::{ActorId, BodyId, CircleId, Incarnation, InviteToken, PageMark, ThreadId};
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{DeviceSecret, EnrolRequest, Role, SignedHead};
use kith_shared::wire::{CircleAsk, Entry, EntryContent, Frame, FrameDecoder, RequestHeader, pack_page, unpack_page};
use tokio::sync::watch;
use tower::ServiceExt;

use crate::admin::invite::{DAY_MS, InviteTerms};
use crate::admin::{circle, invite};
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
    /// The length of `large.bin` in the web app.
    pub(crate) const LARGE_FILE_BYTES: usize = 100_000;

    /// What stands at a place of it: bytes that shrink, and not to nothing.
    pub(crate) fn large_file_byte(at: usize) -> u8 {
        u8::try_from(at * at / 977 % 13).unwrap()
    }

    pub(crate) async fn new() -> Self {
        Self::with_rate(RateLimits::default()).await
    }

    pub(crate) async fn with_rate(rate: RateLimits) -> Self {
        let web = Folder::new();
        let large: Vec<u8> = (0..Self::LARGE_FILE_BYTES).map(Self::large_file_byte).collect();
        fs::write(web.path().join("large.bin"), large).unwrap();
        fs::write(web.path().join("index.html"), "<!doctype html><title>Kith</title>\n".repeat(10)).unwrap();
        let (clock, metrics, faults) =
            (Arc::new(FixedClock::new(NOW)), Arc::new(Metrics::new()), Arc::new(Faults::default()));
        let store = Faulty { store: MemoryStore::new(), faults: Arc::clone(&faults) };
        let store: Arc<dyn Store> =
            Arc::new(Metered::new(store, Arc::clone(&metrics), Arc::clone(&clock) as Arc<dyn Clock>));
        identity::ensure(store.as_ref(), Generation([7; 8])).await.unwrap();
        let circle = CircleId([5; 16]);
        circle::create(store.as_ref(), circle, "Test").await.unwrap();
        let (merges, worker) = MergeQueue::new(Arc::clone(&store), Arc::clone(&metrics));
        let (closing, is_closing) = watch::channel(false);
        let app = App::new(Parts {
            store,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            metrics,
            merges,
            limits: Limits { request_bytes_max: 512 * 1024, rate, ..Limits::default() },
            assets: Some(Assets::load(web.path()).unwrap()),
            is_https: false,
            closing: is_closing,
        });
        let router = super::router(Arc::clone(&app));
        let worker = tokio::sync::Mutex::new(worker);
        Self { app, clock, closing, circle, faults, worker, router, _web: web }
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

    pub(crate) async fn invite(&self, role: Role, uses: u32) -> InviteToken {
        let token = InviteToken([u8::try_from(uses).unwrap(); 16]);
        let terms = InviteTerms { role, uses, expires: self.now().plus_ms(30 * DAY_MS) };
        assert!(invite::create(self.app.store.as_ref(), self.circle, &token, terms).await.unwrap());
        token
    }

    pub(crate) async fn enrolled(&self, seed: u8) -> Phone {
        let token = self.invite(Role::Facilitator, 50).await;
        let phone = Phone::new(seed, self.circle, self.now());
        let (status, _) = self.enrol(EnrolRequest::sign(token, &phone.secret, [seed; 16]).encode()).await;
        assert_eq!(status, 200);
        phone
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

/// As much of a phone as a request needs: one thread, one chain.
#[derive(Clone)]
pub(crate) struct Phone {
    pub(crate) secret: DeviceSecret,
    pub(crate) circle: CircleId,
    pub(crate) now: TimestampMs,
    pub(crate) name: DocumentName,
    pub(crate) changes: Vec<Vec<u8>>,
    pub(crate) cursor: Vec<u8>,
}

impl Phone {
    pub(crate) fn new(seed: u8, circle: CircleId, now: TimestampMs) -> Self {
        let subject = Subject::Thread { thread: ThreadId::CIRCLE, month: now.day().month(), part: 0 };
        let name = DocumentName::new(subject);
        let secret = DeviceSecret::from_seed([seed; 32]);
        Self { secret, circle, now, name, changes: Vec::new(), cursor: Vec::new() }
    }

    /// The frame of a page with one new message.
    pub(crate) fn message(&mut self, text: &str) -> Vec<u8> {
        let document = self.name.id(&self.circle);
        let actor = ActorId::derive(&self.secret.id(), &document, Incarnation(0));
        let mut handle = Handle::open(&self.circle, &self.name, actor, &self.changes).unwrap();
        let body = encode_body(&[u8::try_from(self.changes.len()).unwrap(); 12], text).unwrap();
        handle.post(self.now, &BodyId::of(&body), None).unwrap();
        let change = handle.commit(self.now).remove(0);
        let parsed = parse_change(&change).unwrap();
        let head = SignedHead { circle: self.circle, document, actor, seq: parsed.seq, entry: parsed.entry };
        let entry = Entry {
            document: self.name,
            device: self.secret.id(),
            incarnation: Incarnation(0),
            content: EntryContent::Plain(change.clone()),
            signature: Some(head.sign(&self.secret)),
            bodies: vec![body],
        };
        self.changes.push(change);
        let (page, taken) = pack_page(&self.circle, &[], &[entry]);
        assert_eq!(taken, 1);
        Frame::Page(page).encode()
    }

    /// A request's bytes, with these frames after its first.
    pub(crate) fn request(&self, pages: &[Vec<u8>]) -> Vec<u8> {
        [self.header(pages), pages.concat()].concat()
    }

    /// The first frame of a request, for the pages in these frames.
    pub(crate) fn header(&self, pages: &[Vec<u8>]) -> Vec<u8> {
        let ask = CircleAsk {
            circle: self.circle,
            cursor: self.cursor.clone(),
            roster_len: 2,
            unsure: Vec::new(),
            clocks: Vec::new(),
            wanted: Vec::new(),
        };
        let marks = pages.iter().map(|frame| PageMark::of(&content(frame))).collect();
        Frame::Request(RequestHeader::sign(&self.secret, self.now, 1 << 20, vec![ask], marks)).encode()
    }

    /// Remembers the cursor of a response.
    pub(crate) fn take(&mut self, frames: &[Frame]) {
        for frame in frames {
            match frame {
                Frame::Answer(answer) => self.cursor.clone_from(&answer.circles[0].cursor),
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
}
