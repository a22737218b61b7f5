//! A new session on a day whose session was moved away or hidden.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::support::people::{ask, invited, leader, refused, settle, sync};
use crate::support::{CIRCLE, Phone, START_MS, Server};
use serde_json::{Value, json};

const DAY: u64 = START_MS / (24 * 60 * 60 * 1_000);

fn command(day: u64, ordinal: u8, title: &str) -> Value {
    json!({"cmd": "createNote", "circle": CIRCLE.to_string(), "day": day, "ordinal": ordinal, "title": title})
}

fn create(phone: &mut Phone, server: &mut Server, title: &str) -> Value {
    ask(phone, server, command(DAY, 0, title))
}

fn edit(phone: &mut Phone, server: &mut Server, note: &Value, edit: Value) {
    ask(phone, server, json!({"cmd": "editNote", "document": note["document"], "edit": edit}));
}

fn move_to(phone: &mut Phone, server: &mut Server, note: &Value, day: u64) {
    edit(phone, server, note, json!({"edit": "day", "day": day}));
}

/// Hides a session that has no words yet but a title, which is taken away first.
fn hide(phone: &mut Phone, server: &mut Server, note: &Value) {
    edit(phone, server, note, json!({"edit": "field", "field": "title", "value": ""}));
    edit(phone, server, note, json!({"edit": "hide", "hidden": true}));
}

fn write(phone: &mut Phone, server: &mut Server, note: &Value, text: &str) {
    let open = ask(phone, server, json!({"cmd": "openNote", "document": note["document"]}));
    let ops = json!([{"op": "splice", "index": 0, "remove": 0, "text": text}]);
    edit(phone, server, note, json!({"edit": "body", "version": open["version"], "ops": ops}));
}

/// Day and title of the sessions that are listed.
fn listed(phone: &mut Phone, server: &mut Server) -> Vec<(u64, String)> {
    let notes = ask(phone, server, json!({"cmd": "notes", "circle": CIRCLE.to_string()}));
    let of = |note: &Value| (note["day"].as_u64().unwrap(), note["title"].as_str().unwrap().to_owned());
    let mut listed: Vec<_> = notes.as_array().unwrap().iter().map(of).collect();
    listed.sort();
    listed
}

fn listing(sessions: &[(u64, &str)]) -> Vec<(u64, String)> {
    sessions.iter().map(|(day, title)| (*day, (*title).to_owned())).collect()
}

#[test]
fn engine_where_a_session_was_moved_away_the_next_one_of_its_day_begins() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let first = create(&mut ana, &mut server, "Sleep");
    write(&mut ana, &mut server, &first, "We slept. ");
    move_to(&mut ana, &mut server, &first, DAY + 7);
    let second = create(&mut ana, &mut server, "Hope");
    assert_ne!(first["document"], second["document"]);
    assert_eq!((&second["day"], &second["ordinal"], &second["spans"]), (&json!(DAY), &json!(1), &json!([])));
    assert_eq!(listed(&mut ana, &mut server), listing(&[(DAY, "Hope"), (DAY + 7, "Sleep")]));
    let same = create(&mut ana, &mut server, "Hope again");
    assert_eq!((&same["document"], &same["title"]["value"]), (&second["document"], &json!("Hope")), "it is opened");
    move_to(&mut ana, &mut server, &first, DAY);
    let back = create(&mut ana, &mut server, "Any");
    assert_eq!(back["document"], first["document"], "what came back is the day's first again");
}

#[test]
fn engine_where_a_session_was_hidden_it_comes_back_under_the_new_title() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let first = create(&mut ana, &mut server, "Mistaken");
    hide(&mut ana, &mut server, &first);
    assert_eq!(listed(&mut ana, &mut server), listing(&[]));
    let back = create(&mut ana, &mut server, "Meant");
    assert_eq!((&back["document"], &back["title"]["value"]), (&first["document"], &json!("Meant")));
    settle(&mut [&mut ana, &mut ben], &mut server);
    for phone in [&mut ana, &mut ben] {
        assert_eq!(listed(phone, &mut server), listing(&[(DAY, "Meant")]));
    }
    let mut again = Phone::over(ana.store.clone(), 9);
    again.now = ana.now;
    again.drive(&mut server);
    assert_eq!(listed(&mut again, &mut server), listing(&[(DAY, "Meant")]));
}

