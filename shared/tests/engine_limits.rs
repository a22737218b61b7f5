//! What phones and the hub do at their bounds.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{another_phone, ask, invited, leader, member, people, refused, send, settle, sync, texts};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::gate::Refusal;
use kith_shared::ids::{EpochId, InviteKey};
use kith_shared::trust::{
    Attached, DeviceSecret, Epoch, Invitation, InviteFor, InviteSecret, KeyGroup, Readers, Remove, Role,
    StatementAuthor, StatementBody,
};
use serde_json::{Value, json};

/// So many invitations of somebody's.
fn invitations(by: Option<&DeviceSecret>, count: u32) -> Vec<(StatementBody, Vec<u8>)> {
    let author = by.map_or(StatementAuthor::Root, |by| StatementAuthor::Device(by.id()));
    let invitation = |number: u32| {
        let mut seed = [0xaa; 16];
        seed[..4].copy_from_slice(&number.to_le_bytes());
        let secret = InviteSecret(seed);
        let key: InviteKey = secret.public();
        let expires = kith_shared::time::TimestampMs(u64::MAX);
        let possession = Invitation::prove(&secret, &CIRCLE.id(), &author);
        let (to, keys) = (InviteFor::Role(Role::Member), Attached::NOTHING);
        (StatementBody::Invite(Invitation { key, to, uses: 1, expires, past: false, keys, possession }), Vec::new())
    };
    (0..count).map(invitation).collect()
}

/// So many epochs of the circle that nobody needs.
fn needless_epochs(server: &Server, numbers: std::ops::Range<u32>) -> Vec<(StatementBody, Vec<u8>)> {
    let chain = server.chain();
    let devices = chain.standing().readers(&KeyGroup::Circle);
    let epoch = |number: u32| {
        let mut id = [0xbb; 32];
        id[..4].copy_from_slice(&number.to_le_bytes());
        let wraps = vec![1; devices.len() * 80];
        let readers = Readers::of(chain.standing(), &devices);
        let group = KeyGroup::Circle;
        (StatementBody::Epoch(Epoch { group, epoch: EpochId(id), readers, wraps: Attached::of(&wraps) }), wraps)
    };
    numbers.map(epoch).collect()
}

#[test]
fn a_facilitator_whose_shares_are_used_up_takes_people_out_and_keys_follow() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    let mut chris = invited(&mut server, &mut ana, 3, "Chris", true);
    settle(&mut [&mut ana, &mut ben, &mut chris], &mut server);
    let secret = ana.secret();
    let deeds = invitations(Some(&secret), 2_100);
    let taken = server.say_all(Some(&secret), deeds);
    assert!((1_900..2_100).contains(&taken), "{taken}: the share of deeds is used up");
    let epochs = needless_epochs(&server, 0..1_100);
    let taken = server.say_all(Some(&secret), epochs);
    assert!((900..1_100).contains(&taken), "{taken}: the share of keys is used up");
    for phone in [&mut ana, &mut ben, &mut chris] {
        phone.now = server.now;
    }
    settle(&mut [&mut ana, &mut ben, &mut chris], &mut server);
    let out = member(&mut ana, &mut server, "Chris");
    ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": out, "also": []}));
    sync(&mut ana, &mut server);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let chris_id = chris.secret().id();
    let chain = server.chain();
    assert!(!chain.standing().reads(&chris_id, &KeyGroup::Circle));
    let current = chain.standing().current_epoch(&KeyGroup::Circle).expect("a key follows").id;
    assert!(!chain.standing().is_holder(&KeyGroup::Circle, &current, &chris_id));
    send(&mut ana, &mut server, "Among us.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(texts(&mut ben, &mut server), ["Among us."]);
}

