use std::sync::Arc;

use kith_shared::ids::{CircleId, PageMark};
use kith_shared::sync::statements::HubKeys;
use kith_shared::time::TimestampMs;
use kith_shared::trust::DeviceSecret;
use kith_shared::wire::{CircleAsk, Entry, Frame, PAGES_MAX, RequestHeader, pack_page};
use tokio::sync::watch;

use crate::app::{App, Parts};
use crate::clock::{Clock, FixedClock};
use crate::config::Limits;
use crate::line::Line;
use crate::merge::MergeQueue;
use crate::metrics::Metrics;
use crate::rate::Party;
use crate::routes::exchange::Session;
use crate::store::Store;

use super::DemoError;
use super::people::Group;

/// Most entries that one page is tried with.
const PAGE_TRY_MAX: usize = 256;

/// Brings entries to the server as a facilitator's phone would.
pub(super) struct Post {
    app: Arc<App>,
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
        Ok(Self { app: app(store, keys, now), circle: group.circle, facilitator, now })
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
        let mut session = Session::new(
            Arc::clone(&self.app),
            Party::Device(self.facilitator.id()),
            Line::new(Arc::clone(&self.app.clock)),
        );
        session.begin(RequestHeader::sign(&self.facilitator, self.now, 1, vec![ask], marks)).await;
        for page in pages {
            session.page(page.clone()).await;
        }
        session.end().await;
        match session.next_frame().await {
            Some(Frame::Answer(answer)) if answer.circles.iter().all(|circle| circle.refused.is_empty()) => Ok(()),
            answer => {
                tracing::error!(?answer, "the demo circle was refused");
                Err(DemoError::Refused)
            }
        }
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
        limits: Limits::default(),
        assets: None,
        is_https: false,
        closing: watch::Sender::new(false).subscribe(),
    })
}
