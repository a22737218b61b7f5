//! Other keys for what is there. Each step is one batch, and after each the store opens: a rotation that was
//! broken off goes on when it is asked for again.

use std::sync::Arc;

use kith_shared::ids::CircleId;
use kith_shared::storage::{Batch, CommitOutcome, Row, Tree};

use crate::keys::{OperatorKey, OperatorKeyId};
use crate::store::{Part, Store, StoreError};

use super::key_row::{self, DataKey, KeyRow, SealedError};
use super::place::{begins_with_circle, circle_of, is_plain};
use super::{Sealed, chunk, fresh, get, walk};

/// Key rows that are wrapped anew in one batch.
const WRAPS: usize = 500;

/// What one data key seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// What belongs to no circle.
    Store,
    /// A circle.
    Circle(CircleId),
}

impl Scope {
    pub(super) fn key(&self) -> &[u8] {
        match self {
            Self::Store => &[],
            Self::Circle(circle) => circle.as_bytes(),
        }
    }

    fn holds(&self, tree: Tree, key: &[u8]) -> bool {
        let circle = match self {
            Self::Store => None,
            Self::Circle(circle) => Some(*circle),
        };
        circle_of(tree, key) == circle && !is_plain(tree, key)
    }

    fn trees(&self) -> impl Iterator<Item = Tree> + use<> {
        let all = *self == Self::Store;
        Tree::ALL.into_iter().filter(move |tree| all || begins_with_circle(*tree))
    }
}

impl<S: Store> Sealed<S> {
    /// All data keys: the store's own, then the circles'.
    #[must_use]
    pub fn scopes(&self) -> Vec<Scope> {
        let ring = self.ring();
        let held = ring.circles.iter().filter(|(_, held)| held.data.is_some());
        std::iter::once(Scope::Store).chain(held.map(|(circle, _)| Scope::Circle(*circle))).collect()
    }

    /// Wraps every circle's data key under another operator's key, which [`Self::open`] must know from here on
    /// beside the old one. Gives how many were not under it yet. [`Self::adopt`] ends it.
    ///
    /// # Errors
    /// What the store says; asked for again, it goes on.
    pub async fn rewrap(&self, operator: &OperatorKey) -> Result<u64, SealedError> {
        self.ring_mut().keys.learn(operator);
        let mut count = 0;
        for rows in walk(&self.store, Tree::Keys, &[]).await?.chunks(WRAPS) {
            let mut batch = Batch::default();
            for (key, row) in rows.iter().filter(|(key, _)| !key.is_empty()) {
                if let Some(wrapped) = self.wrapped_anew(key, row, operator)? {
                    batch.expect(Tree::Keys, key.clone(), Some(row.clone()));
                    batch.put(Tree::Keys, key.clone(), wrapped);
                }
            }
            count += batch.puts.len() as u64;
            if !batch.is_empty() {
                self.note_erased(&mut batch, Part::Records);
                if self.commit(batch).await? == CommitOutcome::Conflict {
                    return Err(key_row::corrupt(&[], "a key was written by somebody else").into());
                }
            }
        }
        Ok(count)
    }

    /// Wraps the store's own data key under another operator's key, in one batch with `with`: from then on new keys
    /// go under it too. It comes after [`Self::rewrap`], so the key that the store's own is under tells how far a
    /// rotation came. A circle that was begun meanwhile is wrapped anew after it.
    ///
    /// # Errors
    /// What the store says; asked for again, it goes on.
    pub async fn adopt(&self, operator: &OperatorKey, with: Batch) -> Result<CommitOutcome, SealedError> {
        self.ring_mut().keys.learn(operator);
        self.reload([Scope::Store]).await?;
        let mut batch = with;
        let own = get(&self.store, Tree::Keys, &[]).await?.unwrap_or_default();
        let Some(wrapped) = self.wrapped_anew(&[], &own, operator)? else { return Ok(CommitOutcome::Committed) };
        batch.expect(Tree::Keys, [], Some(own));
        batch.put(Tree::Keys, [], wrapped);
        self.note_erased(&mut batch, Part::Records);
        let outcome = self.commit(batch).await?;
        self.reload([Scope::Store]).await?;
        Ok(outcome)
    }

    /// Whether every data key is wrapped under this operator's key.
    ///
    /// # Errors
    /// What the store says.
    pub async fn is_under(&self, operator: OperatorKeyId) -> Result<bool, StoreError> {
        let rows = walk(&self.store, Tree::Keys, &[]).await?;
        let other = |row: KeyRow| row.operator().is_some_and(|under| under != operator);
        Ok(!rows.iter().any(|(_, value)| KeyRow::decode(value).is_ok_and(other)))
    }

    fn wrapped_anew(&self, key: &[u8], row: &[u8], to: &OperatorKey) -> Result<Option<Vec<u8>>, SealedError> {
        if key_row::owner(key).is_none() {
            return Ok(None);
        }
        let decoded = KeyRow::decode(row).map_err(|_| key_row::corrupt(key, "it does not decode"))?;
        let is_due = decoded.operator().is_some_and(|operator| operator != to.id());
        let data = DataKey::unwrap(key, &decoded, &self.ring().keys)?;
        Ok(data.filter(|_| is_due).map(|data| data.wrap(key, to).encode()))
    }

