use crate::ids::EntryId;

use super::row::{Columns, RawId, RawKey, Rows};
use super::{Key, ObjectId, Op, OpId, Refusal};

/// A change chunk, parsed but not yet trusted: bounded in size, deps, actors and ops, and in the one form
/// that Automerge writes.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// SHA-256 over type, length and content, as Automerge computes it.
    pub entry: EntryId,
    /// Sorted hashes of what it depends on.
    pub dependencies: Vec<EntryId>,
    /// Its author's bytes: 16.
    pub actor: &'a [u8],
    /// Its number in its author's chain, from 1.
    pub seq: u64,
    /// The counter of its first op.
    pub start_op: u64,
    /// Its author's clock, in Automerge's unit: seconds since 1970 by convention, Kith writes milliseconds.
    pub time: i64,
    /// Other actors that its ops name, sorted: 16 bytes each.
    pub others: Vec<&'a [u8]>,
    /// How many ops it has.
    pub ops_count: u64,
    /// What it takes to merge and show, in ops: one for each, [`OBJECT_WORK`] more for each object that it makes, and
    /// one for each predecessor but an op's first.
    pub work: u64,
    /// Bytes of the whole chunk.
    pub bytes: &'a [u8],
    /// The content from the columns' specifications on.
    pub(crate) columns_bytes: &'a [u8],
    pub(super) columns: Columns<'a>,
}

impl<'a> Change<'a> {
    /// The largest op counter in it; `start_op - 1` when it has no ops.
    #[must_use]
    pub fn max_op(&self) -> u64 {
        self.start_op + self.ops_count - 1
    }

    /// Its ops in order. [`super::parse_change`] has read them all once, so none is an error.
    pub fn ops(&self) -> impl Iterator<Item = Result<Op<'a>, Refusal>> {
        let mut rows = Rows::new(&self.columns, self.others.len() + 1);
        let mut predecessors = Vec::new();
        (0..self.ops_count).map(move |_| {
            let row = rows.read(&mut predecessors)?;
            Ok(Op {
                object: row.object.map_or(ObjectId::Root, |id| ObjectId::Id(self.id(id))),
                key: match row.key {
                    RawKey::Map(text) => Key::Map(text),
                    RawKey::Head => Key::Head,
                    RawKey::Element(id) => Key::Element(self.id(id)),
                },
                insert: row.insert,
                action: row.action,
                value: row.value,
                predecessors: predecessors.iter().map(|id| self.id(*id)).collect(),
                mark_name: row.mark_name,
                expand: row.expand,
            })
        })
    }

    pub(super) fn actor_at(&self, place: usize) -> &'a [u8] {
        place.checked_sub(1).and_then(|other| self.others.get(other).copied()).unwrap_or(self.actor)
    }

    fn id(&self, id: RawId) -> OpId<'a> {
        OpId { counter: id.counter, actor: self.actor_at(id.actor) }
    }
}
