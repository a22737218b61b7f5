//! Reports to facilitators, through the engine and the real hub.
#![allow(clippy::unwrap_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{
    THREAD, another_phone, ask, bytes_of, contains, invited, leader, member, refused, send, settle, sync,
};
use crate::support::{CIRCLE, Phone, Server};
use serde_json::{Value, json};

fn command(cmd: &str, more: Value) -> Value {
    let mut command = json!({"cmd": cmd, "circle": CIRCLE.to_string()});
    more.as_object().unwrap().iter().for_each(|(key, value)| command[key] = value.clone());
    command
}

/// To the organisation.
fn report(key: &Value, words: &str) -> Value {
    command("report", json!({"key": key, "to": [], "words": words}))
}

fn reports(phone: &mut Phone, server: &mut Server) -> Vec<Value> {
    ask(phone, server, command("reports", json!({}))).as_array().unwrap().clone()
}

fn way(phone: &mut Phone, server: &mut Server, key: &Value) -> Value {
    ask(phone, server, command("reportWay", json!({"key": key})))
}

/// Reports what stands at a key to those who are named as who gets it.
fn tell(phone: &mut Phone, server: &mut Server, key: &Value, words: &str) -> Value {
    let to = way(phone, server, key)["to"].take();
    let to: Vec<&Value> = to.as_array().unwrap().iter().map(|one| &one["member"]).collect();
    ask(phone, server, command("report", json!({"key": key, "to": to, "words": words})))
}

fn named(people: &Value) -> Vec<String> {
    people.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

fn role(phone: &mut Phone, server: &mut Server, cmd: &str, name: &str) {
    let member = member(phone, server, name);
    ask(phone, server, command(cmd, json!({"member": member})));
    sync(phone, server);
}

/// Two days go by: a facilitator takes nothing from another on their first day.
fn later(phones: &mut [&mut Phone], server: &mut Server) {
    for phone in phones.iter_mut() {
        phone.now = phone.now.plus_ms(2 * 24 * 60 * 60 * 1_000);
        server.now = server.now.max(phone.now);
    }
    settle(phones, server);
}

/// Ana and Eva, facilitators, with Ben and Cat.
fn four(server: &mut Server) -> (Phone, Phone, Phone, Phone) {
    let mut ana = leader(server, 1);
    let mut eva = invited(server, &mut ana, 2, "Eva", true);
    let mut ben = invited(server, &mut ana, 3, "Ben", true);
    let mut cat = invited(server, &mut ana, 4, "Cat", true);
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], server);
    role(&mut ana, server, "promote", "Eva");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], server);
    (ana, eva, ben, cat)
}

#[test]
fn a_message_is_reported_offline_to_every_facilitator_who_checks_it_against_their_own_copy() {
    let mut server = Server::new();
    let (mut ana, mut eva, mut ben, mut cat) = four(&mut server);
    let rash = send(&mut ben, &mut server, "You are all liars.");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    cat.online = false;
    let asked = way(&mut cat, &mut server, &rash["key"]);
    assert_eq!(
        (&asked["aboutName"], &asked["kind"], &asked["aboutLeads"]),
        (&json!("Ben"), &json!("message"), &json!(false))
    );
    assert_eq!((&asked["text"], &asked["reported"]), (&json!("You are all liars."), &json!(false)));
    let mut to = named(&asked["to"]);
    to.sort();
    assert_eq!(to, ["Ana", "Eva"]);
    let sent = tell(&mut cat, &mut server, &rash["key"], " It hurt. ");
    assert_eq!((&sent["mine"], &sent["words"], &sent["proof"]), (&json!(true), &json!(["It hurt."]), &json!("proven")));
    let safeties: Vec<_> = sent["to"].as_array().unwrap().iter().map(|to| to["safety"].clone()).collect();
    assert_eq!(safeties, ["phone", "phone"]);
    cat.online = true;
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    for (phone, other) in [(&mut ana, "Eva"), (&mut eva, "Ana")] {
        let got = reports(phone, &mut server);
        assert_eq!(got.len(), 1);
        let got = &got[0];
        assert_eq!((&got["reporterName"], &got["aboutName"]), (&json!("Cat"), &json!("Ben")));
        assert_eq!((&got["text"], &got["words"]), (&json!("You are all liars."), &json!(["It hurt."])));
        assert_eq!((&got["proof"], &got["body"], &got["thread"]), (&json!("proven"), &json!("here"), &json!(THREAD)));
        assert_eq!((&got["of"], named(&got["to"])), (&rash["key"], vec![other.to_owned()]));
    }
    assert!(reports(&mut ben, &mut server).is_empty(), "nobody else has it");
    let own = reports(&mut cat, &mut server).remove(0);
    assert!(own["to"].as_array().unwrap().iter().all(|to| to["safety"] == "safe"), "{own}");
    assert!(way(&mut cat, &mut server, &rash["key"])["reported"].as_bool().unwrap());
    for words in [&b"It hurt"[..], b"liars"] {
        assert!(!contains(&bytes_of(&server.store), words), "the server reads nothing of it");
    }
    for words in [&b"It hurt"[..], b"reported"] {
        assert!(!contains(&bytes_of(&ben.store), words));
    }
}