#[test]
fn a_key_that_cant_be_said_holds_up_no_other_groups() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    ask(&mut ben, &mut server, json!({"cmd": "paper", "circle": CIRCLE.to_string()}));
    let circle = CIRCLE.to_string();
    let entry = json!({"kind": "text", "text": "Mine alone."});
    let journal = json!({"cmd": "addEntry", "circle": circle, "day": 20_000, "entry": entry, "replaces": null});
    ask(&mut ben, &mut server, journal);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let secret = ben.secret();
    let own = server.chain().standing().device(&secret.id()).unwrap().member;
    let alone = |server: &Server| server.chain().standing().current_epoch(&KeyGroup::Alone(own)).map(|epoch| epoch.id);
    let before = alone(&server).expect("his journal has a key");
    // What his phone is said to have said of the circle's key opens to nothing, and none is left to begin another.
    let epochs = needless_epochs(&server, 0..3_000);
    let taken = server.say_all(Some(&secret), epochs);
    assert!((900..=1_024).contains(&taken), "{taken}: the share of keys is used up");
    ben.now = server.now;
    settle(&mut [&mut ben], &mut server);
    let paper = server.chain().standing().devices().find(|device| device.paper).unwrap().id;
    server.say(StatementBody::Remove(Remove::Device(paper)));
    assert_eq!(alone(&server), None, "another is due, without the printed code");
    // One that is due is taken still.
    let epochs = needless_epochs(&server, 3_000..3_001);
    assert_eq!(server.say_all(Some(&secret), epochs), 1);
    ben.now = server.now;
    settle(&mut [&mut ben], &mut server);
    let after = alone(&server).expect("another follows");
    assert_ne!(after, before);
    // What held the circle's key up is over once somebody else began one, as each does once a day.
    for _ in 0..2 {
        ana.now = ben.now.plus_ms(25 * 60 * 60 * 1_000);
        ben.now = ana.now;
        settle(&mut [&mut ana, &mut ben], &mut server);
    }
    send(&mut ben, &mut server, "Here again.");
    settle(&mut [&mut ben, &mut ana], &mut server);
    assert_eq!(texts(&mut ana, &mut server), ["Here again."]);
}

#[test]
fn the_eighty_first_comes_in_by_a_link_that_stands_on_all_their_keys() {
    const PEOPLE: u8 = 80;
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    for seed in 2..=PEOPLE {
        // Each begins a key of their own when they come, since the past is not opened to them.
        invited(&mut server, &mut ana, seed, "Member", false);
    }
    // A circle that has done much: what who comes in is given does not go into one frame.
    assert_eq!(server.say_all(None, invitations(None, 1_000)), 1_000);
    let whole: usize = server.chain().rows().iter().map(|row| row.statement.len()).sum();
    assert!(whole > 100 * usize::from(PEOPLE), "{whole}");
    let mut last = invited(&mut server, &mut ana, PEOPLE + 1, "Zola", false);
    assert!(server.enrol_frames > 1, "{} frame", server.enrol_frames);
    let people = people(&mut last, &mut server);
    assert_eq!(people["people"].as_array().map(Vec::len), Some(usize::from(PEOPLE) + 1));
    settle(&mut [&mut ana, &mut last], &mut server);
    send(&mut last, &mut server, "All of you, hello.");
    settle(&mut [&mut last, &mut ana], &mut server);
    settle(&mut [&mut last, &mut ana], &mut server);
    assert_eq!(texts(&mut ana, &mut server), ["All of you, hello."]);
    // And back by a printed code, which stands on the same.
    let code = ask(&mut last, &mut server, json!({"cmd": "paper", "circle": CIRCLE.to_string()}))["code"].clone();
    settle(&mut [&mut last], &mut server);
    let mut back = Phone::new(200);
    back.now = last.now;
    ask(&mut back, &mut server, json!({"cmd": "paperUse", "code": code}));
    settle(&mut [&mut ana, &mut back], &mut server);
    assert_eq!(texts(&mut back, &mut server), ["All of you, hello."]);
}

