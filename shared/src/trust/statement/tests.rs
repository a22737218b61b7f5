use crate::codec::DecodeError;
use crate::ids::{CircleId, MemberId, StatementId};
use crate::time::TimestampMs;
use crate::trust::testing::*;
use crate::trust::*;

const GOLDEN: &str = include_str!("../statement_golden.hex");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One of each kind.
fn all() -> Vec<Statement> {
    let log = circle();
    let (secret, ana) = (InviteSecret([3; 16]), MemberId([4; 16]));
    let signed = SignedCommission::sign(&root(), secret.public(), UNTIL);
    let founder = Founder {
        device: *phone(1).public(),
        salt: [2; 16],
        commission: Some(signed.complete(&secret, &phone(1).id())),
    };
    let StatementBody::Found(found) = founding(0).body else { unreachable!() };
    let commissioned = Draft {
        circle: CircleId([0; 16]),
        parents: Vec::new(),
        time: NOW,
        body: StatementBody::Found(Found { founder: Some(founder), ..found }),
    };
    let mut invited = log.clone();
    say(&mut invited, Signer::Root(&root()), invite(&secret, InviteFor::Role(Role::Facilitator), true));
    let by_device = |body| draft(&log, Signer::Device(&phone(1)), body);
    let share = Share { epoch: StatementId([6; 32]), wraps: wraps(&[1]) };
    let group = KeyGroup::pair(MemberId([9; 16]), ana).unwrap();
    vec![
        founding(0),
        commissioned.sign(Signer::Device(&phone(1))),
        by_device(invite(&secret, InviteFor::Member { member: ana, recovers: true }, false)),
        join(&invited, &secret, 2, 5),
        by_device(StatementBody::Grant(grant(&log, 1, 2, Role::Member))),
        by_device(StatementBody::AddDevice(AddDevice { device: *phone(2).public(), paper: true })),
        by_device(StatementBody::Remove(Remove::Member(ana))),
        draft(&log, Signer::Root(&root()), remove_device(2)),
        by_device(StatementBody::Confirm(Confirm { member: ana })),
        by_device(StatementBody::Promote(Promote { member: ana })),
        by_device(epoch(group, Some(StatementId([5; 32])), &[1, 2])),
        by_device(StatementBody::Share(share)),
    ]
}

#[test]
fn every_kind_has_these_bytes() {
    let lines: Vec<String> = all().iter().map(|statement| hex(&statement.encode())).collect();
    let golden: Vec<&str> = GOLDEN.lines().collect();
    assert_eq!(lines, golden, "the format changed: change docs/TRUST.md, the version and the golden bytes with it");
}

#[test]
fn a_statement_survives_its_bytes_and_has_no_other() {
    for statement in all() {
        let bytes = statement.encode();
        assert_eq!(Statement::decode(&bytes), Ok(statement.clone()));
        for end in 0..bytes.len() {
            assert!(Statement::decode(&bytes[..end]).is_err(), "cut at {end}");
        }
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut damaged = bytes.clone();
                damaged[at] ^= 1 << bit;
                if let Ok(read) = Statement::decode(&damaged) {
                    assert_eq!(read.encode(), damaged, "two encodings, at {at}");
                    assert_ne!(read, statement);
                }
            }
        }
        let mut longer = bytes;
        longer.push(0);
        assert_eq!(Statement::decode(&longer), Err(DecodeError::Trailing { what: "statement" }));
    }
}

#[test]
fn the_id_covers_all_but_signature_and_admission() {
    let log = circle();
    let mut statement = draft(&log, Signer::Device(&phone(1)), remove_device(1));
    let id = statement.id();
    statement.signature = Signature([1; 64]);
    assert_eq!(statement.id(), id);
    statement.time = TimestampMs(1_001);
    assert_ne!(statement.id(), id);
}

#[test]
fn what_a_kind_never_has_is_refused() {
    let log = circle();
    let good = draft(&log, Signer::Device(&phone(1)), remove_device(1));
    let form = |change: &dyn Fn(&mut Statement)| {
        let mut statement = good.clone();
        change(&mut statement);
        let read = Statement::decode(&statement.encode());
        assert!(statement.check_form().is_err());
        read.unwrap_err()
    };
    let invalid = |what| DecodeError::Invalid { what };
    let invite_author = StatementAuthor::Invite(InviteSecret([3; 16]).public());
    assert_eq!(form(&|it| it.author = invite_author), invalid("statement author"));
    assert_eq!(form(&|it| it.parents.clear()), invalid("statement parents"));
    assert_eq!(form(&|it| it.parents.push(it.parents[0])), invalid("statement parents"));
    assert_eq!(form(&|it| it.circle = CircleId([0; 16])), invalid("statement's circle"));
    let admission = Admission::sign(&server(), &good.id(), good.id(), 0, NOW);
    assert_eq!(form(&|it| it.admission = Some(admission)), invalid("admission"));
    assert_eq!(form(&|it| (it.author, it.body) = (StatementAuthor::Root, add_device(3))), invalid("statement author"));
}

