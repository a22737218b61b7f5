use crate::trust::testing::*;
use crate::trust::*;

use StatementProblem::{BadSignature, InviteExpired, InviteGone, InviteUsed, NoChange, NotAllowed};

const FOR_MEMBERS: InviteFor = InviteFor::Role(Role::Member);

#[test]
fn an_invite_is_good_for_as_many_as_it_says_and_until_it_says() {
    let mut chain = circle();
    let link = invites(&mut chain, 1, 9, FOR_MEMBERS).unwrap();
    joins(&mut chain, &link, 2).unwrap();
    let last = join(&chain, &link, 3);
    assert_eq!(chain.clone().hear(&last, UNTIL), Err(InviteExpired));
    admit(&mut chain, &last).unwrap();
    assert_eq!(joins(&mut chain, &link, 4), Err(InviteUsed));
}

#[test]
fn an_invite_lives_with_its_author() {
    for ends in [remove, demote, |_: &Chain, n| remove_device(n)] {
        let mut chain = people(2, 0);
        let link = invites(&mut chain, 2, 9, FOR_MEMBERS).unwrap();
        let gone = ends(&chain, 2);
        says(&mut chain, 1, gone).unwrap();
        assert_eq!(joins(&mut chain, &link, 3), Err(InviteGone));
        let back = if state(&chain, 2) == Some(MemberState::Active) { promote(&chain, 2) } else { confirm(&chain, 2) };
        let _ = says(&mut chain, 1, back);
        assert_eq!(joins(&mut chain, &link, 3), Err(InviteGone), "not when they are back");
    }
}

#[test]
fn an_invite_is_withdrawn_by_its_author_a_facilitator_or_the_root() {
    let mut chain = people(2, 2);
    let own = InviteFor::Member { member: member(&chain, 3), recovers: false };
    let link = invites(&mut chain, 3, 9, own).unwrap();
    let withdraw = StatementBody::Withdraw(Withdraw { invite: link.public() });
    assert_eq!(says(&mut chain, 4, withdraw.clone()), Err(NotAllowed));
    for by in [Some(3), Some(2), None] {
        let mut chain = chain.clone();
        match by {
            Some(by) => says(&mut chain, by, withdraw.clone()).unwrap(),
            None => root_says(&mut chain, withdraw.clone()).unwrap(),
        };
        assert_eq!(joins(&mut chain, &link, 30), Err(InviteGone));
        assert_eq!(says(&mut chain, 1, withdraw.clone()), Err(NoChange));
    }
}

#[test]
fn whoever_has_an_invites_secret_may_end_it_and_no_other() {
    let mut chain = people(1, 1);
    let (link, other) =
        (invites(&mut chain, 1, 9, FOR_MEMBERS).unwrap(), invites(&mut chain, 1, 10, FOR_MEMBERS).unwrap());
    let end = |chain: &Chain, invite: &InviteSecret, by: &InviteSecret| {
        draft(chain, Signer::Invite(by), StatementBody::Withdraw(Withdraw { invite: invite.public() }))
    };
    let forged = Statement { signature: end(&chain, &other, &other).signature, ..end(&chain, &link, &link) };
    assert_eq!(admit(&mut chain, &forged), Err(BadSignature));
    let foreign = end(&chain, &link, &other);
    assert_eq!(admit(&mut chain, &foreign), Err(StatementProblem::Malformed));
    let said = end(&chain, &link, &link);
    admit(&mut chain, &said).unwrap();
    assert_eq!(chain.record(chain.len()).map(|record| record.fold), Some(2), "older phones ask for an update");
    let event = chain.standing().events().last().unwrap();
    assert_eq!((event.kind, event.by), (EventKind::Withdrawn, StatementAuthor::Invite(link.public())));
    assert_eq!(joins(&mut chain, &link, 30), Err(InviteGone));
    let again = end(&chain, &link, &link);
    assert_eq!(admit(&mut chain, &again), Err(NoChange));
    joins(&mut chain, &other, 31).unwrap();
}

#[test]
fn nobody_makes_an_invite_of_a_key_that_they_saw() {
    let mut chain = people(1, 1);
    let secret = InviteSecret([9; 16]);
    let honest = of_phone(&chain, 1, invite(&chain, Signer::Device(phone(1)), &secret, FOR_MEMBERS, 1));
    let StatementBody::Invite(seen) = honest.body else { unreachable!() };
    let own = InviteFor::Member { member: member(&chain, 2), recovers: false };
    assert_eq!(says(&mut chain, 2, StatementBody::Invite(Invitation { to: own, ..seen })), Err(BadSignature));
    admit(&mut chain, &honest).unwrap();
    joins(&mut chain, &secret, 3).unwrap();
    assert_ne!(member(&chain, 3), member(&chain, 2));
}

#[test]
fn members_invite_their_own_devices_alone() {
    let mut chain = people(1, 2);
    let of = |chain: &Chain, n, recovers| InviteFor::Member { member: member(chain, n), recovers };
    for to in [FOR_MEMBERS, InviteFor::Role(Role::Facilitator), of(&chain, 2, true), of(&chain, 3, false)] {
        assert_eq!(invites(&mut chain, 2, 9, to), Err(NotAllowed));
    }
    let own = of(&chain, 2, false);
    let link = invites(&mut chain, 2, 9, own).unwrap();
    joins(&mut chain, &link, 20).unwrap();
    assert_eq!(member(&chain, 20), member(&chain, 2));
    assert_eq!(joins(&mut chain, &link, 21), Err(InviteUsed), "for a member's device it is good once");
}