#[test]
fn a_sealed_note_begins_on_no_day_that_cannot_be_drawn() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    for day in [0, 1, 10_956, 84_006, u32::MAX] {
        let circle = CIRCLE.to_string();
        let open =
            json!({"cmd": "openSealed", "circle": circle, "kind": "facilitatorNote", "member": null, "day": day});
        assert_eq!(refused(&mut ana, &mut server, open), "bad-input", "{day}");
    }
}

/// 2,000 letters that nothing makes shorter by much.
fn noise(state: &mut u64) -> String {
    let mut letter = || {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'!' + u8::try_from((*state >> 40) % 90).unwrap())
    };
    (0..2_000).map(|_| letter()).collect()
}

/// Writes over all of a note's text, at most so often; how often there was room.
fn write_over(phone: &mut Phone, server: &mut Server, document: &Value, (seed, rounds): (u64, usize)) -> usize {
    let mut state = seed;
    let note = ask(phone, server, json!({"cmd": "openNote", "document": document}));
    let (mut version, mut units) = (note["version"].as_u64().unwrap(), 0);
    for round in 0..rounds {
        let ops = json!([{"op": "splice", "index": 0, "remove": units, "text": noise(&mut state)}]);
        let edit = json!({"edit": "body", "version": version, "ops": ops});
        let edit = serde_json::from_value(json!({"cmd": "editNote", "document": document, "edit": edit})).unwrap();
        if phone.ask(server, edit).is_err() {
            return round;
        }
        ask(phone, server, json!({"cmd": "flush"}));
        (version, units) = (version + 1, 2_000);
    }
    rounds
}

#[test]
fn two_phones_of_one_person_that_fill_a_note_side_by_side_stop_nobody_and_lose_nothing_that_fits() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let ana_id = member(&mut ana, &mut server, "Ana");
    let mut other = another_phone(&mut server, &mut ana, (&ana_id, "Ana"), false, 3);
    let create =
        json!({"cmd": "createNote", "circle": CIRCLE.to_string(), "day": ana.now.day().0, "ordinal": 0, "title": "t"});
    let document = ask(&mut ana, &mut server, create)["document"].clone();
    settle(&mut [&mut ana, &mut other], &mut server);
    other.online = false;
    // With what else waits it is more than goes up unasked.
    let mut words = 3;
    for _ in 0..3 {
        let text = noise(&mut words);
        send(&mut other, &mut server, &text);
    }
    let place = json!({"edit": "field", "field": "place", "value": "Under the tree"});
    ask(&mut other, &mut server, json!({"cmd": "editNote", "document": document, "edit": place}));
    for (phone, said) in [(&mut other, (1, 40)), (&mut ana, (2, 3))] {
        phone.online = false;
        let rounds = write_over(phone, &mut server, &document, said);
        assert!((3..40).contains(&rounds), "{rounds}");
        phone.online = true;
    }
    sync(&mut ana, &mut server);
    server.refusals.clear();
    let before = server.requests.len();
    sync(&mut other, &mut server);
    let largest = server.requests[before..].iter().map(|(up, _)| *up).max().unwrap();
    assert!(largest > 16 * 1_024, "{largest}: all of it does not go up unasked");
    let refusals = &server.refusals;
    let is_full = refusals.iter().any(|refusal| refusal.is_full());
    assert!(is_full && refusals.contains(&Refusal::Uncovered), "{refusals:?}");
    sync(&mut ben, &mut server);
    let status = ask(&mut ben, &mut server, json!({"cmd": "sync"}));
    assert_eq!(status["problem"], Value::Null, "all that was taken is given on");
    let note = ask(&mut ben, &mut server, json!({"cmd": "openNote", "document": document}));
    assert_eq!(note["place"]["value"], "Under the tree", "what still fitted is there");
    // It asks no more often than others do, and says what is wrong.
    let before = server.requests.len();
    let status = ask(&mut other, &mut server, json!({"cmd": "sync"}));
    assert!(server.requests.len() - before <= 2);
    assert!(status["unsentItems"].as_u64().unwrap() > 0, "{status}");
}
