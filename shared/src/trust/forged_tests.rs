//! Nothing that somebody else signed, or that was changed on its way, is ever opened: each kind, each byte of it.

use crate::codec::{Reader, Writer};
use crate::ids::{CircleId, OrganisationKey, RecordHash, SealingKey, ServerKey};

use super::testing::*;
use super::*;

/// That what these bytes say is opened, and nothing that differs from it in one byte.
fn assert_opens_unchanged_alone<T>(
    kind: &str,
    bytes: &[u8],
    read: impl Fn(&[u8]) -> Option<Signed<T>>,
    opens: impl Fn(Signed<T>) -> bool,
) {
    assert!(read(bytes).is_some_and(&opens), "{kind}");
    for at in 0..bytes.len() {
        let mut damaged = bytes.to_vec();
        damaged[at] ^= 1 << (at % 8);
        assert!(!read(&damaged).is_some_and(&opens), "{kind}, byte {at}");
    }
}

fn whole<T>(bytes: &[u8], read: impl Fn(&mut Reader<'_>) -> Result<T, crate::codec::DecodeError>) -> Option<T> {
    let mut reader = Reader::new(bytes);
    let read = read(&mut reader).ok()?;
    reader.finish("all").ok().map(|()| read)
}

fn written(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer::new();
    write(&mut writer);
    writer.into_bytes()
}

#[test]
fn a_changed_statement_of_any_kind_stays_closed() {
    let (mut chain, secret) = (people(2, 2), InviteSecret([3; 16]));
    let link = invite(&chain, Signer::Device(phone(1)), &secret, InviteFor::Role(Role::Member), 2);
    let invites = of_phone(&chain, 1, link.clone());
    says(&mut chain, 1, link).unwrap();
    let said = [
        invites,
        join(&chain, &secret, 9),
        of_phone(&chain, 1, StatementBody::Grant(grant(&chain, 1, 10, Role::Member))),
        of_phone(&chain, 3, add_device(&chain, 3, 11, false)),
        of_phone(&chain, 1, remove(&chain, 3)),
        of_phone(&chain, 1, epoch(&chain, KeyGroup::Circle, 1, &[1, 2, 3, 4])),
        draft(&chain, Signer::Root(&root()), demote(&chain, 2)),
        draft(&chain, Signer::Root(&root()), StatementBody::ReportKey(ReportKey { key: Some(SealingKey([9; 32])) })),
    ];
    for statement in said {
        let kind = format!("{:?}", statement.body.kind());
        let read = |bytes: &[u8]| Statement::decode(bytes).ok();
        assert_opens_unchanged_alone(&kind, &statement.encode(), read, |it| chain.verify(it).is_ok());
    }
    let found = founding(0);
    let empty = Chain::new(Statement::circle_of(&found.id()));
    let read = |bytes: &[u8]| Statement::decode(bytes).ok();
    assert_opens_unchanged_alone("Found", &found.encode(), read, |it| empty.verify(it).is_ok());
}

#[test]
fn a_statement_stays_closed_whose_author_signed_it_and_another_did_not() {
    let (mut chain, secret, other) = (people(2, 2), InviteSecret([3; 16]), InviteSecret([4; 16]));
    let closed = |chain: &Chain, statement: &Statement| chain.verify(Signed::new(statement.clone())).err();
    let circle = *chain.circle();
    let StatementBody::Invite(seen) =
        invite(&chain, Signer::Device(phone(2)), &other, InviteFor::Role(Role::Member), 2)
    else {
        unreachable!()
    };
    let anothers_key = of_phone(&chain, 1, StatementBody::Invite(seen));
    assert_eq!(closed(&chain, &anothers_key), Some(StatementProblem::BadSignature), "an invite's key that was seen");
    invites(&mut chain, 1, 3, InviteFor::Role(Role::Member)).unwrap();
    let stolen = Join { device: *phone(9).public(), ..Join::sign(&circle, &secret.public(), phone(10), [9; 16]) };
    let joined = draft(&chain, Signer::Invite(&secret), StatementBody::Join(stolen));
    assert_eq!(closed(&chain, &joined), Some(StatementProblem::BadSignature), "a phone that did not ask to come in");
    let own = AddDevice::sign(&circle, &member(&chain, 3), phone(3), false, Attached::NOTHING);
    let added = StatementBody::AddDevice(AddDevice { device: *phone(9).public(), ..own });
    let added = of_phone(&chain, 3, added);
    assert_eq!(closed(&chain, &added), Some(StatementProblem::BadSignature), "a phone that did not agree");
    let warrant = Warrant::sign(&root(), circle, phone(1).id(), WarrantId([7; 16]), 50, UNTIL, 1);
    let granted = StatementBody::Grant(Grant { warrant, ..grant(&chain, 1, 9, Role::Member) });
    let granted = of_phone(&chain, 1, granted);
    assert_eq!(closed(&chain, &granted), Some(StatementProblem::BadWarrant), "a warrant that no server signed");
    for (by, wanted) in [(server(), Some(StatementProblem::BadCommission)), (root(), None)] {
        let right = RootCommission::sign(&by, secret.public(), UNTIL).complete(&secret, &phone(1).id());
        let founder = Founder { device: *phone(1).public(), salt: [2; 16], commission: Some(right) };
        let StatementBody::Found(found) = founding(0).body else { unreachable!() };
        let (circle, body) = (CircleId([0; 16]), StatementBody::Found(Found { founder: Some(founder), ..found }));
        let draft = Draft { circle, number: 0, knows: Knows::NOTHING, time: NOW, body };
        let statement = draft.signed(Signer::Device(phone(1)));
        let empty = Chain::new(Statement::circle_of(&statement.id()));
        assert_eq!(closed(&empty, &statement), wanted, "a commission");
    }
}

#[test]
fn a_changed_head_warrant_or_commission_stays_closed() {
    let (circle, secret) = (CircleId([1; 16]), InviteSecret([3; 16]));
    let (root_key, server_key) = (OrganisationKey(root().public()), ServerKey(server().public()));
    let last = Knows { generation: 1, position: 300, hash: RecordHash([7; 32]) };
    let head = written(|writer| ChainHead::sign(&server(), circle, last, NOW).write(writer));
    let read = |bytes: &[u8]| whole(bytes, |reader| ChainHead::read(circle, reader));
    assert_opens_unchanged_alone("head", &head, read, |it| it.verify(&server_key).is_ok());
    assert!(ChainHead::sign(&root(), circle, last, NOW).verify(&server_key).is_err());
    let signed = Warrant::sign(&server(), circle, phone(1).id(), WarrantId([7; 16]), 50, UNTIL, 300);
    let warrant = written(|writer| signed.write(writer));
    let read = |bytes: &[u8]| whole(bytes, Warrant::read);
    assert_opens_unchanged_alone("warrant", &warrant, read, |it| it.verify(&server_key).is_ok());
    let signed = RootCommission::sign(&root(), secret.public(), UNTIL);
    let right = written(|writer| signed.write(writer));
    let read = |bytes: &[u8]| whole(bytes, RootCommission::read);
    assert_opens_unchanged_alone("the root's half", &right, read, |it| it.verify(&root_key).is_ok());
    let both = written(|writer| signed.complete(&secret, &phone(1).id()).write(writer));
    let read = |bytes: &[u8]| whole(bytes, Commission::read);
    let opens = |it: Signed<Commission>| it.verify((&root_key, &phone(1).id(), NOW)).is_ok();
    assert_opens_unchanged_alone("commission", &both, read, opens);
}

#[test]
fn a_changed_request_to_come_in_stays_closed() {
    let (chain, secret) = (circle(), InviteSecret([3; 16]));
    let requests = [
        EnrolRequest::join(Signed::new(join(&chain, &secret, 9)), phone(9), NOW),
        EnrolRequest::find(&secret, NOW),
        EnrolRequest::come_back(phone(3), NOW),
    ];
    for (kind, request) in ["join", "find", "return"].into_iter().zip(requests) {
        let (bytes, read) = (request.encode(), |bytes: &[u8]| EnrolRequest::decode(bytes).ok());
        // The Join's own signature is the chain's to check.
        let covered = |request: &EnrolRequest| match request {
            EnrolRequest::Join { join, .. } => Some(join.claimed().signature),
            _ => None,
        };
        let own = covered(&request);
        let opens = |it: Signed<EnrolRequest>| covered(it.claimed()) == own && it.verify(NOW).is_ok();
        assert_opens_unchanged_alone(kind, &bytes, read, opens);
    }
}

#[test]
fn what_signs_a_request_or_an_entry_opens_that_alone() {
    let (own, other) = (phone(1), phone(2));
    let stamp = RequestStamp { device: own.id(), time: NOW };
    let signature = stamp.sign(own, Purpose::Live, b"content");
    let opens = |stamp: RequestStamp, purpose, content: &[u8], signature: &Signature| {
        stamp.verify(own.public(), purpose, content, signature, NOW).is_ok()
    };
    assert!(opens(stamp, Purpose::Live, b"content", &signature));
    assert!(!opens(stamp, Purpose::Sync, b"content", &signature));
    assert!(!opens(stamp, Purpose::Live, b"another", &signature));
    assert!(!opens(RequestStamp { device: other.id(), ..stamp }, Purpose::Live, b"content", &signature));
    assert!(!opens(stamp, Purpose::Live, b"content", &stamp.sign(other, Purpose::Live, b"content")));
    let (document, actor) = (crate::ids::DocumentId([2; 16]), crate::ids::ActorId([8; 16]));
    let (entry, knows) = (crate::ids::EntryId([9; 32]), Knows::NOTHING);
    let head = SignedHead { circle: CircleId([1; 16]), document, actor, seq: 300, entry, knows };
    let signed = head.sign(own).signature;
    assert!(head.verify(own.public(), &signed).is_ok());
    assert!(head.verify(other.public(), &signed).is_err());
    assert!(SignedHead { seq: 301, ..head }.verify(own.public(), &signed).is_err());
    assert!(head.verify(own.public(), &head.sign(other).signature).is_err());
}
