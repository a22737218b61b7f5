//! The bytes of what the server and phones store of entries. A change here is a change of docs/PROTOCOL.md, "Storage".

use crate::ids::{ActorId, BodyId, CircleId, DeviceId, DocumentId, EntryId, Incarnation, MemberId, RecordHash};
use crate::ids::{DocumentName, Subject};
use crate::time::{Day, TimestampMs};
use crate::trust::{EntrySignature, Knows, Signature};
use crate::wire::{EntryContent, Lacking};

use super::*;

const GOLDEN: &str = include_str!("record_golden.hex");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn document() -> DocumentState {
    let chain = Chain {
        device: DeviceId([3; 32]),
        member: MemberId([8; 16]),
        incarnation: Incarnation(4),
        seq: 300,
        last: EntryId([5; 32]),
        max_op: 6_000,
        work: 7_000,
        bytes: 40_000,
        named: 20,
        erased: 2,
        remote_seq: 299,
        remote_max_op: 5_900,
    };
    DocumentState {
        name: DocumentName { schema: 1, subject: Subject::SessionNote { day: Day(20_775), ordinal: 1 } },
        chains: [(ActorId([2; 16]), chain)].into_iter().collect(),
        heads: [(EntryId([5; 32]), 6_000)].into_iter().collect(),
        entries: 301,
        sent_position: 290,
        proven_position: 280,
    }
}

fn entry(content: EntryContent, signature: Option<EntrySignature>, bodies: Vec<BodyId>) -> StoredEntry {
    let document = DocumentName { schema: 1, subject: Subject::Plan { member: MemberId([7; 16]) } };
    StoredEntry {
        document,
        device: DeviceId([3; 32]),
        incarnation: Incarnation(4),
        seq: 300,
        content,
        signature,
        bodies,
        admitted: None,
    }
}

#[test]
fn what_is_stored_of_entries_has_these_bytes() {
    let chain = Knows { generation: 1, position: 300, hash: RecordHash([8; 32]) };
    let (restored, awaited) = (vec![(1, 290)], Some(Knows { position: 310, ..chain }));
    let lacking = vec![Lacking { position: 7, text: true }, Lacking { position: 300, text: false }];
    let record = CircleRecord {
        position: 300,
        chain,
        restored,
        awaited,
        roster_len: 12,
        label: "Monday".to_owned(),
        lacking: Vec::new(),
    };
    let refilled = CircleRecord { lacking, ..record.clone() };
    let plain = CircleRecord { label: "Monday".to_owned(), ..CircleRecord::default() };
    let signature = EntrySignature { signature: Signature([6; 64]), generation: 1, position: 300, lost_hash: None };
    let lost = EntrySignature { generation: 0, lost_hash: Some(RecordHash([9; 32])), ..signature };
    let lines = [
        record.encode(),
        plain.encode(),
        document().encode(),
        entry(EntryContent::Plain(vec![1, 2, 3]), Some(signature), vec![BodyId([7; 32])]).encode(),
        entry(EntryContent::Plain(vec![1, 2, 3]), Some(lost), Vec::new()).encode(),
        entry(EntryContent::Sealed(vec![4, 5]), None, Vec::new()).encode(),
        document().heads_digest().to_vec(),
        document().clock_digest().to_vec(),
        ActorId::derive(&DeviceId([3; 32]), &DocumentId([2; 16]), Incarnation(4)).as_bytes().to_vec(),
        BodyId::of(b"a body").as_bytes().to_vec(),
        document().name.id(&CircleId([1; 16])).as_bytes().to_vec(),
        refilled.encode(),
        StoredEntry { admitted: Some(TimestampMs(300)), ..entry(EntryContent::Plain(vec![1]), None, Vec::new()) }
            .encode(),
    ];
    assert_eq!(CircleRecord::decode(&refilled.encode()), Ok(refilled));
    let golden: Vec<&str> = GOLDEN.lines().collect();
    assert_eq!(lines.map(|bytes| hex(&bytes)).to_vec(), golden, "the format changed: change docs/PROTOCOL.md with it");
}
