//! Many phones and a hub in one process, with a bad network between them, from one seed: the real engine and
//! the real hub, no socket, clock or thread. After the chaos everything syncs; then every phone must show the
//! same, and everything that any phone acknowledged must be there once.

mod calm;
mod clocks;
mod deed;
mod earlier;
mod harsh;
mod judge;
mod learn;
mod life;
mod live;
mod network;
mod put_back;
mod strategies;
mod verdict;
mod world;

pub use clocks::{CLOCK_REGRESSIONS, play_clocks};
pub use life::LifeCounts;
pub use strategies::StrategyCounts;
pub use verdict::Failure;
pub use world::{Report, SimOptions};

use crate::seed::Seed;
use world::World;

/// Seeds that once failed, kept for ever.
pub const REGRESSIONS: &[u64] = &[];
/// Seeds that once failed where phones are put back, before there were strategies.
pub const PUT_BACK_REGRESSIONS: &[u64] =
    &[0, 87, 97, 131, 193, 216, 254, 507, 685, 718, 772, 872, 919, 926, 1_099, 1_184];

/// Seeds that once failed where such phones are killed and their stores refuse, too.
pub const HARSH_REGRESSIONS: &[u64] = &[193];

/// Plays one seed.
///
/// # Errors
/// What did not hold, with the last lines of the trace.
pub fn play(seed: u64, options: &SimOptions) -> Result<Report, Failure> {
    let mut world = World::new(Seed::new(seed), options)?;
    world.chaos()?;
    world.calm()?;
    world.judge()
}
