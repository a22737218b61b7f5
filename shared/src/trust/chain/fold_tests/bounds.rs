use crate::ids::MemberId;
use crate::time::TimestampMs;
use crate::trust::bounds::*;
use crate::trust::testing::*;
use crate::trust::*;

use StatementProblem::{KnownDevice, ShareUsed};

/// A statement without a signature, as from one's own store: what is measured here is shares. Its record too.
fn unsigned(chain: &Chain, by: u8, body: StatementBody) -> (Record, Statement) {
    let statement = Statement {
        circle: *chain.circle(),
        author: StatementAuthor::Device(phone(by).id()),
        number: chain.standing().next_number(Some(&phone(by).id())),
        knows: chain.head(),
        time: TimestampMs(chain.len()),
        body,
        signature: Signature([0; 64]),
    };
    let keys = if statement.body.is_of_keys() { RECORD_OF_KEYS } else { 0 };
    let record = Record {
        position: chain.len() + 1,
        time: chain.standing().time(),
        fold: FOLD_FIRST | keys,
        statement: statement.id(),
    };
    (record, statement)
}

fn trusted(chain: &mut Chain, by: u8, body: StatementBody) -> Result<(), ChainProblem> {
    let (record, statement) = unsigned(chain, by, body);
    // What the server would say: a phone takes of keys what the server took.
    let at = At { position: record.position, time: record.time, late: None };
    let judged = chain.standing().clone().admit(at, record.statement, &stored(&statement));
    judged.map_err(|problem| ChainProblem::Unlawful { position: record.position, problem })?;
    chain.take_stored(record, Some(&statement))
}

fn is_share_used(result: Result<(), ChainProblem>) -> bool {
    matches!(result, Err(ChainProblem::Unlawful { problem: ShareUsed, .. }))
}

#[test]
fn a_printed_code_brings_back_and_no_member_has_more_devices_than_may_be() {
    let mut chain = people(1, 1);
    let paper = add_device(&chain, 2, 20, true);
    says(&mut chain, 2, paper).unwrap();
    for n in 21..=40 {
        let back = add_device(&chain, 2, n, false);
        says(&mut chain, 20, back).unwrap();
        let own = chain.standing().readers(&KeyGroup::Alone(member(&chain, 2)));
        assert!(own.len() <= MEMBER_DEVICES_MAX && own.contains(&phone(n).id()) && own.contains(&phone(20).id()));
    }
    let fifth = add_device(&chain, 2, 50, false);
    assert_eq!(says(&mut chain, 40, fifth), Err(ShareUsed));
}

#[test]
fn what_a_lost_phone_used_up_keeps_nobody_from_taking_it_out_or_coming_back() {
    let mut chain = people(1, 1);
    let paper = add_device(&chain, 2, 20, true);
    says(&mut chain, 2, paper).unwrap();
    let lost = add_device(&chain, 2, 21, false);
    says(&mut chain, 2, lost).unwrap();
    for n in 0..MEMBER_DEEDS_MAX {
        let invitation = Invitation {
            key: crate::ids::InviteKey(crate::ids::tagged_hash("key", &[&n.to_le_bytes()])),
            to: InviteFor::Member { member: member(&chain, 2), recovers: false },
            uses: 1,
            expires: UNTIL,
            past: false,
            keys: Attached::NOTHING,
            possession: Signature([0; 64]),
        };
        let result = trusted(&mut chain, 21, StatementBody::Invite(invitation));
        assert_eq!(is_share_used(result), n + 2 >= MEMBER_DEEDS_MAX);
    }
    says(&mut chain, 2, remove_device(21)).unwrap();
    let back = add_device(&chain, 2, 22, false);
    says(&mut chain, 20, back).unwrap();
    let recovers = Grant { recovers: true, member: member(&chain, 2), ..grant(&chain, 1, 9, Role::Member) };
    says(&mut chain, 1, StatementBody::Grant(recovers)).unwrap();
    let anew = add_device(&chain, 9, 23, false);
    says(&mut chain, 9, anew).unwrap();
}

/// Phone `n`'s member invites as often as their share lets them, and no more than `most` times: how often.
fn invites_often(chain: &mut Chain, n: u8, most: u32) -> u32 {
    let member = member(chain, n);
    let invites = |chain: &mut Chain| {
        let invitation = Invitation {
            key: crate::ids::InviteKey(crate::ids::tagged_hash("often", &[&chain.len().to_le_bytes()])),
            to: InviteFor::Member { member, recovers: false },
            uses: 1,
            expires: TimestampMs(u64::MAX),
            past: false,
            keys: Attached::NOTHING,
            possession: Signature([0; 64]),
        };
        let (record, statement) = unsigned(chain, n, StatementBody::Invite(invitation));
        chain.take_stored(record, Some(&statement)).is_ok()
    };
    (0..most).take_while(|_| invites(chain)).count().try_into().unwrap()
}

/// Somebody lets phone `n` in for a member who lost theirs.
fn recovers(chain: &mut Chain, by: u8, member: MemberId, n: u8) -> Result<u64, StatementProblem> {
    let warrant = Warrant::sign(&server(), *chain.circle(), phone(by).id(), WarrantId([n; 16]), 50, UNTIL, chain.len());
    let recovers = Grant { recovers: true, member, warrant, ..grant(chain, by, n, Role::Member) };
    says(chain, by, StatementBody::Grant(recovers))
}

