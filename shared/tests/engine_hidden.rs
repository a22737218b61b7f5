//! What facilitators hide of what the circle's people wrote, through the engine and the real hub.
#![allow(clippy::unwrap_used, reason = "a test may stop where it is wrong")]

use crate::document_support::Dice;
use crate::support::people::{THREAD, ask, invited, leader, member, refused, send, settle, sync, texts};
use crate::support::{CIRCLE, Phone, Server};
use serde_json::{Value, json};

fn with(mut command: Value, more: Value) -> Value {
    command["circle"] = json!(CIRCLE.to_string());
    more.as_object().unwrap().iter().for_each(|(key, value)| command[key] = value.clone());
    command
}

fn hide(key: &Value, on: bool) -> Value {
    with(json!({"cmd": "hide", "thread": THREAD}), json!({"key": key, "on": on}))
}

fn hide_strategy(key: &Value, on: bool) -> Value {
    with(json!({"cmd": "hideStrategy"}), json!({"key": key, "on": on}))
}

fn messages(phone: &mut Phone, server: &mut Server) -> Vec<Value> {
    let open = with(json!({"cmd": "openThread"}), json!({"thread": THREAD, "limit": 50}));
    ask(phone, server, open)["messages"].as_array().unwrap().clone()
}

fn strategies(phone: &mut Phone, server: &mut Server) -> Vec<Value> {
    ask(phone, server, with(json!({"cmd": "toolkit"}), json!({}))).as_array().unwrap().clone()
}

fn listed(phone: &mut Phone, server: &mut Server) -> Value {
    let threads = ask(phone, server, with(json!({"cmd": "threads"}), json!({})));
    threads.as_array().unwrap().iter().find(|thread| thread["thread"] == THREAD).unwrap().clone()
}

/// Ana, a facilitator, with Ben and Cat.
fn three(server: &mut Server) -> (Phone, Phone, Phone) {
    let mut ana = leader(server, 1);
    let mut ben = invited(server, &mut ana, 2, "Ben", true);
    let mut cat = invited(server, &mut ana, 3, "Cat", true);
    settle(&mut [&mut ana, &mut ben, &mut cat], server);
    (ana, ben, cat)
}

