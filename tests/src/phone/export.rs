use kith_shared::client::{Problem, ProblemCode};
use kith_shared::ids::{CircleId, DocumentId};
use kith_shared::storage::{Read, ReadResult, Tree};
use kith_shared::sync::DocumentState;
use kith_shared::time::Now;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{PhoneStore, Shell};

/// Messages that are exported of a thread, newest first.
const MESSAGES_MAX: u32 = 2_000;
/// What differs from phone to phone though they hold the same.
const LOCAL_FIELDS: [&str; 11] =
    ["me", "mine", "ownName", "helpedMe", "safety", "unread", "changed", "version", "outbox", "status", "excerpt"];

/// Everything on a phone, as the page would be shown it: circles with their people, notes and threads, and
/// for each document its count of entries and the digests of clock and heads.
///
/// What was typed becomes changes first, as when a note leaves the screen.
///
/// # Errors
/// The first problem that the engine names.
pub fn export<S: PhoneStore>(shell: &mut Shell<S>, now: impl Into<Now>) -> Result<Value, Problem> {
    let now = now.into();
    let mut told = |command: Value| -> Result<Value, Problem> {
        let command = serde_json::from_value(command).map_err(|error| broken(&error.to_string()))?;
        serde_json::to_value(shell.ask_here(command, now)?).map_err(|error| broken(&error.to_string()))
    };
    told(json!({"cmd": "flush"}))?;
    let mut circles = Map::new();
    for summary in list(told(json!({"cmd": "circles"}))?) {
        let circle = text(&summary, "circle");
        let mut notes = Vec::new();
        for note in list(told(json!({"cmd": "notes", "circle": circle}))?) {
            let document = text(&note, "document");
            notes.push(told(json!({"cmd": "openNote", "document": document}))?);
            told(json!({"cmd": "close", "document": document}))?;
        }
        let mut threads = Vec::new();
        for thread in list(told(json!({"cmd": "threads", "circle": circle}))?) {
            let id = text(&thread, "thread");
            threads.push(told(json!({"cmd": "openThread", "circle": circle, "thread": id, "limit": MESSAGES_MAX}))?);
        }
        let people = told(json!({"cmd": "circle", "circle": circle}))?;
        let toolkit = with_own_name(told(json!({"cmd": "toolkit", "circle": circle}))?, &people);
        circles.insert(circle, json!({"circle": people, "notes": notes, "threads": threads, "toolkit": toolkit}));
    }
    let (outbox, status) = (told(json!({"cmd": "outbox"}))?, told(json!({"cmd": "status"}))?);
    for (circle, shown) in &mut circles {
        shown["documents"] = documents(&mut shell.store, circle)?;
    }
    Ok(json!({"circles": circles, "outbox": outbox, "status": status}))
}

/// Strategies with everyone's name in `helped`, this phone's person among them, so that all phones list the same.
fn with_own_name(mut toolkit: Value, people: &Value) -> Vec<Value> {
    for strategy in toolkit.as_array_mut().into_iter().flatten() {
        let mut helped = list(strategy["helped"].take());
        helped.extend((strategy["helpedMe"] == true).then(|| people["me"]["name"].clone()));
        helped.sort_unstable_by_key(ToString::to_string);
        strategy["helped"] = Value::Array(helped);
    }
    list(toolkit)
}

fn documents(store: &mut impl PhoneStore, circle: &str) -> Result<Value, Problem> {
    let circle: CircleId = circle.parse().map_err(|_| broken("a circle's id"))?;
    let from = circle.as_bytes().to_vec();
    let to = kith_shared::sync::key::after_prefix(&from);
    let (rows_max, bytes_max) = (usize::MAX, usize::MAX);
    let read = Read::Range { tree: Tree::Documents, from, to, rows_max, bytes_max, reverse: false };
    let results = store.read(&[read]).map_err(|_| broken("the store"))?;
    let mut found = Map::new();
    for (key, value) in results.into_iter().flat_map(ReadResult::rows) {
        let document = key.get(CircleId::LEN..).and_then(DocumentId::from_slice);
        let document = document.ok_or_else(|| broken("a document's key"))?;
        let state = DocumentState::decode(&value).map_err(|error| broken(&error.to_string()))?;
        found.insert(
            document.to_string(),
            json!({
                "entries": state.entries,
                "clock": hex(&state.clock_digest()),
                "heads": hex(&state.heads_digest()),
            }),
        );
    }
    Ok(Value::Object(found))
}

/// The SHA-256, in hex, of an export without what is the phone's own (`me`, `safety`, `unread` and such):
/// equal on two phones that hold the same.
#[must_use]
pub fn digest_of(export: &Value) -> String {
    hex(&Sha256::digest(canonical(&without_local(export)).as_bytes()))
}

/// JSON in one form: keys sorted, no space.
#[must_use]
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_unstable();
            let pair = |key: &String| format!("{}:{}", Value::from(key.as_str()), canonical(&map[key]));
            format!("{{{}}}", keys.into_iter().map(pair).collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

pub(crate) fn without_local(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(key, _)| !LOCAL_FIELDS.contains(&key.as_str()));
            Value::Object(kept.map(|(key, value)| (key.clone(), without_local(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_local).collect()),
        other => other.clone(),
    }
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        _ => Vec::new(),
    }
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn broken(what: &str) -> Problem {
    Problem::new(ProblemCode::StorageCorrupt, format_args!("the export stopped at {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_phones_that_hold_the_same_have_one_digest() {
        let mine = json!({"b": [1, {"mine": true, "text": "é\n"}], "a": null, "status": {"state": "idle"}});
        let yours = json!({"a": null, "b": [1, {"text": "é\n", "mine": false}], "status": {"state": "failed"}});
        assert_eq!(digest_of(&mine), digest_of(&yours));
        assert_eq!(canonical(&without_local(&mine)), r#"{"a":null,"b":[1,{"text":"é\n"}]}"#);
        assert_ne!(digest_of(&mine), digest_of(&json!({"a": 1})));
    }
}
