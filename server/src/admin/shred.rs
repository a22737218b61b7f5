//! A circle shredded: its data key goes first, and with it all that any copy of its rows could tell.

use kith_shared::ids::CircleId;
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Row, Tree};
use kith_shared::sync::CircleRecord;
use kith_shared::sync::statements::ShreddedRow;
use kith_shared::time::TimestampMs;
use kith_shared::trust::{InviteRow, Knows};

use crate::audit::{self, Action, Actor, Event};
use crate::store::{Sealed, Store, StoreError};

/// Rows that are read at once.
const ROWS: usize = 1_000;

/// Drops a circle's data key, and in the same batch all that leads to the circle; its id and where its chain ended
/// stay, so that nothing is founded or brought back under it. What is left of its rows opens with nothing;
/// [`crate::erase::run`] removes it. False when there is no such circle.
///
/// # Errors
/// What the store says; asked for again, it goes on.
pub async fn shred<S: Store>(store: &Sealed<S>, circle: CircleId, time: TimestampMs) -> Result<bool, StoreError> {
    loop {
        if store.is_shredded(&circle) {
            return Ok(true);
        }
        let read = Read::Get { tree: Tree::Circles, key: circle.as_bytes().to_vec() };
        let Some(record) = store.read(vec![read]).await?.pop().and_then(ReadResult::value) else { return Ok(false) };
        let mut batch = Batch::default();
        let last = CircleRecord::decode(&record).map_or(Knows::NOTHING, |record| record.chain);
        batch.put(Tree::Meta, ShreddedRow::key(&circle), ShreddedRow { last }.encode());
        batch.expect(Tree::Circles, circle.as_bytes(), Some(record));
        batch.delete(Tree::Circles, circle.as_bytes());
        for (key, _) in all(store, Tree::DeviceCircles).await? {
            if key.ends_with(circle.as_bytes()) {
                batch.delete(Tree::DeviceCircles, key);
            }
        }
        for (key, value) in all(store, Tree::Invites).await? {
            if InviteRow::decode(&value).is_ok_and(|invite| invite.circle == circle) {
                batch.delete(Tree::Invites, key);
            }
        }
        let (actor, action) = (Actor::Operator, Action::CircleShredded);
        let event = Event { time, actor, action, circle: Some(circle), subject: Vec::new() };
        audit::append(&mut batch, &audit::head(store).await?, &[event]);
        if store.drop_key(&circle, batch).await? == CommitOutcome::Committed {
            return Ok(true);
        }
    }
}

async fn all(store: &dyn Store, tree: Tree) -> Result<Vec<Row>, StoreError> {
    let (mut all, mut from) = (Vec::new(), Vec::new());
    loop {
        let (to, bytes_max) = (Vec::new(), usize::MAX);
        let read = Read::Range { tree, from, to, rows_max: ROWS, bytes_max, reverse: false };
        let rows = store.read(vec![read]).await?.pop().map(ReadResult::rows).unwrap_or_default();
        let Some((last, _)) = rows.last() else { return Ok(all) };
        from = [last.as_slice(), &[0]].concat();
        all.extend(rows);
    }
}
