//! What lists and names show of a circle.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{THREAD, ask, invited, leader, member, people, send, settle, sync, texts};
use crate::support::{CIRCLE, Phone, Server};
use serde_json::{Value, json};

fn circles(phone: &mut Phone, server: &mut Server) -> Value {
    ask(phone, server, json!({"cmd": "circles"}))[0].clone()
}

fn listed(phone: &mut Phone, server: &mut Server) -> Value {
    let threads = ask(phone, server, json!({"cmd": "threads", "circle": CIRCLE.to_string()}));
    threads.as_array().unwrap().iter().find(|thread| thread["thread"] == THREAD).unwrap().clone()
}

fn take_back(phone: &mut Phone, server: &mut Server, key: &Value) {
    let circle = CIRCLE.to_string();
    ask(phone, server, json!({"cmd": "takeBack", "circle": circle, "thread": THREAD, "key": key}));
}

#[test]
fn p18_whoever_was_taken_out_is_told_so_and_reads_on() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    send(&mut ana, &mut server, "Good morning.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(circles(&mut ben, &mut server)["standing"], "active");
    let ben_id = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": ben_id, "also": []}));
    settle(&mut [&mut ana], &mut server);
    ben.notices.clear();
    ben.online = false;
    send(&mut ben, &mut server, "Written while I was out.");
    ben.online = true;
    sync(&mut ben, &mut server);
    sync(&mut ben, &mut server);
    let told = serde_json::to_string(&ben.notices).unwrap();
    assert!(told.contains(r#""what":["circles""#), "the screens are told to look again: {told}");
    assert_eq!(circles(&mut ben, &mut server)["standing"], "removed");
    let circle = ask(&mut ben, &mut server, json!({"cmd": "circle", "circle": CIRCLE.to_string()}));
    assert_eq!(circle["ownName"], "Ben");
    let leads = circle["members"].as_array().unwrap().iter().find(|one| one["role"] == "facilitator").unwrap();
    assert_eq!(leads["name"], "Ana", "whom to speak to");
    assert_eq!(texts(&mut ben, &mut server), ["Good morning.", "Written while I was out."]);
    let outbox = ask(&mut ben, &mut server, json!({"cmd": "outbox"}));
    assert_eq!((&outbox[0]["safety"], &outbox[0]["problem"]), (&"phone".into(), &Value::Null), "{outbox}");
    ask(&mut ana, &mut server, json!({"cmd": "confirm", "circle": CIRCLE.to_string(), "member": ben_id}));
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(circles(&mut ben, &mut server)["standing"], "active");
}

#[test]
fn after_the_last_message_is_taken_back_the_list_shows_the_last_that_stands() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    assert_eq!(listed(&mut ana, &mut server)["lastBody"], Value::Null);
    send(&mut ben, &mut server, "There is always a chair.");
    settle(&mut [&mut ben, &mut ana], &mut server);
    let last = send(&mut ana, &mut server, "I should not have said this.");
    let shown = listed(&mut ana, &mut server);
    assert_eq!((&shown["lastMine"], &shown["lastBody"]), (&true.into(), &"here".into()), "{shown}");
    take_back(&mut ana, &mut server, &last["key"]);
    settle(&mut [&mut ben, &mut ana], &mut server);
    for phone in [&mut ana, &mut ben] {
        let shown = listed(phone, &mut server);
        assert_eq!((&shown["excerpt"], &shown["lastName"]), (&"There is always a chair.".into(), &"Ben".into()));
        assert_eq!(shown["lastBody"], "here");
    }
    let first = ask(
        &mut ben,
        &mut server,
        json!({"cmd": "openThread", "circle": CIRCLE.to_string(), "thread": THREAD, "limit": 9}),
    );
    take_back(&mut ben, &mut server, &first["messages"][0]["key"]);
    settle(&mut [&mut ben, &mut ana], &mut server);
    let shown = listed(&mut ana, &mut server);
    assert_eq!((&shown["excerpt"], &shown["lastBody"]), (&"".into(), &"gone".into()), "{shown}");
}

#[test]
fn the_excerpt_of_any_conversation_is_that_of_its_last_message_that_stands() {
    for seed in 0..6_usize {
        let mut server = Server::new();
        let mut ana = leader(&mut server, 1);
        let mut stands: Vec<(Value, String)> = Vec::new();
        for at in 0..14_usize {
            if (seed * 5 + at * at * 3) % 4 == 0 && !stands.is_empty() {
                let (key, _) = stands.remove((seed + at * 7) % stands.len());
                take_back(&mut ana, &mut server, &key);
            } else {
                let text = format!("Message {at} of {seed}");
                let sent = send(&mut ana, &mut server, &text);
                stands.push((sent["key"].clone(), text));
            }
            let wanted = stands.last().map_or("", |(_, text)| text);
            assert_eq!(listed(&mut ana, &mut server)["excerpt"], wanted, "step {at} of {seed}");
        }
    }
}

#[test]
fn two_of_one_name_are_told_apart_wherever_names_are() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    let mut other = invited(&mut server, &mut ana, 3, "Ana", true);
    settle(&mut [&mut ana, &mut ben, &mut other], &mut server);
    send(&mut other, &mut server, "I am the other one.");
    settle(&mut [&mut other, &mut ana, &mut ben], &mut server);
    let shown = people(&mut ben, &mut server);
    let mut names: Vec<&str> =
        shown["people"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Ana", "Ana (2)", "Ben"]);
    let open = json!({"cmd": "openThread", "circle": CIRCLE.to_string(), "thread": THREAD, "limit": 9});
    assert_eq!(ask(&mut ben, &mut server, open)["messages"][0]["authorName"], "Ana (2)");
    assert_eq!(listed(&mut ben, &mut server)["lastName"], "Ana (2)");
    let circle = ask(&mut other, &mut server, json!({"cmd": "circle", "circle": CIRCLE.to_string()}));
    assert_eq!((&circle["me"]["name"], &circle["ownName"]), (&"Ana (2)".into(), &"Ana".into()));
    let renamed = json!({"cmd": "rename", "circle": CIRCLE.to_string(), "name": "Anita"});
    assert_eq!(ask(&mut other, &mut server, renamed)["me"]["name"], "Anita");
}

#[test]
fn a_message_that_is_too_long_says_by_how_many_characters() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    for (text, over) in [("a".repeat(4_012), 12), ("é".repeat(2_001), 1), ("🙂".repeat(1_003), 3)] {
        let send =
            json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": THREAD, "text": text, "replyTo": null});
        let problem = ana.ask(&mut server, serde_json::from_value(send).unwrap()).unwrap_err();
        assert_eq!(problem.count, Some(over), "{problem:?}");
    }
}
