//! Stories and milestones, through the engine and the real hub: told to the circle, ended, over by themselves.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{another_phone, ask, bytes_of, contains, invited, leader, member, refused, settle, sync};
use crate::support::{CIRCLE, Phone, Server};
use serde_json::{Value, json};

const DAY_MS: u64 = 86_400_000;

fn stories(phone: &mut Phone, server: &mut Server) -> Vec<Value> {
    let shown = ask(phone, server, json!({"cmd": "stories", "circle": CIRCLE.to_string()}));
    shown.as_array().unwrap().clone()
}

fn tell(told: Value) -> Value {
    json!({"cmd": "addStory", "circle": CIRCLE.to_string(), "told": told, "to": []})
}

fn tell_to(told: Value, to: &[&str]) -> Value {
    let mut command = told;
    command["to"] = json!(to);
    command
}

fn story(title: &str, text: &str, ends_ms: Option<u64>) -> Value {
    tell(json!({"kind": "story", "title": title, "text": text, "endsMs": ends_ms}))
}

fn end(key: &Value) -> Value {
    json!({"cmd": "endStory", "circle": CIRCLE.to_string(), "key": key})
}

fn titles(phone: &mut Phone, server: &mut Server) -> Vec<String> {
    let all = stories(phone, server).into_iter();
    all.map(|one| one["told"]["title"].as_str().unwrap_or("-").to_owned()).collect()
}

fn two() -> (Server, Phone, Phone) {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    (server, ana, ben)
}

/// The same phone, started anew some time later.
fn reopened(phone: Phone, later_ms: u64) -> Phone {
    let now = phone.now.0 + later_ms;
    let mut again = Phone::over(phone.store, 9);
    again.now.0 = now;
    again
}

#[test]
fn a_story_is_told_with_no_network_shown_to_everybody_and_sealed_on_the_server() {
    let (mut server, mut ana, mut ben) = two();
    assert!(stories(&mut ana, &mut server).is_empty());
    ben.online = false;
    let told = ask(&mut ben, &mut server, story(" The river ", " I went back to the heron. ", None));
    let said = json!({"kind": "story", "title": "The river", "text": "I went back to the heron.", "endsMs": null});
    assert_eq!((&told["told"], &told["mine"], &told["safety"]), (&said, &json!(true), &json!("phone")));
    ben.online = true;
    settle(&mut [&mut ana, &mut ben], &mut server);
    let shown = stories(&mut ana, &mut server).remove(0);
    assert_eq!((&shown["told"], &shown["mine"], &shown["authorName"]), (&said, &json!(false), &json!("Ben")));
    assert_eq!(shown["body"], "here");
    assert!(!contains(&bytes_of(&server.store), b"heron"));
    let react = json!({"cmd": "reactToStory", "circle": CIRCLE.to_string(), "key": shown["key"], "kind": "withYou",
        "on": true});
    ask(&mut ana, &mut server, react);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let shown = stories(&mut ben, &mut server).remove(0);
    assert_eq!(shown["reactions"], json!([{"kind": "withYou", "names": ["Ana"], "mine": false}]));
    assert_eq!(shown["safety"], "safe");
}

#[test]
fn p19_a_story_that_its_author_ends_is_nowhere_any_more() {
    let (mut server, mut ana, mut ben) = two();
    let told = ask(&mut ben, &mut server, story("The river", "The heron was there.", None));
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(titles(&mut ana, &mut server), ["The river"]);
    assert_eq!(refused(&mut ana, &mut server, end(&told["key"])), "not-allowed", "not even by a facilitator");
    ask(&mut ben, &mut server, end(&told["key"]));
    settle(&mut [&mut ana, &mut ben], &mut server);
    for phone in [&mut ana, &mut ben] {
        assert!(stories(phone, &mut server).is_empty());
    }
    assert_eq!(refused(&mut ben, &mut server, end(&json!("nothing"))), "unknown-document");
    ask(&mut ben, &mut server, end(&told["key"]));
}