#[test]
fn what_a_facilitator_hides_offline_says_so_to_all_and_its_author_and_they_read_it() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    send(&mut cat, &mut server, "Good morning.");
    let rash = send(&mut ben, &mut server, "You are all liars.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(listed(&mut cat, &mut server)["excerpt"], "You are all liars.");
    ana.online = false;
    cat.notices.clear();
    ask(&mut ana, &mut server, hide(&rash["key"], true));
    let own = messages(&mut ana, &mut server)[1].clone();
    assert_eq!((&own["text"], &own["hidden"]["name"]), (&json!("You are all liars."), &json!("Ana")));
    let at = own["hidden"]["atMs"].as_u64().unwrap();
    ana.online = true;
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let told = serde_json::to_string(&cat.notices).unwrap();
    assert!(told.contains(r#""body":"hidden""#) && !told.contains("liars"), "{told}");
    assert_eq!(texts(&mut cat, &mut server), ["Good morning.", "(hidden)"]);
    let seen = messages(&mut cat, &mut server)[1].clone();
    let by = member(&mut cat, &mut server, "Ana");
    assert_eq!(seen["hidden"], json!({"by": by, "name": "Ana", "atMs": at}));
    assert_eq!(texts(&mut ben, &mut server), ["Good morning.", "You are all liars."], "its author reads it");
    assert_eq!(messages(&mut ben, &mut server)[1]["hidden"]["name"], "Ana", "and that others do not");
    for phone in [&mut ana, &mut ben, &mut cat] {
        let shown = listed(phone, &mut server);
        assert_eq!((&shown["excerpt"], &shown["lastName"]), (&json!("Good morning."), &json!("Cat")), "{shown}");
    }
    ask(&mut ana, &mut server, hide(&rash["key"], false));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(texts(&mut cat, &mut server), ["Good morning.", "You are all liars."]);
    assert_eq!(messages(&mut cat, &mut server)[1]["hidden"], Value::Null);
}

#[test]
fn what_is_hidden_is_no_news_and_no_search_finds_it() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    let rash = send(&mut ben, &mut server, "You are all liars.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let ask_all = |phone: &mut Phone, server: &mut Server| {
        let news = ask(phone, server, with(json!({"cmd": "news"}), json!({})));
        let search = with(json!({"cmd": "search"}), json!({"words": "liars", "limit": 9}));
        // It is made ready by being asked, and until then finds less.
        let ready = (0..4).map(|_| ask(phone, server, search.clone())).find(|found| found["pending"] == 0);
        (news.to_string().contains("Ben"), !ready.unwrap()["hits"].as_array().unwrap().is_empty())
    };
    assert_eq!(ask_all(&mut cat, &mut server), (true, true));
    ask(&mut ana, &mut server, hide(&rash["key"], true));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(ask_all(&mut cat, &mut server), (false, false));
    assert!(!ask_all(&mut ana, &mut server).1, "not a facilitator's either");
}

#[test]
fn where_all_is_hidden_or_taken_back_the_list_says_so_and_what_is_hidden_can_be_taken_back() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    let rash = send(&mut ben, &mut server, "You are all liars.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    ask(&mut ana, &mut server, hide(&rash["key"], true));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    for phone in [&mut ana, &mut ben, &mut cat] {
        let shown = listed(phone, &mut server);
        assert_eq!((&shown["excerpt"], &shown["lastBody"]), (&json!(""), &json!("hidden")), "{shown}");
    }
    ask(&mut ben, &mut server, with(json!({"cmd": "takeBack"}), json!({"thread": THREAD, "key": rash["key"]})));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    for phone in [&mut ana, &mut ben, &mut cat] {
        let gone = messages(phone, &mut server)[0].clone();
        assert_eq!((&gone["body"], &gone["hidden"], &gone["text"]), (&json!("gone"), &Value::Null, &json!("")));
        assert_eq!(listed(phone, &mut server)["lastBody"], "gone");
    }
}

#[test]
fn a_strategy_is_hidden_with_all_it_says_and_shown_again() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    let add = json!({"title": "Drink up", "text": "All of it.", "moments": [{"moment": "panic"}], "adaptedFrom": null});
    let key = ask(&mut ben, &mut server, with(json!({"cmd": "addStrategy"}), add))["key"].clone();
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    ask(&mut ana, &mut server, hide_strategy(&key, true));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let seen = strategies(&mut cat, &mut server)[0].clone();
    assert_eq!((&seen["title"], &seen["text"], &seen["moments"]), (&json!(""), &json!(""), &json!([])), "{seen}");
    assert_eq!((&seen["body"], &seen["hidden"]["name"]), (&json!("hidden"), &json!("Ana")));
    for phone in [&mut ana, &mut ben] {
        let seen = strategies(phone, &mut server)[0].clone();
        assert_eq!((&seen["title"], &seen["hidden"]["name"]), (&json!("Drink up"), &json!("Ana")));
    }
    assert_eq!(refused(&mut ben, &mut server, hide_strategy(&key, false)), "not-allowed");
    assert_eq!(refused(&mut ana, &mut server, hide_strategy(&json!("nothing"), true)), "unknown-document");
    ask(&mut ana, &mut server, hide_strategy(&key, false));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(strategies(&mut cat, &mut server)[0]["title"], "Drink up");
}

fn hide_story(key: &Value, on: bool) -> Value {
    with(json!({"cmd": "hideStory"}), json!({"key": key, "on": on}))
}

fn stories(phone: &mut Phone, server: &mut Server) -> Vec<Value> {
    ask(phone, server, with(json!({"cmd": "stories"}), json!({}))).as_array().unwrap().clone()
}

