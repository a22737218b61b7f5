use core::fmt;
use std::collections::BTreeMap;

use serde_json::Value;

use super::deed::Token;
use super::strategies::mark_of;

/// What did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The rule that was broken, and where.
    pub what: String,
    /// The end of the trace.
    pub trace: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.what)?;
        self.trace.iter().try_for_each(|line| writeln!(f, "    {line}"))
    }
}

/// What an export shows once, counted.
pub(super) fn shown(export: &Value) -> BTreeMap<Token, usize> {
    let mut counts = BTreeMap::new();
    let mut count = |token| *counts.entry(token).or_default() += 1;
    for circle in export["circles"].as_object().into_iter().flat_map(|circles| circles.values()) {
        for message in items(&circle["threads"]).flat_map(|thread| items(&thread["messages"])) {
            count(Token::Message(text(&message["text"])));
        }
        for note in items(&circle["notes"]) {
            items(&note["agenda"]).for_each(|item| count(Token::Item(text(&item["text"]))));
            items(&note["commitments"]).for_each(|item| count(Token::Item(text(&item["text"]))));
            words(&plain(note)).into_iter().for_each(|word| count(Token::Words(word)));
        }
        items(&circle["toolkit"]).filter_map(mark_of).for_each(|mark| count(Token::Strategy(mark)));
    }
    counts
}

/// A note's text without marks and blocks.
fn plain(note: &Value) -> String {
    items(&note["spans"]).map(|span| text(&span["text"])).collect()
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(from) = rest.find('<') {
        let Some(len) = rest[from..].find('>') else { break };
        words.push(rest[from..=from + len].to_owned());
        rest = &rest[from + len + 1..];
    }
    words
}

pub(super) fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The first place where two values differ.
pub(super) fn difference(a: &Value, b: &Value, path: &str) -> Option<String> {
    match (a, b) {
        (Value::Object(left), Value::Object(right)) => {
            let keys: std::collections::BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            keys.into_iter().find_map(|key| difference(&a[key.as_str()], &b[key.as_str()], &format!("{path}.{key}")))
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            (0..left.len()).find_map(|at| difference(&left[at], &right[at], &format!("{path}[{at}]")))
        }
        _ if a == b => None,
        _ => Some(format!("{path}: {a:.200} and {b:.200}")),
    }
}
