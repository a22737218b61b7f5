//! Honest phones that sync while others do their worst: the same circle on the same server, without them and with them
//! by turns, since the machine itself is now faster, now slower.

mod attack;
mod crowd;
mod honest;
mod scene;
mod wire;

use std::time::Duration;

use serde::Serialize;
use tokio::task::{JoinSet, block_in_place};
use tokio::time::{sleep, timeout};

use crate::clock::Stopwatch;
use crate::seed::Seed;
use crate::server::ServerError;

use crowd::{Crowd, Orders};
use honest::Honest;
use scene::Circle;

pub use attack::Sockets;
pub use crowd::attack_as_told;
pub use scene::Scene;

/// How long the server gets to be rid of those who went, before it is measured in peace.
const PEACE: Duration = Duration::from_secs(2);
/// How often somebody writes.
const WRITE_EVERY: Duration = Duration::from_secs(1);
/// How much slower the slowest of a hundred syncs may be with attackers.
pub const RATIO_MAX: f64 = 4.0;
/// How many errors are told in words.
const ERRORS_MAX: usize = 10;

/// What to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadOptions {
    /// Honest phones.
    pub phones: usize,
    /// Attackers' sockets, but for the village.
    pub sockets: usize,
    /// How long each part of a round is measured: without attackers, then with them.
    pub seconds: u64,
    /// How many rounds a scene has.
    pub rounds: usize,
    /// How often a phone syncs.
    pub every: Duration,
    /// The server's own bounds, when they are to be lower than they are.
    pub connections_max: Option<usize>,
    /// As [`Self::connections_max`].
    pub requests_max: Option<usize>,
    /// Chooses moments and keys.
    pub seed: u64,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            phones: 200,
            sockets: 4_096,
            seconds: 10,
            rounds: 3,
            every: Duration::from_secs(4),
            connections_max: None,
            requests_max: None,
            seed: 1,
        }
    }
}

/// How honest phones fared.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Fared {
    /// Syncs that ended well.
    pub syncs: usize,
    /// Syncs that did not.
    pub failed: usize,
    /// Writes that went well when they were tried once more: browsers do so too when the server closed a connection
    /// that they kept.
    pub retries: usize,
    /// Half of them took no longer, in milliseconds.
    pub p50_ms: f64,
    /// All but one in a hundred took no longer, in milliseconds.
    pub p99_ms: f64,
}

/// One round of a scene.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Round {
    /// Without attackers.
    pub calm: Fared,
    /// With them.
    pub hostile: Fared,
    /// What attackers did in that time.
    pub sockets: Sockets,
    /// Whether the server said that it is well while they did.
    pub ready: bool,
}

/// What came of one scene.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SceneReport {
    /// What the attackers did meanwhile.
    pub scene: Scene,
    /// One after the other.
    pub rounds: Vec<Round>,
    /// The first errors, also of writes that were tried once more, for people.
    pub errors: Vec<String>,
}

/// Why the run itself broke off.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The server.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// A phone, before anybody attacked.
    #[error("the circle could not be filled: {0}")]
    Wrong(String),
    /// The system.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Round {
    /// How much slower the slowest of a hundred syncs were with attackers.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.hostile.p99_ms / self.calm.p99_ms.max(0.001)
    }

    fn is_served(&self) -> bool {
        self.calm.failed + self.hostile.failed == 0 && self.hostile.syncs > 0 && self.ready
    }
}

impl SceneReport {
    /// The rounds' ratios: the middle one, of an even number the larger of the two. 0 without rounds.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        let mut ratios: Vec<f64> = self.rounds.iter().map(Round::ratio).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).copied().unwrap_or_default()
    }

    /// Whether no sync failed.
    #[must_use]
    pub fn is_served(&self) -> bool {
        !self.rounds.is_empty() && self.rounds.iter().all(Round::is_served)
    }

    /// Whether nobody waited much longer either.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.is_served() && self.ratio() <= RATIO_MAX
    }
}