#[test]
fn a_report_about_a_facilitator_goes_to_the_others_and_never_to_them() {
    let mut server = Server::new();
    let (mut ana, mut eva, mut ben, mut cat) = four(&mut server);
    let rash = send(&mut eva, &mut server, "Do as I say.");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    let asked = way(&mut cat, &mut server, &rash["key"]);
    assert_eq!((named(&asked["to"]), &asked["aboutLeads"]), (vec!["Ana".to_owned()], &json!(true)));
    tell(&mut cat, &mut server, &rash["key"], "Not kind");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    let got = reports(&mut ana, &mut server).remove(0);
    ask(&mut ana, &mut server, command("handleReport", json!({"key": got["key"], "on": true})));
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    assert!(reports(&mut eva, &mut server).is_empty());
    let (anas, evas) = (member(&mut cat, &mut server, "Ana"), member(&mut cat, &mut server, "Eva"));
    let between = |phone: &Phone, one: &str, other: &str| {
        use kith_shared::document::{DocumentName, Subject};
        let name = Subject::between(one.parse().unwrap(), other.parse().unwrap(), 0).map(DocumentName::new).unwrap();
        let key = kith_shared::sync::key::document(&CIRCLE.id(), &name.id(&CIRCLE.id()));
        phone.store.rows(kith_shared::storage::Tree::Documents).any(|(at, _)| at == key.as_slice())
    };
    let cats = member(&mut ana, &mut server, "Cat");
    assert!(between(&ana, &cats, &anas));
    assert!(!between(&eva, &cats, &evas) && !between(&ana, &anas, &evas), "no byte of it, nor that it was dealt with");
}

#[test]
fn where_nobody_is_left_to_tell_the_phone_says_so_and_writes_nothing() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    let (first, bens) = (send(&mut ana, &mut server, "I decide."), send(&mut ben, &mut server, "No."));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let asked = way(&mut ben, &mut server, &first["key"]);
    assert_eq!((named(&asked["to"]), &asked["aboutLeads"]), (vec![], &json!(true)));
    for (phone, key) in [(&mut ben, &first["key"]), (&mut ana, &bens["key"])] {
        let problem = phone.ask(&mut server, serde_json::from_value(report(key, "")).unwrap()).unwrap_err();
        assert_eq!(format!("{:?}", problem.why), "Some(NobodyToTell)");
    }
    assert_eq!(refused(&mut ben, &mut server, report(&bens["key"], "")), "not-allowed", "one's own");
    assert_eq!(refused(&mut ben, &mut server, report(&json!("nothing"), "")), "unknown-document");
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert!(reports(&mut ana, &mut server).is_empty() && reports(&mut ben, &mut server).is_empty());
}

#[test]
fn a_facilitator_whom_the_reporter_blocked_does_not_get_it_and_the_reporter_is_told() {
    let mut server = Server::new();
    let (mut ana, mut eva, mut ben, mut cat) = four(&mut server);
    let rash = send(&mut ben, &mut server, "You are all liars.");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    let evas = member(&mut cat, &mut server, "Eva");
    ask(&mut cat, &mut server, command("choose", json!({"choice": "blocked", "member": evas, "on": true})));
    let asked = way(&mut cat, &mut server, &rash["key"]);
    assert_eq!((named(&asked["to"]), &asked["blocked"]), (vec!["Ana".to_owned()], &json!(["Eva"])));
    tell(&mut cat, &mut server, &rash["key"], "");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    assert_eq!((reports(&mut ana, &mut server).len(), reports(&mut eva, &mut server).len()), (1, 0));
}

