//! `POST /v1/sync`: one exchange with one phone. The request is read as it comes, and each page is durable
//! before the next is looked at, so that a cut costs at most one page.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use futures_util::StreamExt;
use kith_shared::ids::DeviceId;
use kith_shared::trust::Signed;
use kith_shared::wire::{Frame, FrameDecoder, ProblemCode, RequestHeader};
use tokio::time::timeout;
use tracing::Instrument;

use crate::app::App;
use crate::caller::Caller;
use crate::line::Way;
use crate::places::Place;
use crate::rate::{Party, Prefix};

use super::CONTENT_TYPE;
use super::door::{Overdrawn, look_at};
use super::exchange::Session;
use super::problem::{self, Refused};
use super::upload::{Stopped, Upload};

/// Longest response that is made whole before it is sent, in bytes.
const WHOLE_BYTES_MAX: usize = 32 * 1024;

/// How many bytes of a request are held before it has a place; most first frames are shorter.
const FIRST_BYTES_FREE: usize = 16 * 1024;
/// How many documents a device asks about for what adding one entry costs it.
const DOCUMENTS_AN_ENTRY: u64 = 16;

/// Answers a sync.
pub(super) async fn handle(
    State(app): State<Arc<App>>,
    Extension(prefix): Extension<Prefix>,
    Extension(caller): Extension<Caller>,
    overdrawn: Option<Extension<Overdrawn>>,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    let overdrawn = overdrawn.map(|Extension(overdrawn)| overdrawn);
    if let Err(refused) = check_head(&app, &headers) {
        return refused.respond(&app);
    }
    let upload = Upload::new(&app, &caller.line, body);
    let asker = Asker { app: Arc::clone(&app), prefix, overdrawn, caller, device: None };
    let mut request = Request { asker, frames: FrameDecoder::default(), upload, bytes: 0 };
    let taken = timeout(app.limits.request_time, request.take()).await;
    let taken = taken.unwrap_or_else(|_| Err(Refused::new(ProblemCode::TooLarge, "the request took too long")));
    match taken {
        Ok(session) => respond(request.asker, session).await,
        Err(refused) => refused.respond(&app),
    }
}

/// Who asks, as far as it is known.
struct Asker {
    app: Arc<App>,
    prefix: Prefix,
    overdrawn: Option<Overdrawn>,
    caller: Caller,
    /// Set once its signature was verified.
    device: Option<DeviceId>,
}

impl Asker {
    fn received(&self, bytes: usize) -> Result<(), Refused> {
        self.app.metrics.sync_bytes_in.inc_by(bytes as u64);
        let Self { app, prefix, device, .. } = self;
        let taken = app.rate.received(*prefix, bytes);
        let taken = taken.and_then(|()| device.map_or(Ok(()), |device| app.rate.device_received(device, bytes)));
        taken.map_err(|slow| Refused::slow(app, slow))
    }

    /// It is known who asks; so many bytes came before that. Gives the device's place.
    fn is(&mut self, device: DeviceId, bytes: usize) -> Result<Place<DeviceId>, Refused> {
        let rate = &self.app.rate;
        let taken = rate
            .device_request(self.prefix, self.overdrawn.is_some(), device)
            .and_then(|()| rate.device_received(device, bytes));
        taken.map_err(|slow| Refused::slow(&self.app, slow))?;
        self.device = Some(device);
        self.caller.is(device);
        let place = self.app.requests.enter(device, Some(device), &self.caller.line);
        place.ok_or_else(|| Refused::new(ProblemCode::Busy, "the server is busy, or this device is: try again soon"))
    }

    /// Hands a page to the session, when the device may add anything.
    async fn bring(&self, session: &mut Session, page: Vec<u8>) -> Result<(), Refused> {
        let Self { app, prefix, device: Some(device), .. } = self else { return Err(out_of_place()) };
        app.rate.page(*prefix, *device).map_err(|slow| Refused::slow(app, slow))?;
        session.page(page).await;
        app.rate.admitted(*prefix, *device, session.take_admitted());
        Ok(())
    }

    fn sent(&self, bytes: usize) {
        self.app.metrics.sync_bytes_out.inc_by(bytes as u64);
        self.app.rate.sent(self.prefix, self.device, bytes);
    }
}

fn check_head(app: &App, headers: &HeaderMap) -> Result<(), Refused> {
    if *app.closing.borrow() {
        return Err(Refused::new(ProblemCode::Busy, "the server is shutting down: try again soon"));
    }
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if content_type != Some(CONTENT_TYPE.as_bytes()) {
        let detail = format!("the content type must be {CONTENT_TYPE}");
        return Err(Refused::new(ProblemCode::Malformed, detail));
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > app.limits.request_bytes_max) {
        return Err(too_large(app));
    }
    Ok(())
}

