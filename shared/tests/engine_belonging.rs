//! What holds a circle together, through the engine and the real hub: its agreement, who does what, how it meets.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{another_phone, ask, invited, leader, member, refused, settle};
use crate::support::{CIRCLE, Phone, Server};
use serde_json::{Value, json};

fn circle(phone: &mut Phone, server: &mut Server) -> Value {
    ask(phone, server, json!({"cmd": "circle", "circle": CIRCLE.to_string()}))
}

fn with(name: &str, more: Value) -> Value {
    let mut command = json!({"cmd": name, "circle": CIRCLE.to_string()});
    command.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    command
}

fn agree(phone: &mut Phone, server: &mut Server, digest: &Value) -> Value {
    ask(phone, server, with("agree", json!({"digest": digest})))
}

fn two() -> (Server, Phone, Phone) {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    (server, ana, ben)
}

fn changes(shown: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    shown["changed"].as_array().unwrap().iter().map(|one| (text(&one["before"]), text(&one["now"]))).collect()
}

#[test]
fn a_member_agrees_by_name_and_a_change_asks_again_and_says_what_it_changed() {
    let (mut server, mut ana, mut ben) = two();
    let empty = circle(&mut ben, &mut server);
    assert_eq!((&empty["lines"], &empty["agreementDigest"]), (&json!([]), &Value::Null));
    let shown = ask(&mut ana, &mut server, with("addAgreementLine", json!({"text": " We listen. "})));
    let listen = shown["lines"][0]["item"].clone();
    assert_eq!(shown["lines"], json!([{"item": listen, "text": "We listen.", "contested": []}]));
    let shown = ask(&mut ana, &mut server, with("addAgreementLine", json!({"text": "Phones stay in the bag."})));
    let bag = shown["lines"][1]["item"].clone();
    settle(&mut [&mut ana, &mut ben], &mut server);

    ben.online = false;
    let shown = circle(&mut ben, &mut server);
    assert_eq!((&shown["agreed"], &shown["changed"]), (&json!([]), &Value::Null), "one can read on without");
    let shown = agree(&mut ben, &mut server, &shown["agreementDigest"]);
    assert_eq!(shown["agreed"], json!([shown["me"]["member"]]));
    let again = agree(&mut ben, &mut server, &shown["agreementDigest"]);
    assert_eq!(again["agreed"], shown["agreed"], "said twice is said once");
    ben.online = true;
    settle(&mut [&mut ana, &mut ben], &mut server);
    let his = member(&mut ana, &mut server, "Ben");
    assert_eq!(circle(&mut ana, &mut server)["agreed"], json!([his]));

    for command in [
        with("setAgreementLine", json!({"item": listen, "text": "We listen before we advise."})),
        with("setAgreementLine", json!({"item": bag, "text": ""})),
        with("setAgreementLine", json!({"item": bag, "text": ""})),
        with("addAgreementLine", json!({"text": "Anyone may pass."})),
    ] {
        ask(&mut ana, &mut server, command);
    }
    let stale = shown["agreementDigest"].clone();
    settle(&mut [&mut ana, &mut ben], &mut server);
    let shown = circle(&mut ben, &mut server);
    assert_eq!(shown["agreed"], json!([]));
    let expected =
        [("We listen.", "We listen before we advise."), ("", "Anyone may pass."), ("Phones stay in the bag.", "")];
    assert_eq!(changes(&shown), expected.map(|(before, now)| (before.to_owned(), now.to_owned())));
    let shown = agree(&mut ben, &mut server, &stale);
    assert_eq!(shown["agreed"], json!([]), "what was read before is not what is agreed to now");
    let shown = agree(&mut ben, &mut server, &shown["agreementDigest"]);
    assert_eq!((&shown["agreed"], &shown["changed"]), (&json!([his]), &Value::Null));
    let shown = agree(&mut ben, &mut server, &Value::Null);
    assert_eq!(
        (&shown["agreed"], &shown["changed"]),
        (&json!([]), &Value::Null),
        "they take it back, and are left alone"
    );
}

