//! Where the circle is at home: a hub in memory, or a real server over a directory, at a clock that is moved.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kith_server::admin::invite::{InviteTerms, Issuer};
use kith_server::admin::{circle, invite};
use kith_server::clock::Clock;
use kith_server::config::{Config, Settings};
use kith_server::organisation;
use kith_server::rate::{Allowance, RateLimits};
use kith_server::serve::Server;
use kith_shared::client::link_text;
use kith_shared::time::TimestampMs;
use kith_shared::trust::{InviteSecret, Role};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::super::{BenchError, CIRCLE_SALT};
use crate::hub::{Hub, ORIGIN};
use crate::phone::{HttpLink, Link};
use crate::seed::Seed;
use crate::tape::{Bodies, Tape};

/// How long the links are good for.
const LINK_MS: u64 = 2 * 365 * 86_400_000;
const NAME: &str = "Tuesday circle";
/// More than a year of one address brings.
const YEAR_COUNT: u64 = 10_000_000;
const YEAR_BYTES: u64 = 1024 * 1024 * 1024 * 1024;

/// What phones come to.
pub(super) trait Home {
    /// Scheme, host and port.
    fn origin(&self) -> &str;

    /// A facilitator's link to the circle.
    fn link(&self) -> &str;

    /// A way there. What it carries is kept in `bodies`, where that is possible.
    fn way(&self, bodies: &Bodies) -> Box<dyn Link>;

    /// Moves its clock on; never back.
    fn be_at(&self, now: TimestampMs);
}

/// In memory.
pub(super) struct HubHome {
    pub(super) hub: Rc<RefCell<Hub>>,
    link: String,
}

impl HubHome {
    /// One whose clock stands at a time before all that is written.
    pub(super) fn new(now: TimestampMs) -> Self {
        let mut hub = Hub::new(now);
        let circle = hub.add_circle(CIRCLE_SALT);
        let link = hub.invite(&circle, Role::Facilitator, 1);
        Self { hub: Rc::new(RefCell::new(hub)), link }
    }
}

impl Home for HubHome {
    fn origin(&self) -> &str {
        ORIGIN
    }

    fn link(&self) -> &str {
        &self.link
    }

    fn way(&self, bodies: &Bodies) -> Box<dyn Link> {
        Box::new(Tape { hub: Rc::clone(&self.hub), bodies: Rc::clone(bodies) })
    }

    fn be_at(&self, now: TimestampMs) {
        let mut hub = self.hub.borrow_mut();
        hub.now = hub.now.max(now);
    }
}

/// A clock that is moved on.
#[derive(Debug)]
struct MovedClock(AtomicU64);

impl Clock for MovedClock {
    fn now(&self) -> TimestampMs {
        TimestampMs(self.0.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.now().0)
    }
}

/// The real server, over a directory.
pub(super) struct ServerHome {
    runtime: Runtime,
    origin: String,
    link: String,
    clock: Arc<MovedClock>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl ServerHome {
    /// Founds a circle in a new directory, and listens on loopback.
    pub(super) fn start(data: &Path, seed: u64, now: TimestampMs) -> Result<Self, BenchError> {
        let runtime = Runtime::new()?;
        let clock = Arc::new(MovedClock(AtomicU64::new(now.0)));
        let settings = Settings {
            data: Some(data.to_owned()),
            listen: Some("127.0.0.1:0".to_owned()),
            metrics_listen: Some("off".to_owned()),
            ..Settings::default()
        };
        let mut config = Config::check(settings).map_err(failed)?;
        config.limits.rate = unhurried();
        let at: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
        let (server, link) = runtime.block_on(async {
            let server = Server::start_at(&config, at).await.map_err(failed)?;
            let link = found(&server, seed, now).await?;
            Ok::<_, BenchError>((server, link))
        })?;
        let origin = server.origin().to_owned();
        let (stop, stopped) = oneshot::channel();
        let running = runtime.spawn(server.run(async {
            // Whoever is gone wants it to stop, too.
            let _ = stopped.await;
        }));
        Ok(Self { runtime, origin, link, clock, stop, running })
    }

    /// Stops it, and leaves all on the disk.
    pub(super) fn stop(self) -> Result<(), BenchError> {
        // It may have stopped by itself.
        let _ = self.stop.send(());
        self.runtime.block_on(self.running).map_err(failed)
    }
}

impl Home for ServerHome {
    fn origin(&self) -> &str {
        &self.origin
    }

    fn link(&self) -> &str {
        &self.link
    }

    fn way(&self, _: &Bodies) -> Box<dyn Link> {
        Box::new(HttpLink::default())
    }

    fn be_at(&self, now: TimestampMs) {
        self.clock.0.fetch_max(now.0, Ordering::SeqCst);
    }
}

/// Founds a circle, and makes a link for whoever leads it.
async fn found(server: &Server, seed: u64, now: TimestampMs) -> Result<String, BenchError> {
    let app = server.app();
    let root = organisation::root(server.operator()).map_err(failed)?;
    let mut seed = Seed::new(seed);
    let mut draw = || seed.bytes_32().first_chunk().copied().unwrap_or_default();
    let created = circle::create(app.store.as_ref(), &app.keys, &root, NAME, draw(), now);
    let circle = created.await.map_err(failed)?;
    let secret = InviteSecret(draw());
    let terms = InviteTerms { role: Role::Facilitator, uses: 1, expires: now.plus_ms(LINK_MS) };
    let issuer = Issuer::root(&root);
    let invited = invite::create(app.store.as_ref(), &app.keys, &issuer, circle, &secret, terms, now);
    invited.await.map_err(failed)?;
    let commission = invite::commission(&root, &secret, now);
    Ok(link_text(server.origin(), &secret, &circle, NAME, Some(&commission)))
}

/// A year comes at once.
fn unhurried() -> RateLimits {
    let (count, bytes) = (Allowance::per_minute(YEAR_COUNT), Allowance::per_hour(YEAR_BYTES));
    RateLimits {
        device_requests: count,
        device_entries: count,
        prefix_requests: count,
        prefix_entries: count,
        prefix_enrolments: count,
        device_bytes: bytes,
        device_bytes_long: bytes,
        prefix_bytes: bytes,
        ..RateLimits::default()
    }
}

fn failed(error: impl core::fmt::Display) -> BenchError {
    BenchError::Wrong(error.to_string())
}
