//! The bytes of a circle as a phone keeps it. A change here is a change of docs/PROTOCOL.md, "Storage".

use super::super::super::view::ReturnedKind;
use super::super::circle::LocalCircle;
use super::history::{encode_lost, encode_row};
use super::*;
use crate::ids::{EpochId, MemberId, RecordHash, StatementId};
use crate::seal::EpochKey;
use crate::sorted::SortedMap;
use crate::time::TimestampMs;
use crate::trust::DeviceSecret;
use crate::trust::{
    ChainHead, Draft, KeyGroup, Knows, MemberState, Promote, RECORD_OF_KEYS, Role, Signed, SigningSecret, Statement,
    StatementBody, StatementProblem, Verified, Warrant, WarrantId,
};
use crate::wire::{GivenRecord, GivenText, Stated};

/// The end of a chain, as the server signs it.
fn head(position: u64) -> Signed<ChainHead> {
    let last = Knows { generation: 1, position, hash: RecordHash([10; 32]) };
    ChainHead::sign(&SigningSecret::from_seed(&[201; 32]), CircleId([1; 16]), last, TimestampMs(900))
}

/// One that was checked and kept.
fn kept(position: u64) -> Verified<ChainHead> {
    Verified::from_own_store(head(position))
}

/// What somebody said, with what lies beside it.
fn stated() -> (Verified<Statement>, Vec<u8>) {
    let device = DeviceSecret::from_seed([1; 32]);
    let knows = Knows { generation: 0, position: 12, hash: RecordHash([10; 32]) };
    let body = StatementBody::Promote(Promote { member: MemberId([2; 16]) });
    let draft = Draft { circle: CircleId([1; 16]), number: 3, knows, time: TimestampMs(800), body };
    (draft.by_own_hand(&device), vec![11; 4])
}

fn circle() -> LocalCircle {
    let (circle, device) = (CircleId([1; 16]), DeviceSecret::from_seed([1; 32]));
    let pin = Pin {
        device: *device.public(),
        leader: MemberId([2; 16]),
        member: MemberId([3; 16]),
        role: Role::Member,
        epoch: EpochId([4; 32]),
        name: "Monday".to_owned(),
    };
    let server = SigningSecret::from_seed(&[201; 32]);
    let warrant = Warrant::sign(&server, circle, device.id(), WarrantId([5; 16]), 50, TimestampMs(1_000_000), 7);
    let returned = Returned {
        statement: StatementId([9; 32]),
        what: ReturnedKind::Remove,
        member: Some(MemberId([2; 16])),
        thing: None,
        why: StatementProblem::TooSoon,
    };
    let keyring = Keyring {
        state: MemberState::Provisional,
        pin: Some(pin),
        let_in_as: Some(MemberId([3; 16])),
        warrant: Some((Verified::from_own_store(warrant), 4)),
        sealing: Some(EpochId([8; 32])),
        returned: vec![returned],
        head: Some(head(12)),
        fork: Some(Fork { since: TimestampMs(1_000), ours: kept(11), theirs: kept(10), is_left: true }),
        rubbish: [(MemberId([7; 16]), TimestampMs(2_000))].into_iter().collect(),
        ..Keyring::new(circle)
    };
    let mut local = LocalCircle::new(keyring, device.public());
    local.take_page(300, SortedMap::new());
    local.set_cursor(vec![6; 16]);
    local
}

fn encode(local: &LocalCircle) -> Vec<u8> {
    local.encode_at(local.position())
}

#[test]
fn a_circle_on_a_phone_has_its_bytes_and_no_others() {
    let bytes = encode(&circle());
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let bare: String = encode(&LocalCircle::default()).iter().map(|byte| format!("{byte:02x}")).collect();
    let golden: Vec<&str> = include_str!("circle_golden.hex").lines().collect();
    assert_eq!(vec![hex.as_str(), &bare], golden, "the format changed: change docs/PROTOCOL.md with it");
    for end in 0..bytes.len() {
        assert!(LocalCircle::decode(CircleId([1; 16]), &bytes[..end]).is_err(), "cut at {end}");
    }
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << bit;
            if let Ok(read) = LocalCircle::decode(CircleId([1; 16]), &damaged) {
                assert_eq!(encode(&read), damaged, "two encodings, at {at}");
            }
        }
    }
}

#[test]
fn the_rows_beside_a_circle_have_their_bytes_and_no_others() {
    let (statement, attachment) = stated();
    let given = GivenText::Given(Stated { statement: statement.encode(), attachment: attachment.clone() });
    let time = TimestampMs(1_795_000_000_000);
    let named = GivenText::Named(StatementId([12; 32]));
    let held = |group, is_own| HeldKey { group, key: EpochKey([13; 32]), is_own };
    let rows = [
        encode_row(&GivenRecord { time, fold: 1, text: given }, None),
        encode_row(&GivenRecord { time, fold: 1 | RECORD_OF_KEYS, text: named }, Some(&kept(12))),
        encode_lost(&RecordHash([14; 32])),
        Pending::new(5, statement, attachment).row(),
        held(KeyGroup::Circle, true).encode(),
        held(KeyGroup::Alone(MemberId([2; 16])), false).encode(),
    ];
    let hex = |bytes: &Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let golden: Vec<&str> = include_str!("rows_golden.hex").lines().collect();
    assert_eq!(rows.iter().map(hex).collect::<Vec<_>>(), golden, "the format changed: change docs/PROTOCOL.md with it");
    let reads: [fn(&[u8]) -> bool; 6] = [
        |bytes| decode_row(CircleId([1; 16]), bytes).is_ok(),
        |bytes| decode_row(CircleId([1; 16]), bytes).is_ok(),
        |bytes| decode_lost(bytes).is_ok(),
        |bytes| Pending::decode(bytes).is_ok(),
        |bytes| HeldKey::decode(bytes).is_ok(),
        |bytes| HeldKey::decode(bytes).is_ok(),
    ];
    for (row, reads) in rows.iter().zip(reads) {
        assert!(reads(row));
        assert!((0..row.len()).all(|end| !reads(&row[..end])), "cut short");
        assert!(!reads(&[row.as_slice(), &[0]].concat()), "with something behind");
    }
}