#[test]
fn a_report_that_is_asked_twice_or_made_on_two_phones_is_one() {
    let mut server = Server::new();
    let (mut ana, mut eva, mut ben, mut cat) = four(&mut server);
    let rash = send(&mut ben, &mut server, "You are all liars.");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    let cats = member(&mut cat, &mut server, "Cat");
    let mut second = another_phone(&mut server, &mut cat, (&cats, "Cat"), false, 9);
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat, &mut second], &mut server);
    (cat.online, second.online) = (false, false);
    let sent = tell(&mut cat, &mut server, &rash["key"], "It hurt.");
    assert_eq!(tell(&mut cat, &mut server, &rash["key"], "It hurt."), sent, "said once");
    tell(&mut second, &mut server, &rash["key"], "Twice this week.");
    (cat.online, second.online) = (true, true);
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat, &mut second], &mut server);
    let mut shown = Vec::new();
    for phone in [&mut ana, &mut eva, &mut cat, &mut second] {
        let got = reports(phone, &mut server);
        assert_eq!(got.len(), 1);
        let mut words = got[0]["words"].as_array().unwrap().clone();
        words.sort_by_key(ToString::to_string);
        assert_eq!((words, &got[0]["proof"]), (vec![json!("It hurt."), json!("Twice this week.")], &json!("proven")));
        shown.push(got[0]["key"].clone());
    }
    ask(&mut second, &mut server, command("takeBackReport", json!({"key": shown[3]})));
    ask(&mut second, &mut server, command("takeBackReport", json!({"key": shown[3]})));
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat, &mut second], &mut server);
    for phone in [&mut ana, &mut eva, &mut cat, &mut second] {
        assert!(reports(phone, &mut server).is_empty());
    }
}

#[test]
fn p19_a_report_that_is_taken_back_leaves_no_text_on_any_phone() {
    let mut server = Server::new();
    let (mut ana, mut eva, mut ben, mut cat) = four(&mut server);
    let rash = send(&mut ben, &mut server, "You are all liars.");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    tell(&mut cat, &mut server, &rash["key"], "It hurt.");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    let got = reports(&mut ana, &mut server).remove(0);
    let back = command("takeBackReport", json!({"key": got["key"]}));
    assert_eq!(refused(&mut ana, &mut server, back), "not-allowed", "only its reporter");
    let own = reports(&mut cat, &mut server).remove(0);
    let count = |server: &Server| {
        server.store.rows(kith_shared::storage::Tree::Bodies).filter(|(_, it)| !it.is_empty()).count()
    };
    let before = count(&server);
    ask(&mut cat, &mut server, command("takeBackReport", json!({"key": own["key"]})));
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    assert_eq!(before - count(&server), 4, "a report and its text, for each of two");
    let handle = command("handleReport", json!({"key": got["key"], "on": true}));
    assert_eq!(refused(&mut ana, &mut server, handle), "unknown-document");
    assert!(reports(&mut ana, &mut server).is_empty() && reports(&mut cat, &mut server).is_empty());
}

#[test]
fn what_was_hidden_or_taken_back_since_is_proven_all_the_same_and_says_so() {
    let mut server = Server::new();
    let (mut ana, mut eva, mut ben, mut cat) = four(&mut server);
    let rash = send(&mut ben, &mut server, "You are all liars.");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    (cat.online, ben.online) = (false, false);
    tell(&mut cat, &mut server, &rash["key"], "");
    ask(&mut ben, &mut server, command("takeBack", json!({"thread": THREAD, "key": rash["key"]})));
    ask(&mut ana, &mut server, command("hide", json!({"thread": THREAD, "key": rash["key"], "on": true})));
    (cat.online, ben.online) = (true, true);
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    for phone in [&mut ana, &mut eva, &mut cat] {
        let got = reports(phone, &mut server).remove(0);
        assert_eq!((&got["proof"], &got["gone"]), (&json!("proven"), &json!(true)));
        assert_eq!((&got["text"], &got["hidden"]["name"]), (&json!("You are all liars."), &json!("Ana")));
    }
    assert_eq!(refused(&mut eva, &mut server, report(&rash["key"], "")), "unknown-document", "nothing is left of it");
}

