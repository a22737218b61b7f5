//! A phone that was put back to an older state writes before it hears of a newer key.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{THREAD, ask, invited, leader, member, send, settle, sync, texts};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::gate::Refusal;
use kith_shared::seal::epoch_hint;
use kith_shared::storage::{MemoryStore, Tree};
use kith_shared::time::TimestampMs;
use kith_shared::trust::KeyGroup;
use serde_json::{Value, json};

/// Ana and Ben, who both lead; his printed code is renewed after his phone was copied: so all his groups have newer keys, which his
/// phone confirmed, and its copy knows nothing of. Gives the copy, not online yet.
fn rolled_back(server: &mut Server, before: impl Fn(&mut Phone, &mut Server)) -> (Phone, Phone) {
    let mut ana = leader(server, 1);
    let mut ben = invited(server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], server);
    let id = member(&mut ana, server, "Ben");
    ask(&mut ana, server, json!({"cmd": "promote", "circle": CIRCLE.to_string(), "member": id}));
    settle(&mut [&mut ana, &mut ben], server);
    paper(&mut ben, server);
    before(&mut ben, server);
    settle(&mut [&mut ana, &mut ben], server);
    let copy: MemoryStore = ben.store.clone();
    paper(&mut ben, server);
    settle(&mut [&mut ana, &mut ben], server);
    let mut back = Phone::over(copy, 22);
    back.now = ben.now;
    back.online = false;
    (ana, back)
}

fn paper(phone: &mut Phone, server: &mut Server) {
    ask(phone, server, json!({"cmd": "paper", "circle": CIRCLE.to_string()}));
}

fn goes_online(phone: &mut Phone, server: &mut Server) {
    phone.online = true;
    phone.now = TimestampMs(phone.now.0 + 61_000);
    server.now = server.now.max(phone.now);
    sync(phone, server);
    sync(phone, server);
}

fn own_texts(phone: &mut Phone, server: &mut Server) -> Vec<(String, String, bool)> {
    let open = json!({"cmd": "openThread", "circle": CIRCLE.to_string(), "thread": THREAD, "limit": 50});
    let thread = ask(phone, server, open);
    let shown = |message: &Value| {
        let text = |field: &str| message[field].as_str().unwrap().to_owned();
        (text("key"), text("text"), text("safety") == "safe")
    };
    thread["messages"].as_array().unwrap().iter().map(shown).collect()
}

#[test]
fn what_a_rolled_back_phone_sealed_with_an_old_key_is_sealed_again_and_arrives_once() {
    let mut server = Server::new();
    let (mut ana, mut back) = rolled_back(&mut server, |_, _| {});
    for text in ["Written on an old copy.", "And this."] {
        send(&mut back, &mut server, text);
    }
    let before = own_texts(&mut back, &mut server);
    goes_online(&mut back, &mut server);
    assert!(server.refusals.contains(&Refusal::OldEpoch), "{:?}", server.refusals);
    let after = own_texts(&mut back, &mut server);
    let keys = |shown: &[(String, String, bool)]| {
        shown.iter().map(|(key, text, _)| (key.clone(), text.clone())).collect::<Vec<_>>()
    };
    assert_eq!(keys(&before), keys(&after), "the same messages");
    assert!(after.iter().all(|(_, _, safe)| *safe), "{after:?}");
    settle(&mut [&mut ana, &mut back], &mut server);
    assert_eq!(texts(&mut ana, &mut server), ["Written on an old copy.", "And this."]);
    assert_eq!(texts(&mut back, &mut server), ["Written on an old copy.", "And this."]);
    let outbox = ask(&mut back, &mut server, json!({"cmd": "outbox"}));
    assert_eq!(outbox.as_array().map(Vec::len), Some(0), "{outbox}");
}

#[test]
fn an_answer_that_is_lost_meanwhile_sends_nothing_twice() {
    let mut server = Server::new();
    let (mut ana, mut back) = rolled_back(&mut server, |_, _| {});
    send(&mut back, &mut server, "Once.");
    for _ in 0..4 {
        back.loses_answer = true;
        goes_online(&mut back, &mut server);
    }
    back = Phone::over(back.store.clone(), 23);
    back.now = server.now;
    goes_online(&mut back, &mut server);
    settle(&mut [&mut ana, &mut back], &mut server);
    assert_eq!(texts(&mut ana, &mut server), ["Once."]);
}

