//! Circles: made and listed.

use kith_shared::ids::CircleId;
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Tree};
use kith_shared::sync::CircleRecord;

use crate::store::{Store, StoreError};

/// Circles that are read at once.
const ROWS: usize = 1_000;

/// Makes a circle. False when there is one of that id already.
///
/// # Errors
/// What the store says.
pub async fn create(store: &dyn Store, circle: CircleId, label: &str) -> Result<bool, StoreError> {
    let record = CircleRecord { label: label.to_owned(), ..CircleRecord::default() };
    let mut batch = Batch::default();
    batch.expect(Tree::Circles, circle.as_bytes(), None);
    batch.put(Tree::Circles, circle.as_bytes(), record.encode());
    Ok(store.commit(batch).await? == CommitOutcome::Committed)
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
