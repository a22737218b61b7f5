//! What a statement's ancestors refuse, and what a forger tries.

use crate::ids::{CircleId, MemberId, StatementId};
use crate::time::TimestampMs;
use crate::trust::testing::*;
use crate::trust::*;

use StatementProblem as Problem;

fn device(n: u8) -> DeviceSecret {
    phone(n)
}

#[test]
fn a_founder_leads_and_the_keys_are_the_founding_statements() {
    let log = circle();
    let standing = log.evaluate();
    assert_eq!(standing.keys().map(|(root, _)| root.0), Some(root().public()));
    assert_eq!(standing.keys().map(|(_, server)| server.0), Some(server().public()));
    let record = standing.device(&phone(1).id()).unwrap();
    assert_eq!((record.role, record.state), (Role::Facilitator, State::Active));
    assert_eq!(record.member, member_id(&[1; 16], &phone(1).id()));
    assert_eq!(
        GrantLog::found(draft(&log, Signer::Device(&phone(1)), add_device(2))).unwrap_err(),
        Problem::WrongCircle
    );
}

#[test]
fn a_device_founds_by_commission_alone() {
    let secret = InviteSecret([3; 16]);
    let signed = SignedCommission::sign(&root(), secret.public(), UNTIL);
    let StatementBody::Found(found) = founding(0).body else { unreachable!() };
    let founds = |n: u8, commission, time| {
        let founder = Some(Founder { device: *phone(n).public(), salt: [2; 16], commission: Some(commission) });
        let body = StatementBody::Found(Found { founder, ..found });
        let statement = Draft { circle: CircleId([0; 16]), parents: Vec::new(), time, body };
        GrantLog::found(statement.sign(Signer::Device(&phone(n)))).map(|_| ())
    };
    let commission = signed.complete(&secret, &phone(1).id());
    assert_eq!(founds(1, commission, NOW), Ok(()));
    assert_eq!(founds(2, commission, NOW), Err(Problem::BadCommission));
    assert_eq!(founds(1, commission, UNTIL), Err(Problem::BadCommission));
    let own = SignedCommission::sign(&server(), secret.public(), UNTIL).complete(&secret, &phone(1).id());
    assert_eq!(founds(1, own, NOW), Err(Problem::BadCommission));
}

#[test]
fn a_changed_statement_and_a_forged_author_are_refused() {
    let log = people(2, 1);
    let good = draft(&log, Signer::Device(&phone(1)), remove_device(3));
    let mut changed = good.clone();
    changed.body = remove_device(2);
    assert_eq!(log.clone().insert(changed), Err(Problem::BadSignature));
    let mut forged = draft(&log, Signer::Device(&phone(3)), remove_device(2));
    forged.author = StatementAuthor::Device(phone(1).id());
    assert_eq!(log.clone().insert(forged.clone()), Err(Problem::BadSignature));
    forged.author = StatementAuthor::Root;
    assert_eq!(log.clone().insert(forged), Err(Problem::BadSignature));
    let mut by_server = draft(&log, Signer::Root(&server()), remove_device(2));
    assert_eq!(log.clone().insert(by_server.clone()), Err(Problem::BadSignature));
    by_server.author = StatementAuthor::Device(phone(40).id());
    assert_eq!(log.clone().insert(by_server), Err(Problem::UnknownAuthor));
    assert_eq!(log.clone().insert(good), Ok(Inserted::New));
}

#[test]
fn a_statement_of_another_circle_is_refused() {
    let log = people(2, 0);
    let (_, other) = GrantLog::found(founding(1)).unwrap();
    let replayed = draft(&other, Signer::Device(&phone(1)), add_device(9));
    assert_eq!(log.clone().insert(replayed.clone()), Err(Problem::WrongCircle));
    let moved = Statement { circle: *log.circle(), ..replayed };
    assert_eq!(log.clone().insert(moved), Err(Problem::BadSignature));
    assert_eq!(log.clone().insert(founding(1)), Err(Problem::WrongCircle));
    let mut granted = log.clone();
    let foreign = Grant { warrant: warrant(&other, 1), ..grant(&log, 1, 9, Role::Member) };
    let foreign = draft(&granted, Signer::Device(&phone(1)), StatementBody::Grant(foreign));
    assert_eq!(granted.insert(foreign), Err(Problem::BadWarrant));
}

