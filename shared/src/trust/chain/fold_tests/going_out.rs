use crate::trust::testing::*;
use crate::trust::*;

use StatementProblem::{AuthorOut, KnownDevice, NoChange, NotAllowed, OldNumber};

#[test]
fn a_removal_takes_out_whom_it_names_and_nobody_else() {
    let mut chain = people(2, 1);
    enrol(&mut chain, 2, 9, Role::Member);
    let out = remove(&chain, 2);
    says(&mut chain, 1, out).unwrap();
    assert_eq!(state(&chain, 2), Some(MemberState::Removed));
    assert_eq!(state(&chain, 9), Some(MemberState::Active), "whom they let in stays");
}

#[test]
fn an_ordinary_member_takes_nobody_out_but_their_own_devices() {
    let mut chain = people(1, 2);
    let theirs = add_device(&chain, 2, 20, false);
    says(&mut chain, 2, theirs).unwrap();
    for body in [remove(&chain, 3), remove_device(1), remove_device(99), promote(&chain, 2), demote(&chain, 1)] {
        assert_eq!(says(&mut chain, 2, body), Err(NotAllowed));
    }
    says(&mut chain, 2, remove_device(20)).unwrap();
    assert_eq!((state(&chain, 2), state(&chain, 20)), (Some(MemberState::Active), Some(MemberState::Removed)));
}

#[test]
fn whoever_was_out_in_between_says_nothing_with_what_they_knew_before() {
    let mut chain = people(2, 1);
    let before = of_phone(&chain, 2, remove(&chain, 3));
    let (out, by) = (remove(&chain, 2), 1);
    says(&mut chain, by, out).unwrap();
    let back = confirm(&chain, 2);
    says(&mut chain, 1, back).unwrap();
    let leads = promote(&chain, 2);
    says(&mut chain, 1, leads).unwrap();
    assert_eq!(admit(&mut chain, &before), Err(AuthorOut));
    assert_eq!(state(&chain, 3), Some(MemberState::Active));
}

#[test]
fn an_older_statement_is_refused_after_a_newer_one() {
    let mut chain = people(1, 2);
    let held_back = of_phone(&chain, 1, promote(&chain, 2));
    let out = remove(&chain, 3);
    says(&mut chain, 1, out).unwrap();
    assert_eq!(admit(&mut chain, &held_back), Err(OldNumber));
}

#[test]
fn a_device_that_was_taken_out_before_it_came_never_comes() {
    let mut chain = circle();
    let granted = of_phone(&chain, 1, StatementBody::Grant(grant(&chain, 1, 9, Role::Member)));
    says(&mut chain, 1, remove_device(9)).unwrap();
    assert_eq!(admit(&mut chain, &granted), Err(KnownDevice));
    assert_eq!(says(&mut chain, 1, remove_device(9)), Err(NoChange));
}

#[test]
fn a_confirm_brings_back_as_a_member_whom_a_facilitator_took_out() {
    let mut chain = people(2, 1);
    let second = add_device(&chain, 2, 20, false);
    says(&mut chain, 2, second).unwrap();
    says(&mut chain, 2, remove_device(20)).unwrap();
    let out = remove(&chain, 2);
    says(&mut chain, 1, out).unwrap();
    let back = confirm(&chain, 2);
    says(&mut chain, 1, back).unwrap();
    assert_eq!((state(&chain, 2), role(&chain, 2)), (Some(MemberState::Active), Role::Member));
    assert_eq!(state(&chain, 20), Some(MemberState::Removed), "taken out by itself");
}

#[test]
fn a_confirm_undoes_the_removal_that_it_names_and_no_later_one() {
    let mut chain = people(1, 1);
    let out = remove(&chain, 2);
    says(&mut chain, 1, out.clone()).unwrap();
    let first = confirm(&chain, 2);
    says(&mut chain, 1, first.clone()).unwrap();
    says(&mut chain, 1, out).unwrap();
    assert_eq!(says(&mut chain, 1, first), Err(NoChange));
}

#[test]
fn whom_the_root_took_out_only_the_root_brings_back() {
    let mut chain = people(1, 1);
    let out = remove(&chain, 2);
    says(&mut chain, 1, out.clone()).unwrap();
    root_says(&mut chain, out).unwrap();
    let back = confirm(&chain, 2);
    assert_eq!(says(&mut chain, 1, back.clone()), Err(NotAllowed));
    root_says(&mut chain, back).unwrap();
    assert_eq!(state(&chain, 2), Some(MemberState::Active));
}

#[test]
fn recovering_takes_the_other_devices_out_and_begins_their_shares_anew() {
    let mut chain = people(1, 1);
    for n in [20, 21, 22] {
        let own = add_device(&chain, 2, n, n == 22);
        says(&mut chain, 2, own).unwrap();
    }
    let recovers = Grant { recovers: true, member: member(&chain, 2), ..grant(&chain, 1, 9, Role::Member) };
    says(&mut chain, 1, StatementBody::Grant(recovers)).unwrap();
    assert_eq!([2, 20, 21, 22].map(|n| state(&chain, n)), [Some(MemberState::Removed); 4]);
    assert_eq!((state(&chain, 9), member(&chain, 9)), (Some(MemberState::Active), member(&chain, 2)));
    assert_eq!(chain.standing().events().last().unwrap().kind, EventKind::Recovered);
}
