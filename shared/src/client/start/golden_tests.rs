//! The bytes of a circle as a phone keeps it. A change here is a change of docs/PROTOCOL.md, "Storage".

use super::super::keyring::Pin;
use super::*;
use crate::ids::MemberId;
use crate::time::TimestampMs;
use crate::trust::{Role, SigningSecret, State, Warrant, WarrantId};

fn circle() -> LocalCircle {
    let (circle, device) = (CircleId([1; 16]), DeviceSecret::from_seed([1; 32]));
    let pin = Pin {
        device: *device.public(),
        leader: MemberId([2; 16]),
        member: MemberId([3; 16]),
        role: Role::Member,
        epoch: StatementId([4; 32]),
        name: "Monday".to_owned(),
    };
    let server = SigningSecret::from_seed(&[201; 32]);
    let warrant = Warrant::sign(&server, circle, device.id(), WarrantId([5; 16]), 50, TimestampMs(1_000_000));
    LocalCircle {
        record: CircleRecord { position: 300, statements: 20, roster_len: 12, label: String::new() },
        cursor: vec![6; 16],
        statements_cursor: vec![7; 16],
        keyring: Keyring {
            state: State::Provisional,
            pin: Some(pin),
            warrant: Some((warrant, 4)),
            sealing: Some(StatementId([8; 32])),
            ..Keyring::default()
        },
        ..LocalCircle::default()
    }
}

#[test]
fn a_circle_on_a_phone_has_its_bytes_and_no_others() {
    let bytes = circle().encode();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let bare: String = LocalCircle::default().encode().iter().map(|byte| format!("{byte:02x}")).collect();
    let golden: Vec<&str> = include_str!("../circle_golden.hex").lines().collect();
    assert_eq!(vec![hex.as_str(), &bare], golden, "the format changed: change docs/PROTOCOL.md with it");
    for end in 0..bytes.len() {
        assert!(LocalCircle::decode(&bytes[..end]).is_err(), "cut at {end}");
    }
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << bit;
            if let Ok(read) = LocalCircle::decode(&damaged) {
                assert_eq!(read.encode(), damaged, "two encodings, at {at}");
            }
        }
    }
}
