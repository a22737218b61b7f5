//! What was done to a circle by stating something old, by filling what is shared, and by asking again.

use kith_shared::ids::BodyId;
use kith_shared::storage::Tree;
use kith_shared::sync::key;
use kith_shared::trust::bounds::MEMBER_DEVICES_MAX;
use kith_shared::trust::{
    AddDevice, Attached, DeviceSecret, EnrolRequest, Invitation, InviteFor, InviteSecret, Knows, MemberState, Remove,
    Role, Signed, Signer, Statement, StatementBody, StatementProblem,
};
use kith_shared::wire::{BroughtBack, ChainCursor, ChainState, CircleAsk, Frame, GivenText, ProblemCode};

use super::testing::{Phone, Server};
use crate::admin::invite::DAY_MS;

/// A statement of somebody's that knows no more than they did, whatever happened since.
async fn dated_back(server: &Server, by: &Phone, knows: Knows, body: StatementBody) -> Signed<Statement> {
    let number = server.chain().await.standing().next_number(Some(&by.secret.id()));
    let draft = kith_shared::trust::Draft { circle: server.circle, number, knows, time: server.now(), body };
    draft.sign(Signer::Device(&by.secret))
}

async fn member(server: &Server, phone: &Phone) -> kith_shared::ids::MemberId {
    server.chain().await.standing().device(&phone.secret.id()).unwrap().member
}

/// Another's device, called one's own: with a word of the device that somebody else's key signed.
async fn theft(server: &Server, thief: &Phone, stolen: &DeviceSecret, knows: Knows) -> Signed<Statement> {
    let own = member(server, thief).await;
    let forged = AddDevice::sign(&server.circle, &own, &thief.secret, false, Attached::NOTHING);
    let add = AddDevice { device: *stolen.public(), ..forged };
    dated_back(server, thief, knows, StatementBody::AddDevice(add)).await
}

fn problem(frames: &[Frame]) -> ProblemCode {
    let [Frame::Problem(problem)] = frames else { panic!("{frames:?}") };
    problem.code
}

#[tokio::test]
async fn t1_a_removed_facilitator_states_an_old_grant_and_nobody_vanishes() {
    let server = Server::new().await;
    let mut ana = server.enrolled(2).await;
    let mut ben = Phone::new(3, server.circle, server.now());
    let warrant = server.warrant(&ana).await;
    let by_ana = Signer::Device(&ana.secret);
    let granted = server.statement(by_ana, Server::grant(warrant, &ben.secret, Role::Facilitator)).await;
    assert_eq!(server.say(&ana, &granted).await, Ok(()));
    let knew = server.end().await;
    server.clock.advance_ms(DAY_MS);
    (ana.now, ben.now) = (server.now(), server.now());
    let out = StatementBody::Remove(Remove::Member(member(&server, &ana).await));
    let out = server.statement(Signer::Device(&ben.secret), out).await;
    assert_eq!(server.say(&ben, &out).await, Ok(()));
    for seed in 0..40_u8 {
        let device = DeviceSecret::from_seed([seed + 100; 32]);
        let grant = Server::grant(warrant, &device, Role::Facilitator);
        let again = dated_back(&server, &ana, knew, grant).await;
        let said = server.say(&ana, &again).await;
        assert!(said.is_ok() == (seed < 19), "the warrant is for 20: {seed} {said:?}");
        let chain = server.chain().await;
        let newcomer = chain.standing().device(&device.id()).map(|record| (record.state, record.role));
        assert_eq!(newcomer, said.is_ok().then_some((MemberState::Provisional, Role::Member)));
    }
    assert_eq!(server.stands(&ana).await, Some(MemberState::Removed));
    assert_eq!(server.stands(&ben).await, Some(MemberState::Active));
    assert_eq!(server.sync(ben.request(&[])).await.0, 200);
}

#[tokio::test]
async fn t2_a_member_calls_anothers_second_phone_hers_and_it_stays_the_others() {
    let server = Server::new().await;
    let (mallory, vera) = (server.joined(2, Role::Member).await, server.joined(3, Role::Member).await);
    let knew = server.end().await;
    let mut second = Phone::new(30, server.circle, server.now());
    assert_eq!(server.say(&vera, &server.added(&vera, &second.secret).await).await, Ok(()));
    second.knows = server.end().await;
    let (entry, _) = second.post("Vera's words");
    let body = BodyId::of(&entry.bodies[0]);
    server.sync(second.request(&[second.page(&[entry])])).await;
    let stolen = theft(&server, &mallory, &second.secret, knew).await;
    assert_eq!(server.say(&mallory, &stolen).await, Err(StatementProblem::BadSignature));
    assert_eq!(member(&server, &second).await, member(&server, &vera).await);
    let out = StatementBody::Remove(Remove::Device(second.secret.id()));
    let out = server.statement(Signer::Device(&mallory.secret), out).await;
    assert_eq!(server.say(&mallory, &out).await, Err(StatementProblem::NotAllowed));
    let kept = server.app.get(Tree::Bodies, key::body(&server.circle, &body)).await.unwrap();
    assert!(kept.is_some_and(|bytes| !bytes.is_empty()));
}