#[test]
fn that_a_report_is_dealt_with_is_seen_by_its_reporter_and_by_those_who_got_it() {
    let mut server = Server::new();
    let (mut ana, mut eva, mut ben, mut cat) = four(&mut server);
    let rash = send(&mut ben, &mut server, "You are all liars.");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    tell(&mut cat, &mut server, &rash["key"], "");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    let got = reports(&mut ana, &mut server).remove(0);
    assert_eq!(got["handled"], json!([]));
    let handle = |key: &Value, on: bool| command("handleReport", json!({"key": key, "on": on}));
    (ana.online, eva.online) = (false, false);
    ask(&mut ana, &mut server, handle(&got["key"], true));
    ask(&mut ana, &mut server, handle(&got["key"], true));
    let evas = reports(&mut eva, &mut server).remove(0);
    ask(&mut eva, &mut server, handle(&evas["key"], true));
    (ana.online, eva.online) = (true, true);
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    for phone in [&mut ana, &mut eva, &mut cat] {
        let mut by = named(&reports(phone, &mut server)[0]["handled"]);
        by.sort();
        assert_eq!(by, ["Ana", "Eva"]);
    }
    ask(&mut ana, &mut server, handle(&got["key"], false));
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    for phone in [&mut ana, &mut eva, &mut cat] {
        assert_eq!(named(&reports(phone, &mut server)[0]["handled"]), ["Eva"]);
    }
    let own = reports(&mut cat, &mut server).remove(0);
    assert_eq!(refused(&mut cat, &mut server, handle(&own["key"], true)), "not-allowed");
}

#[test]
fn who_leads_no_more_is_shown_no_report_and_who_came_since_can_be_told() {
    let mut server = Server::new();
    let (mut ana, mut eva, mut ben, mut cat) = four(&mut server);
    let rash = send(&mut ben, &mut server, "You are all liars.");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    tell(&mut cat, &mut server, &rash["key"], "It hurt.");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    later(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    role(&mut ana, &mut server, "demote", "Eva");
    let mut dan = invited(&mut server, &mut ana, 7, "Dan", true);
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat, &mut dan], &mut server);
    role(&mut ana, &mut server, "promote", "Dan");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat, &mut dan], &mut server);
    assert!(reports(&mut eva, &mut server).is_empty());
    let own = reports(&mut cat, &mut server).remove(0);
    let leads: Vec<_> =
        own["to"].as_array().unwrap().iter().map(|to| (to["name"].clone(), to["leads"].clone())).collect();
    assert!(leads.contains(&(json!("Eva"), json!(false))) && leads.contains(&(json!("Ana"), json!(true))));
    assert_eq!(named(&own["others"]), ["Dan"]);
    tell(&mut cat, &mut server, &rash["key"], "It hurt.");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat, &mut dan], &mut server);
    let got = reports(&mut dan, &mut server).remove(0);
    assert_eq!((&got["text"], &got["proof"]), (&json!("You are all liars."), &json!("proven")));
    assert_eq!(reports(&mut ana, &mut server).len(), 1);
}

