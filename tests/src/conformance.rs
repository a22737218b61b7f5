//! The storage conformance suite as JSON, for stores that are not written in Rust. Keys and values are lower-case hex,
//! trees their numbers, "no value" is `null`:
//!
//! ```json
//! [{"name": "…", "steps": [
//!   {"commit": {"expect": [[6, "00", null]], "puts": [[6, "00", "ff"]], "deletes": [[6, "01"]]}, "outcome": "committed"},
//!   {"read": [{"get": [6, "00"]}, {"has": [6, "01"]},
//!             {"range": [6, "00", ""], "rows_max": 9, "bytes_max": 100, "reverse": false}],
//!    "results": [{"value": "ff"}, {"value": null}, {"rows": [["00", "ff"]], "more": false}]},
//!   {"reopen": true}]}]
//! ```

use kith_shared::storage::conformance::{Case, Step, suite};
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult};
use serde_json::{Value, json};

/// All cases, as the module says.
#[must_use]
pub fn suite_json() -> Value {
    suite().iter().map(case).collect()
}

fn case(case: &Case) -> Value {
    json!({"name": case.name, "steps": case.steps.iter().map(step).collect::<Value>()})
}

fn step(step: &Step) -> Value {
    match step {
        Step::Commit { batch, outcome } => {
            let outcome = match outcome {
                CommitOutcome::Committed => "committed",
                CommitOutcome::Conflict => "conflict",
            };
            json!({"commit": commit(batch), "outcome": outcome})
        }
        Step::Read { reads, results } => {
            json!({"read": reads.iter().map(read).collect::<Value>(), "results": results.iter().map(result).collect::<Value>()})
        }
        Step::Reopen => json!({"reopen": true}),
    }
}

fn commit(Batch { expect, puts, deletes }: &Batch) -> Value {
    let expect = expect.iter().map(|(tree, key, value)| json!([tree.number(), hex(key), value.as_deref().map(hex)]));
    let puts = puts.iter().map(|(tree, key, value)| json!([tree.number(), hex(key), hex(value)]));
    let deletes = deletes.iter().map(|(tree, key)| json!([tree.number(), hex(key)]));
    json!({"expect": expect.collect::<Value>(), "puts": puts.collect::<Value>(), "deletes": deletes.collect::<Value>()})
}

fn read(read: &Read) -> Value {
    match read {
        Read::Get { tree, key } => json!({"get": [tree.number(), hex(key)]}),
        Read::Has { tree, key } => json!({"has": [tree.number(), hex(key)]}),
        Read::Range { tree, from, to, rows_max, bytes_max, reverse } => json!({
            "range": [tree.number(), hex(from), hex(to)],
            "rows_max": rows_max,
            "bytes_max": bytes_max,
            "reverse": reverse,
        }),
    }
}

fn result(result: &ReadResult) -> Value {
    match result {
        ReadResult::Value(value) => json!({"value": value.as_deref().map(hex)}),
        ReadResult::Rows { rows, more } => {
            let rows = rows.iter().map(|(key, value)| json!([hex(key), hex(value)]));
            json!({"rows": rows.collect::<Value>(), "more": more})
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_holds_every_case_and_step() {
        let json = suite_json();
        let cases = json.as_array().unwrap();
        assert_eq!(cases.len(), suite().len());
        for (case, expected) in cases.iter().zip(suite()) {
            assert_eq!(case["name"], expected.name);
            assert_eq!(case["steps"].as_array().unwrap().len(), expected.steps.len());
        }
    }

    #[test]
    fn each_kind_of_step_has_the_form_that_other_languages_read() {
        let text = suite_json().to_string();
        for form in ["{\"reopen\":true}", "\"outcome\":\"conflict\"", "\"expect\":[[", ",null]", "{\"value\":null}"] {
            assert!(text.contains(form), "{form}");
        }
        let range = Read::Range {
            tree: kith_shared::storage::Tree::Meta,
            from: vec![0],
            to: vec![],
            rows_max: 9,
            bytes_max: 1,
            reverse: true,
        };
        assert_eq!(read(&range)["range"][1], "00");
        assert_eq!(
            result(&ReadResult::Rows { rows: vec![(vec![0], vec![255])], more: true }),
            json!({"rows": [["00", "ff"]], "more": true})
        );
    }
}
