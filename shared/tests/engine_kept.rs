//! What members keep their word by, through the engine and the real hub: commitments alone and with a partner, attempts.
#![allow(clippy::unwrap_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{another_phone, ask, bytes_of, contains, invited, leader, member, refused, settle, sync};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::document::{DocumentName, Subject};
use kith_shared::storage::{MemoryStore, Tree};
use serde_json::{Value, json};

/// Ana, who leads, Ben and Cat, with what Ben and Cat are called by their ids.
fn three(server: &mut Server) -> (Phone, Phone, Phone, String, String) {
    let mut ana = leader(server, 1);
    let mut ben = invited(server, &mut ana, 2, "Ben", true);
    let mut cat = invited(server, &mut ana, 3, "Cat", true);
    settle(&mut [&mut ana, &mut ben, &mut cat], server);
    let (to_ben, to_cat) = (member(&mut ana, server, "Ben"), member(&mut ana, server, "Cat"));
    (ana, ben, cat, to_ben, to_cat)
}

fn today(phone: &Phone) -> u32 {
    phone.now.day().0
}

fn taking_on(phone: &Phone, with: Option<&str>, words: &str) -> Value {
    json!({"cmd": "addCommitment", "circle": CIRCLE.to_string(), "with": with, "since": today(phone) - 3, "days": 0,
        "due": null, "from": "", "words": words})
}

fn takes_on(phone: &mut Phone, server: &mut Server, with: Option<&str>, words: &str) -> String {
    let command = taking_on(phone, with, words);
    ask(phone, server, command)["key"].as_str().unwrap().to_owned()
}

fn trying(key: &str, day: u32, outcome: &str, note: &str) -> Value {
    json!({"cmd": "addAttempt", "circle": CIRCLE.to_string(), "key": key, "day": day, "outcome": outcome, "note": note})
}

fn about(cmd: &str, key: &str) -> Value {
    json!({"cmd": cmd, "circle": CIRCLE.to_string(), "key": key})
}

fn answering(key: &str, accepted: bool) -> Value {
    json!({"cmd": "answerCommitment", "circle": CIRCLE.to_string(), "key": key, "accepted": accepted})
}

fn all(phone: &mut Phone, server: &mut Server) -> Value {
    ask(phone, server, json!({"cmd": "commitments", "circle": CIRCLE.to_string()}))
}

fn words(phone: &mut Phone, server: &mut Server) -> Vec<String> {
    let all = all(phone, server);
    let text = |it: &Value| it["words"].as_str().unwrap().to_owned();
    all["commitments"].as_array().unwrap().iter().map(text).collect()
}

/// Day, outcome, note and whether it is one's own, of each attempt.
fn attempts(phone: &mut Phone, server: &mut Server) -> Vec<(u64, String, String, bool)> {
    let all = all(phone, server);
    let text = |it: &Value, field: &str| it[field].as_str().unwrap().to_owned();
    let of = |it: &Value| {
        (it["day"].as_u64().unwrap(), text(it, "outcome"), text(it, "note"), it["said"]["mine"].as_bool().unwrap())
    };
    all["attempts"].as_array().unwrap().iter().map(of).collect()
}

fn holds(store: &MemoryStore, subject: Subject) -> bool {
    let document = DocumentName::new(subject).id(&CIRCLE.id());
    store.rows(Tree::Documents).any(|(key, _)| key.ends_with(document.as_bytes()))
}

#[test]
fn what_one_takes_on_alone_is_kept_with_every_attempt_and_nobody_else_is_given_a_byte() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat, to_ben, _) = three(&mut server);
    ben.online = false;
    let key = takes_on(&mut ben, &mut server, None, " Call my sister at the harbour ");
    let day = today(&ben);
    let first = ask(&mut ben, &mut server, trying(&key, day - 2, "notThisTime", ""));
    assert_eq!((&first["commitment"], &first["said"]["safety"]), (&json!(key), &json!("phone")));
    ask(&mut ben, &mut server, trying(&key, day, "done", " She laughed. "));
    ask(&mut ben, &mut server, trying(&key, day, "tried", ""));
    let outbox = ask(&mut ben, &mut server, json!({"cmd": "outbox"}));
    assert_eq!(outbox[0]["kind"], "commitments");
    ben.online = true;
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(words(&mut ben, &mut server), ["Call my sister at the harbour"]);
    let shown = attempts(&mut ben, &mut server);
    let day = u64::from(day);
    let of = |day: u64, outcome: &str, note: &str| (day, outcome.to_owned(), note.to_owned(), true);
    assert_eq!(shown[2], of(day - 2, "notThisTime", ""));
    assert!(shown.contains(&of(day, "done", "She laughed.")) && shown.contains(&of(day, "tried", "")));
    assert_eq!(shown.len(), 3);
    let own = Subject::Commitments { member: to_ben.parse().unwrap(), part: 0 };
    assert!(holds(&server.store, own) && holds(&ben.store, own) && !holds(&ana.store, own));
    assert!(!contains(&bytes_of(&server.store), b"harbour") && !contains(&bytes_of(&ana.store), b"harbour"));
    let mut second = another_phone(&mut server, &mut ben, (&to_ben, "Ben"), false, 9);
    settle(&mut [&mut ben, &mut second], &mut server);
    assert_eq!(attempts(&mut second, &mut server), shown);
}

