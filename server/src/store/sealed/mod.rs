//! A store whose values are sealed: each circle's rows under a data key of its own, the rest under the store's,
//! and those keys under the operator's, which is elsewhere. Above this layer nothing knows of it; below it
//! nothing can be read.
//!
//! Sealing is deterministic at each place, so that an expectation is compared as it is stored. Keys of rows are
//! ids and stand as they are: stores need their order.

mod erased;
mod key_row;
mod place;
mod ring;
mod rotate;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, RwLock};

use kith_shared::seal::AtRestKey;
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Row, Tree, take_rows};

use crate::entropy;
use crate::keys::{Keys, OperatorKeyId};

use super::{Store, StoreError, StoreFuture};

pub use key_row::SealedError;
use key_row::{DataKey, KeyRow};
pub use place::circle_of;
use place::is_plain;
use ring::{Held, RELOADS_MAX, Ring};
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

impl<S: Store> Sealed<S> {
    /// Puts the seal on a store: opens its data keys, or makes the store's own when the store is new.
    ///
    /// # Errors
    /// [`KeyError::Wrong`] before anything is written; what the store says.
    pub async fn open(store: S, keys: &Keys) -> Result<Self, SealedError> {
        let (mut own, mut circles) = (None, BTreeMap::new());
        for (key, row) in walk(&store, Tree::Keys, &[]).await? {
            let Some(owner) = key_row::owner(&key) else { continue };
            let held = Held::open(&key, row, keys)?;
            match owner {
                Some(circle) => drop(circles.insert(circle, held)),
                None => own = Some(held),
            }
        }
        let own = match own {
            Some(own) => own,
            None => begin(&store, keys).await?,
        };
        // New keys go where the store's own is: a rotation may be under way, or the old key named first.
        let operator = operator_of(&own.row)?.map_or_else(|| keys.for_new_store(), |id| keys.operator(id))?.clone();
        let ring = RwLock::new(Ring { keys: keys.clone(), operator, own, circles });
        let sealed = Self { store, ring, making: tokio::sync::Mutex::new(()), erased: Default::default() };
        sealed.load_erased().await?;
        Ok(sealed)
    }

    /// The operator's key that the store's own data key is under. While that key is rotated it is the old one:
    /// the store's own goes last.
    #[must_use]
    pub fn operator(&self) -> OperatorKeyId {
        self.ring().operator.id()
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
        let scope = Scope::of(tree, key);
        match (self.ring().get(scope).map(|held| &held.data), scope) {
            (Some(Some(data)), _) => Ok(Arc::clone(data)),
            (Some(None), Scope::Circle(circle)) => Err(StoreError::Shredded { circle }),
            _ => Err(StoreError::Corrupt { tree, key: key.to_vec(), cause: "its circle has no data key" }),
        }
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

    /// The batch as the store below takes it, with the rows of the keys that seal it as they must still be; `None`
    /// when an expectation cannot hold.
    async fn seal_batch(&self, batch: &Batch, sealing: &BTreeSet<Scope>) -> Result<Option<Batch>, StoreError> {
        let mut sealed = Batch { deletes: batch.deletes.clone(), ..Batch::default() };
        for scope in sealing {
            let row = self.ring().get(*scope).map(|held| held.row.clone());
            sealed.expect(Tree::Keys, scope.key(), row);
        }
        for (tree, key, expected) in &batch.expect {
            let expected = match expected {
                Some(value) if !is_plain(*tree, key) => {
                    let Some(value) = self.seal_expected(*tree, key, value).await? else { return Ok(None) };
                    Some(value)
                }
                expected => expected.clone(),
            };
            sealed.expect(*tree, key.clone(), expected);
        }
        for (tree, key, value) in &batch.puts {
            let value =
                if is_plain(*tree, key) { value.clone() } else { self.key(*tree, key)?.seal(*tree, key, value) };
            sealed.put(*tree, key.clone(), value);
        }
        Ok(Some(sealed))
    }

    /// What stands in the store when it holds this value there. While a key is rotated that may be under either.
    async fn seal_expected(&self, tree: Tree, key: &[u8], value: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        if self.ring().get(Scope::of(tree, key)).is_none() {
            return Ok(None);
        }
        let data = self.key(tree, key)?;
        let sealed = data.seal(tree, key, value);
        if data.previous.is_none() {
            return Ok(Some(sealed));
        }
        let stands = get(&self.store, tree, key).await?;
        let is_same = |stands: &Vec<u8>| data.open(tree, key, stands).is_ok_and(|opened| opened == value);
        Ok(Some(stands.filter(is_same).unwrap_or(sealed)))
    }

    async fn read_opened(&self, reads: &[Read]) -> Result<Vec<ReadResult>, StoreError> {
        let results = self.store.read(reads.iter().map(roomy).collect()).await?;
        reads.iter().zip(results).map(|(read, result)| self.open_result(read, result)).collect()
    }
}

impl<S: Store> Store for Sealed<S> {
    fn read(&self, reads: Vec<Read>) -> StoreFuture<'_, Vec<ReadResult>> {
        Box::pin(async move {
            let mut opened = self.read_opened(&reads).await;
            for _ in 0..RELOADS_MAX {
                // What does not open may be under a key that is not known here yet.
                let scope = match &opened {
                    Err(StoreError::Corrupt { tree, key, .. }) => Scope::of(*tree, key),
                    _ => return opened,
                };
                if !self.reload([scope]).await? {
                    return opened;
                }
                opened = self.read_opened(&reads).await;
            }
            opened
        })
    }

    fn commit(&self, mut batch: Batch) -> StoreFuture<'_, CommitOutcome> {
        Box::pin(async move {
            self.note_bodies_erased(&mut batch);
            for _ in 0..RELOADS_MAX {
                let sealing = self.keys_of(&batch).await?;
                let outcome = match self.seal_batch(&batch, &sealing).await? {
                    Some(sealed) => self.store.commit(sealed).await?,
                    None => CommitOutcome::Conflict,
                };
                // A key that changed meanwhile is nothing that the caller expected otherwise.
                let expected = batch.expect.iter().map(|(tree, key, _)| Scope::of(*tree, key));
                let scopes: BTreeSet<Scope> = sealing.into_iter().chain(expected).collect();
                if outcome == CommitOutcome::Committed || !self.reload(scopes).await? {
                    return Ok(outcome);
                }
            }
            Ok(CommitOutcome::Conflict)
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
async fn begin(store: &impl Store, keys: &Keys) -> Result<Held, SealedError> {
    for tree in Tree::ALL {
        let read =
            Read::Range { tree, from: Vec::new(), to: Vec::new(), rows_max: 2, bytes_max: BYTES, reverse: false };
        let rows = store.read(vec![read]).await?.pop().map(ReadResult::rows).unwrap_or_default();
        if rows.iter().any(|(key, _)| tree == Tree::Keys || !is_plain(tree, key)) {
            let cause = "it has rows and not the key that they are sealed with";
            return Err(StoreError::Damaged { cause: cause.to_owned() }.into());
        }
    }
    let own = DataKey { current: fresh()?, previous: None };
    let row = own.wrap(&[], keys.for_new_store()?).encode();
    let mut batch = Batch::default();
    batch.expect(Tree::Keys, [], None);
    batch.put(Tree::Keys, [], row.clone());
    match store.commit(batch).await? {
        CommitOutcome::Committed => Ok(Held { row, data: Some(Arc::new(own)) }),
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