    /// Gives a new data key and seals every row of it anew. Gives how many rows were still under the old one, or
    /// `None` when there is no such key. [`Self::drop_previous`] ends it.
    ///
    /// # Errors
    /// What the store says; asked for again, it goes on.
    pub async fn rotate_data(&self, scope: Scope) -> Result<Option<u64>, SealedError> {
        self.reload([scope]).await?;
        let Some(before) = self.data(scope) else { return Ok(None) };
        let rotating = match &before.previous {
            Some(_) => before,
            None => {
                let rotating = DataKey { current: fresh()?, previous: Some(before.current.clone()) };
                if self.set_data(scope, rotating, Batch::default()).await? == CommitOutcome::Conflict {
                    return Err(key_row::corrupt(scope.key(), "it was written by somebody else").into());
                }
                self.data(scope).ok_or_else(|| key_row::corrupt(scope.key(), "it is gone"))?
            }
        };
        let mut count = 0;
        for tree in scope.trees() {
            let mut from = scope.key().to_vec();
            while let Some((rows, next)) = chunk(&self.store, tree, scope.key(), from.clone()).await? {
                if let Some(sealed) = self.seal_anew(scope, tree, &rows, &rotating).await? {
                    count += sealed;
                    from = next;
                }
            }
        }
        Ok(Some(count))
    }

    /// Drops the key that [`Self::rotate_data`] replaced, in one batch with `with`.
    ///
    /// # Errors
    /// What the store says.
    pub async fn drop_previous(&self, scope: Scope, with: Batch) -> Result<CommitOutcome, SealedError> {
        match self.data(scope) {
            Some(data) => self.set_data(scope, DataKey { current: data.current.clone(), previous: None }, with).await,
            None => Ok(CommitOutcome::Committed),
        }
    }

    /// Seals rows anew; `None` when one of them changed meanwhile.
    async fn seal_anew(
        &self,
        scope: Scope,
        tree: Tree,
        rows: &[Row],
        data: &DataKey,
    ) -> Result<Option<u64>, StoreError> {
        let mut batch = Batch::default();
        for (key, sealed) in rows.iter().filter(|(key, _)| scope.holds(tree, key)) {
            if data.current.open(tree.number(), key, sealed).is_err() {
                let value = data.open(tree, key, sealed)?;
                batch.expect(tree, key.clone(), Some(sealed.clone()));
                batch.put(tree, key.clone(), data.seal(tree, key, &value));
            }
        }
        let count = batch.puts.len() as u64;
        let done = batch.is_empty() || self.store.commit(batch).await? == CommitOutcome::Committed;
        Ok(done.then_some(count))
    }

    /// Drops a circle's key for good, in one batch with `with`.
    ///
    /// # Errors
    /// What the store says.
    pub async fn drop_key(&self, circle: &CircleId, with: Batch) -> Result<CommitOutcome, StoreError> {
        let mut batch = with;
        batch.put(Tree::Keys, circle.as_bytes(), KeyRow::Shredded.encode());
        self.note_erased(&mut batch, Part::Records);
        self.note_erased(&mut batch, Part::Bodies);
        let outcome = self.commit(batch).await?;
        self.reload([Scope::Circle(*circle)]).await?;
        Ok(outcome)
    }

    /// Whether a circle's key was dropped.
    #[must_use]
    pub fn is_shredded(&self, circle: &CircleId) -> bool {
        self.shredded().contains(circle)
    }

    /// Removes what is left of circles whose keys were dropped, and gives how many rows that were.
    ///
    /// # Errors
    /// What the store says; asked for again, it goes on.
    pub async fn remove_shredded(&self) -> Result<u64, StoreError> {
        let mut count = 0;
        for circle in self.shredded() {
            for tree in Scope::Circle(circle).trees() {
                while let Some((rows, _)) = chunk(&self.store, tree, circle.as_bytes(), circle.0.to_vec()).await? {
                    count += rows.len() as u64;
                    let deletes = rows.into_iter().map(|(key, _)| (tree, key)).collect();
                    self.store.commit(Batch { deletes, ..Batch::default() }).await?;
                }
            }
        }
        Ok(count)
    }

    /// Whether every row opens; the first that do not, and how many there are. What is left of a shredded circle
    /// shall not open: [`Self::remove_shredded`] ends that.
    ///
    /// # Errors
    /// When the store cannot be read on.
    pub async fn check_seals(&self, listed_max: usize) -> Result<(u64, Vec<StoreError>), StoreError> {
        let (mut count, mut listed) = (0, Vec::new());
        for tree in Tree::ALL {
            let mut from = Vec::new();
            while let Some((rows, next)) = chunk(&self.store, tree, &[], from).await? {
                for (key, value) in rows {
                    match self.open_row(tree, &key, value).await {
                        Ok(_) | Err(StoreError::Shredded { .. }) => {}
                        Err(error) => {
                            count += 1;
                            listed.extend((listed.len() < listed_max).then_some(error));
                        }
                    }
                }
                from = next;
            }
        }
        Ok((count, listed))
    }

    fn shredded(&self) -> Vec<CircleId> {
        self.ring().circles.iter().filter(|(_, held)| held.data.is_none()).map(|(circle, _)| *circle).collect()
    }

    fn data(&self, scope: Scope) -> Option<Arc<DataKey>> {
        self.ring().get(scope).and_then(|held| held.data.clone())
    }

    /// Writes a data key, if its row is still as it is known here, and uses it from then on.
    async fn set_data(&self, scope: Scope, data: DataKey, with: Batch) -> Result<CommitOutcome, SealedError> {
        let (operator, row) = {
            let ring = self.ring();
            (ring.operator.clone(), ring.get(scope).map(|held| held.row.clone()))
        };
        let mut batch = with;
        batch.expect(Tree::Keys, scope.key(), row);
        batch.put(Tree::Keys, scope.key(), data.wrap(scope.key(), &operator).encode());
        for part in Part::ALL {
            self.note_erased(&mut batch, part);
        }
        let outcome = self.commit(batch).await?;
        self.reload([scope]).await?;
        Ok(outcome)
    }
}