#[test]
fn with_a_partner_who_accepts_both_note_how_it_went_and_nobody_else_reads_it() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat, to_ben, to_cat) = three(&mut server);
    let key = takes_on(&mut ben, &mut server, Some(&to_cat), "Walk at six");
    let asked = &all(&mut ben, &mut server)["commitments"][0];
    assert_eq!((&asked["with"], &asked["withName"], &asked["mine"]), (&json!(to_cat), &json!("Cat"), &json!(true)));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let (on, mine) = (today(&cat), all(&mut cat, &mut server)["commitments"][0].clone());
    assert_eq!((&mine["mine"], &mine["withName"], &mine["answer"]), (&json!(false), &json!("Ben"), &Value::Null));
    assert_eq!(refused(&mut cat, &mut server, trying(&key, on, "done", "")), "not-allowed", "not before she accepts");
    assert_eq!(refused(&mut ben, &mut server, answering(&key, true)), "not-allowed", "nobody answers for her");
    ask(&mut cat, &mut server, answering(&key, false));
    ask(&mut cat, &mut server, answering(&key, true));
    ask(&mut cat, &mut server, answering(&key, true));
    ask(&mut cat, &mut server, trying(&key, on, "done", "Muddy."));
    ask(&mut ben, &mut server, trying(&key, on, "tried", ""));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let answer = &all(&mut ben, &mut server)["commitments"][0]["answer"];
    assert_eq!((&answer["accepted"], &answer["said"]["name"]), (&json!(true), &json!("Cat")));
    let by = |shown: Vec<(u64, String, String, bool)>| {
        let mut by: Vec<_> = shown.into_iter().map(|(_, outcome, _, mine)| (mine, outcome)).collect();
        by.sort_unstable();
        by
    };
    let of = |mine: bool, outcome: &str| (mine, outcome.to_owned());
    assert_eq!(by(attempts(&mut ben, &mut server)), [of(false, "done"), of(true, "tried")]);
    assert_eq!(by(attempts(&mut cat, &mut server)), [of(false, "tried"), of(true, "done")]);
    assert!(attempts(&mut ana, &mut server).is_empty() && words(&mut ana, &mut server).is_empty());
    let between = Subject::between(to_ben.parse().unwrap(), to_cat.parse().unwrap(), 0).unwrap();
    assert!(holds(&ben.store, between) && holds(&cat.store, between) && !holds(&ana.store, between));
    // It is no conversation.
    for phone in [&mut ben, &mut cat] {
        let threads = ask(phone, &mut server, json!({"cmd": "threads", "circle": CIRCLE.to_string()}));
        assert_eq!(threads.as_array().unwrap().len(), 1);
    }
}

#[test]
fn each_takes_back_their_own_for_good_and_nobody_anothers() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat, _, to_cat) = three(&mut server);
    let key = takes_on(&mut ben, &mut server, Some(&to_cat), "Sell the bottle rack");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    ask(&mut cat, &mut server, answering(&key, true));
    let on = today(&cat);
    let tried = ask(&mut cat, &mut server, trying(&key, on, "tried", "Nobody wanted it."))["said"]["key"].clone();
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let tried = tried.as_str().unwrap();
    assert_eq!(refused(&mut ben, &mut server, about("takeBackKept", tried)), "not-allowed");
    assert_eq!(refused(&mut cat, &mut server, about("takeBackKept", &key)), "not-allowed");
    assert_eq!(refused(&mut ben, &mut server, about("takeBackKept", "nothing")), "unknown-document");
    ask(&mut ben, &mut server, about("takeBackKept", &key));
    ask(&mut ben, &mut server, about("takeBackKept", &key));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    for phone in [&mut ben, &mut cat] {
        assert_eq!(words(phone, &mut server), Vec::<String>::new());
        assert_eq!(attempts(phone, &mut server).len(), 1, "what the other noted is theirs");
    }
    assert_eq!(refused(&mut ben, &mut server, trying(&key, on, "done", "")), "unknown-document");
    ask(&mut cat, &mut server, about("takeBackKept", tried));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert!(attempts(&mut ben, &mut server).is_empty() && attempts(&mut cat, &mut server).is_empty());
    assert_eq!(all(&mut ben, &mut server)["lacking"], 0);
}

