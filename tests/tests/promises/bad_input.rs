use std::io::{Read, Write};
use std::net::TcpStream;

use kith_shared::client::HttpFailure;
use kith_shared::ids::{BodyId, CircleId, PageMark};
use kith_shared::storage::Tree;
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    DeviceSecret, Draft, EnrolRequest, InviteSecret, Join, Knows, Signed, Signer, Statement, StatementAuthor,
    StatementBody, Verified,
};
use kith_shared::wire::{CircleAsk, Frame, FrameDecoder, ProblemCode, RequestHeader};
use kith_tests::clock::PhoneClock;
use kith_tests::phone::Agent;
use kith_tests::server::ServerProcess;
use serde_json::{Value, json};

use crate::support::Stage;

/// Sends bytes and gives the problem that comes back.
fn problem(stage: &Stage, path: &str, body: &[u8]) -> ProblemCode {
    let mut bytes = Vec::new();
    let url = format!("{}{path}", stage.server.origin);
    Agent::default()
        .post(&url, body, &mut |chunk| {
            bytes.extend(chunk);
            true
        })
        .unwrap();
    let mut decoder = FrameDecoder::default();
    decoder.feed(&bytes);
    match decoder.next_frame() {
        Ok(Some(Frame::Problem(problem))) => problem.code,
        other => panic!("{path}: {other:?}"),
    }
}

fn counted(stage: &Stage, code: ProblemCode) -> f64 {
    stage.server.metric(&format!("kith_problems_total{{kind=\"{}\"}}", code.label())).unwrap_or(0.0)
}

fn ask(circle: &str) -> Vec<CircleAsk> {
    vec![CircleAsk::of(circle.parse().unwrap())]
}

/// Asks at `now` to come in; `by` signs the Join.
fn join_by(circle: &str, secret: [u8; 16], by: &InviteSecret, device: &DeviceSecret, now: TimestampMs) -> Vec<u8> {
    let (circle, secret) = (circle.parse().unwrap(), InviteSecret(secret));
    let body = StatementBody::Join(Join::sign(&circle, &secret.public(), device, [1; 16]));
    let draft = Draft { circle, number: 0, knows: Knows::NOTHING, time: TimestampMs(0), body };
    let signed = Verified::from_own_store(draft.sign(Signer::Invite(by))).into_inner();
    let join = Signed::new(Statement { author: StatementAuthor::Invite(secret.public()), ..signed });
    EnrolRequest::join(join, device, now).encode()
}

fn join(circle: &str, secret: [u8; 16], device: &DeviceSecret, now: TimestampMs) -> Vec<u8> {
    join_by(circle, secret, &InviteSecret(secret), device, now)
}

#[test]
fn bad_requests_are_named_and_counted_and_lose_nothing() {
    let stage = Stage::new();
    let circle = stage.circle();
    let mut ana = stage.enrolled("ana", &[]);
    let now = PhoneClock::default().now();
    let known = DeviceSecret::from_seed([9; 32]);
    let secret: CircleId = stage.member_link().split("?t=").nth(1).unwrap()[..32].parse().unwrap();
    let url = format!("{}/v1/enrol", stage.server.origin);
    Agent::default().post(&url, &join(&circle, secret.0, &known, now), &mut |_| true).unwrap();
    let with_pages = |device: &DeviceSecret, time, circle: &str, pages| {
        Frame::Request(RequestHeader::sign(device, time, 1_000_000, ask(circle), pages)).encode()
    };
    let header = |device: &DeviceSecret, time, circle: &str| with_pages(device, time, circle, Vec::new());
    let no_page = vec![7; 100];
    let promised = with_pages(&known, now, &circle, vec![PageMark::of(&no_page)]);
    let good = header(&known, now, &circle);
    let mut forged = good.clone();
    *forged.last_mut().unwrap() ^= 1;
    let mut version = good.clone();
    // Kind, two bytes of length, then the version.
    assert_eq!(version[3], kith_shared::wire::PROTOCOL_VERSION);
    version[3] = 99;
    let stranger = DeviceSecret::from_seed([8; 32]);
    let by_another_link = join_by(&circle, secret.0, &InviteSecret([5; 16]), &stranger, now);
    let mut by_another_device = join(&circle, secret.0, &stranger, now);
    *by_another_device.last_mut().unwrap() ^= 1;
    let unknown_link = join(&circle, [0; 16], &known, now);
    let early = TimestampMs(now.0 - 3_600_000);
    for (path, body, expected) in [
        ("/v1/sync", b"<html>".to_vec(), ProblemCode::Malformed),
        ("/v1/sync", Vec::new(), ProblemCode::Malformed),
        ("/v1/sync", good[..good.len() / 2].to_vec(), ProblemCode::Malformed),
        ("/v1/sync", [promised, Frame::Page(no_page.clone()).encode()].concat(), ProblemCode::Malformed),
        ("/v1/sync", [good.clone(), Frame::Page(no_page).encode()].concat(), ProblemCode::Signature),
        ("/v1/sync", vec![2, 0xff, 0xff, 0xff, 0x7f], ProblemCode::TooLarge),
        ("/v1/sync", version, ProblemCode::Version),
        ("/v1/sync", forged, ProblemCode::Signature),
        ("/v1/sync", header(&stranger, now, &circle), ProblemCode::UnknownDevice),
        ("/v1/sync", header(&known, now, &"0".repeat(32)), ProblemCode::UnknownDevice),
        ("/v1/sync", header(&known, early, &circle), ProblemCode::Clock),
        ("/v1/enrol", b"hello".to_vec(), ProblemCode::Malformed),
        ("/v1/enrol", unknown_link, ProblemCode::InviteUnknown),
        ("/v1/enrol", by_another_link, ProblemCode::Signature),
        ("/v1/enrol", by_another_device, ProblemCode::Signature),
        ("/v1/enrol", join(&circle, secret.0, &stranger, early), ProblemCode::Clock),
    ] {
        let before = counted(&stage, expected);
        assert_eq!(problem(&stage, path, &body), expected, "{path} {:02x?}", &body[..body.len().min(16)]);
        assert_eq!(counted(&stage, expected), before + 1.0, "{expected:?} is counted");
    }
    assert_eq!(ana.ask(json!({"cmd": "sync"})).unwrap()["problem"], Value::Null, "the server goes on");
}

