//! P27: a phone that was put back to an older state takes back what it lacks of its own and writes on; a copied one
//! does too, and its person is told.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{THREAD, ask, invited, leader, member, send, settle, sync, texts};
use crate::support::{CIRCLE, Phone, Server};
use serde_json::{Value, json};

fn circle() -> String {
    CIRCLE.to_string()
}

/// Ana, and Ben who has said something.
fn two(server: &mut Server) -> (Phone, Phone) {
    let mut ana = leader(server, 1);
    let mut ben = invited(server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], server);
    send(&mut ben, server, "first");
    settle(&mut [&mut ana, &mut ben], server);
    (ana, ben)
}

/// A phone that starts over what another holds now.
fn copy(phone: &Phone, seed: u8) -> Phone {
    let mut copy = Phone::over(phone.store.clone(), seed);
    copy.now = phone.now;
    copy
}

/// The same, and not online yet.
fn offline(phone: &Phone, seed: u8) -> Phone {
    let mut copy = copy(phone, seed);
    copy.online = false;
    copy
}

fn online(phone: &mut Phone, server: &mut Server) {
    phone.online = true;
    phone.now = phone.now.max(server.now).plus_ms(61_000);
    server.now = server.now.max(phone.now);
    sync(phone, server);
}

fn outbox(phone: &mut Phone, server: &mut Server) -> Value {
    ask(phone, server, json!({"cmd": "outbox"}))
}

fn is_empty(outbox: &Value) -> bool {
    outbox.as_array().unwrap().is_empty()
}

fn resumed(phone: &mut Phone, server: &mut Server) -> Value {
    ask(phone, server, json!({"cmd": "status"}))["resumed"].clone()
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

/// All show these texts, each once, whatever their order, and nothing waits or was refused.
fn all_show(phones: &mut [&mut Phone], server: &mut Server, wanted: &[&str]) {
    let wanted = sorted(wanted.iter().map(|text| (*text).to_owned()).collect());
    for (at, phone) in phones.iter_mut().enumerate() {
        let restarted = texts(&mut copy(phone, 90), server);
        assert_eq!(sorted(restarted), wanted, "phone {at}, started anew");
        assert_eq!(sorted(texts(phone, server)), wanted, "phone {at}");
        let outbox = outbox(phone, server);
        assert!(is_empty(&outbox), "phone {at}: {outbox}");
    }
}

#[test]
fn p27_a_phone_that_was_put_back_takes_back_what_it_wrote_since_and_speaks_again() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let file = copy(&ben, 3).store;
    send(&mut ben, &mut server, "since");
    sync(&mut ben, &mut server);
    let mut back = Phone::over(file, 4);
    online(&mut back, &mut server);
    assert_eq!(texts(&mut back, &mut server), ["first", "since"]);
    assert_eq!(resumed(&mut back, &mut server), "putBack");
    send(&mut back, &mut server, "again");
    sync(&mut back, &mut server);
    settle(&mut [&mut ana, &mut back], &mut server);
    all_show(&mut [&mut ana, &mut back], &mut server, &["first", "since", "again"]);
    assert_eq!(server.refusals, [], "nothing was tried in vain");
}

#[test]
fn p27_what_a_phone_wrote_before_it_heard_that_it_was_put_back_arrives_once() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let mut back = offline(&ben, 3);
    for text in ["since", "and since"] {
        send(&mut ben, &mut server, text);
        sync(&mut ben, &mut server);
    }
    for text in ["on the copy", "on the copy too", "and more"] {
        send(&mut back, &mut server, text);
    }
    online(&mut back, &mut server);
    settle(&mut [&mut ana, &mut back], &mut server);
    let all = ["first", "since", "and since", "on the copy", "on the copy too", "and more"];
    all_show(&mut [&mut ana, &mut back], &mut server, &all);
}