#[test]
fn ends_and_attempts_that_two_write_apart_are_both_kept_and_an_end_can_be_taken_back() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat, _, to_cat) = three(&mut server);
    let key = takes_on(&mut ben, &mut server, Some(&to_cat), "Ring each other on Fridays");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    ask(&mut cat, &mut server, answering(&key, true));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let on = today(&ben);
    for phone in [&mut ben, &mut cat] {
        phone.online = false;
        ask(phone, &mut server, about("endCommitment", &key));
        ask(phone, &mut server, about("endCommitment", &key));
        ask(phone, &mut server, trying(&key, on, "done", ""));
        phone.online = true;
    }
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let ends = |phone: &mut Phone, server: &mut Server| all(phone, server)["commitments"][0]["ends"].clone();
    for phone in [&mut ben, &mut cat] {
        assert_eq!(ends(phone, &mut server).as_array().unwrap().len(), 2);
        assert_eq!(attempts(phone, &mut server).len(), 2);
        let own = ends(phone, &mut server).as_array().unwrap().iter().find(|end| end["mine"] == true).unwrap().clone();
        ask(phone, &mut server, about("takeBackKept", own["key"].as_str().unwrap()));
    }
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(ends(&mut ben, &mut server), json!([]));
}

#[test]
fn days_words_and_rhythms_that_cannot_be_are_refused() {
    let mut server = Server::new();
    let (_, mut ben, _, to_ben, _) = three(&mut server);
    let day = today(&ben);
    let key = takes_on(&mut ben, &mut server, None, "Eat at noon");
    let why = |ben: &mut Phone, server: &mut Server, command: Value| {
        let problem = ben.ask(server, serde_json::from_value(command).unwrap()).unwrap_err();
        let problem = serde_json::to_value(problem).unwrap();
        format!("{} {}", problem["code"].as_str().unwrap(), problem["why"].as_str().unwrap_or("-"))
    };
    for (day, wanted) in [(day + 2, "day-to-come"), (day - 4, "day-before"), (84_006, "day"), (0, "day")] {
        let told = why(&mut ben, &mut server, trying(&key, day, "done", ""));
        assert_eq!(told, format!("bad-input {wanted}"), "{day}");
    }
    ask(&mut ben, &mut server, trying(&key, day + 1, "done", "Where it is tomorrow already"));
    let mut with = |field: &str, value: Value| {
        let mut command = taking_on(&ben, None, "Eat at noon");
        command[field] = value;
        why(&mut ben, &mut server, command)
    };
    assert_eq!(with("since", json!(day + 2)), "bad-input day-to-come");
    assert_eq!(with("due", json!(84_006)), "bad-input day");
    assert_eq!(with("due", json!(day - 4)), "bad-input -");
    assert_eq!(with("days", json!(128)), "bad-input -");
    assert_eq!(with("from", json!("a b")), "bad-input -");
    assert_eq!(with("words", json!(" \u{200b}")), "empty -");
    assert_eq!(with("words", json!("語".repeat(301))), "too-long -");
    assert_eq!(with("with", json!(to_ben)), "bad-input -");
    assert_eq!(with("with", json!("ab".repeat(16))), "not-allowed other-is-out");
    let long = trying(&key, day, "done", &"क्षि".repeat(1_001));
    assert_eq!(why(&mut ben, &mut server, long), "too-long -");
    assert_eq!(why(&mut ben, &mut server, trying("nothing", day, "done", "")), "unknown-document -");
    assert_eq!(why(&mut ben, &mut server, about("endCommitment", "nothing")), "unknown-document -");
    assert_eq!(why(&mut ben, &mut server, answering(&key, true)), "not-allowed -");
    assert_eq!((words(&mut ben, &mut server).len(), attempts(&mut ben, &mut server).len()), (1, 1));
}