fn too_large(app: &App) -> Refused {
    let detail = format!("a request may have {} bytes: send the rest in another", app.limits.request_bytes_max);
    Refused::new(ProblemCode::TooLarge, detail)
}

struct Request {
    asker: Asker,
    frames: FrameDecoder,
    upload: Upload,
    bytes: usize,
}

impl Request {
    /// Hands the request to a session, until it ends or there is an answer before that.
    async fn take(&mut self) -> Result<Session, Refused> {
        let taken = match self.begin().await {
            Ok(mut session) => self.take_pages(&mut session).await.map(|()| session),
            Err(refused) => Err(refused),
        };
        if taken.as_ref().is_err_and(|refused| refused.code == ProblemCode::Slow) {
            self.drain().await;
        }
        taken
    }

    /// Waits for the first frame, and has it checked when there is leave to: until then it is neither decoded nor
    /// anything read for it. It needs no place until it is larger than most.
    async fn begin(&mut self) -> Result<Session, Refused> {
        let mut large = None;
        while !self.frames.has_frame() {
            if self.bytes > FIRST_BYTES_FREE
                && let Some(overdrawn) = self.asker.overdrawn
            {
                return Err(overdrawn.refuse(&self.asker.app));
            }
            if self.bytes > FIRST_BYTES_FREE && large.is_none() {
                let Asker { app, prefix, caller, .. } = &self.asker;
                let place = app.first_frames.enter(*prefix, None, &caller.line);
                large =
                    Some(place.ok_or_else(|| Refused::new(ProblemCode::Busy, "the server is busy: try again soon"))?);
            }
            let Some(chunk) = self.next_chunk().await? else {
                return Err(self.asker.overdrawn.map_or_else(cut_short, |overdrawn| overdrawn.refuse(&self.asker.app)));
            };
            self.frames.feed(&chunk);
        }
        let app = Arc::clone(&self.asker.app);
        let (header, unproven) = match self.asker.overdrawn {
            Some(overdrawn) => {
                let header = self.known_header(overdrawn).await?;
                (header, look_at(&app, self.asker.prefix).await?)
            }
            None => {
                let unproven = look_at(&app, self.asker.prefix).await?;
                let Some(Frame::Request(header)) = self.next_frame()? else { return Err(out_of_place()) };
                (header, unproven)
            }
        };
        let device = header.claimed_device();
        tracing::Span::current().record("device.id", tracing::field::display(device));
        let mut session =
            Session::new(Arc::clone(&app), Party::Prefix(self.asker.prefix), Arc::clone(&self.asker.caller.line));
        let documents = header.claimed_documents();
        session.begin(header).await;
        drop((unproven, large));
        if !session.has_answer() {
            session.hold(device, self.asker.is(device, self.bytes)?);
            app.rate.admitted(self.asker.prefix, device, documents as u64 / DOCUMENTS_AN_ENTRY);
        }
        Ok(session)
    }

    /// The first frame of a request from a network that used up its own: decoded to see whose it says it is, one at a
    /// time, and refused as too much whatever else it may be.
    async fn known_header(&mut self, overdrawn: Overdrawn) -> Result<Signed<RequestHeader>, Refused> {
        let app = Arc::clone(&self.asker.app);
        let _turn = app.rate.overdrawn(self.asker.prefix).await.ok_or_else(|| overdrawn.refuse(&app))?;
        let Ok(Some(Frame::Request(header))) = self.next_frame() else { return Err(overdrawn.refuse(&app)) };
        overdrawn.admit(&app, &header.claimed_device()).map(|()| header)
    }

    async fn take_pages(&mut self, session: &mut Session) -> Result<(), Refused> {
        loop {
            if session.has_answer() {
                self.drain().await;
                return Ok(());
            }
            match self.next_frame()? {
                Some(Frame::Page(page)) => self.asker.bring(session, page).await?,
                Some(_) => return Err(out_of_place()),
                None => match self.next_chunk().await? {
                    Some(chunk) => self.frames.feed(&chunk),
                    None if self.frames.is_mid_frame() => return Err(cut_short()),
                    None => {
                        session.end().await;
                        return Ok(());
                    }
                },
            }
        }
    }

    fn next_frame(&mut self) -> Result<Option<Frame>, Refused> {
        self.frames.next_frame().map_err(|error| Refused::new(error.code(), error.to_string()))
    }

