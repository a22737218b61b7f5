//! What was done to the set of statements that the chain replaced, each by name: none of it changes anybody's standing.

use crate::trust::testing::*;
use crate::trust::*;

use StatementProblem::{AuthorOut, BadSignature, KnownDevice, NotAllowed};

#[test]
fn a_removed_facilitator_voids_nobody_whom_they_brought_in_by_granting_again() {
    let mut chain = people(1, 0);
    enrol(&mut chain, 1, 2, Role::Facilitator);
    let knew = chain.clone();
    enrol(&mut chain, 2, 3, Role::Facilitator);
    next_day(&mut chain);
    let out = remove(&chain, 2);
    says(&mut chain, 3, out).unwrap();
    for n in [3, 99] {
        let again = of_phone(&knew, 2, StatementBody::Grant(grant(&knew, 2, n, Role::Member)));
        let expected = if n == 3 { Err(KnownDevice) } else { Ok(()) };
        assert_eq!(admit(&mut chain, &again).map(|_| ()), expected);
    }
    assert_eq!((state(&chain, 2), state(&chain, 3)), (Some(MemberState::Removed), Some(MemberState::Active)));
    assert_eq!(state(&chain, 99), Some(MemberState::Provisional));
    assert!(!chain.standing().readers(&KeyGroup::Circle).contains(&phone(2).id()));
}

#[test]
fn a_member_does_not_make_anothers_second_phone_or_printed_code_theirs() {
    let mut chain = people(1, 1);
    let knew = chain.clone();
    enrol(&mut chain, 1, 3, Role::Member);
    let paper = add_device(&chain, 3, 30, true);
    says(&mut chain, 3, paper).unwrap();
    let hers = member(&chain, 30);
    for on in [&knew, &chain.clone()] {
        let StatementBody::AddDevice(add) = add_device(&chain, 3, 30, true) else { unreachable!() };
        let stolen = of_phone(on, 2, StatementBody::AddDevice(add));
        assert_eq!(admit(&mut chain, &stolen), Err(BadSignature));
        let signed = of_phone(on, 2, add_device(on, 2, 30, true));
        assert_eq!(admit(&mut chain, &signed), Err(KnownDevice), "even with its key");
    }
    assert_eq!(member(&chain, 30), hers);
}

#[test]
fn a_member_takes_out_no_facilitator_by_calling_their_phone_their_own() {
    let mut chain = people(1, 1);
    let knew = chain.clone();
    enrol(&mut chain, 1, 3, Role::Facilitator);
    let StatementBody::AddDevice(add) = add_device(&knew, 2, 3, false) else { unreachable!() };
    let possession = AddDevice::sign(knew.circle(), &member(&knew, 2), phone(9), false, Attached::NOTHING).possession;
    let called = of_phone(&knew, 2, StatementBody::AddDevice(AddDevice { possession, ..add }));
    assert_eq!(admit(&mut chain, &called), Err(BadSignature));
    let taken = of_phone(&knew, 2, remove_device(3));
    assert_eq!(admit(&mut chain, &taken), Err(NotAllowed));
    assert_eq!((state(&chain, 3), role(&chain, 3)), (Some(MemberState::Active), Role::Facilitator));
}

#[test]
fn an_ex_member_suspends_nobody_and_an_old_date_makes_no_removal_fall() {
    let mut chain = people(2, 2);
    let knew = chain.clone();
    let out = remove(&chain, 3);
    says(&mut chain, 1, out).unwrap();
    for body in [remove(&knew, 1), remove(&knew, 2), remove_device(1), add_device(&knew, 3, 30, false)] {
        let old = of_phone(&knew, 3, body);
        assert_eq!(admit(&mut chain, &old), Err(AuthorOut));
    }
    let accomplice = of_phone(&knew, 4, remove(&knew, 1));
    assert_eq!(admit(&mut chain, &accomplice), Err(NotAllowed));
    assert_eq!(
        [1, 2, 3].map(|n| state(&chain, n)),
        [MemberState::Active, MemberState::Active, MemberState::Removed].map(Some)
    );
}

#[test]
fn a_removed_facilitator_removes_nobody_with_what_they_knew_before() {
    let mut chain = people(2, 1);
    let knew = chain.clone();
    let out = remove(&chain, 2);
    says(&mut chain, 1, out).unwrap();
    for body in [remove(&knew, 1), demote(&knew, 1), remove_device(1), remove(&knew, 3), promote(&knew, 3)] {
        let old = of_phone(&knew, 2, body);
        assert_eq!(admit(&mut chain, &old), Err(AuthorOut));
    }
    let secret = InviteSecret([9; 16]);
    let invited = invite(&knew, Signer::Device(phone(2)), &secret, InviteFor::Role(Role::Facilitator), 9);
    let old = of_phone(&knew, 2, invited);
    assert_eq!(admit(&mut chain, &old), Err(AuthorOut));
}

#[test]
fn a_late_grant_names_a_device_at_most_and_its_phone_comes_in_with_another_key() {
    let mut chain = people(2, 0);
    let knew = chain.clone();
    let link = invites(&mut chain, 1, 9, InviteFor::Role(Role::Member)).unwrap();
    let out = remove(&chain, 2);
    says(&mut chain, 1, out).unwrap();
    let named = of_phone(&knew, 2, StatementBody::Grant(grant(&knew, 2, 30, Role::Member)));
    admit(&mut chain, &named).unwrap();
    assert_eq!(joins(&mut chain, &link, 30), Err(KnownDevice));
    joins(&mut chain, &link, 31).unwrap();
    assert_eq!(state(&chain, 31), Some(MemberState::Active));
}

#[test]
fn the_server_states_nothing() {
    let mut chain = people(1, 1);
    let forged = |chain: &Chain, author, body| {
        let (number, knows) = (99, chain.head());
        let draft = Draft { circle: *chain.circle(), number, knows, time: NOW, body };
        Statement { author, ..draft.signed(Signer::Root(&server())) }
    };
    for (author, problem) in [
        (StatementAuthor::Root, BadSignature),
        (StatementAuthor::Device(phone(1).id()), BadSignature),
        (StatementAuthor::Device(phone(77).id()), StatementProblem::UnknownAuthor),
    ] {
        for body in [remove(&chain, 2), promote(&chain, 2)] {
            let statement = forged(&chain, author, body);
            assert_eq!(admit(&mut chain, &statement), Err(problem));
        }
    }
    let granted = grant(&chain, 77, 78, Role::Facilitator);
    assert_eq!(says(&mut chain, 77, StatementBody::Grant(granted)), Err(StatementProblem::UnknownAuthor));
}
