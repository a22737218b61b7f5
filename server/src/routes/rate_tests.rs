//! Who asks for too much is told to go slower, before anything is done for them; nobody else notices.

use axum::http::header::RETRY_AFTER;
use kith_shared::trust::{DeviceSecret, EnrolRequest, InviteSecret};
use kith_shared::wire::{Frame, ProblemCode};

use super::testing::{Phone, Server};
use crate::rate::{Allowance, Prefix, RateLimits};
use crate::store::StoreError;

const HERE: &str = "192.0.2.1";
const NEXT_DOOR: &str = "192.0.2.250";
const ELSEWHERE: &str = "198.51.100.1";

fn is_slow(frames: &[Frame]) -> bool {
    matches!(frames, [Frame::Problem(problem)] if problem.code == ProblemCode::Slow)
}

fn slowed(server: &Server, kind: &str) -> bool {
    let text = server.app.metrics.text();
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("kith_slowed_total{{kind=\"{kind}\"}} ")));
    line.unwrap().parse::<u64>().unwrap() > 0
}

#[tokio::test]
async fn a_network_that_asks_too_often_is_answered_before_anything_is_read() {
    let prefix_requests = Allowance::per_minute(3);
    let server = Server::with_rate(RateLimits { prefix_requests, ..RateLimits::default() }).await;
    for _ in 0..3 {
        let response = server.send_from(HERE, server.sync_request(b"<html>".to_vec())).await;
        assert_eq!(response.status(), 400);
    }
    server.faults.fail_reads(StoreError::Stopped { cause: "a test".into() });
    for (path, request) in [
        ("sync", server.sync_request(b"<html>".to_vec())),
        ("enrol", server.enrol_request(b"nonsense".to_vec())),
        ("live", axum::http::Request::get("/v1/live").body(axum::body::Body::empty()).unwrap()),
    ] {
        let response = server.send_from(NEXT_DOOR, request).await;
        assert_eq!(
            (response.status().as_u16(), &response.headers()[RETRY_AFTER]),
            (429, &"20".parse().unwrap()),
            "{path}"
        );
    }
    server.faults.mend();
    assert!(slowed(&server, "prefix_requests"));
    assert_eq!(server.send_from(ELSEWHERE, server.sync_request(b"<html>".to_vec())).await.status(), 400);
    server.clock.advance_ms(20_000);
    assert_eq!(server.send_from(HERE, server.sync_request(b"<html>".to_vec())).await.status(), 400, "it comes back");
}

/// What a stranger asks, again and again; how often it was slowed.
async fn hammer(server: &Server, times: usize) -> usize {
    let mut slowed = 0;
    for _ in 0..times {
        slowed += usize::from(server.sync(b"<html>".to_vec()).await.0 == 429);
    }
    slowed
}

#[tokio::test]
async fn whoever_uses_up_a_villages_requests_leaves_devices_that_proved_themselves_theirs() {
    let (prefix_requests, device_requests) = (Allowance::per_minute(5), Allowance::per_minute(20));
    let server = Server::with_rate(RateLimits { prefix_requests, device_requests, ..RateLimits::default() }).await;
    let (ana, ben) = (server.enrolled(1).await, server.enrolled(2).await);
    for _ in 0..10 {
        assert_eq!(server.sync(ana.request(&[])).await.0, 200, "what is known to be hers is not the village's");
    }
    assert_eq!(hammer(&server, 10).await, 7, "two of five were enrolments");
    for _ in 0..5 {
        assert_eq!(server.sync(ana.request(&[])).await.0, 200);
        assert_eq!(hammer(&server, 4).await, 4);
    }
    server.faults.fail_reads(StoreError::Stopped { cause: "a test".into() });
    assert_eq!(server.sync(ben.request(&[])).await.0, 429, "nobody has heard of him yet, and nothing is read for that");
    server.faults.mend();
    let forged = Phone { secret: DeviceSecret::from_seed([7; 32]), ..ana.clone() };
    assert_eq!(server.sync(forged.request(&[])).await.0, 429);
    let mut lies = ana.request(&[]);
    let last = lies.len() - 1;
    lies[last] ^= 1;
    for _ in 0..10 {
        assert_eq!(server.sync(lies.clone()).await.0, 403, "whoever names her must sign as she does");
    }
    for _ in 0..5 {
        assert_eq!(server.sync(ana.request(&[])).await.0, 200, "and uses nothing of hers up");
    }
    let (status, frames) = server.sync(ana.request(&[])).await;
    assert!(status == 429 && is_slow(&frames), "she has no more than a device's share: {frames:?}");
    assert_eq!(server.enrol(b"nonsense".to_vec()).await.0, 429);
}

