//! What somebody with little or no power states with old knowledge changes nothing of others: each attack that was
//! found on the phones' and server's code before there was a chain, played against both.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{THREAD, ask, invited, leader, member, people, refused, send, settle, sync};
use crate::support::{CIRCLE, Phone, Server, keys};
use kith_shared::ids::MemberId;
use kith_shared::trust::{
    AddDevice, Attached, Confirm, DeviceSecret, Draft, Grant, Knows, MemberState, Remove, Role, Signed, Signer,
    Statement, StatementBody, StatementProblem,
};
use serde_json::{Value, json};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

fn state(server: &Server, phone: &Phone) -> MemberState {
    server.chain().standing().device(&phone.secret().id()).unwrap().state
}

fn member_of(server: &Server, phone: &Phone) -> MemberId {
    server.chain().standing().device(&phone.secret().id()).unwrap().member
}

/// What somebody states as if they had heard nothing since `knows`.
fn states(server: &Server, by: &DeviceSecret, knows: Knows, body: StatementBody) -> Signed<Statement> {
    let draft = server.chain().draft(Some(&by.id()), body, server.now);
    Draft { knows, ..draft }.sign(Signer::Device(by))
}

fn add(device: &DeviceSecret, signer: &DeviceSecret, member: MemberId) -> StatementBody {
    let add = AddDevice::sign(&CIRCLE.id(), &member, signer, false, Attached::NOTHING);
    StatementBody::AddDevice(AddDevice { device: *device.public(), ..add })
}

/// Ana, who leads, Mallory, and Vera, who was made a facilitator. Also what Mallory knew when she came.
fn three(server: &mut Server) -> (Phone, Phone, Phone, Knows) {
    let mut ana = leader(server, 1);
    let mut mallory = invited(server, &mut ana, 2, "Mallory", true);
    let knew = server.chain().chain().head();
    let mut vera = invited(server, &mut ana, 4, "Vera", true);
    settle(&mut [&mut ana, &mut mallory, &mut vera], server);
    let id = member(&mut ana, server, "Vera");
    ask(&mut ana, server, json!({"cmd": "promote", "circle": CIRCLE.to_string(), "member": id}));
    settle(&mut [&mut ana, &mut mallory, &mut vera], server);
    (ana, mallory, vera, knew)
}

fn remove(phone: &mut Phone, server: &mut Server, member: &MemberId) {
    let remove = json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": member.to_string(), "also": []});
    ask(phone, server, remove);
    sync(phone, server);
}

fn entry() -> Value {
    let entry = json!({"kind": "text", "text": "Mine alone."});
    json!({"cmd": "addEntry", "circle": CIRCLE.to_string(), "day": 20_000, "entry": entry, "replaces": null})
}

#[test]
fn a_member_takes_no_facilitator_out_by_calling_their_phone_her_own() {
    for is_out in [false, true] {
        let mut server = Server::new();
        let (mut ana, mut mallory, mut vera, knew) = three(&mut server);
        let hers = member_of(&server, &mallory);
        if is_out {
            remove(&mut vera, &mut server, &hers);
        }
        let (taker, taken) = (mallory.secret(), vera.secret());
        let adds = states(&server, &taker, knew, add(&taken, &taker, hers));
        assert!(server.bring(adds).is_err());
        let removes = states(&server, &taker, knew, StatementBody::Remove(Remove::Device(taken.id())));
        assert!(server.bring(removes).is_err());
        assert_eq!(state(&server, &vera), MemberState::Active);
        assert_eq!(state(&server, &mallory) == MemberState::Removed, is_out);
        settle(&mut [&mut vera, &mut ana], &mut server);
        send(&mut vera, &mut server, "Still here.");
        settle(&mut [&mut vera, &mut ana], &mut server);
        let status = ask(&mut vera, &mut server, json!({"cmd": "sync"}));
        assert_eq!((&status["problem"], &status["unsentItems"]), (&Value::Null, &0.into()), "{status}");
        sync(&mut mallory, &mut server);
    }
}

#[test]
fn a_removed_facilitator_undoes_nothing_with_old_knowledge_and_lets_nobody_in() {
    let mut server = Server::new();
    let (mut ana, mallory, mut vera, _) = three(&mut server);
    vera.now = vera.now.plus_ms(2 * DAY_MS);
    ana.now = vera.now;
    server.now = vera.now;
    settle(&mut [&mut ana, &mut vera], &mut server);
    let (ana_key, ana_id, knew) = (ana.secret(), member_of(&server, &ana), server.chain().chain().head());
    remove(&mut vera, &mut server, &ana_id);
    assert_eq!(state(&server, &ana), MemberState::Removed);
    let puppet = DeviceSecret::from_seed([99; 32]);
    let warrant = keys().warrant(&CIRCLE.id(), &ana_key.id(), server.now, knew.position);
    let grant = Grant {
        device: *puppet.public(),
        member: Grant::new_member(warrant.claimed_id(), &puppet.id()),
        role: Role::Facilitator,
        recovers: false,
        past: true,
        warrant,
        keys: Attached::NOTHING,
    };
    let grant = states(&server, &ana_key, knew, StatementBody::Grant(grant));
    let _ = server.bring(grant);
    let standing = server.chain();
    let reads = |id| standing.standing().reads(&id, &kith_shared::trust::KeyGroup::Circle);
    assert!(!reads(puppet.id()) && !reads(ana_key.id()), "no key is wrapped to them");
    let came = standing.standing().device(&puppet.id()).map(|it| it.state);
    assert!(came.is_none_or(|state| state == MemberState::Provisional), "{came:?}");
    let vera_id = member_of(&server, &vera);
    for body in [
        StatementBody::Remove(Remove::Member(vera_id)),
        StatementBody::Confirm(Confirm { member: ana_id, undoes: standing.chain().head().position }),
    ] {
        let statement = states(&server, &ana_key, knew, body);
        assert_eq!(server.bring(statement), Err(StatementProblem::AuthorOut));
    }
    assert_eq!((state(&server, &vera), state(&server, &mallory)), (MemberState::Active, MemberState::Active));
    settle(&mut [&mut vera], &mut server);
    send(&mut vera, &mut server, "We go on.");
    let status = ask(&mut vera, &mut server, json!({"cmd": "sync"}));
    assert_eq!(status["problem"], Value::Null, "{status}");
}