    async fn next_chunk(&mut self) -> Result<Option<Bytes>, Refused> {
        let Some(chunk) = self.upload.next().await? else { return Ok(None) };
        self.bytes += chunk.len();
        self.asker.received(chunk.len())?;
        if self.bytes > self.asker.app.limits.request_bytes_max {
            Err(too_large(&self.asker.app))
        } else {
            Ok(Some(chunk))
        }
    }

    /// A phone that is still sending would see a reset, and not the answer.
    async fn drain(&mut self) {
        while let Ok(Some(_)) = self.next_chunk().await {}
    }
}

fn cut_short() -> Refused {
    Refused::new(ProblemCode::Malformed, "the request ends in the middle of a frame")
}

fn out_of_place() -> Refused {
    Refused::new(ProblemCode::Malformed, "a frame where none of its kind may be")
}

/// The frames as they come; a response that is short enough to be known whole has its length in its head.
async fn respond(asker: Asker, mut session: Session) -> Response<Body> {
    let mut begun = Vec::new();
    let mut status = StatusCode::OK;
    let mut ended = false;
    while begun.len() < WHOLE_BYTES_MAX && !ended {
        match session.next_frame().await {
            Some(Frame::Problem(problem)) if begun.is_empty() => {
                status = problem::status(problem.code);
                begun = Frame::Problem(problem).encode();
            }
            Some(frame) => begun.extend(frame.encode()),
            None => ended = true,
        }
    }
    if begun.is_empty() {
        return Refused::new(ProblemCode::Storage, "the exchange ended without an answer").respond(&asker.app);
    }
    asker.sent(begun.len());
    let body = if ended { Body::from(begun) } else { Body::from_stream(stream(asker, begun, session)) };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    response
}

fn stream(asker: Asker, begun: Vec<u8>, session: Session) -> impl futures_util::Stream<Item = Result<Bytes, Stopped>> {
    let span = tracing::Span::current();
    let (line, pause_time) = (Arc::clone(&asker.caller.line), asker.app.limits.pace_out.pause_time);
    // Between two pieces the phone is waited for, and its place is for whoever needs it.
    line.wait_for(Way::Next, pause_time, pause_time);
    let rest = futures_util::stream::unfold(session, move |mut session| {
        let line = Arc::clone(&line);
        let next = async move {
            line.go_on(Way::Next);
            if line.is_evicted() {
                return Some((Err(Stopped::Evicted), session));
            }
            let bytes = session.next_frame().await?.encode();
            line.wait_for(Way::Next, pause_time, pause_time);
            Some((Ok(Bytes::from(bytes)), session))
        };
        next.instrument(span.clone())
    });
    let rest = rest.inspect(move |bytes| asker.sent(bytes.as_ref().map_or(0, Bytes::len)));
    futures_util::stream::once(std::future::ready(Ok(Bytes::from(begun)))).chain(rest)
}

#[cfg(test)]
mod tests {
    use kith_shared::wire::Frame;

    use std::time::Duration;

    use super::super::testing::{Phone, Server};
    use super::*;
    use crate::config::Limits;
    use crate::line::Line;
    use crate::store::StoreError;

    #[tokio::test]
    async fn what_one_phone_sends_is_acknowledged_and_another_gets_it() {
        let server = Server::new().await;
        let (mut ana, mut ben) = (server.enrolled(1).await, server.enrolled(2).await);
        let page = ana.message("The bus was late, but I came.");
        let (status, frames) = server.sync(ana.request(&[page])).await;
        assert_eq!(status, 200);
        let Frame::Answer(answer) = &frames[0] else { panic!("{frames:?}") };
        assert_eq!(answer.circles[0].acks[0].chains[0].seq, 1);
        assert_eq!(answer.circles[0].refused, []);
        let (_, frames) = server.sync(ben.request(&[])).await;
        assert!(matches!(frames.as_slice(), [Frame::Answer(_), Frame::Page(_), Frame::End { more: false }]));
        ben.take(&frames);
        let (_, frames) = server.sync(ben.request(&[])).await;
        assert!(matches!(frames.as_slice(), [Frame::Answer(_), Frame::End { more: false }]), "{frames:?}");
        assert_eq!(server.app.metrics.entries.get(), 1);
    }

