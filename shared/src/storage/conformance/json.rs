use core::fmt::Write;

use super::{Case, Step, suite};
use crate::storage::{Batch, CommitOutcome, Read, ReadResult, Tree};

/// The suite as JSON, for a store that is not written in Rust. Keys and values are lower-case hex, trees their
/// numbers, "no value" is `null`:
///
/// ```json
/// [{"name": "…", "steps": [
///   {"commit": {"expect": [[6, "00", null]], "puts": [[6, "00", "ff"]], "deletes": [[6, "01"]]}, "outcome": "committed"},
///   {"read": [{"get": [6, "00"]}, {"has": [6, "01"]},
///             {"range": [6, "00", ""], "rows_max": 9, "bytes_max": 100, "reverse": false}],
///    "results": [{"value": "ff"}, {"value": null}, {"rows": [["00", "ff"]], "more": false}]},
///   {"reopen": true}]}]
/// ```
#[must_use]
pub fn suite_json() -> String {
    list(suite().iter().map(case))
}

fn case(case: &Case) -> String {
    format!("{{\"name\":\"{}\",\"steps\":{}}}", case.name, list(case.steps.iter().map(step)))
}

fn step(step: &Step) -> String {
    match step {
        Step::Commit { batch, outcome } => {
            let outcome = match outcome {
                CommitOutcome::Committed => "committed",
                CommitOutcome::Conflict => "conflict",
            };
            format!("{{\"commit\":{},\"outcome\":\"{outcome}\"}}", commit(batch))
        }
        Step::Read { reads, results } => {
            format!("{{\"read\":{},\"results\":{}}}", list(reads.iter().map(read)), list(results.iter().map(result)))
        }
        Step::Reopen => "{\"reopen\":true}".to_owned(),
    }
}

fn commit(batch: &Batch) -> String {
    let expect =
        batch.expect.iter().map(|(tree, key, value)| format!("[{},{}]", at(*tree, key), optional(value.as_deref())));
    let puts = batch.puts.iter().map(|(tree, key, value)| format!("[{},{}]", at(*tree, key), hex(value)));
    let deletes = batch.deletes.iter().map(|(tree, key)| format!("[{}]", at(*tree, key)));
    format!("{{\"expect\":{},\"puts\":{},\"deletes\":{}}}", list(expect), list(puts), list(deletes))
}

fn read(read: &Read) -> String {
    match read {
        Read::Get { tree, key } => format!("{{\"get\":[{}]}}", at(*tree, key)),
        Read::Has { tree, key } => format!("{{\"has\":[{}]}}", at(*tree, key)),
        Read::Range { tree, from, to, rows_max, bytes_max, reverse } => format!(
            "{{\"range\":[{},{}],\"rows_max\":{rows_max},\"bytes_max\":{bytes_max},\"reverse\":{reverse}}}",
            at(*tree, from),
            hex(to)
        ),
    }
}

fn result(result: &ReadResult) -> String {
    match result {
        ReadResult::Value(value) => format!("{{\"value\":{}}}", optional(value.as_deref())),
        ReadResult::Rows { rows, more } => {
            let rows = rows.iter().map(|(key, value)| format!("[{},{}]", hex(key), hex(value)));
            format!("{{\"rows\":{},\"more\":{more}}}", list(rows))
        }
    }
}

fn at(tree: Tree, key: &[u8]) -> String {
    format!("{},{}", tree.number(), hex(key))
}

fn optional(bytes: Option<&[u8]>) -> String {
    bytes.map_or_else(|| "null".to_owned(), hex)
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2 + 2);
    text.push('"');
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text.push('"');
    text
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_holds_every_case_and_step() {
        let json: serde_json::Value = serde_json::from_str(&suite_json()).unwrap();
        let cases = json.as_array().unwrap();
        assert_eq!(cases.len(), suite().len());
        for (case, expected) in cases.iter().zip(suite()) {
            assert_eq!(case["name"], expected.name);
            assert_eq!(case["steps"].as_array().unwrap().len(), expected.steps.len());
        }
    }
}