#[test]
fn weak_keys_come_in_by_no_way() {
    let log = people(1, 0);
    let good = *phone(9).public();
    let mut one = [0; 32];
    one[0] = 1;
    let weak = [
        DevicePublic { signing: [0; 32], ..good },
        DevicePublic { signing: one, ..good },
        DevicePublic { agreement: [0; 32], ..good },
        DevicePublic { agreement: one, ..good },
    ];
    for device in weak {
        let add = StatementBody::AddDevice(AddDevice { device, paper: false });
        assert_eq!(refused(&log, 1, add), Problem::WeakKey);
        let member = Grant::new_member(&warrant(&log, 1), &device.id());
        let granted = Grant { device, member, ..grant(&log, 1, 9, Role::Member) };
        assert_eq!(refused(&log, 1, StatementBody::Grant(granted)), Problem::WeakKey);
    }
}

#[test]
fn a_member_leads_nothing_but_their_own_devices() {
    let mut log = people(2, 2);
    let (ana, ben) = (3, 4);
    let own = InviteFor::Member { member: member(&log, ana), recovers: false };
    let (role, secret) = (InviteFor::Role(Role::Member), InviteSecret([3; 16]));
    let recovering = InviteFor::Member { member: member(&log, ana), recovers: true };
    let others = InviteFor::Member { member: member(&log, ben), recovers: false };
    for to in [role, recovering, others] {
        assert_eq!(refused(&log, ana, invite(&secret, to, false)), Problem::NotAllowed);
    }
    assert_eq!(refused(&log, 1, invite(&secret, others, false)), Problem::NotAllowed, "nor does a facilitator");
    for body in [remove(&log, 1), remove(&log, ana), remove_device(ben), confirm(&log, ben), promote(&log, ana)] {
        assert_eq!(refused(&log, ana, body), Problem::NotAllowed);
    }
    assert_eq!(refused(&log, ana, StatementBody::Grant(grant(&log, ana, 9, Role::Member))), Problem::NotAllowed);
    says(&mut log, ana, invite(&secret, own, false));
    says(&mut log, ana, add_device(9));
    says(&mut log, ana, remove_device(9));
    assert_eq!(state(&log, 9), State::Removed);
    assert_eq!(state(&log, ana), State::Active);
}

#[test]
fn a_grant_stays_within_its_warrant() {
    let log = people(2, 0);
    let good = grant(&log, 1, 9, Role::Member);
    let grants = |grant| refused(&log, 1, StatementBody::Grant(grant));
    let (circle, id) = (*log.circle(), WarrantId([1; 16]));
    let signed = |secret: &SigningSecret, by: u8| Warrant::sign(secret, circle, phone(by).id(), id, 50, UNTIL);
    assert_eq!(grants(Grant { serial: 50, ..good }), Problem::WarrantSpent);
    assert_eq!(grants(Grant { warrant: signed(&server(), 2), ..good }), Problem::BadWarrant);
    assert_eq!(grants(Grant { warrant: signed(&root(), 1), ..good }), Problem::BadWarrant);
    let mut stretched = good.warrant;
    stretched.count = 500;
    assert_eq!(grants(Grant { warrant: stretched, ..good }), Problem::BadWarrant);
    let mut late =
        Draft { circle, parents: log.parents(Some(&phone(1).id())), time: UNTIL, body: StatementBody::Grant(good) };
    assert_eq!(log.clone().insert(late.clone().sign(Signer::Device(&phone(1)))), Ok(Inserted::New));
    late.time = UNTIL.plus_ms(1);
    assert_eq!(log.clone().insert(late.sign(Signer::Device(&phone(1)))), Err(Problem::WarrantSpent));
}

#[test]
fn a_grant_claims_no_one_who_is_there() {
    let mut log = people(2, 1);
    let good = grant(&log, 1, 9, Role::Member);
    let ana = member(&log, 3);
    let grants = |log: &GrantLog, grant| refused(log, 1, StatementBody::Grant(grant));
    assert_eq!(grants(&log, Grant { member: ana, ..good }), Problem::NotAllowed);
    assert_eq!(grants(&log, Grant { member: MemberId([8; 16]), ..good }), Problem::NotAllowed);
    assert_eq!(grants(&log, Grant { recovers: true, ..good }), Problem::UnknownTarget);
    assert_eq!(grants(&log, Grant { device: *phone(3).public(), ..good }), Problem::KnownDevice);
    assert_eq!(refused(&log, 3, add_device(2)), Problem::KnownDevice);
    says(&mut log, 1, StatementBody::Grant(good));
}