#[test]
fn an_ordinary_member_brings_nobody_back() {
    let mut server = Server::new();
    let (mut ana, mallory, mut vera, _) = three(&mut server);
    let carol = invited(&mut server, &mut ana, 5, "Carol", true);
    let out = member_of(&server, &mallory);
    settle(&mut [&mut ana, &mut vera], &mut server);
    remove(&mut vera, &mut server, &out);
    let undoes = server.chain().standing().member(&out).unwrap().undone_by_confirm.unwrap();
    let knew = server.chain().chain().head();
    let confirm = states(&server, &carol.secret(), knew, StatementBody::Confirm(Confirm { member: out, undoes }));
    assert_eq!(server.bring(confirm), Err(StatementProblem::NotAllowed));
    assert_eq!(state(&server, &mallory), MemberState::Removed);
}

#[test]
fn a_journal_does_not_open_on_the_phone_of_whoever_claims_its_authors_phone() {
    let mut server = Server::new();
    let (mut ana, mut mallory, mut vera, knew) = three(&mut server);
    let code = ask(&mut vera, &mut server, json!({"cmd": "paper", "circle": CIRCLE.to_string()}));
    sync(&mut vera, &mut server);
    let mut back = Phone::new(9);
    back.now = vera.now;
    ask(&mut back, &mut server, json!({"cmd": "paperUse", "code": code["code"]}));
    settle(&mut [&mut back, &mut ana, &mut mallory], &mut server);
    let (taker, taken) = (mallory.secret(), back.secret());
    let hers = member_of(&server, &mallory);
    let theft = states(&server, &taker, knew, add(&taken, &taker, hers));
    assert!(server.bring(theft).is_err());
    send(&mut back, &mut server, "Good evening, this is Vera.");
    ask(&mut back, &mut server, entry());
    settle(&mut [&mut back, &mut mallory, &mut ana], &mut server);
    settle(&mut [&mut back, &mut mallory, &mut ana], &mut server);
    let read = json!({"cmd": "journal", "circle": CIRCLE.to_string(), "months": 120});
    assert_eq!(ask(&mut mallory, &mut server, read.clone())["entries"], json!([]));
    assert_eq!(ask(&mut back, &mut server, read)["entries"][0]["entry"]["text"], "Mine alone.");
    let open = json!({"cmd": "openThread", "circle": CIRCLE.to_string(), "thread": THREAD, "limit": 50});
    assert_eq!(ask(&mut ana, &mut server, open)["messages"][0]["authorName"], "Vera");
    let mine = people(&mut back, &mut server);
    let me = mine["people"].as_array().unwrap().iter().find(|person| person["me"] == true).unwrap();
    assert_eq!(me["name"], "Vera", "{mine}");
}

#[test]
fn a_phone_that_the_chain_makes_somebody_else_stops_there_and_says_so() {
    let mut server = Server::new();
    let (mut ana, mallory, _, _) = three(&mut server);
    sync(&mut ana, &mut server);
    let mut ben = Phone::new(7);
    (ben.now, ben.online) = (ana.now, false);
    let offer = ask(&mut ben, &mut server, json!({"cmd": "qrAsk", "name": "Ben"}));
    let grant = json!({"cmd": "qrGrant", "circle": CIRCLE.to_string(), "qr": offer["qr"], "role": "member",
        "past": false, "member": null});
    ana.online = false;
    let grant = ask(&mut ana, &mut server, grant);
    ask(&mut ben, &mut server, json!({"cmd": "qrTake", "qr": grant["qr"]}));
    // Whoever has Ben's key and Mallory's makes his phone hers, before the grant arrives.
    let (hers, head) = (member_of(&server, &mallory), server.chain().chain().head());
    let theft = states(&server, &mallory.secret(), head, add(&ben.secret(), &ben.secret(), hers));
    server.bring(theft).unwrap();
    ben.online = true;
    ask(&mut ben, &mut server, json!({"cmd": "sync"}));
    let circles = ask(&mut ben, &mut server, json!({"cmd": "circles"}));
    assert_eq!(circles[0]["warning"], "other-person", "{circles}");
    let before = server.chain().rows().len();
    assert_eq!(refused(&mut ben, &mut server, entry()), "removed");
    ben.now = ben.now.plus_ms(DAY_MS);
    server.now = server.now.max(ben.now);
    ask(&mut ben, &mut server, json!({"cmd": "sync"}));
    assert_eq!(server.chain().rows().len(), before, "it says nothing there");
}