#[test]
fn p27_a_phone_is_put_back_as_often_as_it_likes() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let mut all = vec!["first".to_owned()];
    for round in 0..9 {
        let mut back = offline(&ben, 10 + round);
        for text in [format!("{round}: since"), format!("{round}: on the copy")] {
            let phone = if text.ends_with("since") { &mut ben } else { &mut back };
            send(phone, &mut server, &text);
            all.push(text);
        }
        sync(&mut ben, &mut server);
        online(&mut back, &mut server);
        ben = back;
    }
    settle(&mut [&mut ana, &mut ben], &mut server);
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    all_show(&mut [&mut ana, &mut ben], &mut server, &all);
}

#[test]
fn p27_two_phones_that_go_on_as_one_both_speak_and_their_person_is_told() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let mut other = copy(&ben, 3);
    let mut all = vec!["first".to_owned()];
    for round in 0..6 {
        for (phone, name) in [(&mut ben, "one"), (&mut other, "other")] {
            phone.online = false;
            all.push(format!("{name} {round}"));
            send(phone, &mut server, &format!("{name} {round}"));
        }
        online(&mut other, &mut server);
        online(&mut ben, &mut server);
    }
    settle(&mut [&mut ana, &mut ben, &mut other], &mut server);
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    all_show(&mut [&mut ana, &mut ben, &mut other], &mut server, &all);
    for phone in [&mut ben, &mut other] {
        assert_eq!(resumed(phone, &mut server), "copied");
        ask(phone, &mut server, json!({"cmd": "resumedRead"}));
        assert_eq!(resumed(phone, &mut server), Value::Null, "it is said once");
        assert_eq!(resumed(&mut copy(phone, 91), &mut server), Value::Null);
    }
}

#[test]
fn p27_answers_that_are_lost_on_the_way_make_nothing_come_twice() {
    for lost in 0..5 {
        let mut server = Server::new();
        let (mut ana, mut ben) = two(&mut server);
        let mut back = offline(&ben, 3);
        send(&mut ben, &mut server, "since");
        sync(&mut ben, &mut server);
        send(&mut back, &mut server, "on the copy");
        for _ in 0..lost {
            back.loses_answer = true;
            online(&mut back, &mut server);
            back = copy(&back, 5);
            send(&mut back, &mut server, "and on");
        }
        online(&mut back, &mut server);
        settle(&mut [&mut ana, &mut back], &mut server);
        let mut all = vec!["first", "since", "on the copy"];
        all.extend(core::iter::repeat_n("and on", lost));
        all_show(&mut [&mut ana, &mut back], &mut server, &all);
    }
}

#[test]
fn p27_what_was_on_its_way_when_the_phone_was_copied_comes_once() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    ben.online = false;
    send(&mut ben, &mut server, "written before");
    let mut back = offline(&ben, 3);
    ben.online = true;
    sync(&mut ben, &mut server);
    send(&mut ben, &mut server, "since");
    sync(&mut ben, &mut server);
    send(&mut back, &mut server, "on the copy");
    online(&mut back, &mut server);
    settle(&mut [&mut ana, &mut back], &mut server);
    all_show(&mut [&mut ana, &mut back], &mut server, &["first", "written before", "since", "on the copy"]);
}

fn open_sealed(phone: &mut Phone, server: &mut Server) -> Value {
    let day = 20_780;
    let open = json!({"cmd": "openSealed", "circle": circle(), "kind": "facilitatorNote", "member": null, "day": day});
    ask(phone, server, open)
}

fn type_into(phone: &mut Phone, server: &mut Server, note: &Value, text: &str) {
    let ops = json!([{"op": "splice", "index": 0, "remove": 0, "text": text}]);
    let edit = json!({"edit": "body", "version": note["version"], "ops": ops});
    ask(phone, server, json!({"cmd": "editNote", "document": note["document"], "edit": edit}));
    ask(phone, server, json!({"cmd": "flush"}));
}