#[test]
fn bounds_are_held() {
    let log = circle();
    let read = |body| Statement::decode(&draft(&log, Signer::Device(&phone(1)), body).encode()).map(|_| ());
    let invite = |uses, len| {
        let (key, to) = (InviteSecret([3; 16]).public(), InviteFor::Role(Role::Member));
        StatementBody::Invite(Invitation { key, to, uses, expires: UNTIL, past: false, sealed_box: vec![0; len] })
    };
    assert_eq!(read(invite(INVITE_USES_MAX, INVITE_BOX_BYTES_MAX)), Ok(()));
    assert_eq!(read(invite(0, 0)), Err(DecodeError::Invalid { what: "invite uses" }));
    assert_eq!(read(invite(INVITE_USES_MAX + 1, 0)), Err(DecodeError::Invalid { what: "invite uses" }));
    let max = INVITE_BOX_BYTES_MAX;
    assert_eq!(read(invite(1, max + 1)), Err(DecodeError::TooLarge { what: "invite box", max }));
    let wraps = |count: usize| {
        let device = |n: usize| crate::ids::DeviceId(crate::ids::tagged_hash("n", &[&n.to_le_bytes()]));
        let mut wraps: Wraps = (0..count).map(|n| (device(n), Wrap([1; 80]))).collect();
        wraps.sort_unstable();
        StatementBody::Share(Share { epoch: StatementId([1; 32]), wraps })
    };
    assert_eq!(read(wraps(WRAPS_MAX)), Ok(()));
    assert_eq!(read(wraps(WRAPS_MAX + 1)), Err(DecodeError::TooLarge { what: "wraps", max: WRAPS_MAX }));
    let long = vec![1; STATEMENT_BYTES_MAX + 1];
    let too_large = DecodeError::TooLarge { what: "statement", max: STATEMENT_BYTES_MAX };
    assert_eq!(Statement::decode(&long), Err(too_large));
}

#[test]
fn wraps_and_pairs_have_one_order() {
    let log = circle();
    let mut twice = wraps(&[1, 2]);
    twice.reverse();
    let share = |wraps| StatementBody::Share(Share { epoch: StatementId([1; 32]), wraps });
    let read = |body| Statement::decode(&draft(&log, Signer::Device(&phone(1)), body).encode()).map(|_| ());
    assert_eq!(read(share(twice)), Err(DecodeError::Invalid { what: "wraps" }));
    let (one, other) = (MemberId([1; 16]), MemberId([2; 16]));
    assert_eq!(KeyGroup::pair(other, one), KeyGroup::pair(one, other));
    assert_eq!(KeyGroup::pair(one, one), None);
    let group = DecodeError::Invalid { what: "key group" };
    assert_eq!(read(epoch(KeyGroup::Pair(other, one), None, &[])), Err(group));
}

#[test]
fn a_commission_is_for_one_device_and_runs_out() {
    let secret = InviteSecret([3; 16]);
    let signed = SignedCommission::sign(&root(), secret.public(), UNTIL);
    let key = crate::ids::OrganisationKey(root().public());
    let both = signed.complete(&secret, &phone(1).id());
    assert_eq!(both.verify(&key, &phone(1).id(), NOW), Ok(()));
    assert_eq!(both.verify(&key, &phone(1).id(), UNTIL), Err(CommissionProblem::Expired));
    let forged = Err(CommissionProblem::Signature(SignatureInvalid));
    assert_eq!(both.verify(&key, &phone(2).id(), NOW), forged);
    assert_eq!(both.verify(&crate::ids::OrganisationKey(server().public()), &phone(1).id(), NOW), forged);
    assert_eq!(signed.complete(&InviteSecret([4; 16]), &phone(1).id()).verify(&key, &phone(1).id(), NOW), forged);
}

#[test]
fn secrets_give_what_the_specification_says() {
    let secret = InviteSecret([3; 16]);
    let seed = crate::ids::tagged_hash("kith/invite-key/1", &[&[3; 16]]);
    assert_eq!(secret.public().0, SigningSecret::from_seed(&seed).public());
    assert_eq!(secret.box_key(), crate::ids::tagged_hash("kith/invite-box/1", &[&[3; 16]]));
    let paper = DeviceSecret::from_seed(crate::ids::tagged_hash("kith/paper/1", &[&[5; 16]]));
    assert_eq!(DeviceSecret::from_paper(&[5; 16]).id(), paper.id());
}
