use super::*;
use crate::ids::{InviteKey, RecordHash, StatementId};
use crate::time::TimestampMs;
use crate::trust::{InviteRow, RECORD_OF_KEYS, Record};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn golden_the_rows_of_a_chain() {
    let record =
        Record { position: 7, time: TimestampMs(300), fold: 1 | RECORD_OF_KEYS, statement: StatementId([3; 32]) };
    let row = RecordRow { record, hash: RecordHash([4; 32]), statement: Vec::new() };
    let golden = format!("01ac0281{}00{}", "04".repeat(32), "03".repeat(32));
    assert_eq!(hex(&row.encode()), golden);
    assert_eq!(RecordRow::decode(7, &row.encode()), Ok((row.clone(), None)));
    assert_eq!(RecordRow::hash_in(&row.encode()), Ok(row.hash));
    let used = CommissionRow { circle: CircleId([5; 16]), expires: TimestampMs(300) };
    assert_eq!(hex(&used.encode()), format!("81{}ac02", "05".repeat(16)));
    assert_eq!(CommissionRow::decode(&used.encode()), Ok(used));
    let shredded = ShreddedRow { last: Knows { generation: 1, position: 300, hash: RecordHash([6; 32]) } };
    assert_eq!(hex(&shredded.encode()), format!("0101ac02{}", "06".repeat(32)));
    assert_eq!(ShreddedRow::decode(&shredded.encode()), Ok(shredded));
}

#[test]
fn a_row_of_another_version_or_length_is_none() {
    let record = Record { position: 7, time: TimestampMs(300), fold: 1, statement: StatementId([3; 32]) };
    let row = RecordRow { record, hash: RecordHash([4; 32]), statement: Vec::new() }.encode();
    let used = CommissionRow { circle: CircleId([5; 16]), expires: TimestampMs(300) }.encode();
    let shredded = ShreddedRow { last: Knows::NOTHING }.encode();
    for bytes in [&row, &used, &shredded] {
        let other = [&[bytes[0] + 1], &bytes[1..]].concat();
        for damaged in [&other[..], &bytes[..bytes.len() - 1], &[bytes.as_slice(), &[0]].concat()] {
            assert!(RecordRow::decode(7, damaged).is_err());
            assert!(CommissionRow::decode(damaged).is_err());
            assert!(ShreddedRow::decode(damaged).is_err());
        }
    }
    let invite = InviteRow { circle: CircleId([5; 16]), expires: TimestampMs(300) }.encode();
    assert!(CommissionRow::decode(&invite).is_err() && InviteRow::decode(&used).is_err(), "they share a tree");
    assert_ne!(CommissionRow::key(&InviteKey([1; 32])), InviteRow::key(&InviteKey([1; 32])));
}
