//! Which keys phones make, share and seal with, when things go wrong: the phones' engine and the hub together.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{THREAD, ask, invited, leader, member, send, settle, sync, texts};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::ids::EpochId;
use kith_shared::trust::{
    Attached, Epoch, KeyGroup, Readers, Restored, Signer, Statement, StatementAuthor, StatementBody,
};
use serde_json::json;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
const WRAP_BYTES: usize = 80;

/// The circle's epochs on the server's chain, each with who said it.
fn epochs(server: &Server) -> Vec<(EpochId, StatementAuthor)> {
    let said = |statement: &Statement| match statement.body {
        StatementBody::Epoch(Epoch { group: KeyGroup::Circle, epoch, .. }) => Some((epoch, statement.author)),
        _ => None,
    };
    let rows = server.chain();
    rows.rows().iter().filter_map(|row| said(&*row.statement().ok()??)).collect()
}

fn said_by(server: &Server, phone: &Phone) -> usize {
    let own = StatementAuthor::Device(phone.secret().id());
    epochs(server).iter().filter(|(_, author)| *author == own).count()
}

/// An Epoch of somebody whose wraps open to nothing.
fn rubbish(server: &mut Server, by: &Phone, number: u8) {
    let chain = server.chain();
    let devices = chain.standing().readers(&KeyGroup::Circle);
    let wraps = vec![number; devices.len() * WRAP_BYTES];
    let epoch = Epoch {
        group: KeyGroup::Circle,
        epoch: EpochId([number; 32]),
        readers: Readers::of(chain.standing(), &devices),
        wraps: Attached::of(&wraps),
    };
    let secret = by.secret();
    let draft = chain.draft(Some(&secret.id()), StatementBody::Epoch(epoch), server.now);
    server.bring_with(draft.sign(Signer::Device(&secret)), wraps).unwrap();
}

fn later(phones: &mut [&mut Phone], server: &mut Server, ms: u64) {
    for phone in phones.iter_mut() {
        phone.now = phone.now.plus_ms(ms);
        server.now = server.now.max(phone.now);
    }
}

#[test]
fn keys_that_open_to_nothing_are_answered_once_a_day_and_silence_nobody() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    let mallory = invited(&mut server, &mut ana, 3, "Mallory", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let before = said_by(&server, &ben);
    ana.online = false;
    rubbish(&mut server, &mallory, 1);
    sync(&mut ben, &mut server);
    sync(&mut ben, &mut server);
    assert_eq!(said_by(&server, &ben), before + 1, "at once");
    for number in 2..5 {
        rubbish(&mut server, &mallory, number);
        sync(&mut ben, &mut server);
        sync(&mut ben, &mut server);
        send(&mut ben, &mut server, "I can still speak.");
        sync(&mut ben, &mut server);
    }
    assert_eq!(said_by(&server, &ben), before + 1, "no share is drained");
    later(&mut [&mut ben, &mut ana], &mut server, DAY_MS);
    sync(&mut ben, &mut server);
    sync(&mut ben, &mut server);
    assert_eq!(said_by(&server, &ben), before + 2);
    ana.online = true;
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(texts(&mut ana, &mut server), ["I can still speak."; 3]);
}

#[test]
fn of_two_keys_that_were_begun_apart_the_late_one_is_shared_and_all_is_read() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    let mut dina = invited(&mut server, &mut ana, 4, "Dina", true);
    invited(&mut server, &mut ana, 5, "Esi", true);
    invited(&mut server, &mut ana, 6, "Fay", true);
    settle(&mut [&mut ana, &mut ben, &mut dina], &mut server);
    let ben_id = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, json!({"cmd": "promote", "circle": CIRCLE.to_string(), "member": ben_id}));
    settle(&mut [&mut ana, &mut ben, &mut dina], &mut server);
    for (phone, name) in [(&mut ana, "Esi"), (&mut ben, "Fay")] {
        phone.online = false;
        sync(phone, &mut server);
        let out = member(phone, &mut server, name);
        ask(phone, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": out, "also": []}));
        send(phone, &mut server, &format!("Without {name}."));
    }
    (ana.online, ben.online) = (true, true);
    for _ in 0..2 {
        settle(&mut [&mut ana, &mut ben, &mut dina], &mut server);
    }
    for phone in [&mut ana, &mut ben, &mut dina] {
        let mut all = texts(phone, &mut server);
        all.sort_unstable();
        assert_eq!(all, ["Without Esi.", "Without Fay."]);
    }
    assert!(server.refusals.is_empty(), "{:?}", server.refusals);
}

