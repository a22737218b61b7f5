//! Who is in a circle, what they can read, and what stands on disks: the phones' engine and the hub together.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{
    THREAD, ask, bytes_of, contains, invited, leader, member, people, refused, send, settle, sync, texts,
};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::gate::Refusal;
use kith_shared::storage::Tree;
use kith_shared::trust::{Statement, StatementBody, Verified};
use kith_shared::wire::{CircleAnswer, GivenText, Stated};
use serde_json::{Value, json};

#[test]
fn who_joins_reads_what_is_written_from_then_on_and_nothing_before() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    send(&mut ana, &mut server, "Before Ben came.");
    sync(&mut ana, &mut server);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", false);
    sync(&mut ana, &mut server);
    send(&mut ana, &mut server, "Welcome, Ben.");
    send(&mut ben, &mut server, "Thank you.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(texts(&mut ben, &mut server), ["(before)", "Welcome, Ben.", "Thank you."]);
    assert_eq!(texts(&mut ana, &mut server), ["Before Ben came.", "Welcome, Ben.", "Thank you."]);
    let mut chris = invited(&mut server, &mut ana, 3, "Chris", true);
    settle(&mut [&mut ana, &mut ben, &mut chris], &mut server);
    assert_eq!(texts(&mut chris, &mut server), ["Before Ben came.", "Welcome, Ben.", "Thank you."]);
}

#[test]
fn p18_who_was_taken_out_gets_nothing_that_is_written_after_it() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    let mut chris = invited(&mut server, &mut ana, 3, "Chris", true);
    send(&mut ben, &mut server, "Ben was here.");
    settle(&mut [&mut ana, &mut ben, &mut chris], &mut server);
    let ben_id = member(&mut ana, &mut server, "Ben");
    let after = ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": ben_id}));
    let shown = after["people"].as_array().unwrap().iter().find(|person| person["name"] == "Ben").unwrap().clone();
    assert_eq!(shown["standing"], "removed");
    settle(&mut [&mut ana, &mut chris], &mut server);
    send(&mut chris, &mut server, "After Ben left.");
    settle(&mut [&mut ana, &mut chris], &mut server);
    assert_eq!(texts(&mut ana, &mut server), ["Ben was here.", "After Ben left."]);
    ben.online = false;
    send(&mut ben, &mut server, "I do not know it yet.");
    ben.online = true;
    let status = ask(&mut ben, &mut server, json!({"cmd": "sync"}));
    assert_eq!(status["problem"]["code"], "removed", "{status}");
    assert!(server.refusals.contains(&Refusal::Removed), "{:?}", server.refusals);
    assert_eq!(texts(&mut ben, &mut server), ["Ben was here.", "I do not know it yet."]);
    // Even with all that the server holds, Ben's phone has no key for it.
    let keys = |phone: &Phone| phone.store.rows(Tree::Epochs).map(|(at, _)| at.to_vec()).collect::<Vec<_>>();
    let newest: Vec<_> = keys(&ana).into_iter().filter(|at| !keys(&ben).contains(at)).collect();
    assert!(!newest.is_empty());
    settle(&mut [&mut ana, &mut chris], &mut server);
    assert_eq!(texts(&mut chris, &mut server), ["Ben was here.", "After Ben left."]);
}

#[test]
fn a_key_that_is_not_older_is_not_refused_however_deep_the_one_before_it_was() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    for (seed, name) in [(3, "Chris"), (4, "Dina"), (5, "Esi")] {
        // Who reads nothing of before begins the circle's next key, and it is void once they are taken out.
        let mut newcomer = invited(&mut server, &mut ana, seed, name, false);
        settle(&mut [&mut ana, &mut ben, &mut newcomer], &mut server);
        send(&mut newcomer, &mut server, name);
        settle(&mut [&mut ana, &mut ben, &mut newcomer], &mut server);
        let member = member(&mut ana, &mut server, name);
        ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": member}));
        send(&mut ana, &mut server, "Ana goes on.");
        settle(&mut [&mut ana, &mut ben], &mut server);
        send(&mut ben, &mut server, "Ben goes on.");
        settle(&mut [&mut ana, &mut ben], &mut server);
    }
    assert!(!server.refusals.contains(&Refusal::OldEpoch), "{:?}", server.refusals);
    let all = ["Chris", "Ana goes on.", "Ben goes on.", "Dina", "Ana goes on.", "Ben goes on."];
    assert_eq!(texts(&mut ana, &mut server)[..6], all);
    assert_eq!(texts(&mut ben, &mut server), texts(&mut ana, &mut server));
}

