//! What a server lost that was put back to an older state, and what phones bring it again.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{ask, invited, leader, member, people, send, settle, sync, texts};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::gate::Refusal;
use kith_shared::ids::CircleId;
use kith_shared::storage::{Batch, CommitOutcome, MemoryStore, Tree};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    Attached, Invitation, InviteFor, InviteRow, InviteSecret, Promote, Restored, Role, StatementAuthor, StatementBody,
};
use kith_shared::wire::{BroughtText, CircleAnswer, Stated};
use serde_json::{Value, json};

/// Invitations of the root's with these numbers.
fn invitations(numbers: core::ops::Range<u32>) -> Vec<(StatementBody, Vec<u8>)> {
    let invitation = |number: u32| {
        let mut seed = [0xaa; 16];
        seed[..4].copy_from_slice(&number.to_le_bytes());
        let secret = InviteSecret(seed);
        let (key, expires) = (secret.public(), TimestampMs(u64::MAX));
        let possession = Invitation::prove(&secret, &CIRCLE.id(), &StatementAuthor::Root);
        let (to, keys) = (InviteFor::Role(Role::Member), Attached::NOTHING);
        (StatementBody::Invite(Invitation { key, to, uses: 1, expires, past: false, keys, possession }), Vec::new())
    };
    numbers.map(invitation).collect()
}

fn warning(phone: &mut Phone, server: &mut Server) -> Value {
    ask(phone, server, json!({"cmd": "circles"}))[0]["warning"].clone()
}

/// Ana and Ben, who know all of the circle.
fn two(server: &mut Server) -> (Phone, Phone) {
    let mut ana = leader(server, 1);
    let mut ben = invited(server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], server);
    (ana, ben)
}

/// How many bytes of statements a circle's chain has from a position on.
fn bytes_from(server: &Server, from: u64) -> usize {
    let chain = server.chain();
    let rows = chain.rows().iter().filter(|row| row.record.position >= from);
    rows.map(|row| row.statement.len()).sum()
}

/// Puts a server back to what it was, as one whose cursors are another store's.
fn put_back(server: &mut Server, backup: Server) {
    let mut batch = Batch::default();
    let generation = server.store.rows(Tree::Meta).next().map(|(_, value)| value[0]).unwrap();
    server.store = backup.store;
    batch.put(Tree::Meta, b"generation".to_vec(), vec![generation + 1; 8]);
    assert_eq!(server.store.commit(batch), CommitOutcome::Committed);
}

/// A server that lacks more than any request holds is refilled by `phone` alone.
fn refills(mut server: Server, backup: Server, mut phone: Phone) {
    let (end, lacking) = (server.chain().chain().head(), bytes_from(&server, backup.chain().chain().len() + 1));
    assert!(lacking > 300 * 1024, "{lacking}");
    put_back(&mut server, backup);
    server.requests.clear();
    phone.now = phone.now.max(server.now);
    sync(&mut phone, &mut server);
    assert_eq!(server.chain().chain().hash(end.position), Some(end.hash), "record by record the same");
    assert!(server.chain().awaited().is_none());
    assert_eq!(warning(&mut phone, &mut server), Value::Null);
    let longest = server.requests.iter().map(|(up, _)| *up).max().unwrap();
    assert!(server.requests.len() > 3 && longest < 200 * 1024, "{} requests, {longest} bytes", server.requests.len());
    send(&mut phone, &mut server, "We go on.");
    sync(&mut phone, &mut server);
    assert!(server.chain().chain().len() >= end.position);
}

#[test]
fn p26_a_phone_that_saw_a_long_chain_grow_gives_it_back_part_by_part() {
    let mut server = Server::new();
    let (_, mut ben) = two(&mut server);
    let backup = server.beside();
    for part in 0..20 {
        assert_eq!(server.say_all(None, invitations(part * 70..(part + 1) * 70)), 70);
        server.now = server.now.plus_ms(60_000);
        ben.now = server.now;
        sync(&mut ben, &mut server);
    }
    // What is kept of it outlasts a restart.
    let ben_now = ben.now;
    let mut again = Phone::over(ben.store.clone(), 22);
    again.now = ben_now;
    refills(server, backup, again);
}

#[test]
fn p26_a_phone_that_was_given_a_long_chain_at_once_gives_it_back_part_by_part() {
    let mut server = Server::new();
    let (_, mut ben) = two(&mut server);
    let backup = server.beside();
    assert_eq!(server.say_all(None, invitations(0..1_400)), 1_400);
    ben.now = server.now;
    sync(&mut ben, &mut server);
    refills(server, backup, ben);
}

