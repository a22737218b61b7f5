//! What is asked for again and again, at every look at the first screen: nothing is done twice, and nothing that was taken
//! back, hidden, ended or blocked is shown since it was known from before.
#![allow(clippy::unwrap_used, reason = "a test may stop where it is wrong")]

use std::cell::Cell;
use std::rc::Rc;

use crate::support::people::{THREAD, ask, invited, leader, member, send, settle, texts};
use crate::support::{CIRCLE, Phone, Server};
use serde_json::{Value, json};

/// What the first screen asks for.
const ASKED: [&str; 9] = ["circle", "threads", "notes", "news", "choices", "plan", "commitments", "stories", "reports"];
/// More conversations than documents are kept open.
const THREADS: usize = 30;

fn with(cmd: &str, more: Value) -> Value {
    let mut command = json!({"cmd": cmd, "circle": CIRCLE.to_string()});
    more.as_object().unwrap().iter().for_each(|(key, value)| command[key] = value.clone());
    command
}

fn say(phone: &mut Phone, server: &mut Server, thread: &str, text: &str) -> String {
    let said = ask(phone, server, with("send", json!({"thread": thread, "text": text, "replyTo": null})));
    said["key"].as_str().unwrap().to_owned()
}

fn takes_on(phone: &mut Phone, server: &mut Server, who: Option<&str>, words: &str) -> String {
    let taken = json!({"with": who, "since": phone.now.day().0, "days": 0, "due": null, "from": "", "words": words});
    ask(phone, server, with("addCommitment", taken))["key"].as_str().unwrap().to_owned()
}

fn tells(phone: &mut Phone, server: &mut Server, title: &str, to: &[&str]) -> String {
    let told = json!({"kind": "story", "title": title, "text": "At the weir.", "endsMs": null});
    ask(phone, server, with("addStory", json!({"told": told, "to": to})))["key"].as_str().unwrap().to_owned()
}

/// Counts how often a phone opens a document, or takes changes into one.
fn counted(phone: &mut Phone) -> Rc<Cell<usize>> {
    let count = Rc::new(Cell::new(0));
    let also = Rc::clone(&count);
    phone.engine.observe_applying(Box::new(move |record| also.set(also.get() + usize::from(record.is_some()))));
    count
}

/// Ana, who leads, Ben and Cat.
fn three(server: &mut Server) -> (Phone, Phone, Phone) {
    let mut ana = leader(server, 1);
    let mut ben = invited(server, &mut ana, 2, "Ben", true);
    let mut cat = invited(server, &mut ana, 3, "Cat", true);
    settle(&mut [&mut ana, &mut ben, &mut cat], server);
    (ana, ben, cat)
}

/// All that the first screen is answered, asked for once more.
fn look(phone: &mut Phone, server: &mut Server) -> Vec<Value> {
    ASKED.iter().map(|cmd| ask(phone, server, with(cmd, json!({})))).collect()
}

fn shown(phone: &mut Phone, server: &mut Server) -> String {
    serde_json::to_string(&look(phone, server)).unwrap()
}

#[test]
fn a_second_look_opens_no_document_and_reads_nothing_and_one_message_costs_one_document() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    let cats = member(&mut ben, &mut server, "Cat");
    let mut threads = Vec::new();
    for number in 0..THREADS {
        let begun = ask(&mut ana, &mut server, with("createThread", json!({"title": format!("Walk {number}")})));
        let thread = begun["thread"].as_str().unwrap().to_owned();
        say(&mut ana, &mut server, &thread, "Who comes?");
        threads.push(thread);
    }
    let note = json!({"day": ana.now.day().0, "ordinal": 0, "title": "Tuesday"});
    ask(&mut ana, &mut server, with("createNote", note));
    tells(&mut ana, &mut server, "The river", &[]);
    let with_cat = takes_on(&mut ben, &mut server, Some(&cats), "Walk at six");
    takes_on(&mut ben, &mut server, None, "Eat at noon");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let tried = json!({"key": with_cat, "day": cat.now.day().0, "outcome": "done", "note": "Muddy."});
    ask(&mut cat, &mut server, with("answerCommitment", json!({"key": with_cat, "accepted": true})));
    ask(&mut cat, &mut server, with("addAttempt", tried));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);

    let opened = counted(&mut ben);
    let first = look(&mut ben, &mut server);
    assert!(opened.get() > THREADS, "{} documents were opened", opened.get());
    let news = &first[3];
    assert_eq!((&news[0]["name"], &news[0]["messages"]), (&json!("Ana"), &json!(THREADS)));
    opened.set(0);
    ben.reads = 0;
    assert_eq!(look(&mut ben, &mut server), first);
    assert_eq!((opened.get(), ben.reads), (0, 0));

    say(&mut ana, &mut server, &threads[3], "I do.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    opened.set(0);
    let later = look(&mut ben, &mut server);
    assert_eq!(later[3][0]["messages"], json!(THREADS + 1));
    assert!(opened.get() <= 1, "{} documents were opened", opened.get());
    opened.set(0);
    ben.reads = 0;
    assert_eq!(look(&mut ben, &mut server), later);
    assert_eq!((opened.get(), ben.reads), (0, 0));
}