#[test]
fn p16_the_server_holds_no_words_of_messages_journals_and_plans() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    send(&mut ben, &mut server, "Nobody else may read that the harbour frightens me.");
    let circle = CIRCLE.to_string();
    let line = json!({"cmd": "addPlanLine", "circle": circle, "part": "signs", "text": "The harbour.", "phone": "",
        "replaces": null});
    ask(&mut ben, &mut server, line);
    let entry = json!({"kind": "text", "text": "At the harbour again."});
    ask(
        &mut ben,
        &mut server,
        json!({"cmd": "addEntry", "circle": circle, "day": 20_000, "entry": entry, "replaces": null}),
    );
    let facilitators =
        json!({"cmd": "openSealed", "circle": circle, "kind": "facilitatorNote", "member": null, "day": 20_780});
    let note = ask(&mut ana, &mut server, facilitators.clone());
    let ops = json!([{"op": "splice", "index": 0, "remove": 0, "text": "The harbour, among us."}]);
    let edit = json!({"edit": "body", "version": note["version"], "ops": ops});
    ask(&mut ana, &mut server, json!({"cmd": "editNote", "document": note["document"], "edit": edit}));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let status = ask(&mut ben, &mut server, json!({"cmd": "status"}));
    assert_eq!(status["unsentItems"], 0);
    assert!(!contains(&bytes_of(&server.store), b"harbour"));
    assert!(server.refusals.is_empty(), "{:?}", server.refusals);
    let plan = ask(&mut ana, &mut server, json!({"cmd": "plan", "circle": circle}));
    assert_eq!(plan["lines"], json!([]), "Ana's plan is her own");
    assert_eq!(refused(&mut ben, &mut server, facilitators), "not-allowed");
}

#[test]
fn two_facilitators_write_a_sealed_note_apart_and_both_texts_survive() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let ben_id = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, json!({"cmd": "promote", "circle": CIRCLE.to_string(), "member": ben_id}));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let open = json!({"cmd": "openSealed", "circle": CIRCLE.to_string(), "kind": "facilitatorNote", "member": null, "day": 20_780});
    let mut document = Value::Null;
    ask(&mut ana, &mut server, open.clone());
    settle(&mut [&mut ana, &mut ben], &mut server);
    for (phone, text) in [(&mut ana, "Ana wrote. "), (&mut ben, "Ben wrote. ")] {
        phone.online = false;
        let note = ask(phone, &mut server, open.clone());
        document = note["document"].clone();
        let ops = json!([{"op": "splice", "index": 0, "remove": 0, "text": text}]);
        let edit = json!({"edit": "body", "version": note["version"], "ops": ops});
        ask(phone, &mut server, json!({"cmd": "editNote", "document": document, "edit": edit}));
        phone.online = true;
    }
    settle(&mut [&mut ana, &mut ben], &mut server);
    let open = json!({"cmd": "openNote", "document": document});
    let (a, b) = (ask(&mut ana, &mut server, open.clone()), ask(&mut ben, &mut server, open));
    assert_eq!(a["spans"], b["spans"]);
    let text = a["spans"].to_string();
    assert!(text.contains("Ana wrote.") && text.contains("Ben wrote."), "{text}");
    assert!(!contains(&bytes_of(&server.store), b"wrote"));
}

