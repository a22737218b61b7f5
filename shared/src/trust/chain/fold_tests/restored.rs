use crate::trust::testing::*;
use crate::trust::*;

use StatementProblem::{LostChain, NoChange, OtherChain};

/// What a server has that was put back to `kept` records, and the root's word that it goes on.
fn restored(chain: &Chain, statements: &[Statement], kept: u64, generation: u32) -> Chain {
    let (mut back, records) = chain.lose(kept + 1);
    for (record, statement) in records.into_iter().zip(statements) {
        back.hear_record(record, Some(statement)).unwrap();
    }
    let body = StatementBody::Restored(Restored { generation, from: kept + 1 });
    root_says(&mut back, body).unwrap();
    back
}

/// A circle of two, in which 1 then took 2 out; what was said, and what phone 2 said before it heard.
fn circle_with_a_removal() -> (Chain, Vec<Statement>, Statement) {
    let mut chain = circle();
    let mut said = vec![founding(0)];
    for n in [2, 3] {
        let granted = of_phone(&chain, 1, StatementBody::Grant(grant(&chain, 1, n, Role::Member)));
        admit(&mut chain, &granted).unwrap();
        said.push(granted);
    }
    let unheard = of_phone(&chain, 2, add_device(&chain, 2, 20, false));
    let removal = of_phone(&chain, 1, remove(&chain, 2));
    admit(&mut chain, &removal).unwrap();
    said.push(removal);
    (chain, said, unheard)
}

#[test]
fn a_removal_that_was_lost_is_in_again_from_anyone_also_after_its_author_said_something_newer() {
    let (chain, mut said, _) = circle_with_a_removal();
    let removal = said.pop().unwrap();
    let later = of_phone(&chain, 1, remove(&chain, 3));
    let mut chain_after = chain.clone();
    admit(&mut chain_after, &later).unwrap();
    let mut back = restored(&chain_after, &said, 2, 1);
    let knew_lost = of_phone(&chain, 1, promote(&chain, 3));
    assert_eq!(admit(&mut back, &knew_lost), Err(LostChain));
    enrol(&mut back, 1, 4, Role::Member);
    let newer = invites(&mut back, 1, 9, InviteFor::Role(Role::Member));
    assert!(newer.is_ok());
    assert_eq!(state(&back, 2), Some(MemberState::Active));
    // Of a removal that knew kept records alone the number counts; this one knew a lost record.
    let knew_lost = of_phone(&chain_after, 1, remove(&chain_after, 2));
    assert!(knew_lost.number > 0 && removal.number > 0);
    assert_eq!(admit(&mut back, &knew_lost).map(|_| ()), Ok(()));
    assert_eq!(state(&back, 2), Some(MemberState::Removed));
}

#[test]
fn what_was_lost_is_told_from_what_never_was() {
    let (chain, said, unheard) = circle_with_a_removal();
    let back = restored(&chain, &said, 2, 1);
    assert_eq!(back.check_known(&unheard.knows), Err(LostChain));
    let lost = chain.head();
    assert_eq!(back.hash_of(0, lost.position), Some(lost.hash));
    assert_eq!(back.hash_of(1, lost.position), None);
    let never = Knows { hash: crate::ids::RecordHash([9; 32]), ..back.head() };
    assert_eq!(back.check_known(&never), Err(OtherChain));
    assert_eq!(back.check_known(&Knows { generation: 2, ..back.head() }), Err(OtherChain));
}

#[test]
fn a_store_that_is_put_back_twice_begins_a_generation_that_nobody_saw() {
    let (chain, said, _) = circle_with_a_removal();
    let first = restored(&chain, &said, 3, 7);
    let lost_twice = first.head();
    let (mut back, records) = first.lose(2);
    for (record, statement) in records.into_iter().zip(&said) {
        back.hear_record(record, Some(statement)).unwrap();
    }
    let again = |generation| StatementBody::Restored(Restored { generation, from: back.len() + 1 });
    let by_root = draft(&back, Signer::Root(&root()), again(9));
    let (same, other) = (again(0), again(9));
    assert_eq!(root_says(&mut back, same), Err(NoChange));
    admit(&mut back, &by_root).unwrap();
    assert_eq!(says(&mut back, 1, other), Err(StatementProblem::Malformed), "by the root alone");
    assert_eq!(back.hash_of(7, lost_twice.position), Some(lost_twice.hash));
    assert_eq!(back.hash_of(0, 3), chain.hash(3), "of every generation that had it");
    assert_eq!(back.check_known(&lost_twice), Err(LostChain));
}

