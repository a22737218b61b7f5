//! What the two codes are, byte by byte, and whom a grant makes a phone.

use crate::ids::{CircleId, MemberId, RecordHash};
use crate::time::TimestampMs;
use crate::trust::{
    Attached, ChainHead, DeviceSecret, Draft, Grant, Knows, Role, Signer, SigningSecret, StatementBody, Warrant,
    WarrantId,
};

use super::code::{QrAnswer, QrAsk, framed};
use super::qr::makes_oneself;

const CIRCLE: CircleId = CircleId([3; 16]);
const KNOWS: Knows = Knows { generation: 0, position: 12, hash: RecordHash([6; 32]) };
/// The offer, then the answer.
const GOLDEN: &str = include_str!("qr_golden.txt");

fn golden(line: usize) -> &'static str {
    GOLDEN.lines().nth(line).unwrap()
}

fn new_phone() -> DeviceSecret {
    DeviceSecret::from_seed([1; 32])
}

fn leader() -> DeviceSecret {
    DeviceSecret::from_seed([2; 32])
}

fn offer() -> QrAsk {
    QrAsk { device: *new_phone().public(), name: "Kofi".to_owned() }
}

fn grant() -> Grant {
    let server = SigningSecret::from_seed(&[4; 32]);
    let until = TimestampMs(1_797_000_000_000);
    let warrant = Warrant::sign(&server, CIRCLE, leader().id(), WarrantId([5; 16]), 20, until, 7);
    let device = *new_phone().public();
    let member = Grant::new_member(warrant.claimed_id(), &device.id());
    Grant { device, member, role: Role::Member, recovers: false, past: true, warrant, keys: Attached::of(&[11; 82]) }
}

fn answer() -> QrAnswer {
    let draft = Draft {
        circle: CIRCLE,
        number: 9,
        knows: KNOWS,
        time: TimestampMs(1_795_000_000_000),
        body: StatementBody::Grant(grant()),
    };
    let grant = draft.sign(Signer::Device(&leader()));
    QrAnswer {
        circle: CIRCLE,
        leader: *leader().public(),
        leader_member: MemberId([8; 16]),
        grant,
        keys: vec![11; 82],
        head: Some(ChainHead::sign(&SigningSecret::from_seed(&[4; 32]), CIRCLE, KNOWS, TimestampMs(1_794_000_000_000))),
        name: "Our circle".to_owned(),
    }
}

#[test]
fn golden_what_a_new_phone_shows() {
    let shown = framed(&offer().bytes());
    assert_eq!(shown, golden(0));
    assert_eq!(QrAsk::parse(golden(0)), Ok(offer()));
}

#[test]
fn golden_what_a_facilitators_phone_answers() {
    let shown = framed(&answer().bytes());
    assert_eq!(shown, golden(1));
    assert_eq!(QrAnswer::parse(golden(1), &offer()), Ok(answer()));
    assert!(answer().grant.verify_author(&leader().public().signing).is_ok());
}

#[test]
fn a_grant_makes_a_phone_a_member_of_its_own_or_brings_one_back() {
    let (own, other) = (new_phone().id(), MemberId([12; 16]));
    assert!(makes_oneself(&grant(), &own));
    assert!(!makes_oneself(&Grant { member: other, ..grant() }, &own));
    assert!(makes_oneself(&Grant { member: other, recovers: true, ..grant() }, &own));
    assert!(!makes_oneself(&Grant { device: *leader().public(), ..grant() }, &own));
}
