//! What somebody who writes requests by hand gets from the hub.

use kith_shared::document::{DocumentName, Moment, StrategyText, Subject};
use kith_shared::gate::Refusal;
use kith_shared::ids::{BodyId, CircleId, MemberId, OrganisationKey};
use kith_shared::seal::{EpochKey, TextSalt};
use kith_shared::storage::Tree;
use kith_shared::sync::key;
use kith_shared::time::Month;
use kith_shared::trust::{
    Attached, Commission, Confirm, Draft, Found, Founder, Invitation, InviteFor, InviteRow, InviteSecret, Knows,
    MemberState, Remove, Role, RootCommission, Signed, Signer, SigningSecret, Statement, StatementBody,
    StatementProblem,
};
use kith_shared::wire::{CircleAsk, Entry, Frame, PAGE_BYTES_MAX, ProblemCode, RequestHeader, Stated, pack_page};

use super::testing::{COMMITMENT, Phone, Server, opened};
use crate::admin::invite::{DAY_MS, InviteTerms, Issuer};
use crate::admin::{circle, invite};
use crate::store::StoreError;

fn refusals(frames: &[Frame]) -> Vec<Refusal> {
    Phone::answer(frames).refused.iter().map(|refused| refused.refusal).collect()
}

fn problems(frames: &[Frame]) -> Vec<StatementProblem> {
    Phone::answer(frames).refused_statements.iter().map(|refused| refused.problem).collect()
}

fn is_served(frames: &[Frame]) -> bool {
    frames.iter().any(|frame| matches!(frame, Frame::Page(_) | Frame::Bodies(_)))
}

async fn member(server: &Server, phone: &Phone) -> MemberId {
    server.chain().await.standing().device(&phone.secret.id()).unwrap().member
}

async fn remove(server: &Server, signer: Signer<'_>, phone: &Phone) -> Signed<Statement> {
    let body = StatementBody::Remove(Remove::Member(member(server, phone).await));
    server.statement(signer, body).await
}

async fn body_row(server: &Server, body: &BodyId) -> Option<Vec<u8>> {
    server.app.get(Tree::Bodies, key::body(&server.circle, body)).await.unwrap()
}

#[tokio::test]
async fn a_removed_device_is_told_so_and_gets_nothing_else() {
    let server = Server::new().await;
    let (mut ana, mut ben) = (server.enrolled(1).await, server.joined(2, Role::Member).await);
    let (words, _) = ana.post("hello");
    server.sync(ana.request(&[ana.page(std::slice::from_ref(&words))])).await;
    server.state(&remove(&server, Signer::Root(&server.root), &ben).await).await;
    let page = ben.message("still here");
    let wanted = vec![BodyId::of(&words.bodies[0])];
    let (status, frames) =
        server.sync(ben.asking(CircleAsk { wanted, wants_warrant: true, ..ben.ask() }, &[page])).await;
    assert_eq!(status, 200);
    let answer = Phone::answer(&frames);
    assert_eq!((answer.state, refusals(&frames)), (MemberState::Removed, vec![Refusal::Removed]));
    assert!(
        answer.records.iter().all(|record| record.time <= server.now())
            && answer.warrant.is_empty()
            && answer.acks.is_empty()
    );
    assert!(!is_served(&frames), "{frames:?}");
    assert!(server.app.metrics.text().contains("kith_refusals_total{kind=\"removed\"} 1"));
}

#[tokio::test]
async fn a_circle_that_is_not_there_is_not_made_by_asking() {
    let server = Server::new().await;
    let ana = server.enrolled(1).await;
    let nowhere = Phone { circle: CircleId([1; 16]), ..ana.clone() };
    let (_, frames) = server.sync(nowhere.request(&[])).await;
    assert!(matches!(frames.as_slice(), [Frame::Problem(problem)] if problem.code == ProblemCode::UnknownDevice));
    let mut elsewhere = nowhere.clone();
    let page = elsewhere.message("hello");
    let (_, frames) = server.sync(ana.request(&[page])).await;
    assert!(matches!(frames.as_slice(), [Frame::Problem(problem)] if problem.code == ProblemCode::Malformed));
    assert_eq!(circle::list(server.app.store.as_ref()).await.unwrap().len(), 1);
}

