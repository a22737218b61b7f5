//! Phones that were taken out, brought back, or put back to an older state: none freezes, and nobody vanishes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{THREAD, ask, invited, leader, member, people, send, settle, sync, texts};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::client::Event;
use kith_shared::trust::{AddDevice, Attached, Confirm, MemberState, Signer, StatementBody, StatementProblem};
use serde_json::{Value, json};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

fn remove(phone: &mut Phone, server: &mut Server, member: &str) -> Value {
    ask(phone, server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": member, "also": []}))
}

fn brings_back(server: &mut Server, member: &str) {
    let member = member.parse().unwrap();
    let undoes = server.chain().standing().member(&member).unwrap().undone_by_confirm.unwrap();
    server.say(StatementBody::Confirm(Confirm { member, undoes }));
}

#[test]
fn p14_who_was_taken_out_is_answered_and_hears_of_being_brought_back() {
    for started_anew in [false, true] {
        let mut server = Server::new();
        let mut ana = leader(&mut server, 1);
        let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
        settle(&mut [&mut ana, &mut ben], &mut server);
        let ben_id = member(&mut ana, &mut server, "Ben");
        remove(&mut ana, &mut server, &ben_id);
        settle(&mut [&mut ana], &mut server);
        ben.online = false;
        send(&mut ben, &mut server, "Written while I was out.");
        ben.online = true;
        for _ in 0..3 {
            let status = ask(&mut ben, &mut server, json!({"cmd": "sync"}));
            assert_eq!(status["problem"]["code"], "removed", "every sync is answered");
        }
        brings_back(&mut server, &ben_id);
        if started_anew {
            ben = Phone::over(ben.store.clone(), 22);
            ben.now = server.now;
            ben.drive(&mut server);
        } else {
            let before = server.requests.len();
            ben.now = ben.now.plus_ms(DAY_MS);
            server.now = ben.now;
            ben.engine.handle(Event::Wake, ben.now);
            ben.drive(&mut server);
            assert!(server.requests.len() > before, "once a day it asks by itself");
        }
        settle(&mut [&mut ben, &mut ana], &mut server);
        let status = ask(&mut ben, &mut server, json!({"cmd": "sync"}));
        assert_eq!((&status["problem"], &status["unsentItems"]), (&Value::Null, &0.into()), "{status}");
        settle(&mut [&mut ben, &mut ana], &mut server);
        assert_eq!(texts(&mut ana, &mut server), ["Written while I was out."]);
    }
}

#[test]
fn a_circle_that_a_phone_is_out_of_is_asked_about_once_a_day() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let ben_id = member(&mut ana, &mut server, "Ben");
    remove(&mut ana, &mut server, &ben_id);
    settle(&mut [&mut ana], &mut server);
    sync(&mut ben, &mut server);
    let before = server.requests.len();
    for _ in 0..20 {
        ben.now = ben.now.plus_ms(DAY_MS / 24);
        server.now = ben.now;
        ben.engine.handle(Event::Wake, ben.now);
        ben.drive(&mut server);
    }
    assert_eq!(server.requests.len(), before, "20 hours are no day");
}

#[test]
fn a_facilitators_phone_that_was_put_back_makes_nobody_vanish() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    settle(&mut [&mut ana], &mut server);
    let copy = ana.store.clone();
    let lets_in = |ana: &mut Phone, server: &mut Server, seed: u8, name: &str| {
        let mut phone = Phone::new(seed);
        phone.now = ana.now;
        let offer = ask(&mut phone, server, json!({"cmd": "qrAsk", "name": name}));
        let grant = json!({"cmd": "qrGrant", "circle": CIRCLE.to_string(), "qr": offer["qr"], "role": "member",
            "past": false, "member": null});
        let grant = ask(ana, server, grant);
        ask(&mut phone, server, json!({"cmd": "qrTake", "qr": grant["qr"]}));
        phone
    };
    let mut kofi = lets_in(&mut ana, &mut server, 2, "Kofi");
    settle(&mut [&mut ana, &mut kofi], &mut server);
    let greet =
        json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": THREAD, "text": "Kofi speaks.", "replyTo": null});
    ask(&mut kofi, &mut server, greet);
    settle(&mut [&mut ana, &mut kofi], &mut server);
    let now = ana.now;
    let mut ana = Phone::over(copy, 21);
    (ana.now, ana.online) = (now, false);
    let mut zola = lets_in(&mut ana, &mut server, 3, "Zola");
    ana.online = true;
    for _ in 0..2 {
        settle(&mut [&mut ana, &mut zola, &mut kofi], &mut server);
    }
    for phone in [&mut ana, &mut zola, &mut kofi] {
        let shown = people(phone, &mut server);
        let active = shown["people"].as_array().unwrap().iter().filter(|it| it["standing"] == "active").count();
        assert_eq!(active, 3, "{shown}");
        assert_eq!(shown["returned"], json!([]), "{shown}");
    }
    assert!(texts(&mut ana, &mut server).contains(&"Kofi speaks.".to_owned()));
    let status = ask(&mut zola, &mut server, json!({"cmd": "sync"}));
    assert_eq!(status["problem"], Value::Null, "{status}");
}

