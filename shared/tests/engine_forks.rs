//! What a server can't hide: a test double that lies, beside the real one, and what phones show of it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{ask, invited, leader, member, people, send, settle, sync, texts};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::trust::{Promote, Restored, Statement, StatementBody, StatementKind};
use kith_shared::wire::{CircleAnswer, GivenText};
use serde_json::{Value, json};

fn warning(phone: &mut Phone, server: &mut Server) -> Value {
    ask(phone, server, json!({"cmd": "circles"}))[0]["warning"].clone()
}

fn standing(phone: &mut Phone, server: &mut Server, name: &str) -> String {
    let shown = people(phone, server);
    let person = shown["people"].as_array().unwrap().iter().find(|person| person["name"] == name).unwrap().clone();
    person["standing"].as_str().unwrap().to_owned()
}

fn remove(phone: &mut Phone, server: &mut Server, name: &str) {
    let member = member(phone, server, name);
    ask(phone, server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": member, "also": []}));
}

/// Ana, Ben and Chris, who know all of the circle.
fn three(server: &mut Server) -> (Phone, Phone, Phone) {
    let mut ana = leader(server, 1);
    let mut ben = invited(server, &mut ana, 2, "Ben", true);
    let mut chris = invited(server, &mut ana, 3, "Chris", true);
    settle(&mut [&mut ana, &mut ben, &mut chris], server);
    (ana, ben, chris)
}

/// A server that tells Ben of another history than Ana: in his, Chris is not taken out but leads.
fn forked() -> (Server, Server, Phone, Phone) {
    let mut server = Server::new();
    let (mut ana, mut ben, _) = three(&mut server);
    let mut other = server.beside();
    remove(&mut ana, &mut server, "Chris");
    sync(&mut ana, &mut server);
    let chris = member(&mut ben, &mut other, "Chris").parse().unwrap();
    other.say(StatementBody::Promote(Promote { member: chris }));
    for _ in 0..3 {
        ben.now = ben.now.plus_ms(61_000);
        other.now = other.now.max(ben.now);
        sync(&mut ben, &mut other);
    }
    (server, other, ana, ben)
}

#[test]
fn p26_two_histories_with_two_signatures_are_shown_to_people_and_no_key_is_given() {
    let (mut server, mut other, mut ana, mut ben) = forked();
    assert_eq!(warning(&mut ben, &mut other), Value::Null);
    server.now = server.now.max(ben.now);
    let epochs = |server: &Server| server.chain().rows().len();
    let before = epochs(&server);
    sync(&mut ben, &mut server);
    assert_eq!(warning(&mut ben, &mut server), "fork");
    let fork = people(&mut ben, &mut server)["fork"].clone();
    assert!(fork["ours"]["position"].as_u64() > Some(0) && fork["theirs"]["position"].as_u64() > Some(0), "{fork}");
    for _ in 0..2 {
        ben.now = ben.now.plus_ms(120_000);
        server.now = server.now.max(ben.now);
        sync(&mut ben, &mut server);
    }
    assert_eq!(epochs(&server), before, "nothing is said under a proven fork");
    // It is remembered, also by a phone that is started anew and hears the first history again.
    let mut again = Phone::over(ben.store.clone(), 22);
    (again.now, again.online) = (ben.now, false);
    assert_eq!(warning(&mut again, &mut other), "fork");
    sync(&mut ana, &mut server);
    assert_eq!(warning(&mut ana, &mut server), Value::Null, "who saw one history has no proof");
}

#[test]
fn p26_a_facilitator_goes_on_with_one_history_and_members_do_not_decide() {
    let (mut server, _, mut ana, mut ben) = forked();
    server.now = server.now.max(ben.now);
    sync(&mut ben, &mut server);
    let go_on = json!({"cmd": "goOn", "circle": CIRCLE.to_string(), "with": "theirs"});
    assert_eq!(crate::support::people::refused(&mut ben, &mut server, go_on.clone()), "not-allowed");
    // Ana is told the other history by a server that began with it.
    let (mut other, ana_now) = (forked().1, ana.now);
    other.now = other.now.max(ana_now);
    sync(&mut ana, &mut other);
    assert_eq!(warning(&mut ana, &mut other), "fork");
    ask(&mut ana, &mut other, go_on);
    sync(&mut ana, &mut other);
    assert_eq!(warning(&mut ana, &mut other), Value::Null);
    assert_eq!(standing(&mut ana, &mut other, "Chris"), "active");
}

#[test]
fn p26_a_removal_without_its_text_is_shown_as_the_servers_doing() {
    let mut server = Server::new();
    let (mut ana, mut ben, _) = three(&mut server);
    remove(&mut ana, &mut server, "Chris");
    sync(&mut ana, &mut server);
    server.lie = Some(Box::new(|answer: &mut CircleAnswer| {
        for given in &mut answer.records {
            let GivenText::Given(stated) = &given.text else { continue };
            let statement = Statement::decode(&stated.statement).unwrap();
            if statement.claimed_kind() == StatementKind::Remove {
                given.text = GivenText::Named(statement.id());
            }
        }
    }));
    sync(&mut ben, &mut server);
    assert_eq!(warning(&mut ben, &mut server), "records-withheld");
    send(&mut ben, &mut server, "It goes on working.");
    server.lie = None;
    settle(&mut [&mut ben, &mut ana], &mut server);
    assert_eq!(warning(&mut ben, &mut server), Value::Null);
    assert_eq!(standing(&mut ben, &mut server, "Chris"), "removed");
    assert_eq!(texts(&mut ana, &mut server), ["It goes on working."]);
}

#[test]
fn p26_a_swapped_record_is_not_taken() {
    let mut server = Server::new();
    let (mut ana, mut ben, _) = three(&mut server);
    let mut other = server.beside();
    let chris = member(&mut ana, &mut server, "Chris").parse().unwrap();
    other.say(StatementBody::Promote(Promote { member: chris }));
    let swapped = other.chain().rows().last().unwrap().statement.clone();
    remove(&mut ana, &mut server, "Chris");
    sync(&mut ana, &mut server);
    server.lie = Some(Box::new(move |answer: &mut CircleAnswer| {
        for given in &mut answer.records {
            if let GivenText::Given(stated) = &mut given.text
                && Statement::decode(&stated.statement).unwrap().claimed_kind() == StatementKind::Remove
            {
                stated.statement.clone_from(&swapped);
            }
        }
    }));
    sync(&mut ben, &mut server);
    assert_eq!(warning(&mut ben, &mut server), "records-withheld");
    let shown = people(&mut ben, &mut server);
    let chris = shown["people"].as_array().unwrap().iter().find(|person| person["name"] == "Chris").unwrap().clone();
    assert_eq!(chris["role"], "member", "nothing of it is taken");
    server.lie = None;
    sync(&mut ben, &mut server);
    assert_eq!(
        (warning(&mut ben, &mut server), standing(&mut ben, &mut server, "Chris")),
        (Value::Null, "removed".into())
    );
}

#[test]
fn p26_a_server_that_went_back_is_given_what_it_lost() {
    let mut server = Server::new();
    let (mut ana, mut ben, _) = three(&mut server);
    let backup = server.beside();
    remove(&mut ana, &mut server, "Chris");
    settle(&mut [&mut ana, &mut ben], &mut server);
    let end = server.chain().chain().head();
    server.store = backup.store;
    server.lie = Some(Box::new(|answer: &mut CircleAnswer| answer.refused_statements.clear()));
    sync(&mut ben, &mut server);
    server.lie = None;
    settle(&mut [&mut ben, &mut ana], &mut server);
    let chain = server.chain();
    assert_eq!(chain.chain().hash(end.position), Some(end.hash), "record by record the same");
    for phone in [&mut ana, &mut ben] {
        assert_eq!(warning(phone, &mut server), Value::Null);
        assert_eq!(standing(phone, &mut server, "Chris"), "removed");
    }
}

#[test]
fn p26_a_backup_that_is_restored_lawfully_is_no_fork_and_removals_are_brought_again() {
    let mut server = Server::new();
    let (mut ana, mut ben, _) = three(&mut server);
    let backup = server.beside();
    remove(&mut ana, &mut server, "Chris");
    let promote = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, json!({"cmd": "promote", "circle": CIRCLE.to_string(), "member": promote}));
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(standing(&mut ben, &mut server, "Chris"), "removed");
    server.store = backup.store;
    let from = server.chain().chain().len() + 1;
    server.say(StatementBody::Restored(Restored { generation: 1, from }));
    settle(&mut [&mut ben, &mut ana], &mut server);
    settle(&mut [&mut ben, &mut ana], &mut server);
    for phone in [&mut ana, &mut ben] {
        assert_eq!(warning(phone, &mut server), Value::Null);
        assert_eq!(standing(phone, &mut server, "Chris"), "removed");
        assert!(people(phone, &mut server)["events"].to_string().contains("\"restored\""), "all are shown it");
    }
    let returned = people(&mut ana, &mut server)["returned"].clone();
    assert_eq!((&returned[0]["what"], &returned[0]["why"]), (&"promote".into(), &"lost-chain".into()), "{returned}");
    send(&mut ana, &mut server, "We go on.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(texts(&mut ben, &mut server), ["We go on."]);
    let dismiss = json!({"cmd": "dismiss", "circle": CIRCLE.to_string(), "statement": returned[0]["statement"]});
    assert_eq!(ask(&mut ana, &mut server, dismiss)["returned"], json!([]));
}