fn founding(
    server: &Server,
    ana: &Phone,
    root: &SigningSecret,
    commission: Signed<Commission>,
) -> (CircleId, Signed<Statement>) {
    let founder = Founder { device: *ana.secret.public(), salt: [3; 16], commission: Some(commission) };
    let (root, server_key) = (OrganisationKey(root.public()), server.app.keys.server_key());
    let found = Found { root, server: server_key, salt: [4; 16], founder: Some(founder) };
    let (circle, knows) = (CircleId([0; 16]), Knows::NOTHING);
    let draft = Draft { circle, number: 0, knows, time: server.now(), body: StatementBody::Found(found) };
    let statement = draft.sign(Signer::Device(&ana.secret));
    (Statement::circle_of(&statement.id()), statement)
}

#[tokio::test]
async fn a_phone_founds_a_circle_only_with_this_organisations_commission() {
    let server = Server::new().await;
    let ana = server.enrolled(1).await;
    let (link, other) = (InviteSecret([9; 16]), SigningSecret::from_seed(&[77; 32]));
    let late = server.now().plus_ms(DAY_MS);
    let by = |root: &SigningSecret, expires| {
        RootCommission::sign(root, link.public(), expires).complete(&link, &ana.secret.id())
    };
    for (commission, root) in
        [(by(&other, late), &other), (by(&other, late), &server.root), (by(&server.root, server.now()), &server.root)]
    {
        let (circle, statement) = founding(&server, &ana, root, commission);
        let stated = Stated { statement: statement.encode(), attachment: Vec::new() };
        let ask = CircleAsk { statements: vec![stated], ..CircleAsk::of(circle) };
        let header = RequestHeader::sign(&ana.secret, ana.now, 1 << 20, vec![ana.ask(), ask], Vec::new());
        let (_, frames) = server.sync(Frame::Request(header).encode()).await;
        let Frame::Answer(answer) = &frames[0] else { panic!("{frames:?}") };
        assert_eq!(answer.circles[1].refused_statements[0].problem, StatementProblem::BadCommission);
        assert_eq!(answer.circles[1].state, MemberState::Removed);
    }
    assert_eq!(circle::list(server.app.store.as_ref()).await.unwrap().len(), 1);
    let (circle, statement) = founding(&server, &ana, &server.root, by(&server.root, late));
    let founder = Phone { circle, knows: Knows::NOTHING, ..ana.clone() };
    let (status, frames) = server.sync(founder.stating(&[&statement])).await;
    assert_eq!((status.as_u16(), Phone::answer(&frames).state), (200, MemberState::Active));
    assert_eq!(circle::list(server.app.store.as_ref()).await.unwrap().len(), 2);
    let again = Founder { device: *ana.secret.public(), salt: [5; 16], commission: Some(by(&server.root, late)) };
    let (root, server_key) = (OrganisationKey(server.root.public()), server.app.keys.server_key());
    let found = Found { root, server: server_key, salt: [6; 16], founder: Some(again) };
    let (circle, knows) = (CircleId([0; 16]), Knows::NOTHING);
    let draft = Draft { circle, number: 0, knows, time: server.now(), body: StatementBody::Found(found) };
    let second = draft.sign(Signer::Device(&ana.secret));
    let founder = Phone { circle: Statement::circle_of(&second.id()), knows, ..ana.clone() };
    let (status, _) = server.sync(founder.stating(&[&second])).await;
    assert_eq!(status, 403, "a commission founds one circle");
    assert_eq!(circle::list(server.app.store.as_ref()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_member_takes_nobody_out() {
    let server = Server::new().await;
    let (ana, ben) = (server.enrolled(1).await, server.joined(2, Role::Member).await);
    let (_, frames) = server.sync(ben.stating(&[&remove(&server, Signer::Device(&ben.secret), &ana).await])).await;
    assert_eq!(problems(&frames), [StatementProblem::NotAllowed]);
    let forged = Statement {
        author: kith_shared::trust::StatementAuthor::Root,
        ..opened(remove(&server, Signer::Device(&ben.secret), &ana).await)
    };
    let (_, frames) = server.sync(ben.stating(&[&Signed::new(forged)])).await;
    assert_eq!(problems(&frames), [StatementProblem::BadSignature]);
    assert_eq!(server.chain().await.standing().device(&ana.secret.id()).unwrap().state, MemberState::Active);
}

#[tokio::test]
async fn who_confirmed_a_key_seals_with_no_older_one() {
    let server = Server::new().await;
    let (mut ana, mut ben) = (server.enrolled(1).await, server.joined(2, Role::Member).await);
    let mut ids = Vec::new();
    for key in [EpochKey([1; 32]), EpochKey([2; 32])] {
        let (epoch, wraps) = server.epoch(&ana, &[&ana, &ben], &key).await;
        let (_, frames) = server.sync(ana.stating_with(&[(&epoch, wraps)])).await;
        assert_eq!(problems(&frames), []);
        ids.push(key.id(&server.circle, &kith_shared::trust::KeyGroup::Circle));
    }
    let (first, second) = (ids[0], ids[1]);
    (ana.epoch, ben.epoch) = (first, first);
    let page = ben.message("before");
    let (_, frames) = server.sync(ben.request(&[page])).await;
    assert_eq!(refusals(&frames), []);
    let sealing = |epoch| CircleAsk { sealing: Some(epoch), ..ben.ask() };
    server.sync(ben.asking(sealing(second), &[])).await;
    server.sync(ben.asking(sealing(first), &[])).await;
    let mut late = ben.clone();
    let page = late.message("with the old key");
    let (_, frames) = server.sync(late.request(&[page])).await;
    assert_eq!(refusals(&frames), [Refusal::OldEpoch]);
    let (others, _) = ana.post("hers is another's word");
    let page = ben.page(&[others]);
    let (_, frames) = server.sync(ben.request(&[page])).await;
    assert_eq!(refusals(&frames), [], "only who confirmed is held to it");
    ben.epoch = second;
    let page = ben.message("with the new key");
    let (_, frames) = server.sync(ben.request(&[page])).await;
    assert_eq!(refusals(&frames), []);
}

#[tokio::test]
async fn words_that_are_not_sealed_are_not_kept() {
    let server = Server::new().await;
    let ana = server.enrolled(1).await;
    // Format 0 was plain text; 1 was sealed, and held no salt to its message's commitment.
    for format in [0, 1] {
        let body = [&[format; 5][..], b"plain words"].concat();
        let entry = ana.clone().post_sealed(body.clone());
        let page = ana.page(&[entry]);
        let (_, frames) = server.sync(ana.request(&[page])).await;
        assert_eq!(refusals(&frames), [Refusal::Unsealed]);
        assert_eq!(body_row(&server, &BodyId::of(&body)).await, None);
    }
}

#[tokio::test]
async fn a_toolkits_texts_are_plain_and_no_others() {
    let server = Server::new().await;
    let (mut ana, ben) = (server.enrolled(1).await, server.joined(2, Role::Member).await);
    let sealed = ana.sealed("a message's key", "words");
    let moments = vec![Moment::AnyTime];
    let text = StrategyText { salt: TextSalt([9; 16]), title: "Walk".to_owned(), text: "Out.".to_owned(), moments };
    let body = text.encode();
    let entry = ana.clone().post_sealed(body.clone());
    let (_, frames) = server.sync(ana.request(&[ana.page(&[entry])])).await;
    assert_eq!(refusals(&frames), [Refusal::Unsealed], "a message's text is sealed");
    ana.name = DocumentName::new(Subject::Toolkit);
    let (now, mut key) = (ana.now, String::new());
    let said = ana.edit(Vec::new(), |handle| key = handle.add_strategy(now, &text, None).unwrap().0);
    let wrong = Entry { bodies: vec![sealed], ..said.clone() };
    let (_, frames) = server.sync(ana.request(&[ana.page(&[wrong])])).await;
    assert_eq!(refusals(&frames), [Refusal::Malformed]);
    let said = Entry { bodies: vec![body.clone()], ..said };
    let (_, frames) = server.sync(ana.request(&[ana.page(&[said])])).await;
    assert_eq!(refusals(&frames), []);
    assert_eq!(body_row(&server, &BodyId::of(&body)).await, Some(body.clone()));
    let wanted = vec![BodyId::of(&body)];
    let (_, frames) = server.sync(ben.asking(CircleAsk { wanted, ..ben.ask() }, &[])).await;
    let given = frames.iter().any(|frame| matches!(frame, Frame::Bodies(bodies) if bodies.contains(&body)));
    assert!(given && Phone::entries(&frames) == 1, "whoever is in reads it: {frames:?}");
    let back = ana.edit(Vec::new(), |handle| handle.take_back_strategy(&key, now).unwrap());
    let (_, frames) = server.sync(ana.request(&[ana.page(&[back])])).await;
    assert_eq!((refusals(&frames), body_row(&server, &BodyId::of(&body)).await), (Vec::new(), Some(Vec::new())));
}

#[tokio::test]
async fn nobody_relays_for_one_who_was_taken_out() {
    let server = Server::new().await;
    let (ana, mut ben) = (server.enrolled(1).await, server.joined(2, Role::Member).await);
    let (before, _) = ben.post("written in time");
    let page = ana.page(&[before]);
    let (_, frames) = server.sync(ana.request(&[page])).await;
    assert_eq!(refusals(&frames), [], "a phone may bring what another wrote");
    let (after, _) = ben.post("too late");
    let stating = ana.stating(&[&remove(&server, Signer::Device(&ana.secret), &ben).await]);
    server.sync(stating).await;
    let page = ana.page(&[after]);
    let (_, frames) = server.sync(ana.request(&[page])).await;
    assert_eq!(refusals(&frames), [Refusal::Removed]);
}

#[tokio::test]
async fn what_is_taken_back_is_gone_and_does_not_come_again() {
    let server = Server::new().await;
    let (mut ana, mut ben) = (server.enrolled(1).await, server.joined(2, Role::Member).await);
    let (said, message) = ben.post("I should not have said this");
    let id = BodyId::of(&said.bodies[0]);
    server.sync(ben.request(&[ben.page(std::slice::from_ref(&said))])).await;
    assert_eq!(body_row(&server, &id).await.as_ref(), Some(&said.bodies[0]));
    let now = ben.now;
    let back = ben.edit(Vec::new(), |handle| {
        handle.take_back(&message, now).unwrap();
    });
    let (_, frames) = server.sync(ben.request(&[ben.page(&[back])])).await;
    assert_eq!(refusals(&frames), []);
    assert_eq!(body_row(&server, &id).await, Some(Vec::new()));
    for phone in [&ben, &ana] {
        let (_, frames) = server.sync(phone.request(&[phone.page(std::slice::from_ref(&said))])).await;
        assert_eq!(refusals(&frames), []);
        assert_eq!(body_row(&server, &id).await, Some(Vec::new()), "sent again, it stays away");
    }
    let (now, body) = (ana.now, id);
    let named = ana.edit(vec![said.bodies[0].clone()], |handle| {
        handle.post(now, &body, &COMMITMENT, None).unwrap();
    });
    let (_, frames) = server.sync(ana.request(&[ana.page(&[named])])).await;
    assert_eq!((refusals(&frames), body_row(&server, &id).await), (Vec::new(), Some(Vec::new())));
}

#[tokio::test]
async fn nobody_takes_back_anothers_words() {
    let server = Server::new().await;
    let (mut ana, mut ben) = (server.enrolled(1).await, server.joined(2, Role::Member).await);
    let (said, message) = ben.post("mine");
    let id = BodyId::of(&said.bodies[0]);
    server.sync(ben.request(&[ben.page(std::slice::from_ref(&said))])).await;
    let mut own = ana.clone();
    ana.changes.push(said.content.bytes().to_vec());
    let now = ana.now;
    let back = ana.edit(Vec::new(), |handle| {
        handle.take_back(&message, now).unwrap();
    });
    let (_, frames) = server.sync(ana.request(&[ana.page(&[back])])).await;
    assert_eq!(refusals(&frames), [Refusal::NotAllowed]);
    let mut key = String::new();
    let named = own.edit(Vec::new(), |handle| key = handle.post(now, &id, &COMMITMENT, None).unwrap());
    let back = own.edit(Vec::new(), |handle| {
        handle.take_back(&key, now).unwrap();
    });
    let (_, frames) = server.sync(own.request(&[own.page(&[named, back])])).await;
    assert_eq!(refusals(&frames), [], "she may name it, and take her own message back");
    assert_eq!(body_row(&server, &id).await, Some(said.bodies[0].clone()), "and his words stay");
    // A new phone is given documents in another order, and would take them for hers there.
    let Subject::Thread { thread, month, part } = ana.name.subject else { panic!("{:?}", ana.name) };
    let later = Subject::Thread { thread, month: Month(month.0 + 1), part };
    let mut elsewhere = Phone { name: DocumentName::new(later), changes: Vec::new(), ..ana };
    let named = elsewhere.edit(vec![said.bodies[0].clone()], |handle| {
        handle.post(now, &id, &COMMITMENT, None).unwrap();
    });
    let (_, frames) = server.sync(elsewhere.request(&[elsewhere.page(&[named])])).await;
    assert_eq!(refusals(&frames), [Refusal::NotAllowed]);
}

#[tokio::test]
async fn whom_a_removed_facilitator_let_in_meanwhile_writes_and_is_not_served() {
    let server = Server::new().await;
    let (mut ana, cleo) = (server.enrolled(1).await, server.enrolled(3).await);
    let page = ana.message("for the circle");
    server.sync(ana.request(&[page])).await;
    let (warrant, mut ben) = (server.warrant(&ana).await, Phone::new(2, server.circle, server.now()));
    let grant = server.statement(Signer::Device(&ana.secret), Server::grant(warrant, &ben.secret, Role::Member)).await;
    server.state(&remove(&server, Signer::Root(&server.root), &ana).await).await;
    assert_eq!(server.sync(ben.stating(&[&grant])).await.0, 200, "whoever holds a Grant may bring it");
    ben.knows = server.end().await;
    let page = ben.message("am I here?");
    let (_, frames) = server.sync(ben.request(&[page])).await;
    let answer = Phone::answer(&frames);
    assert_eq!((answer.state, answer.refused.len(), answer.acks.len()), (MemberState::Provisional, 0, 1));
    assert!(!is_served(&frames) && answer.records.is_empty(), "{frames:?}");
    let member = member(&server, &ben).await;
    let undoes = server.chain().await.standing().member(&member).unwrap().undone_by_confirm.unwrap();
    let confirm = StatementBody::Confirm(Confirm { member, undoes });
    let confirm = server.statement(Signer::Device(&cleo.secret), confirm).await;
    assert_eq!(server.say(&cleo, &confirm).await, Ok(()));
    let (_, frames) = server.sync(ben.request(&[])).await;
    assert_eq!(
        (Phone::answer(&frames).state, Phone::entries(&frames)),
        (MemberState::Active, 2),
        "a new phone: all of it"
    );
}

#[tokio::test]
async fn of_facilitators_who_remove_each_other_the_first_admitted_counts_and_the_root_brings_back() {
    let server = Server::new().await;
    let (mut ana, mut cleo) = (server.enrolled(1).await, server.enrolled(3).await);
    server.clock.advance_ms(DAY_MS);
    (ana.now, cleo.now) = (server.now(), server.now());
    let removals = [
        remove(&server, Signer::Device(&ana.secret), &cleo).await,
        remove(&server, Signer::Device(&cleo.secret), &ana).await,
    ];
    let (_, frames) = server.sync(ana.stating(&removals.iter().collect::<Vec<_>>())).await;
    assert_eq!(
        (problems(&frames), Phone::answer(&frames).state),
        (vec![StatementProblem::AuthorOut], MemberState::Active)
    );
    let page = cleo.message("after");
    let (_, frames) = server.sync(cleo.request(&[page])).await;
    assert_eq!((Phone::answer(&frames).state, refusals(&frames)), (MemberState::Removed, vec![Refusal::Removed]));
    assert!(!is_served(&frames), "{frames:?}");
    let member = member(&server, &cleo).await;
    server.by_root().bring_back(member).await.unwrap();
    let (_, frames) = server.sync(cleo.request(&[])).await;
    assert_eq!(Phone::answer(&frames).state, MemberState::Active, "who is brought back hears of it by asking");
}

fn invitation(
    (circle, by): (CircleId, Signer<'_>),
    secret: &InviteSecret,
    to: InviteFor,
    expires: kith_shared::time::TimestampMs,
) -> StatementBody {
    let (key, keys) = (secret.public(), Attached::NOTHING);
    let possession = Invitation::prove(secret, &circle, &by.author());
    StatementBody::Invite(Invitation { key, to, uses: 9, expires, past: false, keys, possession })
}

#[tokio::test]
async fn an_invites_key_leads_into_no_other_circle() {
    let server = Server::new().await;
    let link = server.invite(Role::Member, 5).await;
    let (store, keys, now) = (server.app.store.as_ref(), &server.app.keys, server.now());
    let other = circle::create(store, keys, &server.root, "Other", [6; 16], now).await.unwrap();
    let (theirs, expires) = (InviteSecret([44; 16]), now.plus_ms(DAY_MS));
    let terms = InviteTerms { role: Role::Facilitator, uses: 1, expires };
    invite::create(store, keys, &Issuer::root(&server.root), other, &theirs, terms, now).await.unwrap();
    let mallory = Phone::new(7, other, now);
    assert_eq!(server.enrol(mallory.join(&theirs)).await.0, 200);
    let chain = crate::admin::chain::load(store, other).await.unwrap();
    let body = invitation((other, Signer::Device(&mallory.secret)), &link, InviteFor::Role(Role::Member), expires);
    let stolen = chain.draft(Some(&mallory.secret.id()), body, now).sign(Signer::Device(&mallory.secret));
    assert_eq!(server.say(&mallory, &stolen).await, Err(StatementProblem::NotAllowed));
    let row = server.app.get(Tree::Invites, InviteRow::key(&link.public()).to_vec()).await.unwrap().unwrap();
    assert_eq!(InviteRow::decode(&row).unwrap().circle, server.circle);
}

#[tokio::test]
async fn an_invites_key_that_is_stated_again_gives_no_place_anew() {
    let server = Server::new().await;
    let ben = server.joined(2, Role::Member).await;
    let link = server.invite(Role::Facilitator, 1).await;
    let ana = Phone::new(1, server.circle, server.now());
    assert_eq!(server.enrol(ana.join(&link)).await.0, 200);
    let to = InviteFor::Member { member: member(&server, &ben).await, recovers: false };
    let body = invitation((server.circle, Signer::Device(&ben.secret)), &link, to, server.now().plus_ms(DAY_MS));
    let again = server.statement(Signer::Device(&ben.secret), body).await;
    assert!(server.say(&ben, &again).await.is_err());
    for seed in 10..20 {
        assert_eq!(server.enrol(Phone::new(seed, server.circle, server.now()).join(&link)).await.0, 410);
    }
    assert_eq!(server.chain().await.standing().device(&ana.secret.id()).unwrap().state, MemberState::Active);
}

#[tokio::test]
async fn a_sealed_document_is_written_by_those_whose_it_is() {
    let server = Server::new().await;
    let (ana, ben) = (server.enrolled(1).await, server.joined(2, Role::Member).await);
    let day = server.now().day();
    let note = DocumentName::new(Subject::FacilitatorNote { day, ordinal: 0 });
    for (phone, name, expected) in
        [(&ana, note, vec![]), (&ben, note, vec![Refusal::NotAllowed]), (&ben, ben.name, vec![Refusal::Unsealed])]
    {
        let page = phone.page(&[phone.sealed_entry(name)]);
        let (_, frames) = server.sync(phone.request(&[page])).await;
        assert_eq!(refusals(&frames), expected, "{name:?}");
    }
}

#[tokio::test]
async fn one_circle_named_again_and_again_costs_nothing_and_is_refused_by_name() {
    let server = Server::new().await;
    let mallory = server.joined(2, Role::Member).await;
    let days = (0..4_096).map(|day| Subject::SessionNote { day: kith_shared::time::Day(day), ordinal: 0 });
    let ask = CircleAsk { unsure: days.map(DocumentName::new).collect(), ..mallory.ask() };
    let sign = |asks| RequestHeader::sign(&mallory.secret, mallory.now, 1 << 20, asks, Vec::new());
    assert_eq!(server.sync(Frame::Request(sign(vec![ask.clone()])).encode()).await.0, 200, "once, it is lawful");
    server.faults.fail_reads(StoreError::Stopped { cause: "nothing is read for it".into() });
    let (status, frames) = server.sync(Frame::Request(sign(vec![ask; 32])).encode()).await;
    let [Frame::Problem(problem)] = frames.as_slice() else { panic!("{frames:?}") };
    assert_eq!((status.as_u16(), problem.code), (400, ProblemCode::Malformed));
    assert!(problem.detail.contains("circle named twice"), "{}", problem.detail);
}

/// Bytes that nothing makes shorter.
fn noise(seed: u64, len: usize) -> Vec<u8> {
    let mut state = seed;
    let mut byte = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as u8
    };
    (0..len).map(|_| byte()).collect()
}

#[tokio::test]
async fn as_many_entries_as_a_page_holds_behind_one_signature_are_given_on() {
    let server = Server::new().await;
    let (mut ana, ben) = (server.enrolled(1).await, server.joined(2, Role::Member).await);
    let mut entries = Vec::new();
    for number in 0..300_u16 {
        let mut id = [7; 32];
        id[..2].copy_from_slice(&number.to_le_bytes());
        let now = ana.now;
        entries.push(ana.edit(vec![Vec::new()], |handle| {
            handle.post(now, &BodyId(id), &COMMITMENT, None).unwrap();
        }));
    }
    let (_, frames) = server.sync(ana.request(&[ana.page(&entries)])).await;
    assert_eq!(refusals(&frames), []);
    let (_, given) = server.sync(ben.request(&[])).await;
    assert_eq!(Phone::entries(&given), entries.len());
    assert!(matches!(given.last(), Some(Frame::End { .. })), "{:?}", given.last());
}

#[tokio::test]
async fn a_page_that_leaves_no_room_for_a_cursor_is_turned_away_and_stops_nobody() {
    let server = Server::new().await;
    let (ana, ben) = (server.enrolled(1).await, server.joined(2, Role::Member).await);
    let sized = |last: usize| {
        let mut ana = ana.clone();
        let bodies = [4_000, 4_000, 4_000, last].into_iter().zip(1..).map(|(len, seed)| noise(seed, len));
        let entries: Vec<_> = bodies.map(|body| ana.post_sealed(body)).collect();
        let (page, taken) = pack_page(&ana.circle, b"c", &entries);
        assert_eq!(taken, entries.len());
        page
    };
    let room = PAGE_BYTES_MAX - sized(3_000).len();
    let page = sized(3_000 + room - 4);
    assert!(page.len() > PAGE_BYTES_MAX - 32, "{}", page.len());
    let (_, frames) = server.sync(ana.request(&[Frame::Page(page).encode()])).await;
    assert!(matches!(frames.last(), Some(Frame::Problem(problem)) if problem.code == ProblemCode::Malformed));
    let mut ana = ana.clone();
    let said = ana.message("what everybody is given");
    server.sync(ana.request(&[said])).await;
    let (_, given) = server.sync(ben.request(&[])).await;
    assert_eq!(Phone::entries(&given), 1);
    assert!(matches!(given.last(), Some(Frame::End { .. })), "{:?}", given.last());
}