#[test]
fn nothing_is_sealed_with_a_key_of_the_part_that_a_restored_backup_lost() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    let mut chris = invited(&mut server, &mut ana, 3, "Chris", true);
    settle(&mut [&mut ana, &mut ben, &mut chris], &mut server);
    let backup = server.beside();
    let kept = epochs(&backup).len();
    let out = member(&mut ana, &mut server, "Chris");
    ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": out, "also": []}));
    send(&mut ana, &mut server, "Written before the disk broke.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    let lost: Vec<EpochId> = epochs(&server)[kept..].iter().map(|(epoch, _)| *epoch).collect();
    assert!(!lost.is_empty());
    server.store = backup.store;
    let from = server.chain().chain().len() + 1;
    server.say(StatementBody::Restored(Restored { generation: 1, from }));
    for _ in 0..2 {
        settle(&mut [&mut ana, &mut ben], &mut server);
    }
    send(&mut ana, &mut server, "And on.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    let now: Vec<EpochId> = epochs(&server).iter().map(|(epoch, _)| *epoch).collect();
    assert!(now.len() > kept && lost.iter().all(|epoch| !now.contains(epoch)));
    for phone in [&mut ana, &mut ben] {
        assert_eq!(texts(phone, &mut server), ["Written before the disk broke.", "And on."]);
    }
}

#[test]
fn after_a_restored_backup_each_group_that_had_a_key_begins_another_by_itself() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    send(&mut ana, &mut server, "Before the disk broke.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    let kept = epochs(&server).len();
    let from = server.chain().chain().len() + 1;
    server.say(StatementBody::Restored(Restored { generation: 1, from }));
    for _ in 0..2 {
        settle(&mut [&mut ana, &mut ben], &mut server);
    }
    assert!(epochs(&server).len() > kept, "without anybody's writing");
    let chain = server.chain();
    for group in chain.standing().groups() {
        let begun = chain.standing().current_epoch(&group).unwrap();
        assert!(begun.position > from && !chain.standing().lacking(&group).new_epoch, "{group:?}");
    }
    send(&mut ben, &mut server, "And on.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    for phone in [&mut ana, &mut ben] {
        assert_eq!(texts(phone, &mut server), ["Before the disk broke.", "And on."]);
    }
}

#[test]
fn before_and_after_somebody_came_are_places_on_the_chain_and_no_clocks() {
    const YEAR_MS: u64 = 365 * DAY_MS;
    for (ahead_ms, behind_ms) in [(YEAR_MS, 0), (0, 0)] {
        let mut server = Server::new();
        let mut ana = leader(&mut server, 1);
        settle(&mut [&mut ana], &mut server);
        let right = ana.now;
        ana.now = right.plus_ms(ahead_ms);
        let message = |text: &str| json!({"cmd": "send", "circle": CIRCLE.to_string(), "thread": THREAD, "text": text, "replyTo": null});
        ask(&mut ana, &mut server, message("Before Ben came."));
        sync(&mut ana, &mut server);
        let invite = json!({"cmd": "invite", "circle": CIRCLE.to_string(), "role": "member", "past": false, "uses": 1,
            "days": 7});
        let link = ask(&mut ana, &mut server, invite)["link"].clone();
        sync(&mut ana, &mut server);
        let mut ben = Phone::new(2);
        ben.now = right.plus_ms(behind_ms);
        ask(&mut ben, &mut server, json!({"cmd": "enrol", "link": link, "name": "Ben"}));
        sync(&mut ben, &mut server);
        assert_eq!(texts(&mut ben, &mut server), ["(before)"], "closed for good, {ahead_ms} ms ahead");
        server.now = server.now.plus_ms(1_000);
        sync(&mut ana, &mut server);
        ask(&mut ana, &mut server, message("After Ben came."));
        sync(&mut ana, &mut server);
        sync(&mut ben, &mut server);
        assert_eq!(texts(&mut ben, &mut server), ["(before)", "After Ben came."]);
    }
}
