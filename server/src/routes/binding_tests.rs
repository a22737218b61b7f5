//! What a request's signature is bound to: its purpose, its time and its pages.

use kith_shared::storage::{Read, Tree};
use kith_shared::trust::{CLOCK_SKEW_MS_MAX, Purpose, RequestStamp, Signature, Signed};
use kith_shared::wire::{Frame, ProblemCode};

use super::testing::{Phone, Server, opened};

/// How many rows the log has.
async fn log_len(server: &Server) -> usize {
    let (from, to) = (server.circle.as_bytes().to_vec(), [0xff; 16].to_vec());
    let read = Read::Range { tree: Tree::Log, from, to, rows_max: usize::MAX, bytes_max: usize::MAX, reverse: false };
    server.app.store.read(vec![read]).await.unwrap().remove(0).rows().len()
}

fn code(frames: &[Frame]) -> ProblemCode {
    let [Frame::Problem(problem)] = frames else { panic!("{frames:?}") };
    problem.code
}

fn live_address(phone: &Phone, signature: &Signature) -> String {
    let hex: String = signature.0.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("/v1/live?device={}&time={}&signature={hex}", phone.secret.id(), phone.now.0)
}

#[tokio::test]
async fn a_captured_request_does_nothing_the_second_time_and_is_nothing_after_five_minutes() {
    let server = Server::new().await;
    let mut ana = server.enrolled(1).await;
    let pages = [ana.message("one"), ana.message("two")];
    let captured = ana.request(&pages);
    let first = server.sync(captured.clone()).await;
    assert_eq!((first.0.as_u16(), log_len(&server).await), (200, 2));
    server.clock.advance_ms(CLOCK_SKEW_MS_MAX);
    let (status, mut again) = server.sync(captured.clone()).await;
    if let (Some(Frame::Answer(again)), Some(Frame::Answer(first))) = (again.first_mut(), first.1.first()) {
        again.time = first.time;
    }
    assert_eq!((status, again), first, "the same answer but for the time");
    assert_eq!(log_len(&server).await, 2, "nothing is written twice");
    assert_eq!(server.app.metrics.entries.get(), 2);
    server.clock.advance_ms(1);
    let (status, frames) = server.sync(captured).await;
    assert_eq!((status.as_u16(), code(&frames)), (409, ProblemCode::Clock));
}

#[tokio::test]
async fn pages_that_the_signature_does_not_cover_are_refused_and_those_before_them_are_kept() {
    let server = Server::new().await;
    let mut ana = server.enrolled(1).await;
    let [one, two, other] = ["one", "two", "other"].map(|text| ana.message(text));
    for (name, signed, sent, kept) in [
        ("added", vec![&one], vec![&one, &two], 1),
        ("swapped", vec![&one, &two], vec![&two, &one], 0),
        ("replaced", vec![&one, &two], vec![&one, &other], 1),
        ("left out", vec![&one, &two, &other], vec![&one, &other], 1),
        ("sent twice", vec![&one, &two], vec![&one, &one], 1),
    ] {
        let server = Server::new().await;
        let _ = server.enrolled(1).await;
        let owned = |pages: Vec<&Vec<u8>>| pages.into_iter().cloned().collect::<Vec<_>>();
        let request = [ana.header(&owned(signed)), owned(sent).concat()].concat();
        let (status, frames) = server.sync(request).await;
        assert_eq!((status.as_u16(), code(&frames)), (403, ProblemCode::Signature), "{name}");
        let Frame::Problem(problem) = &frames[0] else { unreachable!() };
        assert!(problem.detail.contains(&format!("page {} ", kept + 1)), "{name}: {}", problem.detail);
        assert_eq!(log_len(&server).await, kept, "{name}");
    }
}

#[tokio::test]
async fn fewer_pages_than_signed_are_a_cut() {
    let server = Server::new().await;
    let mut ana = server.enrolled(1).await;
    let pages = [ana.message("one"), ana.message("two")];
    let (status, _) = server.sync([ana.header(&pages), pages[0].clone()].concat()).await;
    assert_eq!((status.as_u16(), log_len(&server).await), (200, 1));
}

#[tokio::test]
async fn a_signature_for_one_path_is_none_for_another() {
    let server = Server::new().await;
    let ana = server.enrolled(1).await;
    let stamp = RequestStamp { device: ana.secret.id(), time: ana.now };
    let live = stamp.sign(&ana.secret, Purpose::Live, &[]);
    assert_eq!(server.get(&live_address(&ana, &live)).await.status(), 200);
    let sync = stamp.sign(&ana.secret, Purpose::Sync, &[]);
    assert_eq!(server.get(&live_address(&ana, &sync)).await.status(), 403);
    let mut decoder = kith_shared::wire::FrameDecoder::default();
    decoder.feed(&ana.request(&[]));
    let Ok(Some(Frame::Request(header))) = decoder.next_frame() else { panic!("no header") };
    let mut header = opened(header);
    assert_eq!(server.get(&live_address(&ana, &header.signature)).await.status(), 403);
    header.signature = stamp.sign(&ana.secret, Purpose::Live, &header.signed_content());
    let (status, frames) = server.sync(Frame::Request(Signed::new(header)).encode()).await;
    assert_eq!((status.as_u16(), code(&frames)), (403, ProblemCode::Signature));
    assert_eq!(server.enrol(ana.request(&[])).await.0, 400, "and an enrolment is another thing altogether");
}
