use crate::document::key::{split_id, split_item};
use crate::document::profile::{
    ABOUT_ALCOHOL, AGREED, AGREEMENT, CIRCLE, CLOSING, FOLLOW_UP_BY, FOLLOW_UP_WHO, LINE_CHECKED, LINE_HOURS,
    LINE_LANGUAGE, LINE_NAME, LINE_PHONE, LINE_REGION, LINE_SMS, NAME, NAMES, OPENING, ROLE_MEMBER, ROLE_NAME,
    RULE_TEXT, THREADS, decode_agreed, decode_name,
};
use crate::document::{AGREEMENT_BYTES_MAX, FIELD_BYTES_MAX, HELPLINE_BYTES_MAX, ITEM_BYTES_MAX, TITLE_BYTES_MAX};
use crate::gate::{Action, Change, Inspection, Op, Refusal, Scalar};
use crate::ids::{ActorId, MemberId, ThreadId};
use crate::time::{Day, TimestampMs};
use crate::trust::{Author, Role, is_number};

use super::rules::{allow, container, in_range, is_text, map_key, map_put, replaces_own_only, writes};

/// Everyone writes their own name and what they agreed to, and begins conversations where they may; what belongs to the circle is the
/// facilitators'.
pub(super) fn inspect(genesis: &ActorId, author: &Author, change: &Change<'_>) -> Result<Inspection, Refusal> {
    for (op, number) in change.ops().zip(change.start_op..) {
        let op = op?;
        let key = map_key(&op)?;
        match container(genesis, &op) {
            Some(NAMES) => {
                let (actor, end) = split_id(key).ok_or(Refusal::NotAllowed)?;
                allow(actor == change.actor && replaces_own_only(&op, change))?;
                let Scalar::Bytes(bytes) = map_put(&op)? else { return Err(Refusal::NotAllowed) };
                let set = match end {
                    "" => decode_name(bytes).map(|(set, _)| set),
                    AGREED => decode_agreed(bytes).map(|(said, _)| said),
                    _ => return Err(Refusal::NotAllowed),
                };
                in_range(set.map_err(|_| Refusal::Malformed)? <= TimestampMs::LAST)?;
            }
            Some(CIRCLE) => {
                allow(author.role == Role::Facilitator)?;
                match split_item(key) {
                    Some((_, field)) => item(&op, field)?,
                    None => circle_field(&op, key)?,
                }
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

fn circle_field(op: &Op<'_>, key: &str) -> Result<(), Refusal> {
    let max = match key {
        NAME => TITLE_BYTES_MAX,
        AGREEMENT | OPENING | CLOSING => AGREEMENT_BYTES_MAX,
        FOLLOW_UP_WHO | FOLLOW_UP_BY => FIELD_BYTES_MAX,
        ABOUT_ALCOHOL => return writes(op, |value| matches!(value, Scalar::Boolean(_))),
        _ => return Err(Refusal::NotAllowed),
    };
    writes(op, |value| is_text(value, max))
}

/// A field of a helpline, of a line of the agreement, or of a role.
fn item(op: &Op<'_>, field: &str) -> Result<(), Refusal> {
    match (field, op.action, &op.value) {
        (LINE_CHECKED, Action::Put, Scalar::Uint(day)) => {
            in_range(u32::try_from(*day).is_ok_and(|day| Day(day).is_allowed()))?;
            writes(op, |_| true)
        }
        (LINE_CHECKED, ..) => writes(op, |_| false),
        (LINE_PHONE | LINE_SMS, ..) => writes(op, |value| matches!(value, Scalar::Text(number) if is_number(number))),
        (RULE_TEXT, ..) => writes(op, |value| is_text(value, ITEM_BYTES_MAX)),
        (ROLE_MEMBER, ..) => writes(op, |value| matches!(value, Scalar::Bytes(it) if it.len() == MemberId::LEN)),
        (LINE_NAME | LINE_REGION | LINE_HOURS | LINE_LANGUAGE | ROLE_NAME, ..) => {
            writes(op, |value| is_text(value, HELPLINE_BYTES_MAX))
        }
        _ => Err(Refusal::NotAllowed),
    }
}
