//! A store whose values are sealed: each circle's rows under a data key of its own, the rest under the store's,
//! and those keys under the operator's, which is elsewhere. Above this layer nothing knows of it; below it
//! nothing can be read.
//!
//! Sealing is deterministic at each place, so that an expectation is compared as it is stored. Keys of rows are
//! ids and stand as they are: stores need their order.

mod erased;
mod key_row;
mod place;
mod rotate;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock};

use kith_shared::ids::CircleId;
use kith_shared::seal::AtRestKey;
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Row, Tree, take_rows};

use crate::entropy;
use crate::keys::{KeyError, Keys, OperatorKey, OperatorKeyId};

use super::{Store, StoreError, StoreFuture};

pub use key_row::SealedError;
use key_row::{DataKey, KeyRow};
pub use place::circle_of;
use place::is_plain;
pub use rotate::Scope;

/// Rows that are read at once when all are walked.
const ROWS: usize = 1_000;
const BYTES: usize = 1024 * 1024;

/// A store under seal.
pub struct Sealed<S> {
    store: S,
    ring: RwLock<Ring>,
    /// Held while a circle gets its key.
    making: tokio::sync::Mutex<()>,
    /// How often something was erased, by part.
    erased: [AtomicU64; 2],
}

/// The data keys, opened.
struct Ring {
    operator: OperatorKey,
    own: Arc<DataKey>,
    /// `None` for a circle that was shredded.
    circles: BTreeMap<CircleId, Option<Arc<DataKey>>>,
}

impl<S: Store> Sealed<S> {
    /// Puts the seal on a store: opens its data keys, or makes the store's own when the store is new.
    ///
    /// # Errors
    /// [`KeyError::Wrong`] before anything is written; what the store says.
    pub async fn open(store: S, keys: &Keys) -> Result<Self, SealedError> {
        let (mut own, mut circles) = (None, BTreeMap::new());
        let mut operator = keys.operators().first().ok_or_else(|| KeyError::Malformed { place: keys.place() })?.clone();
        for (key, value) in walk(&store, Tree::Keys, &[]).await? {
            let Some(owner) = key_row::owner(&key) else { continue };
            let row = KeyRow::decode(&value).map_err(|_| key_row::corrupt(&key, "it does not decode"))?;
            let data = DataKey::unwrap(&key, &row, keys)?.map(Arc::new);
            match owner {
                Some(circle) => drop(circles.insert(circle, data)),
                None => {
                    // New keys go where the store's own is: a rotation may be under way, or the old key named first.
                    operator = row.operator().map_or(Ok(operator), |id| keys.operator(id).cloned())?;
                    own = data;
                }
            }
        }
        let own = match own {
            Some(own) => own,
            None => begin(&store, &operator).await?,
        };
        let ring = RwLock::new(Ring { operator, own, circles });
        let sealed = Self { store, ring, making: tokio::sync::Mutex::new(()), erased: Default::default() };
        sealed.load_erased().await?;
        Ok(sealed)
    }

    /// The store below, whose values are sealed.
    pub fn inner(&self) -> &S {
        &self.store
    }

    /// Takes the seal off: what was below it.
    #[must_use]
    pub fn into_inner(self) -> S {
        self.store
    }

