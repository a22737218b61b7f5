//! What a phone takes of a server's answer, and how much it says to it: answers that stall, ends that nobody signed,
//! printed codes of elsewhere, and many circles that all have much to say.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use std::cell::Cell;

use crate::support::people::{ask, invited, leader, member, settle, sync};
use crate::support::{CIRCLE, Phone, Server, keys};
use kith_shared::client::Event;
use kith_shared::seal::encode_code;
use kith_shared::trust::{
    AddDevice, Attached, DeviceSecret, Draft, Grant, InviteSecret, Join, KeyGroup, Knows, MemberState, Role, Signer,
    Statement, StatementBody, StatementKind,
};
use kith_shared::wire::{CircleAnswer, FRAME_BYTES_MAX, GivenText};
use serde_json::{Value, json};

const FIVE_MINUTES_MS: u64 = 5 * 60_000;

fn warning(phone: &mut Phone, server: &mut Server) -> Value {
    ask(phone, server, json!({"cmd": "circles"}))[0]["warning"].clone()
}

fn remove(phone: &mut Phone, server: &mut Server, name: &str) {
    let member = member(phone, server, name);
    ask(phone, server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": member, "also": []}));
}

/// Gives removals by name alone, as if their texts were lost.
fn keeps_removals(answer: &mut CircleAnswer) {
    for given in &mut answer.records {
        let GivenText::Given(stated) = &given.text else { continue };
        let statement = Statement::decode(&stated.statement).unwrap();
        if statement.claimed_kind() == StatementKind::Remove {
            given.text = GivenText::Named(statement.id());
        }
    }
}

#[test]
fn an_answer_of_which_nothing_can_be_taken_is_asked_for_again_later_and_not_at_once() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    invited(&mut server, &mut ana, 3, "Chris", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    remove(&mut ana, &mut server, "Chris");
    sync(&mut ana, &mut server);
    let answers = Cell::new(0);
    server.never_ends = true;
    server.lie = Some(Box::new(move |answer: &mut CircleAnswer| {
        answers.set(answers.get() + 1);
        assert!(answers.get() < 20, "the phone asks without a pause");
        keeps_removals(answer);
    }));
    sync(&mut ben, &mut server);
    assert_eq!(warning(&mut ben, &mut server), "records-withheld");
    (server.lie, server.never_ends) = (None, false);
    // By itself, once it waited.
    ben.now = ben.now.plus_ms(FIVE_MINUTES_MS);
    ben.engine.handle(Event::Wake, ben.now);
    ben.drive(&mut server);
    assert_eq!(warning(&mut ben, &mut server), Value::Null);
}

/// Ben's printed code, and the keys in it.
fn printed(ben: &mut Phone, server: &mut Server) -> (String, DeviceSecret) {
    let shown = ask(ben, server, json!({"cmd": "paper", "circle": CIRCLE.to_string()}));
    sync(ben, server);
    let code = shown["code"].as_str().unwrap().to_owned();
    let bytes = kith_shared::seal::decode_code(&code).unwrap();
    (code, DeviceSecret::from_paper(&bytes.try_into().unwrap()))
}

fn comes_back(phone: &mut Phone, server: &mut Server, code: &str) -> Result<Value, Value> {
    let used = phone.ask(server, serde_json::from_value(json!({"cmd": "paperUse", "code": code})).unwrap());
    used.map(|reply| serde_json::to_value(reply).unwrap()).map_err(|problem| serde_json::to_value(problem).unwrap())
}

#[test]
fn a_printed_code_of_elsewhere_or_of_another_kind_is_refused_with_what_it_is() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    settle(&mut [&mut ana], &mut server);
    let mut back = Phone::new(9);
    let elsewhere = encode_code(&[9; 16]);
    let refused = comes_back(&mut back, &mut server, &elsewhere).unwrap_err();
    assert_eq!(refused["code"], "link-invalid");
    assert_eq!(refused["why"], "other-server");
    // A short code of a link, and a later form with more bytes.
    for of_another_kind in [encode_code(&[9; 10]), encode_code(&[9; 20])] {
        let refused = comes_back(&mut back, &mut server, &of_another_kind).unwrap_err();
        assert_eq!(refused["code"], "code-invalid");
        assert_eq!(refused["why"], "other-kind");
    }
    let damaged = format!("{}0", &elsewhere[..elsewhere.len() - 1]);
    assert_eq!(comes_back(&mut back, &mut server, &damaged).unwrap_err()["code"], "code-invalid");
    assert_eq!(ask(&mut back, &mut server, json!({"cmd": "circles"})), json!([]));
}