#[test]
fn a_story_is_hidden_from_all_but_its_author_and_facilitators_found_by_nobody_and_shown_again() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    let told = json!({"kind": "story", "title": "The river", "text": "A heron.", "endsMs": null});
    let key =
        ask(&mut ben, &mut server, with(json!({"cmd": "addStory"}), json!({"told": told, "to": []})))["key"].clone();
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let found = |phone: &mut Phone, server: &mut Server| {
        let search = with(json!({"cmd": "search"}), json!({"words": "heron", "limit": 9}));
        let ready = (0..4).map(|_| ask(phone, server, search.clone())).find(|found| found["pending"] == 0);
        ready.unwrap()["hits"].as_array().unwrap().len()
    };
    assert_eq!(found(&mut cat, &mut server), 1);
    assert_eq!(refused(&mut cat, &mut server, hide_story(&key, true)), "not-allowed");
    assert_eq!(refused(&mut ana, &mut server, hide_story(&json!("nothing"), true)), "unknown-document");
    ana.online = false;
    ask(&mut ana, &mut server, hide_story(&key, true));
    ana.online = true;
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let seen = stories(&mut cat, &mut server)[0].clone();
    assert_eq!((&seen["told"], &seen["body"]), (&Value::Null, &json!("hidden")), "{seen}");
    assert_eq!((&seen["hidden"]["name"], &seen["authorName"]), (&json!("Ana"), &json!("Ben")));
    for phone in [&mut ana, &mut ben] {
        let seen = stories(phone, &mut server)[0].clone();
        assert_eq!((&seen["told"]["title"], &seen["hidden"]["name"]), (&json!("The river"), &json!("Ana")), "{seen}");
    }
    for phone in [&mut ana, &mut ben, &mut cat] {
        assert_eq!(found(phone, &mut server), 0);
    }
    ask(&mut ana, &mut server, hide_story(&key, false));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let seen = stories(&mut cat, &mut server)[0].clone();
    assert_eq!((&seen["told"]["title"], &seen["hidden"]), (&json!("The river"), &Value::Null));
    ask(&mut ana, &mut server, hide_story(&key, true));
    ask(&mut ben, &mut server, with(json!({"cmd": "endStory"}), json!({"key": key})));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert!(stories(&mut ana, &mut server).is_empty(), "its author ends it all the same");
}

#[test]
fn what_chosen_people_are_told_is_hidden_by_nobody() {
    let mut server = Server::new();
    let (mut ana, mut ben, _) = three(&mut server);
    let anas = member(&mut ben, &mut server, "Ana");
    let told = json!({"kind": "milestone", "day": ben.now.day().0, "text": "A month"});
    let tell = with(json!({"cmd": "addStory"}), json!({"told": told, "to": [anas]}));
    let key = ask(&mut ben, &mut server, tell)["key"].clone();
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(stories(&mut ana, &mut server)[0]["told"]["text"], "A month");
    assert_eq!(refused(&mut ana, &mut server, hide_story(&key, true)), "unknown-document");
}

#[test]
fn only_facilitators_hide_and_nothing_between_two() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    let said = send(&mut cat, &mut server, "Good morning.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    for on in [true, false] {
        assert_eq!(refused(&mut ben, &mut server, hide(&said["key"], on)), "not-allowed");
    }
    assert_eq!(refused(&mut ana, &mut server, hide(&json!("nothing"), true)), "unknown-document");
    let bens = member(&mut ana, &mut server, "Ben");
    let own = with(json!({"cmd": "send"}), json!({"thread": bens, "text": "To you alone.", "replyTo": null}));
    let own = ask(&mut ana, &mut server, own);
    let between = with(hide(&own["key"], true), json!({"thread": bens}));
    assert_eq!(refused(&mut ana, &mut server, between), "bad-input");
    assert_eq!(texts(&mut ben, &mut server), ["Good morning."]);
}

