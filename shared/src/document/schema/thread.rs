use crate::document::MessageRecord;
use crate::document::genesis::genesis_actor;
use crate::document::key::{message_author, split_id};
use crate::document::thread::{Aside, MESSAGES, REACTIONS, ReactionSet};
use crate::gate::{Action, CHANGE_BODIES_MAX, Change, Inspection, Op, Refusal, Scalar, parse_change};
use crate::ids::{ActorId, DocumentId, TextCommitment};
use crate::time::TimestampMs;
use crate::trust::Author;

use super::rules::{allow, container, hides, in_range, map_key, map_put, own_record, replaces_own_only, writes};

/// In a thread everyone writes under keys that begin with their own actor, and replaces nothing but their own. What they
/// wrote in one that is `led` the facilitators hide.
pub(super) fn inspect(
    genesis: &ActorId,
    led: bool,
    author: &Author,
    change: &Change<'_>,
) -> Result<Inspection, Refusal> {
    let mut inspection = Inspection::default();
    for (op, number) in change.ops().zip(change.start_op..) {
        let op = op?;
        let container = container(genesis, &op);
        if led && container == Some(REACTIONS) && hides(&op, author)? {
            continue;
        }
        allow(replaces_own_only(&op, change))?;
        match container {
            Some(MESSAGES) => message(&op, number, change, &mut inspection)?,
            Some(REACTIONS) => reaction(&op, change, &mut inspection)?,
            _ => return Err(Refusal::NotAllowed),
        }
    }
    allow(inspection.bodies.len() <= CHANGE_BODIES_MAX)?;
    Ok(inspection)
}

/// What a change of a thread's document commits to in the record of this key; none when it writes no such record.
pub(crate) fn commitment_in(document: &DocumentId, change: &[u8], key: &str) -> Option<TextCommitment> {
    let genesis = genesis_actor(document);
    let change = parse_change(change).ok()?;
    change.ops().zip(change.start_op..).find_map(|(op, number)| {
        let op = op.ok().filter(|op| container(&genesis, op) == Some(MESSAGES) && map_key(op) == Ok(key))?;
        Some(MessageRecord::decode(own_record(&op, number, &change).ok()?).ok()?.commitment)
    })
}

fn message(op: &Op<'_>, number: u64, change: &Change<'_>, inspection: &mut Inspection) -> Result<(), Refusal> {
    let record = MessageRecord::decode(own_record(op, number, change)?).map_err(|_| Refusal::Malformed)?;
    in_range(record.sent <= TimestampMs::LAST)?;
    inspection.date(record.sent);
    inspection.name(record.body);
    Ok(())
}

/// A reaction; or what an author puts beside a message: it was taken back, or sealed again.
fn reaction(op: &Op<'_>, change: &Change<'_>, inspection: &mut Inspection) -> Result<(), Refusal> {
    let (author, message) = split_id(map_key(op)?).ok_or(Refusal::NotAllowed)?;
    let writer = message_author(message).ok_or(Refusal::NotAllowed)?;
    allow(author == change.actor)?;
    if let (Action::Put, Scalar::Bytes(bytes)) = (op.action, &op.value) {
        map_put(op)?;
        match Aside::decode(bytes).ok_or(Refusal::Malformed)? {
            Aside::TakenBack(bodies) => inspection.erased.extend(bodies.into_iter().map(|body| (body, writer))),
            Aside::Resealed(body) => {
                allow(writer.as_bytes() == change.actor)?;
                inspection.bodies.push(body);
            }
        }
        return allow(inspection.erased.len() <= CHANGE_BODIES_MAX);
    }
    writes(op, |value| matches!(value, Scalar::Uint(bits) if ReactionSet::from_bits(*bits).is_some()))
}
