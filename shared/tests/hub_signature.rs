//! Whose a request is, is known before anything that it says is looked at.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it is wrong")]

use std::sync::Arc;

use crate::support::{CIRCLE, Server, keys};
use kith_shared::document::KithSchema;
use kith_shared::ids::StatementId;
use kith_shared::storage::{Read, Tree};
use kith_shared::sync::hub::{Exchange, HubEffect, HubEvent};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    AddDevice, Attached, DeviceSecret, Draft, EnrolRequest, InviteSecret, Join, Knows, Remove, Signed, Signer,
    Statement, StatementAuthor, StatementBody, Verified,
};
use kith_shared::wire::{ChainCursor, CircleAsk, Frame, ProblemCode, RequestHeader, Stated};

fn device(n: u8) -> DeviceSecret {
    DeviceSecret::from_seed([n; 32])
}

/// A server with device 9 in its circle, by a link.
fn server() -> Server {
    let mut server = Server::new();
    let secret = InviteSecret([2; 16]);
    let body = StatementBody::Join(Join::sign(&CIRCLE.id(), &secret.public(), &device(9), [9; 16]));
    let (number, knows, time) = (0, Knows::NOTHING, TimestampMs(0));
    let join = Draft { circle: CIRCLE.id(), number, knows, time, body }.sign(Signer::Invite(&secret));
    let request = EnrolRequest::join(join, &device(9), server.now);
    server.answer("/v1/enrol", &request.encode());
    server
}

/// So many statements of device 9, the last of which adds device `last`: it adds others before, and takes them out.
fn added(server: &Server, count: u64, last: u8) -> Vec<Signed<Statement>> {
    let chain = server.chain();
    let member = chain.standing().device(&device(9).id()).unwrap().member;
    let add =
        |n: u8| StatementBody::AddDevice(AddDevice::sign(&CIRCLE.id(), &member, &device(n), false, Attached::NOTHING));
    let of = |at: u64, body| {
        let first = chain.draft(Some(&device(9).id()), body, TimestampMs(1));
        Draft { number: first.number + at, ..first }.sign(Signer::Device(&device(9)))
    };
    let before = |at: u64| match 100 + u8::try_from(at / 2).unwrap() {
        n if at.is_multiple_of(2) => add(n),
        n => StatementBody::Remove(Remove::Device(device(n).id())),
    };
    let mut all: Vec<Signed<Statement>> = (0..count - 1).map(|at| of(at, before(at))).collect();
    all.push(of(count - 1, add(last)));
    all
}

fn asks(server: &Server, by: &DeviceSecret, statements: &[Signed<Statement>]) -> Signed<RequestHeader> {
    let stated = |statement: &Signed<Statement>| Stated { statement: statement.encode(), attachment: Vec::new() };
    let statements = statements.iter().map(stated).collect();
    let ask = CircleAsk { statements, ..CircleAsk::of(CIRCLE.id()) };
    RequestHeader::sign(by, server.now, 65_536, vec![ask], Vec::new())
}

/// What is in something signed, to be forged.
fn opened<T>(signed: Signed<T>) -> T {
    Verified::from_own_store(signed).into_inner()
}

/// What the hub read, and how it answered.
fn exchange(server: &mut Server, header: Signed<RequestHeader>) -> (Vec<Read>, Vec<Frame>) {
    let mut exchange = Exchange::new(&KithSchema, Arc::new(keys()), server.now);
    exchange.handle(HubEvent::Header(Box::new(header)));
    exchange.handle(HubEvent::RequestEnd);
    let (mut read, mut sent) = (Vec::new(), Vec::new());
    while let Some(effect) = exchange.next_effect() {
        match effect {
            HubEffect::Read(reads) => {
                exchange.handle(HubEvent::Read(server.store.read(&reads)));
                read.extend(reads);
            }
            HubEffect::Commit(batch) => exchange.handle(HubEvent::Committed(server.store.commit(batch))),
            HubEffect::Send(frame) => sent.push(frame),
            _ => {}
        }
    }
    (read, sent)
}

fn reads_statements(reads: &[Read]) -> bool {
    reads.iter().any(|read| matches!(read, Read::Range { tree: Tree::Statements, .. }))
}

fn problem(sent: &[Frame]) -> Option<ProblemCode> {
    sent.iter().find_map(|frame| match frame {
        Frame::Problem(problem) => Some(problem.code),
        _ => None,
    })
}

fn knows(server: &Server, id: &StatementId) -> bool {
    server.chain().chain().position_of(id).is_some()
}

#[test]
fn a_request_that_a_known_device_did_not_sign_is_refused_before_its_statements_are_read() {
    let mut server = server();
    let news = added(&server, 1, 20);
    let mut forged = opened(asks(&server, &device(9), &news));
    forged.signature.0[5] ^= 1;
    let forged = Signed::new(forged);
    let (reads, sent) = exchange(&mut server, forged);
    assert_eq!(problem(&sent), Some(ProblemCode::Signature));
    assert!(!reads_statements(&reads), "{reads:?}");
    let signed = asks(&server, &device(9), &news);
    let (reads, sent) = exchange(&mut server, signed);
    assert_eq!(problem(&sent), None);
    assert!(reads_statements(&reads));
    assert!(knows(&server, &news[0].id()));
}