    fn key(&self, tree: Tree, key: &[u8]) -> Result<Arc<DataKey>, StoreError> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let Some(circle) = circle_of(tree, key) else { return Ok(Arc::clone(&ring.own)) };
        match ring.circles.get(&circle) {
            Some(Some(data)) => Ok(Arc::clone(data)),
            Some(None) => Err(StoreError::Shredded { circle }),
            None => Err(StoreError::Corrupt { tree, key: key.to_vec(), cause: "its circle has no data key" }),
        }
    }

    fn has_key(&self, circle: &CircleId) -> bool {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).circles.contains_key(circle)
    }

    fn open_value(&self, tree: Tree, key: &[u8], value: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        if is_plain(tree, key) { Ok(value) } else { self.key(tree, key)?.open(tree, key, &value) }
    }

    /// The answer as if nothing were sealed. A range was read with room for what sealing adds, and is cut anew.
    fn open_result(&self, read: &Read, result: ReadResult) -> Result<ReadResult, StoreError> {
        match (read, result) {
            (Read::Get { tree, key }, ReadResult::Value(Some(value))) => {
                Ok(ReadResult::Value(Some(self.open_value(*tree, key, value)?)))
            }
            (Read::Range { tree, rows_max, bytes_max, .. }, ReadResult::Rows { rows, more: unread }) => {
                let opened = rows.into_iter().map(|(key, value)| {
                    let value = self.open_value(*tree, &key, value)?;
                    Ok((key, value))
                });
                match take_rows(opened, *rows_max, *bytes_max)? {
                    ReadResult::Rows { rows, more } => Ok(ReadResult::Rows { rows, more: more || unread }),
                    other => Ok(other),
                }
            }
            (_, result) => Ok(result),
        }
    }

    /// Draws the data key of each circle that a batch writes to for the first time.
    async fn make_keys(&self, batch: &Batch) -> Result<(), StoreError> {
        for (tree, key, _) in &batch.puts {
            let Some(circle) = circle_of(*tree, key).filter(|circle| !self.has_key(circle)) else { continue };
            let _making = self.making.lock().await;
            if self.has_key(&circle) {
                continue;
            }
            let data = Arc::new(DataKey { current: fresh()?, previous: None });
            let operator = self.ring.read().unwrap_or_else(PoisonError::into_inner).operator.clone();
            let mut batch = Batch::default();
            batch.expect(Tree::Keys, circle.as_bytes(), None);
            batch.put(Tree::Keys, circle.as_bytes(), data.wrap(circle.as_bytes(), &operator).encode());
            if self.store.commit(batch).await? == CommitOutcome::Conflict {
                return Err(key_row::corrupt(circle.as_bytes(), "it was written by somebody else"));
            }
            self.ring.write().unwrap_or_else(PoisonError::into_inner).circles.insert(circle, Some(data));
        }
        Ok(())
    }

    /// The batch as the store below takes it; `None` when an expectation cannot hold.
    async fn seal_batch(&self, batch: Batch) -> Result<Option<Batch>, StoreError> {
        self.make_keys(&batch).await?;
        let mut sealed = Batch { deletes: batch.deletes, ..Batch::default() };
        for (tree, key, expected) in batch.expect {
            let expected = match expected {
                Some(value) if !is_plain(tree, &key) => {
                    let Some(value) = self.seal_expected(tree, &key, value).await? else { return Ok(None) };
                    Some(value)
                }
                expected => expected,
            };
            sealed.expect(tree, key, expected);
        }
        for (tree, key, value) in batch.puts {
            let value = if is_plain(tree, &key) { value } else { self.key(tree, &key)?.seal(tree, &key, &value) };
            sealed.put(tree, key, value);
        }
        Ok(Some(sealed))
    }

    /// What stands in the store when it holds this value there. While a key is rotated that may be under either.
    async fn seal_expected(&self, tree: Tree, key: &[u8], value: Vec<u8>) -> Result<Option<Vec<u8>>, StoreError> {
        if circle_of(tree, key).is_some_and(|circle| !self.has_key(&circle)) {
            return Ok(None);
        }
        let data = self.key(tree, key)?;
        let sealed = data.seal(tree, key, &value);
        if data.previous.is_none() {
            return Ok(Some(sealed));
        }
        let stands = get(&self.store, tree, key).await?;
        let is_same = |stands: &Vec<u8>| data.open(tree, key, stands).is_ok_and(|opened| opened == value);
        Ok(Some(stands.filter(is_same).unwrap_or(sealed)))
    }
}

impl<S: Store> Store for Sealed<S> {
    fn read(&self, reads: Vec<Read>) -> StoreFuture<'_, Vec<ReadResult>> {
        Box::pin(async move {
            let results = self.store.read(reads.iter().map(roomy).collect()).await?;
            reads.iter().zip(results).map(|(read, result)| self.open_result(read, result)).collect()
        })
    }

    fn commit(&self, mut batch: Batch) -> StoreFuture<'_, CommitOutcome> {
        Box::pin(async move {
            self.note_bodies_erased(&mut batch);
            match self.seal_batch(batch).await? {
                Some(batch) => self.store.commit(batch).await,
                None => Ok(CommitOutcome::Conflict),
            }
        })
    }
}

