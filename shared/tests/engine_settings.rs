//! What facilitators decide for all, through the engine and the real hub.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{ask, invited, leader, people, refused, settle, sync};
use crate::support::{CIRCLE, Phone, Server};
use serde_json::{Value, json};

fn begins(phone: &mut Phone, server: &mut Server, title: &str) -> Value {
    ask(phone, server, json!({"cmd": "createThread", "circle": CIRCLE.to_string(), "title": title}))
}

fn titles(phone: &mut Phone, server: &mut Server) -> Vec<String> {
    let threads = ask(phone, server, json!({"cmd": "threads", "circle": CIRCLE.to_string()}));
    let title = |thread: &Value| thread["title"].as_str().unwrap().to_owned();
    let mut titles: Vec<String> = threads.as_array().unwrap().iter().map(title).filter(|it| !it.is_empty()).collect();
    titles.sort();
    titles
}

fn may_begin(phone: &mut Phone, server: &mut Server) -> bool {
    ask(phone, server, json!({"cmd": "circles"}))[0]["mayBegin"].as_bool().unwrap()
}

fn decides(phone: &mut Phone, server: &mut Server, everyone: bool) -> Value {
    ask(phone, server, json!({"cmd": "setConversations", "circle": CIRCLE.to_string(), "everyone": everyone}))
}

#[test]
fn a_member_begins_conversations_and_everyone_reads_them() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert!(may_begin(&mut ben, &mut server));
    let walks = begins(&mut ben, &mut server, "Walks");
    begins(&mut ben, &mut server, "Songs");
    let send =
        json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": walks["thread"], "text": "Hi", "replyTo": null});
    ask(&mut ben, &mut server, send);
    begins(&mut ana, &mut server, "Food");
    settle(&mut [&mut ana, &mut ben], &mut server);
    for phone in [&mut ana, &mut ben] {
        assert_eq!(titles(phone, &mut server), ["Food", "Songs", "Walks"]);
        assert_eq!(ask(phone, &mut server, json!({"cmd": "outbox"})), json!([]));
    }
}

#[test]
fn facilitators_reserve_conversations_and_give_them_back() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(people(&mut ana, &mut server)["everyoneBegins"], true);
    let by_member = json!({"cmd": "setConversations", "circle": CIRCLE.to_string(), "everyone": false});
    assert_eq!(refused(&mut ben, &mut server, by_member), "not-allowed");
    assert_eq!(decides(&mut ana, &mut server, false)["everyoneBegins"], false);
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert!(!may_begin(&mut ben, &mut server) && may_begin(&mut ana, &mut server));
    let create = json!({"cmd": "createThread", "circle": CIRCLE.to_string(), "title": "Walks"});
    assert_eq!(refused(&mut ben, &mut server, create), "not-allowed");
    begins(&mut ana, &mut server, "Food");
    let kind = |shown: &Value| shown["events"][0]["kind"].clone();
    assert_eq!(kind(&people(&mut ben, &mut server)), "conversationsReserved");
    // Whoever comes later is held to it too.
    let mut cat = invited(&mut server, &mut ana, 3, "Cat", true);
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert!(!may_begin(&mut cat, &mut server));
    decides(&mut ana, &mut server, true);
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert!(may_begin(&mut ben, &mut server) && may_begin(&mut cat, &mut server));
    begins(&mut cat, &mut server, "Songs");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(titles(&mut ben, &mut server), ["Food", "Songs"]);
    assert_eq!(kind(&people(&mut ben, &mut server)), "conversationsOpened");
}

#[test]
fn p26_what_was_begun_before_it_was_reserved_stays_for_whoever_comes_later() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    begins(&mut ben, &mut server, "Walks");
    sync(&mut ben, &mut server);
    decides(&mut ana, &mut server, false);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let mut cat = invited(&mut server, &mut ana, 3, "Cat", true);
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    for phone in [&mut ana, &mut ben, &mut cat] {
        assert_eq!(titles(phone, &mut server), ["Walks"]);
    }
}
