//! How full a log may be, and what still fits then.

use crate::time::TimestampMs;
use crate::trust::testing::*;
use crate::trust::*;

use super::room::{Purpose, Room};
use StatementProblem as Problem;

const GROWTH_MAX: usize = LOG_STATEMENTS_MAX - LOG_REMOVALS_RESERVED - LOG_KEYS_RESERVED;
const KEYS_MAX: usize = LOG_STATEMENTS_MAX - LOG_REMOVALS_RESERVED;

/// Takes in what phone 1 says, without a look at the signature, until there are `len`.
fn fill(log: &mut GrantLog, len: usize, body: impl Fn() -> StatementBody) {
    for n in log.len()..len {
        let draft = Draft { circle: *log.circle(), parents: log.heads(), time: TimestampMs(n as u64), body: body() };
        assert_eq!(log.insert_trusted(draft.sign(Signer::Device(&phone(1)))), Ok(Inserted::New));
    }
}

/// A circle of three, whose log has no place left for anybody to come in.
fn full() -> GrantLog {
    let mut log = people(1, 2);
    let founder = member(&log, 1);
    fill(&mut log, GROWTH_MAX, || StatementBody::Promote(Promote { member: founder }));
    log
}

#[test]
fn a_full_log_takes_nobody_in_and_still_takes_out() {
    let mut log = full();
    let circle_key = epoch(KeyGroup::Circle, None, &[1, 2, 3]);
    let newcomer = StatementBody::Grant(grant(&log, 1, 9, Role::Member));
    assert_eq!(refused(&log, 1, add_device(9)), Problem::Full);
    assert_eq!(refused(&log, 1, newcomer), Problem::Full);
    assert_eq!(refused(&log, 1, invite(&InviteSecret([3; 16]), InviteFor::Role(Role::Member), false)), Problem::Full);
    assert_eq!(says_of(&mut log, 1, remove, 2), log.heads()[0]);
    assert_eq!((state(&log, 2), state(&log, 3)), (State::Removed, State::Active));
    says(&mut log, 1, circle_key);
    fill(&mut log, KEYS_MAX + 1, || epoch(KeyGroup::Circle, None, &[1, 3]));
    assert_eq!(refused(&log, 1, epoch(KeyGroup::Circle, None, &[1, 3])), Problem::Full);
    says_of(&mut log, 1, remove, 3);
    assert_eq!(state(&log, 3), State::Removed);
}

#[test]
fn the_whole_log_is_bounded_for_removals_too() {
    let mut log = full();
    fill(&mut log, LOG_STATEMENTS_MAX, || remove_device(2));
    assert_eq!(refused(&log, 1, remove_device(3)), Problem::Full);
    let draft = draft(&log, Signer::Device(&phone(1)), remove_device(3));
    assert_eq!(log.insert_trusted(draft), Err(Problem::Full));
}

#[test]
fn who_says_a_removal_again_fills_no_place_that_is_kept() {
    let mut log = full();
    says(&mut log, 1, remove_device(2));
    assert_eq!(refused(&log, 1, remove_device(2)), Problem::Full);
    says(&mut log, 1, remove_device(3));
}

#[test]
fn who_lost_a_phone_comes_back_into_a_full_log_and_the_root_decides() {
    let mut log = full();
    let (lost, warrant) = (member(&log, 2), warrant(&log, 1));
    let device = *phone(9).public();
    let back = Grant { device, member: lost, role: Role::Member, recovers: true, past: false, warrant, serial: 9 };
    says(&mut log, 1, StatementBody::Grant(back));
    assert_eq!((state(&log, 2), state(&log, 9)), (State::Removed, State::Active));
    root_says_of(&mut log, confirm, 3);
}

#[test]
fn what_was_taken_before_is_taken_again_from_ones_own_store() {
    let mut log = full();
    let founder = member(&log, 1);
    fill(&mut log, GROWTH_MAX + 1, || StatementBody::Promote(Promote { member: founder }));
    assert_eq!(log.len(), GROWTH_MAX + 1);
}

#[test]
fn bytes_are_kept_as_places_are() {
    let mut room = Room::default();
    let growth = LOG_BYTES_MAX - LOG_REMOVALS_RESERVED_BYTES - LOG_KEYS_RESERVED_BYTES;
    room.add(Purpose::Growth, growth);
    assert_eq!(room.check(Purpose::Growth, 1, false), Err(Problem::Full));
    assert_eq!(room.check(Purpose::Key, LOG_KEYS_RESERVED_BYTES, false), Ok(()));
    room.add(Purpose::Key, LOG_KEYS_RESERVED_BYTES);
    assert_eq!(room.check(Purpose::Key, 1, false), Err(Problem::Full));
    assert_eq!(room.check(Purpose::Removal, LOG_REMOVALS_RESERVED_BYTES, false), Ok(()));
    assert_eq!(room.check(Purpose::Removal, LOG_REMOVALS_RESERVED_BYTES + 1, false), Err(Problem::Full));
    assert_eq!(room.len_bytes(), growth + LOG_KEYS_RESERVED_BYTES);
}
