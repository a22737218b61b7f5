//! A circle's statements, as the operator's commands read and add to them.

use kith_shared::ids::CircleId;
use kith_shared::storage::CommitOutcome;
use kith_shared::sync::statements::{CircleLog, reads, split};
use kith_shared::time::TimestampMs;
use kith_shared::trust::StatementProblem;

use crate::audit;
use crate::entropy::NoEntropy;
use crate::keys::KeyError;
use crate::store::{Store, StoreError};

/// How often a command is decided anew when somebody else was faster.
const CONFLICTS_MAX: usize = 16;

/// Why an operator's command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operator's keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Randomness.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// No such circle.
    #[error("there is no circle {0}: `kith-server circle list` shows those there are")]
    NoCircle(CircleId),
    /// The statement.
    #[error("{0}")]
    Statement(#[from] StatementProblem),
    /// Somebody else was always faster.
    #[error("the circle is busy: run this again")]
    Busy,
}

/// Reads a circle's statements.
///
/// # Errors
/// What the store says; a statement that does not decode is [`StoreError::Damaged`].
pub async fn load(store: &dyn Store, circle: CircleId) -> Result<CircleLog, StoreError> {
    let (record, rows) = split(store.read(reads(&circle)).await?);
    CircleLog::load(circle, record, &rows).map_err(|error| {
        let cause = format!("a statement of the circle {circle} does not decode: {error}");
        StoreError::Damaged { cause }
    })
}

/// Reads the statements of a circle that is there.
///
/// # Errors
/// As [`load`]; [`AdminError::NoCircle`].
pub async fn existing(store: &dyn Store, circle: CircleId) -> Result<CircleLog, AdminError> {
    let log = load(store, circle).await?;
    if log.stored().is_some() { Ok(log) } else { Err(AdminError::NoCircle(circle)) }
}

/// Adds to a circle's statements what `say` adds, and commits it with all that follows and its record at `now`.
///
/// # Errors
/// As [`existing`]; what `say` says.
pub async fn edit<T>(
    store: &dyn Store,
    circle: CircleId,
    now: TimestampMs,
    mut say: impl FnMut(&mut CircleLog) -> Result<T, AdminError>,
) -> Result<T, AdminError> {
    for _ in 0..CONFLICTS_MAX {
        let mut log = existing(store, circle).await?;
        let said = say(&mut log)?;
        if !log.has_news() || audit::commit(store, log.batch().0, now).await? == CommitOutcome::Committed {
            return Ok(said);
        }
    }
    Err(AdminError::Busy)
}
