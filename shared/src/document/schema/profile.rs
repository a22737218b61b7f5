use crate::document::key::decode_id;
use crate::document::profile::{AGREEMENT, CIRCLE, NAME, NAMES, THREADS, decode_name};
use crate::document::{AGREEMENT_BYTES_MAX, TITLE_BYTES_MAX};
use crate::gate::{Change, Inspection, Refusal, Scalar};
use crate::ids::{ActorId, ThreadId};
use crate::time::TimestampMs;
use crate::trust::{Author, Role};

use super::rules::{allow, container, in_range, is_text, map_key, map_put, replaces_own_only, writes};

/// Everyone writes their own name, and begins conversations where they may; what belongs to the circle is the
/// facilitators'.
pub(super) fn inspect(genesis: &ActorId, author: &Author, change: &Change<'_>) -> Result<Inspection, Refusal> {
    for (op, number) in change.ops().zip(change.start_op..) {
        let op = op?;
        let key = map_key(&op)?;
        match container(genesis, &op) {
            Some(NAMES) => {
                allow(decode_id(key).is_some_and(|actor| actor == change.actor))?;
                allow(replaces_own_only(&op, change))?;
                let Scalar::Bytes(bytes) = map_put(&op)? else { return Err(Refusal::NotAllowed) };
                let (set, _) = decode_name(bytes).map_err(|_| Refusal::Malformed)?;
                in_range(set <= TimestampMs::LAST)?;
            }
            Some(CIRCLE) => {
                allow(author.role == Role::Facilitator)?;
                let max = match key {
                    NAME => TITLE_BYTES_MAX,
                    AGREEMENT => AGREEMENT_BYTES_MAX,
                    _ => return Err(Refusal::NotAllowed),
                };
                writes(&op, |value| is_text(value, max))?;
            }
            Some(THREADS) => {
                let thread: ThreadId = key.parse().map_err(|_| Refusal::NotAllowed)?;
                writes(&op, |value| is_text(value, TITLE_BYTES_MAX))?;
                let begins = || ActorId::from_slice(change.actor).map(|actor| ThreadId::begun(&actor, number));
                let is_new = author.begins && op.predecessors.is_empty() && begins() == Some(thread);
                allow(author.role == Role::Facilitator || is_new)?;
            }
            _ => return Err(Refusal::NotAllowed),
        }
    }
    Ok(Inspection::default())
}
