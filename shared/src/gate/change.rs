use crate::codec::{DecodeError, Reader};
use crate::ids::{ActorId, EntryId};

use super::chunk::Chunk;
use super::column::{count_rows, ensure, read_signed, well};
use super::row::{Columns, RawId, RawKey, Rows};
use super::{
    CHANGE_ACTORS_MAX, CHANGE_DEPS_MAX, CHANGE_OPS_MAX, Key, OP_COUNTER_MAX, ObjectId, Op, OpId, Refusal, SEQ_MAX,
    TIME_MAX, rules,
};

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

    /// Its ops in order. [`parse_change`] has read them all once, so none is an error.
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

/// Parses a change: the gate's steps that need only the bytes, cheapest first. The claimed ops are counted
/// before anything is hashed or visited row by row; then every row is read once.
///
/// # Errors
/// `TooLarge`, `NotAChange`, `Malformed`, `TooManyOps`, `Checksum`.
pub fn parse_change(bytes: &[u8]) -> Result<Change<'_>, Refusal> {
    let chunk = Chunk::open(bytes)?;
    let mut change = read_fields(&mut Reader::new(chunk.content))?;
    change.ops_count = count_rows(change.columns.action(), CHANGE_OPS_MAX)?;
    ensure(change.max_op() <= OP_COUNTER_MAX)?;
    change.entry = chunk.verify()?;
    change.bytes = bytes;
    change.work = rules::check(&change)?;
    Ok(change)
}

fn read_fields<'a>(reader: &mut Reader<'a>) -> Result<Change<'a>, Refusal> {
    let mut dependencies = Vec::new();
    for _ in 0..well(reader.count(CHANGE_DEPS_MAX, "dependencies"))? {
        let dependency = EntryId(well(reader.array("dependency"))?);
        ensure(dependencies.last() < Some(&dependency))?;
        dependencies.push(dependency);
    }
    let actor = well(read_actor(reader))?;
    let seq = well(reader.number("seq"))?;
    let start_op = well(reader.number("start op"))?;
    let time = well(read_signed(reader))?;
    let message = well(reader.number("message"))?;
    ensure((1..=SEQ_MAX).contains(&seq) && (1..=OP_COUNTER_MAX).contains(&start_op))?;
    ensure((0..=TIME_MAX).contains(&time) && message == 0)?;
    let mut others: Vec<&[u8]> = Vec::new();
    for _ in 0..well(reader.count(CHANGE_ACTORS_MAX, "actors"))? {
        let other = well(read_actor(reader))?;
        ensure(others.last() < Some(&other) && other != actor)?;
        others.push(other);
    }
    let columns_bytes = reader.rest();
    let columns = Columns::read(reader)?;
    Ok(Change {
        entry: EntryId([0; 32]),
        dependencies,
        actor,
        seq,
        start_op,
        time,
        others,
        ops_count: 0,
        work: 0,
        bytes: &[],
        columns_bytes,
        columns,
    })
}

fn read_actor<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], DecodeError> {
    match reader.bytes(ActorId::LEN, "actor")? {
        actor if actor.len() == ActorId::LEN => Ok(actor),
        _ => Err(DecodeError::Invalid { what: "actor" }),
    }
}
