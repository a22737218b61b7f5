//! What facilitators do to people, through the engine and the real hub.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{ask, invited, leader, member, people, refused, settle, sync};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::client::{ProblemCode, Why};
use kith_shared::trust::{Demote, Remove, Restored, StatementBody, StatementProblem};
use kith_shared::wire::CircleAnswer;
use serde_json::{Value, json};

fn says(phone: &mut Phone, server: &mut Server, command: &str, name: &str) -> Value {
    let member = member(phone, server, name);
    ask(phone, server, json!({"cmd": command, "circle": CIRCLE.to_string(), "member": member}))
}

fn person(phone: &mut Phone, server: &mut Server, name: &str) -> Value {
    let shown = people(phone, server);
    shown["people"].as_array().unwrap().iter().find(|person| person["name"] == name).unwrap().clone()
}

fn has_event(phone: &mut Phone, server: &mut Server, kind: &str) -> bool {
    people(phone, server)["events"].as_array().unwrap().iter().any(|event| event["kind"] == kind)
}

fn warning(phone: &mut Phone, server: &mut Server) -> Value {
    ask(phone, server, json!({"cmd": "circles"}))[0]["warning"].clone()
}

#[test]
fn a_withdrawn_invitation_lets_nobody_in_and_is_listed_no_more() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let invite =
        json!({"cmd": "invite", "circle": CIRCLE.to_string(), "role": "member", "past": false, "uses": 3, "days": 7});
    let made = ask(&mut ana, &mut server, invite);
    assert_eq!(made["many"], true);
    sync(&mut ana, &mut server);
    let of_ana =
        |shown: &Value| shown["invites"].as_array().unwrap().iter().find(|invite| invite["mine"] == true).cloned();
    let listed = of_ana(&people(&mut ana, &mut server)).unwrap();
    assert_eq!((&listed["uses"], &listed["mayWithdraw"], &listed["pending"]), (&3.into(), &true.into(), &false.into()));
    let withdraw = json!({"cmd": "withdraw", "circle": CIRCLE.to_string(), "invite": listed["invite"]});
    let after = ask(&mut ana, &mut server, withdraw.clone());
    assert_eq!(of_ana(&after), None);
    sync(&mut ana, &mut server);
    assert_eq!(refused(&mut ana, &mut server, withdraw), "not-allowed", "it is so already");
    let enrol = json!({"cmd": "enrol", "link": made["link"], "name": "Ben"});
    let mut ben = Phone::new(2);
    ben.ask(&mut server, serde_json::from_value(enrol).unwrap()).unwrap_err();
    assert!(has_event(&mut ana, &mut server, "withdrawn"));
}

#[test]
fn taking_out_a_phone_that_nobody_has_is_refused_and_leaves_nothing() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let before = server.chain().chain().len();
    let remove = json!({"cmd": "removeDevice", "circle": CIRCLE.to_string(), "device": "ff".repeat(32)});
    let problem = ana.ask(&mut server, serde_json::from_value(remove).unwrap()).unwrap_err();
    assert_eq!(
        (problem.code, problem.why),
        (ProblemCode::NotAllowed, Some(Why::Said(StatementProblem::UnknownTarget)))
    );
    sync(&mut ana, &mut server);
    assert_eq!(server.chain().chain().len(), before, "no statement went out");
}

#[test]
fn a_member_is_made_a_facilitator_and_a_member_again_and_brought_back() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let day = 24 * 60 * 60 * 1_000;
    says(&mut ana, &mut server, "promote", "Ben");
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(person(&mut ben, &mut server, "Ben")["role"], "facilitator");
    assert_eq!(people(&mut ben, &mut server)["leads"], true);
    for phone in [&mut ana, &mut ben] {
        phone.now = phone.now.plus_ms(2 * day);
        server.now = server.now.max(phone.now);
    }
    settle(&mut [&mut ana, &mut ben], &mut server);
    says(&mut ana, &mut server, "demote", "Ben");
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(person(&mut ben, &mut server, "Ben")["role"], "member");
    assert!(has_event(&mut ben, &mut server, "demoted"));
    let out = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": out, "also": []}));
    settle(&mut [&mut ana], &mut server);
    let shown = person(&mut ana, &mut server, "Ben");
    assert_eq!((&shown["standing"], &shown["canBringBack"]), (&"removed".into(), &true.into()), "{shown}");
    says(&mut ana, &mut server, "confirm", "Ben");
    settle(&mut [&mut ana, &mut ben], &mut server);
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(person(&mut ben, &mut server, "Ben")["standing"], "active");
    assert!(has_event(&mut ben, &mut server, "broughtBack"));
    let status = ask(&mut ben, &mut server, json!({"cmd": "sync"}));
    assert_eq!(status["problem"], Value::Null, "{status}");
}

