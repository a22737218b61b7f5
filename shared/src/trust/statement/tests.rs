use crate::codec::DecodeError;
use crate::ids::{CircleId, InviteKey, MemberId, RecordHash, SealingKey, ServerKey};
use crate::time::{Day, TimestampMs};
use crate::trust::testing::*;
use crate::trust::*;

/// One of each kind, and more than one where a kind has several forms.
pub(in crate::trust) fn all() -> Vec<Statement> {
    let chain = people(1, 2);
    let secret = InviteSecret([3; 16]);
    let signed = RootCommission::sign(&root(), secret.public(), UNTIL);
    let commission = Some(signed.complete(&secret, &phone(1).id()));
    let founder = Founder { device: *phone(1).public(), salt: [2; 16], commission };
    let StatementBody::Found(found) = founding(0).body else { unreachable!() };
    let body = StatementBody::Found(Found { founder: Some(founder), ..found });
    let commissioned = Draft { circle: CircleId([0; 16]), number: 0, knows: Knows::NOTHING, time: NOW, body };
    let pair = KeyGroup::pair(member(&chain, 2), member(&chain, 3)).unwrap();
    let own = InviteFor::Member { member: member(&chain, 2), recovers: true };
    let by = Signer::Device(phone(1));
    let of_root = |body| draft(&chain, Signer::Root(&root()), body);
    let of_one = |body| of_phone(&chain, 1, body);
    vec![
        founding(0),
        commissioned.signed(by),
        of_one(invite(&chain, by, &secret, own, 1)),
        of_root(invite(&chain, Signer::Root(&root()), &secret, InviteFor::Role(Role::Facilitator), 300)),
        join(&chain, &secret, 9),
        of_one(StatementBody::Grant(grant(&chain, 1, 9, Role::Member))),
        of_one(add_device(&chain, 1, 10, true)),
        of_one(remove(&chain, 2)),
        of_root(remove_device(2)),
        of_one(confirm(&chain, 2)),
        of_one(promote(&chain, 2)),
        of_one(epoch(&chain, pair, 1, &[2, 3, 90])),
        of_one(share(&chain, KeyGroup::Circle, 1, &[2])),
        of_one(StatementBody::Withdraw(Withdraw { invite: secret.public() })),
        of_one(demote(&chain, 1)),
        of_root(StatementBody::Restored(Restored { generation: 300, from: 5 })),
        of_root(StatementBody::NewServer(NewServer { server: ServerKey([8; 32]) })),
        of_one(StatementBody::Setting(Setting::Conversations(Beginners::Facilitators))),
        draft(&chain, Signer::Invite(&secret), StatementBody::Withdraw(Withdraw { invite: secret.public() })),
        of_root(StatementBody::Helplines(Helplines(vec![helpline(), bare_helpline()]))),
        of_root(StatementBody::Helplines(Helplines::default())),
        of_root(StatementBody::ReportKey(ReportKey { key: Some(SealingKey([9; 32])) })),
        of_root(StatementBody::ReportKey(ReportKey::default())),
        of_one(epoch(&chain, KeyGroup::Reports(member(&chain, 2)), 1, &[2])),
    ]
}

fn helpline() -> Helpline {
    Helpline {
        name: "Night line".to_owned(),
        phone: "+1 (202) 555-0142".to_owned(),
        sms: "202/555*0143#".to_owned(),
        region: "Everywhere".to_owned(),
        hours: "Day and night".to_owned(),
        language: "English, español".to_owned(),
        checked: Some(Day(20_700)),
    }
}

/// One with as little as there may be.
fn bare_helpline() -> Helpline {
    Helpline { name: "x".to_owned(), sms: "1".to_owned(), ..Helpline::default() }
}

#[test]
fn a_statement_survives_its_bytes_and_has_no_other() {
    for statement in all() {
        let bytes = statement.encode();
        assert_eq!(Statement::decode(&bytes), Ok(Signed::new(statement.clone())));
        assert!((0..bytes.len()).all(|end| Statement::decode(&bytes[..end]).is_err()));
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            if let Ok(read) = Statement::decode(&damaged) {
                assert_eq!(read.encode(), damaged, "two encodings, at bit {bit}");
                assert_ne!(read, Signed::new(statement.clone()));
            }
        }
        let longer = [&bytes[..], &[0]].concat();
        assert_eq!(Statement::decode(&longer), Err(DecodeError::Trailing { what: "statement" }));
    }
}