#[tokio::test]
async fn t3_an_ordinary_member_takes_no_facilitator_out_by_calling_her_phone_his() {
    let server = Server::new().await;
    let mallory = server.joined(2, Role::Member).await;
    let knew = server.end().await;
    let vera = server.joined(3, Role::Facilitator).await;
    let add = theft(&server, &mallory, &vera.secret, knew).await;
    let out = StatementBody::Remove(Remove::Device(vera.secret.id()));
    let out = dated_back(&server, &mallory, knew, out).await;
    let (_, frames) = server.sync(mallory.stating(&[&add, &out])).await;
    assert_eq!(Phone::answer(&frames).refused_statements.len(), 2);
    assert_eq!(server.stands(&vera).await, Some(MemberState::Active));
}

#[tokio::test]
async fn t3a_one_who_was_taken_out_takes_nobody_with_them() {
    let server = Server::new().await;
    let (mallory, vera) = (server.joined(2, Role::Facilitator).await, server.joined(3, Role::Facilitator).await);
    let knew = server.end().await;
    server.by_root().remove(Remove::Member(member(&server, &mallory).await)).await.unwrap();
    let theirs = member(&server, &vera).await;
    for body in [
        StatementBody::Remove(Remove::Device(vera.secret.id())),
        StatementBody::Remove(Remove::Member(theirs)),
        StatementBody::Demote(kith_shared::trust::Demote { member: theirs }),
    ] {
        let old = dated_back(&server, &mallory, knew, body).await;
        assert_eq!(server.say(&mallory, &old).await, Err(StatementProblem::AuthorOut));
    }
    assert_eq!(
        (server.stands(&mallory).await, server.stands(&vera).await),
        (Some(MemberState::Removed), Some(MemberState::Active))
    );
}

#[tokio::test]
async fn d1_a_member_with_a_thousand_phones_shuts_nobody_out() {
    let server = Server::new().await;
    let (mallory, ana) = (server.joined(2, Role::Member).await, server.enrolled(3).await);
    let (mut taken, mut seed, own) = (0, [0xee; 32], member(&server, &mallory).await);
    let mut known = server.chain().await;
    for number in 0..1_000_u16 {
        seed[..2].copy_from_slice(&number.to_le_bytes());
        let device = DeviceSecret::from_seed(seed);
        let add = AddDevice::sign(&server.circle, &own, &device, false, Attached::NOTHING);
        let body = StatementBody::AddDevice(add);
        let add = known.draft(Some(&mallory.secret.id()), body, server.now()).sign(Signer::Device(&mallory.secret));
        if number < 8 {
            taken += usize::from(server.say(&mallory, &add).await.is_ok());
            known = server.chain().await;
        } else {
            let said = known.admit(add, Vec::new(), &server.app.keys, server.now());
            assert_eq!(said, Err(StatementProblem::ShareUsed));
        }
    }
    assert_eq!(taken, MEMBER_DEVICES_MAX - 1, "the rest are refused by name");
    for phone in [&ana, &mallory] {
        assert_eq!(server.sync(phone.request(&[])).await.0, 200);
    }
}

#[tokio::test]
async fn a_member_says_so_much_a_day_and_still_takes_out() {
    use kith_shared::sync::statements::MEMBER_STATEMENTS_DAY_MAX;
    let server = Server::new().await;
    let mallory = server.joined(2, Role::Member).await;
    let mut slow = None;
    for number in 0..=MEMBER_STATEMENTS_DAY_MAX {
        let mut entropy = [9; 32];
        entropy[..8].copy_from_slice(&number.to_le_bytes());
        let key = kith_shared::seal::EpochKey(entropy);
        let (epoch, wraps) = server.epoch(&mallory, &[&mallory], &key).await;
        let mut chain = server.chain().await;
        match chain.admit(epoch, wraps, &server.app.keys, server.now()) {
            Ok(_) => assert_eq!(
                server.app.store.commit(chain.batch().0).await,
                Ok(kith_shared::storage::CommitOutcome::Committed)
            ),
            Err(problem) => slow = Some((number, problem)),
        }
    }
    assert_eq!(slow, Some((MEMBER_STATEMENTS_DAY_MAX, StatementProblem::Slow)));
    let out = StatementBody::Remove(Remove::Device(mallory.secret.id()));
    let out = server.statement(Signer::Device(&mallory.secret), out).await;
    assert_eq!(server.say(&mallory, &out).await, Ok(()));
}

