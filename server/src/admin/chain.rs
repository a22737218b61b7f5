//! A circle's chain, as the operator's commands read and add to it.

use kith_shared::ids::{CircleId, MemberId};
use kith_shared::storage::CommitOutcome;
use kith_shared::sync::statements::{CircleChain, reads};
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
    /// The system gave no randomness: see [`NoEntropy`].
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// No such circle.
    #[error("there is no circle {0}: `kith-server circle list` shows those there are")]
    NoCircle(CircleId),
    /// The statement.
    #[error("{0}")]
    Statement(#[from] StatementProblem),
    /// Whom the circle never heard of.
    #[error("nobody in the circle has the id {0}: `kith-server circle people` shows those there are")]
    NoMember(MemberId),
    /// Whoever is to be brought back is in.
    #[error("the member {0} is in the circle, and does not wait: there is nothing to bring back")]
    NotOut(MemberId),
    /// Somebody else was always faster.
    #[error("the circle is busy: run this again")]
    Busy,
}

/// Reads a circle's chain.
///
/// # Errors
/// What the store says; a record that does not decode, or is not the one that was admitted, is
/// [`StoreError::Damaged`].
pub async fn load(store: &dyn Store, circle: CircleId) -> Result<CircleChain, StoreError> {
    CircleChain::load(circle, store.read(reads(&circle)).await?).map_err(|error| {
        let cause = format!("a record of the circle {circle} is not what was admitted: {error}");
        StoreError::Damaged { cause }
    })
}

/// Reads the chain of a circle that is there.
///
/// # Errors
/// As [`load`]; [`AdminError::NoCircle`].
pub async fn existing(store: &dyn Store, circle: CircleId) -> Result<CircleChain, AdminError> {
    let chain = load(store, circle).await?;
    if chain.stored().is_some() { Ok(chain) } else { Err(AdminError::NoCircle(circle)) }
}

/// Admits to a circle's chain what `say` says, and commits it with all that follows and its record at `now`.
///
/// # Errors
/// As [`existing`]; what `say` says.
pub async fn edit<T>(
    store: &dyn Store,
    circle: CircleId,
    now: TimestampMs,
    mut say: impl FnMut(&mut CircleChain) -> Result<T, AdminError>,
) -> Result<T, AdminError> {
    for _ in 0..CONFLICTS_MAX {
        let mut chain = existing(store, circle).await?;
        let said = say(&mut chain)?;
        if !chain.has_news() || audit::commit(store, chain.batch().0, now).await? == CommitOutcome::Committed {
            return Ok(said);
        }
    }
    Err(AdminError::Busy)
}
