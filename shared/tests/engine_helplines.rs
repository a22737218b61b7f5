//! Whom people can call, through the engine and the real hub: entered by facilitators, or said by the organisation.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{ask, invited, leader, member, people, refused, settle};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::time::Day;
use kith_shared::trust::{Helpline, Helplines, StatementBody};
use serde_json::{Value, json};

fn circle(phone: &mut Phone, server: &mut Server) -> Value {
    ask(phone, server, json!({"cmd": "circle", "circle": CIRCLE.to_string()}))
}

fn added(name: &str) -> Value {
    json!({"cmd": "addHelpline", "circle": CIRCLE.to_string(), "name": name, "phone": "+1 202 555 0142", "sms": "",
        "region": "Everywhere", "hours": "Day and night", "language": "English", "checked": 20_700})
}

fn with(mut command: Value, more: &Value) -> Value {
    let more = more.as_object().unwrap().clone();
    command.as_object_mut().unwrap().extend(more);
    command
}

fn two() -> (Server, Phone, Phone) {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    (server, ana, ben)
}

#[test]
fn what_a_facilitator_enters_every_member_is_shown_with_no_network_too() {
    let (mut server, mut ana, mut ben) = two();
    let shown = ask(&mut ana, &mut server, added(" Night line "));
    let item = shown["helplines"][0]["item"].clone();
    let whole = json!([{"item": item, "name": "Night line", "phone": "+1 202 555 0142", "sms": "", "region": "Everywhere",
        "hours": "Day and night", "language": "English", "checked": 20_700, "fromOrganisation": false, "contested": []}]);
    assert_eq!(shown["helplines"], whole);
    settle(&mut [&mut ana, &mut ben], &mut server);
    ben.online = false;
    assert_eq!(circle(&mut ben, &mut server)["helplines"], whole);
    let of_line =
        |command: &str, more: Value| with(json!({"cmd": command, "circle": CIRCLE.to_string(), "item": item}), &more);
    for command in [added("Mine"), of_line("setHelpline", json!({"phone": "1"})), of_line("removeHelpline", json!({}))]
    {
        assert_eq!(refused(&mut ben, &mut server, command), "not-allowed");
    }
    let set = of_line("setHelpline", json!({"sms": "303", "checked": 20_800}));
    let shown = ask(&mut ana, &mut server, set);
    assert_eq!((&shown["helplines"][0]["sms"], &shown["helplines"][0]["checked"]), (&json!("303"), &json!(20_800)));
    ask(&mut ana, &mut server, of_line("removeHelpline", json!({})));
    ben.online = true;
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(circle(&mut ben, &mut server)["helplines"], json!([]));
    let gone = of_line("removeHelpline", json!({}));
    assert_eq!(refused(&mut ana, &mut server, gone), "unknown-document");
}

#[test]
fn what_is_no_helpline_is_refused_and_leaves_nothing() {
    let (mut server, mut ana, _) = two();
    let wrong = [
        (json!({"name": ""}), "empty"),
        (json!({"phone": ""}), "empty"),
        (json!({"phone": "call us"}), "bad-input"),
        (json!({"sms": "1".repeat(41)}), "too-long"),
        (json!({"hours": "x".repeat(121)}), "too-long"),
        (json!({"checked": 10_956}), "bad-input"),
    ];
    for (more, code) in wrong {
        assert_eq!(refused(&mut ana, &mut server, with(added("Night line"), &more)), code, "{more}");
    }
    assert_eq!(circle(&mut ana, &mut server)["helplines"], json!([]));
    assert_eq!(ask(&mut ana, &mut server, json!({"cmd": "outbox"})), json!([]));
}