#[test]
fn whoever_is_named_must_be_known() {
    let log = people(1, 0);
    let nobody = MemberId([8; 16]);
    let secret = InviteSecret([3; 16]);
    let named = [
        StatementBody::Remove(Remove::Member(nobody)),
        remove_device(9),
        StatementBody::Confirm(Confirm { member: nobody }),
        StatementBody::Promote(Promote { member: nobody }),
        invite(&secret, InviteFor::Member { member: nobody, recovers: true }, false),
        StatementBody::Share(Share { epoch: StatementId([1; 32]), wraps: wraps(&[1]) }),
    ];
    for body in named {
        assert_eq!(refused(&log, 1, body), Problem::UnknownTarget);
    }
}

#[test]
fn a_join_comes_in_as_the_invite_says() {
    let mut log = people(1, 0);
    let secret = InviteSecret([3; 16]);
    says(&mut log, 1, invite(&secret, InviteFor::Role(Role::Facilitator), true));
    assert_eq!(log.insert(join(&log, &secret, 2, 0)), Ok(Inserted::New));
    assert_eq!(log.next_serial(&log.invite(&secret.public()).unwrap().0), 1);
    let standing = log.evaluate();
    let record = standing.device(&phone(2).id()).unwrap();
    assert_eq!((record.role, record.state, record.past_opened), (Role::Facilitator, State::Active, true));
    assert_eq!(record.member, member_id(&[2; 16], &phone(2).id()));
    assert_eq!(standing.author(&phone(2).id()).unwrap().0.member, record.member);
}

#[test]
fn a_join_needs_the_servers_admission() {
    let mut log = people(1, 0);
    let (secret, other) = (InviteSecret([3; 16]), InviteSecret([4; 16]));
    let invited = says(&mut log, 1, invite(&secret, InviteFor::Role(Role::Member), false));
    let elsewhere = says(&mut log, 1, invite(&other, InviteFor::Role(Role::Facilitator), false));
    let good = join(&log, &secret, 2, 0);
    let id = good.id();
    let with = |admission| log.clone().insert(Statement { admission, ..good.clone() });
    let sign = |by: &SigningSecret, id: &StatementId, invite, serial, time| {
        Some(Admission::sign(by, id, invite, serial, time))
    };
    assert_eq!(with(None), Err(Problem::NotAdmitted));
    assert!(Problem::NotAdmitted.can_retry());
    assert_eq!(with(sign(&root(), &id, invited, 0, NOW)), Err(Problem::BadAdmission));
    assert_eq!(with(sign(&server(), &StatementId([1; 32]), invited, 0, NOW)), Err(Problem::BadAdmission));
    assert_eq!(with(sign(&server(), &id, elsewhere, 0, NOW)), Err(Problem::BadAdmission), "another link's role");
    let of_root = *log.statements().next().unwrap().0;
    assert_eq!(with(sign(&server(), &id, of_root, 0, NOW)), Err(Problem::BadAdmission));
    assert_eq!(with(sign(&server(), &id, invited, 12, NOW)), Err(Problem::InviteSpent));
    assert_eq!(with(sign(&server(), &id, invited, 0, UNTIL)), Err(Problem::InviteSpent));
    assert_eq!(with(sign(&server(), &id, invited, 11, TimestampMs(UNTIL.0 - 1))), Ok(Inserted::New));
    let mut stolen = draft(
        &log,
        Signer::Invite(&secret),
        StatementBody::Join(Join {
            possession: Signature([1; 64]),
            ..Join::sign(log.circle(), &secret.public(), &phone(2), [2; 16])
        }),
    );
    stolen.admission = sign(&server(), &stolen.id(), invited, 0, NOW);
    assert_eq!(log.clone().insert(stolen), Err(Problem::BadSignature), "keys of another");
}

