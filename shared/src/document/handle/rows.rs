//! What stands in a document of records, so that it can be told what of it changed.

use automerge::{ReadDoc, ScalarValueRef, ValueRef};

use super::Handle;
use crate::document::hidden::hidden_record;
use crate::document::key::split_id;
use crate::document::register::{all_scalars, author_of};
use crate::ids::ActorId;

/// A key, the op that wrote its value, and what a counter there adds up to.
type Row = (String, (ActorId, u64), i64);

/// The records, and what stands beside them under the keys of those who put it there; each in key order.
pub(super) struct Rows([Vec<Row>; 2]);

impl Rows {
    /// Reads both containers.
    pub(super) fn read(handle: &Handle, containers: [u64; 2]) -> Self {
        Self(containers.map(|container| {
            let object = handle.container(container);
            let mut rows: Vec<Row> = Vec::new();
            for item in handle.doc.map_range(&object, ..) {
                let key = item.key.to_string();
                if hidden_record(&key).is_some() {
                    // All that people say at the same time counts, not only what shows.
                    let said = all_scalars(&handle.doc, &object, &key);
                    rows.extend(said.into_iter().map(|(_, author, counter)| (key.clone(), (author, counter), 0)));
                } else if let Some(by) = author_of(&item.id()) {
                    rows.push((key, by, count(&item.value)));
                }
            }
            rows.sort_unstable();
            rows
        }))
    }

    /// Keys of the records that are new or changed in `after`, with what is beside them, sorted.
    pub(super) fn changed(&self, after: &Self) -> Vec<String> {
        let mut keys = Vec::new();
        for (container, (before, after)) in self.0.iter().zip(&after.0).enumerate() {
            let news = after.iter().filter(|row| before.binary_search(row).is_err());
            let gone = before.iter().filter(|row| after.binary_search(row).is_err());
            for (key, ..) in news.chain(gone) {
                let beside = || hidden_record(key).or_else(|| split_id(key).map(|(_, record)| record));
                let record = Some(()).filter(|()| container == 1).and_then(|()| beside());
                keys.push(record.unwrap_or(key).to_owned());
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