#[test]
fn engine_where_the_first_was_moved_and_the_next_hidden_the_next_comes_back() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let first = create(&mut ana, &mut server, "First");
    move_to(&mut ana, &mut server, &first, DAY + 1);
    let second = create(&mut ana, &mut server, "Second");
    hide(&mut ana, &mut server, &second);
    let third = create(&mut ana, &mut server, "Third");
    assert_eq!((&third["document"], &third["title"]["value"]), (&second["document"], &json!("Third")));
    assert_eq!(listed(&mut ana, &mut server), listing(&[(DAY, "Third"), (DAY + 1, "First")]));
}

#[test]
fn engine_a_hidden_session_that_another_wrote_on_is_opened_with_their_words() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let first = create(&mut ana, &mut server, "Evening");
    settle(&mut [&mut ana, &mut ben], &mut server);
    ben.online = false;
    write(&mut ben, &mut server, &first, "Ruth came. ");
    hide(&mut ana, &mut server, &first);
    sync(&mut ana, &mut server);
    ben.online = true;
    settle(&mut [&mut ben, &mut ana], &mut server);
    let opened = create(&mut ana, &mut server, "Another");
    assert_eq!((&opened["document"], &opened["title"]["value"]), (&first["document"], &json!("")));
    assert!(opened["spans"].to_string().contains("Ruth came."));
}

#[test]
fn engine_a_day_whose_sessions_were_all_moved_says_that_there_are_too_many() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    for number in 0..16_u64 {
        let note = create(&mut ana, &mut server, &format!("Session {number}"));
        assert_eq!(note["ordinal"], number);
        move_to(&mut ana, &mut server, &note, DAY + 1 + number);
    }
    assert_eq!(refused(&mut ana, &mut server, command(DAY, 0, "One more")), "bad-input");
    assert_eq!(listed(&mut ana, &mut server).len(), 16, "and nothing was lost");
}

/// Whatever is moved, hidden and begun in whatever order: a session that was begun is listed on the day asked for, and
/// no words are lost with another.
#[test]
fn engine_what_is_begun_is_on_its_day_whatever_was_done_before() {
    for seed in 0..12_u64 {
        let pick = |salt: u64, of: u64| {
            let hash = kith_shared::ids::tagged_hash("pick", &[&seed.to_le_bytes(), &salt.to_le_bytes()]);
            u64::from(hash[0]) % of
        };
        let mut server = Server::new();
        let mut ana = leader(&mut server, 1);
        let mut notes: Vec<Value> = Vec::new();
        let mut written = Vec::new();
        for step in 0..14 {
            let title = format!("Session {step}");
            let note = create(&mut ana, &mut server, &title);
            assert_eq!(note["day"], DAY, "seed {seed}, step {step}");
            let on_the_day = listed(&mut ana, &mut server).iter().any(|(day, _)| *day == DAY);
            assert!(on_the_day, "seed {seed}, step {step}");
            notes.push(note.clone());
            if pick(step, 2) == 0 {
                let words = format!("words {step}. ");
                write(&mut ana, &mut server, &note, &words);
                written.push((note["document"].clone(), words));
            }
            let other = &notes[usize::try_from(pick(40 + step, notes.len() as u64)).unwrap()].clone();
            match pick(80 + step, 3) {
                0 => move_to(&mut ana, &mut server, other, DAY + pick(120 + step, 3)),
                1 if written.iter().all(|(document, _)| *document != other["document"]) => {
                    hide(&mut ana, &mut server, other);
                }
                _ => {}
            }
        }
        for (document, words) in written {
            let note = ask(&mut ana, &mut server, json!({"cmd": "openNote", "document": document}));
            let text: String =
                note["spans"].as_array().unwrap().iter().filter_map(|span| span["text"].as_str()).collect();
            assert!(text.contains(&words), "seed {seed}: {words} in {text}");
        }
    }
}