#[test]
fn who_is_taken_out_takes_along_whom_they_let_in_only_when_named() {
    for with in [false, true] {
        let mut server = Server::new();
        let mut ana = leader(&mut server, 1);
        let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
        settle(&mut [&mut ana, &mut ben], &mut server);
        says(&mut ana, &mut server, "promote", "Ben");
        settle(&mut [&mut ana, &mut ben], &mut server);
        let mut chris = invited(&mut server, &mut ben, 3, "Chris", true);
        for phone in [&mut ana, &mut ben, &mut chris] {
            phone.now = phone.now.plus_ms(2 * 24 * 60 * 60 * 1_000);
            server.now = server.now.max(phone.now);
        }
        settle(&mut [&mut ana, &mut ben, &mut chris], &mut server);
        let chris_is = person(&mut ana, &mut server, "Chris");
        assert_eq!((&chris_is["letInByName"], &chris_is["letInByIsOut"]), (&"Ben".into(), &false.into()));
        let (out, along) = (member(&mut ana, &mut server, "Ben"), chris_is["member"].clone());
        let also = if with { vec![along] } else { Vec::new() };
        ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": out, "also": also}));
        settle(&mut [&mut ana], &mut server);
        assert_eq!(person(&mut ana, &mut server, "Ben")["standing"], "removed");
        let chris_is = person(&mut ana, &mut server, "Chris");
        let expected = if with { "removed" } else { "active" };
        assert_eq!((&chris_is["standing"], &chris_is["letInByIsOut"]), (&expected.into(), &true.into()));
    }
}

/// Answers as if nothing had been said, and gives nothing.
fn hears_nothing(answer: &mut CircleAnswer) {
    answer.records.clear();
    answer.refused_statements.clear();
    answer.head = None;
}

#[test]
fn a_statement_that_is_left_unanswered_twice_is_shown_as_the_servers_doing() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let out = member(&mut ana, &mut server, "Ben");
    ana.online = false;
    ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": out, "also": []}));
    ana.online = true;
    server.lie = Some(Box::new(hears_nothing));
    sync(&mut ana, &mut server);
    sync(&mut ana, &mut server);
    assert_eq!(warning(&mut ana, &mut server), "records-withheld");
    server.lie = None;
    settle(&mut [&mut ana], &mut server);
    assert_eq!(warning(&mut ana, &mut server), Value::Null);
    assert_eq!(person(&mut ana, &mut server, "Ben")["standing"], "removed");
}

#[test]
fn a_newcomer_by_codes_takes_no_chain_that_contradicts_their_facilitators() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut chris = invited(&mut server, &mut ana, 3, "Chris", true);
    settle(&mut [&mut ana, &mut chris], &mut server);
    let mut other = server.beside();
    let root_says = member(&mut ana, &mut server, "Ana").parse().unwrap();
    says(&mut ana, &mut server, "promote", "Chris");
    sync(&mut ana, &mut server);
    other.say(StatementBody::Demote(Demote { member: root_says }));
    let mut ben = Phone::new(5);
    (ben.now, ben.online) = (ana.now, false);
    let offer = ask(&mut ben, &mut server, json!({"cmd": "qrAsk", "name": "Ben"}));
    let grant = json!({"cmd": "qrGrant", "circle": CIRCLE.to_string(), "qr": offer["qr"], "role": "member",
        "past": false, "member": null});
    let grant = ask(&mut ana, &mut server, grant);
    ask(&mut ben, &mut server, json!({"cmd": "qrTake", "qr": grant["qr"]}));
    ben.online = true;
    sync(&mut ben, &mut other);
    let circles = ask(&mut ben, &mut other, json!({"cmd": "circles"}));
    assert_eq!(circles[0]["pending"], true, "the other history lets nobody in by this grant: {circles}");
    settle(&mut [&mut ben, &mut ana], &mut server);
    settle(&mut [&mut ben, &mut ana], &mut server);
    let circles = ask(&mut ben, &mut server, json!({"cmd": "circles"}));
    assert_eq!((&circles[0]["pending"], &circles[0]["warning"]), (&false.into(), &Value::Null), "{circles}");
}

