//! The phone's engine and the server's hub, together.

use crate::support::{CIRCLE, Phone, Server};
use kith_shared::storage::Tree;

fn enrolled(server: &mut Server, seed: u8, token: u8, name: &str) -> Phone {
    let mut phone = Phone::new(seed);
    let token = format!("{token:02x}").repeat(16);
    phone.json(
        server,
        &format!(r#"{{"cmd":"enrol","link":"http://x/#/join?t={token}&c={CIRCLE}&n=Our%20circle","name":"{name}"}}"#),
    );
    phone.json(server, r#"{"cmd":"sync"}"#);
    phone
}

/// Somebody whom Ana's phone invites, with the past opened.
fn invited(server: &mut Server, ana: &mut Phone, seed: u8, name: &str) -> Phone {
    let invite = format!(r#"{{"cmd":"invite","circle":"{CIRCLE}","role":"member","past":true,"uses":5,"days":7}}"#);
    let invitation = ana.json(server, &invite);
    ana.json(server, r#"{"cmd":"sync"}"#);
    let mut phone = Phone::new(seed);
    let link = &invitation["link"];
    phone.json(server, &format!(r#"{{"cmd":"enrol","link":{link},"name":"{name}"}}"#));
    phone.json(server, r#"{"cmd":"sync"}"#);
    phone
}

#[test]
fn a_message_goes_from_one_phone_to_the_other() {
    let mut server = Server::new();
    let mut ana = enrolled(&mut server, 1, 1, "Ana");
    let mut ben = invited(&mut server, &mut ana, 2, "Ben");
    ana.online = false;
    let sent = ana.json(
        &mut server,
        &format!(
            r#"{{"cmd":"send","circle":"{CIRCLE}","thread":"0000000000000000","text":"I slept.","replyTo":null}}"#
        ),
    );
    assert_eq!(sent["safety"], "phone");
    ana.online = true;
    let status = ana.json(&mut server, r#"{"cmd":"sync"}"#);
    assert_eq!(status["unsentItems"], 0);
    ben.json(&mut server, r#"{"cmd":"sync"}"#);
    let open = format!(r#"{{"cmd":"openThread","circle":"{CIRCLE}","thread":"0000000000000000","limit":50}}"#);
    let thread = ben.json(&mut server, &open);
    assert_eq!(thread["messages"][0]["text"], "I slept.", "{thread}");
    assert_eq!(thread["messages"][0]["authorName"], "Ana");
    let thread = ana.json(&mut server, &open);
    assert_eq!(thread["messages"][0]["safety"], "safe");
    let circle = ben.json(&mut server, &format!(r#"{{"cmd":"circle","circle":"{CIRCLE}"}}"#));
    assert_eq!(circle["name"], "Our circle");
    assert_eq!(circle["members"].as_array().unwrap().len(), 2);
}

#[test]
fn two_phones_write_one_note_apart() {
    let mut server = Server::new();
    let mut ana = enrolled(&mut server, 1, 1, "Ana");
    let mut ben = invited(&mut server, &mut ana, 2, "Ben");
    let create = format!(r#"{{"cmd":"createNote","circle":"{CIRCLE}","day":20780,"ordinal":0,"title":"Monday"}}"#);
    let mut document = String::new();
    for (phone, text) in [(&mut ana, "Ana wrote. "), (&mut ben, "Ben wrote. ")] {
        phone.online = false;
        let note = phone.json(&mut server, &create);
        document = note["document"].as_str().unwrap().to_owned();
        let edit = format!(
            r#"{{"cmd":"editNote","document":"{document}","edit":{{"edit":"body","version":0,
            "ops":[{{"op":"splice","index":0,"remove":0,"text":"{text}"}}]}}}}"#
        );
        assert_eq!(phone.json(&mut server, &edit)["version"], 1);
        phone.online = true;
    }
    ana.json(&mut server, r#"{"cmd":"sync"}"#);
    ben.json(&mut server, r#"{"cmd":"sync"}"#);
    ana.json(&mut server, r#"{"cmd":"sync"}"#);
    let open = format!(r#"{{"cmd":"openNote","document":"{document}"}}"#);
    let (a, b) = (ana.json(&mut server, &open), ben.json(&mut server, &open));
    assert_eq!(a["spans"], b["spans"]);
    let text = a["spans"].to_string();
    assert!(text.contains("Ana wrote.") && text.contains("Ben wrote."), "{text}");
    assert_eq!(a["safety"], "safe");
    assert_eq!(b["safety"], "safe");
    let before = server.requests.len();
    ana.json(&mut server, r#"{"cmd":"sync"}"#);
    let in_sync = &server.requests[before..];
    assert!(in_sync.len() == 1 && in_sync[0].0 < 300 && in_sync[0].1 < 300, "{in_sync:?}");
}

#[test]
fn a_restarted_phone_has_what_was_typed() {
    let mut server = Server::new();
    let mut ana = enrolled(&mut server, 1, 1, "Ana");
    ana.online = false;
    let create = format!(r#"{{"cmd":"createNote","circle":"{CIRCLE}","day":20780,"ordinal":0,"title":""}}"#);
    let note = ana.json(&mut server, &create);
    let document = note["document"].as_str().unwrap();
    for (version, text) in ["one ", "two "].iter().enumerate() {
        let edit = format!(
            r#"{{"cmd":"editNote","document":"{document}","edit":{{"edit":"body","version":{version},
            "ops":[{{"op":"splice","index":{},"remove":0,"text":"{text}"}}]}}}}"#,
            version * 4
        );
        ana.json(&mut server, &edit);
    }
    let mut ana = Phone::over(ana.store, 9);
    let note = ana.json(&mut server, &format!(r#"{{"cmd":"openNote","document":"{document}"}}"#));
    assert_eq!(note["spans"][0]["text"], "one two ", "{note}");
    let status = ana.json(&mut server, r#"{"cmd":"sync"}"#);
    assert_eq!(status["unsentItems"], 0);
}

#[test]
fn an_edit_that_changes_nothing_is_done_with_and_the_phone_goes_on() {
    let mut server = Server::new();
    let mut ana = enrolled(&mut server, 1, 1, "Ana");
    let create = format!(r#"{{"cmd":"createNote","circle":"{CIRCLE}","day":20780,"ordinal":0,"title":""}}"#);
    let document = ana.json(&mut server, &create)["document"].as_str().unwrap().to_owned();
    let edit = format!(
        r#"{{"cmd":"editNote","document":"{document}","edit":{{"edit":"body","version":0,
        "ops":[{{"op":"splice","index":0,"remove":0,"text":""}}]}}}}"#
    );
    ana.json(&mut server, &edit);
    // Its draft was kept, and must be gone with the next commit: both now and when the phone starts with it.
    let mut again = Phone::over(ana.store.clone(), 9);
    for phone in [&mut ana, &mut again] {
        let status = phone.json(&mut server, r#"{"cmd":"sync"}"#);
        assert_eq!(status["unsentItems"], 0);
        assert_eq!(phone.store.rows(Tree::Drafts).count(), 0);
    }
}

#[test]
fn an_enrolment_whose_answer_was_lost_finds_the_same_member() {
    let mut server = Server::new();
    let mut ana = Phone::new(1);
    let link = format!(r#"{{"cmd":"enrol","link":"http://x/#/join?t={}&c={CIRCLE}","name":"Ana"}}"#, "02".repeat(16));
    ana.loses_answer = true;
    assert!(ana.ask(&mut server, serde_json::from_str(&link).unwrap()).is_err());
    let mut ana = Phone::over(ana.store, 9);
    ana.json(&mut server, &link);
    let circle = ana.json(&mut server, &format!(r#"{{"cmd":"circle","circle":"{CIRCLE}"}}"#));
    assert_eq!(circle["members"].as_array().unwrap().len(), 1, "{circle}");
}

#[test]
fn changes_that_were_set_aside_are_left_out_and_named() {
    let mut server = Server::new();
    let mut ana = enrolled(&mut server, 1, 1, "Ana");
    let create = format!(r#"{{"cmd":"createNote","circle":"{CIRCLE}","day":20780,"ordinal":0,"title":"Monday"}}"#);
    let document = ana.json(&mut server, &create)["document"].as_str().unwrap().to_owned();
    let mut batch = kith_shared::storage::Batch::default();
    let id: kith_shared::ids::DocumentId = document.parse().unwrap();
    batch.put(kith_shared::storage::Tree::Meta, [b"aside".as_slice(), id.as_bytes()].concat(), vec![0; 8]);
    ana.store.commit(batch);
    let mut ana = Phone::over(ana.store, 9);
    let note = ana.json(&mut server, &format!(r#"{{"cmd":"openNote","document":"{document}"}}"#));
    assert_eq!((&note["title"]["value"], &note["safety"]), (&"".into(), &"refused".into()), "{note}");
    let edit = format!(
        r#"{{"cmd":"editNote","document":"{document}","edit":{{"edit":"field","field":"title","value":"x"}}}}"#
    );
    let problem = ana.ask(&mut server, serde_json::from_str(&edit).unwrap()).unwrap_err();
    assert_eq!(problem.why, Some(kith_shared::client::Why::SetAside), "{problem:?}");
    let outbox = ana.json(&mut server, r#"{"cmd":"outbox"}"#);
    assert_eq!(outbox[0]["problem"]["code"], "refused", "{outbox}");
}

#[test]
fn the_first_message_of_a_conversation_appears_where_it_is_open() {
    let mut server = Server::new();
    let mut ana = enrolled(&mut server, 1, 1, "Ana");
    let mut ben = invited(&mut server, &mut ana, 2, "Ben");
    let thread = format!(r#""circle":"{CIRCLE}","thread":"0000000000000000""#);
    let empty = ben.json(&mut server, &format!(r#"{{"cmd":"openThread",{thread},"limit":50}}"#));
    assert_eq!(empty["messages"], serde_json::json!([]));
    ana.json(&mut server, &format!(r#"{{"cmd":"send",{thread},"text":"The very first","replyTo":null}}"#));
    ana.json(&mut server, r#"{"cmd":"sync"}"#);
    ben.notices.clear();
    ben.json(&mut server, r#"{"cmd":"sync"}"#);
    let told = serde_json::to_string(&ben.notices).unwrap();
    assert!(told.contains("The very first"), "{told}");
}