/// Plays one scene on a server of its own.
///
/// # Errors
/// When the circle cannot be filled. A sync that fails is no error here: the report has it.
pub fn run(scene: Scene, options: &LoadOptions) -> Result<SceneReport, LoadError> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(play(scene, options, &folder.path().join("data")))
}

async fn play(scene: Scene, options: &LoadOptions, data: &std::path::Path) -> Result<SceneReport, LoadError> {
    let mut circle = Circle::found(scene, data, options).await?;
    let mut phones = std::mem::take(&mut circle.phones);
    let mut errors = Vec::new();
    for phone in &mut phones {
        // All that was there before is fetched before anything is measured.
        phone.sync().await.map_err(LoadError::Wrong)?;
    }
    let orders = Orders {
        scene,
        server: circle.address,
        circle: circle.circle.0,
        members: std::mem::take(&mut circle.members),
        sockets: scene.sockets(options),
    };
    let mut rounds = Vec::new();
    for _ in 0..options.rounds {
        let mut round = Round::default();
        (round.calm, phones) = measure(&mut circle, phones, options, &mut errors).await;
        let crowd = block_in_place(|| Crowd::gather(&orders))?;
        (round.hostile, phones) = measure(&mut circle, phones, options, &mut errors).await;
        round.ready = timeout(Duration::from_secs(5), is_ready(&phones)).await.unwrap_or(false);
        round.sockets = block_in_place(|| crowd.disperse())?;
        rounds.push(round);
        sleep(PEACE).await;
    }
    circle.server.kill()?;
    errors.truncate(ERRORS_MAX);
    Ok(SceneReport { scene, rounds, errors })
}

async fn is_ready(phones: &[Honest]) -> bool {
    let Some(phone) = phones.first() else { return false };
    // Its body is text: what matters is that there is an answer.
    let answer = phone.place.get("/readyz").await;
    answer.is_ok_and(|status| status == 200)
}

/// Lets all phones sync for so long, each at moments of its own, while one of them writes.
async fn measure(
    circle: &mut Circle,
    phones: Vec<Honest>,
    options: &LoadOptions,
    errors: &mut Vec<String>,
) -> (Fared, Vec<Honest>) {
    let mut running = JoinSet::new();
    let (every, time) = (options.every, Duration::from_secs(options.seconds));
    for (at, mut phone) in phones.into_iter().enumerate() {
        let mut seed = Seed::new(options.seed.wrapping_mul(1_000).wrapping_add(at as u64));
        running.spawn(async move {
            let (watch, mut took, mut failed) = (Stopwatch::start(), Vec::new(), Vec::new());
            sleep(every.mul_f64(seed.below(1_000) as f64 / 1_000.0)).await;
            while watch.elapsed() < time {
                match phone.sync().await {
                    Ok(time) => took.push(time),
                    Err(error) => failed.push(error),
                }
                sleep(every.mul_f64(0.5 + seed.below(1_000) as f64 / 1_000.0)).await;
            }
            (phone, took, failed)
        });
    }
    let (mut phones, mut took, mut failed, mut retries) = (Vec::new(), Vec::new(), 0, 0);
    let watch = Stopwatch::start();
    while watch.elapsed() < time {
        sleep(WRITE_EVERY).await;
        // The engine's link blocks its thread, on which nobody else may wait meanwhile.
        let Err(error) = block_in_place(|| circle.write()) else { continue };
        errors.push(error.to_string());
        match block_in_place(|| circle.write()) {
            Ok(()) => retries += 1,
            Err(error) => {
                failed += 1;
                errors.push(error.to_string());
            }
        }
    }
    for (phone, of_phone, errors_of_phone) in running.join_all().await {
        phones.push(phone);
        took.extend(of_phone);
        failed += errors_of_phone.len();
        errors.extend(errors_of_phone);
    }
    took.sort_unstable();
    let at = |part: f64| took.get(((took.len() as f64 - 1.0) * part) as usize).map_or(0.0, |time| time.as_secs_f64());
    let ms = |part| (at(part) * 1e5).round() / 1e2;
    (Fared { syncs: took.len(), failed, retries, p50_ms: ms(0.5), p99_ms: ms(0.99) }, phones)
}