#[test]
fn p26_a_server_that_is_given_a_part_admits_nothing_before_the_rest() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let backup = server.beside();
    assert_eq!(server.say_all(None, invitations(0..1_400)), 1_400);
    ben.now = server.now;
    sync(&mut ben, &mut server);
    let end = server.chain().chain().head();
    put_back(&mut server, backup);
    let before = server.chain().chain().len();
    // Ben's link dies after the first part.
    server.lie = Some(Box::new(move |answer: &mut CircleAnswer| {
        answer.head = answer.head.filter(|head| head.claimed_end().position == before);
    }));
    sync(&mut ben, &mut server);
    server.lie = None;
    let part = server.chain().chain().len();
    assert!(before < part && part < end.position && server.chain().awaited() == Some(&end), "{part}");
    ana.now = server.now;
    let invite =
        json!({"cmd": "invite", "circle": CIRCLE.to_string(), "role": "member", "past": true, "uses": 1, "days": 7});
    ask(&mut ana, &mut server, invite);
    sync(&mut ana, &mut server);
    assert_eq!(server.chain().chain().len(), part, "what Ana says waits");
    settle(&mut [&mut ben, &mut ana], &mut server);
    assert_eq!(server.chain().chain().hash(end.position), Some(end.hash));
    assert_eq!(server.chain().chain().len(), end.position + 1, "then it has its place");
}

#[test]
fn p26_texts_and_wraps_that_one_phone_had_not_are_given_back_by_those_that_have_them() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let mut chris = invited(&mut server, &mut ana, 3, "Chris", true);
    let mut dora = invited(&mut server, &mut ana, 4, "Dora", true);
    settle(&mut [&mut ana, &mut ben, &mut chris, &mut dora], &mut server);
    let backup = server.beside();
    // Chris is away while the circle's key is begun anew for her too, and Ana begins one of her own.
    let out = member(&mut ana, &mut server, "Dora");
    ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": out, "also": []}));
    let entry = json!({"kind": "text", "text": "Mine alone."});
    ask(
        &mut ana,
        &mut server,
        json!({"cmd": "addEntry", "circle": CIRCLE.to_string(), "day": 20_000, "entry": entry, "replaces": null}),
    );
    settle(&mut [&mut ana, &mut ben], &mut server);
    let kept = server.chain().rows().to_vec();
    put_back(&mut server, backup);
    ben.now = ben.now.max(server.now);
    sync(&mut ben, &mut server);
    let chain = server.chain();
    assert_eq!(chain.chain().len(), kept.len() as u64);
    let lacking = chain.stored().unwrap().lacking.clone();
    assert!(lacking.iter().any(|it| it.text) && lacking.iter().any(|it| !it.text), "{lacking:?}");
    // What fits nothing is of no use.
    let forged = lacking.iter().map(|it| {
        let other = &kept[usize::try_from(it.position).unwrap() % kept.len()];
        let stated = Stated { statement: other.statement.clone(), attachment: Vec::new() };
        BroughtText { position: it.position, stated }
    });
    assert_eq!(server.chain().fill(&forged.collect::<Vec<_>>()), 0);
    sync(&mut ana, &mut server);
    assert_eq!(server.chain().stored().unwrap().lacking, []);
    assert_eq!(server.chain().rows(), kept, "text by text the same");
    send(&mut ana, &mut server, "For who was away, too.");
    sync(&mut ana, &mut server);
    chris.now = ana.now;
    sync(&mut chris, &mut server);
    assert_eq!(texts(&mut chris, &mut server), ["For who was away, too."]);
    assert_eq!(server.chain().rows(), kept, "nobody had to begin a key");
}

