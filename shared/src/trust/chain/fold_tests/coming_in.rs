use crate::trust::testing::*;
use crate::trust::*;

use StatementProblem::{AuthorOut, BadSignature, KnownDevice, NotAllowed, WarrantSpent};

#[test]
fn a_device_is_nobodys_without_its_own_signature() {
    let mut chain = people(1, 2);
    let StatementBody::AddDevice(add) = add_device(&chain, 3, 30, true) else { unreachable!() };
    assert_eq!(says(&mut chain, 2, StatementBody::AddDevice(add)), Err(BadSignature), "agreed to be of phone 3's");
    assert_eq!(says(&mut chain, 3, StatementBody::AddDevice(AddDevice { paper: false, ..add })), Err(BadSignature));
    says(&mut chain, 3, StatementBody::AddDevice(add)).unwrap();
    assert_eq!(member(&chain, 30), member(&chain, 3));
}

#[test]
fn a_device_that_was_once_in_never_comes_again() {
    let mut chain = people(1, 2);
    let link = invites(&mut chain, 1, 9, InviteFor::Role(Role::Member)).unwrap();
    assert_eq!(joins(&mut chain, &link, 2), Err(KnownDevice));
    let again = grant(&chain, 1, 2, Role::Facilitator);
    assert_eq!(says(&mut chain, 1, StatementBody::Grant(again)), Err(KnownDevice));
    let out = remove(&chain, 2);
    says(&mut chain, 1, out).unwrap();
    assert_eq!(joins(&mut chain, &link, 2), Err(KnownDevice));
    assert_eq!(state(&chain, 2), Some(MemberState::Removed));
}

#[test]
fn a_grant_claims_nobody_who_is_there() {
    let mut chain = people(1, 1);
    let taken = Grant { member: member(&chain, 2), ..grant(&chain, 1, 9, Role::Member) };
    assert_eq!(says(&mut chain, 1, StatementBody::Grant(taken)), Err(NotAllowed));
}

#[test]
fn as_many_come_in_under_a_warrant_as_it_says_and_until_sixty_days_after_its_end() {
    let mut chain = circle();
    let warrant = Warrant::sign(&server(), *chain.circle(), phone(1).id(), WarrantId([7; 16]), 2, UNTIL, 1);
    let by_it = |n: u8| {
        let device = *phone(n).public();
        StatementBody::Grant(Grant {
            member: Grant::new_member(warrant.claimed_id(), &device.id()),
            device,
            warrant,
            ..grant(&circle(), 1, n, Role::Member)
        })
    };
    says(&mut chain, 1, by_it(2)).unwrap();
    let late = of_phone(&chain, 1, by_it(3));
    let last_moment = UNTIL.plus_ms(bounds::GRANT_GRACE_MS);
    assert_eq!(chain.clone().hear(&late, last_moment.plus_ms(1)), Err(WarrantSpent));
    chain.hear(&late, last_moment).unwrap();
    assert_eq!(says(&mut chain, 1, by_it(4)), Err(WarrantSpent));
    assert_eq!((state(&chain, 2), state(&chain, 3)), (Some(MemberState::Active), Some(MemberState::Active)));
}

#[test]
fn a_phone_that_was_put_back_and_grants_again_makes_nobody_vanish() {
    let mut chain = circle();
    let knew = chain.clone();
    let (first, second) = (grant(&knew, 1, 2, Role::Member), grant(&knew, 1, 3, Role::Member));
    let (first, second) =
        (of_phone(&knew, 1, StatementBody::Grant(first)), of_phone(&knew, 1, StatementBody::Grant(second)));
    assert_eq!(first.number, second.number);
    admit(&mut chain, &first).unwrap();
    admit(&mut chain, &second).unwrap();
    assert_eq!((state(&chain, 2), state(&chain, 3)), (Some(MemberState::Active), Some(MemberState::Active)));
}

#[test]
fn a_grant_that_its_newcomer_brings_first_makes_nothing_old_that_its_author_said_before() {
    let mut chain = people(1, 1);
    let said_before = of_phone(&chain, 1, remove(&chain, 2));
    let mut granted = of_phone(&chain, 1, StatementBody::Grant(grant(&chain, 1, 9, Role::Member)));
    granted.number = said_before.number + 1;
    let Statement { circle, number, knows, time, body, .. } = granted;
    let granted = Draft { circle, number, knows, time, body }.signed(Signer::Device(phone(1)));
    admit(&mut chain, &granted).unwrap();
    admit(&mut chain, &said_before).unwrap();
    assert_eq!(state(&chain, 2), Some(MemberState::Removed));
}

#[test]
fn whom_a_facilitator_lets_in_who_is_out_already_waits_and_does_nothing() {
    let mut chain = people(2, 1);
    let (knew, warrant) = (chain.clone(), grant(&chain, 2, 9, Role::Facilitator));
    let out = remove(&chain, 2);
    says(&mut chain, 1, out).unwrap();
    let late = of_phone(&knew, 2, StatementBody::Grant(warrant));
    admit(&mut chain, &late).unwrap();
    assert_eq!(state(&chain, 9), Some(MemberState::Provisional));
    assert!(!chain.standing().reads(&phone(9).id(), &KeyGroup::Circle));
    let out = remove(&chain, 1);
    assert_eq!(says(&mut chain, 9, out), Err(AuthorOut));
    let confirmed = confirm(&chain, 9);
    says(&mut chain, 1, confirmed).unwrap();
    assert_eq!((state(&chain, 9), role(&chain, 9)), (Some(MemberState::Active), Role::Member));
}

#[test]
fn a_warrant_that_was_signed_after_its_facilitator_was_taken_out_lets_nobody_wait() {
    let mut chain = people(2, 1);
    let knew = chain.clone();
    let out = remove(&chain, 2);
    says(&mut chain, 1, out).unwrap();
    let after = grant(&chain, 2, 9, Role::Member);
    let late = of_phone(&knew, 2, StatementBody::Grant(after));
    assert_eq!(admit(&mut chain, &late), Err(AuthorOut));
    let knowing = of_phone(&chain, 2, StatementBody::Grant(grant(&knew, 2, 9, Role::Member)));
    assert_eq!(admit(&mut chain, &knowing), Err(AuthorOut), "knew of being out");
}

#[test]
fn a_late_grant_recovers_nobody() {
    let mut chain = people(2, 1);
    let knew = chain.clone();
    let out = remove(&chain, 2);
    says(&mut chain, 1, out).unwrap();
    let recovers = Grant { recovers: true, member: member(&knew, 3), ..grant(&knew, 2, 9, Role::Member) };
    let late = of_phone(&knew, 2, StatementBody::Grant(recovers));
    assert_eq!(admit(&mut chain, &late), Err(AuthorOut));
    assert_eq!(state(&chain, 3), Some(MemberState::Active));
}

#[test]
fn weak_keys_come_in_by_no_way() {
    let mut chain = circle();
    let weak = DevicePublic { agreement: [0; 32], ..*phone(9).public() };
    let mut granted = grant(&chain, 1, 9, Role::Member);
    (granted.device, granted.member) = (weak, Grant::new_member(granted.warrant.claimed_id(), &weak.id()));
    assert_eq!(says(&mut chain, 1, StatementBody::Grant(granted)), Err(StatementProblem::WeakKey));
}
