use std::sync::Arc;

use kith_shared::ids::{CircleId, InviteToken, PageMark};
use kith_shared::storage::CommitOutcome;
use kith_shared::sync::enrol;
use kith_shared::time::TimestampMs;
use kith_shared::trust::{DeviceSecret, EnrolRequest, Invite, Role};
use kith_shared::wire::{CircleAsk, Entry, Frame, PAGES_MAX, RequestHeader, pack_page};
use tokio::sync::watch;

use crate::admin::invite::{DAY_MS, InviteTerms};
use crate::admin::{circle, invite};
use crate::app::{App, Parts};
use crate::clock::{Clock, FixedClock};
use crate::config::Limits;
use crate::merge::MergeQueue;
use crate::metrics::Metrics;
use crate::routes::exchange::Session;
use crate::store::Store;

use super::random::Random;
use super::{DemoError, Members};

/// Most entries that one page is tried with.
const PAGE_TRY_MAX: usize = 256;

/// Brings entries to the server as a facilitator's phone would.
pub(super) struct Post {
    app: Arc<App>,
    circle: CircleId,
    facilitator: DeviceSecret,
    members: Members,
    now: TimestampMs,
}

impl Post {
    /// Makes the circle and enrols everybody, the first as facilitator.
    pub(super) async fn begin(
        store: &Arc<dyn Store>,
        circle: CircleId,
        label: &str,
        people: &[DeviceSecret],
        now: TimestampMs,
        random: &mut Random,
    ) -> Result<Self, DemoError> {
        circle::create(store.as_ref(), circle, label).await?;
        let mut members = Members::new();
        for (at, person) in people.iter().enumerate() {
            let role = if at == 0 { Role::Facilitator } else { Role::Member };
            let token = InviteToken(random.bytes());
            let terms = InviteTerms { role, uses: 1, expires: now.plus_ms(DAY_MS) };
            invite::create(store.as_ref(), circle, &token, terms).await?;
            let verified =
                EnrolRequest::sign(token, person, random.bytes()).verify().map_err(|_| DemoError::Refused)?;
            let mut found = store.read(enrol::reads(verified.token())).await?.into_iter();
            let bytes = found.next().and_then(|found| found.value()).ok_or(DemoError::Refused)?;
            let terms = Invite::decode(&bytes).map_err(|_| DemoError::Refused)?;
            let results = store.read(enrol::circle_reads(&terms, &verified)).await?;
            let (batch, entry) =
                enrol::decide(&verified, bytes, terms, results, now).map_err(|_| DemoError::Refused)?;
            if store.commit(batch).await? == CommitOutcome::Conflict {
                return Err(DemoError::Refused);
            }
            members.push(entry.member);
        }
        let facilitator = people.first().cloned().ok_or(DemoError::Refused)?;
        Ok(Self { app: app(store, now), circle, facilitator, members, now })
    }

    pub(super) fn members(&self) -> Members {
        self.members.clone()
    }

    /// Sends entries in one exchange, page by page, and demands that all were taken.
    pub(super) async fn send(&self, entries: Vec<Entry>) -> Result<(), DemoError> {
        let ask = CircleAsk {
            circle: self.circle,
            cursor: Vec::new(),
            roster_len: u32::try_from(self.members.len()).unwrap_or(u32::MAX),
            unsure: Vec::new(),
            clocks: Vec::new(),
            wanted: Vec::new(),
        };
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
        let mut session = Session::new(Arc::clone(&self.app), None);
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

fn app(store: &Arc<dyn Store>, now: TimestampMs) -> Arc<App> {
    let metrics = Arc::new(Metrics::new());
    let (merges, _) = MergeQueue::new(Arc::clone(store), Arc::clone(&metrics));
    App::new(Parts {
        store: Arc::clone(store),
        clock: Arc::new(FixedClock::new(now)) as Arc<dyn Clock>,
        metrics,
        merges,
        limits: Limits::default(),
        assets: None,
        is_https: false,
        closing: watch::Sender::new(false).subscribe(),
    })
}