#[tokio::test]
async fn guessing_links_ends_soon_and_those_who_are_in_go_on() {
    let prefix_enrolments = Allowance::per_hour(10);
    let server = Server::with_rate(RateLimits { prefix_enrolments, ..RateLimits::default() }).await;
    let ana = server.enrolled(1).await;
    let guess = |secret: u8| EnrolRequest::find(&InviteSecret([secret; 16]), server.now());
    let mut statuses = Vec::new();
    for token in 100..120 {
        statuses.push(server.enrol(guess(token).encode()).await.0.as_u16());
    }
    assert_eq!(statuses, [[404; 9].as_slice(), &[429; 11]].concat(), "Ana's own was one of ten");
    assert!(slowed(&server, "prefix_enrolments"));
    assert_eq!(server.sync(ana.request(&[])).await.0, 200);
    let elsewhere = server.send_from(ELSEWHERE, server.enrol_request(guess(100).encode())).await;
    assert_eq!(elsewhere.status(), 404);
}

#[tokio::test]
async fn a_device_that_asks_too_often_is_slowed_and_its_neighbour_is_not() {
    let device_requests = Allowance::per_minute(5);
    let server = Server::with_rate(RateLimits { device_requests, ..RateLimits::default() }).await;
    let (ana, ben) = (server.enrolled(1).await, server.enrolled(2).await);
    for _ in 0..5 {
        assert_eq!(server.sync(ana.request(&[])).await.0, 200);
    }
    let (status, frames) = server.sync(ana.request(&[])).await;
    assert!(status == 429 && is_slow(&frames), "{frames:?}");
    assert!(slowed(&server, "device_requests"));
    assert_eq!(server.sync(ben.request(&[])).await.0, 200);
    let forged = Phone { secret: DeviceSecret::from_seed([7; 32]), ..ben.clone() };
    for _ in 0..20 {
        assert_eq!(server.sync(forged.request(&[])).await.0, 403);
    }
    assert_eq!(server.sync(ben.request(&[])).await.0, 200, "nobody uses up another's");
}

#[tokio::test]
async fn a_device_that_adds_too_much_keeps_what_was_taken_and_goes_on_later() {
    let device_entries = Allowance::per_minute(2);
    let server = Server::with_rate(RateLimits { device_entries, ..RateLimits::default() }).await;
    let mut ana = server.enrolled(1).await;
    let pages = ["one", "two", "three"].map(|text| ana.message(text));
    let (status, frames) = server.sync(ana.request(&pages)).await;
    assert!(status == 429 && is_slow(&frames), "{frames:?}");
    assert!(slowed(&server, "device_entries"));
    assert_eq!(server.app.metrics.entries.get(), 2, "what came before is durable");
    assert_eq!(server.sync(ana.request(&[])).await.0, 200, "reading goes on");
    server.clock.advance_ms(60_000);
    let late = Phone { now: server.now(), ..ana.clone() };
    assert_eq!(server.sync(late.request(&pages[2..])).await.0, 200);
    assert_eq!(server.app.metrics.entries.get(), 3);
}

#[tokio::test]
async fn bytes_are_counted_both_ways_by_device_and_by_network() {
    for kind in ["device_bytes", "prefix_bytes"] {
        let few = Allowance::per_hour(1_000);
        let limits = match kind {
            "device_bytes" => RateLimits { device_bytes: few, ..RateLimits::default() },
            _ => RateLimits { prefix_bytes: few, ..RateLimits::default() },
        };
        let server = Server::with_rate(limits).await;
        let ana = server.enrolled(1).await;
        let mut taken = 0;
        let slow = loop {
            let (status, frames) = server.sync(ana.request(&[])).await;
            if status != 200 {
                break frames;
            }
            taken += 1;
        };
        assert!(is_slow(&slow) && (1..10).contains(&taken), "{kind}: {taken} requests of some 400 bytes");
        assert!(slowed(&server, kind));
    }
}

#[tokio::test(start_paused = true)]
async fn strangers_wait_for_leave_to_be_looked_at() {
    let server = Server::with_rate(RateLimits { unproven_max: 1, ..RateLimits::default() }).await;
    let ana = server.enrolled(1).await;
    let held = server.app.rate.unproven(Prefix::V4([0; 3])).await.unwrap();
    server.faults.fail_reads(StoreError::Stopped { cause: "a test".into() });
    // Its version is unknown, which would be said if it were decoded.
    let (status, frames) = server.sync(vec![1, 2, 99, 0]).await;
    assert_eq!(status, 503);
    assert!(matches!(frames.as_slice(), [Frame::Problem(problem)] if problem.code == ProblemCode::Busy));
    assert_eq!(server.enrol(b"nonsense".to_vec()).await.0, 503);
    server.faults.mend();
    let (_, answered) = tokio::join!(
        async {
            tokio::task::yield_now().await;
            drop(held);
        },
        server.sync(ana.request(&[]))
    );
    assert_eq!(answered.0, 200, "who waits is looked at");
}

#[tokio::test]
async fn thirty_phones_behind_one_address_notice_nothing() {
    let server = Server::new().await;
    let mut phones = Vec::new();
    for seed in 1..=30 {
        phones.push(server.enrolled(seed).await);
    }
    for minute in 0..3 {
        for phone in &mut phones {
            phone.now = server.now();
            let page = phone.message(&format!("minute {minute}"));
            for pages in [std::slice::from_ref(&page), &[], &[], &[], &[]] {
                assert_eq!(server.sync(phone.request(pages)).await.0, 200);
            }
        }
        server.clock.advance_ms(60_000);
    }
}
