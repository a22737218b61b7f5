//! How long a chain takes to fold.

use kith_shared::ids::CircleId;
use kith_shared::trust::{Chain, Record, Signed, Statement, Verified};

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

/// A record with its statement, as it comes.
pub(super) type Row = (Record, Signed<Statement>);

/// How long a chain takes to fold: the shortest of some times, since whatever else the machine does only adds to it.
pub(super) fn fold_ms(circle: CircleId, rows: &[Row]) -> Result<f64, BenchError> {
    let stored = |(record, statement): &Row| (*record, Verified::from_own_store(statement.clone()));
    let rows: Vec<(Record, Verified<Statement>)> = rows.iter().map(stored).collect();
    let mut shortest = f64::INFINITY;
    for _ in 0..TRIES {
        let watch = Stopwatch::start();
        let mut chain = Chain::new(circle);
        for (record, statement) in &rows {
            chain.take(*record, Some(statement)).map_err(wrong)?;
        }
        shortest = ms(&watch).min(shortest);
    }
    Ok(shortest)
}

/// The same with every signature checked, once.
pub(super) fn check_ms(circle: CircleId, rows: &[Row]) -> Result<f64, BenchError> {
    let rows = rows.to_vec();
    let watch = Stopwatch::start();
    let mut chain = Chain::new(circle);
    for (record, statement) in rows {
        let statement = chain.verify_record(&record, Some(statement)).map_err(wrong)?;
        chain.take(record, statement.as_ref()).map_err(wrong)?;
    }
    Ok(ms(&watch))
}