#[test]
fn a_removed_facilitator_is_told_nothing_more_and_a_reporter_who_left_still_has_it_dealt_with() {
    let mut server = Server::new();
    let (mut ana, mut eva, mut ben, mut cat) = four(&mut server);
    let rash = send(&mut ben, &mut server, "You are all liars.");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    tell(&mut cat, &mut server, &rash["key"], "");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    let remove = |phone: &mut Phone, server: &mut Server, name: &str| {
        let member = member(phone, server, name);
        ask(phone, server, command("remove", json!({"member": member, "also": []})));
        sync(phone, server);
    };
    later(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    remove(&mut ana, &mut server, "Eva");
    let again = send(&mut ben, &mut server, "Still.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(named(&way(&mut cat, &mut server, &again["key"])["to"]), ["Ana"]);
    remove(&mut ana, &mut server, "Cat");
    settle(&mut [&mut ana, &mut ben], &mut server);
    let got = reports(&mut ana, &mut server).remove(0);
    assert_eq!((&got["proof"], &got["reporterName"]), (&json!("proven"), &json!("Cat")));
    ask(&mut ana, &mut server, command("handleReport", json!({"key": got["key"], "on": true})));
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(named(&reports(&mut ana, &mut server)[0]["handled"]), ["Ana"]);
}

#[test]
fn strategies_and_stories_are_reported_whole_and_a_long_text_in_parts() {
    let mut server = Server::new();
    let (mut ana, mut eva, mut ben, mut cat) = four(&mut server);
    let long = "ы".repeat(2_000);
    let message = send(&mut ben, &mut server, &long);
    let add = json!({"title": "Drink up", "text": "All of it.", "moments": [{"moment": "panic"}], "adaptedFrom": null});
    let strategy = ask(&mut ben, &mut server, command("addStrategy", add));
    let told = json!({"kind": "story", "title": "Mine", "text": "And not yours.", "endsMs": null});
    let story = ask(&mut ben, &mut server, command("addStory", json!({"told": told, "to": []})));
    let cats = member(&mut ben, &mut server, "Cat");
    let alone = json!({"kind": "story", "title": "For you", "text": "Only you.", "endsMs": null});
    let alone = ask(&mut ben, &mut server, command("addStory", json!({"told": alone, "to": [cats]})));
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    let why = "я".repeat(1_000);
    for key in [&message["key"], &strategy["key"], &story["key"], &alone["key"]] {
        tell(&mut cat, &mut server, key, &why);
    }
    assert_eq!(refused(&mut cat, &mut server, report(&message["key"], &"o".repeat(1_001))), "too-long");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    let got = reports(&mut eva, &mut server);
    let of = |key: &Value| got.iter().find(|one| one["of"] == *key).unwrap();
    for (key, kind, text, proof) in [
        (&message["key"], "message", &*long, "proven"),
        (&strategy["key"], "strategy", "Drink up\n\nAll of it.", "proven"),
        (&story["key"], "story", "Mine\n\nAnd not yours.", "proven"),
        (&alone["key"], "told", "For you\n\nOnly you.", "proven"),
    ] {
        let one = of(key);
        assert_eq!((&one["kind"], &one["text"], &one["proof"]), (&json!(kind), &json!(text), &json!(proof)));
        assert_eq!(one["words"], json!([why]));
    }
    ask(&mut eva, &mut server, command("hideStory", json!({"key": story["key"], "on": true})));
    let seen = |phone: &mut Phone, server: &mut Server| {
        let all = reports(phone, server);
        all.iter().find(|one| one["of"] == story["key"]).unwrap()["hidden"]["name"].clone()
    };
    assert_eq!(seen(&mut eva, &mut server), "Eva");
    settle(&mut [&mut ana, &mut eva], &mut server);
    assert_eq!(seen(&mut ana, &mut server), "Eva", "whoever else got it sees that it is hidden");
}

fn say(with: &str, text: &str) -> Value {
    command("send", json!({"thread": with, "text": text, "replyTo": null}))
}

#[test]
fn what_was_said_between_two_is_proven_by_the_entry_that_its_author_signed() {
    let mut server = Server::new();
    let (mut ana, mut eva, mut ben, mut cat) = four(&mut server);
    let (bens, cats) = (member(&mut cat, &mut server, "Ben"), member(&mut ben, &mut server, "Cat"));
    ask(&mut cat, &mut server, say(&bens, "Leave me alone."));
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    ben.online = false;
    let said: Vec<Value> =
        ["One.", "I know where you live.", "Three."].map(|text| ask(&mut ben, &mut server, say(&cats, text))).into();
    ben.online = true;
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    for one in &said[1..] {
        tell(&mut cat, &mut server, &one["key"], "");
    }
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    let got = reports(&mut ana, &mut server);
    let threat = got.iter().find(|one| one["of"] == said[1]["key"]).unwrap();
    assert_eq!((&threat["kind"], &threat["aboutName"]), (&json!("talk"), &json!("Ben")));
    assert_eq!((&threat["text"], &threat["thread"]), (&json!("I know where you live."), &Value::Null));
    assert!(got.iter().all(|one| one["proof"] == "proven"), "{got:?}");
    assert!(!contains(&bytes_of(&ana.store), b"Leave me alone"), "nothing else of what they said");
    assert!(!serde_json::to_string(&got).unwrap().contains("One."));
}

#[test]
fn what_was_said_between_two_with_an_entry_that_its_author_did_not_sign_proves_nothing() {
    use kith_shared::storage::{Batch, Tree};
    let mut server = Server::new();
    let (mut ana, mut eva, mut ben, mut cat) = four(&mut server);
    let cats = member(&mut ben, &mut server, "Cat");
    let said = ask(&mut ben, &mut server, say(&cats, "Good morning."));
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    // Cat's phone has another signature in its place.
    let log = cat.store.rows(Tree::DocumentLog);
    let signed =
        log.filter_map(|(key, value)| Some((key.to_vec(), kith_shared::sync::StoredEntry::decode(value).ok()?)));
    let signed: Vec<_> =
        signed.filter(|(_, entry)| entry.signature.is_some() && entry.document.pair().is_some()).collect();
    let mut batch = Batch::default();
    for (key, mut entry) in signed {
        if let Some(signature) = &mut entry.signature {
            signature.signature.0[5] ^= 1;
        }
        batch.put(Tree::DocumentLog, key, entry.encode());
    }
    cat.store.commit(batch);
    tell(&mut cat, &mut server, &said["key"], "Look what he said");
    settle(&mut [&mut ana, &mut eva, &mut ben, &mut cat], &mut server);
    let got = reports(&mut ana, &mut server).remove(0);
    assert_eq!((&got["text"], &got["proof"]), (&json!("Good morning."), &json!("unchecked")));
}