#[test]
fn whoever_is_made_a_facilitator_reads_what_is_hidden_and_shows_it_again() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    let said = send(&mut cat, &mut server, "Good morning.");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    ask(&mut ana, &mut server, hide(&said["key"], true));
    let bens = member(&mut ana, &mut server, "Ben");
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(texts(&mut ben, &mut server), ["(hidden)"]);
    ask(&mut ana, &mut server, with(json!({"cmd": "promote"}), json!({"member": bens})));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(texts(&mut ben, &mut server), ["Good morning."]);
    ask(&mut ben, &mut server, hide(&said["key"], false));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(
        (texts(&mut ana, &mut server), messages(&mut cat, &mut server)[0]["hidden"].clone()),
        (vec!["Good morning.".to_owned()], Value::Null)
    );
}

#[test]
fn whoever_led_when_they_hid_something_and_leads_no_more_hides_nothing_and_loses_no_words() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    let said = send(&mut cat, &mut server, "Good morning.");
    let bens = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, with(json!({"cmd": "promote"}), json!({"member": bens})));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let day = 3 * 24 * 60 * 60 * 1_000;
    for phone in [&mut ana, &mut ben, &mut cat] {
        phone.now = phone.now.plus_ms(day);
        server.now = server.now.max(phone.now);
    }
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    ben.online = false;
    send(&mut ben, &mut server, "Before.");
    ask(&mut ben, &mut server, hide(&said["key"], true));
    send(&mut ben, &mut server, "After.");
    ask(&mut ana, &mut server, with(json!({"cmd": "demote"}), json!({"member": bens})));
    settle(&mut [&mut ana, &mut cat], &mut server);
    ben.online = true;
    settle(&mut [&mut ben, &mut ana, &mut cat], &mut server);
    settle(&mut [&mut ben, &mut ana, &mut cat], &mut server);
    for phone in [&mut ana, &mut ben, &mut cat] {
        assert_eq!(texts(phone, &mut server), ["Good morning.", "Before.", "After."]);
        assert_eq!(messages(phone, &mut server)[0]["hidden"], Value::Null);
    }
    assert_eq!(ask(&mut ben, &mut server, json!({"cmd": "outbox"})), json!([]));
    let people = ask(&mut ben, &mut server, with(json!({"cmd": "people"}), json!({})));
    assert_eq!(people["returned"][0]["what"], "led", "and is told");
}