#[test]
fn a_device_invite_is_used_once_and_for_its_member() {
    let mut log = people(1, 1);
    let secret = InviteSecret([3; 16]);
    let ana = member(&log, 2);
    says(&mut log, 2, invite(&secret, InviteFor::Member { member: ana, recovers: false }, false));
    assert_eq!(log.insert(join(&log, &secret, 4, 1)), Err(Problem::InviteSpent));
    assert_eq!(log.insert(join(&log, &secret, 4, 0)), Ok(Inserted::New));
    assert_eq!(member(&log, 4), ana);
    assert_eq!((state(&log, 2), state(&log, 4)), (State::Active, State::Active));
    assert_eq!(log.evaluate().roster().devices_of(&ana).len(), 2);
}

#[test]
fn an_invite_with_a_key_that_was_seen_changes_no_join() {
    let mut log = people(1, 1);
    let secret = InviteSecret([3; 16]);
    let before = log.clone();
    says(&mut log, 1, invite(&secret, InviteFor::Role(Role::Member), false));
    let mallory = InviteFor::Member { member: member(&log, 2), recovers: false };
    assert_eq!(refused(&log, 2, invite(&secret, mallory, false)), Problem::NotAllowed);
    let joined = join(&log, &secret, 5, 0);
    let hijack = draft(&before, Signer::Device(&phone(2)), invite(&secret, mallory, false));
    let mut first = before.clone();
    first.insert(hijack.clone()).unwrap();
    for (_, statement) in log.statements() {
        first.insert(statement.clone()).unwrap();
    }
    first.insert(joined.clone()).unwrap();
    log.insert(joined).unwrap();
    log.insert(hijack).unwrap();
    assert_eq!(member(&log, 5), member_id(&[5; 16], &phone(5).id()));
    assert_eq!(log.evaluate(), first.evaluate());
}

#[test]
fn of_two_with_one_serial_the_smaller_id_counts() {
    let log = people(2, 0);
    let secret = InviteSecret([3; 16]);
    let mut log = log;
    says(&mut log, 1, invite(&secret, InviteFor::Role(Role::Member), false));
    let two = [join(&log, &secret, 5, 3), join(&log, &secret, 6, 3)];
    let grants = [5, 6].map(|n| {
        let grant = Grant { serial: 7, ..grant(&log, 1, n, Role::Member) };
        draft(&log, Signer::Device(&phone(1)), StatementBody::Grant(grant))
    });
    for [one, other] in [two, grants] {
        let (mut ab, mut ba) = (log.clone(), log.clone());
        for (log, pair) in [(&mut ab, [&one, &other]), (&mut ba, [&other, &one])] {
            for statement in pair {
                assert_eq!(log.insert(statement.clone()), Ok(Inserted::New));
            }
        }
        let standing = ab.evaluate();
        assert_eq!(standing, ba.evaluate());
        let (winner, loser) = if one.id() < other.id() { (&one, &other) } else { (&other, &one) };
        assert_eq!(standing.verdict(&winner.id()), Verdict::Lawful);
        assert_eq!(standing.verdict(&loser.id()), Verdict::Void(Problem::DoubleSerial));
        assert_eq!(standing.device(&loser.body.introduces().unwrap().id()), None);
    }
}

#[test]
fn a_device_that_signed_for_itself_is_no_one_elses() {
    let mut log = people(1, 1);
    let secret = InviteSecret([3; 16]);
    says(&mut log, 1, invite(&secret, InviteFor::Role(Role::Member), false));
    let mut claimed = log.clone();
    let claim = says(&mut claimed, 2, add_device(5));
    log.insert(join(&log, &secret, 5, 0)).unwrap();
    let both = union(&[&log, &claimed]);
    assert_eq!(member(&both, 5), member_id(&[5; 16], &phone(5).id()));
    assert_eq!(both.evaluate().verdict(&claim), Verdict::Void(Problem::KnownDevice));
}

#[test]
fn a_promoted_member_leads_from_there_on() {
    let mut log = people(1, 2);
    let before = log.clone();
    assert_eq!(refused(&log, 2, remove_device(3)), Problem::NotAllowed);
    says_of(&mut log, 1, promote, 2);
    assert_eq!(log.evaluate().device(&phone(2).id()).unwrap().role, Role::Facilitator);
    says(&mut log, 2, remove_device(3));
    assert_eq!(state(&log, 3), State::Removed);
    let backdated = draft(&before, Signer::Device(&phone(2)), remove_device(3));
    assert_eq!(log.insert(backdated), Err(Problem::NotAllowed), "by its ancestors alone");
}

