//! Values that people wrote at the same time: all of them, until someone chooses.

use automerge::{AutoCommit, ObjId, ScalarValue};

use crate::ids::ActorId;
use crate::time::Day;

use super::super::register::distinct;
use super::{CommitmentState, ITEM_DONE, ITEM_DUE, ITEM_STATE, ITEM_TEXT, Written};

impl Written {
    /// What stands in the field of an item with this end of its key.
    fn of(field: &str, value: &ScalarValue) -> Option<Self> {
        match field {
            ITEM_TEXT => value.as_str().map(|text| Self::Text(text.to_owned())),
            ITEM_DONE => value.as_bool().map(Self::Done),
            ITEM_DUE => day_of(value).map(Self::Day),
            ITEM_STATE => state_of(value).map(Self::State),
            _ => None,
        }
    }
}

/// All values of these fields of an item that more than one was written in at once, each field's winning one first.
pub(in crate::document) fn contested(
    doc: &AutoCommit,
    container: &ObjId,
    fields: &[(&str, String)],
) -> Vec<(Written, ActorId)> {
    let mut all = Vec::new();
    for (field, key) in fields {
        let mut values = distinct(doc, container, key, |value| Written::of(field, value));
        if values.len() > 1 {
            all.append(&mut values);
        }
    }
    all
}

/// The day in a value, when it is one that may be written.
pub(in crate::document) fn day_of(value: &ScalarValue) -> Option<Day> {
    u32::try_from(value.as_u64()?).ok().map(Day).filter(|day| day.is_allowed())
}

pub(in crate::document) fn state_of(value: &ScalarValue) -> Option<CommitmentState> {
    CommitmentState::ALL.get(usize::try_from(value.as_u64()?).ok()?).copied()
}
