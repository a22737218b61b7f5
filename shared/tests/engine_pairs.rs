//! What two members say to each other, through the engine and the real hub.
#![allow(clippy::unwrap_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{another_phone, ask, bytes_of, contains, invited, leader, member, refused, settle, sync};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::document::{DocumentName, Subject};
use kith_shared::storage::{MemoryStore, Tree};
use serde_json::{Value, json};

fn says(phone: &mut Phone, server: &mut Server, with: &str, text: &str) -> Value {
    ask(phone, server, say(with, text))
}

fn say(with: &str, text: &str) -> Value {
    json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": with, "text": text, "replyTo": null})
}

fn talk(phone: &mut Phone, server: &mut Server, with: &str) -> Value {
    ask(phone, server, json!({"cmd": "openThread", "circle": CIRCLE.to_string(), "thread": with, "limit": 50}))
}

fn texts(phone: &mut Phone, server: &mut Server, with: &str) -> Vec<String> {
    let thread = talk(phone, server, with);
    let shown = |message: &Value| match message["body"].as_str() {
        Some("here") => message["text"].as_str().unwrap().to_owned(),
        other => format!("({})", other.unwrap()),
    };
    thread["messages"].as_array().unwrap().iter().map(shown).collect()
}

fn threads(phone: &mut Phone, server: &mut Server) -> Vec<Value> {
    ask(phone, server, json!({"cmd": "threads", "circle": CIRCLE.to_string()})).as_array().unwrap().clone()
}

/// Ana, who leads, Ben and Cat, with what Ben and Cat are called by their ids.
fn three(server: &mut Server) -> (Phone, Phone, Phone, String, String) {
    let mut ana = leader(server, 1);
    let mut ben = invited(server, &mut ana, 2, "Ben", true);
    let mut cat = invited(server, &mut ana, 3, "Cat", true);
    settle(&mut [&mut ana, &mut ben, &mut cat], server);
    let (to_ben, to_cat) = (member(&mut ana, server, "Ben"), member(&mut ana, server, "Cat"));
    (ana, ben, cat, to_ben, to_cat)
}

#[test]
fn two_talk_and_nobody_else_is_given_a_byte_of_it() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat, to_ben, to_cat) = three(&mut server);
    assert_eq!(texts(&mut ben, &mut server, &to_cat), Vec::<String>::new());
    ben.online = false;
    let sent = says(&mut ben, &mut server, &to_cat, "Only for you: the harbour again.");
    assert_eq!((&sent["mine"], &sent["safety"]), (&json!(true), &json!("phone")));
    let outbox = ask(&mut ben, &mut server, json!({"cmd": "outbox"}));
    assert_eq!((&outbox[0]["kind"], &outbox[0]["label"]), (&json!("thread"), &json!("Cat")));
    ben.online = true;
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let seen = threads(&mut cat, &mut server);
    let pair = seen.iter().find(|thread| thread["with"] == json!(to_ben)).unwrap();
    assert_eq!((&pair["title"], &pair["unread"]), (&json!("Ben"), &json!(1)));
    assert_eq!(pair["excerpt"], "Only for you: the harbour again.");
    says(&mut cat, &mut server, &to_ben, "I am here.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let both = ["Only for you: the harbour again.", "I am here."];
    assert_eq!(texts(&mut ben, &mut server, &to_cat), both);
    assert_eq!(texts(&mut cat, &mut server, &to_ben), both);
    assert!(
        talk(&mut ben, &mut server, &to_cat)["messages"].as_array().unwrap().iter().all(|it| it["safety"] == "safe")
    );
    ask(&mut cat, &mut server, json!({"cmd": "seen", "circle": CIRCLE.to_string(), "thread": to_ben}));
    assert!(threads(&mut cat, &mut server).iter().all(|thread| thread["unread"] == 0));
    // Ana leads, and is told nothing of it: neither words nor that there are any.
    assert_eq!(threads(&mut ana, &mut server).len(), 1);
    let (one, other) = (to_ben.parse().unwrap(), to_cat.parse().unwrap());
    let subject = Subject::pair(one, other, ben.now.day().month(), 0).unwrap();
    let document = DocumentName::new(subject).id(&CIRCLE.id());
    let holds = |store: &MemoryStore| store.rows(Tree::Documents).any(|(key, _)| key.ends_with(document.as_bytes()));
    assert!(holds(&server.store) && holds(&ben.store) && holds(&cat.store) && !holds(&ana.store));
    assert!(!contains(&bytes_of(&server.store), b"harbour"));
}