#[test]
fn p19_a_message_that_was_taken_back_is_gone_from_the_server_and_every_phone() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    let sent = send(&mut ben, &mut server, "I wish I had not said it.");
    send(&mut ben, &mut server, "This stays.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    let body: Vec<u8> = {
        let rows: Vec<_> = server.store.rows(Tree::Bodies).map(|(_, value)| value.to_vec()).collect();
        assert_eq!(rows.len(), 2);
        rows.into_iter().max_by_key(Vec::len).unwrap()
    };
    let take = json!({"cmd": "takeBack", "circle": CIRCLE.to_string(), "thread": THREAD, "key": sent["key"]});
    assert_eq!(refused(&mut ana, &mut server, take.clone()), "not-allowed");
    ask(&mut ben, &mut server, take);
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(texts(&mut ana, &mut server), ["(gone)", "This stays."]);
    assert_eq!(texts(&mut ben, &mut server), ["(gone)", "This stays."]);
    for store in [&server.store, &ana.store, &ben.store] {
        let all = bytes_of(store);
        assert!(!contains(&all, &body) && !contains(&all, b"I wish I had"));
    }
}

#[test]
fn p21_a_lost_phone_is_not_a_lost_self_with_a_printed_code() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    send(&mut ben, &mut server, "From the phone that will be lost.");
    let line = json!({"cmd": "addPlanLine", "circle": CIRCLE.to_string(), "part": "ask", "text": "Call my sister.",
        "phone": "", "replaces": null});
    ask(&mut ben, &mut server, line);
    let code = ask(&mut ben, &mut server, json!({"cmd": "paper", "circle": CIRCLE.to_string()}));
    sync(&mut ben, &mut server);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let mut again = Phone::new(9);
    again.now = ben.now;
    ask(&mut again, &mut server, json!({"cmd": "paperUse", "code": code["code"]}));
    settle(&mut [&mut again, &mut ana], &mut server);
    assert_eq!(texts(&mut again, &mut server), ["From the phone that will be lost."]);
    let plan = ask(&mut again, &mut server, json!({"cmd": "plan", "circle": CIRCLE.to_string()}));
    assert_eq!(plan["lines"][0]["text"], "Call my sister.", "{plan}");
    let shown = people(&mut again, &mut server);
    let me = shown["people"].as_array().unwrap().iter().find(|person| person["me"] == true).unwrap().clone();
    assert_eq!(me["name"], "Ben", "{shown}");
    let status = ask(&mut ben, &mut server, json!({"cmd": "sync"}));
    assert_eq!(status["problem"]["code"], "removed", "the lost phone is out: {status}");
    send(&mut again, &mut server, "I am back.");
    settle(&mut [&mut again, &mut ana], &mut server);
    assert_eq!(texts(&mut ana, &mut server), ["From the phone that will be lost.", "I am back."]);
    assert_eq!(
        refused(&mut Phone::new(10), &mut server, json!({"cmd": "paperUse", "code": "AAAA-BBBB"})),
        "code-invalid"
    );
}

#[test]
fn p21_a_lost_phone_is_not_a_lost_self_with_a_facilitators_help() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    send(&mut ben, &mut server, "From the phone that will be lost.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    let ben_id = member(&mut ana, &mut server, "Ben");
    let invite = json!({"cmd": "inviteDevice", "circle": CIRCLE.to_string(), "member": ben_id, "recovers": true});
    let invitation = ask(&mut ana, &mut server, invite);
    sync(&mut ana, &mut server);
    let mut again = Phone::new(9);
    again.now = ana.now;
    ask(&mut again, &mut server, json!({"cmd": "enrol", "link": invitation["link"], "name": "Ben"}));
    settle(&mut [&mut again, &mut ana], &mut server);
    assert_eq!(texts(&mut again, &mut server), ["From the phone that will be lost."]);
    send(&mut again, &mut server, "I am back.");
    settle(&mut [&mut again, &mut ana], &mut server);
    assert_eq!(texts(&mut ana, &mut server), ["From the phone that will be lost.", "I am back."]);
    let status = ask(&mut ben, &mut server, json!({"cmd": "sync"}));
    assert_eq!(status["problem"]["code"], "removed", "{status}");
    let shown = people(&mut ana, &mut server);
    assert!(shown["events"].to_string().contains("\"recovered\""), "the circle sees it: {shown}");
}