#[test]
fn a_circle_that_claims_a_printed_codes_keys_takes_nobody_in_and_keeps_nobody_out() {
    for is_damaged in [false, true] {
        let mut server = Server::new();
        let mut ana = leader(&mut server, 1);
        let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
        let (code, paper) = printed(&mut ben, &mut server);
        settle(&mut [&mut ana, &mut ben], &mut server);
        // Whoever leads another circle grants the code's keys there.
        server.begin(8, [3, 4]);
        let mallory = DeviceSecret::from_seed([77; 32]);
        let join = Join::sign(&server.circle(), &InviteSecret([3; 16]).public(), &mallory, [1; 16]);
        let draft = Draft {
            circle: server.circle(),
            number: 0,
            knows: Knows::NOTHING,
            time: server.now,
            body: StatementBody::Join(join),
        };
        server.bring(draft.sign(Signer::Invite(&InviteSecret([3; 16])))).unwrap();
        let warrant = keys().warrant(&server.circle(), &mallory.id(), server.now, server.chain().chain().len());
        let grant = Grant {
            device: *paper.public(),
            member: Grant::new_member(warrant.claimed_id(), &paper.id()),
            role: Role::Facilitator,
            recovers: false,
            past: true,
            warrant,
            keys: Attached::NOTHING,
        };
        let draft = server.chain().draft(Some(&mallory.id()), StatementBody::Grant(grant), server.now);
        server.bring(draft.sign(Signer::Device(&mallory))).unwrap();
        let claimed = server.circle();
        server.lie = is_damaged.then(|| -> crate::support::Lie {
            Box::new(move |answer: &mut CircleAnswer| {
                if answer.circle == claimed {
                    answer.records.remove(0);
                }
            })
        });
        let mut back = Phone::new(9);
        back.now = ben.now;
        let circles = comes_back(&mut back, &mut server, &code).unwrap();
        let ids: Vec<&str> = circles.as_array().unwrap().iter().map(|it| it["circle"].as_str().unwrap()).collect();
        assert_eq!(ids, [CIRCLE.to_string()], "{circles}");
        // With nothing but such a circle, the code is of nowhere.
        server.lie = None;
        server.circles.remove(0);
        let refused = comes_back(&mut Phone::new(10), &mut server, &code).unwrap_err();
        assert_eq!(refused["code"], "code-invalid", "{refused}");
    }
}

#[test]
fn a_way_in_whose_records_do_not_lead_to_an_end_that_the_server_signed_is_not_taken() {
    let lies: [fn(&mut CircleAnswer); 2] = [
        |answer| answer.head = None,
        |answer| {
            answer.records.pop();
        },
    ];
    for lie in lies {
        let mut server = Server::new();
        let mut ana = leader(&mut server, 1);
        let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
        let (code, _) = printed(&mut ben, &mut server);
        settle(&mut [&mut ana, &mut ben], &mut server);
        // What nobody would miss: the last record lets nobody in.
        server.say(StatementBody::Remove(kith_shared::trust::Remove::Device(kith_shared::ids::DeviceId([5; 32]))));
        server.lie = Some(Box::new(lie));
        let mut back = Phone::new(9);
        back.now = ben.now;
        assert!(comes_back(&mut back, &mut server, &code).is_err());
        assert_eq!(ask(&mut back, &mut server, json!({"cmd": "circles"})), json!([]));
        server.lie = None;
        comes_back(&mut back, &mut server, &code).unwrap();
    }
}

