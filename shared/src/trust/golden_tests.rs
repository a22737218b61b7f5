//! The bytes of statements and of what stands beside them. A change here is a change of docs/PROTOCOL.md or
//! docs/TRUST.md, and of what phones have stored.

use crate::codec::Writer;
use crate::ids::{ActorId, CircleId, DocumentId, EntryId, InviteKey, MemberId, RecordHash, StatementId};

use super::testing::{NOW, UNTIL, circle, join, phone, root, server, warrant};
use super::*;

const CHANGED: &str = "the format changed: change the documents, the version and the golden bytes with it";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn written(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer::new();
    write(&mut writer);
    writer.into_bytes()
}

/// What stands beside the statements, in the order of `record_golden.hex`.
fn all() -> Vec<Vec<u8>> {
    let (chain, secret) = (circle(), InviteSecret([3; 16]));
    let knows = Knows { generation: 1, position: 300, hash: RecordHash([7; 32]) };
    let record = Record { position: 2, time: NOW, fold: FOLD_FIRST, statement: StatementId([5; 32]) };
    let of_keys = Record { fold: FOLD_FIRST | RECORD_OF_KEYS, ..record };
    let late = Record { fold: of_keys.fold | RECORD_LATE, ..record };
    let back = Record { fold: FOLD_FIRST | RECORD_SET_BACK, ..record };
    let spans = [(1, MemberState::Provisional, Role::Member), (300, MemberState::Active, Role::Facilitator)];
    let paper = RosterEntry {
        paper: true,
        introduced_at: 1,
        out_at: Some(900),
        spans: spans
            .into_iter()
            .map(|(from, state, role)| Span { from, state, role, beginners: Beginners::Everyone })
            .collect(),
        ..RosterEntry::new(*phone(2).public(), MemberId([4; 16]), Role::Member)
    };
    let (document, actor, entry) = (DocumentId([2; 16]), ActorId([8; 16]), EntryId([9; 32]));
    let head = SignedHead { circle: CircleId([1; 16]), document, actor, seq: 300, entry, knows };
    let signed = head.sign(phone(1));
    let lost = EntrySignature { lost_hash: Some(RecordHash([6; 32])), ..signed };
    let commission = RootCommission::sign(&root(), secret.public(), UNTIL);
    vec![
        chain.head().hash.as_bytes().to_vec(),
        record.hash(&RecordHash([7; 32])).as_bytes().to_vec(),
        of_keys.hash(&RecordHash([7; 32])).as_bytes().to_vec(),
        late.hash(&RecordHash([7; 32])).as_bytes().to_vec(),
        back.hash(&RecordHash([7; 32])).as_bytes().to_vec(),
        written(|writer| ChainHead::sign(&server(), CircleId([1; 16]), knows, NOW).write(writer)),
        written(|writer| signed.write(writer)),
        written(|writer| lost.write(writer)),
        written(|writer| paper.write(writer)),
        written(|writer| warrant(&chain, 1, 1).write(writer)),
        written(|writer| commission.write(writer)),
        written(|writer| commission.complete(&secret, &phone(1).id()).write(writer)),
        EnrolRequest::join(Signed::new(join(&chain, &secret, 2)), phone(2), NOW).encode(),
        EnrolRequest::find(&secret, NOW).encode(),
        EnrolRequest::come_back(phone(3), NOW).encode(),
        InviteRow { circle: CircleId([1; 16]), expires: UNTIL }.encode(),
        InviteRow::key(&InviteKey([5; 32])).to_vec(),
        Attached::of(b"beside").0.to_vec(),
        phone(1).id().as_bytes().to_vec(),
        member_id(&[6; 16], &phone(1).id()).as_bytes().to_vec(),
        secret.public().as_bytes().to_vec(),
        secret.box_key().to_vec(),
        DeviceSecret::from_paper(&[7; 16]).id().as_bytes().to_vec(),
    ]
}

#[test]
fn every_kind_of_statement_has_these_bytes() {
    let lines: Vec<String> = statement::tests::all().iter().map(|statement| hex(&statement.encode())).collect();
    let golden: Vec<&str> = include_str!("statement_golden.hex").lines().collect();
    assert_eq!(lines, golden, "{CHANGED}");
}

#[test]
fn what_stands_beside_the_statements_has_these_bytes() {
    let lines: Vec<String> = all().iter().map(|bytes| hex(bytes)).collect();
    let golden: Vec<&str> = include_str!("record_golden.hex").lines().collect();
    assert_eq!(lines, golden, "{CHANGED}");
}