#[test]
fn conversations_of_which_nothing_is_young_are_not_opened_for_news() {
    let mut server = Server::new();
    let (mut ana, mut ben, _) = three(&mut server);
    for text in ["One.", "Two."] {
        say(&mut ana, &mut server, THREAD, text);
    }
    settle(&mut [&mut ana, &mut ben], &mut server);
    ask(&mut ben, &mut server, with("threads", json!({})));
    let now = ben.now.plus_ms(31 * 86_400_000);
    let mut ben = Phone::over(ben.store, 9);
    (ben.now, ben.online) = (now, false);
    ask(&mut ben, &mut server, with("circle", json!({})));
    let opened = counted(&mut ben);
    assert_eq!(ask(&mut ben, &mut server, with("news", json!({}))), json!([]));
    assert_eq!(opened.get(), 0);
}

#[test]
fn p19_what_was_shown_once_and_is_taken_back_is_shown_no_more() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    let (anas, cats) = (member(&mut ben, &mut server, "Ana"), member(&mut ben, &mut server, "Cat"));
    let keys = [
        ("takeBack", say(&mut ben, &mut server, THREAD, "Seven herons.")),
        ("takeBackKept", takes_on(&mut ben, &mut server, Some(&cats), "Seven herons at six")),
        ("takeBackKept", takes_on(&mut ben, &mut server, None, "Seven herons alone")),
        ("endStory", tells(&mut ben, &mut server, "Seven herons", &[])),
        ("endStory", tells(&mut ben, &mut server, "Seven herons for two", &[&anas, &cats])),
    ];
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    for phone in [&mut ana, &mut ben, &mut cat] {
        assert!(texts(phone, &mut server).contains(&"Seven herons.".to_owned()));
        assert!(shown(phone, &mut server).contains("even herons"));
    }
    for (cmd, key) in keys {
        let command = with(cmd, json!({"key": key, "thread": THREAD}));
        let command = if cmd == "takeBack" { command } else { with(cmd, json!({"key": key})) };
        ask(&mut ben, &mut server, command);
    }
    assert!(!shown(&mut ben, &mut server).contains("even herons"), "on the phone on which it was done, at once");
    assert_eq!(texts(&mut ben, &mut server), ["(gone)"]);
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    for phone in [&mut ana, &mut ben, &mut cat] {
        assert!(!shown(phone, &mut server).contains("even herons"));
        assert_eq!(texts(phone, &mut server), ["(gone)"]);
        assert_eq!(ask(phone, &mut server, with("news", json!({})))[0]["messages"].as_u64().unwrap_or(0), 0);
    }
}

