use crate::document::hidden::hidden_record;
use crate::document::key::message_op;
use crate::gate::{Action, Change, Key, ObjectId, Op, Refusal, Scalar};
use crate::ids::ActorId;
use crate::time::TimestampMs;
use crate::trust::{Author, Role};

/// The container of the genesis that an op is in, by the genesis's op; `None` for the root and other objects.
pub(super) fn container(genesis: &ActorId, op: &Op<'_>) -> Option<u64> {
    match op.object {
        ObjectId::Id(id) if id.actor == genesis.as_bytes() => Some(id.counter),
        _ => None,
    }
}

/// The value of a plain put into a map; anything else is refused.
pub(super) fn map_put<'a>(op: &Op<'a>) -> Result<Scalar<'a>, Refusal> {
    let plain = op.action == Action::Put && !op.insert && matches!(op.key, Key::Map(_));
    if plain { Ok(op.value) } else { Err(Refusal::NotAllowed) }
}

/// Whether the op removes, or puts a value that fits.
pub(super) fn writes<'a>(op: &Op<'a>, fits: impl FnOnce(&Scalar<'a>) -> bool) -> Result<(), Refusal> {
    if is_map_removal(op) { Ok(()) } else { allow(fits(&map_put(op)?)) }
}

/// Whether the op is a removal at a map's key. Automerge writes one, too, for a put that chooses among contested
/// values the one that shows: it removes the others.
pub(super) fn is_map_removal(op: &Op<'_>) -> bool {
    op.action == Action::Delete && matches!(op.key, Key::Map(_)) && !op.insert && !op.predecessors.is_empty()
}

/// The key of an op in a map.
pub(super) fn map_key<'a>(op: &Op<'a>) -> Result<&'a str, Refusal> {
    match op.key {
        Key::Map(key) => Ok(key),
        Key::Head | Key::Element(_) => Err(Refusal::NotAllowed),
    }
}

/// Whether all that the op replaces was written by its own author.
pub(super) fn replaces_own_only(op: &Op<'_>, change: &Change<'_>) -> bool {
    op.predecessors.iter().all(|id| id.actor == change.actor)
}

/// Whether the op says that a record is hidden, or shown again: for facilitators alone to say, whoever said it before.
pub(super) fn hides(op: &Op<'_>, author: &Author) -> Result<bool, Refusal> {
    if !matches!(op.key, Key::Map(key) if hidden_record(key).is_some()) {
        return Ok(false);
    }
    allow(author.role == Role::Facilitator)?;
    writes(op, |value| is_uint(value, TimestampMs::LAST.0))?;
    Ok(true)
}

/// The bytes of a record at the key that only this op has: whoever could write one key twice, with no predecessor, would
/// put another text in the place of one that was read.
pub(super) fn own_record<'a>(op: &Op<'a>, number: u64, change: &Change<'_>) -> Result<&'a [u8], Refusal> {
    let (author, counter) = message_op(map_key(op)?).ok_or(Refusal::NotAllowed)?;
    allow(author.as_bytes() == change.actor && counter == number && op.predecessors.is_empty())?;
    if let Scalar::Bytes(bytes) = map_put(op)? { Ok(bytes) } else { Err(Refusal::NotAllowed) }
}

/// Refuses what does not hold.
pub(super) fn allow(holds: bool) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(Refusal::NotAllowed) }
}

/// Refuses dates that not every screen can draw.
pub(super) fn in_range(holds: bool) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(Refusal::OutOfRange) }
}

/// Whether the value is text of at most `max` bytes.
pub(super) fn is_text(value: &Scalar<'_>, max: usize) -> bool {
    matches!(value, Scalar::Text(text) if text.len() <= max)
}

/// Whether the value is an unsigned number of at most `max`.
pub(super) fn is_uint(value: &Scalar<'_>, max: u64) -> bool {
    matches!(value, Scalar::Uint(number) if *number <= max)
}
