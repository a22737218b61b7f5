use kith_shared::storage::{Read, ReadResult, Tree};

use crate::store::{Store, StoreError};

use super::{Head, Record, head};

const ROWS: usize = 500;
const BYTES: usize = 1024 * 1024;

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The head that the records give, up to the first broken place.
    pub head: Head,
    /// The first broken place, and how it shows; `None` when all holds.
    pub broken: Option<String>,
}

/// Walks the chain from its beginning. With `expected`, a head that was noted earlier must lie on it.
///
/// # Errors
/// What the store says, but for a record that does not open: that is a broken place.
pub async fn verify(store: &dyn Store, expected: Option<&Head>) -> Result<Report, StoreError> {
    let mut reached = Head::default();
    let mut noted = expected.map(|expected| expected.count == 0 && *expected == reached);
    let mut broken = None;
    let mut take = |position, bytes: &[u8]| {
        broken = broken_at(&reached, position, bytes);
        if broken.is_none() {
            reached = Head { count: reached.count + 1, hash: Record::hash(bytes) };
            if expected.is_some_and(|expected| expected.count == reached.count) {
                noted = expected.map(|expected| *expected == reached);
            }
        }
        broken.is_none()
    };
    match each(store, &mut take).await {
        Err(error @ StoreError::Corrupt { tree: Tree::Audit, .. }) => broken = Some(error.to_string()),
        walked => walked?,
    }
    if broken.is_none() {
        let stored = head(store).await?;
        broken = match noted {
            _ if stored != reached => Some(format!("the log ends at {reached}, and its head says {stored}")),
            Some(false) => expected.map(|expected| {
                format!("the head {expected} that was noted does not lie on this log, which ends at {reached}")
            }),
            _ => None,
        };
    }
    Ok(Report { head: reached, broken })
}

fn broken_at(before: &Head, position: u64, bytes: &[u8]) -> Option<String> {
    if position != before.count {
        return Some(format!("record {} is missing", before.count));
    }
    match Record::decode(bytes) {
        Ok(record) if record.previous == before.hash => None,
        Ok(_) => Some(format!("record {position} does not follow the one before it: one of the two was changed")),
        Err(error) => Some(format!("record {position}: {error}")),
    }
}

/// Hands out every record's position and bytes, in order, until `take` wants no more.
///
/// # Errors
/// What the store says.
pub async fn each(store: &dyn Store, take: &mut (dyn FnMut(u64, &[u8]) -> bool + Send)) -> Result<(), StoreError> {
    let mut from = Vec::new();
    loop {
        let read =
            Read::Range { tree: Tree::Audit, from, to: Vec::new(), rows_max: ROWS, bytes_max: BYTES, reverse: false };
        let rows = store.read(vec![read]).await?.pop().map(ReadResult::rows).unwrap_or_default();
        let Some((last, _)) = rows.last() else { return Ok(()) };
        from = [last.as_slice(), &[0]].concat();
        for (key, bytes) in rows {
            let position = key.try_into().map_or(u64::MAX, u64::from_be_bytes);
            if !take(position, &bytes) {
                return Ok(());
            }
        }
    }
}