#[test]
fn whoever_led_when_they_wrote_the_circles_page_and_leads_no_more_goes_on_syncing_and_is_told_what_was_not_taken() {
    let mut server = Server::new();
    let (mut ana, mut ben, mut cat) = three(&mut server);
    let bens = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, with(json!({"cmd": "promote"}), json!({"member": bens})));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let day = 3 * 24 * 60 * 60 * 1_000;
    for phone in [&mut ana, &mut ben, &mut cat] {
        phone.now = phone.now.plus_ms(day);
        server.now = server.now.max(phone.now);
    }
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let line = |text: &str| with(json!({"cmd": "addAgreementLine"}), json!({"text": text}));
    ask(&mut ana, &mut server, line("We listen."));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    ben.online = false;
    let shown = ask(&mut ben, &mut server, line("We pay."));
    ask(
        &mut ben,
        &mut server,
        with(json!({"cmd": "setAgreementLine"}), json!({"item": shown["lines"][0]["item"], "text": "No."})),
    );
    ask(&mut ben, &mut server, with(json!({"cmd": "createThread"}), json!({"title": "Nights"})));
    ask(&mut ben, &mut server, with(json!({"cmd": "rename"}), json!({"name": "Benjamin"})));
    send(&mut ben, &mut server, "Hello.");
    ask(&mut ana, &mut server, with(json!({"cmd": "demote"}), json!({"member": bens})));
    settle(&mut [&mut ana, &mut cat], &mut server);
    ben.online = true;
    for _ in 0..2 {
        settle(&mut [&mut ben, &mut ana, &mut cat], &mut server);
    }
    for phone in [&mut ana, &mut ben, &mut cat] {
        let circle = ask(phone, &mut server, with(json!({"cmd": "circle"}), json!({})));
        let lines: Vec<&str> =
            circle["lines"].as_array().unwrap().iter().filter_map(|it| it["text"].as_str()).collect();
        assert_eq!(lines, ["We listen."]);
        let names: Vec<&str> =
            circle["members"].as_array().unwrap().iter().filter_map(|it| it["name"].as_str()).collect();
        assert!(names.contains(&"Benjamin"), "what anybody may write came through: {names:?}");
        assert_eq!(texts(phone, &mut server), ["Hello."]);
    }
    assert_eq!(ask(&mut ben, &mut server, json!({"cmd": "outbox"})), json!([]));
    let people = ask(&mut ben, &mut server, with(json!({"cmd": "people"}), json!({})));
    let told = people["returned"].as_array().unwrap().clone();
    assert_eq!((told.len(), &told[0]["what"], &told[0]["why"]), (1, &json!("led"), &json!("author-out")), "{told:?}");
    let dismissed = with(json!({"cmd": "dismiss"}), json!({"statement": told[0]["statement"]}));
    assert_eq!(ask(&mut ben, &mut server, dismissed)["returned"], json!([]));
    // What they write from now on is taken as ever.
    ask(&mut ben, &mut server, with(json!({"cmd": "rename"}), json!({"name": "Ben"})));
    settle(&mut [&mut ben, &mut ana], &mut server);
    let circle = ask(&mut ana, &mut server, with(json!({"cmd": "circle"}), json!({})));
    assert!(!circle["members"].to_string().contains("Benjamin"));
}

/// Four phones, two of them facilitators', that do what they do in any order and meet the server now and then.
#[test]
fn forty_orders_of_hiding_showing_and_taking_back_end_in_one_state_through_the_hub() {
    let mut server = Server::new();
    let (mut ana, mut ben, cat) = three(&mut server);
    let bens = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, with(json!({"cmd": "promote"}), json!({"member": bens})));
    let dan = invited(&mut server, &mut ana, 4, "Dan", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let mut phones = [ana, ben, cat, dan];
    let keys: Vec<Value> =
        (0..40).map(|at| send(&mut phones[at % 4], &mut server, &format!("Word {at}"))["key"].clone()).collect();
    settle(&mut phones.each_mut(), &mut server);
    let mut dice = Dice(5);
    for _ in 0..160 {
        let (me, at) = (dice.roll(4), dice.roll(40));
        let key = &keys[at];
        let take_back = with(json!({"cmd": "takeBack"}), json!({"thread": THREAD, "key": key}));
        let react = json!({"thread": THREAD, "key": key, "kind": "thanks", "on": dice.roll(2) == 0});
        let command = match dice.roll(4) {
            0 | 1 if me < 2 => hide(key, dice.roll(2) == 0),
            2 if at % 4 == me => take_back,
            _ => with(json!({"cmd": "react"}), react),
        };
        ask(&mut phones[me], &mut server, command);
        if dice.roll(5) == 0 {
            sync(&mut phones[dice.roll(4)], &mut server);
        }
    }
    settle(&mut phones.each_mut(), &mut server);
    let facts = |phone: &mut Phone, server: &mut Server| -> Vec<(Value, bool, Value)> {
        let shown = messages(phone, server);
        shown.iter().map(|it| (it["key"].clone(), it["body"] == "gone", it["hidden"].clone())).collect()
    };
    let first = facts(&mut phones[0], &mut server);
    let is = |of: &dyn Fn(&(Value, bool, Value)) -> bool| first.iter().filter(|it| of(it)).count();
    assert!(is(&|it| it.1) > 3 && is(&|it| !it.2.is_null()) > 3, "{first:?}");
    for phone in &mut phones {
        assert_eq!(facts(phone, &mut server), first);
    }
}
