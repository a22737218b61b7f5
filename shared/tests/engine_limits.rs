//! What phones and the hub do at their bounds.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

mod support;

use kith_shared::trust::State;
use kith_shared::wire::ANSWER_STATEMENTS_BYTES;
use serde_json::json;
use support::people::{ask, invited, leader, member, people, refused, send, settle, texts};
use support::{CIRCLE, Phone, Server};

#[test]
fn a_facilitators_phone_takes_people_out_of_a_circle_whose_log_is_full() {
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    let mut ben = invited(&mut server, &mut ana, 2, "Ben", true);
    settle(&mut [&mut ana, &mut ben], &mut server);
    server.fill();
    settle(&mut [&mut ana, &mut ben], &mut server);
    let circle = CIRCLE.to_string();
    let invite = json!({"cmd": "invite", "circle": circle, "role": "member", "past": false, "uses": 1, "days": 7});
    assert_eq!(refused(&mut ana, &mut server, invite), "not-allowed");
    let ben_id = member(&mut ana, &mut server, "Ben");
    ask(&mut ana, &mut server, json!({"cmd": "remove", "circle": circle, "member": ben_id}));
    settle(&mut [&mut ana], &mut server);
    let log = server.log();
    let states: Vec<State> = log.standing().members().map(|(_, record)| record.state).collect();
    assert_eq!(states.iter().filter(|state| **state == State::Removed).count(), 1, "{states:?}");
    assert_eq!(ask(&mut ben, &mut server, json!({"cmd": "sync"}))["problem"]["code"], "removed");
}

#[test]
fn the_eighty_first_comes_in_by_a_link_that_stands_on_all_their_keys() {
    const PEOPLE: u8 = 80;
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    for seed in 2..=PEOPLE {
        // Each begins a key of their own when they come, since the past is not opened to them.
        invited(&mut server, &mut ana, seed, "Member", false);
    }
    let whole: usize = server.log().log().statements().map(|(_, statement)| statement.encode().len()).sum();
    assert!(whole > 2 * ANSWER_STATEMENTS_BYTES, "{whole}");
    let mut last = invited(&mut server, &mut ana, PEOPLE + 1, "Zola", false);
    let people = people(&mut last, &mut server);
    assert_eq!(people["people"].as_array().map(Vec::len), Some(usize::from(PEOPLE) + 1));
    settle(&mut [&mut ana, &mut last], &mut server);
    send(&mut last, &mut server, "All of you, hello.");
    settle(&mut [&mut last, &mut ana], &mut server);
    settle(&mut [&mut last, &mut ana], &mut server);
    assert_eq!(texts(&mut ana, &mut server), ["All of you, hello."]);
    // And back by a printed code, which stands on the same.
    let code = ask(&mut last, &mut server, json!({"cmd": "paper", "circle": CIRCLE.to_string()}))["code"].clone();
    settle(&mut [&mut last], &mut server);
    let mut back = Phone::new(200);
    back.now = last.now;
    ask(&mut back, &mut server, json!({"cmd": "paperUse", "code": code}));
    settle(&mut [&mut ana, &mut back], &mut server);
    assert_eq!(texts(&mut back, &mut server), ["All of you, hello."]);
}