/// The root invites somebody, so many days later.
fn days_later(chain: &mut Chain, days: u64, link: u8, to: InviteFor) -> InviteSecret {
    let (secret, later) = (InviteSecret([link; 16]), chain.standing().time().plus_ms(days * DAY_MS));
    let body = invite(chain, Signer::Root(&root()), &secret, to, 1);
    let statement = draft(chain, Signer::Root(&root()), body);
    chain.hear(&statement, later).unwrap();
    secret
}

#[test]
fn whoever_lost_a_phone_twice_in_a_week_has_their_shares_whole_each_time() {
    const ALL: u32 = MEMBER_DEEDS_MAX;
    let mut chain = people(1, 1);
    let lost = member(&chain, 2);
    assert_eq!(invites_often(&mut chain, 2, u32::MAX), ALL);
    recovers(&mut chain, 1, lost, 20).unwrap();
    days_later(&mut chain, 1, 210, InviteFor::Role(Role::Member));
    assert_eq!(invites_often(&mut chain, 20, u32::MAX), ALL);
    recovers(&mut chain, 1, lost, 21).unwrap();
    assert_eq!(invites_often(&mut chain, 21, u32::MAX), ALL, "the second time");
    recovers(&mut chain, 1, lost, 22).unwrap();
    assert_eq!((state(&chain, 22), state(&chain, 21)), (Some(MemberState::Active), Some(MemberState::Removed)));
    assert_eq!(invites_often(&mut chain, 22, u32::MAX), 0, "the third time");
    let secret = days_later(&mut chain, 0, 211, InviteFor::Member { member: lost, recovers: true });
    joins(&mut chain, &secret, 23).unwrap();
    assert_eq!(invites_often(&mut chain, 23, u32::MAX), ALL, "by the root");
    days_later(&mut chain, 6, 212, InviteFor::Role(Role::Member));
    recovers(&mut chain, 1, lost, 24).unwrap();
    assert_eq!(invites_often(&mut chain, 24, u32::MAX), ALL, "a week after the first");
    recovers(&mut chain, 1, lost, 25).unwrap();
    assert_eq!(invites_often(&mut chain, 25, u32::MAX), 0, "six days after the second");
}

#[test]
fn two_facilitators_who_recover_each_other_come_to_no_shares_without_end() {
    // They leave themselves as many as it takes to recover the other.
    const MOST: u32 = FACILITATOR_DEEDS_MAX - 16;
    let mut chain = people(2, 0);
    let members = [member(&chain, 1), member(&chain, 2)];
    let (mut phones, mut said, mut next) = ([1, 2], 0, 20);
    for at in [0, 1].into_iter().cycle().take(8) {
        said += invites_often(&mut chain, phones[at], MOST);
        if recovers(&mut chain, phones[1 - at], members[at], next).is_err() {
            break;
        }
        (phones[at], next) = (next, next + 1);
    }
    let shares = 2 * (1 + u32::try_from(RECOVERIES_ANEW_MAX).unwrap());
    assert!(said <= shares * FACILITATOR_DEEDS_MAX, "{said}");
}

#[test]
fn keys_that_others_coming_and_going_asked_for_use_no_share_up() {
    let mut chain = people(1, 2);
    let first = epoch(&chain, KeyGroup::Circle, 5, &[1, 2, 3]);
    says(&mut chain, 2, first).unwrap();
    let unasked = |chain: &mut Chain, n: u32| {
        let StatementBody::Epoch(epoch) = epoch(chain, KeyGroup::Circle, 1, &[1, 2, 3]) else { unreachable!() };
        let id = crate::ids::EpochId(crate::ids::tagged_hash("n", &[&n.to_le_bytes()]));
        trusted(chain, 2, StatementBody::Epoch(Epoch { epoch: id, ..epoch }))
    };
    for n in 1..MEMBER_KEYS_MAX {
        unasked(&mut chain, n).unwrap();
    }
    assert!(is_share_used(unasked(&mut chain, MEMBER_KEYS_MAX)));
    let out = remove(&chain, 3);
    says(&mut chain, 1, out).unwrap();
    let asked = epoch(&chain, KeyGroup::Circle, 9, &[1, 2]);
    says(&mut chain, 2, asked).unwrap();
    let own = add_device(&chain, 1, 10, false);
    says(&mut chain, 1, own).unwrap();
    let asked = share(&chain, KeyGroup::Circle, 9, &[10]);
    says(&mut chain, 2, asked).unwrap();
}

#[test]
fn at_most_twenty_wait_for_one_who_is_out() {
    let mut chain = people(2, 0);
    let knew = chain.clone();
    let out = remove(&chain, 2);
    says(&mut chain, 1, out).unwrap();
    for n in 0..=PROVISIONAL_MAX {
        let n = 30 + u8::try_from(n).unwrap();
        let late = of_phone(&knew, 2, StatementBody::Grant(grant(&knew, 2, n, Role::Member)));
        let expected = if u32::from(n - 30) < PROVISIONAL_MAX { Ok(()) } else { Err(ShareUsed) };
        assert_eq!(admit(&mut chain, &late).map(|_| ()), expected);
    }
    assert_eq!(says(&mut chain, 1, StatementBody::Grant(grant(&knew, 1, 30, Role::Member))), Err(KnownDevice));
}