#[test]
fn a_body_above_the_bound_is_refused_before_it_is_sent() {
    let stage = Stage::new();
    let address = stage.server.origin.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let head = "POST /v1/sync HTTP/1.1\r\nhost: kith\r\ncontent-type: application/x-kith\r\nconnection: close\r\n";
    write!(stream, "{head}content-length: 1000000000\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(answer.starts_with(b"HTTP/1.1 413"), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(counted(&stage, ProblemCode::TooLarge), 1.0);
}

#[test]
fn a_phone_whose_clock_is_off_is_corrected_by_the_servers_time() {
    let stage = Stage::new();
    for offset in ["-7200000", "86400000"] {
        let mut phone = stage.enrolled(&format!("off{offset}"), &["--clock-offset", offset]);
        let before = counted(&stage, ProblemCode::Clock);
        let status = phone.ask(json!({"cmd": "sync"})).unwrap();
        assert_eq!((&status["state"], &status["unsentItems"]), (&json!("idle"), &json!(0)), "{status}");
        assert_eq!(counted(&stage, ProblemCode::Clock), before, "once corrected it stays so");
        assert!(before > 0.0, "the first request was refused for its time");
    }
}

#[test]
fn a_damaged_record_is_named_and_the_phone_keeps_what_it_has() {
    let mut stage = Stage::new();
    let circle = stage.circle();
    let mut ana = stage.enrolled("ana", &[]);
    let send = json!({"cmd": "send", "circle": circle, "thread": "0000000000000000", "text": "find me 4711"});
    ana.ask(send).unwrap();
    ana.ask(json!({"cmd": "sync"})).unwrap();
    stage.server.kill().unwrap();
    let bodies = stage.folder.path().join("data/bodies/db");
    let mut bytes = std::fs::read(&bodies).unwrap();
    // Texts are sealed, but a row begins with its tree and its circle, in clear: damage what stands behind a key.
    let id: CircleId = circle.parse().unwrap();
    let needle = [&[Tree::Bodies.number()][..], id.as_bytes()].concat();
    let places: Vec<usize> = (0..bytes.len() - needle.len()).filter(|at| bytes[*at..].starts_with(&needle)).collect();
    assert!(!places.is_empty(), "bodies are stored otherwise now: damage them in another way");
    let behind = needle.len() + BodyId::LEN + 24;
    for at in places {
        if let Some(byte) = bytes.get_mut(at + behind) {
            *byte ^= 0x20;
        }
    }
    std::fs::write(&bodies, bytes).unwrap();
    let scrubbed = ServerProcess::operate(&stage.folder.path().join("data"), &["scrub"]).unwrap_err().to_string();
    assert!(scrubbed.contains("damaged") || scrubbed.contains("missing"), "{scrubbed}");
    let refused = stage.server.restart().unwrap_err().to_string();
    assert!(refused.contains("damaged") && refused.contains("Restore a backup"), "{refused}");
    let open = json!({"cmd": "openThread", "circle": circle, "thread": "0000000000000000", "limit": 9});
    assert_eq!(ana.ask(open).unwrap()["messages"][0]["text"], "find me 4711");
}

#[test]
fn nobody_at_the_address_is_no_answer() {
    let answer = Agent::default().post("http://127.0.0.1:9/v1/sync", b"", &mut |_| true);
    assert_eq!(answer, Err(HttpFailure::Unreachable));
}
