use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use kith_server::app::{App, Parts};
use kith_server::clock::{Clock, FixedClock};
use kith_server::config::Limits;
use kith_server::merge::MergeQueue;
use kith_server::metrics::Metrics;
use kith_server::rate::{Allowance, RateLimits};
use kith_server::routes::{self, Routes, router};
use kith_server::store::Store;
use kith_shared::ids::{CircleId, PageMark};
use kith_shared::sync::statements::HubKeys;
use kith_shared::time::TimestampMs;
use kith_shared::trust::DeviceSecret;
use kith_shared::wire::{CircleAsk, Entry, Frame, FrameDecoder, PAGES_MAX, RequestHeader, pack_page};
use tokio::sync::watch;
use tower::ServiceExt as _;

use super::DemoError;
use super::people::Group;

/// Most entries that one page is tried with.
const PAGE_TRY_MAX: usize = 256;
/// What the facilitator's phone asks for in answer, in bytes: nothing but what was taken.
const ANSWER_BYTES: u32 = 1;
/// More than any demo circle has: ten years of it are a hundred thousand entries.
const YEARS_OF_ENTRIES: u64 = 1_000_000;
const YEARS_OF_BYTES: u64 = 16 * 1024 * 1024 * 1024;
/// Largest answer to that, in bytes.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// Brings entries to the server as a facilitator's phone would.
pub(super) struct Post {
    routes: Routes,
    circle: CircleId,
    facilitator: DeviceSecret,
    now: TimestampMs,
}

impl Post {
    /// Stands at the door of a circle.
    pub(super) fn new(
        store: &Arc<dyn Store>,
        keys: &Arc<HubKeys>,
        group: &Group,
        now: TimestampMs,
    ) -> Result<Self, DemoError> {
        let facilitator = group.devices.first().cloned().ok_or(DemoError::Refused)?;
        Ok(Self { routes: router(app(store, keys, now)), circle: group.circle, facilitator, now })
    }

    /// Sends entries in one exchange, page by page, and demands that all were taken.
    pub(super) async fn send(&self, entries: Vec<Entry>) -> Result<(), DemoError> {
        let ask = CircleAsk::of(self.circle);
        let mut pages = Vec::new();
        let mut rest = entries.as_slice();
        while !rest.is_empty() {
            let (page, taken) = pack_page(&self.circle, &[], &rest[..rest.len().min(PAGE_TRY_MAX)]);
            if taken == 0 {
                return Err(DemoError::Refused);
            }
            pages.push(page);
            rest = &rest[taken..];
        }
        for pages in pages.chunks(PAGES_MAX) {
            self.send_pages(ask.clone(), pages).await?;
        }
        Ok(())
    }

    async fn send_pages(&self, ask: CircleAsk, pages: &[Vec<u8>]) -> Result<(), DemoError> {
        let marks = pages.iter().map(|page| PageMark::of(page)).collect();
        let header = RequestHeader::sign(&self.facilitator, self.now, ANSWER_BYTES, vec![ask], marks);
        let frames = [Frame::Request(header)].into_iter().chain(pages.iter().cloned().map(Frame::Page));
        let body: Vec<u8> = frames.flat_map(|frame| frame.encode()).collect();
        let request = Request::post("/v1/sync").header(CONTENT_TYPE, routes::CONTENT_TYPE).body(Body::from(body));
        let request = request.map_err(|_| DemoError::Refused)?;
        let Ok(answer) = self.routes.clone().oneshot(request).await;
        let body = to_bytes(answer.into_body(), ANSWER_BYTES_MAX).await.map_err(|_| DemoError::Refused)?;
        let mut decoder = FrameDecoder::default();
        decoder.feed(&body);
        match decoder.next_frame() {
            Ok(Some(Frame::Answer(answer))) if answer.circles.iter().all(|circle| circle.refused.is_empty()) => Ok(()),
            _ => Err(DemoError::Refused),
        }
    }
}

/// One phone brings years at once, at a clock that stands still, so that no allowance grows again meanwhile.
fn unhurried() -> RateLimits {
    let (count, bytes) = (Allowance::per_minute(YEARS_OF_ENTRIES), Allowance::per_hour(YEARS_OF_BYTES));
    RateLimits {
        device_requests: count,
        device_entries: count,
        prefix_requests: count,
        prefix_entries: count,
        device_bytes: bytes,
        device_bytes_long: bytes,
        prefix_bytes: bytes,
        ..RateLimits::default()
    }
}

fn app(store: &Arc<dyn Store>, keys: &Arc<HubKeys>, now: TimestampMs) -> Arc<App> {
    let metrics = Arc::new(Metrics::new());
    let (merges, _) = MergeQueue::new(Arc::clone(store), Arc::clone(&metrics));
    App::new(Parts {
        store: Arc::clone(store),
        keys: Arc::clone(keys),
        clock: Arc::new(FixedClock::new(now)) as Arc<dyn Clock>,
        metrics,
        merges,
        limits: Limits { rate: unhurried(), ..Limits::default() },
        assets: None,
        is_https: false,
        closing: watch::Sender::new(false).subscribe(),
    })
}