#[tokio::test]
async fn j1_whoever_saw_a_join_and_sends_it_again_learns_nothing() {
    let server = Server::new().await;
    let link = server.invite(Role::Member, 5).await;
    let (mallory, vera) = (server.joined(2, Role::Member).await, Phone::new(4, server.circle, server.now()));
    let join = vera.join_statement(&link);
    assert_eq!(server.enrol(vera.join(&link)).await.0, 200);
    let replayed = EnrolRequest::join(join, &mallory.secret, server.now());
    assert_eq!(problem(&server.enrol(replayed.encode()).await.1), ProblemCode::Signature);
    let old = vera.join(&link);
    server.clock.advance_ms(6 * 60_000);
    assert_eq!(problem(&server.enrol(old).await.1), ProblemCode::Clock, "nor what vera sent, once it is old");
}

#[tokio::test]
async fn j2_whoever_is_out_gets_no_answer_to_her_own_enrolment() {
    let server = Server::new().await;
    let ana = server.enrolled(3).await;
    let mallory = server.joined(2, Role::Member).await;
    let link = server.invite(Role::Member, 50).await;
    let out = StatementBody::Remove(Remove::Device(mallory.secret.id()));
    let out = server.statement(Signer::Device(&ana.secret), out).await;
    assert_eq!(server.say(&ana, &out).await, Ok(()));
    assert_eq!(problem(&server.enrol(mallory.join(&link)).await.1), ProblemCode::UnknownDevice);
}

#[tokio::test]
async fn whoever_is_out_hears_of_their_removal_and_of_nothing_later() {
    let server = Server::new().await;
    let ana = server.enrolled(3).await;
    let mallory = server.joined(2, Role::Member).await;
    let out = StatementBody::Remove(Remove::Device(mallory.secret.id()));
    let out = server.statement(Signer::Device(&ana.secret), out).await;
    assert_eq!(server.say(&ana, &out).await, Ok(()));
    let last = server.end().await;
    server.joined(5, Role::Member).await;
    let (_, frames) = server.sync(mallory.request(&[])).await;
    let answer = Phone::answer(&frames);
    assert_eq!((answer.state, answer.records.len()), (MemberState::Removed, 1));
    assert_eq!(Phone::texts(&frames), [out.encode()]);
    assert_eq!(answer.head.map(|head| *head.claimed_end()), Some(last));
    let behind = Phone { knows: Knows::NOTHING, ..mallory };
    let (_, frames) = server.sync(behind.request(&[])).await;
    assert_eq!(Phone::answer(&frames).records.len() as u64, last.position);
}

#[tokio::test]
async fn a_phone_on_another_chain_is_told_what_the_server_has_where_its_own_ends() {
    let server = Server::new().await;
    let ana = server.enrolled(3).await;
    let there = server.end().await;
    server.invite(Role::Member, 8).await;
    let end = server.end().await;
    let other = Knows { hash: kith_shared::ids::RecordHash([9; 32]), ..there };
    let (_, frames) = server.sync(Phone { knows: other, ..ana.clone() }.request(&[])).await;
    let answer = Phone::answer(&frames);
    assert_eq!((answer.chain, answer.records.len()), (ChainState::Differs, 0));
    assert_eq!(answer.parts.iter().map(|head| *head.claimed_end()).collect::<Vec<_>>(), [there]);
    let later = Knows { position: end.position + 1, ..other };
    let (_, frames) = server.sync(Phone { knows: later, ..ana.clone() }.request(&[])).await;
    let answer = Phone::answer(&frames);
    assert_eq!((answer.chain, answer.records.len()), (ChainState::Behind, 0));
    assert_eq!(answer.head.map(|head| *head.claimed_end()), Some(end), "an unsigned claim halts nothing");
    let invite = server.invite(Role::Member, 7).await;
    assert!(server.chain().await.standing().invite(&invite.public()).is_some());
}