#[test]
fn no_changed_bit_is_admitted() {
    let chain = people(1, 2);
    let honest = of_phone(&chain, 1, remove(&chain, 2));
    let bytes = honest.encode();
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        if let Ok(read) = Statement::decode(&damaged) {
            assert!(chain.clone().hear(read.claimed(), NOW).is_err(), "bit {bit}");
        }
    }
}

#[test]
fn the_id_covers_all_but_the_signature() {
    for mut statement in all() {
        let id = statement.id();
        statement.signature = Signature([1; 64]);
        assert_eq!(statement.id(), id);
        statement.time = TimestampMs(77);
        assert_ne!(statement.id(), id);
    }
}

#[test]
fn what_a_kind_never_has_is_refused() {
    let chain = people(1, 1);
    let (good, joined) = (of_phone(&chain, 1, remove(&chain, 2)), join(&chain, &InviteSecret([3; 16]), 9));
    let form = |of: &Statement, change: &dyn Fn(&mut Statement)| {
        let mut statement = of.clone();
        change(&mut statement);
        assert!(statement.check_form().is_err());
        Statement::decode(&statement.encode()).unwrap_err()
    };
    let invalid = |what| DecodeError::Invalid { what };
    let (author, knows, number) = ("statement author", "what the author knew", "author's number");
    let invite = StatementAuthor::Invite(InviteKey([3; 32]));
    assert_eq!(form(&good, &|it| it.author = invite), invalid(author));
    let ends_another = StatementBody::Withdraw(Withdraw { invite: InviteKey([4; 32]) });
    assert_eq!(form(&good, &|it| (it.author, it.body) = (invite, ends_another.clone())), invalid(author));
    assert_eq!(form(&good, &|it| it.knows = Knows::NOTHING), invalid(knows));
    assert_eq!(form(&good, &|it| it.number = 0), invalid(number));
    assert_eq!(form(&good, &|it| it.circle = CircleId([0; 16])), invalid("statement's circle"));
    assert_eq!(form(&joined, &|it| it.number = 1), invalid(number));
    assert_eq!(form(&joined, &|it| it.knows.hash = RecordHash([1; 32])), invalid(knows));
    assert_eq!(form(&joined, &|it| it.author = good.author), invalid(author));
    let by_device = |body: StatementBody| form(&good, &move |it| it.body = body.clone());
    assert_eq!(by_device(StatementBody::Restored(Restored { generation: 1, from: 2 })), invalid(author));
    assert_eq!(by_device(StatementBody::NewServer(NewServer { server: ServerKey([1; 32]) })), invalid(author));
    assert_eq!(by_device(StatementBody::Helplines(Helplines(vec![helpline()]))), invalid(author));
    assert_eq!(by_device(StatementBody::ReportKey(ReportKey { key: Some(SealingKey([9; 32])) })), invalid(author));
    let add = add_device(&chain, 1, 9, false);
    assert_eq!(form(&good, &|it| (it.author, it.body) = (StatementAuthor::Root, add.clone())), invalid(author));
}

#[test]
fn readers_uses_and_pairs_have_one_form() {
    let chain = people(1, 2);
    let read = |body| Statement::decode(&of_phone(&chain, 1, body).encode()).map(|_| ());
    let of = |new: &[crate::ids::DeviceId]| {
        let readers = Readers { new: new.to_vec(), ..Readers::default() };
        let StatementBody::Share(share) = share(&chain, KeyGroup::Circle, 1, &[2]) else { unreachable!() };
        StatementBody::Share(Share { readers, ..share })
    };
    let (mut one, mut other) = (phone(8).id(), phone(9).id());
    if other < one {
        core::mem::swap(&mut one, &mut other);
    }
    assert_eq!(read(of(&[one, other])), Ok(()));
    for wrong in [&[][..], &[other, one], &[one, one]] {
        assert_eq!(read(of(wrong)), Err(DecodeError::Invalid { what: "readers" }));
    }
    let uses =
        |uses| invite(&chain, Signer::Device(phone(1)), &InviteSecret([3; 16]), InviteFor::Role(Role::Member), uses);
    assert_eq!(read(uses(INVITE_USES_MAX)), Ok(()));
    for wrong in [0, INVITE_USES_MAX + 1] {
        assert_eq!(read(uses(wrong)), Err(DecodeError::Invalid { what: "invite uses" }));
    }
    let (one, other) = (MemberId([1; 16]), MemberId([2; 16]));
    assert_eq!((KeyGroup::pair(other, one), KeyGroup::pair(one, one)), (KeyGroup::pair(one, other), None));
    let falling = epoch(&chain, KeyGroup::Pair(other, one), 1, &[1]);
    assert_eq!(read(falling), Err(DecodeError::Invalid { what: "key group" }));
    let long = vec![1; STATEMENT_BYTES_MAX + 1];
    let too_large = DecodeError::TooLarge { what: "statement", max: STATEMENT_BYTES_MAX };
    assert_eq!(Statement::decode(&long), Err(too_large));
}

