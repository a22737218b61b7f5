use crate::document::key::{decode_id, split_item};
use crate::document::note::{
    AGENDA, BLOCK_CHECKED, BLOCK_KIND, BLOCK_LEVEL, BODY, COMMITMENTS, DAY, FIELDS, HIDDEN, ITEM_DONE, ITEM_DUE,
    ITEM_MEMBER, ITEM_STATE, ITEM_TEXT, LEVEL_MAX, Mark, PLACE, PRESENCE, TITLE,
};
use crate::document::{FIELD_BYTES_MAX, ITEM_BYTES_MAX};
use crate::gate::{Action, Change, Inspection, Key, ObjectId, Op, OpId, Refusal, Scalar};
use crate::ids::{ActorId, MemberId};
use crate::time::Day;

use super::rules::{allow, container, in_range, is_text, is_uint, map_key, writes};

/// A note is joint: everyone in the circle writes all of it, but only what it is made of.
pub(super) fn inspect(genesis: &ActorId, change: &Change<'_>) -> Result<Inspection, Refusal> {
    let mut markers = Vec::new();
    for (counter, op) in (change.start_op..).zip(change.ops()) {
        let op = op?;
        match container(genesis, &op) {
            Some(BODY) => {
                body(&op)?;
                if op.action == Action::MakeMap {
                    markers.push(counter);
                }
            }
            Some(FIELDS) => {
                field(&op)?;
            }
            Some(PRESENCE) => {
                allow(decode_id(map_key(&op)?).is_some())?;
                writes(&op, |value| is_uint(value, 3))?;
            }
            Some(AGENDA) => item(&op, &[ITEM_TEXT, ITEM_DONE])?,
            Some(COMMITMENTS) => item(&op, &[ITEM_TEXT, ITEM_MEMBER, ITEM_DUE, ITEM_STATE])?,
            Some(_) => return Err(Refusal::NotAllowed),
            None => marker(&op, counter, change, &markers)?,
        }
    }
    Ok(Inspection::default())
}

/// A session's title, place, the day that it was moved to, and whether it is hidden.
fn field(op: &Op<'_>) -> Result<(), Refusal> {
    let key = map_key(op)?;
    if let (DAY, Action::Put, Scalar::Uint(day)) = (key, op.action, &op.value) {
        in_range(u32::try_from(*day).is_ok_and(|day| Day(day).is_allowed()))?;
    }
    writes(op, |value| match key {
        TITLE | PLACE => is_text(value, FIELD_BYTES_MAX),
        DAY => is_uint(value, Day::LAST.0.into()),
        HIDDEN => matches!(value, Scalar::Boolean(_)),
        _ => false,
    })?;
    allow(matches!(key, TITLE | PLACE | DAY | HIDDEN))
}

/// Text: one character an op, markers, removals, and marks that are known.
fn body(op: &Op<'_>) -> Result<(), Refusal> {
    allow(!matches!(op.key, Key::Map(_)))?;
    match op.action {
        Action::Put => {
            let one = matches!(op.value, Scalar::Text(text) if text.chars().count() == 1);
            allow(op.insert && one && op.predecessors.is_empty())
        }
        Action::MakeMap => allow(op.insert && op.predecessors.is_empty()),
        // Of what stands in a body nothing is ever replaced, so that a removal names the one thing that it removes.
        Action::Delete => allow(matches!(op.key, Key::Element(id) if !op.insert && op.predecessors == [id])),
        Action::Mark => {
            let begins = op.mark_name.is_some_and(|name| Mark::from_name(name).is_some())
                && matches!(op.value, Scalar::Boolean(true) | Scalar::Null);
            let ends = op.mark_name.is_none() && op.value == Scalar::Null;
            allow(op.insert && op.predecessors.is_empty() && (begins || ends))
        }
        Action::MakeList | Action::MakeText | Action::MakeTable | Action::Increment => Err(Refusal::NotAllowed),
    }
}

/// Attributes of a marker that anyone made. Whether an object made earlier is a marker cannot be told from the op;
/// but nothing else in a note's body is an object, and attributes have keys that nothing else has.
fn marker(op: &Op<'_>, counter: u64, change: &Change<'_>, markers: &[u64]) -> Result<(), Refusal> {
    let ObjectId::Id(OpId { counter: made, actor }) = op.object else { return Err(Refusal::NotAllowed) };
    let here = actor == change.actor && made >= change.start_op;
    allow(if here { markers.contains(&made) } else { made < counter })?;
    let key = map_key(op)?;
    allow(matches!(key, BLOCK_KIND | BLOCK_LEVEL | BLOCK_CHECKED))?;
    writes(op, |value| match key {
        BLOCK_KIND => is_uint(value, 3),
        BLOCK_LEVEL => is_uint(value, LEVEL_MAX.into()),
        _ => matches!(value, Scalar::Boolean(_)),
    })
}

/// Fields of an agenda item or commitment: written or removed.
fn item(op: &Op<'_>, fields: &[&str]) -> Result<(), Refusal> {
    let (_, field) = split_item(map_key(op)?).ok_or(Refusal::NotAllowed)?;
    allow(fields.contains(&field))?;
    if let (ITEM_DUE, Action::Put, Scalar::Uint(day)) = (field, op.action, &op.value) {
        in_range(u32::try_from(*day).is_ok_and(|day| Day(day).is_allowed()))?;
    }
    writes(op, |value| match field {
        ITEM_TEXT => is_text(value, ITEM_BYTES_MAX),
        ITEM_DONE => matches!(value, Scalar::Boolean(_)),
        ITEM_MEMBER => matches!(value, Scalar::Bytes(bytes) if bytes.len() == MemberId::LEN),
        ITEM_DUE => is_uint(value, Day::LAST.0.into()),
        ITEM_STATE => is_uint(value, 2),
        _ => false,
    })
}
