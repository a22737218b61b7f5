//! The circle's toolkit, through the engine and the real hub.
#![allow(clippy::unwrap_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{ask, bytes_of, contains, invited, leader, member, refused, settle, sync};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::document::{MOMENTS_MAX, STRATEGIES_MAX};
use serde_json::{Value, json};

fn toolkit(phone: &mut Phone, server: &mut Server) -> Vec<Value> {
    ask(phone, server, json!({"cmd": "toolkit", "circle": CIRCLE.to_string()})).as_array().unwrap().clone()
}

fn written(title: &str, text: &str, adapted_from: Option<&Value>) -> Value {
    let moments = json!([{"moment": "panic"}, {"moment": "own", "word": "in the rain"}]);
    let circle = CIRCLE.to_string();
    json!({"cmd": "addStrategy", "circle": circle, "title": title, "text": text, "moments": moments,
        "adaptedFrom": adapted_from})
}

fn adds(phone: &mut Phone, server: &mut Server, title: &str, adapted_from: Option<&Value>) -> Value {
    ask(phone, server, written(title, "Out of the door, and on.", adapted_from))
}

fn helped(key: &Value, on: bool) -> Value {
    json!({"cmd": "helped", "circle": CIRCLE.to_string(), "key": key, "on": on})
}

fn take_back(key: &Value) -> Value {
    json!({"cmd": "takeBackStrategy", "circle": CIRCLE.to_string(), "key": key})
}

fn of<'v>(strategies: &'v [Value], title: &str) -> &'v Value {
    strategies.iter().find(|strategy| strategy["title"] == title).unwrap()
}

#[test]
fn a_strategy_reaches_everyone_with_its_words_and_author_and_is_safe() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let walk = adds(&mut ben, &mut server, " Walk ", None);
    assert_eq!((&walk["title"], &walk["mine"], &walk["safety"]), (&json!("Walk"), &json!(true), &json!("phone")));
    let outbox = ask(&mut ben, &mut server, json!({"cmd": "outbox"}));
    assert_eq!(outbox[0]["kind"], "toolkit");
    settle(&mut [&mut ana, &mut ben], &mut server);
    let seen = toolkit(&mut ana, &mut server);
    let seen = of(&seen, "Walk");
    assert_eq!((&seen["authorName"], &seen["text"]), (&json!("Ben"), &json!("Out of the door, and on.")));
    assert_eq!(seen["moments"], json!([{"moment": "panic"}, {"moment": "own", "word": "in the rain"}]));
    assert_eq!((&seen["mine"], &seen["body"], &seen["safety"]), (&json!(false), &json!("here"), &json!("safe")));
    assert_eq!(toolkit(&mut ben, &mut server)[0]["safety"], "safe");
    // Whoever comes later reads it too.
    let mut cat = invited(&mut server, &mut ana, 3, "Cat", false);
    settle(&mut [&mut ana, &mut cat], &mut server);
    assert_eq!(of(&toolkit(&mut cat, &mut server), "Walk")["text"], "Out of the door, and on.");
}

#[test]
fn two_who_adapt_one_strategy_offline_keep_both() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    let walk = adds(&mut ana, &mut server, "Walk", None);
    settle(&mut [&mut ana, &mut ben], &mut server);
    adds(&mut ana, &mut server, "Walk slowly", Some(&walk["key"]));
    adds(&mut ben, &mut server, "Walk with a friend", Some(&walk["key"]));
    settle(&mut [&mut ana, &mut ben], &mut server);
    for phone in [&mut ana, &mut ben] {
        let all = toolkit(phone, &mut server);
        for (title, author) in [("Walk slowly", "Ana"), ("Walk with a friend", "Ben")] {
            assert_eq!(
                (&of(&all, title)["adaptedFrom"], &of(&all, title)["authorName"]),
                (&walk["key"], &json!(author))
            );
        }
    }
    let unknown = json!("AAAAAAAAAAAAAAAAAAAAAAx");
    assert_eq!(refused(&mut ben, &mut server, written("Run", "Go.", Some(&unknown))), "unknown-document");
}

#[test]
fn what_helped_is_said_by_name_once_a_person_and_can_be_taken_back() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    let key = adds(&mut ana, &mut server, "Walk", None)["key"].clone();
    settle(&mut [&mut ana, &mut ben], &mut server);
    for _ in 0..2 {
        ask(&mut ben, &mut server, helped(&key, true));
    }
    ask(&mut ana, &mut server, helped(&key, true));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let seen = &toolkit(&mut ana, &mut server)[0];
    assert_eq!((&seen["helped"], &seen["helpedMe"]), (&json!(["Ben"]), &json!(true)));
    ask(&mut ben, &mut server, helped(&key, false));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let seen = &toolkit(&mut ana, &mut server)[0];
    assert_eq!((&seen["helped"], &seen["helpedMe"]), (&json!([]), &json!(true)));
    assert_eq!(refused(&mut ben, &mut server, helped(&json!("no key"), true)), "unknown-document");
}

