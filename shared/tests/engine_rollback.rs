//! A phone that was put back to an older state writes before it hears of a newer key.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

mod support;

use kith_shared::gate::Refusal;
use kith_shared::storage::MemoryStore;
use kith_shared::time::TimestampMs;
use serde_json::{Value, json};
use support::people::{ask, invited, leader, settle, sync};
use support::{CIRCLE, Phone, Server};

/// Ana and Ben, whose printed code is renewed after his phone was copied: so all his groups have newer keys, which his
/// phone confirmed, and its copy knows nothing of. Gives the copy, not online yet.
fn rolled_back(server: &mut Server, before: impl Fn(&mut Phone, &mut Server)) -> (Phone, Phone) {
    let mut ana = leader(server, 1);
    let mut ben = invited(server, &mut ana, 2, "Ben", true);
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

fn journal(phone: &mut Phone, server: &mut Server) -> Value {
    let circle = CIRCLE.to_string();
    ask(phone, server, json!({"cmd": "openSealed", "circle": circle, "kind": "journal", "member": null, "day": 20_750}))
}

fn write(phone: &mut Phone, server: &mut Server, text: &str) {
    let note = journal(phone, server);
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