#[test]
fn p27_a_sealed_note_keeps_what_both_wrote() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let id = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, json!({"cmd": "promote", "circle": circle(), "member": id}));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let note = open_sealed(&mut ben, &mut server);
    type_into(&mut ben, &mut server, &note, "Before. ");
    settle(&mut [&mut ana, &mut ben], &mut server);
    let mut back = offline(&ben, 3);
    let note = open_sealed(&mut ben, &mut server);
    type_into(&mut ben, &mut server, &note, "Since. ");
    sync(&mut ben, &mut server);
    for text in ["Copied. ", "Twice. "] {
        let note = open_sealed(&mut back, &mut server);
        type_into(&mut back, &mut server, &note, text);
    }
    online(&mut back, &mut server);
    online(&mut back, &mut server);
    online(&mut ben, &mut server);
    for phone in [&mut ben, &mut back] {
        let spans = open_sealed(&mut copy(phone, 92), &mut server)["spans"].to_string();
        for text in ["Before. ", "Since. ", "Copied. ", "Twice. "] {
            assert_eq!(spans.matches(text).count(), 1, "{text} in {spans}");
        }
        assert!(is_empty(&outbox(phone, &mut server)));
    }
}

#[test]
fn p27_a_note_keeps_words_items_and_values_of_both() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let create = json!({"cmd": "createNote", "circle": circle(), "day": 20_780, "ordinal": 0, "title": "Monday"});
    let note = ask(&mut ben, &mut server, create);
    type_into(&mut ben, &mut server, &note, "Before. ");
    settle(&mut [&mut ana, &mut ben], &mut server);
    let document = note["document"].clone();
    let open =
        |phone: &mut Phone, server: &mut Server| ask(phone, server, json!({"cmd": "openNote", "document": document}));
    let edit = |phone: &mut Phone, server: &mut Server, edit: Value| {
        ask(phone, server, json!({"cmd": "editNote", "document": document, "edit": edit}));
        ask(phone, server, json!({"cmd": "flush"}));
    };
    let mut back = offline(&ben, 3);
    for (phone, word) in [(&mut ben, "Since"), (&mut back, "Copied")] {
        let note = open(phone, &mut server);
        type_into(phone, &mut server, &note, &format!("{word}. "));
        edit(phone, &mut server, json!({"edit": "agendaAdd", "text": word}));
        let item = open(phone, &mut server)["agenda"][0]["item"].clone();
        edit(phone, &mut server, json!({"edit": "agendaSet", "item": item, "text": format!("{word}!"), "done": true}));
        let block = json!([{"op": "block", "index": 0, "block": {"kind": "bullet", "level": 0, "checked": false}}]);
        let version = open(phone, &mut server)["version"].clone();
        edit(phone, &mut server, json!({"edit": "body", "version": version, "ops": block}));
    }
    sync(&mut ben, &mut server);
    online(&mut back, &mut server);
    settle(&mut [&mut ana, &mut back, &mut ben], &mut server);
    let mut shown = Vec::new();
    for phone in [&mut ana, &mut back, &mut ben] {
        let note = open(&mut copy(phone, 92), &mut server);
        let spans = note["spans"].to_string();
        for text in ["Before. ", "Since. ", "Copied. "] {
            assert_eq!(spans.matches(text).count(), 1, "{text} in {spans}");
        }
        let agenda = note["agenda"].as_array().unwrap();
        let items: Vec<&str> = agenda.iter().map(|item| item["text"].as_str().unwrap()).collect();
        assert_eq!(sorted(items.iter().map(|it| (*it).to_owned()).collect()), ["Copied!", "Since!"]);
        assert!(agenda.iter().all(|item| item["done"] == true), "{agenda:?}");
        assert!(is_empty(&outbox(phone, &mut server)));
        shown.push((note["spans"].clone(), note["agenda"].clone()));
    }
    assert!(shown.windows(2).all(|two| two[0] == two[1]), "{shown:?}");
}

