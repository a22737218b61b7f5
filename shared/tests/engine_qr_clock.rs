//! P28: letting somebody in with no network says that it is the clock when it is.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use crate::support::people::{ask, leader, refused, sync};
use crate::support::{CIRCLE, Phone, Server};
use serde_json::json;

#[test]
fn p28_letting_somebody_in_with_a_clock_years_ahead_says_that_it_is_the_clock() {
    const YEAR_MS: u64 = 366 * 24 * 60 * 60 * 1_000;
    let mut server = Server::new();
    let mut ana = leader(&mut server, 1);
    sync(&mut ana, &mut server);
    sync(&mut ana, &mut server);
    let mut new = Phone::new(2);
    let offer = ask(&mut new, &mut server, json!({"cmd": "qrAsk", "name": "Ben"}));
    let grant = json!({
        "cmd": "qrGrant", "circle": CIRCLE.to_string(), "qr": offer["qr"], "role": "member", "past": true, "member": null
    });
    ana.online = false;
    // The copy of a phone, so that the clock of one does not move the other's.
    let mut wrong = Phone::over(ana.store.clone(), 3);
    wrong.online = false;
    for years in [1, 5, 40] {
        wrong.now = wrong.now.plus_ms(years * YEAR_MS);
        assert_eq!(refused(&mut wrong, &mut server, grant.clone()), "clock-wrong");
    }
    ask(&mut ana, &mut server, grant);
}
