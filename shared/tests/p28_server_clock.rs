//! P28: a server whose clock was off for a while, while people said things: nothing of it stays.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::support::people::{THREAD, ask, leader, people, sync};
use crate::support::{CIRCLE, Phone, Server};
use kith_shared::time::TimestampMs;
use serde_json::{Value, json};

const HOUR_MS: u64 = 60 * 60 * 1_000;
const DAY_MS: u64 = 24 * HOUR_MS;

fn link(phone: &mut Phone, server: &mut Server) -> Value {
    let circle = CIRCLE.to_string();
    let invite = json!({"cmd": "invite", "circle": circle, "role": "member", "past": true, "uses": 3, "days": 7});
    let link = ask(phone, server, invite)["link"].clone();
    sync(phone, server);
    link
}

/// Somebody comes in by a link; their phone's clock agrees with the server's.
fn comes_in(server: &mut Server, link: &Value, seed: u8, name: &str) -> Phone {
    let mut phone = Phone::new(seed);
    phone.now = server.now;
    ask(&mut phone, server, json!({"cmd": "enrol", "link": link, "name": name}));
    sync(&mut phone, server);
    phone
}

fn pass(phones: &mut [&mut Phone], server: &mut Server, ms: u64) {
    server.now = server.now.plus_ms(ms);
    for phone in phones.iter_mut() {
        phone.now = phone.now.plus_ms(ms);
        sync(phone, server);
    }
}

fn times(phone: &mut Phone, server: &mut Server) -> Vec<u64> {
    let people = people(phone, server);
    people["events"].as_array().unwrap().iter().map(|event| event["timeMs"].as_u64().unwrap()).collect()
}

#[test]
fn p28_a_server_whose_clock_was_off_lets_people_in_again_and_shows_sane_times() {
    let off = [HOUR_MS, 2 * DAY_MS, 5 * 365 * DAY_MS].map(|ms| ms as i64);
    for off_ms in off.into_iter().chain([-(HOUR_MS as i64), -(2 * DAY_MS as i64)]) {
        let mut server = Server::new();
        let mut ana = leader(&mut server, 1);
        let before = link(&mut ana, &mut server);
        let right = server.now;
        server.now = TimestampMs(right.0.saturating_add_signed(off_ms));
        pass(&mut [&mut ana], &mut server, 0);
        pass(&mut [&mut ana], &mut server, 0);
        let meanwhile = link(&mut ana, &mut server);
        let mut ben = comes_in(&mut server, &meanwhile, 2, "Ben");
        server.now = right.plus_ms(HOUR_MS / 2);
        (ana.now, ben.now) = (server.now, server.now);
        for _ in 0..3 {
            pass(&mut [&mut ana, &mut ben], &mut server, 61_000);
        }
        assert!(times(&mut ana, &mut server).iter().all(|time| *time <= server.now.0), "{off_ms}: hidden until then");
        let mut cleo = comes_in(&mut server, &before, 3, "Cleo");
        let mut dan = comes_in(&mut server, &meanwhile, 4, "Dan");
        let after = link(&mut ana, &mut server);
        let mut eve = comes_in(&mut server, &after, 5, "Eve");
        for _ in 0..3 {
            pass(&mut [&mut ana, &mut ben, &mut cleo, &mut dan, &mut eve], &mut server, 61_000);
        }
        let of_ana = times(&mut ana, &mut server);
        assert!(of_ana.is_sorted_by(|newer, older| newer >= older), "{off_ms}: {of_ana:?}");
        assert!(of_ana.iter().all(|time| *time > 0 && *time <= server.now.0), "{off_ms}: {of_ana:?}");
        for phone in [&mut ben, &mut cleo, &mut dan, &mut eve] {
            assert_eq!(times(phone, &mut server), of_ana, "{off_ms}");
            let circles = ask(phone, &mut server, json!({"cmd": "circles"}));
            assert_eq!((&circles[0]["warning"], &circles[0]["members"]), (&Value::Null, &json!(5)), "{off_ms}");
        }
        let mut again = Phone::over(eve.store.clone(), 9);
        again.now = eve.now;
        again.drive(&mut server);
        assert_eq!(times(&mut again, &mut server), of_ana, "and after a restart");
    }
}

fn say(phone: &mut Phone, server: &mut Server, text: &str) {
    let circle = CIRCLE.to_string();
    ask(phone, server, json!({"cmd": "send", "circle": circle, "thread": THREAD, "text": text, "replyTo": null}));
    sync(phone, server);
}

/// What a phone shows of the circle's thread, and whether any of it is dated in a time to come.
fn said(phone: &mut Phone, server: &mut Server) -> (Vec<String>, bool) {
    let open = json!({"cmd": "openThread", "circle": CIRCLE.to_string(), "thread": THREAD, "limit": 50});
    let thread = ask(phone, server, open);
    let messages = thread["messages"].as_array().unwrap();
    let texts = messages.iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect();
    let latest = messages.iter().filter_map(|message| message["sentMs"].as_u64()).max();
    (texts, latest.is_some_and(|at| at > server.now.0 + 60_000))
}

#[test]
fn p28_what_was_written_while_the_servers_clock_was_ahead_stands_before_what_came_after() {
    for off_ms in [HOUR_MS, 2 * DAY_MS, 5 * 365 * DAY_MS] {
        let mut server = Server::new();
        let mut ana = leader(&mut server, 1);
        let before = link(&mut ana, &mut server);
        let mut ben = comes_in(&mut server, &before, 2, "Ben");
        for _ in 0..2 {
            pass(&mut [&mut ana, &mut ben], &mut server, 61_000);
        }
        say(&mut ana, &mut server, "First");
        let right = server.now;
        server.now = right.plus_ms(off_ms);
        for text in ["Second", "Third"] {
            pass(&mut [&mut ana, &mut ben], &mut server, 1_000);
            pass(&mut [&mut ana, &mut ben], &mut server, 1_000);
            say(&mut ana, &mut server, text);
        }
        pass(&mut [&mut ana, &mut ben], &mut server, 61_000);
        server.now = right.plus_ms(10 * 60_000);
        (ana.now, ben.now) = (server.now, server.now);
        for _ in 0..2 {
            pass(&mut [&mut ana, &mut ben], &mut server, 61_000);
            ask(&mut ben, &mut server, json!({"cmd": "threads", "circle": CIRCLE.to_string()}));
            ask(&mut ana, &mut server, json!({"cmd": "threads", "circle": CIRCLE.to_string()}));
        }
        say(&mut ben, &mut server, "Fourth");
        for _ in 0..2 {
            pass(&mut [&mut ana, &mut ben], &mut server, 61_000);
        }
        let order = ["First", "Second", "Third", "Fourth"].map(str::to_owned).to_vec();
        for phone in [&mut ana, &mut ben] {
            assert_eq!(said(phone, &mut server), (order.clone(), false), "{off_ms}");
            let threads = ask(phone, &mut server, json!({"cmd": "threads", "circle": CIRCLE.to_string()}));
            assert_eq!(threads[0]["excerpt"], "Fourth", "{off_ms}");
        }
        let mut again = Phone::over(ben.store.clone(), 9);
        (again.now, again.online) = (ben.now, false);
        again.drive(&mut server);
        assert_eq!(said(&mut again, &mut server), (order, false), "{off_ms}: after a restart, with no network");
    }
}
