//! Who did what to whom and when, in ids alone: a chain of records, each of which holds the hash of the one
//! before, so that a record cannot be changed, dropped or moved without all later ones changing. The head of the
//! chain is written in the same batch; an operator who notes it elsewhere can prove that nothing was cut off.
//!
//! The form of a record is in `docs/PROTOCOL.md`, "Storage"; what an operator does with it in
//! `docs/OPERATIONS.md`, "Audit log".

mod head;
mod record;
mod stated;
#[cfg(test)]
mod tests;
mod verify;

use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Tree};

use crate::store::{Store, StoreError};

pub use head::{Head, ParseHeadError};
pub use record::{Action, Actor, Event, Record};
pub use stated::commit;
pub use verify::{Report, each, verify};

/// Where Meta keeps the chain's head.
const HEAD_KEY: &[u8] = b"audit";

/// What to read for [`Head::decode`]: for a handler that reads all it needs at once.
#[must_use]
fn head_read() -> Read {
    Read::Get { tree: Tree::Meta, key: HEAD_KEY.to_vec() }
}

/// The chain's head.
///
/// # Errors
/// What the store says; a head that does not decode is [`StoreError::Corrupt`].
pub async fn head(store: &dyn Store) -> Result<Head, StoreError> {
    let found = store.read(vec![head_read()]).await?.pop().and_then(ReadResult::value);
    Head::decode(found.as_deref())
}

/// Adds what happened to the batch that does it, once for each batch, and gives the head after it. The batch
/// expects `head` to be the head still: of two writers one meets a conflict, reads again and decides again.
pub fn append(batch: &mut Batch, head: &Head, events: &[Event]) -> Head {
    batch.expect(Tree::Meta, HEAD_KEY, head.encode());
    let mut head = *head;
    for event in events {
        let record = Record { previous: head.hash, event: event.clone() };
        let bytes = record.encode();
        batch.put(Tree::Audit, head.count.to_be_bytes(), bytes.clone());
        head = Head { count: head.count.saturating_add(1), hash: Record::hash(&bytes) };
    }
    batch.puts.extend(head.encode().map(|bytes| (Tree::Meta, HEAD_KEY.to_vec(), bytes)));
    head
}

/// Writes what happened in a batch of its own.
///
/// # Errors
/// What the store says.
pub async fn note(store: &dyn Store, events: &[Event]) -> Result<Head, StoreError> {
    loop {
        let before = head(store).await?;
        let mut batch = Batch::default();
        let after = append(&mut batch, &before, events);
        if store.commit(batch).await? == CommitOutcome::Committed {
            return Ok(after);
        }
    }
}