#[test]
fn whom_the_root_took_out_in_a_lost_part_is_out_again_from_whoever_brings_it() {
    let (_, mut said, _) = circle_with_a_removal();
    said.pop();
    let mut chain = circle();
    for statement in &said[1..] {
        admit(&mut chain, statement).unwrap();
    }
    // Nothing in it tells that it was lost: the root knew the kept part alone.
    let removal = draft(&chain, Signer::Root(&root()), remove(&chain, 2));
    admit(&mut chain, &removal).unwrap();
    let mut back = restored(&chain, &said, said.len() as u64, 1);
    assert_eq!(state(&back, 2), Some(MemberState::Active));
    admit(&mut back, &removal).unwrap();
    assert_eq!(state(&back, 2), Some(MemberState::Removed));
}

const ALL: KeyGroup = KeyGroup::Circle;

/// The root's word that a chain goes on after a restored backup.
fn goes_on(chain: &mut Chain) -> (Record, Statement) {
    let body = StatementBody::Restored(Restored { generation: 1, from: chain.len() + 1 });
    let statement = draft(chain, Signer::Root(&root()), body);
    (chain.hear(&statement, NOW).unwrap(), statement)
}

#[test]
fn keys_end_with_a_restored_backup_and_the_next_ones_are_due() {
    let mut chain = people(1, 2);
    let first = epoch(&chain, ALL, 1, &[1, 2, 3]);
    says(&mut chain, 1, first).unwrap();
    goes_on(&mut chain);
    assert_eq!(current(&chain, ALL), None, "whoever was given it in the lost part has it still");
    assert!(chain.standing().sealing_epoch(&ALL, |_| true).is_none());
    assert_eq!(lacking(&chain, ALL), (vec![], true));
    assert_eq!(chain.standing().groups(), [ALL], "its readers know that it needs another");
    let next = epoch(&chain, ALL, 2, &[1, 2, 3]);
    says(&mut chain, 2, next).unwrap();
    let place = chain.standing.device_places.get(&phone(2).id()).unwrap();
    let member = chain.standing.devices[place].member;
    assert_eq!(chain.standing.members[member].used.keys, 0);
    let again = epoch(&chain, ALL, 1, &[1, 2, 3]);
    says(&mut chain, 2, again).unwrap();
    assert_eq!(current(&chain, ALL), Some(epoch_id(2)), "said again it is late");
}

#[test]
fn a_phone_that_was_given_a_key_by_its_id_alone_stands_as_the_server_does_after_a_restored_backup() {
    let mut server = people(1, 2);
    let mut phone_4 = server.clone();
    let first = of_phone(&server, 1, epoch(&server, ALL, 1, &[1, 2, 3]));
    let record = server.hear(&first, NOW).unwrap();
    // When it asked, another was in force, which the backup lost: it was not told of whom the first was for.
    phone_4.hear_record(record, None).unwrap();
    let granted = of_phone(&server, 1, StatementBody::Grant(grant(&server, 1, 4, Role::Member)));
    let record = server.hear(&granted, NOW).unwrap();
    phone_4.hear_record(record, Some(&granted)).unwrap();
    assert_ne!(current(&phone_4, ALL), current(&server, ALL));
    let (record, statement) = goes_on(&mut server);
    phone_4.hear_record(record, Some(&statement)).unwrap();
    assert_eq!(current(&phone_4, ALL), current(&server, ALL));
    assert_eq!(lacking(&phone_4, ALL), lacking(&server, ALL));
}
