//! From bytes to a [`Change`].

use crate::codec::{DecodeError, Reader};
use crate::ids::{ActorId, EntryId};

use super::chunk::Chunk;
use super::column::{count_rows, ensure, read_signed, well};
use super::row::Columns;
use super::{
    CHANGE_ACTORS_MAX, CHANGE_DEPS_MAX, CHANGE_OPS_MAX, Change, OP_COUNTER_MAX, Refusal, SEQ_MAX, TIME_MAX, rules,
};

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