#[test]
fn a_commission_is_for_one_device_and_runs_out() {
    let secret = InviteSecret([3; 16]);
    let signed = RootCommission::sign(&root(), secret.public(), UNTIL);
    let key = crate::ids::OrganisationKey(root().public());
    let both = signed.complete(&secret, &phone(1).id());
    assert!(both.verify((&key, &phone(1).id(), NOW)).is_ok());
    assert_eq!(both.verify((&key, &phone(1).id(), UNTIL)), Err(CommissionProblem::Expired));
    let forged = Err(CommissionProblem::Signature(SignatureInvalid));
    assert_eq!(both.verify((&key, &phone(2).id(), NOW)), forged);
    let by_another = signed.complete(&InviteSecret([4; 16]), &phone(1).id());
    assert_eq!(by_another.verify((&key, &phone(1).id(), NOW)), forged);
}

#[test]
fn helplines_have_a_name_a_number_and_one_form() {
    let chain = people(1, 1);
    let read = |helplines: Vec<Helpline>| {
        let statement = draft(&chain, Signer::Root(&root()), StatementBody::Helplines(Helplines(helplines)));
        Statement::decode(&statement.encode()).map(|_| ())
    };
    let with = |change: &dyn Fn(&mut Helpline)| {
        let mut one = helpline();
        change(&mut one);
        read(vec![bare_helpline(), one])
    };
    assert_eq!(with(&|_| {}), Ok(()));
    assert_eq!(with(&|it| it.phone.clear()), Ok(()), "one number is enough");
    assert_eq!(with(&|it| it.sms = "1".repeat(NUMBER_CHARS_MAX)), Ok(()));
    for day in [Day::FIRST, Day::LAST] {
        assert_eq!(with(&|it| it.checked = Some(day)), Ok(()));
    }
    let invalid = |what| Err(DecodeError::Invalid { what });
    let (number, checked) = ("helpline's number", "day that a helpline was checked");
    assert_eq!(with(&|it| " \n".clone_into(&mut it.name)), invalid("helpline's name"));
    assert_eq!(with(&|it| (it.phone, it.sms) = Default::default()), invalid(number));
    for wrong in ["call", "+", "12;ext=3", "12\u{202e}34", "١٢٣", "12\n34", "javascript:1"] {
        assert_eq!(with(&|it| wrong.clone_into(&mut it.phone)), invalid(number), "{wrong}");
    }
    for day in [Day::FIRST.0 - 1, Day::LAST.0 + 1, u32::MAX] {
        assert_eq!(with(&|it| it.checked = Some(Day(day))), invalid(checked));
    }
    let too_large = |what, max| Err(DecodeError::TooLarge { what, max });
    let long_number = "1".repeat(NUMBER_CHARS_MAX + 1);
    assert_eq!(with(&|it| it.sms.clone_from(&long_number)), too_large(number, NUMBER_CHARS_MAX));
    let long_name = "x".repeat(HELPLINE_BYTES_MAX + 1);
    assert_eq!(with(&|it| it.name.clone_from(&long_name)), too_large("helpline's name", HELPLINE_BYTES_MAX));
    assert_eq!(read(vec![bare_helpline(); ORGANISATION_HELPLINES_MAX]), Ok(()));
    let many = read(vec![bare_helpline(); ORGANISATION_HELPLINES_MAX + 1]);
    assert_eq!(many, too_large("helplines", ORGANISATION_HELPLINES_MAX));
    let large = Helpline { region: "x".repeat(1_600), ..bare_helpline() };
    assert_eq!(read(vec![large; 2]), too_large("helplines", ORGANISATION_HELPLINES_BYTES_MAX));
}

#[test]
fn a_report_key_has_one_form_and_something_can_be_sealed_to_it() {
    let chain = people(1, 1);
    let read = |key: Option<SealingKey>| {
        let statement = draft(&chain, Signer::Root(&root()), StatementBody::ReportKey(ReportKey { key }));
        Statement::decode(&statement.encode()).map(|_| ())
    };
    assert_eq!((read(None), read(Some(SealingKey([9; 32])))), (Ok(()), Ok(())));
    let mut one = [0; 32];
    one[0] = 1;
    for weak in [[0; 32], one] {
        assert_eq!(read(Some(SealingKey(weak))), Err(DecodeError::Invalid { what: "report key" }));
    }
}