#[test]
fn a_short_code_is_a_way_in_too() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let invite =
        json!({"cmd": "invite", "circle": CIRCLE.to_string(), "role": "member", "past": true, "uses": 1, "days": 7});
    let invitation = ask(&mut ana, &mut server, invite);
    send(&mut ana, &mut server, "Hello.");
    sync(&mut ana, &mut server);
    let mut ben = Phone::new(2);
    let typed = invitation["code"].as_str().unwrap().to_lowercase();
    ask(&mut ben, &mut server, json!({"cmd": "enrol", "link": typed, "name": "Ben"}));
    sync(&mut ben, &mut server);
    assert_eq!(texts(&mut ben, &mut server), ["Hello."]);
}

#[test]
fn p15_two_phones_with_no_network_enrol_by_two_codes_and_the_server_accepts_it_later() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    settle(&mut [&mut ana], &mut server);
    let mut ben = Phone::new(2);
    (ben.now, ben.online, ana.online) = (ana.now, false, false);
    let offer = ask(&mut ben, &mut server, json!({"cmd": "qrAsk", "name": "Ben"}));
    let grant = json!({"cmd": "qrGrant", "circle": CIRCLE.to_string(), "qr": offer["qr"], "role": "member",
        "past": false, "member": null});
    let grant = ask(&mut ana, &mut server, grant);
    let chars = grant["qr"].as_str().unwrap().len();
    assert!(chars < 1_000, "{chars} characters are too many for a screen");
    let taken = ask(&mut ben, &mut server, json!({"cmd": "qrTake", "qr": grant["qr"]}));
    assert_eq!(taken["words"], grant["words"]);
    assert_eq!(taken["words"].as_array().unwrap().len(), 6);
    assert_eq!((&taken["circle"]["name"], &taken["circle"]["pending"]), (&"Our circle".into(), &true.into()));
    send(&mut ben, &mut server, "Written in the village.");
    assert_eq!(texts(&mut ben, &mut server), ["Written in the village."]);
    // Ben's phone reaches the server first.
    ben.online = true;
    let status = ask(&mut ben, &mut server, json!({"cmd": "sync"}));
    assert_eq!((&status["problem"], &status["unsentItems"]), (&Value::Null, &0.into()), "{status}");
    ana.online = true;
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(texts(&mut ana, &mut server), ["Written in the village."]);
    send(&mut ana, &mut server, "So good that you are in.");
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(texts(&mut ben, &mut server), ["Written in the village.", "So good that you are in."]);
    assert!(server.refusals.is_empty(), "{:?}", server.refusals);
    let circles = ask(&mut ben, &mut server, json!({"cmd": "circles"}));
    assert_eq!(circles[0]["pending"], false);
}

#[test]
fn the_warrant_bounds_who_is_enrolled_with_no_network() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    settle(&mut [&mut ana], &mut server);
    ana.online = false;
    let left = people(&mut ana, &mut server)["offlineLeft"].as_u64().unwrap();
    assert!(left > 0);
    let grant = |ana: &mut Phone, server: &mut Server, seed: u8| {
        let offer = ask(&mut Phone::new(seed), server, json!({"cmd": "qrAsk", "name": "X"}));
        let grant = json!({"cmd": "qrGrant", "circle": CIRCLE.to_string(), "qr": offer["qr"], "role": "member",
            "past": true, "member": null});
        ana.ask(server, serde_json::from_value(grant).unwrap())
    };
    for number in 0..left {
        assert!(grant(&mut ana, &mut server, 50 + number as u8).is_ok());
    }
    let problem = grant(&mut ana, &mut server, 200).unwrap_err();
    assert_eq!(serde_json::to_value(problem.code).unwrap(), "warrant-used");
}