#[test]
fn with_whoever_is_out_or_blocked_nothing_more_is_kept_and_ones_own_stays() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat, to_ben, to_cat) = three(&mut server);
    let key = takes_on(&mut ben, &mut server, Some(&to_cat), "No more cards");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let on = today(&cat);
    ask(&mut cat, &mut server, answering(&key, true));
    ask(&mut cat, &mut server, trying(&key, on, "done", ""));
    takes_on(&mut cat, &mut server, Some(&to_ben), "Plant the beans");
    ask(&mut ben, &mut server, trying(&key, on, "tried", ""));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let block = |on: bool| json!({"cmd": "choose", "circle": CIRCLE.to_string(), "choice": "blocked", "member": to_cat, "on": on});
    ask(&mut ben, &mut server, block(true));
    let shown = all(&mut ben, &mut server)["commitments"].clone();
    assert_eq!(shown.as_array().unwrap().len(), 1, "what she asked for is not shown");
    assert_eq!((&shown[0]["closed"], &shown[0]["answer"]), (&json!(true), &Value::Null));
    assert_eq!(attempts(&mut ben, &mut server).len(), 1, "his own");
    assert_eq!(refused(&mut ben, &mut server, trying(&key, on, "done", "")), "not-allowed");
    // She is not told.
    ask(&mut cat, &mut server, trying(&key, on, "done", "Again."));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(all(&mut cat, &mut server)["commitments"][0]["closed"], false);
    ask(&mut ben, &mut server, block(false));
    assert_eq!(attempts(&mut ben, &mut server).len(), 3);
    ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": to_cat, "also": []}));
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(refused(&mut ben, &mut server, trying(&key, on, "done", "")), "not-allowed");
    let another = taking_on(&ben, Some(&to_cat), "One more");
    assert_eq!(refused(&mut ben, &mut server, another), "not-allowed");
    let shown = all(&mut ben, &mut server);
    assert!(shown["commitments"].as_array().unwrap().iter().all(|it| it["closed"] == true && it["withName"] == "Cat"));
    assert_eq!(attempts(&mut ben, &mut server).len(), 3);
    let own = shown["attempts"].as_array().unwrap().iter().find(|it| it["said"]["mine"] == true).unwrap();
    ask(&mut ben, &mut server, about("takeBackKept", own["said"]["key"].as_str().unwrap()));
    assert_eq!(attempts(&mut ben, &mut server).len(), 2);
}

#[test]
fn a_phone_that_a_facilitator_let_somebody_back_on_reads_what_is_kept_with_them_from_then_on() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat, to_ben, to_cat) = three(&mut server);
    takes_on(&mut cat, &mut server, Some(&to_ben), "Before it was lost");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let mut again = another_phone(&mut server, &mut ana, (&to_ben, "Ben"), true, 9);
    settle(&mut [&mut again, &mut ana], &mut server);
    // Cat has not heard of the new phone: it is sealed again once she has.
    cat.online = false;
    takes_on(&mut cat, &mut server, Some(&to_ben), "While it was away");
    cat.online = true;
    for _ in 0..3 {
        settle(&mut [&mut ana, &mut cat, &mut again], &mut server);
    }
    assert!(words(&mut again, &mut server).contains(&"While it was away".to_owned()));
    takes_on(&mut again, &mut server, Some(&to_cat), "From now on");
    settle(&mut [&mut cat, &mut again], &mut server);
    assert!(words(&mut cat, &mut server).contains(&"From now on".to_owned()));
    sync(&mut ben, &mut server);
}

#[test]
fn a_phone_that_was_put_back_keeps_what_it_noted_once() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat, _, to_cat) = three(&mut server);
    let key = takes_on(&mut ben, &mut server, Some(&to_cat), "Walk at six");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let (before, on) = (ben.store.clone(), today(&ben));
    ask(&mut ben, &mut server, trying(&key, on, "done", "First"));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let now = ben.now;
    let mut ben = Phone::over(before, 2);
    ben.now = now;
    ben.online = false;
    ask(&mut ben, &mut server, trying(&key, on, "tried", "Second"));
    ben.online = true;
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    for phone in [&mut ben, &mut cat] {
        let mut notes: Vec<String> = attempts(phone, &mut server).into_iter().map(|(_, _, note, _)| note).collect();
        notes.sort_unstable();
        assert_eq!(notes, ["First", "Second"]);
    }
}