#[test]
fn a_circle_with_an_agreement_from_before_there_were_lines_keeps_it_as_the_first() {
    let (mut server, mut ana, mut ben) = two();
    ask(&mut ana, &mut server, with("setCircle", json!({"agreement": "What is said here stays here."})));
    ask(&mut ana, &mut server, with("addAgreementLine", json!({"text": "We listen."})));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let shown = circle(&mut ben, &mut server);
    let texts: Vec<&str> = shown["lines"].as_array().unwrap().iter().map(|it| it["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["What is said here stays here.", "We listen."]);
    assert_eq!(shown["lines"][0]["item"], "");
    agree(&mut ben, &mut server, &shown["agreementDigest"]);
    ask(&mut ana, &mut server, with("setCircle", json!({"agreement": ""})));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let shown = circle(&mut ben, &mut server);
    assert_eq!(changes(&shown), [("What is said here stays here.".to_owned(), String::new())]);
}

#[test]
fn a_members_other_phone_agreed_too_and_what_was_said_last_counts() {
    let (mut server, mut ana, mut ben) = two();
    ask(&mut ana, &mut server, with("addAgreementLine", json!({"text": "We listen."})));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let his = member(&mut ana, &mut server, "Ben");
    let mut tablet = another_phone(&mut server, &mut ben, (&his, "Ben"), false, 7);
    settle(&mut [&mut ana, &mut ben, &mut tablet], &mut server);
    let digest = circle(&mut ben, &mut server)["agreementDigest"].clone();
    agree(&mut ben, &mut server, &digest);
    settle(&mut [&mut ana, &mut ben, &mut tablet], &mut server);
    assert_eq!(circle(&mut tablet, &mut server)["agreed"], json!([his]));
    tablet.now.0 += 60_000;
    agree(&mut tablet, &mut server, &Value::Null);
    settle(&mut [&mut ana, &mut ben, &mut tablet], &mut server);
    for phone in [&mut ana, &mut ben, &mut tablet] {
        assert_eq!(circle(phone, &mut server)["agreed"], json!([]));
    }
}

#[test]
fn p04_two_wordings_of_one_line_both_stand_and_whoever_agrees_agrees_to_both() {
    let (mut server, mut ana, mut ben) = two();
    let shown = ask(&mut ana, &mut server, with("addAgreementLine", json!({"text": "We listen."})));
    let item = shown["lines"][0]["item"].clone();
    let role = ask(&mut ana, &mut server, with("addRole", json!({"name": "Keeps time", "member": null})));
    let role = role["roles"][0]["item"].clone();
    let his = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, json!({"cmd": "promote", "circle": CIRCLE.to_string(), "member": his}));
    settle(&mut [&mut ana, &mut ben], &mut server);
    for (phone, text) in [(&mut ana, "We listen first."), (&mut ben, "We listen twice.")] {
        phone.online = false;
        let me = circle(phone, &mut server)["me"]["member"].clone();
        ask(phone, &mut server, with("setAgreementLine", json!({"item": item, "text": text})));
        ask(phone, &mut server, with("setRole", json!({"item": role, "member": me})));
        ask(phone, &mut server, with("setCircle", json!({"opening": text})));
        phone.online = true;
    }
    settle(&mut [&mut ana, &mut ben], &mut server);
    let shown = circle(&mut ana, &mut server);
    assert_eq!(circle(&mut ben, &mut server)["agreementDigest"], shown["agreementDigest"]);
    assert_eq!(shown["lines"][0]["contested"].as_array().unwrap().len(), 2);
    let fields: Vec<&Value> =
        shown["roles"][0]["contested"].as_array().unwrap().iter().map(|one| &one["field"]).collect();
    assert_eq!(fields, ["member", "member"]);
    assert_eq!(shown["contested"].as_array().unwrap().iter().filter(|one| one["field"] == "opening").count(), 2);
    let agreed = agree(&mut ben, &mut server, &shown["agreementDigest"]);
    assert_eq!(agreed["agreed"].as_array().unwrap().len(), 1);
    let chosen = with("setAgreementLine", json!({"item": item, "text": "We listen first."}));
    let shown = ask(&mut ana, &mut server, chosen);
    assert_eq!(shown["lines"][0]["contested"], json!([]));
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(circle(&mut ben, &mut server)["agreed"], json!([]), "choosing one is a change");
}

#[test]
fn what_a_member_may_not_write_is_refused_and_so_is_what_is_too_long() {
    let (mut server, mut ana, mut ben) = two();
    let shown = ask(&mut ana, &mut server, with("addAgreementLine", json!({"text": "We listen."})));
    let item = shown["lines"][0]["item"].clone();
    settle(&mut [&mut ana, &mut ben], &mut server);
    for command in [
        with("addAgreementLine", json!({"text": "Mine"})),
        with("setAgreementLine", json!({"item": item, "text": "Mine"})),
        with("addRole", json!({"name": "Leads", "member": null})),
        with("setRole", json!({"item": item, "name": "Leads"})),
        with("setCircle", json!({"opening": "We sing"})),
    ] {
        assert_eq!(refused(&mut ben, &mut server, command), "not-allowed");
    }
    let long = "語".repeat(1_333);
    for (command, code) in [
        (with("addAgreementLine", json!({"text": long})), "too-long"),
        (with("addAgreementLine", json!({"text": " "})), "empty"),
        (with("addRole", json!({"name": long, "member": null})), "too-long"),
        (with("setCircle", json!({"closing": long})), "too-long"),
        (with("setAgreementLine", json!({"item": "00000zAAAAAAAA", "text": "Gone"})), "unknown-document"),
    ] {
        assert_eq!(refused(&mut ana, &mut server, command), code);
    }
    assert_eq!(circle(&mut ana, &mut server)["roles"], json!([]));
}

#[test]
fn a_role_of_somebody_who_was_taken_out_is_nobodys_and_they_agree_no_more() {
    let (mut server, mut ana, mut ben) = two();
    let his = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, with("addAgreementLine", json!({"text": "We listen."})));
    ask(&mut ana, &mut server, with("addRole", json!({"name": "Keeps time", "member": his})));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let shown = circle(&mut ben, &mut server);
    assert_eq!((&shown["roles"][0]["member"], &shown["roles"][0]["memberName"]), (&json!(his), &json!("Ben")));
    agree(&mut ben, &mut server, &shown["agreementDigest"]);
    settle(&mut [&mut ana, &mut ben], &mut server);
    ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": his}));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let shown = circle(&mut ana, &mut server);
    assert_eq!((&shown["roles"][0]["member"], &shown["roles"][0]["memberName"]), (&Value::Null, &json!("")));
    assert_eq!(shown["agreed"], json!([]));
}
