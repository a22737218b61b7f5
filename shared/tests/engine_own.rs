//! What a member keeps for themself, through the engine and the real hub: the plan for hard moments, and the journal.
#![allow(clippy::unwrap_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{another_phone, ask, bytes_of, contains, invited, leader, member, refused, settle, sync};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::document::{DocumentName, Subject};
use kith_shared::storage::Tree;
use serde_json::{Value, json};

const DAY: u32 = 20_000;

fn plan(phone: &mut Phone, server: &mut Server) -> Vec<Value> {
    let plan = ask(phone, server, json!({"cmd": "plan", "circle": CIRCLE.to_string()}));
    plan["lines"].as_array().unwrap().clone()
}

fn line(part: &str, text: &str, phone: &str, replaces: Option<&Value>) -> Value {
    json!({"cmd": "addPlanLine", "circle": CIRCLE.to_string(), "part": part, "text": text, "phone": phone,
        "replaces": replaces})
}

fn journal(phone: &mut Phone, server: &mut Server) -> Vec<Value> {
    let journal = ask(phone, server, json!({"cmd": "journal", "circle": CIRCLE.to_string(), "months": 3}));
    journal["entries"].as_array().unwrap().clone()
}

fn entry(day: u32, entry: &Value, replaces: Option<&Value>) -> Value {
    json!({"cmd": "addEntry", "circle": CIRCLE.to_string(), "day": day, "entry": entry, "replaces": replaces})
}

fn words(text: &str) -> Value {
    json!({"kind": "text", "text": text})
}

fn texts(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["text"].as_str().unwrap()).collect()
}

fn said(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["entry"]["text"].as_str().unwrap()).collect()
}

/// Ana, who leads, and Ben.
fn two(server: &mut Server) -> (Phone, Phone) {
    let mut ana = leader(server, 1);
    let mut ben = invited(server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], server);
    (ana, ben)
}

/// Another phone of Ben's.
fn second(server: &mut Server, ben: &mut Phone, seed: u8) -> Phone {
    let me = member(ben, server, "Ben");
    another_phone(server, ben, (&me, "Ben"), false, seed)
}

#[test]
fn a_plan_is_written_line_by_line_stands_in_its_order_and_is_safe() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    assert_eq!(plan(&mut ben, &mut server), Vec::<Value>::new());
    ben.online = false;
    let safer = ask(&mut ben, &mut server, line("safer", "Give the pills to Amina.", "", None));
    assert_eq!((&safer["part"], &safer["safety"], &safer["body"]), (&json!("safer"), &json!("phone"), &json!("here")));
    ask(&mut ben, &mut server, line("ask", " Amina, next door ", " 0700 12-34 ", None));
    ask(&mut ben, &mut server, line("signs", "I stop answering.", "", None));
    let outbox = ask(&mut ben, &mut server, json!({"cmd": "outbox"}));
    assert_eq!(outbox[0]["kind"], "plan");
    let lines = plan(&mut ben, &mut server);
    assert_eq!(texts(&lines), ["I stop answering.", "Amina, next door", "Give the pills to Amina."]);
    assert_eq!(lines[1]["phone"], "0700 12-34");
    ben.online = true;
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert!(plan(&mut ben, &mut server).iter().all(|line| line["safety"] == "safe"));
    let mut again = Phone::over(ben.store.clone(), 24);
    again.now = ben.now;
    assert_eq!(texts(&plan(&mut again, &mut server)), texts(&lines), "it opens with no network");
    assert_eq!(plan(&mut ana, &mut server), Vec::<Value>::new(), "hers is another");
    assert!(!contains(&bytes_of(&server.store), b"next door"));
}

#[test]
fn p19_a_line_that_was_changed_or_taken_back_is_gone_from_the_server_and_every_phone() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let first = ask(&mut ben, &mut server, line("ask", "My brother, who must not know.", "", None));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let body = server.store.rows(Tree::Bodies).map(|(_, value)| value.to_vec()).max_by_key(Vec::len).unwrap();
    let changed = ask(&mut ben, &mut server, line("ask", "Amina.", "", Some(&first["key"])));
    assert_eq!(changed["replaces"], first["key"]);
    assert_eq!(texts(&plan(&mut ben, &mut server)), ["Amina."]);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let is_there = |store| contains(&bytes_of(store), &body);
    assert!(!is_there(&server.store) && !is_there(&ben.store));
    let remove = json!({"cmd": "removePlanLine", "circle": CIRCLE.to_string(), "key": changed["key"]});
    ask(&mut ben, &mut server, remove.clone());
    assert_eq!(plan(&mut ben, &mut server), Vec::<Value>::new());
    ask(&mut ben, &mut server, remove);
    let unknown = json!({"cmd": "removePlanLine", "circle": CIRCLE.to_string(), "key": "nothing"});
    assert_eq!(refused(&mut ben, &mut server, unknown), "unknown-document");
}

