//! More documents than stay open: a task that needs many of them ends all the same.
#![allow(clippy::unwrap_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{ask, invited, leader, member, settle};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::client::{Effect, Event};
use serde_json::{Value, json};

const MONTH_MS: u64 = 31 * 86_400_000;

/// Does a command with at most this many reads of the store; whether it was answered.
fn is_answered(phone: &mut Phone, command: Value) -> bool {
    let command = serde_json::from_value(command).unwrap();
    phone.engine.handle(Event::Command { id: kith_shared::client::CommandId(9_999), command }, phone.clocks());
    for _ in 0..3_000 {
        let Some(effect) = phone.engine.next_effect() else { return false };
        let event = match effect {
            Effect::Read { id, reads } => Event::Stored { id, results: Ok(phone.store.read(&reads)) },
            Effect::Commit { id, batch } => Event::Committed { id, outcome: Ok(phone.store.commit(batch)) },
            Effect::Reply { id, .. } if id.0 == 9_999 => return true,
            Effect::Http { id, .. } => Event::HttpFailed { id, failure: kith_shared::client::HttpFailure::Unreachable },
            _ => continue,
        };
        phone.engine.handle(event, phone.clocks());
    }
    false
}

#[test]
fn a_journal_of_more_months_than_stay_open_is_read_changed_and_taken_back() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    settle(&mut [&mut ana], &mut server);
    let mut results = Vec::new();
    let mut first = Value::Null;
    for month in 1..=30_u32 {
        ana.now = ana.now.plus_ms(MONTH_MS);
        server.now = ana.now;
        let day = ana.now.day().0;
        let entry = json!({"cmd": "addEntry", "circle": CIRCLE.to_string(), "day": day,
            "entry": {"kind": "text", "text": "x"}, "replaces": null});
        let made = ask(&mut ana, &mut server, entry);
        if month == 1 {
            first = made["key"].clone();
        }
        let months = json!({"cmd": "journal", "circle": CIRCLE.to_string(), "months": 120});
        let remove = json!({"cmd": "removeEntry", "circle": CIRCLE.to_string(), "key": first});
        let change = json!({"cmd": "addEntry", "circle": CIRCLE.to_string(), "day": day,
            "entry": {"kind": "text", "text": "y"}, "replaces": "00".repeat(16) + "0000000000000001"});
        let mut row = vec![];
        for command in [months, remove, change] {
            let mut again = Phone::over(ana.store.clone(), 77);
            again.now = ana.now;
            again.online = false;
            again.drive(&mut server);
            row.push(is_answered(&mut again, command));
        }
        results.push((month, row));
    }
    let bad: Vec<_> = results.iter().filter(|(_, row)| row.iter().any(|it| !it)).collect();
    assert!(bad.is_empty(), "{bad:?}");
}

#[test]
fn a_talk_of_more_months_than_stay_open_is_seen() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let (to_ben, to_ana) = (member(&mut ana, &mut server, "Ben"), member(&mut ben, &mut server, "Ana"));
    let choose =
        json!({"cmd": "choose", "circle": CIRCLE.to_string(), "choice": "reads", "member": to_ana, "on": true});
    ask(&mut ben, &mut server, choose);
    let mut bad = Vec::new();
    for month in 1..=30 {
        for phone in [&mut ana, &mut ben] {
            phone.now = phone.now.plus_ms(MONTH_MS);
        }
        server.now = ana.now.max(ben.now);
        let say = json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": to_ben, "text": "x", "replyTo": null});
        ask(&mut ana, &mut server, say);
        settle(&mut [&mut ana, &mut ben], &mut server);
        let mut again = Phone::over(ben.store.clone(), 78);
        again.now = ben.now;
        again.online = false;
        again.drive(&mut server);
        let seen = json!({"cmd": "seen", "circle": CIRCLE.to_string(), "thread": to_ana});
        if !is_answered(&mut again, seen) {
            bad.push(month);
        }
    }
    assert!(bad.is_empty(), "{bad:?}");
}

/// One who talks with 14 others in two months, when somebody new comes.
#[test]
fn with_more_talks_than_stay_open_a_newcomer_stops_nobody() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut others = Vec::new();
    for at in 0..26u8 {
        let name = format!("M{at}");
        others.push((invited(&mut server, &mut ana, 10 + at, &name, true), name));
    }
    settle(&mut [&mut ana], &mut server);
    let ids: Vec<String> = others.iter().map(|(_, name)| member(&mut ana, &mut server, name)).collect();
    for id in &ids {
        let say = json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": id, "text": "x", "replyTo": null});
        ask(&mut ana, &mut server, say);
    }
    settle(&mut [&mut ana], &mut server);
    let mut again = Phone::over(ana.store.clone(), 79);
    again.now = ana.now;
    again.online = true;
    again.drive(&mut server);
    let _new = invited(&mut server, &mut ana, 90, "New", true);
    again.now = ana.now;
    // Bounded drive with the network.
    let command = serde_json::from_value(json!({"cmd": "sync"})).unwrap();
    again.engine.handle(Event::Command { id: kith_shared::client::CommandId(9_999), command }, again.clocks());
    let (mut reads, mut quiet) = (0, false);
    for _ in 0..6_000 {
        let Some(effect) = again.engine.next_effect() else {
            quiet = true;
            break;
        };
        let event = match effect {
            Effect::Read { id, reads: asked } => {
                reads += 1;
                Event::Stored { id, results: Ok(again.store.read(&asked)) }
            }
            Effect::Commit { id, batch } => Event::Committed { id, outcome: Ok(again.store.commit(batch)) },
            Effect::Http { id, url, body } => {
                let bytes = server.answer(&url, &body);
                again.engine.handle(Event::HttpBytes { id, bytes }, again.clocks());
                Event::HttpEnd { id }
            }
            _ => continue,
        };
        again.engine.handle(event, again.clocks());
    }
    assert!(quiet, "{reads} reads");
}
