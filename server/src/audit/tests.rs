use std::sync::Arc;

use kith_shared::ids::{CircleId, DeviceId};
use kith_shared::storage::{Batch, CommitOutcome, Read, ReadResult, Tree};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{Attached, Invitation, InviteFor, InviteSecret, Promote, Remove, Role, Signer, StatementBody};

use super::*;
use crate::admin::invite::DAY_MS;
use crate::routes::testing::{Phone, Server};
use crate::store::MemoryStore;

fn event(number: u64) -> Event {
    let at = number as usize % Action::ALL.len();
    Event {
        time: TimestampMs(1_795_500_000_000 + number),
        actor: [Actor::Operator, Actor::Device(DeviceId([3; 32])), Actor::Server][number as usize % 3],
        action: Action::ALL[at],
        circle: number.is_multiple_of(2).then_some(CircleId([4; 16])),
        subject: vec![5; at],
    }
}

async fn filled() -> MemoryStore {
    let store = MemoryStore::new();
    for number in 0..20 {
        note(&store, &[event(number)]).await.unwrap();
    }
    store
}

async fn row(store: &MemoryStore, position: u64) -> Vec<u8> {
    let read = Read::Get { tree: Tree::Audit, key: position.to_be_bytes().to_vec() };
    store.read(vec![read]).await.unwrap().pop().and_then(ReadResult::value).unwrap()
}

async fn set(store: &MemoryStore, position: u64, bytes: Option<Vec<u8>>) {
    let mut batch = Batch::default();
    match bytes {
        Some(bytes) => batch.put(Tree::Audit, position.to_be_bytes(), bytes),
        None => batch.delete(Tree::Audit, position.to_be_bytes()),
    }
    store.commit(batch).await.unwrap();
}

async fn broken(store: &MemoryStore) -> String {
    verify(store, None).await.unwrap().broken.expect("it is found")
}

#[test]
fn a_record_has_its_bytes_and_hash() {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let bytes = Record { previous: [9; 32], event: event(4) }.encode();
    let golden =
        ["01", &"09".repeat(32), "84868fe1a034", "01", &"03".repeat(32), "0501", &"04".repeat(16), "0405050505"];
    assert_eq!(hex(&bytes), golden.concat());
    assert_eq!(hex(&Record::hash(&bytes)), "f80ef44cfa45215333faa8e4f85134446ec84fd36904ee06e69fb3a1a1139cac");
}

#[test]
fn a_record_is_read_as_it_was_written_and_in_no_other_form() {
    for number in 0..39 {
        let record = Record { previous: [9; 32], event: event(number) };
        let bytes = record.encode();
        assert_eq!(Record::decode(&bytes), Ok(record));
        assert!(Record::decode(&bytes[..bytes.len() - 1]).is_err());
        assert!(Record::decode(&[&bytes[..], &[0]].concat()).is_err());
    }
}

#[test]
fn the_form_is_as_documented() {
    let record = Record { previous: [0; 32], event: event(4) };
    let hex: String = record.encode().iter().map(|byte| format!("{byte:02x}")).collect();
    let (zeros, device, circle) = ("00".repeat(32), "03".repeat(32), "04".repeat(16));
    assert_eq!(hex, format!("01{zeros}84868fe1a03401{device}0501{circle}0405050505"));
}

#[tokio::test]
async fn a_whole_log_verifies_and_every_earlier_head_lies_on_it() {
    let store = MemoryStore::new();
    let empty = head(&store).await.unwrap();
    let mut heads = vec![empty];
    for number in 0..10 {
        heads.push(note(&store, &[event(number), event(number + 1)]).await.unwrap());
    }
    for noted in &heads {
        let report = verify(&store, Some(noted)).await.unwrap();
        assert_eq!(report, Report { head: heads[10], broken: None });
        assert_eq!(noted.to_string().parse(), Ok(*noted));
    }
}

#[tokio::test]
async fn a_changed_record_is_found_where_it_is() {
    for position in 0..20 {
        let store = filled().await;
        let mut record = Record::decode(&row(&store, position).await).unwrap();
        record.event.time.0 += 1;
        set(&store, position, Some(record.encode())).await;
        let broken = broken(&store).await;
        let at = if position < 19 { format!("record {} does not follow", position + 1) } else { "the log ends".into() };
        assert!(broken.starts_with(&at), "{broken}");
    }
}

#[tokio::test]
async fn a_dropped_record_is_found() {
    let store = filled().await;
    set(&store, 7, None).await;
    assert_eq!(broken(&store).await, "record 7 is missing");
    for position in 8..20 {
        let moved = row(&store, position).await;
        set(&store, position - 1, Some(moved)).await;
    }
    set(&store, 19, None).await;
    assert!(broken(&store).await.starts_with("record 7 does not follow"));
}

#[tokio::test]
async fn records_that_changed_places_are_found() {
    let store = filled().await;
    let (first, second) = (row(&store, 4).await, row(&store, 5).await);
    set(&store, 4, Some(second)).await;
    set(&store, 5, Some(first)).await;
    assert!(broken(&store).await.starts_with("record 4 does not follow"));
}

