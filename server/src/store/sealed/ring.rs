//! The data keys as this process knows them. What counts is their rows in the store: each batch expects the rows
//! that it was sealed with, and what is not known here, or was changed by somebody else, is read again. So a caller
//! that goes away between a key's row and its place here leaves nothing half done, and several servers may share
//! one store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLockReadGuard, RwLockWriteGuard};

use kith_shared::ids::CircleId;
use kith_shared::storage::{Batch, CommitOutcome, Tree};

use crate::keys::{Keys, OperatorKey};
use crate::store::{Store, StoreError};

use super::key_row::{self, DataKey, KeyRow, SealedError};
use super::place::{circle_of, is_plain};
use super::rotate::Scope;
use super::{Sealed, fresh, get};

/// How often a call is tried again because a data key changed under it.
pub(super) const RELOADS_MAX: usize = 16;

/// The data keys, opened.
pub(super) struct Ring {
    /// The operator's keys that may have wrapped them.
    pub(super) keys: Keys,
    /// What new ones are wrapped under.
    pub(super) operator: OperatorKey,
    pub(super) own: Held,
    pub(super) circles: BTreeMap<CircleId, Held>,
}

/// A data key and its row.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) row: Vec<u8>,
    /// `None` for a circle that was shredded.
    pub(super) data: Option<Arc<DataKey>>,
}

impl Held {
    pub(super) fn open(key: &[u8], row: Vec<u8>, keys: &Keys) -> Result<Self, SealedError> {
        let decoded = KeyRow::decode(&row).map_err(|_| key_row::corrupt(key, "it does not decode"))?;
        let data = DataKey::unwrap(key, &decoded, keys)?.map(Arc::new);
        Ok(Self { row, data })
    }
}

impl Ring {
    pub(super) fn get(&self, scope: Scope) -> Option<&Held> {
        match scope {
            Scope::Store => Some(&self.own),
            Scope::Circle(circle) => self.circles.get(&circle),
        }
    }

    fn put(&mut self, scope: Scope, held: Held) {
        match scope {
            Scope::Store => {
                if let Some(operator) = KeyRow::decode(&held.row).ok().and_then(|row| row.operator())
                    && let Ok(operator) = self.keys.operator(operator)
                {
                    self.operator = operator.clone();
                }
                self.own = held;
            }
            Scope::Circle(circle) => drop(self.circles.insert(circle, held)),
        }
    }
}

impl<S: Store> Sealed<S> {
    pub(super) fn ring(&self) -> RwLockReadGuard<'_, Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ring_mut(&self) -> RwLockWriteGuard<'_, Ring> {
        self.ring.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what the store has of these data keys, and tells whether anything was not known yet.
    pub(super) async fn reload(&self, scopes: impl IntoIterator<Item = Scope>) -> Result<bool, StoreError> {
        let mut is_news = false;
        for scope in scopes {
            let Some(row) = get(&self.store, Tree::Keys, scope.key()).await? else { continue };
            if self.ring().get(scope).is_none_or(|held| held.row != row) {
                self.take_row(scope, row)?;
                is_news = true;
            }
        }
        Ok(is_news)
    }

    /// A row's value, also under a key that is not known here yet.
    pub(super) async fn open_row(&self, tree: Tree, key: &[u8], sealed: Vec<u8>) -> Result<Vec<u8>, StoreError> {
        match self.open_value(tree, key, sealed.clone()) {
            Err(StoreError::Corrupt { .. }) if self.reload([Scope::of(tree, key)]).await? => {
                self.open_value(tree, key, sealed)
            }
            opened => opened,
        }
    }

    pub(super) fn take_row(&self, scope: Scope, row: Vec<u8>) -> Result<(), StoreError> {
        let mut ring = self.ring_mut();
        let held = Held::open(scope.key(), row, &ring.keys).map_err(|error| match error {
            SealedError::Store(error) => error,
            SealedError::Key(error) => StoreError::Key { cause: error.to_string() },
        })?;
        ring.put(scope, held);
        Ok(())
    }

    /// Sees to it that the data keys of a batch are known; a circle that is written to for the first time is given
    /// one. Gives the keys that its values are sealed under.
    pub(super) async fn keys_of(&self, batch: &Batch) -> Result<BTreeSet<Scope>, StoreError> {
        let sealed = batch.puts.iter().filter(|(tree, key, _)| !is_plain(*tree, key));
        let sealing: BTreeSet<Scope> = sealed.map(|(tree, key, _)| Scope::of(*tree, key)).collect();
        for scope in &sealing {
            if let Scope::Circle(circle) = scope {
                self.make_key(*circle).await?;
            }
        }
        let expected = batch.expect.iter().map(|(tree, key, _)| Scope::of(*tree, key));
        let unknown: BTreeSet<Scope> = expected.filter(|scope| self.ring().get(*scope).is_none()).collect();
        self.reload(unknown).await?;
        Ok(sealing)
    }

    /// Draws a circle's data key, unless it has one.
    async fn make_key(&self, circle: CircleId) -> Result<(), StoreError> {
        let scope = Scope::Circle(circle);
        if self.ring().get(scope).is_some() {
            return Ok(());
        }
        let _making = self.making.lock().await;
        for _ in 0..RELOADS_MAX {
            self.reload([scope, Scope::Store]).await?;
            let (operator, own) = {
                let ring = self.ring();
                if ring.get(scope).is_some() {
                    return Ok(());
                }
                (ring.operator.clone(), ring.own.row.clone())
            };
            let data = DataKey { current: fresh()?, previous: None };
            let row = data.wrap(scope.key(), &operator).encode();
            let mut batch = Batch::default();
            batch.expect(Tree::Keys, scope.key(), None);
            // Whoever rotates the operator's key writes the store's own row last: no key is left behind.
            batch.expect(Tree::Keys, Scope::Store.key(), Some(own));
            batch.put(Tree::Keys, scope.key(), row.clone());
            if self.store.commit(batch).await? == CommitOutcome::Committed {
                return self.take_row(scope, row);
            }
        }
        Err(key_row::corrupt(scope.key(), "it is written by somebody else again and again"))
    }
}

impl Scope {
    /// Whose data key seals a row.
    pub(super) fn of(tree: Tree, key: &[u8]) -> Self {
        circle_of(tree, key).map_or(Self::Store, Self::Circle)
    }
}
