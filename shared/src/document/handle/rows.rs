//! What stands in a document of records, so that it can be told what of it changed.

use automerge::{ReadDoc, ScalarValueRef, ValueRef};

use super::Handle;
use crate::document::key::split_id;
use crate::document::register::author_of;
use crate::ids::ActorId;

/// A key, the op that wrote its value, and what a counter there adds up to.
type Row = (String, (ActorId, u64), i64);

/// The records, and what stands beside them under the keys of those who put it there; each in key order.
pub(super) struct Rows([Vec<Row>; 2]);

impl Rows {
    /// Reads both containers.
    pub(super) fn read(handle: &Handle, containers: [u64; 2]) -> Self {
        Self(containers.map(|container| {
            let items = handle.doc.map_range(handle.container(container), ..);
            let mut rows: Vec<Row> = items
                .filter_map(|item| Some((item.key.to_string(), author_of(&item.id())?, count(&item.value))))
                .collect();
            rows.sort_unstable();
            rows
        }))
    }

    /// Keys of the records that are new or changed in `after`, with what is beside them, sorted.
    pub(super) fn changed(&self, after: &Self) -> Vec<String> {
        let mut keys = Vec::new();
        for (container, (before, after)) in self.0.iter().zip(&after.0).enumerate() {
            let news = after.iter().filter(|row| before.binary_search(row).is_err());
            let gone = before.iter().filter(|row| after.binary_search_by(|other| other.0.cmp(&row.0)).is_err());
            for (key, ..) in news.chain(gone) {
                match split_id(key) {
                    Some((_, record)) if container == 1 => keys.push(record.to_owned()),
                    _ => keys.push(key.clone()),
                }
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

fn count(value: &ValueRef<'_>) -> i64 {
    if let ValueRef::Scalar(ScalarValueRef::Counter(count)) = value { *count } else { 0 }
}
