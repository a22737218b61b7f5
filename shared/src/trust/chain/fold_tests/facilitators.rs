use crate::trust::testing::*;
use crate::trust::*;

use StatementProblem::{AuthorOut, NoChange, NotAllowed, TooSoon};

#[test]
fn of_two_who_remove_each_other_the_first_counts() {
    let mut chain = people(2, 0);
    let (one, other) = (of_phone(&chain, 1, remove(&chain, 2)), of_phone(&chain, 2, remove(&chain, 1)));
    admit(&mut chain, &one).unwrap();
    assert_eq!(admit(&mut chain, &other), Err(AuthorOut));
    assert_eq!((state(&chain, 1), state(&chain, 2)), (Some(MemberState::Active), Some(MemberState::Removed)));
}

#[test]
fn a_facilitator_takes_out_one_other_a_day_in_whichever_way() {
    let mut chain = people(4, 0);
    let gone = demote(&chain, 2);
    says(&mut chain, 1, gone).unwrap();
    let recovers = Grant { recovers: true, member: member(&chain, 3), ..grant(&chain, 1, 9, Role::Member) };
    for body in [remove(&chain, 3), demote(&chain, 4), remove_device(3), StatementBody::Grant(recovers)] {
        assert_eq!(says(&mut chain, 1, body), Err(TooSoon));
    }
    let rest = remove(&chain, 2);
    says(&mut chain, 1, rest).unwrap();
    next_day(&mut chain);
    let next = remove(&chain, 3);
    says(&mut chain, 1, next).unwrap();
}

#[test]
fn several_phones_of_one_other_facilitator_are_one() {
    let mut chain = people(2, 0);
    for n in [20, 21] {
        let own = add_device(&chain, 2, n, false);
        says(&mut chain, 2, own).unwrap();
    }
    for n in [2, 20, 21] {
        says(&mut chain, 1, remove_device(n)).unwrap();
    }
}

#[test]
fn nobody_takes_out_a_facilitator_on_their_own_first_day_as_one_and_the_root_does_at_any_time() {
    let mut chain = people(2, 1);
    let leads = promote(&chain, 3);
    says(&mut chain, 1, leads).unwrap();
    let out = remove(&chain, 2);
    assert_eq!(says(&mut chain, 3, out.clone()), Err(TooSoon));
    root_says(&mut chain, out).unwrap();
    let other = remove(&chain, 1);
    root_says(&mut chain, other).unwrap();
    assert_eq!((state(&chain, 1), state(&chain, 2)), (Some(MemberState::Removed), Some(MemberState::Removed)));
}

#[test]
fn whoever_is_demoted_leads_nothing_with_what_they_knew_before() {
    let mut chain = people(2, 1);
    let before = of_phone(&chain, 2, remove(&chain, 3));
    let gone = demote(&chain, 2);
    says(&mut chain, 1, gone).unwrap();
    assert_eq!(admit(&mut chain, &before), Err(NotAllowed));
    let back = promote(&chain, 2);
    says(&mut chain, 1, back).unwrap();
    assert_eq!(admit(&mut chain, &before), Err(AuthorOut));
}

#[test]
fn a_promote_gives_no_role_back_that_was_taken_meanwhile() {
    let mut chain = people(2, 1);
    let unaware = of_phone(&chain, 2, promote(&chain, 3));
    let leads = promote(&chain, 3);
    says(&mut chain, 1, leads).unwrap();
    let gone = demote(&chain, 3);
    root_says(&mut chain, gone).unwrap();
    assert_eq!(admit(&mut chain, &unaware), Err(NoChange));
    assert_eq!(role(&chain, 3), Role::Member);
}

#[test]
fn a_facilitator_takes_themselves_out_and_makes_themselves_a_member_at_any_time() {
    let mut chain = people(2, 0);
    let gone = demote(&chain, 2);
    says(&mut chain, 2, gone).unwrap();
    let out = remove(&chain, 2);
    says(&mut chain, 2, out).unwrap();
    let mut new = circle();
    let out = remove(&new, 1);
    says(&mut new, 1, out).unwrap();
}

#[test]
fn nobody_recovers_themself_and_with_it_their_shares() {
    let mut chain = people(2, 1);
    let own = member(&chain, 1);
    let secret = invites(&mut chain, 1, 9, InviteFor::Member { member: own, recovers: true });
    let joined = secret.map(|secret| joins(&mut chain, &secret, 9));
    assert!(!matches!(joined, Ok(Ok(_))), "{joined:?}");
    assert_eq!(state(&chain, 9), None);
}
