//! Between the store's data and plain arrays, by hand: thousands of rows pass here at a start. What leaves for the
//! store is sealed here and what comes back is opened here, so that no value lies on the phone in the clear.

use js_sys::{Array, Object, Reflect, Uint8Array};
use kith_shared::client::{HttpFailure, StoreFailure};
use kith_shared::seal::AtRestKey;
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

/// A batch as `WasmBatch`, its values sealed. Sealing is deterministic, so what is expected is compared sealed.
pub(crate) fn batch(batch: &Batch, key: &AtRestKey) -> JsValue {
    let sealed = |at: Tree, row: &[u8], value: &[u8]| bytes(&key.seal(at.number(), row, value));
    let expect = batch.expect.iter().map(|(at, row, value)| {
        let value = value.as_deref().map_or(JsValue::NULL, |value| sealed(*at, row, value));
        list([tree(*at), bytes(row), value].into_iter())
    });
    let puts =
        batch.puts.iter().map(|(at, row, value)| list([tree(*at), bytes(row), sealed(*at, row, value)].into_iter()));
    let deletes = batch.deletes.iter().map(|(at, row)| list([tree(*at), bytes(row)].into_iter()));
    object(&[("expect", list(expect)), ("puts", list(puts)), ("deletes", list(deletes))])
}

/// `WasmReadResult[]`, the answers to these reads, opened.
///
/// # Errors
/// `Corrupt` for a value that does not open, `Failed` for what is no answer.
pub(crate) fn results(reads: &[Read], results: &JsValue, key: &AtRestKey) -> Result<Vec<ReadResult>, StoreFailure> {
    let results = results.dyn_ref::<Array>().ok_or(StoreFailure::Failed)?;
    if results.length() as usize != reads.len() {
        return Err(StoreFailure::Failed);
    }
    reads.iter().zip(results.iter()).map(|(read, result)| read_result(read, &result, key)).collect()
}

fn read_result(read: &Read, result: &JsValue, key: &AtRestKey) -> Result<ReadResult, StoreFailure> {
    if result.is_null() {
        return Ok(ReadResult::Value(None));
    }
    let opened = |at: Tree, row: &[u8], sealed: &Uint8Array| {
        key.open(at.number(), row, &sealed.to_vec()).map_err(|_| StoreFailure::Corrupt { tree: at })
    };
    let at = match read {
        Read::Has { .. } => return Ok(ReadResult::Value(Some(Vec::new()))),
        Read::Get { tree, key: row } => {
            let sealed = result.dyn_ref::<Uint8Array>().ok_or(StoreFailure::Failed)?;
            return Ok(ReadResult::Value(Some(opened(*tree, row, sealed)?)));
        }
        Read::Range { tree, .. } => *tree,
    };
    let (rows, more) = range_parts(result).ok_or(StoreFailure::Failed)?;
    let rows = rows.iter().map(|row| {
        let (row, sealed) = row_parts(row).ok_or(StoreFailure::Failed)?;
        let value = opened(at, &row, &sealed)?;
        Ok((row, value))
    });
    Ok(ReadResult::Rows { rows: rows.collect::<Result<_, _>>()?, more })
}

fn range_parts(result: &JsValue) -> Option<(Array, bool)> {
    let field = |name: &str| Reflect::get(result, &JsValue::from_str(name)).ok();
    Some((field("rows")?.dyn_into::<Array>().ok()?, field("more")?.as_bool()?))
}

fn row_parts(row: JsValue) -> Option<(Vec<u8>, Uint8Array)> {
    let row = row.dyn_into::<Array>().ok()?;
    let part = |at: u32| row.get(at).dyn_into::<Uint8Array>().ok();
    Some((part(0)?.to_vec(), part(1)?))
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
