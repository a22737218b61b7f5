//! What a phone shows in the end.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Kind, Look, MARK, Person, items, marks_in, text};

/// Most messages that are asked for.
const MESSAGES_MAX: u32 = 2_000;
/// Most hits that are asked for.
const HITS_MAX: u32 = 500;
/// Digits of the id of a thread of the circle's; that of one between two is a member's, which is longer.
const THREAD_DIGITS: usize = 16;
/// Times a search is asked for until all is ready.
const SEARCHES_MAX: usize = 8;

/// A text that a phone shows.
#[derive(Clone, Debug)]
pub(super) struct Sight {
    pub(super) mark: String,
    pub(super) kind: Kind,
    /// Names of the people whom it says that it is for, where it says so.
    pub(super) to: Option<Vec<String>>,
    pub(super) hidden: bool,
    /// Of a commitment, what the other said.
    pub(super) answer: Option<bool>,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Seen {
    pub(super) sights: Vec<Sight>,
    /// Marks that a search found, each as often as it did.
    pub(super) found: Vec<String>,
    /// Marks in one's own record.
    pub(super) record: Vec<String>,
    /// Whom this phone's person blocked, by name.
    pub(super) blocked: BTreeSet<String>,
    /// Who agreed to what the agreement says, by name.
    pub(super) agreed: BTreeSet<String>,
    /// What it is called; empty where there is none.
    pub(super) digest: String,
    pub(super) leads: bool,
    /// Names of who is in the circle.
    pub(super) people: BTreeSet<String>,
}

/// What a phone shows; `problem` where something of it can't be.
pub(in crate::sim) fn seen(circle: &str, people: &[Person], look: &mut Look<'_>) -> Result<Seen, String> {
    let mut asked = |cmd: &str, mut fields: Value| {
        (fields["cmd"], fields["circle"]) = (json!(cmd), json!(circle));
        let reply = look(fields.clone());
        if reply.is_null() { Err(format!("{fields} was refused")) } else { Ok(reply) }
    };
    let mut seen = Seen::default();
    let names: BTreeMap<&str, &str> = people.iter().map(|it| (it.member.as_str(), it.name.as_str())).collect();
    let name = |member: &Value| names.get(text(member)).map(|name| (*name).to_owned());
    let about = asked("circle", json!({}))?;
    seen.leads = about["me"]["role"] == "facilitator";
    seen.people = items(&about["members"]).filter_map(|it| name(&it["member"])).collect();
    seen.agreed = items(&about["agreed"]).filter_map(name).collect();
    seen.digest = text(&about["agreementDigest"]).to_owned();
    for line in items(&about["lines"]) {
        let all: BTreeSet<String> = items(&line["contested"])
            .map(|it| &it["value"])
            .chain([&line["text"]])
            .flat_map(|it| marks_in(text(it)))
            .collect();
        seen.sights.extend(all.into_iter().map(|mark| sight(mark, Kind::Line)));
    }
    for thread in items(&asked("threads", json!({}))?) {
        let with = name(&thread["with"]);
        let kind = if with.is_some() { Kind::Pair } else { Kind::Message };
        let open = asked("openThread", json!({"thread": thread["thread"], "limit": MESSAGES_MAX}))?;
        for message in items(&open["messages"]) {
            seen.see(message, &message["text"], kind, with.clone().map(|it| vec![it]));
        }
    }
    for story in items(&asked("stories", json!({}))?) {
        let to = items(&story["to"]).map(|it| text(it).to_owned()).collect();
        let to = (story["mine"] == true).then_some(to);
        seen.see(story, &json!(format!("{}", story["told"])), Kind::Story, to);
    }
    let kept = asked("commitments", json!({}))?;
    for it in items(&kept["commitments"]) {
        seen.see(it, &it["words"], Kind::Commitment, Some(name(&it["with"]).into_iter().collect()));
    }
    for it in items(&kept["attempts"]) {
        seen.see(it, &it["note"], Kind::Attempt, Some(name(&it["with"]).into_iter().collect()));
    }
    for line in items(&asked("plan", json!({}))?["lines"]) {
        seen.see(line, &line["text"], Kind::Plan, Some(Vec::new()));
    }
    for entry in items(&asked("journal", json!({"months": 120}))?["entries"]) {
        seen.see(entry, &json!(format!("{}", entry["entry"])), Kind::Journal, Some(Vec::new()));
    }
    let chosen = asked("choices", json!({}))?;
    let blocked = items(&chosen["choices"]).filter(|it| it["kind"] == "blocked");
    seen.blocked = blocked.filter_map(|it| name(&it["member"])).collect();
    seen.found = found(&mut asked)?;
    seen.record = record(&mut asked)?;
    Ok(seen)
}

fn sight(mark: String, kind: Kind) -> Sight {
    Sight { mark, kind, to: None, hidden: false, answer: None }
}

impl Seen {
    fn see(&mut self, of: &Value, said: &Value, kind: Kind, to: Option<Vec<String>>) {
        let (hidden, answer) = (of["hidden"].is_object(), of["answer"]["accepted"].as_bool());
        let marks = marks_in(text(said)).into_iter();
        self.sights.extend(marks.map(|mark| Sight { to: to.clone(), hidden, answer, ..sight(mark, kind) }));
    }
}

/// What a search for all marks finds once everything is ready to be searched.
fn found(asked: &mut impl FnMut(&str, Value) -> Result<Value, String>) -> Result<Vec<String>, String> {
    for _ in 0..SEARCHES_MAX {
        let found = asked("search", json!({"words": MARK, "limit": HITS_MAX}))?;
        if found["pending"] == 0 {
            let hits = items(&found["hits"]);
            return Ok(hits
                .flat_map(|hit| marks_in(&format!("{} {}", hit["title"], hit["excerpt"])).into_iter().take(1))
                .collect());
        }
    }
    Err("a search is never ready".to_owned())
}

fn record(asked: &mut impl FnMut(&str, Value) -> Result<Value, String>) -> Result<Vec<String>, String> {
    let (mut marks, mut document) = (Vec::new(), Value::Null);
    loop {
        let page = asked("record", json!({"document": document}))?;
        for item in items(&page["items"]) {
            marks.extend(marks_in(&format!("{item}")).into_iter().collect::<BTreeSet<_>>());
        }
        document = page["next"].clone();
        if document.is_null() {
            return Ok(marks);
        }
    }
}

/// An export as all phones must show it: words between two are theirs, what is hidden is told to its author and the facilitators alone, and what
/// changed since one agreed is one's own.
pub(in crate::sim) fn alike(mut export: Value) -> Value {
    for circle in export["circles"].as_object_mut().into_iter().flat_map(|circles| circles.values_mut()) {
        if let Some(threads) = circle["threads"].as_array_mut() {
            threads.retain(|thread| text(&thread["thread"]).len() == THREAD_DIGITS);
        }
        for thread in circle["threads"].as_array_mut().into_iter().flatten() {
            thread["messages"].as_array_mut().into_iter().flatten().for_each(without_words);
        }
        circle["toolkit"].as_array_mut().into_iter().flatten().for_each(without_words);
    }
    export
}

fn without_words(record: &mut Value) {
    if record["hidden"].is_object() {
        for field in ["text", "title", "moments", "body"] {
            if !record[field].is_null() {
                record[field] = Value::Null;
            }
        }
    }
}

/// Leaves out of two exports the documents that only one of them has: what is one's own, or between two.
pub(in crate::sim) fn in_both(one: &mut Value, other: &mut Value) {
    let names = |export: &Value| -> BTreeSet<String> {
        let circles = export["circles"].as_object().into_iter().flat_map(|circles| circles.values());
        let all = circles.filter_map(|circle| circle["documents"].as_object());
        all.flat_map(|all| all.keys().cloned()).collect()
    };
    let (ours, theirs) = (names(one), names(other));
    for export in [one, other] {
        for circle in export["circles"].as_object_mut().into_iter().flat_map(|circles| circles.values_mut()) {
            if let Some(documents) = circle["documents"].as_object_mut() {
                documents.retain(|name, _| ours.contains(name) && theirs.contains(name));
            }
        }
    }
}