#[test]
fn p04_two_phones_that_change_one_line_apart_keep_both_until_their_owner_chooses() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let first = ask(&mut ben, &mut server, line("myself", "Walk.", "", None));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let mut other = second(&mut server, &mut ben, 5);
    settle(&mut [&mut ana, &mut ben, &mut other], &mut server);
    assert_eq!(texts(&plan(&mut other, &mut server)), ["Walk."], "it has what the first phone wrote");
    for (phone, text) in [(&mut ben, "Walk to the river."), (&mut other, "Walk with the dog.")] {
        phone.online = false;
        ask(phone, &mut server, line("myself", text, "", Some(&first["key"])));
        phone.online = true;
    }
    settle(&mut [&mut ana, &mut ben, &mut other], &mut server);
    let lines = plan(&mut ben, &mut server);
    let mut both = texts(&lines);
    both.sort_unstable();
    assert_eq!(both, ["Walk to the river.", "Walk with the dog."]);
    assert!(lines.iter().all(|line| line["replaces"] == first["key"]), "{lines:?}");
    assert_eq!(plan(&mut other, &mut server).len(), 2);
}

#[test]
fn other_phones_are_given_nothing_of_what_somebody_keeps_for_themself() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let id = member(&mut ana, &mut server, "Ben");
    ask(&mut ben, &mut server, line("signs", "I stop answering.", "", None));
    ask(&mut ben, &mut server, entry(DAY, &words("A long day."), None));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let mut cat = invited(&mut server, &mut ana, 3, "Cat", true);
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let owner = id.parse().unwrap();
    let plan = DocumentName::new(Subject::Plan { member: owner }).id(&CIRCLE.id());
    let month = ben.now.day().month();
    let journal = DocumentName::new(Subject::Journal { member: owner, month }).id(&CIRCLE.id());
    for document in [plan, journal] {
        let holds = |store: &kith_shared::storage::MemoryStore| {
            store.rows(Tree::Documents).any(|(key, _)| key.ends_with(document.as_bytes()))
        };
        assert!(holds(&server.store) && holds(&ben.store));
        assert!(!holds(&ana.store) && !holds(&cat.store));
    }
    // And what comes after it all the same.
    ask(
        &mut ben,
        &mut server,
        json!({"cmd": "createNote", "circle": CIRCLE.to_string(), "day": 20_780, "ordinal": 0,
        "title": "Monday"}),
    );
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    for phone in [&mut ana, &mut cat] {
        let notes = ask(phone, &mut server, json!({"cmd": "notes", "circle": CIRCLE.to_string()}));
        assert_eq!(notes[0]["title"], "Monday");
        assert_eq!(ask(phone, &mut server, json!({"cmd": "outbox"})), json!([]));
    }
}

#[test]
fn a_journal_keeps_check_ins_questionnaires_and_words_by_the_day_they_are_about() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let check_in = json!({"kind": "checkIn", "mood": 2, "craving": null, "sleep": 0, "energy": 4, "note": " Rain. "});
    let filled = json!({"kind": "filled", "instrument": "phq-4", "version": 1, "answers": [3, null, 0, 1]});
    ask(&mut ben, &mut server, entry(DAY + 1, &check_in, None));
    ask(&mut ben, &mut server, entry(DAY + 2, &filled, None));
    let back_dated = ask(&mut ben, &mut server, entry(DAY, &words("The day before."), None));
    assert_eq!((&back_dated["day"], &back_dated["safety"]), (&json!(DAY), &json!("phone")));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let mut other = second(&mut server, &mut ben, 5);
    settle(&mut [&mut ana, &mut ben, &mut other], &mut server);
    let trimmed = json!({"kind": "checkIn", "mood": 2, "craving": null, "sleep": 0, "energy": 4, "note": "Rain."});
    for phone in [&mut ben, &mut other] {
        let entries = journal(phone, &mut server);
        let all: Vec<_> = entries.iter().map(|it| (it["day"].clone(), it["entry"].clone())).collect();
        let wanted = [(DAY + 2, &filled), (DAY + 1, &trimmed), (DAY, &words("The day before."))]
            .map(|(d, e)| (json!(d), e.clone()));
        assert_eq!(all, wanted);
        assert!(entries.iter().all(|entry| entry["safety"] == "safe" && entry["body"] == "here"));
    }
    assert!(!contains(&bytes_of(&server.store), b"phq-4"));
}