#[test]
fn p19_what_was_shown_once_and_is_hidden_is_shown_to_its_author_and_facilitators_alone() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    let rash = say(&mut ben, &mut server, THREAD, "Nine liars.");
    let story = tells(&mut ben, &mut server, "Nine liars", &[]);
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    for phone in [&mut ana, &mut cat] {
        assert_eq!(texts(phone, &mut server), ["Nine liars."]);
        assert!(shown(phone, &mut server).contains("Nine liars"));
    }
    assert_eq!(look(&mut cat, &mut server)[3][0]["messages"], 1);
    ask(&mut ana, &mut server, with("hide", json!({"thread": THREAD, "key": rash, "on": true})));
    ask(&mut ana, &mut server, with("hideStory", json!({"key": story, "on": true})));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let of_cat = look(&mut cat, &mut server);
    assert!(!serde_json::to_string(&of_cat).unwrap().contains("Nine liars"));
    assert_eq!((&of_cat[3], texts(&mut cat, &mut server)), (&json!([]), vec!["(hidden)".to_owned()]));
    for phone in [&mut ana, &mut ben] {
        assert_eq!(texts(phone, &mut server), ["Nine liars."]);
    }
    ask(&mut ana, &mut server, with("hide", json!({"thread": THREAD, "key": rash, "on": false})));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(texts(&mut cat, &mut server), ["Nine liars."]);
    assert_eq!(look(&mut cat, &mut server)[3][0]["messages"], 1);
}

#[test]
fn p19_a_story_that_was_shown_once_is_shown_no_more_from_its_end_on() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    let ends_ms = ben.now.0 + 86_400_000;
    let told = json!({"kind": "story", "title": "For a day", "text": "At the weir.", "endsMs": ends_ms});
    ask(&mut ben, &mut server, with("addStory", json!({"told": told, "to": []})));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    for _ in 0..2 {
        assert!(shown(&mut cat, &mut server).contains("For a day"));
    }
    cat.online = false;
    cat.now.0 = ends_ms - 1;
    assert!(shown(&mut cat, &mut server).contains("For a day"));
    cat.now.0 = ends_ms;
    assert!(!shown(&mut cat, &mut server).contains("For a day"));
}

#[test]
fn p19_of_whom_one_blocks_nothing_is_shown_that_was_before() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    let (bens, cats) = (member(&mut cat, &mut server, "Ben"), member(&mut ben, &mut server, "Cat"));
    say(&mut ben, &mut server, &cats, "Eleven kites.");
    takes_on(&mut ben, &mut server, Some(&cats), "Eleven kites at six");
    tells(&mut ben, &mut server, "Eleven kites", &[&cats]);
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let talk = with("openThread", json!({"thread": bens, "limit": 50}));
    let before = look(&mut cat, &mut server);
    let all = serde_json::to_string(&before).unwrap();
    assert_eq!(all.matches("Eleven kites").count(), 3, "{all}");
    assert_eq!(before[3][0]["messages"], 1);
    assert_eq!(ask(&mut cat, &mut server, talk.clone())["messages"][0]["text"], "Eleven kites.");
    let block = |on: bool| with("choose", json!({"choice": "blocked", "member": bens, "on": on}));
    ask(&mut cat, &mut server, block(true));
    let blocked = look(&mut cat, &mut server);
    assert!(!serde_json::to_string(&blocked).unwrap().contains("Eleven kites"));
    assert_eq!((&blocked[3], &ask(&mut cat, &mut server, talk)["messages"]), (&json!([]), &json!([])));
    ask(&mut cat, &mut server, block(false));
    let after = look(&mut cat, &mut server);
    assert_eq!((&after[3], &after[6], &after[7]), (&before[3], &before[6], &before[7]));
}

#[test]
fn what_is_reported_and_taken_back_by_its_author_is_gone_where_it_was_looked_at_before() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    let rash = send(&mut ben, &mut server, "You are all liars.")["key"].clone();
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    for phone in [&mut ana, &mut cat] {
        assert_eq!(texts(phone, &mut server), ["You are all liars."]);
    }
    // Its text is read as it is sealed, though it was opened before.
    let anas = member(&mut cat, &mut server, "Ana");
    let sent = ask(&mut cat, &mut server, with("report", json!({"key": rash, "to": [anas], "words": "It hurt."})));
    assert_eq!((&sent["proof"], &sent["gone"]), (&json!("proven"), &json!(false)));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let reported = look(&mut cat, &mut server)[8][0].clone();
    assert_eq!((&reported["gone"], &reported["hidden"]), (&json!(false), &Value::Null));
    ask(&mut ben, &mut server, with("takeBack", json!({"thread": THREAD, "key": rash})));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(look(&mut cat, &mut server)[8][0]["gone"], true);
    ask(&mut cat, &mut server, with("takeBackReport", json!({"key": sent["key"]})));
    assert_eq!(look(&mut cat, &mut server)[8], json!([]));
}