#[test]
fn p25_another_member_cannot_make_ones_phone_theirs() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut mallory = invited(&mut server, &mut ana, 2, "Mallory", true);
    let mut vera = invited(&mut server, &mut ana, 4, "Vera", true);
    settle(&mut [&mut ana, &mut mallory, &mut vera], &mut server);
    let code = ask(&mut vera, &mut server, json!({"cmd": "paper", "circle": CIRCLE.to_string()}));
    sync(&mut vera, &mut server);
    let mut back = Phone::new(9);
    back.now = vera.now;
    ask(&mut back, &mut server, json!({"cmd": "paperUse", "code": code["code"]}));
    settle(&mut [&mut back, &mut ana, &mut mallory], &mut server);
    // What is signed by Mallory alone, with whatever she knew, is no device of hers.
    let (taker, taken) = (mallory.secret(), back.secret());
    let chain = server.chain();
    let hers = chain.standing().device(&taker.id()).unwrap().member;
    let add = AddDevice::sign(&CIRCLE.id(), &hers, &taker, false, Attached::NOTHING);
    let body = StatementBody::AddDevice(AddDevice { device: *taken.public(), ..add });
    let theft = chain.draft(Some(&taker.id()), body, server.now).sign(Signer::Device(&taker));
    let problem = server.bring(theft).unwrap_err();
    assert!(matches!(problem, StatementProblem::BadSignature | StatementProblem::KnownDevice), "{problem}");
    send(&mut back, &mut server, "Good evening, this is Vera.");
    settle(&mut [&mut back, &mut mallory, &mut ana], &mut server);
    let open = json!({"cmd": "openThread", "circle": CIRCLE.to_string(), "thread": THREAD, "limit": 50});
    assert_eq!(ask(&mut ana, &mut server, open)["messages"][0]["authorName"], "Vera");
    assert_eq!(chain.standing().device(&taken.id()).unwrap().state, MemberState::Active);
}

#[test]
fn two_facilitators_who_take_each_other_out_do_not_freeze() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let (ana_id, ben_id) = (member(&mut ana, &mut server, "Ana"), member(&mut ana, &mut server, "Ben"));
    ask(&mut ana, &mut server, json!({"cmd": "promote", "circle": CIRCLE.to_string(), "member": ben_id}));
    settle(&mut [&mut ana, &mut ben], &mut server);
    for phone in [&mut ana, &mut ben] {
        phone.now = phone.now.plus_ms(2 * DAY_MS);
        phone.online = false;
        sync(phone, &mut server);
    }
    server.now = ana.now;
    remove(&mut ana, &mut server, &ben_id);
    remove(&mut ben, &mut server, &ana_id);
    (ana.online, ben.online) = (true, true);
    sync(&mut ana, &mut server);
    let status = ask(&mut ben, &mut server, json!({"cmd": "sync"}));
    assert_eq!(status["problem"]["code"], "removed", "first admitted counts");
    sync(&mut ana, &mut server);
    brings_back(&mut server, &ben_id);
    settle(&mut [&mut ben, &mut ana], &mut server);
    let status = ask(&mut ben, &mut server, json!({"cmd": "sync"}));
    assert_eq!(status["problem"], Value::Null, "{status}");
    let returned = people(&mut ben, &mut server)["returned"].clone();
    assert_eq!((&returned[0]["what"], &returned[0]["whoName"]), (&"remove".into(), &"Ana".into()), "{returned}");
}