#[test]
fn a_journal_that_is_open_on_two_phones_keeps_what_both_changed_and_wrote() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let first = ask(&mut ben, &mut server, entry(DAY, &words("Began."), None));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let mut other = second(&mut server, &mut ben, 5);
    settle(&mut [&mut ana, &mut ben, &mut other], &mut server);
    other.online = false;
    ask(&mut other, &mut server, entry(DAY, &words("Began again."), Some(&first["key"])));
    ask(&mut other, &mut server, entry(DAY + 1, &words("Went on."), None));
    // A change of one that is taken back meanwhile stands by itself.
    let remove = json!({"cmd": "removeEntry", "circle": CIRCLE.to_string(), "key": first["key"]});
    ask(&mut ben, &mut server, remove);
    settle(&mut [&mut ana, &mut ben], &mut server);
    other.online = true;
    settle(&mut [&mut ben, &mut other], &mut server);
    for phone in [&mut ben, &mut other] {
        assert_eq!(said(&journal(phone, &mut server)), ["Went on.", "Began again."]);
    }
    // So does a change of one of which this phone knows no more.
    ask(&mut ben, &mut server, entry(DAY, &words("And again."), Some(&first["key"])));
    assert_eq!(journal(&mut ben, &mut server).len(), 3);
}

#[test]
fn months_are_read_from_the_newest_on_and_what_is_older_is_said_to_be_there() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    for month in 0..4 {
        let now = ben.now.plus_ms(31 * 24 * 60 * 60 * 1_000);
        for at in [&mut ben.now, &mut ana.now, &mut server.now] {
            *at = now;
        }
        ask(&mut ben, &mut server, entry(DAY + month, &words(&format!("Month {month}.")), None));
        sync(&mut ben, &mut server);
    }
    let ask_for = |ben: &mut Phone, server: &mut Server, months: u32| {
        ask(ben, server, json!({"cmd": "journal", "circle": CIRCLE.to_string(), "months": months}))
    };
    let two = ask_for(&mut ben, &mut server, 2);
    assert_eq!(said(two["entries"].as_array().unwrap()), ["Month 3.", "Month 2."]);
    assert_eq!(two["more"], true);
    let all = ask_for(&mut ben, &mut server, 120);
    assert_eq!((all["entries"].as_array().unwrap().len(), &all["more"]), (4, &json!(false)));
    // One of an earlier month is changed, and taken back, wherever it lies.
    let oldest = all["entries"][3].clone();
    ask(&mut ben, &mut server, entry(DAY, &words("Month 0, in other words."), Some(&oldest["key"])));
    let newer = all["entries"][2].clone();
    ask(&mut ben, &mut server, json!({"cmd": "removeEntry", "circle": CIRCLE.to_string(), "key": newer["key"]}));
    let left = ask_for(&mut ben, &mut server, 120);
    assert_eq!(said(left["entries"].as_array().unwrap()), ["Month 3.", "Month 2.", "Month 0, in other words."]);
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(ask(&mut ben, &mut server, json!({"cmd": "outbox"})), json!([]));
    assert!(server.refusals.is_empty(), "{:?}", server.refusals);
}

#[test]
fn what_cannot_be_is_refused_by_name_and_nothing_is_written() {
    let mut server = Server::new();
    let (_, mut ben) = two(&mut server);
    let today = ben.now.day().0;
    let mood = |mood: Value| json!({"kind": "checkIn", "mood": mood, "craving": null, "sleep": null, "energy": null, "note": ""});
    let filled = |answers: Value| json!({"kind": "filled", "instrument": "phq-4", "version": 1, "answers": answers});
    for (command, code) in [
        (entry(today + 2, &mood(json!(1)), None), "bad-input"),
        (entry(10_000, &mood(json!(1)), None), "bad-input"),
        (entry(DAY, &mood(json!(null)), None), "empty"),
        (entry(DAY, &mood(json!(5)), None), "bad-input"),
        (entry(DAY, &filled(json!([])), None), "empty"),
        (entry(DAY, &filled(json!([101])), None), "bad-input"),
        (entry(DAY, &filled(json!(vec![1; 41])), None), "too-long"),
        (entry(DAY, &words(" "), None), "empty"),
        (entry(DAY, &words(&"o".repeat(3_901)), None), "too-long"),
        (line("signs", " ", "", None), "empty"),
        (line("signs", &"o".repeat(301), "", None), "too-long"),
        (line("ask", "Amina", "call her", None), "bad-input"),
    ] {
        assert_eq!(refused(&mut ben, &mut server, command.clone()), code, "{command}");
    }
    assert_eq!(ask(&mut ben, &mut server, json!({"cmd": "outbox"})), json!([]));
    for text in ["語".repeat(1_320), "😀".repeat(990), "я".repeat(1_980), "o".repeat(3_900)] {
        let written = ask(&mut ben, &mut server, entry(DAY, &words(&text), None));
        assert_eq!(written["entry"]["text"], json!(text));
    }
    ask(&mut ben, &mut server, entry(today + 1, &mood(json!(1)), None));
}