#[test]
fn what_was_said_between_two_is_reacted_to_and_taken_back_as_in_the_circle() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat, to_ben, to_cat) = three(&mut server);
    let sent = says(&mut ben, &mut server, &to_cat, "I wish I had not said it.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let at = |thread: &str| json!({"circle": CIRCLE.to_string(), "thread": thread, "key": sent["key"]});
    let with = |cmd: Value, more: Value| {
        let mut all = cmd.as_object().unwrap().clone();
        all.extend(more.as_object().unwrap().clone());
        Value::Object(all)
    };
    ask(&mut cat, &mut server, with(at(&to_ben), json!({"cmd": "react", "kind": "relate", "on": true})));
    let take = |thread: &str| with(at(thread), json!({"cmd": "takeBack"}));
    assert_eq!(refused(&mut cat, &mut server, take(&to_ben)), "not-allowed");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(talk(&mut ben, &mut server, &to_cat)["messages"][0]["reactions"][0]["names"], json!(["Cat"]));
    ask(&mut ben, &mut server, take(&to_cat));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(texts(&mut cat, &mut server, &to_ben), ["(gone)"]);
}

#[test]
fn with_whoever_is_out_nothing_more_is_said_and_what_was_said_stays_readable() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat, to_ben, to_cat) = three(&mut server);
    says(&mut cat, &mut server, &to_ben, "Until soon.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": to_cat, "also": []}));
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(refused(&mut ben, &mut server, say(&to_cat, "Are you there?")), "not-allowed");
    let shown = talk(&mut ben, &mut server, &to_cat);
    assert_eq!((&shown["closed"], &shown["title"]), (&json!(true), &json!("Cat")));
    assert_eq!(texts(&mut ben, &mut server, &to_cat), ["Until soon."]);
    // What Ben wrote before he heard of it stays where it is, and she gets nothing.
    let before = bytes_of(&cat.store).len();
    sync(&mut cat, &mut server);
    assert!(bytes_of(&cat.store).len() < before + 2_000);
}

#[test]
fn a_word_to_someone_who_is_nobody_or_oneself_is_refused() {
    let mut server = Server::new();
    let (_, mut ben, _, to_ben, _) = three(&mut server);
    let nobody = "ab".repeat(16);
    assert_eq!(refused(&mut ben, &mut server, say(&nobody, "Hello?")), "not-allowed");
    assert_eq!(refused(&mut ben, &mut server, say(&to_ben, "Hello?")), "bad-input");
}

#[test]
fn another_phone_of_one_of_them_reads_all_of_it() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat, to_ben, to_cat) = three(&mut server);
    says(&mut ben, &mut server, &to_cat, "One.");
    says(&mut cat, &mut server, &to_ben, "Two.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let mut second = another_phone(&mut server, &mut ben, (&to_ben, "Ben"), false, 9);
    // Cat writes before she hears of it.
    cat.online = false;
    says(&mut cat, &mut server, &to_ben, "Three.");
    cat.online = true;
    settle(&mut [&mut ana, &mut ben, &mut second, &mut cat], &mut server);
    settle(&mut [&mut ana, &mut ben, &mut second, &mut cat], &mut server);
    let mut all = texts(&mut second, &mut server, &to_cat);
    all.sort_unstable();
    assert_eq!(all, ["One.", "Three.", "Two."]);
}

#[test]
fn a_phone_that_a_facilitator_let_somebody_back_on_reads_what_is_said_to_them_from_then_on() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat, to_ben, to_cat) = three(&mut server);
    says(&mut cat, &mut server, &to_ben, "Before it was lost.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let mut again = another_phone(&mut server, &mut ana, (&to_ben, "Ben"), true, 9);
    settle(&mut [&mut again, &mut ana], &mut server);
    // Cat has not heard of the new phone when she writes: it is sealed again once she has.
    cat.online = false;
    says(&mut cat, &mut server, &to_ben, "Are you well?");
    cat.online = true;
    for _ in 0..3 {
        settle(&mut [&mut ana, &mut cat, &mut again], &mut server);
    }
    assert_eq!(texts(&mut again, &mut server, &to_cat).last().map(String::as_str), Some("Are you well?"));
    says(&mut again, &mut server, &to_cat, "I am back.");
    settle(&mut [&mut cat, &mut again], &mut server);
    assert_eq!(texts(&mut cat, &mut server, &to_ben).last().map(String::as_str), Some("I am back."));
}

fn choose(phone: &mut Phone, server: &mut Server, choice: &str, about: &str, on: bool) {
    let circle = CIRCLE.to_string();
    ask(phone, server, json!({"cmd": "choose", "circle": circle, "choice": choice, "member": about, "on": on}));
}

fn chosen(phone: &mut Phone, server: &mut Server) -> Vec<(String, String)> {
    let choices = ask(phone, server, json!({"cmd": "choices", "circle": CIRCLE.to_string()}));
    let text = |choice: &Value, field: &str| choice[field].as_str().unwrap().to_owned();
    choices["choices"].as_array().unwrap().iter().map(|it| (text(it, "kind"), text(it, "member"))).collect()
}

fn sees(phone: &mut Phone, server: &mut Server, with: &str) {
    ask(phone, server, json!({"cmd": "seen", "circle": CIRCLE.to_string(), "thread": with}));
}