#[test]
fn p04_two_numbers_of_one_helpline_written_at_once_both_stand_until_someone_chooses() {
    let (mut server, mut ana, mut ben) = two();
    let item = ask(&mut ana, &mut server, added("Night line"))["helplines"][0]["item"].clone();
    let other = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, json!({"cmd": "promote", "circle": CIRCLE.to_string(), "member": other}));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let set = |phone: &mut Phone, server: &mut Server, more: Value| {
        let set = json!({"cmd": "setHelpline", "circle": CIRCLE.to_string(), "item": item});
        ask(phone, server, with(set, &more))
    };
    let decide = |phone: &mut Phone, server: &mut Server, more: Value| {
        ask(phone, server, with(json!({"cmd": "setCircle", "circle": CIRCLE.to_string()}), &more))
    };
    for (phone, number, name) in [(&mut ana, "111", "Ana"), (&mut ben, "222", "Ben")] {
        phone.online = false;
        set(phone, &mut server, json!({"phone": number}));
        decide(phone, &mut server, json!({"followUpWho": name, "followUpBy": "tomorrow"}));
        phone.online = true;
    }
    settle(&mut [&mut ana, &mut ben], &mut server);
    let values = |shown: &Value| {
        let all = shown.as_array().unwrap().iter();
        let mut all: Vec<String> =
            all.map(|one| format!("{} {} {}", one["field"], one["value"], one["authorName"])).collect();
        all.sort_unstable();
        all
    };
    for phone in [&mut ana, &mut ben] {
        let shown = circle(phone, &mut server);
        let numbers = values(&shown["helplines"][0]["contested"]);
        assert_eq!(numbers, [r#""phone" "111" "Ana""#, r#""phone" "222" "Ben""#]);
        assert_eq!(values(&shown["contested"]), [r#""followUpWho" "Ana" "Ana""#, r#""followUpWho" "Ben" "Ben""#]);
    }
    set(&mut ben, &mut server, json!({"hours": "Nights"}));
    assert_eq!(values(&circle(&mut ben, &mut server)["helplines"][0]["contested"]).len(), 2, "hours choose no number");
    set(&mut ben, &mut server, json!({"phone": "111"}));
    decide(&mut ben, &mut server, json!({"followUpWho": "Ben"}));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let shown = circle(&mut ana, &mut server);
    assert_eq!((&shown["helplines"][0]["phone"], &shown["helplines"][0]["contested"]), (&json!("111"), &json!([])));
    assert_eq!((&shown["followUp"]["who"], &shown["contested"]), (&json!("Ben"), &json!([])));
}

#[test]
fn facilitators_say_who_follows_up_and_what_the_circle_is_about() {
    let (mut server, mut ana, mut ben) = two();
    let set = |more: Value| with(json!({"cmd": "setCircle", "circle": CIRCLE.to_string()}), &more);
    let before = circle(&mut ana, &mut server);
    assert_eq!((&before["followUp"], &before["aboutAlcohol"]), (&Value::Null, &json!(false)));
    assert_eq!(refused(&mut ana, &mut server, set(json!({"followUpWho": "Ruth"}))), "empty");
    let both = json!({"followUpWho": "Ruth", "followUpBy": "the next day", "aboutAlcohol": true});
    assert_eq!(refused(&mut ben, &mut server, set(both.clone())), "not-allowed");
    ask(&mut ana, &mut server, set(both));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let shown = circle(&mut ben, &mut server);
    assert_eq!(shown["followUp"], json!({"who": "Ruth", "by": "the next day"}));
    assert_eq!(shown["aboutAlcohol"], true);
    ask(&mut ana, &mut server, set(json!({"followUpWho": "", "followUpBy": "", "aboutAlcohol": false})));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let shown = circle(&mut ben, &mut server);
    assert_eq!((&shown["followUp"], &shown["aboutAlcohol"]), (&Value::Null, &json!(false)));
}

#[test]
fn what_the_organisation_says_stands_behind_and_nobody_in_the_circle_changes_it() {
    let (mut server, mut ana, mut ben) = two();
    ask(&mut ana, &mut server, added("Night line"));
    let clinic = Helpline {
        name: "Clinic".to_owned(),
        phone: "+1 202 555 0150".to_owned(),
        checked: Some(Day(20_700)),
        ..Helpline::default()
    };
    server.say(StatementBody::Helplines(Helplines(vec![clinic])));
    settle(&mut [&mut ana, &mut ben], &mut server);
    for phone in [&mut ana, &mut ben] {
        let lines = circle(phone, &mut server)["helplines"].clone();
        let shown: Vec<_> = lines.as_array().unwrap().iter().map(|it| (&it["name"], &it["fromOrganisation"])).collect();
        assert_eq!(shown, [(&json!("Night line"), &json!(false)), (&json!("Clinic"), &json!(true))]);
        assert_eq!((&lines[1]["item"], &lines[1]["checked"]), (&json!(""), &json!(20_700)));
        let last = people(phone, &mut server)["events"][0].clone();
        assert_eq!((&last["kind"], &last["by"]), (&json!("helplines"), &json!("")));
    }
    let change = json!({"cmd": "setHelpline", "circle": CIRCLE.to_string(), "item": "", "phone": "1"});
    assert!(serde_json::from_value::<kith_shared::client::Command>(change).is_err(), "it has no id to be named by");
    server.say(StatementBody::Helplines(Helplines::default()));
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(circle(&mut ben, &mut server)["helplines"].as_array().unwrap().len(), 1);
}