#[test]
fn what_lacks_its_parents_waits_and_says_so() {
    let mut full = people(2, 0);
    let fill = says(&mut full, 2, add_device(9));
    let all: Vec<Statement> = full.statements().map(|(_, statement)| statement.clone()).collect();
    let mut log = GrantLog::new(*full.circle());
    assert!(log.is_empty());
    for statement in all.iter().rev() {
        let is_last = statement.parents.is_empty();
        let expected = if is_last { Inserted::New } else { Inserted::Waiting };
        assert_eq!(log.insert(statement.clone()), Ok(expected));
        assert_eq!(log.missing(), statement.parents);
    }
    assert_eq!(log.len(), full.len());
    assert_eq!(log.heads(), [fill]);
    assert_eq!(log.insert(all[0].clone()), Ok(Inserted::Known));
    assert_eq!(log.evaluate(), full.evaluate());
    assert_eq!(log.evaluate().verdict(&StatementId([1; 32])), Verdict::Waiting);
}

#[test]
fn what_waits_is_bounded_and_checked_where_it_can_be() {
    let mut log = people(1, 0);
    let stray = |n: usize, by: &DeviceSecret| {
        let parents = vec![StatementId(crate::ids::tagged_hash("n", &[&n.to_le_bytes()]))];
        Draft { circle: *circle().circle(), parents, time: NOW, body: add_device(9) }.sign(Signer::Device(by))
    };
    let forged = Statement { author: StatementAuthor::Device(phone(1).id()), ..stray(0, &phone(8)) };
    assert_eq!(log.insert(forged), Err(Problem::BadSignature));
    for n in 0..WAITING_STATEMENTS_MAX {
        assert_eq!(log.insert_trusted(stray(n, &phone(8))), Ok(Inserted::Waiting));
    }
    assert_eq!(log.insert(stray(WAITING_STATEMENTS_MAX, &phone(8))), Err(Problem::TooManyWaiting));
    assert!(Problem::TooManyWaiting.can_retry());
    says(&mut log, 1, add_device(10));
}

#[test]
fn the_author_is_among_what_a_new_statement_descends_from() {
    let mut log = people(1, 0);
    let before = log.clone();
    let mut views = Vec::new();
    for n in 0..40 {
        let mut view = before.clone();
        enrol(&mut view, 1, 10 + n, Role::Facilitator);
        views.push(view);
    }
    log = union(&views.iter().collect::<Vec<_>>());
    assert_eq!(log.heads().len(), 40);
    for n in 0..40 {
        let by = device(10 + n);
        assert_eq!(log.parents(Some(&by.id())).len(), PARENTS_MAX);
        says(&mut log.clone(), 10 + n, add_device(100));
    }
}

#[test]
fn every_problem_has_its_code() {
    for (at, problem) in Problem::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(problem.code()), at);
        assert_eq!(Problem::from_code(problem.code()), Some(problem));
    }
    assert_eq!(Problem::from_code(Problem::ALL.len() as u8), None);
}

#[test]
fn a_join_that_was_admitted_twice_is_the_same_everywhere() {
    let mut log = people(1, 0);
    let secret = InviteSecret([3; 16]);
    says(&mut log, 1, invite(&secret, InviteFor::Role(Role::Member), false));
    let (early, late) = (join(&log, &secret, 2, 1), join(&log, &secret, 2, 4));
    assert_eq!(early.id(), late.id());
    let (mut one, mut other) = (log.clone(), log);
    assert_eq!(one.insert(early.clone()), Ok(Inserted::New));
    assert_eq!(one.insert(late.clone()), Ok(Inserted::Known));
    assert_eq!(other.insert(late), Ok(Inserted::New));
    let added = says(&mut other, 2, add_device(7));
    assert_eq!(other.insert(early.clone()), Ok(Inserted::New));
    assert_eq!(one.get(&early.id()), other.get(&early.id()));
    assert!(other.contains(&added), "what descends from it stays");
}