#[tokio::test]
async fn a_circle_that_is_named_twice_is_looked_at_for_nobody() {
    let server = Server::new().await;
    let ana = server.enrolled(1).await;
    let asks: Vec<CircleAsk> = vec![ana.ask(), ana.ask()];
    let header = kith_shared::wire::RequestHeader::sign(&ana.secret, ana.now, 1 << 20, asks, Vec::new());
    let (_, frames) = server.sync(Frame::Request(header).encode()).await;
    assert_eq!(problem(&frames), ProblemCode::Malformed);
}

#[tokio::test]
async fn a_wrap_goes_to_its_device_and_what_lies_beside_is_what_was_signed() {
    let server = Server::new().await;
    let (ana, ben) = (server.enrolled(1).await, server.joined(2, Role::Member).await);
    let (epoch, wraps) = server.epoch(&ana, &[&ana, &ben], &kith_shared::seal::EpochKey([5; 32])).await;
    let mut forged = wraps.clone();
    forged[3] ^= 1;
    for beside in [forged, wraps[..80].to_vec(), Vec::new()] {
        let (_, frames) = server.sync(ana.stating_with(&[(&epoch, beside)])).await;
        assert_eq!(Phone::answer(&frames).refused_statements[0].problem, StatementProblem::BadAttachment);
    }
    server.sync(ana.stating_with(&[(&epoch, wraps.clone())])).await;
    for (phone, own) in [(&ana, &wraps[..80]), (&ben, &wraps[80..])] {
        let (_, frames) = server.sync(phone.request(&[])).await;
        let last = Phone::answer(&frames).records.last().unwrap();
        assert!(matches!(&last.text, GivenText::Given(stated) if stated.attachment == own), "{last:?}");
    }
}

/// What a server that was put back to an older state is asked, by a phone that kept what it was told since.
async fn bringing_back(kept: &Server, phone: &Phone) -> (Knows, CircleAsk) {
    let (_, frames) = kept.sync(phone.request(&[])).await;
    let answer = Phone::answer(&frames);
    let head = answer.head.unwrap();
    let brought = BroughtBack { from: answer.from, records: answer.records.clone(), head, upto: None };
    let end = *head.claimed_end();
    let chain = ChainCursor::of(&end);
    (end, CircleAsk { chain, brought_back: Some(brought), ..phone.ask() })
}

#[tokio::test]
async fn a_restored_server_takes_back_what_phones_kept_and_admits_nothing_before() {
    let (kept, restored) = (Server::new().await, Server::new().await);
    let (ana, same) = (kept.enrolled(1).await, restored.enrolled(1).await);
    assert_eq!(ana.knows, same.knows, "both servers were one until here");
    kept.joined(2, Role::Member).await;
    let (last, ask) = bringing_back(&kept, &ana).await;
    let mut lacking = ask.clone();
    if let Some(brought) = &mut lacking.brought_back {
        brought.records.truncate(1);
    }
    let (_, frames) = restored.sync(ana.asking(lacking, &[])).await;
    assert_eq!(Phone::answer(&frames).chain, ChainState::Behind);
    let other = restored.statement(Signer::Device(&ana.secret), server_invite(&restored, &ana)).await;
    assert_eq!(restored.say(&ana, &other).await, Err(StatementProblem::Waiting));
    let (_, frames) = restored.sync(ana.asking(ask.clone(), &[])).await;
    let answer = Phone::answer(&frames);
    assert_eq!((answer.chain, answer.head.map(|head| *head.claimed_end())), (ChainState::Follows, Some(last)));
    assert_eq!(restored.end().await, last);
    let caught_up = Phone { knows: last, ..ana.clone() };
    let next = restored.statement(Signer::Device(&ana.secret), server_invite(&restored, &ana)).await;
    assert_eq!(restored.say(&caught_up, &next).await, Ok(()));
    let circles = crate::admin::circle::list(restored.app.store.as_ref()).await.unwrap();
    let report = crate::store::consistency::check(restored.app.store.as_ref(), &circles).await.unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
}

fn server_invite(server: &Server, by: &Phone) -> StatementBody {
    let secret = InviteSecret([0x77; 16]);
    StatementBody::Invite(Invitation {
        key: secret.public(),
        to: InviteFor::Role(Role::Member),
        uses: 1,
        expires: server.now().plus_ms(DAY_MS),
        past: false,
        keys: Attached::NOTHING,
        possession: Invitation::prove(&secret, &server.circle, &Signer::Device(&by.secret).author()),
    })
}

