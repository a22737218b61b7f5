use crate::trust::testing::*;
use crate::trust::*;

use StatementProblem::{LostChain, NoChange, OtherChain};

/// What a server has that was put back to `kept` records, and the root's word that it goes on.
fn restored(chain: &Chain, statements: &[Statement], kept: u64, generation: u32) -> Chain {
    let (mut back, records) = chain.lose(kept + 1);
    for (record, statement) in records.into_iter().zip(statements) {
        back.take(record, Some(statement), Proof::Check).unwrap();
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
    assert_eq!(state(&back, 2), Some(State::Active));
    // Of a removal that knew kept records alone the number counts; this one knew a lost record.
    let knew_lost = of_phone(&chain_after, 1, remove(&chain_after, 2));
    assert!(knew_lost.number > 0 && removal.number > 0);
    assert_eq!(admit(&mut back, &knew_lost).map(|_| ()), Ok(()));
    assert_eq!(state(&back, 2), Some(State::Removed));
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
        back.take(record, Some(statement), Proof::Check).unwrap();
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
    assert_eq!(state(&back, 2), Some(State::Active));
    admit(&mut back, &removal).unwrap();
    assert_eq!(state(&back, 2), Some(State::Removed));
}
