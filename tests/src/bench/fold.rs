//! How long a chain takes to fold.

use kith_shared::ids::CircleId;
use kith_shared::trust::{Chain, Proof, Record, Statement};

use crate::clock::Stopwatch;

use super::BenchError;

/// Records of the chain that is folded.
pub(super) const RECORDS: u64 = 4_096;
/// How often a fold is timed.
const TRIES: usize = 5;

pub(super) fn wrong(what: impl core::fmt::Debug) -> BenchError {
    BenchError::Wrong(format!("{what:?}"))
}

pub(super) fn ms(watch: &Stopwatch) -> f64 {
    watch.elapsed().as_secs_f64() * 1_000.0
}

/// How long a chain takes to fold: the shortest of some times, since whatever else the machine does only adds to it.
pub(super) fn fold_ms(circle: CircleId, rows: &[(Record, Statement)], proof: Proof) -> Result<f64, BenchError> {
    let mut shortest = f64::INFINITY;
    for _ in 0..if proof == Proof::Check { 1 } else { TRIES } {
        let watch = Stopwatch::start();
        let mut chain = Chain::new(circle);
        for (record, statement) in rows {
            chain.take(*record, Some(statement), proof).map_err(wrong)?;
        }
        shortest = ms(&watch).min(shortest);
    }
    Ok(shortest)
}