/// What Ana's own invitations are called, those that are good.
fn own_invites(ana: &mut Phone, server: &mut Server) -> Vec<Value> {
    let shown = people(ana, server);
    let mine = shown["invites"].as_array().unwrap().iter().filter(|invite| invite["mine"] == true);
    mine.map(|invite| invite["invite"].clone()).collect()
}

#[test]
fn an_ask_that_is_made_again_gives_the_same_invitation_and_the_same_printed_code() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let (circle, ben_id) = (CIRCLE.to_string(), member(&mut ana, &mut server, "Ben"));
    let asks = [
        json!({"cmd": "invite", "circle": circle, "role": "member", "past": true, "uses": 3, "days": 7}),
        json!({"cmd": "inviteDevice", "circle": circle, "member": ben_id, "recovers": true}),
        json!({"cmd": "paper", "circle": circle}),
    ];
    for (nth, ask_of) in (40..).step_by(2).zip(asks) {
        let named = |name: &str| {
            let mut named = ask_of.clone();
            named["once"] = format!("{name} {}", ask_of["cmd"]).into();
            named
        };
        let made = ask(&mut ana, &mut server, named("ask-1"));
        // The reply was lost with the engine, before or after the server heard of it.
        for (seed, is_heard) in [(nth, false), (nth + 1, true)] {
            let now = ana.now;
            ana = Phone::over(ana.store.clone(), seed);
            (ana.now, ana.online) = (now, is_heard);
            if is_heard {
                sync(&mut ana, &mut server);
            }
            assert_eq!(ask(&mut ana, &mut server, named("ask-1")), made, "{ask_of}");
        }
        let another = ask(&mut ana, &mut server, named("ask-2"));
        assert_ne!(another["code"], made["code"], "another ask");
        assert_ne!(
            ask(&mut ana, &mut server, ask_of.clone())["code"],
            ask(&mut ana, &mut server, ask_of.clone())["code"]
        );
        sync(&mut ana, &mut server);
    }
    assert_eq!(own_invites(&mut ana, &mut server).len(), 8, "four of each");
    let papers = server.chain().standing().devices().filter(|it| it.paper).count();
    assert_eq!(papers, 4, "each but the last is taken out");
}

#[test]
fn what_was_not_withdrawn_or_taken_out_comes_back_with_what_it_takes_to_say_it_again() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    let invite = json!({"cmd": "invite", "circle": CIRCLE.to_string(), "role": "member", "past": false, "uses": 1,
        "days": 7});
    ask(&mut ana, &mut server, invite);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let backup = server.beside();
    let invite = own_invites(&mut ana, &mut server).remove(0);
    let withdraw = json!({"cmd": "withdraw", "circle": CIRCLE.to_string(), "invite": invite});
    ask(&mut ana, &mut server, withdraw.clone());
    settle(&mut [&mut ana], &mut server);
    assert!(own_invites(&mut ana, &mut server).is_empty());
    server.store = backup.store;
    let from = server.chain().chain().len() + 1;
    server.say(StatementBody::Restored(Restored { generation: 1, from }));
    settle(&mut [&mut ana], &mut server);
    let shown = people(&mut ana, &mut server);
    let returned = &shown["returned"][0];
    assert_eq!((&returned["what"], &returned["thing"]), (&"withdraw".into(), &invite), "{shown}");
    assert_eq!(own_invites(&mut ana, &mut server), [invite], "it holds again");
    ask(&mut ana, &mut server, withdraw);
    settle(&mut [&mut ana], &mut server);
    assert!(own_invites(&mut ana, &mut server).is_empty());
    // Ben goes before the server hears that his phone does.
    let device = person(&mut ana, &mut server, "Ben")["devices"][0]["device"].clone();
    ana.online = false;
    sync(&mut ana, &mut server);
    ask(&mut ana, &mut server, json!({"cmd": "removeDevice", "circle": CIRCLE.to_string(), "device": device}));
    let out = server.chain().standing().device(&ben.secret().id()).unwrap().member;
    server.say(StatementBody::Remove(Remove::Member(out)));
    ana.online = true;
    settle(&mut [&mut ana], &mut server);
    let shown = people(&mut ana, &mut server);
    let returned = shown["returned"].as_array().unwrap().last().unwrap();
    assert_eq!((&returned["what"], &returned["thing"]), (&"removeDevice".into(), &device), "{shown}");
}
