//! What phones of one circle do in tests, in the words of the page.

use kith_shared::storage::Tree;
use serde_json::{Value, json};

use super::{CIRCLE, Phone, Server};

/// The circle's own thread.
pub const THREAD: &str = "0000000000000000";

pub fn ask(phone: &mut Phone, server: &mut Server, command: Value) -> Value {
    phone.json(server, &command.to_string())
}

pub fn refused(phone: &mut Phone, server: &mut Server, command: Value) -> String {
    let problem = phone.ask(server, serde_json::from_value(command).unwrap()).unwrap_err();
    serde_json::to_value(problem.code).unwrap().as_str().unwrap().to_owned()
}

pub fn sync(phone: &mut Phone, server: &mut Server) {
    ask(phone, server, json!({"cmd": "sync"}));
}

/// Syncs all, so often that everyone has what the others said, their keys' shares included.
pub fn settle(phones: &mut [&mut Phone], server: &mut Server) {
    for _ in 0..3 {
        for phone in phones.iter_mut() {
            phone.now = phone.now.plus_ms(61_000);
            server.now = server.now.max(phone.now);
            sync(phone, server);
        }
    }
}

pub fn leader(server: &mut Server, seed: u8) -> Phone {
    let mut phone = Phone::new(seed);
    let link = format!("http://x/#/join?t={}&c={CIRCLE}&n=Our%20circle", "01".repeat(16));
    ask(&mut phone, server, json!({"cmd": "enrol", "link": link, "name": "Ana"}));
    sync(&mut phone, server);
    phone
}

pub fn invited(server: &mut Server, leader: &mut Phone, seed: u8, name: &str, past: bool) -> Phone {
    let circle = CIRCLE.to_string();
    let invite = json!({"cmd": "invite", "circle": circle, "role": "member", "past": past, "uses": 1, "days": 7});
    let invitation = ask(leader, server, invite);
    sync(leader, server);
    let mut phone = Phone::new(seed);
    phone.now = leader.now;
    ask(&mut phone, server, json!({"cmd": "enrol", "link": invitation["link"], "name": name}));
    sync(&mut phone, server);
    phone
}

pub fn send(phone: &mut Phone, server: &mut Server, text: &str) -> Value {
    server.now = server.now.plus_ms(1_000);
    phone.now = phone.now.max(server.now);
    let circle = CIRCLE.to_string();
    ask(phone, server, json!({"cmd": "send", "circle": circle, "thread": THREAD, "text": text, "replyTo": null}))
}

/// What a phone shows of the circle's thread: texts, or why there is none.
pub fn texts(phone: &mut Phone, server: &mut Server) -> Vec<String> {
    let open = json!({"cmd": "openThread", "circle": CIRCLE.to_string(), "thread": THREAD, "limit": 50});
    let thread = ask(phone, server, open);
    let shown = |message: &Value| match message["body"].as_str() {
        Some("here") => message["text"].as_str().unwrap().to_owned(),
        other => format!("({})", other.unwrap()),
    };
    thread["messages"].as_array().unwrap().iter().map(shown).collect()
}

pub fn people(phone: &mut Phone, server: &mut Server) -> Value {
    ask(phone, server, json!({"cmd": "people", "circle": CIRCLE.to_string()}))
}

pub fn member(phone: &mut Phone, server: &mut Server, name: &str) -> String {
    let people = people(phone, server);
    let found = people["people"].as_array().unwrap().iter().find(|person| person["name"] == name);
    found.unwrap_or_else(|| panic!("{name} in {people}"))["member"].as_str().unwrap().to_owned()
}

/// All that a store holds, as one run of bytes.
pub fn bytes_of(store: &kith_shared::storage::MemoryStore) -> Vec<u8> {
    Tree::ALL.into_iter().flat_map(|tree| store.rows(tree).flat_map(|(key, value)| [key, value].concat())).collect()
}

pub fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// Another phone of a member, let in by `by`: their own, or with `recovers` a facilitator's.
pub fn another_phone(
    server: &mut Server,
    by: &mut Phone,
    (member, name): (&str, &str),
    recovers: bool,
    seed: u8,
) -> Phone {
    let invite = json!({"cmd": "inviteDevice", "circle": CIRCLE.to_string(), "member": member, "recovers": recovers});
    let link = ask(by, server, invite)["link"].clone();
    sync(by, server);
    let mut phone = Phone::new(seed);
    phone.now = by.now;
    ask(&mut phone, server, json!({"cmd": "enrol", "link": link, "name": name}));
    phone
}
