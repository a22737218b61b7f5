//! Circles: made and listed.

use kith_shared::ids::CircleId;
use kith_shared::storage::{CommitOutcome, Read, ReadResult, Tree};
use kith_shared::sync::CircleRecord;
use kith_shared::sync::statements::{CircleChain, HubKeys};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{Draft, Found, Founder, Knows, Signed, Signer, SigningSecret, Statement, StatementBody};

use crate::audit;
use crate::store::{Store, StoreError};

use super::AdminError;
use super::chain::load;

/// Circles that are read at once.
const ROWS: usize = 1_000;

/// The root's statement that founds a circle; `salt` is random.
#[must_use]
pub fn found(
    keys: &HubKeys,
    root: &SigningSecret,
    salt: [u8; 16],
    founder: Option<Founder>,
    time: TimestampMs,
) -> (CircleId, Signed<Statement>) {
    let body = StatementBody::Found(Found { root: keys.root, server: keys.server_key(), salt, founder });
    let draft = Draft { circle: CircleId([0; 16]), number: 0, knows: Knows::NOTHING, time, body };
    let statement = draft.sign(Signer::Root(root));
    (Statement::circle_of(&statement.id()), statement)
}

/// Founds a circle with nobody in it.
///
/// # Errors
/// What the store says.
pub async fn create(
    store: &dyn Store,
    keys: &HubKeys,
    root: &SigningSecret,
    label: &str,
    salt: [u8; 16],
    now: TimestampMs,
) -> Result<CircleId, AdminError> {
    let (circle, statement) = found(keys, root, salt, None, now);
    let mut chain = load(store, circle).await?;
    chain.admit(statement, Vec::new(), keys, now)?;
    commit_founded(store, chain, label, now).await?;
    Ok(circle)
}

/// Keeps a circle that was founded in `chain`, under a name that the server knows it by.
///
/// # Errors
/// [`AdminError::Busy`] when the circle is there already; what the store says.
pub async fn commit_founded(
    store: &dyn Store,
    mut chain: CircleChain,
    label: &str,
    now: TimestampMs,
) -> Result<(), AdminError> {
    chain.set_label(label);
    match audit::commit(store, chain.batch().0, now).await? {
        CommitOutcome::Committed => Ok(()),
        CommitOutcome::Conflict => Err(AdminError::Busy),
    }
}

/// All circles.
///
/// # Errors
/// What the store says; a record that does not decode is [`StoreError::Corrupt`].
pub async fn list(store: &dyn Store) -> Result<Vec<(CircleId, CircleRecord)>, StoreError> {
    let mut circles = Vec::new();
    let mut from = Vec::new();
    loop {
        let read = Read::Range {
            tree: Tree::Circles,
            from,
            to: Vec::new(),
            rows_max: ROWS,
            bytes_max: usize::MAX,
            reverse: false,
        };
        let rows = store.read(vec![read]).await?.into_iter().next().map(ReadResult::rows).unwrap_or_default();
        let Some((last, _)) = rows.last() else { return Ok(circles) };
        from = [last.as_slice(), &[0]].concat();
        for (key, value) in rows {
            let decoded = CircleId::from_slice(&key).zip(CircleRecord::decode(&value).ok());
            let cause = "a circle's record does not decode";
            circles.push(decoded.ok_or(StoreError::Corrupt { tree: Tree::Circles, key, cause })?);
        }
    }
}