#[tokio::test]
async fn the_root_goes_on_without_what_a_backup_lacks_and_it_is_lost_not_another_history() {
    let (kept, restored) = (Server::new().await, Server::new().await);
    let (ana, _) = (kept.enrolled(1).await, restored.enrolled(1).await);
    kept.joined(2, Role::Member).await;
    let (last, mut ask) = bringing_back(&kept, &ana).await;
    if let Some(brought) = &mut ask.brought_back {
        brought.records.clear();
    }
    restored.sync(ana.asking(ask, &[])).await;
    let (store, keys) = (restored.app.store.as_ref(), &restored.app.keys);
    let begun = crate::admin::restored::restored(store, keys, &restored.root, restored.now()).await.unwrap();
    assert_eq!(begun, [(restored.circle, ana.knows.position + 1)]);
    let ahead = Phone { knows: last, ..ana.clone() };
    let (_, frames) = restored.sync(ahead.request(&[])).await;
    let answer = Phone::answer(&frames);
    assert_eq!((answer.chain, answer.from, answer.records.len()), (ChainState::Differs, ana.knows.position + 1, 1));
    let old = dated_back(&restored, &ana, last, server_invite(&restored, &ana)).await;
    assert_eq!(restored.say(&ana, &old).await, Err(StatementProblem::LostChain));
    let new = restored.statement(Signer::Device(&ana.secret), server_invite(&restored, &ana)).await;
    assert_eq!(restored.say(&ana, &new).await, Ok(()));
}

#[tokio::test]
async fn a_head_that_another_server_signed_halts_nothing() {
    let server = Server::new().await;
    let ana = server.enrolled(1).await;
    let last = Knows { position: ana.knows.position + 5, ..ana.knows };
    let other = kith_shared::trust::SigningSecret::from_seed(&[0x99; 32]);
    let head = kith_shared::trust::ChainHead::sign(&other, server.circle, last, server.now());
    let brought = BroughtBack { from: ana.knows.position + 1, records: Vec::new(), head, upto: None };
    let ask = CircleAsk { brought_back: Some(brought), ..ana.ask() };
    assert_eq!(server.sync(ana.asking(ask, &[])).await.0, 200);
    let said = server.statement(Signer::Device(&ana.secret), server_invite(&server, &ana)).await;
    assert_eq!(server.say(&ana, &said).await, Ok(()));
}

#[tokio::test]
async fn statements_that_come_at_once_are_decided_one_after_the_other() {
    let server = Server::new().await;
    let mut requests = Vec::new();
    for seed in 1..=8 {
        let phone = server.joined(seed, Role::Member).await;
        requests.push((phone, DeviceSecret::from_seed([seed + 100; 32])));
    }
    let mut stated = Vec::new();
    for (phone, second) in &requests {
        stated.push(phone.stating(&[&server.added(phone, second).await]));
    }
    for (status, frames) in futures_util::future::join_all(stated.into_iter().map(|body| server.sync(body))).await {
        assert_eq!((status.as_u16(), Phone::answer(&frames).refused_statements.len()), (200, 0));
    }
    let chain = server.chain().await;
    assert!(requests.iter().all(|(_, second)| chain.standing().device(&second.id()).is_some()));
}

/// Two hubs over one store: a removal is admitted by one between a page's reads and its commit by the other.
#[tokio::test]
async fn whoever_is_taken_out_by_another_hub_meanwhile_adds_no_page() {
    let server = Server::new().await;
    let mut ben = server.joined(2, Role::Member).await;
    let page = ben.message("too late");
    let frame = |bytes: &[u8]| {
        let mut decoder = kith_shared::wire::FrameDecoder::default();
        decoder.feed(bytes);
        decoder.next_frame().unwrap().unwrap()
    };
    let (Frame::Request(header), Frame::Page(bytes)) = (frame(&ben.header(std::slice::from_ref(&page))), frame(&page))
    else {
        panic!("a header and a page");
    };
    let mut session = super::exchange::Session::new(
        std::sync::Arc::clone(&server.app),
        crate::rate::Party::Device(ben.secret.id()),
        crate::line::Line::new(std::sync::Arc::clone(&server.app.clock)),
    );
    session.begin(header).await;
    let out = StatementBody::Remove(Remove::Device(ben.secret.id()));
    server.state(&server.statement(Signer::Root(&server.root), out).await).await;
    session.page(bytes).await;
    session.end().await;
    let Some(Frame::Answer(answer)) = session.next_frame().await else { panic!("no answer") };
    assert_eq!(answer.circles[0].state, MemberState::Removed);
    assert_eq!(answer.circles[0].refused[0].refusal, kith_shared::gate::Refusal::Removed);
    assert_eq!(server.app.metrics.entries.get(), 0);
}