#[test]
fn a_device_that_brings_its_own_way_in_must_sign_as_itself() {
    let mut server = server();
    let news = added(&server, 1, 20);
    let mut other = opened(asks(&server, &device(77), &news));
    other.stamp.device = device(20).id();
    let (reads, sent) = exchange(&mut server, Signed::new(other));
    assert_eq!(problem(&sent), Some(ProblemCode::Signature));
    assert!(!reads_statements(&reads), "{reads:?}");
    let itself = asks(&server, &device(20), &news);
    assert_eq!(problem(&exchange(&mut server, itself).1), None);
    assert!(knows(&server, &news[0].id()));
}

#[test]
fn a_stranger_is_sent_away_with_no_look_at_what_it_brings() {
    let mut server = server();
    let news = added(&server, 1, 20);
    let strangers = asks(&server, &device(77), &news);
    let (reads, sent) = exchange(&mut server, strangers);
    assert_eq!(problem(&sent), Some(ProblemCode::UnknownDevice));
    assert!(!reads_statements(&reads), "{reads:?}");
}

#[test]
fn a_made_up_introduction_costs_no_look_at_the_chain() {
    let mut server = server();
    let (circle, stranger, invented) = (CIRCLE.id(), device(77), InviteSecret([99; 16]));
    let member = server.chain().standing().device(&device(9).id()).unwrap().member;
    let draft = |body| Draft { circle, number: 0, knows: Knows::NOTHING, time: TimestampMs(1), body };
    let add = |by: &DeviceSecret, what: &DeviceSecret| {
        let add = AddDevice::sign(&circle, &member, what, false, Attached::NOTHING);
        draft(StatementBody::AddDevice(add)).sign(Signer::Device(by))
    };
    let join = StatementBody::Join(Join::sign(&circle, &invented.public(), &stranger, [9; 16]));
    let mut forged = opened(add(&device(66), &stranger));
    forged.author = StatementAuthor::Device(device(9).id());
    let made_up = [
        ("by one whom nobody knows", vec![add(&device(66), &stranger)]),
        ("by one whom the stranger brings along", vec![add(&device(66), &device(65)), add(&device(65), &stranger)]),
        ("by itself", vec![add(&stranger, &stranger)]),
        ("in a member's name", vec![Signed::new(forged)]),
        ("by an invite that nobody made", vec![draft(join).sign(Signer::Invite(&invented))]),
    ];
    for (how, statements) in made_up {
        let header = asks(&server, &stranger, &statements);
        let (reads, sent) = exchange(&mut server, header);
        assert_eq!(problem(&sent), Some(ProblemCode::UnknownDevice), "{how}");
        assert!(reads.iter().all(|read| matches!(read, Read::Get { .. })), "{how}: {reads:?}");
        assert!(reads.len() <= 4 + statements.len(), "{how}: {reads:?}");
    }
}

#[test]
fn who_else_is_in_is_read_for_nobody_who_brings_nothing() {
    let mut server = server();
    let reads_roster = |reads: &[Read]| reads.iter().any(|read| matches!(read, Read::Range { tree: Tree::Roster, .. }));
    let up_to_date = {
        let ask = CircleAsk { chain: ChainCursor::of(&server.chain().chain().head()), ..CircleAsk::of(CIRCLE.id()) };
        RequestHeader::sign(&device(9), server.now, 65_536, vec![ask], Vec::new())
    };
    let (reads, sent) = exchange(&mut server, up_to_date);
    assert_eq!(problem(&sent), None);
    assert!(!reads_roster(&reads) && !reads_statements(&reads), "{reads:?}");
    let mut forged = opened(asks(&server, &device(9), &[]));
    forged.signature.0[5] ^= 1;
    assert!(!reads_roster(&exchange(&mut server, Signed::new(forged)).0));
}

#[test]
fn what_an_unknown_device_needs_to_come_in_is_bounded() {
    let mut server = server();
    let news = added(&server, 17, 36);
    let last = asks(&server, &device(36), &news);
    assert_eq!(problem(&exchange(&mut server, last).1), Some(ProblemCode::UnknownDevice));
    assert!(!knows(&server, &news[0].id()));
    let news = added(&server, 16, 35);
    let sixteenth = asks(&server, &device(35), &news);
    assert_eq!(problem(&exchange(&mut server, sixteenth).1), None);
    assert!(news.iter().all(|statement| knows(&server, &statement.id())), "those before it are taken with it");
}

#[test]
fn a_false_way_in_brings_nothing_else_along() {
    let mut server = server();
    let mut news = added(&server, 3, 22);
    let mut forged = opened(news[2].clone());
    forged.signature.0[0] ^= 1;
    news[2] = Signed::new(forged);
    let header = asks(&server, &device(22), &news);
    assert_eq!(problem(&exchange(&mut server, header).1), Some(ProblemCode::UnknownDevice));
    assert!(!knows(&server, &news[0].id()));
}