/// The operator's key that a store is sealed under; `None` when it is new.
///
/// # Errors
/// What the store says.
pub async fn sealed_under(store: &impl Store) -> Result<Option<OperatorKeyId>, StoreError> {
    match get(store, Tree::Keys, &[]).await? {
        Some(row) => operator_of(&row),
        None => Ok(None),
    }
}

/// The operator's key that the store's own row of keys names.
pub(super) fn operator_of(row: &[u8]) -> Result<Option<OperatorKeyId>, StoreError> {
    let operator = KeyRow::decode(row).ok().and_then(|row| row.operator());
    operator.map(Some).ok_or_else(|| key_row::corrupt(&[], "it does not decode"))
}

/// A range as long as what it asks for is once it is sealed, at least.
fn roomy(read: &Read) -> Read {
    let mut read = read.clone();
    if let Read::Range { rows_max, bytes_max, .. } = &mut read {
        *bytes_max = bytes_max.saturating_add(rows_max.saturating_mul(AtRestKey::OVERHEAD_BYTES));
    }
    read
}

/// Gives a new store its own key. A store with rows and no key lacks what opens it.
async fn begin(store: &impl Store, operator: &OperatorKey) -> Result<Arc<DataKey>, SealedError> {
    for tree in [Tree::Meta, Tree::Circles, Tree::Log] {
        let read =
            Read::Range { tree, from: Vec::new(), to: Vec::new(), rows_max: 2, bytes_max: BYTES, reverse: false };
        let rows = store.read(vec![read]).await?.pop().map(ReadResult::rows).unwrap_or_default();
        if rows.iter().any(|(key, _)| !is_plain(tree, key)) {
            let cause = "it has rows and not the key that they are sealed with, as after a restore that was broken off";
            return Err(StoreError::Damaged { cause: cause.to_owned() }.into());
        }
    }
    let own = DataKey { current: fresh()?, previous: None };
    let mut batch = Batch::default();
    batch.expect(Tree::Keys, [], None);
    batch.put(Tree::Keys, [], own.wrap(&[], operator).encode());
    match store.commit(batch).await? {
        CommitOutcome::Committed => Ok(Arc::new(own)),
        CommitOutcome::Conflict => Err(key_row::corrupt(&[], "it was written by somebody else").into()),
    }
}

fn fresh() -> Result<AtRestKey, StoreError> {
    let no_entropy =
        |error: entropy::NoEntropy| StoreError::Io { what: "drawing a data key", cause: error.to_string() };
    entropy::draw().map(AtRestKey::new).map_err(no_entropy)
}

async fn get(store: &impl Store, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
    let read = Read::Get { tree, key: key.to_vec() };
    Ok(store.read(vec![read]).await?.pop().and_then(ReadResult::value))
}

/// All rows whose keys begin with `prefix`, of a tree that fits into memory.
async fn walk(store: &impl Store, tree: Tree, prefix: &[u8]) -> Result<Vec<Row>, StoreError> {
    let (mut all, mut from) = (Vec::new(), prefix.to_vec());
    while let Some((rows, next)) = chunk(store, tree, prefix, from).await? {
        all.extend(rows);
        from = next;
    }
    Ok(all)
}

/// Some rows whose keys begin with `prefix`, and where to go on; `None` at the end.
async fn chunk(
    store: &impl Store,
    tree: Tree,
    prefix: &[u8],
    from: Vec<u8>,
) -> Result<Option<(Vec<Row>, Vec<u8>)>, StoreError> {
    let to = if prefix.is_empty() { Vec::new() } else { kith_shared::sync::key::after_prefix(prefix) };
    let read = Read::Range { tree, from, to, rows_max: ROWS, bytes_max: BYTES, reverse: false };
    let rows = store.read(vec![read]).await?.pop().map(ReadResult::rows).unwrap_or_default();
    let next = rows.last().map(|(key, _)| [key.as_slice(), &[0]].concat());
    Ok(next.map(|next| (rows, next)))
}