    #[tokio::test]
    async fn asking_whether_there_is_anything_new_costs_at_most_300_bytes() {
        let server = Server::new().await;
        let (mut ana, _ben) = (server.enrolled(1).await, server.enrolled(2).await);
        let (_, frames) = server.sync(ana.request(&[])).await;
        ana.take(&frames);
        let request = ana.request(&[]);
        assert!(request.len() <= 300, "{} bytes", request.len());
        let response = server.send(server.sync_request(request)).await;
        let added_by_hyper = "HTTP/1.1 200 OK\r\n\r\ncontent-length: 100\r\ndate: Mon, 23 Nov 2026 23:33:10 GMT\r\n";
        let lines = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
        let head = added_by_hyper.len() + lines.sum::<usize>();
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap().len();
        assert!(head + body <= 300, "head {head} bytes, body {body}");
    }

    #[tokio::test]
    async fn a_cut_keeps_every_page_that_arrived_whole() {
        let server = Server::new().await;
        let (mut ana, ben) = (server.enrolled(1).await, server.enrolled(2).await);
        let pages = [ana.message("one"), ana.message("two"), ana.message("three")];
        let whole = ana.request(&pages);
        let cut = whole.len() - pages[2].len() / 2;
        let (status, frames) = server.sync(whole[..cut].to_vec()).await;
        assert_eq!(status, 400);
        assert!(matches!(&frames[0], Frame::Problem(problem) if problem.code == ProblemCode::Malformed));
        let (_, frames) = server.sync(ben.request(&[])).await;
        assert_eq!(Phone::entries(&frames), 2);
        let (status, frames) = server.sync(whole).await;
        assert_eq!(status, 200, "sending all of it again is no error");
        let Frame::Answer(answer) = &frames[0] else { panic!("{frames:?}") };
        assert_eq!(answer.circles[0].acks[0].chains[0].seq, 3);
        let (_, frames) = server.sync(ben.request(&[])).await;
        assert_eq!(Phone::entries(&frames), 3, "each once");
    }

    #[tokio::test]
    async fn bad_requests_are_named_and_counted() {
        let server = Server::new().await;
        let ana = server.enrolled(1).await;
        let stranger = Phone::new(9, ana.circle, server.now());
        let mut forged = ana.request(&[]);
        let at = forged.len() - 1;
        forged[at] ^= 1;
        let late = Phone { now: server.now().plus_ms(6 * 60_000), ..ana.clone() };
        for (body, expected) in [
            (b"<html>".to_vec(), ProblemCode::Malformed),
            (Vec::new(), ProblemCode::Malformed),
            (Frame::End { more: false }.encode(), ProblemCode::Malformed),
            (Frame::Page(vec![0; 10]).encode(), ProblemCode::Malformed),
            (ana.request(&[Frame::Page(b"no page".to_vec()).encode()]), ProblemCode::Malformed),
            (vec![1, 0xff, 0xff, 0xff, 0xff, 0x7f], ProblemCode::TooLarge),
            (stranger.request(&[]), ProblemCode::UnknownDevice),
            (forged, ProblemCode::Signature),
            (late.request(&[]), ProblemCode::Clock),
        ] {
            let (status, frames) = server.sync(body).await;
            let [Frame::Problem(problem)] = frames.as_slice() else { panic!("{frames:?}") };
            assert_eq!(problem.code, expected, "{}", problem.detail);
            assert_eq!(status, problem::status(expected));
            assert_eq!(problem.time, server.now());
        }
        assert!(server.app.metrics.text().contains("kith_problems_total{kind=\"clock\"} 1"));
    }

    #[tokio::test]
    async fn a_refused_entry_is_counted_by_name() {
        let server = Server::new().await;
        let mut ana = server.enrolled(1).await;
        let (_, second) = (ana.message("one"), ana.message("two"));
        let (status, frames) = server.sync(ana.request(&[second])).await;
        assert_eq!(status, 200);
        let Frame::Answer(answer) = &frames[0] else { panic!("{frames:?}") };
        assert_eq!(answer.circles[0].refused[0].refusal, kith_shared::gate::Refusal::SeqGap);
        assert!(server.app.metrics.text().contains("kith_refusals_total{kind=\"seq_gap\"} 1"));
    }

    #[tokio::test]
    async fn what_is_too_large_or_of_another_type_is_refused_before_it_is_read() {
        let server = Server::new().await;
        let huge = vec![2; server.app.limits.request_bytes_max + 1];
        assert_eq!(server.sync(huge).await.0, 413);
        let mut request = server.sync_request(Vec::new());
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        assert_eq!(server.send(request).await.status(), 400);
    }

