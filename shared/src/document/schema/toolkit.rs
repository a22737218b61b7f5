use crate::document::StrategyRecord;
use crate::document::key::{message_author, split_id};
use crate::document::thread::Aside;
use crate::document::toolkit::{HELPED, STRATEGIES};
use crate::gate::{Action, CHANGE_BODIES_MAX, Change, Inspection, Op, Refusal, Scalar};
use crate::ids::ActorId;
use crate::time::TimestampMs;
use crate::trust::Author;

use super::rules::{allow, container, hides, in_range, map_key, map_put, own_record, replaces_own_only};

/// In a toolkit everyone adds strategies at keys of their own ops, which never change, and counts for themselves. The
/// facilitators hide.
pub(super) fn inspect(genesis: &ActorId, author: &Author, change: &Change<'_>) -> Result<Inspection, Refusal> {
    let mut inspection = Inspection::default();
    for (op, number) in change.ops().zip(change.start_op..) {
        let op = op?;
        let container = container(genesis, &op);
        if container == Some(HELPED) && hides(&op, author)? {
            continue;
        }
        allow(replaces_own_only(&op, change))?;
        match container {
            Some(STRATEGIES) => {
                let record =
                    StrategyRecord::decode(own_record(&op, number, change)?).map_err(|_| Refusal::Malformed)?;
                in_range(record.made <= TimestampMs::LAST)?;
                inspection.date(record.made);
                inspection.name(record.body);
            }
            Some(HELPED) => beside(&op, change, &mut inspection)?,
            _ => return Err(Refusal::NotAllowed),
        }
    }
    allow(inspection.bodies.len().max(inspection.erased.len()) <= CHANGE_BODIES_MAX)?;
    Ok(inspection)
}

/// What its author counts for themselves, one at a time, or that they took their own strategy back: that stays.
fn beside(op: &Op<'_>, change: &Change<'_>, inspection: &mut Inspection) -> Result<(), Refusal> {
    let (author, strategy) = split_id(map_key(op)?).ok_or(Refusal::NotAllowed)?;
    let writer = message_author(strategy).ok_or(Refusal::NotAllowed)?;
    allow(author == change.actor)?;
    match (op.action, op.value) {
        (Action::Increment, Scalar::Int(1 | -1)) => Ok(()),
        (Action::Put, Scalar::Counter(1 | -1)) => allow(op.predecessors.is_empty()),
        (Action::Put, Scalar::Bytes(bytes)) => {
            map_put(op)?;
            let Some(Aside::TakenBack(bodies)) = Aside::decode(bytes) else { return Err(Refusal::Malformed) };
            allow(bodies.len() == 1)?;
            inspection.erased.extend(bodies.into_iter().map(|body| (body, writer)));
            Ok(())
        }
        _ => Err(Refusal::NotAllowed),
    }
}