#[test]
fn what_was_taken_back_before_it_was_sealed_again_stays_gone() {
    let mut server = Server::new();
    let (mut ana, mut back) = rolled_back(&mut server, |_, _| {});
    let kept = send(&mut back, &mut server, "Never mind.");
    send(&mut back, &mut server, "This stays.");
    let circle = CIRCLE.to_string();
    let take = json!({"cmd": "takeBack", "circle": circle, "thread": THREAD, "key": kept["key"]});
    ask(&mut back, &mut server, take);
    goes_online(&mut back, &mut server);
    settle(&mut [&mut ana, &mut back], &mut server);
    assert_eq!(texts(&mut ana, &mut server), ["(gone)", "This stays."]);
}

fn sealed(phone: &mut Phone, server: &mut Server) -> Value {
    let circle = CIRCLE.to_string();
    let open = json!({"cmd": "openSealed", "circle": circle, "kind": "facilitatorNote", "member": null, "day": 20_750});
    ask(phone, server, open)
}

fn write(phone: &mut Phone, server: &mut Server, text: &str) {
    let note = sealed(phone, server);
    let ops = json!([{"op": "splice", "index": 0, "remove": 0, "text": text}]);
    let edit = json!({"edit": "body", "version": note["version"], "ops": ops});
    ask(phone, server, json!({"cmd": "editNote", "document": note["document"], "edit": edit}));
    ask(phone, server, json!({"cmd": "flush"}));
}

#[test]
fn an_entry_of_a_sealed_document_with_an_old_key_is_refused() {
    let mut server = Server::new();
    let (_, mut back) = rolled_back(&mut server, |ben, server| write(ben, server, "First. "));
    write(&mut back, &mut server, "On an old copy. ");
    goes_online(&mut back, &mut server);
    assert!(server.refusals.contains(&Refusal::OldEpoch), "{:?}", server.refusals);
}

#[test]
fn what_a_rolled_back_phone_wrote_in_a_sealed_document_is_sealed_again_too() {
    let mut server = Server::new();
    let (_, mut back) = rolled_back(&mut server, |ben, server| write(ben, server, "First. "));
    write(&mut back, &mut server, "On an old copy. ");
    goes_online(&mut back, &mut server);
    let outbox = ask(&mut back, &mut server, json!({"cmd": "outbox"}));
    assert_eq!(outbox.as_array().map(Vec::len), Some(0), "{outbox}");
    write(&mut back, &mut server, "And on. ");
    goes_online(&mut back, &mut server);
    let mut again = Phone::over(back.store.clone(), 24);
    let spans = sealed(&mut again, &mut server)["spans"].to_string();
    assert!(spans.contains("And on. On an old copy. First."), "{spans}");
    assert_eq!(ask(&mut back, &mut server, json!({"cmd": "outbox"})).as_array().map(Vec::len), Some(0));
}

/// Whoever reads the circle must not read what was sealed for its writer alone, whatever key is due.
#[test]
fn what_a_rolled_back_phone_kept_for_its_person_is_sealed_again_for_them_alone() {
    let mut server = Server::new();
    let write = |phone: &mut Phone, server: &mut Server, text: &str| {
        let circle = CIRCLE.to_string();
        ask(
            phone,
            server,
            json!({"cmd": "addPlanLine", "circle": circle, "part": "signs", "text": text, "phone": "",
            "replaces": null}),
        );
    };
    let (mut ana, mut back) = rolled_back(&mut server, |ben, server| write(ben, server, "First."));
    write(&mut back, &mut server, "On an old copy.");
    goes_online(&mut back, &mut server);
    assert!(server.refusals.contains(&Refusal::OldEpoch), "{:?}", server.refusals);
    settle(&mut [&mut ana, &mut back], &mut server);
    let mut again = Phone::over(back.store.clone(), 24);
    let plan = ask(&mut again, &mut server, json!({"cmd": "plan", "circle": CIRCLE.to_string()}));
    let lines = plan["lines"].as_array().unwrap();
    assert!(lines.iter().any(|line| line["text"] == "On an old copy." && line["safety"] == "safe"), "{plan}");
    let of_circle = |hint: [u8; 4]| {
        let chain = server.chain();
        let circle = chain.standing().current_epoch(&KeyGroup::Circle).unwrap().id;
        circle.hint() == hint
    };
    let bodies: Vec<_> = server.store.rows(Tree::Bodies).filter_map(|(_, body)| epoch_hint(body)).collect();
    assert!(!bodies.is_empty() && !bodies.into_iter().any(of_circle), "nothing of it is sealed for the circle");
}
