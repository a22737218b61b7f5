//! Who is counted and offered for a session: whoever was in the circle on its day, by its chain.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::support::people::{ask, invited, leader, member, settle, sync};
use crate::support::{CIRCLE, Phone, START_MS, Server};
use kith_shared::time::TimestampMs;
use serde_json::{Value, json};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
const FIRST_DAY: u64 = START_MS / DAY_MS;

fn session(phone: &mut Phone, server: &mut Server, day: u64) -> Value {
    let circle = CIRCLE.to_string();
    ask(phone, server, json!({"cmd": "createNote", "circle": circle, "day": day, "ordinal": 0, "title": "Monday"}))
}

fn names(list: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    names
}

fn pass_days(phones: &mut [&mut Phone], server: &mut Server, days: u64) {
    for phone in phones.iter_mut() {
        phone.now = phone.now.plus_ms(days * DAY_MS);
    }
    server.now = server.now.plus_ms(days * DAY_MS);
}

fn remove(phone: &mut Phone, server: &mut Server, name: &str) {
    let out = member(phone, server, name);
    ask(phone, server, json!({"cmd": "remove", "circle": CIRCLE.to_string(), "member": out, "also": []}));
    sync(phone, server);
}

fn put_down(phone: &mut Phone, server: &mut Server, note: &Value, member: &Value, presence: &str) {
    let edit = json!({"edit": "attendance", "member": member, "presence": presence});
    ask(phone, server, json!({"cmd": "editNote", "document": note["document"], "edit": edit}));
}

fn opened(phone: &mut Phone, server: &mut Server, note: &Value) -> Value {
    ask(phone, server, json!({"cmd": "openNote", "document": note["document"]}))
}

/// Ana and Ben meet; ten days later Cleo has come and Ben has gone.
fn circle() -> (Server, Phone, Value) {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    let old = session(&mut ana, &mut server, FIRST_DAY);
    pass_days(&mut [&mut ana, &mut ben], &mut server, 10);
    let mut cleo = invited(&mut server, &mut ana, 3, "Cleo", true);
    settle(&mut [&mut ana, &mut cleo], &mut server);
    remove(&mut ana, &mut server, "Ben");
    (server, ana, old)
}

#[test]
fn engine_a_session_counts_whoever_was_in_on_its_day() {
    let (mut server, mut ana, old) = circle();
    let note = opened(&mut ana, &mut server, &old);
    assert_eq!((names(&note["attendance"]), names(&note["later"])), (vec!["Ana", "Ben"], vec!["Cleo"]));
    let between = session(&mut ana, &mut server, FIRST_DAY + 5);
    assert_eq!((names(&between["attendance"]), names(&between["later"])), (vec!["Ana", "Ben"], vec!["Cleo"]));
    let today = session(&mut ana, &mut server, FIRST_DAY + 10);
    assert_eq!((names(&today["attendance"]), names(&today["later"])), (vec!["Ana", "Cleo"], vec![]));
    let planned = session(&mut ana, &mut server, FIRST_DAY + 20);
    assert_eq!((names(&planned["attendance"]), names(&planned["later"])), (vec!["Ana", "Cleo"], vec![]));
}

#[test]
fn engine_of_a_day_before_the_circle_began_no_chain_tells() {
    let (mut server, mut ana, _) = circle();
    let before = session(&mut ana, &mut server, FIRST_DAY - 30);
    assert_eq!((names(&before["attendance"]), names(&before["later"])), (vec!["Ana", "Cleo"], vec![]));
}

#[test]
fn engine_whose_attendance_was_put_down_stays_counted() {
    let (mut server, mut ana, old) = circle();
    let cleo = opened(&mut ana, &mut server, &old)["later"][0]["member"].clone();
    put_down(&mut ana, &mut server, &old, &cleo, "late");
    let note = opened(&mut ana, &mut server, &old);
    assert_eq!((names(&note["attendance"]), names(&note["later"])), (vec!["Ana", "Ben", "Cleo"], vec![]));
    // Ben's record of a session stays to be seen where it is moved to a day on which he was out.
    let ben = note["attendance"].as_array().unwrap().iter().find(|one| one["name"] == "Ben").unwrap().clone();
    put_down(&mut ana, &mut server, &old, &ben["member"], "present");
    let moved = json!({"edit": "day", "day": FIRST_DAY + 10});
    ask(&mut ana, &mut server, json!({"cmd": "editNote", "document": old["document"], "edit": moved}));
    let note = opened(&mut ana, &mut server, &old);
    let shown = note["attendance"].as_array().unwrap().iter().find(|one| one["name"] == "Ben").unwrap();
    assert_eq!(shown["presence"], "present");
}

/// People come and go over some weeks: each session has whoever was in on its day, on every phone and after a restart.
#[test]
fn engine_every_session_of_a_circle_has_its_own_people() {
    for seed in 0..6_u8 {
        let pick = |salt: u8, of: u8| kith_shared::ids::tagged_hash("pick", &[&[seed, salt]])[0] % of;
        let mut server = Server::new();
        let mut ana = leader(&mut server, 1);
        let mut here = vec!["Ana".to_owned()];
        let mut model: Vec<(u64, Vec<String>)> = Vec::new();
        for step in 0..8_u8 {
            let day = server.now.0 / DAY_MS;
            let mut on_the_day = here.clone();
            if pick(step, 3) > 0 {
                let name = format!("P{step}");
                invited(&mut server, &mut ana, 10 + step, &name, true);
                on_the_day.push(name.clone());
                here.push(name);
            }
            settle(&mut [&mut ana], &mut server);
            if here.len() > 1 && pick(20 + step, 3) == 0 {
                let out = here.remove(1 + usize::from(pick(40 + step, 200)) % (here.len() - 1));
                remove(&mut ana, &mut server, &out);
            }
            on_the_day.sort();
            model.push((day, on_the_day));
            pass_days(&mut [&mut ana], &mut server, 1 + u64::from(pick(60 + step, 4)));
        }
        settle(&mut [&mut ana], &mut server);
        let mut again = Phone::over(ana.store.clone(), 9);
        again.now = TimestampMs(ana.now.0);
        again.drive(&mut server);
        for (day, people) in model {
            for phone in [&mut ana, &mut again] {
                let note = session(phone, &mut server, day);
                assert_eq!(names(&note["attendance"]), people, "seed {seed}, day {day}");
                let both = names(&note["attendance"]).into_iter().chain(names(&note["later"]));
                assert!(here.iter().all(|one| both.clone().any(|other| other == one)), "everyone can be put down");
            }
        }
    }
}