#[test]
fn p19_a_story_is_shown_to_nobody_from_its_end_on_and_taken_back_at_its_authors_next_opening() {
    let (mut server, mut ana, mut ben) = two();
    let ends = ben.now.0 + DAY_MS;
    ask(&mut ben, &mut server, story("For a day", "The heron was there.", Some(ends)));
    ask(&mut ben, &mut server, story("To stay", "The bench.", None));
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(titles(&mut ana, &mut server), ["To stay", "For a day"]);
    ana.online = false;
    ana.now.0 = ends - 1;
    assert_eq!(titles(&mut ana, &mut server), ["To stay", "For a day"]);
    ana.now.0 = ends;
    assert_eq!(titles(&mut ana, &mut server), ["To stay"], "with no network, and before its author's phone is on");
    ana.online = true;
    let before = server.store.clone();
    let mut ben = reopened(ben, 2 * DAY_MS);
    ana.now = ben.now;
    sync(&mut ben, &mut server);
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(titles(&mut ben, &mut server), ["To stay"]);
    let bodies = |store: &kith_shared::storage::MemoryStore| {
        let all = kith_shared::storage::Read::Range {
            tree: kith_shared::storage::Tree::Bodies,
            from: vec![],
            to: vec![],
            rows_max: usize::MAX,
            bytes_max: usize::MAX,
            reverse: false,
        };
        let rows = store.read(&[all]).remove(0).rows();
        rows.into_iter().filter(|(_, value)| !value.is_empty()).count()
    };
    assert_eq!(bodies(&server.store) + 1, bodies(&before), "its sealed text is gone from the server");
    for phone in [&ana, &ben] {
        assert!(!contains(&bytes_of(&phone.store), b"heron"));
    }
    let outbox = ask(&mut ben, &mut server, json!({"cmd": "outbox"}));
    assert_eq!(outbox, json!([]), "once, and no more");
}

#[test]
fn whoever_told_nothing_takes_back_nothing_and_whoever_is_out_tries_nothing() {
    let (mut server, mut ana, mut ben) = two();
    let ends = ben.now.0 + DAY_MS;
    ask(&mut ben, &mut server, story("For a day", "The heron.", Some(ends)));
    ask(&mut ben, &mut server, story("To stay", "The bench.", None));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let his = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": his}));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let (mut ana, mut ben) = (reopened(ana, 2 * DAY_MS), reopened(ben, 2 * DAY_MS));
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert_eq!(
        titles(&mut ana, &mut server),
        ["To stay"],
        "of whoever was taken out, too, nothing is shown past its end"
    );
    assert_eq!(stories(&mut ana, &mut server)[0]["left"], true);
    assert_eq!(ask(&mut ana, &mut server, json!({"cmd": "outbox"})), json!([]));
    assert_eq!(ask(&mut ben, &mut server, json!({"cmd": "outbox"})), json!([]));
    assert_eq!(titles(&mut ben, &mut server), ["To stay"], "they read on what they have");
}

#[test]
fn an_old_state_of_a_phone_brings_no_ended_story_back() {
    let (mut server, mut ana, mut ben) = two();
    let told = ask(&mut ben, &mut server, story("The river", "The heron.", None));
    let ends = ben.now.0 + DAY_MS;
    ask(&mut ben, &mut server, story("For a day", "The tide.", Some(ends)));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let (old, old_own) = (ana.store.clone(), ben.store.clone());
    ask(&mut ben, &mut server, end(&told["key"]));
    settle(&mut [&mut ana, &mut ben], &mut server);
    for (store, later_ms) in [(old, 0), (old_own, 2 * DAY_MS)] {
        let mut replayed = Phone::over(store, 8);
        replayed.now.0 = ana.now.0 + later_ms;
        (ana.now, ben.now) = (replayed.now, replayed.now);
        settle(&mut [&mut ana, &mut ben, &mut replayed], &mut server);
        let expected: &[&str] = if later_ms == 0 { &["For a day"] } else { &[] };
        for phone in [&mut ana, &mut ben, &mut replayed] {
            assert_eq!(titles(phone, &mut server), expected);
        }
    }
}

