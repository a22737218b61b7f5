//! The bytes of what stands beside the statements. A change here is a change of docs/PROTOCOL.md or docs/TRUST.md.

use crate::codec::Writer;
use crate::ids::{ActorId, CircleId, DocumentId, EntryId, InviteKey, MemberId};

use super::testing::{NOW, UNTIL, circle, join, phone, root, say, warrant};
use super::*;

const GOLDEN: &str = include_str!("record_golden.hex");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn written(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer::new();
    write(&mut writer);
    writer.into_bytes()
}

fn all() -> Vec<Vec<u8>> {
    let (mut log, secret) = (circle(), InviteSecret([3; 16]));
    say(&mut log, Signer::Root(&root()), testing::invite(&secret, InviteFor::Role(Role::Member), false));
    let row = InviteRow { circle: CircleId([1; 16]), joined: 300, expires: UNTIL };
    let paper = RosterEntry {
        state: State::Suspended,
        paper: true,
        ..RosterEntry::new(*phone(2).public(), MemberId([4; 16]), Role::Facilitator)
    };
    let (document, actor, entry) = (DocumentId([2; 16]), ActorId([8; 16]), EntryId([9; 32]));
    let head = SignedHead { circle: CircleId([1; 16]), document, actor, seq: 300, entry };
    let signed = SignedCommission::sign(&root(), secret.public(), UNTIL);
    vec![
        EnrolRequest::Join(Box::new(Statement { admission: None, ..join(&log, &secret, 2, 0) })).encode(),
        EnrolRequest::find(&secret, NOW).encode(),
        EnrolRequest::come_back(&phone(3), NOW).encode(),
        row.encode(),
        InviteRow::key(&InviteKey([5; 32])).to_vec(),
        written(|writer| paper.write(writer)),
        written(|writer| warrant(&log, 1).write(writer)),
        written(|writer| signed.write(writer)),
        written(|writer| signed.complete(&secret, &phone(1).id()).write(writer)),
        head.sign(&phone(1)).0.to_vec(),
        phone(1).id().as_bytes().to_vec(),
        member_id(&[6; 16], &phone(1).id()).as_bytes().to_vec(),
        secret.public().as_bytes().to_vec(),
        secret.box_key().to_vec(),
        DeviceSecret::from_paper(&[7; 16]).id().as_bytes().to_vec(),
    ]
}

#[test]
fn what_stands_beside_the_statements_has_these_bytes() {
    let lines: Vec<String> = all().iter().map(|bytes| hex(bytes)).collect();
    let golden: Vec<&str> = GOLDEN.lines().collect();
    assert_eq!(lines, golden, "the format changed: change the documents, the version and the golden bytes with it");
}