#[test]
fn p26_links_that_a_restore_kept_are_no_obstacle_to_the_records_that_made_them() {
    for is_other in [false, true] {
        let mut server = Server::new();
        let (_, mut ben) = two(&mut server);
        let backup = server.beside();
        assert_eq!(server.say_all(None, invitations(0..2)), 2);
        ben.now = server.now;
        sync(&mut ben, &mut server);
        let (end, kept) = (server.chain().chain().head(), server.store.clone());
        put_back(&mut server, backup);
        let mut batch = Batch::default();
        let links = |store: &MemoryStore| {
            store.rows(Tree::Invites).map(|(key, value)| (key.to_vec(), value.to_vec())).collect::<Vec<_>>()
        };
        let there = links(&server.store);
        let lacking: Vec<_> = links(&kept).into_iter().filter(|row| !there.contains(row)).collect();
        assert_eq!(lacking.len(), 2);
        for (key, value) in &lacking {
            let row = InviteRow::decode(value).unwrap();
            let other = InviteRow { circle: CircleId([9; 16]), ..row };
            batch.put(Tree::Invites, key.clone(), if is_other { other.encode() } else { value.clone() });
        }
        assert_eq!(server.store.commit(batch), CommitOutcome::Committed);
        let before = links(&server.store);
        sync(&mut ben, &mut server);
        assert_eq!(server.chain().chain().head(), end, "another circle's: {is_other}");
        assert_eq!(links(&server.store), before, "what is there stays");
        assert_eq!(warning(&mut ben, &mut server), Value::Null);
    }
}

#[test]
fn p26_what_was_signed_at_a_lost_record_is_taken_also_from_a_phone_that_was_started_anew() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let mut chris = invited(&mut server, &mut ana, 3, "Chris", true);
    settle(&mut [&mut ana, &mut ben, &mut chris], &mut server);
    let backup = server.beside();
    let promote = member(&mut ana, &mut server, "Ben").parse().unwrap();
    server.say(StatementBody::Promote(Promote { member: promote }));
    settle(&mut [&mut ana, &mut ben], &mut server);
    send(&mut ben, &mut server, "Signed where nothing is any more.");
    settle(&mut [&mut ben, &mut ana], &mut server);
    put_back(&mut server, backup);
    let from = server.chain().chain().len() + 1;
    server.say(StatementBody::Restored(Restored { generation: 1, from }));
    let restored = server.beside();
    sync(&mut ana, &mut server);
    // The server is put back once more, to where it has the root's word and not what Ben sent, who is away.
    put_back(&mut server, restored);
    let mut again = Phone::over(ana.store.clone(), 22);
    again.now = ana.now;
    settle(&mut [&mut again], &mut server);
    assert!(!server.refusals.contains(&Refusal::UnknownPosition), "{:?}", server.refusals);
    settle(&mut [&mut chris], &mut server);
    assert_eq!(texts(&mut chris, &mut server), ["Signed where nothing is any more."]);
}

#[test]
fn p26_a_fork_is_proven_at_once_and_asks_for_no_records() {
    let mut server = Server::new();
    let (_, mut ben) = two(&mut server);
    assert_eq!(server.say_all(None, invitations(0..1_000)), 1_000);
    ben.now = server.now;
    sync(&mut ben, &mut server);
    let mut other = server.beside();
    // The other history is longer than all that an answer holds, and than Ben's own.
    assert_eq!(other.say_all(None, invitations(2_000..2_050)), 50);
    let promote = member(&mut ben, &mut server, "Ben").parse().unwrap();
    server.say(StatementBody::Promote(Promote { member: promote }));
    sync(&mut ben, &mut server);
    (other.now, other.requests) = (ben.now, Vec::new());
    sync(&mut ben, &mut other);
    assert_eq!(warning(&mut ben, &mut other), "fork");
    let fork = people(&mut ben, &mut other)["fork"].clone();
    assert_eq!(fork["ours"]["position"], fork["theirs"]["position"], "{fork}");
    let down: usize = other.requests.iter().map(|(_, down)| *down).sum();
    assert!(other.requests.len() < 4 && down < 8 * 1024, "{:?}", other.requests);
}

#[test]
fn p26_a_newer_record_behind_a_restored_one_asks_for_an_update() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let backup = server.beside();
    let promote = member(&mut ana, &mut server, "Ben").parse().unwrap();
    server.say(StatementBody::Promote(Promote { member: promote }));
    settle(&mut [&mut ana, &mut ben], &mut server);
    put_back(&mut server, backup);
    let from = server.chain().chain().len() + 1;
    server.say(StatementBody::Restored(Restored { generation: 1, from }));
    assert_eq!(server.say_all(None, invitations(0..1)), 1);
    server.lie = Some(Box::new(|answer: &mut CircleAnswer| {
        if let Some(last) = answer.records.last_mut() {
            last.fold = 9;
        }
    }));
    sync(&mut ben, &mut server);
    assert_eq!(warning(&mut ben, &mut server), "needs-update");
    server.lie = None;
    sync(&mut ben, &mut server);
    assert_eq!(warning(&mut ben, &mut server), Value::Null);
}