#[test]
fn another_phone_of_its_author_ends_a_story_and_takes_back_what_is_over() {
    let (mut server, mut ana, mut ben) = two();
    let his = member(&mut ana, &mut server, "Ben");
    let ends = ben.now.0 + DAY_MS;
    ask(&mut ben, &mut server, story("For a day", "The heron.", Some(ends)));
    let told = ask(&mut ben, &mut server, story("To stay", "The bench.", None));
    sync(&mut ben, &mut server);
    let mut tablet = another_phone(&mut server, &mut ben, (&his, "Ben"), false, 7);
    settle(&mut [&mut ana, &mut ben, &mut tablet], &mut server);
    ask(&mut tablet, &mut server, end(&told["key"]));
    settle(&mut [&mut ana, &mut ben, &mut tablet], &mut server);
    assert_eq!(titles(&mut ana, &mut server), ["For a day"]);
    ask(&mut tablet, &mut server, story("From the tablet", "The tide.", None));
    settle(&mut [&mut ana, &mut ben, &mut tablet], &mut server);
    let mut tablet = reopened(tablet, 2 * DAY_MS);
    (ana.now, ben.now) = (tablet.now, tablet.now);
    settle(&mut [&mut ana, &mut ben, &mut tablet], &mut server);
    assert_eq!(titles(&mut ana, &mut server), ["From the tablet"]);
}

#[test]
fn a_milestone_has_a_day_that_is_not_still_to_come_and_stays_until_it_is_taken_back() {
    let (mut server, mut ana, mut ben) = two();
    let today = u32::try_from(ben.now.0 / DAY_MS).unwrap();
    let milestone = |day: u32, text: &str| tell(json!({"kind": "milestone", "day": day, "text": text}));
    assert_eq!(refused(&mut ben, &mut server, milestone(today + 2, "Ahead")), "bad-input");
    assert_eq!(refused(&mut ben, &mut server, milestone(1, "Long ago")), "bad-input");
    assert_eq!(refused(&mut ben, &mut server, milestone(today, " \u{200b}")), "empty");
    let told = ask(&mut ben, &mut server, milestone(today - 300, "I called my sister."));
    settle(&mut [&mut ana, &mut ben], &mut server);
    let shown = stories(&mut ana, &mut server).remove(0);
    assert_eq!(shown["told"], json!({"kind": "milestone", "day": today - 300, "text": "I called my sister."}));
    ask(&mut ben, &mut server, end(&told["key"]));
    settle(&mut [&mut ana, &mut ben], &mut server);
    assert!(stories(&mut ana, &mut server).is_empty());
}

#[test]
fn what_cannot_be_told_is_refused_and_leaves_nothing() {
    let (mut server, _, mut ben) = two();
    let now = ben.now.0;
    for (command, code) in [
        (story("", "text", None), "empty"),
        (story("title", "\u{200b}", None), "empty"),
        (story("The river", "I went", Some(now)), "bad-input"),
        (story("The river", "I went", Some(0)), "bad-input"),
        (story("The river", "I went", Some((1 << 53) - 1)), "bad-input"),
        (story("two\nlines", "I went", None), "bad-input"),
        (story(&"o".repeat(61), "I went", None), "too-long"),
        (story("o", &"o".repeat(3_901), None), "too-long"),
        (story("o", &"語".repeat(1_333), None), "too-long"),
        (story(&"語".repeat(1_333), "o", None), "too-long"),
    ] {
        assert_eq!(refused(&mut ben, &mut server, command), code);
    }
    assert!(stories(&mut ben, &mut server).is_empty());
    assert_eq!(ask(&mut ben, &mut server, json!({"cmd": "outbox"})), json!([]));
    for sign in ["o", "я", "語", "😀", "क\u{94d}षि", "\u{202e}ا"] {
        let title = sign.repeat(20);
        let room = (3_980 - title.len()) / sign.len();
        let text = sign.repeat(room.min(3_900));
        let told = ask(&mut ben, &mut server, story(&title, &text, None));
        assert_eq!(told["told"]["text"], json!(text), "{sign}");
    }
}