/// Ben's phone is copied while a word is a draft. What each phone then writes, and whether the draft is from before.
fn draft_goes_on(since: &[Value], copied: &[Value], has_draft: bool) -> String {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let create = json!({"cmd": "createNote", "circle": circle(), "day": 20_780, "ordinal": 0, "title": "Monday"});
    let document = ask(&mut ben, &mut server, create)["document"].clone();
    settle(&mut [&mut ana, &mut ben], &mut server);
    let edit = |phone: &mut Phone, server: &mut Server, edit: &Value| {
        let note = ask(phone, server, json!({"cmd": "openNote", "document": document}));
        let mut edit = edit.clone();
        if edit["edit"] == "body" {
            edit["version"] = note["version"].clone();
        }
        ask(phone, server, json!({"cmd": "editNote", "document": document, "edit": edit}));
    };
    ben.online = false;
    if has_draft {
        edit(&mut ben, &mut server, &typed("draft "));
    }
    let mut back = offline(&ben, 3);
    since.iter().for_each(|it| edit(&mut ben, &mut server, it));
    copied.iter().for_each(|it| edit(&mut back, &mut server, it));
    online(&mut ben, &mut server);
    online(&mut back, &mut server);
    settle(&mut [&mut ana, &mut back, &mut ben], &mut server);
    let note = ask(&mut ana, &mut server, json!({"cmd": "openNote", "document": document}));
    note["spans"].as_array().unwrap().iter().filter_map(|span| span["text"].as_str()).collect()
}

fn typed(text: &str) -> Value {
    json!({"edit": "body", "ops": [{"op": "splice", "index": 0, "remove": 0, "text": text}]})
}

fn words(text: &str) -> Vec<String> {
    sorted(text.split_whitespace().map(str::to_owned).collect())
}

#[test]
fn p27_a_draft_that_a_copy_has_too_comes_once_whatever_each_wrote_after_it() {
    let title = json!({"edit": "field", "field": "title", "value": "Tuesday"});
    let item = json!({"edit": "agendaAdd", "text": "Nights"});
    let since = [vec![], vec![title.clone()], vec![typed("since ")], vec![item.clone(), typed("since ")]];
    let copied = [vec![], vec![item], vec![typed("copied ")], vec![typed("copied "), title]];
    for since in &since {
        for copied in &copied {
            let mut wanted = vec!["draft"];
            wanted.extend(since.contains(&typed("since ")).then_some("since"));
            wanted.extend(copied.contains(&typed("copied ")).then_some("copied"));
            wanted.sort_unstable();
            assert_eq!(words(&draft_goes_on(since, copied, true)), wanted, "{since:?} and {copied:?}");
        }
    }
}

#[test]
fn p27_words_of_two_phones_that_begin_alike_stay_whole() {
    for (one, other) in [("Tuesday ", "Tusk "), ("Tues ", "Tuesday "), (" <19> ", " <27> "), ("we go ", "we come ")] {
        let text = words(&draft_goes_on(&[typed(one)], &[typed(other)], false));
        for word in one.split_whitespace().chain(other.split_whitespace()) {
            assert!(text.iter().any(|it| it == word), "{word} in {text:?}");
        }
    }
}