#[test]
fn a_strategy_that_is_taken_back_is_gone_everywhere_and_its_adaptation_stays() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    let walk = ask(&mut ana, &mut server, written("Walk", "Past the old well.", None));
    settle(&mut [&mut ana, &mut ben], &mut server);
    toolkit(&mut ben, &mut server);
    adds(&mut ben, &mut server, "Walk on", Some(&walk["key"]));
    assert_eq!(refused(&mut ben, &mut server, take_back(&walk["key"])), "not-allowed");
    assert!(contains(&bytes_of(&ben.store), b"Past the old well."));
    ask(&mut ana, &mut server, take_back(&walk["key"]));
    ask(&mut ana, &mut server, take_back(&walk["key"]));
    settle(&mut [&mut ana, &mut ben], &mut server);
    for phone in [&mut ana, &mut ben] {
        let all = toolkit(phone, &mut server);
        let gone = all.iter().find(|strategy| strategy["key"] == walk["key"]).unwrap();
        assert_eq!((&gone["body"], &gone["title"], &gone["text"]), (&json!("gone"), &json!(""), &json!("")));
        assert_eq!(of(&all, "Walk on")["adaptedFrom"], walk["key"]);
        assert!(!contains(&bytes_of(&phone.store), b"Past the old well."));
    }
    assert_eq!(refused(&mut ben, &mut server, helped(&walk["key"], true)), "unknown-document");
}

#[test]
fn what_can_not_be_taken_is_refused_by_name_and_leaves_nothing() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    assert_eq!(refused(&mut ana, &mut server, written(" ", "Go.", None)), "empty");
    assert_eq!(refused(&mut ana, &mut server, written(&"W".repeat(121), "Go.", None)), "too-long");
    assert_eq!(refused(&mut ana, &mut server, written("Walk", &"o".repeat(4_001), None)), "too-long");
    let with = |moments: Value| {
        let mut command = written("Walk", "Go.", None);
        command["moments"] = moments;
        command
    };
    let many: Vec<Value> = (0..=MOMENTS_MAX).map(|at| json!({"moment": "own", "word": at.to_string()})).collect();
    assert_eq!(refused(&mut ana, &mut server, with(json!(many))), "too-long");
    assert_eq!(refused(&mut ana, &mut server, with(json!([{"moment": "own", "word": " "}]))), "empty");
    assert_eq!(refused(&mut ana, &mut server, with(json!([{"moment": "later", "code": 0}]))), "bad-input");
    assert!(toolkit(&mut ana, &mut server).is_empty());
    // One of the list by its number, and words that are the same, stand once.
    let anger = json!([{"moment": "later", "code": 4}, {"moment": "anger"}, {"moment": "own", "word": "rain "},
        {"moment": "own", "word": "rain"}, {"moment": "later", "code": 77}]);
    let kept = ask(&mut ana, &mut server, with(anger))["moments"].clone();
    assert_eq!(kept, json!([{"moment": "anger"}, {"moment": "own", "word": "rain"}, {"moment": "later", "code": 77}]));
}

#[test]
fn a_person_may_add_so_many_and_is_told_when_it_is_full() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    for at in 0..STRATEGIES_MAX {
        adds(&mut ana, &mut server, &format!("Walk {at}"), None);
    }
    let command = serde_json::from_value(written("One more", "Go.", None)).unwrap();
    let problem = serde_json::to_value(ana.ask(&mut server, command).unwrap_err()).unwrap();
    assert_eq!((&problem["code"], &problem["why"]), (&json!("full"), &json!("full-toolkit")));
    let first = toolkit(&mut ana, &mut server)[0]["key"].clone();
    ask(&mut ana, &mut server, take_back(&first));
    adds(&mut ana, &mut server, "One more", None);
    sync(&mut ana, &mut server);
    assert_eq!(ask(&mut ana, &mut server, json!({"cmd": "outbox"})), json!([]));
}

#[test]
fn whoever_was_taken_out_stays_named_and_what_helped_them_counts() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    let key = adds(&mut ben, &mut server, "Walk", None)["key"].clone();
    ask(&mut ben, &mut server, helped(&key, true));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let out = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": out, "also": []}));
    settle(&mut [&mut ana], &mut server);
    let seen = &toolkit(&mut ana, &mut server)[0];
    assert_eq!((&seen["left"], &seen["authorName"], &seen["helped"]), (&json!(true), &json!("Ben"), &json!(["Ben"])));
}

#[test]
fn titles_and_moments_turn_nothing_around_them() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut turning = written("\u{202e}Walk\u{2066}", "Out \u{202d}and on.", None);
    turning["moments"] = json!([{"moment": "own", "word": "\u{2067}rain"}, {"moment": "own", "word": "rain"}]);
    let seen = ask(&mut ana, &mut server, turning);
    assert_eq!((&seen["title"], &seen["text"]), (&json!("Walk"), &json!("Out \u{202d}and on.")));
    assert_eq!(seen["moments"], json!([{"moment": "own", "word": "rain"}]));
    assert_eq!(toolkit(&mut ana, &mut server), [seen]);
}
