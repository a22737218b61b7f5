//! Between the store's data and plain arrays, by hand: thousands of rows pass here at a start.

use js_sys::{Array, Object, Reflect, Uint8Array};
use kith_shared::client::{HttpFailure, StoreFailure};
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Tree};
use wasm_bindgen::{JsCast, JsValue};

/// An object with these fields.
pub(crate) fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        set(&object, name, value);
    }
    object.into()
}

/// Sets a field of an object of our own, which takes every field.
fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// A copy of bytes on the other side.
pub(crate) fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

fn list(items: impl Iterator<Item = JsValue>) -> JsValue {
    items.collect::<Array>().into()
}

fn tree(tree: Tree) -> JsValue {
    JsValue::from(tree.number())
}

#[allow(clippy::cast_precision_loss, reason = "a limit beyond 2^53 is none")]
fn limit(limit: usize) -> JsValue {
    JsValue::from_f64(limit as f64)
}

/// Reads as `WasmRead[]`.
pub(crate) fn reads(reads: &[Read]) -> JsValue {
    list(reads.iter().map(|read| {
        match read {
            Read::Get { tree: at, key } => list([JsValue::from_str("get"), tree(*at), bytes(key)].into_iter()),
            Read::Has { tree: at, key } => list([JsValue::from_str("has"), tree(*at), bytes(key)].into_iter()),
            Read::Range { tree: at, from, to, rows_max, bytes_max, reverse } => list(
                [
                    JsValue::from_str("range"),
                    tree(*at),
                    bytes(from),
                    bytes(to),
                    limit(*rows_max),
                    limit(*bytes_max),
                    JsValue::from_bool(*reverse),
                ]
                .into_iter(),
            ),
        }
    }))
}

/// A batch as `WasmBatch`.
pub(crate) fn batch(batch: &Batch) -> JsValue {
    let expect = batch.expect.iter().map(|(at, key, value)| {
        let value = value.as_deref().map_or(JsValue::NULL, bytes);
        list([tree(*at), bytes(key), value].into_iter())
    });
    let puts = batch.puts.iter().map(|(at, key, value)| list([tree(*at), bytes(key), bytes(value)].into_iter()));
    let deletes = batch.deletes.iter().map(|(at, key)| list([tree(*at), bytes(key)].into_iter()));
    object(&[("expect", list(expect)), ("puts", list(puts)), ("deletes", list(deletes))])
}

/// `WasmReadResult[]`; `None` when it is something else.
pub(crate) fn results(results: &JsValue) -> Option<Vec<ReadResult>> {
    results.dyn_ref::<Array>()?.iter().map(|result| read_result(&result)).collect()
}

fn read_result(result: &JsValue) -> Option<ReadResult> {
    if result.is_null() {
        return Some(ReadResult::Value(None));
    }
    if let Some(bytes) = result.dyn_ref::<Uint8Array>() {
        return Some(ReadResult::Value(Some(bytes.to_vec())));
    }
    let field = |name: &str| Reflect::get(result, &JsValue::from_str(name)).ok();
    let rows = field("rows")?.dyn_into::<Array>().ok()?;
    let rows = rows.iter().map(|row| {
        let row = row.dyn_into::<Array>().ok()?;
        let part = |at: u32| row.get(at).dyn_into::<Uint8Array>().ok();
        Some((part(0)?.to_vec(), part(1)?.to_vec()))
    });
    Some(ReadResult::Rows { rows: rows.collect::<Option<_>>()?, more: field("more")?.as_bool()? })
}

/// `WasmCommitted`; whatever is none of it is a failure.
pub(crate) fn committed(outcome: &JsValue) -> Result<CommitOutcome, StoreFailure> {
    match outcome.as_string().as_deref() {
        Some("committed") => Ok(CommitOutcome::Committed),
        Some("conflict") => Ok(CommitOutcome::Conflict),
        _ => Err(store_failure(outcome)),
    }
}

/// `WasmStoreFailure`.
pub(crate) fn store_failure(failure: &JsValue) -> StoreFailure {
    match failure.as_string().as_deref() {
        Some("full") => StoreFailure::Full,
        _ => StoreFailure::Failed,
    }
}

/// `WasmHttpFailure`.
pub(crate) fn http_failure(failure: &JsValue) -> HttpFailure {
    match failure.as_string().as_deref() {
        Some("not-our-server") => HttpFailure::NotOurServer,
        Some("server") => HttpFailure::Server,
        _ => HttpFailure::Unreachable,
    }
}