fn read(phone: &mut Phone, server: &mut Server, with: &str) -> Vec<bool> {
    let messages = talk(phone, server, with)["messages"].clone();
    let own = messages.as_array().unwrap().iter().filter(|it| it["mine"] == true);
    own.map(|it| it["read"].as_bool().unwrap()).collect()
}

#[test]
fn what_was_chosen_about_others_is_on_ones_own_phones_alone_and_chosen_no_more() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat, to_ben, to_cat) = three(&mut server);
    assert_eq!(chosen(&mut ben, &mut server), []);
    for _ in 0..2 {
        choose(&mut ben, &mut server, "buddy", &to_cat, true);
    }
    choose(&mut ben, &mut server, "reads", &to_cat, true);
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let mut second = another_phone(&mut server, &mut ben, (&to_ben, "Ben"), false, 9);
    settle(&mut [&mut ben, &mut second], &mut server);
    let both = [("buddy".to_owned(), to_cat.clone()), ("reads".to_owned(), to_cat.clone())];
    assert_eq!(chosen(&mut second, &mut server), both);
    // Both phones choose the same apart; it is chosen no more on one, and so on both.
    for phone in [&mut ben, &mut second] {
        phone.online = false;
        choose(phone, &mut server, "blocked", &to_cat, true);
        phone.online = true;
    }
    settle(&mut [&mut ben, &mut second], &mut server);
    choose(&mut ben, &mut server, "blocked", &to_cat, false);
    choose(&mut ben, &mut server, "buddy", &to_cat, false);
    settle(&mut [&mut ben, &mut second], &mut server);
    assert_eq!(chosen(&mut second, &mut server), both[1..]);
    assert_eq!(chosen(&mut cat, &mut server), []);
    let about_me =
        json!({"cmd": "choose", "circle": CIRCLE.to_string(), "choice": "buddy", "member": to_ben, "on": true});
    assert_eq!(refused(&mut ben, &mut server, about_me), "bad-input");
}

#[test]
fn how_far_one_read_is_shown_to_the_other_only_where_both_wish_it() {
    for (ben_wishes, cat_wishes) in [(false, false), (true, false), (false, true), (true, true)] {
        let mut server = Server::new();
        let (mut ana, mut ben, mut cat, to_ben, to_cat) = three(&mut server);
        choose(&mut ben, &mut server, "reads", &to_cat, ben_wishes);
        choose(&mut cat, &mut server, "reads", &to_ben, cat_wishes);
        says(&mut ben, &mut server, &to_cat, "One.");
        settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
        assert_eq!(read(&mut ben, &mut server, &to_cat), [false], "she has not opened it");
        sees(&mut cat, &mut server, &to_ben);
        settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
        ben.now = ben.now.plus_ms(1_000);
        says(&mut ben, &mut server, &to_cat, "Two.");
        settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
        assert_eq!(read(&mut ben, &mut server, &to_cat), [ben_wishes && cat_wishes, false]);
        assert_eq!(talk(&mut ben, &mut server, &to_cat)["reads"], json!(ben_wishes));
        let reactions = talk(&mut ben, &mut server, &to_cat)["messages"][0]["reactions"].clone();
        assert_eq!(reactions, json!([]), "it is no reaction");
        // What was said once is not said again.
        let before = server.store.rows(Tree::Log).count();
        sees(&mut cat, &mut server, &to_ben);
        sees(&mut cat, &mut server, &to_ben);
        settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
        assert_eq!(server.store.rows(Tree::Log).count() - before, usize::from(cat_wishes));
    }
}

#[test]
fn of_whom_one_blocked_nothing_is_shown_or_new_and_they_are_not_told() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat, to_ben, to_cat) = three(&mut server);
    says(&mut cat, &mut server, &to_ben, "Answer me.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    choose(&mut ben, &mut server, "blocked", &to_cat, true);
    says(&mut cat, &mut server, &to_ben, "Answer me now.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let pair = threads(&mut ben, &mut server).into_iter().find(|thread| thread["with"] == json!(to_cat)).unwrap();
    assert_eq!((&pair["blocked"], &pair["unread"], &pair["excerpt"]), (&json!(true), &json!(0), &json!("")));
    let circles = ask(&mut ben, &mut server, json!({"cmd": "circles"}));
    assert_eq!(circles[0]["unread"], 0);
    assert_eq!(texts(&mut ben, &mut server, &to_cat), Vec::<String>::new());
    assert_eq!(refused(&mut ben, &mut server, say(&to_cat, "No.")), "not-allowed");
    let hers = talk(&mut cat, &mut server, &to_ben);
    assert_eq!((&hers["closed"], &hers["blocked"]), (&json!(false), &json!(false)));
    // In the circle both go on as before.
    let circle = json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": "0".repeat(16), "text": "To all.", "replyTo": null});
    ask(&mut cat, &mut server, circle);
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(texts(&mut ben, &mut server, &"0".repeat(16)), ["To all."]);
    choose(&mut ben, &mut server, "blocked", &to_cat, false);
    assert_eq!(texts(&mut ben, &mut server, &to_cat), ["Answer me.", "Answer me now."]);
}