fn three() -> (Server, Phone, Phone, Phone) {
    let (mut server, mut ana, mut ben) = two();
    let mut cat = invited(&mut server, &mut ana, 3, "Cat", true);
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    (server, ana, ben, cat)
}

#[test]
fn a_story_for_chosen_people_is_given_to_them_alone_and_is_one_on_its_authors_screen() {
    let (mut server, mut ana, mut ben, mut cat) = three();
    let mut dan = invited(&mut server, &mut ana, 4, "Dan", true);
    settle(&mut [&mut ana, &mut ben, &mut cat, &mut dan], &mut server);
    let people = ["Ana", "Cat"].map(|name| member(&mut ben, &mut server, name));
    let to: Vec<&str> = people.iter().map(String::as_str).collect();
    ben.online = false;
    let told = ask(&mut ben, &mut server, tell_to(story("The river", "The heron was there.", None), &to));
    let mut names: Vec<&str> = told["to"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!((names, &told["everyone"]), (vec!["Ana", "Cat"], &json!(false)));
    ben.online = true;
    settle(&mut [&mut ana, &mut ben, &mut cat, &mut dan], &mut server);
    for phone in [&mut ana, &mut cat] {
        let shown = stories(phone, &mut server);
        assert_eq!(shown.len(), 1);
        assert_eq!(
            (&shown[0]["everyone"], &shown[0]["to"], &shown[0]["authorName"]),
            (&json!(false), &json!([]), &json!("Ben"))
        );
    }
    assert!(stories(&mut dan, &mut server).is_empty());
    assert!(!contains(&bytes_of(&dan.store), b"heron"));
    assert_eq!(stories(&mut ben, &mut server).len(), 1);
    let theirs = stories(&mut cat, &mut server)[0]["key"].clone();
    let react =
        json!({"cmd": "reactToStory", "circle": CIRCLE.to_string(), "key": theirs, "kind": "relate", "on": true});
    ask(&mut cat, &mut server, react);
    assert_eq!(refused(&mut cat, &mut server, end(&theirs)), "not-allowed");
    let key = stories(&mut ben, &mut server)[0]["key"].clone();
    ask(&mut ben, &mut server, end(&key));
    settle(&mut [&mut ana, &mut ben, &mut cat, &mut dan], &mut server);
    for phone in [&mut ana, &mut ben, &mut cat] {
        assert!(stories(phone, &mut server).is_empty(), "every copy is taken back");
    }
}

#[test]
fn p19_copies_are_over_with_their_story_and_taken_back_at_its_authors_next_opening() {
    let (mut server, mut ana, mut ben, mut cat) = three();
    let people = ["Ana", "Cat"].map(|name| member(&mut ben, &mut server, name));
    let to: Vec<&str> = people.iter().map(String::as_str).collect();
    let ends = ben.now.0 + DAY_MS;
    ask(&mut ben, &mut server, tell_to(story("For a day", "The heron was there.", Some(ends)), &to));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(titles(&mut cat, &mut server), ["For a day"]);
    cat.online = false;
    cat.now.0 = ends;
    assert!(stories(&mut cat, &mut server).is_empty());
    cat.online = true;
    let mut ben = reopened(ben, 2 * DAY_MS);
    (ana.now, cat.now) = (ben.now, ben.now);
    sync(&mut ben, &mut server);
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    for phone in [&mut ana, &mut ben, &mut cat] {
        assert!(stories(phone, &mut server).is_empty());
        let shown = ask(phone, &mut server, json!({"cmd": "outbox"}));
        assert_eq!(shown, json!([]));
    }
    let key = {
        ben.online = false;
        ask(&mut ben, &mut server, tell_to(story("Again", "The heron.", None), &to[..1]))["key"].clone()
    };
    ask(&mut ben, &mut server, end(&key));
    ask(&mut ben, &mut server, end(&key));
    assert!(stories(&mut ben, &mut server).is_empty());
}

#[test]
fn nobody_chooses_themself_or_whoever_is_out_or_blocked_and_of_the_blocked_nothing_is_shown() {
    let (mut server, mut ana, mut ben, mut cat) = three();
    let [hers, his, cats] = ["Ana", "Ben", "Cat"].map(|name| member(&mut ben, &mut server, name));
    let told = |to: &[&str]| tell_to(story("The river", "The heron.", None), to);
    assert_eq!(refused(&mut ben, &mut server, told(&[&his])), "bad-input");
    ask(&mut cat, &mut server, tell_to(story("From Cat", "The tide.", None), &[&his]));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(titles(&mut ben, &mut server), ["From Cat"]);
    let choose =
        json!({"cmd": "choose", "circle": CIRCLE.to_string(), "choice": "blocked", "member": cats, "on": true});
    ask(&mut ben, &mut server, choose);
    assert!(stories(&mut ben, &mut server).is_empty());
    assert_eq!(refused(&mut ben, &mut server, told(&[&hers, &cats])), "not-allowed");
    let many: Vec<String> = (0..33).map(|number| format!("{number:032x}")).collect();
    assert_eq!(refused(&mut ben, &mut server, told(&many.iter().map(String::as_str).collect::<Vec<_>>())), "bad-input");
    ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": cats}));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!(refused(&mut ana, &mut server, told(&[&cats])), "not-allowed");
    assert!(stories(&mut ben, &mut server).is_empty(), "nothing is written by halves");
    assert_eq!(ask(&mut ana, &mut server, json!({"cmd": "outbox"})), json!([]));
}

#[test]
fn a_search_finds_what_several_people_were_told_once_and_as_what_it_is() {
    let (mut server, mut ana, mut ben, mut cat) = three();
    let people = ["Ben", "Cat"].map(|name| member(&mut ana, &mut server, name));
    let people = people.each_ref().map(String::as_str);
    let told = ask(&mut ana, &mut server, tell_to(story("The river", "A heron.", None), &people));
    let milestone = json!({"kind": "milestone", "day": ana.now.day().0, "text": "A heron, again."});
    ask(&mut ana, &mut server, tell_to(tell(milestone), &people[..1]));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    let found = |phone: &mut Phone, server: &mut Server| {
        let search = json!({"cmd": "search", "circle": CIRCLE.to_string(), "words": "heron", "limit": 9});
        let ready = (0..4).map(|_| ask(phone, server, search.clone())).find(|found| found["pending"] == 0);
        let hits = ready.unwrap()["hits"].as_array().unwrap().clone();
        assert!(hits.iter().all(|hit| hit["kind"] == "story"), "{hits:?}");
        hits
    };
    assert_eq!(found(&mut ana, &mut server).len(), 2);
    assert_eq!((found(&mut ben, &mut server).len(), found(&mut cat, &mut server).len()), (2, 1));
    let listed: Vec<Value> = stories(&mut ana, &mut server).iter().map(|one| one["key"].clone()).collect();
    assert!(found(&mut ana, &mut server).iter().all(|hit| listed.contains(&hit["key"])), "each opens at itself");
    ask(&mut ana, &mut server, end(&told["key"]));
    settle(&mut [&mut ana, &mut ben, &mut cat], &mut server);
    assert_eq!((found(&mut ana, &mut server).len(), found(&mut cat, &mut server).len()), (1, 0));
}