#[test]
fn p27_names_reactions_replies_and_what_was_taken_back_come_along() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let said = send(&mut ana, &mut server, "of Ana");
    settle(&mut [&mut ana, &mut ben], &mut server);
    let react = |phone: &mut Phone, server: &mut Server, key: &Value, kind: &str| {
        let react = json!({"cmd": "react", "circle": circle(), "thread": THREAD, "key": key, "kind": kind, "on": true});
        ask(phone, server, react);
    };
    let mut back = offline(&ben, 3);
    send(&mut ben, &mut server, "since");
    sync(&mut ben, &mut server);
    let own = send(&mut back, &mut server, "on the copy");
    react(&mut back, &mut server, &said["key"], "thanks");
    react(&mut back, &mut server, &own["key"], "strength");
    let reply = json!({
        "cmd": "send", "circle": circle(), "thread": THREAD, "text": "in answer to myself", "replyTo": own["key"]
    });
    ask(&mut back, &mut server, reply);
    let rash = send(&mut back, &mut server, "rash words");
    let take = json!({"cmd": "takeBack", "circle": circle(), "thread": THREAD, "key": rash["key"]});
    ask(&mut back, &mut server, take);
    ask(&mut back, &mut server, json!({"cmd": "rename", "circle": circle(), "name": "Benjamin"}));
    online(&mut back, &mut server);
    settle(&mut [&mut ana, &mut back], &mut server);
    all_show(
        &mut [&mut ana, &mut back],
        &mut server,
        &["first", "of Ana", "since", "on the copy", "in answer to myself", "(gone)"],
    );
    let open = json!({"cmd": "openThread", "circle": circle(), "thread": THREAD, "limit": 50});
    let thread = ask(&mut ana, &mut server, open);
    let named = |text: &str| {
        let messages = thread["messages"].as_array().unwrap();
        messages.iter().find(|message| message["text"] == text).unwrap().clone()
    };
    assert_eq!(named("in answer to myself")["replyTo"], named("on the copy")["key"]);
    assert_eq!(named("of Ana")["reactions"][0]["names"], json!(["Benjamin"]));
    assert_eq!(named("on the copy")["reactions"][0]["kind"], "strength");
    assert!(!crate::support::people::contains(&crate::support::people::bytes_of(&back.store), b"rash words"));
}

#[test]
fn p27_a_page_that_is_open_is_told_what_went_and_what_came() {
    let mut server = Server::new();
    let (_, mut ben) = two(&mut server);
    let mut back = offline(&ben, 3);
    texts(&mut back, &mut server);
    send(&mut ben, &mut server, "since");
    sync(&mut ben, &mut server);
    let said = send(&mut back, &mut server, "on the copy");
    back.notices.clear();
    online(&mut back, &mut server);
    let shown_before = |message: &Value, text: &str| (message["key"].as_str().unwrap().to_owned(), text.to_owned());
    let mut shown = vec![shown_before(&said, "on the copy")];
    for notice in &back.notices {
        let notice = serde_json::to_value(notice).unwrap();
        if notice["notice"] != "messages" {
            continue;
        }
        for key in notice["gone"].as_array().unwrap() {
            shown.retain(|(of, _)| of != key.as_str().unwrap());
        }
        for message in notice["messages"].as_array().unwrap() {
            let text = |field: &str| message[field].as_str().unwrap().to_owned();
            shown.retain(|(of, _)| *of != text("key"));
            shown.push((text("key"), text("text")));
        }
    }
    let shown = sorted(shown.into_iter().map(|(_, text)| text).collect());
    assert_eq!(shown, ["first", "on the copy", "since"], "the first is told anew, as safe");
}

#[test]
fn p27_statements_of_a_phone_that_was_put_back_reuse_no_number() {
    let mut server = Server::new();
    let (mut ana, mut ben) = two(&mut server);
    let invite = |phone: &mut Phone, server: &mut Server| {
        let invite = json!({"cmd": "invite", "circle": circle(), "role": "member", "past": true, "uses": 1, "days": 7});
        ask(phone, server, invite)
    };
    let mut back = offline(&ana, 3);
    invite(&mut ana, &mut server);
    sync(&mut ana, &mut server);
    let link = invite(&mut back, &mut server);
    online(&mut back, &mut server);
    settle(&mut [&mut back, &mut ben], &mut server);
    let people = ask(&mut back, &mut server, json!({"cmd": "people", "circle": circle()}));
    assert_eq!(people["returned"], json!([]), "nothing was refused");
    let mut cleo = Phone::new(7);
    cleo.now = back.now;
    ask(&mut cleo, &mut server, json!({"cmd": "enrol", "link": link["link"], "name": "Cleo"}));
    sync(&mut cleo, &mut server);
    settle(&mut [&mut back, &mut ben, &mut cleo], &mut server);
    all_show(&mut [&mut back, &mut ben, &mut cleo], &mut server, &["first"]);
}