#[tokio::test]
async fn a_log_that_was_cut_off_is_found_by_its_head_and_with_a_forged_head_by_the_noted_one() {
    let store = filled().await;
    let noted = head(&store).await.unwrap();
    let shorter = Head { count: 19, hash: Record::hash(&row(&store, 18).await) };
    set(&store, 19, None).await;
    assert!(broken(&store).await.starts_with("the log ends at 19-"));
    let mut batch = Batch::default();
    batch.put(Tree::Meta, HEAD_KEY, shorter.encode().unwrap());
    store.commit(batch).await.unwrap();
    assert_eq!(verify(&store, None).await.unwrap().broken, None, "nothing in the store tells");
    let report = verify(&store, Some(&noted)).await.unwrap();
    assert!(report.broken.unwrap().contains(&noted.to_string()));
}

#[tokio::test]
async fn a_log_that_was_written_anew_does_not_pass_for_the_noted_one() {
    let noted = head(&filled().await).await.unwrap();
    let store = MemoryStore::new();
    for number in 1..30 {
        note(&store, &[event(number)]).await.unwrap();
    }
    assert_eq!(verify(&store, None).await.unwrap().broken, None);
    assert!(verify(&store, Some(&noted)).await.unwrap().broken.is_some());
}

#[tokio::test]
async fn two_writers_do_not_fork_the_log() {
    let store = MemoryStore::new();
    let before = head(&store).await.unwrap();
    let (mut first, mut second) = (Batch::default(), Batch::default());
    append(&mut first, &before, &[event(1)]);
    append(&mut second, &before, &[event(2)]);
    assert_eq!(store.commit(first).await, Ok(CommitOutcome::Committed));
    assert_eq!(store.commit(second).await, Ok(CommitOutcome::Conflict));
    let store = Arc::new(store);
    let tasks: Vec<_> = (0..8_u64)
        .map(|number| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { note(store.as_ref(), &[event(number)]).await.unwrap() })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let report = verify(store.as_ref(), None).await.unwrap();
    assert_eq!((report.head.count, report.broken), (9, None));
}

#[tokio::test]
async fn what_statements_do_is_in_the_log_whichever_way_they_come() {
    let server = Server::new().await;
    let (mut ana, ben) = (server.enrolled(1).await, server.joined(2, Role::Member).await);
    // Ana takes out a facilitator, which nobody does on their first day as one.
    server.clock.advance_ms(DAY_MS);
    ana.now = server.now();
    let member = server.chain().await.standing().device(&ben.secret.id()).unwrap().member;
    let by_ana = Signer::Device(&ana.secret);
    for body in [StatementBody::Promote(Promote { member }), StatementBody::Remove(Remove::Device(ben.secret.id()))] {
        let statement = server.statement(by_ana, body).await;
        assert_eq!(server.say(&ana, &statement).await, Ok(()));
    }
    let (link, expires) = (InviteSecret([77; 16]), server.now().plus_ms(DAY_MS));
    let to = InviteFor::Member { member, recovers: true };
    let (key, keys) = (link.public(), Attached::NOTHING);
    let possession = Invitation::prove(&link, &server.circle, &by_ana.author());
    let body = StatementBody::Invite(Invitation { key, to, uses: 1, expires, past: false, keys, possession });
    let statement = server.statement(by_ana, body).await;
    assert_eq!(server.say(&ana, &statement).await, Ok(()));
    let new = Phone::new(3, server.circle, server.now());
    assert_eq!(server.enrol(new.join(&link)).await.0, 200);
    let mut found = Vec::new();
    let mut take = |_, bytes: &[u8]| {
        let Event { actor, action, circle, subject, .. } = Record::decode(bytes).unwrap().event;
        assert_eq!(circle, Some(server.circle));
        found.push((actor, action, subject));
        true
    };
    each(server.app.store.as_ref(), &mut take).await.unwrap();
    let (actor, id) = (|phone: &Phone| Actor::Device(phone.secret.id()), |phone: &Phone| phone.secret.id().0.to_vec());
    let told: Vec<_> = found.iter().map(|(actor, action, _)| (*actor, *action)).collect();
    assert_eq!(
        told,
        [
            (Actor::Operator, Action::CircleCreated),
            (Actor::Operator, Action::InviteMade),
            (actor(&ana), Action::Enrolled),
            (Actor::Operator, Action::InviteMade),
            (actor(&ben), Action::Enrolled),
            (actor(&ana), Action::Promoted),
            (actor(&ana), Action::Removed),
            (actor(&ana), Action::InviteMade),
            (actor(&new), Action::Recovered),
        ]
    );
    let subjects = [2, 5, 6, 8].map(|at: usize| found[at].2.clone());
    assert_eq!(subjects, [id(&ana), member.0.to_vec(), id(&ben), id(&new)]);
    assert_eq!(verify(server.app.store.as_ref(), None).await.unwrap().broken, None);
}