    #[tokio::test]
    async fn a_busy_server_says_when_to_come_back() {
        let server = Server::new().await;
        let ana = server.enrolled(1).await;
        let line = Line::new(Arc::clone(&server.app.clock));
        let devices = (0..server.app.limits.requests_max).map(|at| DeviceId([u8::try_from(at).unwrap(); 32]));
        let enter = |device| server.app.requests.enter(device, Some(device), &line);
        let held: Option<Vec<_>> = devices.map(enter).collect();
        assert!(held.is_some(), "all are being worked for");
        let response = server.send(server.sync_request(ana.request(&[]))).await;
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()[header::RETRY_AFTER], "5");
        line.wait_for(Way::In, Duration::from_secs(1), Duration::from_secs(1));
        assert_eq!(server.sync(ana.request(&[])).await.0, 200, "whoever waits gives way");
    }

    #[tokio::test]
    async fn whoever_does_not_read_keeps_nobody_elses_place() {
        let server = Server::with_limits(Limits { requests_max: 4, ..Limits::default() }).await;
        let (ana, ben) = server.with_much_to_read().await;
        let mut deaf = Vec::new();
        for _ in 0..8 {
            let response = server.send(server.sync_request(ben.request(&[]))).await;
            assert_eq!(response.status(), 200);
            deaf.push(response);
        }
        assert_eq!(server.app.requests.count(), server.app.limits.device_places_max, "no more than a device's share");
        for seed in 3..9 {
            let other = server.enrolled(seed).await;
            deaf.push(server.send(server.sync_request(other.request(&[]))).await);
        }
        assert_eq!(server.app.requests.count(), 4);
        assert_eq!(server.sync(ana.request(&[])).await.0, 200, "and others are answered");
        let first = axum::body::to_bytes(deaf.remove(0).into_body(), 1 << 20).await;
        assert!(first.is_err(), "an answer whose place is gone breaks off, and does not seem whole");
        let last = axum::body::to_bytes(deaf.pop().unwrap().into_body(), 1 << 20).await;
        assert!(last.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_stops_coming_is_told_so_and_holds_no_place_meanwhile() {
        let server = Server::with_limits(Limits { requests_max: 1, ..Limits::default() }).await;
        let ana = server.enrolled(1).await;
        let sends = |bytes: Vec<u8>| {
            let begun = futures_util::stream::once(std::future::ready(Ok::<_, std::convert::Infallible>(bytes)));
            let never_ends = Body::from_stream(begun.chain(futures_util::stream::pending()));
            let request = server.sync_request(Vec::new()).map(|_| never_ends);
            let (router, app) = (&server, &server.app);
            async move { (router.send(request).await.status(), app.requests.count()) }
        };
        let whole = ana.request(&[]);
        let (some, honest) = tokio::join!(sends(whole[..5].to_vec()), server.sync(ana.request(&[])));
        assert_eq!((some.0.as_u16(), honest.0.as_u16()), (503, 200));
        assert_eq!(sends(whole).await, (StatusCode::SERVICE_UNAVAILABLE, 0));
    }

    #[tokio::test]
    async fn a_store_that_fails_acknowledges_nothing_and_is_counted() {
        let server = Server::new().await;
        let mut ana = server.enrolled(1).await;
        let page = ana.message("one");
        server.faults.fail_commits(StoreError::Full { available_bytes: 1, reserve_bytes: 2 });
        let (status, frames) = server.sync(ana.request(std::slice::from_ref(&page))).await;
        assert_eq!(status, 503);
        assert!(matches!(frames.as_slice(), [Frame::Problem(problem)] if problem.code == ProblemCode::Storage));
        let cause = "its checksum does not fit";
        let tree = kith_shared::storage::Tree::Circles;
        server.faults.fail_reads(StoreError::Corrupt { tree, key: vec![1], cause });
        assert_eq!(server.sync(ana.request(&[])).await.0, 503);
        let text = server.app.metrics.text();
        assert!(text.contains("kith_storage_errors_total{kind=\"full\"} 1"), "{text}");
        assert!(text.contains("kith_corrupt_records_total 1"));
        server.faults.mend();
        let (status, frames) = server.sync(ana.request(&[page])).await;
        assert_eq!((status.as_u16(), Phone::refused(&frames)), (200, 0), "nothing was lost");
    }

    #[tokio::test]
    async fn a_server_that_stops_takes_nothing_new() {
        let server = Server::new().await;
        let ana = server.enrolled(1).await;
        server.closing.send_replace(true);
        let (status, frames) = server.sync(ana.request(&[])).await;
        assert_eq!(status, 503);
        assert!(matches!(frames.as_slice(), [Frame::Problem(problem)] if problem.code == ProblemCode::Busy));
    }
}