#[test]
fn codes_that_are_swapped_damaged_or_replayed_are_refused() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    settle(&mut [&mut ana], &mut server);
    let (mut ben, mut eve) = (Phone::new(2), Phone::new(3));
    let offer = ask(&mut ben, &mut server, json!({"cmd": "qrAsk", "name": "Ben"}));
    ask(&mut eve, &mut server, json!({"cmd": "qrAsk", "name": "Eve"}));
    let grant = |qr: &Value| json!({"cmd": "qrGrant", "circle": CIRCLE.to_string(), "qr": qr, "role": "member", "past": true, "member": null});
    let answer = ask(&mut ana, &mut server, grant(&offer["qr"]));
    // A photographed answer lets nobody else in.
    assert_eq!(refused(&mut eve, &mut server, json!({"cmd": "qrTake", "qr": answer["qr"]})), "code-invalid");
    let qr = answer["qr"].as_str().unwrap();
    for wrong in [String::new(), qr[..qr.len() - 1].to_owned(), qr.replacen('A', "B", 1), format!("{qr}A")] {
        assert_eq!(refused(&mut ben, &mut server, json!({"cmd": "qrTake", "qr": wrong})), "code-invalid");
    }
    assert_eq!(refused(&mut ana, &mut server, grant(&answer["qr"])), "code-invalid", "of the other kind");
    assert_eq!(refused(&mut Phone::new(4), &mut server, json!({"cmd": "qrTake", "qr": qr})), "code-invalid");
    ask(&mut ben, &mut server, json!({"cmd": "qrTake", "qr": qr}));
}

#[test]
fn only_facilitators_invite_remove_and_confirm() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    let (circle, ana_id) = (CIRCLE.to_string(), member(&mut ben, &mut server, "Ana"));
    for command in [
        json!({"cmd": "invite", "circle": circle, "role": "member", "past": false, "uses": 1, "days": 1}),
        json!({"cmd": "remove", "circle": circle, "member": ana_id}),
        json!({"cmd": "confirm", "circle": circle, "member": ana_id}),
        json!({"cmd": "promote", "circle": circle, "member": ana_id}),
        json!({"cmd": "inviteDevice", "circle": circle, "member": ana_id, "recovers": true}),
    ] {
        assert_eq!(refused(&mut ben, &mut server, command.clone()), "not-allowed", "{command}");
    }
    assert_eq!(refused(&mut ben, &mut server, json!({"cmd": "found", "name": "B", "circleName": "B"})), "not-allowed");
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(people(&mut ana, &mut server)["people"].as_array().unwrap().len(), 2);
}

#[test]
fn what_was_written_before_its_author_heard_of_a_newcomer_is_read_by_the_newcomer_too() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    ben.online = false;
    let mut chris = invited(&mut server, &mut ana, 3, "Chris", false);
    send(&mut ben, &mut server, "Written far away, after Chris came.");
    ben.online = true;
    ben.loses_answer = true;
    sync(&mut ben, &mut server);
    sync(&mut chris, &mut server);
    assert_eq!(texts(&mut chris, &mut server), ["(before)"], "Ben signed it not having heard of Chris");
    settle(&mut [&mut ben, &mut chris, &mut ana], &mut server);
    assert_eq!(texts(&mut chris, &mut server), ["Written far away, after Chris came."]);
    assert_eq!(texts(&mut ana, &mut server), ["Written far away, after Chris came."]);
}

/// Names another phone in the place of the one that joined: all of the rest is true.
fn names_another(answer: &mut CircleAnswer) {
    for given in &mut answer.records {
        let GivenText::Given(stated) = &given.text else { continue };
        let mut statement = Verified::from_own_store(Statement::decode(&stated.statement).unwrap()).into_inner();
        if let StatementBody::Join(join) = &mut statement.body {
            join.salt = [9; 16];
            given.text = GivenText::Given(Stated { statement: statement.encode(), attachment: Vec::new() });
        }
    }
}

#[test]
fn a_phone_that_comes_in_is_nobody_else() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    settle(&mut [&mut ana], &mut server);
    let link =
        json!({"cmd": "invite", "circle": CIRCLE.to_string(), "role": "member", "past": false, "uses": 1, "days": 7});
    let link = ask(&mut ana, &mut server, link)["link"].clone();
    sync(&mut ana, &mut server);
    let mut ben = Phone::new(2);
    server.lie = Some(Box::new(names_another));
    let enrol = json!({"cmd": "enrol", "link": link, "name": "Ben"});
    assert_eq!(refused(&mut ben, &mut server, enrol.clone()), "link-invalid");
    server.lie = None;
    ask(&mut ben, &mut server, enrol);
}