/// People who came to the last circle by its members' link, each with three more phones; nobody is there to hold them.
fn crowd(server: &mut Server, link: u8, people: u8) {
    let (circle, secret) = (server.circle(), InviteSecret([link; 16]));
    let mut chain = server.chain();
    for n in 0..people {
        let device = |at: u8| DeviceSecret::from_seed([n, at, link].repeat(11)[..32].try_into().unwrap());
        let first = device(1);
        let join = StatementBody::Join(Join::sign(&circle, &secret.public(), &first, [n; 16]));
        let draft = Draft { circle, number: 0, knows: Knows::NOTHING, time: server.now, body: join };
        chain.admit(draft.sign(Signer::Invite(&secret)), Vec::new(), &keys(), server.now).unwrap();
        let member = chain.standing().device(&first.id()).unwrap().member;
        for at in 2..=4 {
            let add =
                StatementBody::AddDevice(AddDevice::sign(&circle, &member, &device(at), false, Attached::NOTHING));
            let draft = chain.draft(Some(&first.id()), add, server.now);
            chain.admit(draft.sign(Signer::Device(&first)), Vec::new(), &keys(), server.now).unwrap();
        }
    }
    use kith_shared::storage::CommitOutcome::Committed;
    assert_eq!(server.store.commit(chain.batch().0), Committed);
}

#[test]
fn what_many_circles_have_to_say_goes_in_several_requests_each_within_its_bound() {
    const CIRCLES: u8 = 6;
    const OUT: usize = 7;
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    crowd(&mut server, 2, 25);
    for n in 1..CIRCLES {
        let secrets = [2 * n + 1, 2 * n + 2];
        server.begin(100 + n, secrets);
        let [facilitators, members] = secrets;
        crowd(&mut server, members, 25);
        let token: String = InviteSecret([facilitators; 16]).0.iter().map(|byte| format!("{byte:02x}")).collect();
        let link = format!("http://x/#/join?t={token}&c={}&n=Circle%20{n}", server.circle());
        ask(&mut ana, &mut server, json!({"cmd": "enrol", "link": link, "name": "Ana"}));
    }
    settle(&mut [&mut ana], &mut server);
    ana.online = false;
    sync(&mut ana, &mut server);
    // Each that goes ends the circle's key: another is said, wrapped for a hundred phones.
    for circle in server.circles.clone() {
        let shown = ask(&mut ana, &mut server, json!({"cmd": "people", "circle": circle.to_string()}));
        let others = shown["people"].as_array().unwrap().iter().filter(|person| person["me"] == false);
        for person in others.take(OUT).cloned().collect::<Vec<_>>() {
            let out = json!({"cmd": "remove", "circle": circle.to_string(), "member": person["member"], "also": []});
            ask(&mut ana, &mut server, out);
        }
    }
    let before = server.requests.len();
    ana.online = true;
    sync(&mut ana, &mut server);
    let said: Vec<usize> = server.requests[before..].iter().map(|(asked, _)| *asked).collect();
    let all: usize = said.iter().sum();
    assert!(all > FRAME_BYTES_MAX, "{said:?}: more than one request could bear");
    assert!(said.iter().all(|bytes| *bytes <= FRAME_BYTES_MAX), "{said:?}");
    for circle in server.circles.clone() {
        server.circles.push(circle);
        let chain = server.chain();
        let out = chain.standing().members().filter(|member| member.state == MemberState::Removed).count();
        assert_eq!(out, OUT, "all of it arrived");
        assert!(chain.standing().current_epoch(&KeyGroup::Circle).is_some());
    }
}
