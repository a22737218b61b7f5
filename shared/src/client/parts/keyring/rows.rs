//! The rows in which a circle's records are kept.

use crate::ids::CircleId;
use crate::storage::{Batch, Tree};
use crate::sync::key;

use super::Keyring;
use super::history::encode_lost;

impl Keyring {
    /// Keeps which hashes a restored server lost, so that entries signed there can say them for good.
    pub(in crate::client) fn put_lost(&self, circle: &CircleId, batch: &mut Batch) {
        for ((generation, position), hash) in self.history.chain().lost() {
            batch.put(Tree::Statements, key::lost(circle, *generation, *position), encode_lost(hash));
        }
    }

    /// Writes all records from a position on.
    pub(in crate::client) fn put_records(&self, circle: &CircleId, batch: &mut Batch, from: u64) {
        self.put_rows(circle, batch, from.max(1)..=self.history.chain().len());
    }

    /// Writes the records at these positions.
    pub(in crate::client) fn put_rows(
        &self,
        circle: &CircleId,
        batch: &mut Batch,
        positions: impl IntoIterator<Item = u64>,
    ) {
        for position in positions {
            if let Some(row) = self.history.row(position) {
                batch.put(Tree::Statements, key::record(circle, position), row);
            }
        }
    }

    /// Forgets the stored records from a position on.
    pub(in crate::client) fn delete_records(circle: &CircleId, batch: &mut Batch, from: u64, to: u64) {
        for position in from..=to {
            batch.delete(Tree::Statements, key::record(circle, position));
        }
    }
}
