//! What phones and the hub do at their bounds.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

mod support;

use kith_shared::trust::State;
use serde_json::json;
use support::people::{ask, invited, leader, member, refused, settle};
use support::{CIRCLE, Server};

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
