//! A server's clock that is off for a while decides nothing for good (P28).

use crate::time::TimestampMs;
use crate::trust::chain::set_back::{CLOCK_MIN, SET_BACK_MS_MIN};
use crate::trust::testing::*;
use crate::trust::*;

use StatementProblem::{InviteExpired, TooSoon};

const HOUR_MS: u64 = 60 * 60 * 1_000;
/// How far a clock is off: an hour, two days, five years.
const OFF_MS: [u64; 3] = [HOUR_MS, 2 * DAY_MS, 5 * 365 * DAY_MS];
/// The right time when a test begins.
const START: TimestampMs = TimestampMs(1_795_000_000_000);

/// A circle of one facilitator and others, as many as are asked for of each, that began long ago.
fn begun(facilitators: u8, members: u8) -> Chain {
    let mut chain = people(facilitators, members);
    let settled = promote(&chain, facilitators + members);
    let statement = of_phone(&chain, 1, settled);
    chain.hear(&statement, START).unwrap();
    chain
}

/// A link for seven days, as it is said by this clock.
fn link_said(chain: &Chain, n: u8, said: TimestampMs) -> (Statement, InviteSecret) {
    let secret = InviteSecret([n; 16]);
    let invitation = Invitation {
        key: secret.public(),
        to: InviteFor::Role(Role::Member),
        uses: 9,
        expires: said.plus_ms(7 * DAY_MS),
        past: false,
        keys: Attached::NOTHING,
        possession: Invitation::prove(&secret, chain.circle(), &StatementAuthor::Device(phone(1).id())),
    };
    let (number, knows) = (chain.standing().next_number(Some(&phone(1).id())), chain.head());
    let draft = Draft { circle: *chain.circle(), number, knows, time: said, body: StatementBody::Invite(invitation) };
    (draft.signed(Signer::Device(phone(1))), secret)
}

/// The same, admitted at `now`.
fn link(chain: &mut Chain, n: u8, said: TimestampMs, now: TimestampMs) -> Result<InviteSecret, StatementProblem> {
    let (statement, secret) = link_said(chain, n, said);
    chain.hear(&statement, now).map(|_| secret)
}

fn joins_at(chain: &mut Chain, secret: &InviteSecret, n: u8, now: TimestampMs) -> Result<Record, StatementProblem> {
    let statement = join(chain, secret, n);
    chain.hear(&statement, now)
}

/// No time of the fold is after `now`, and what happened stands in order.
fn check_times(chain: &Chain, now: TimestampMs) {
    let events = chain.standing().events();
    assert!(events.is_sorted_by_key(|event| event.time.0), "{events:?}");
    assert!(events.iter().all(|event| event.time <= now), "{events:?}");
    assert!(chain.standing().devices().all(|device| device.introduced_time <= now));
}

#[test]
fn p28_a_clock_that_was_ahead_ends_no_link_and_makes_none_last() {
    for off_ms in OFF_MS {
        let mut chain = begun(2, 1);
        let before = link(&mut chain, 101, START, START).unwrap();
        let ahead = START.plus_ms(off_ms);
        let made_ahead = link(&mut chain, 102, ahead, ahead).unwrap();
        let now = START.plus_ms(HOUR_MS / 2);
        joins_at(&mut chain, &before, 20, now).unwrap();
        joins_at(&mut chain, &made_ahead, 21, now.plus_ms(DAY_MS)).unwrap();
        let after = link(&mut chain, 103, now.plus_ms(DAY_MS), now.plus_ms(DAY_MS)).unwrap();
        joins_at(&mut chain, &after, 22, now.plus_ms(2 * DAY_MS)).unwrap();
        check_times(&chain, now.plus_ms(2 * DAY_MS));
        let week = now.plus_ms(7 * DAY_MS + HOUR_MS);
        assert_eq!(joins_at(&mut chain, &made_ahead, 23, week), Err(InviteExpired), "{off_ms} ms ahead");
    }
}

#[test]
fn p28_a_clock_that_was_ahead_keeps_no_facilitator_from_acting_for_longer_than_a_day() {
    for off_ms in OFF_MS {
        let mut chain = begun(3, 1);
        let ahead = START.plus_ms(off_ms);
        let (first, second) = (demote(&chain, 2), demote(&chain, 3));
        let statement = of_phone(&chain, 1, first);
        chain.hear(&statement, ahead.plus_ms(2 * DAY_MS)).unwrap();
        let statement = of_phone(&chain, 1, second);
        assert_eq!(chain.clone().hear(&statement, START.plus_ms(HOUR_MS)), Err(TooSoon));
        let before = chain.clone();
        assert_eq!(chain.hear(&statement, START.plus_ms(HOUR_MS)), Err(TooSoon));
        assert_eq!(chain.standing(), before.standing(), "what is refused changes nothing");
        let other = link(&mut chain, 101, START, START.plus_ms(HOUR_MS));
        assert!(other.is_ok(), "{other:?}");
        let later = of_phone(&chain, 1, demote(&chain, 3));
        chain.hear(&later, START.plus_ms(DAY_MS + 2 * HOUR_MS)).unwrap();
    }
}

#[test]
fn p28_time_stands_still_for_a_clock_that_cannot_be_right_or_is_little_off() {
    let mut chain = begun(1, 1);
    for (number, now) in [(0, 0), (1, START.0 - 5 * 365 * DAY_MS), (2, START.0 - SET_BACK_MS_MIN)] {
        link(&mut chain, 110 + number, START, TimestampMs(now)).unwrap();
        assert_eq!(chain.standing().time(), START, "{now}");
        assert!(chain.records().all(|record| !record.is_set_back()));
    }
    link(&mut chain, 120, START, TimestampMs(START.0 - SET_BACK_MS_MIN - 1)).unwrap();
    assert!(chain.records().last().unwrap().is_set_back());
}

#[test]
fn p28_a_record_that_goes_back_in_time_says_so() {
    let mut chain = begun(1, 1);
    let before = chain.clone();
    link(&mut chain, 101, START, START.plus_ms(DAY_MS)).unwrap();
    let one = *chain.records().last().unwrap();
    let statement = of_phone(&before, 1, promote(&before, 2));
    let lie = Record { time: TimestampMs(START.0 - DAY_MS), statement: statement.id(), ..one };
    let order = Err(ChainProblem::Order { position: one.position });
    assert_eq!(before.clone().take_stored(lie, Some(&statement)), order);
    let lie = Record { time: START.plus_ms(1), fold: one.fold | RECORD_SET_BACK, ..lie };
    assert_eq!(before.clone().take_stored(lie, Some(&statement)), order);
    assert!(Record { fold: 1 | RECORD_SET_BACK, ..one }.is_known_fold());
}

/// A clock that goes right, and ahead and behind for a while, again and again: the fold of whoever takes the records is
/// the server's own, a link of a week is good on its second day, and once the clock is right no time is ahead of it.
#[test]
fn p28_whatever_a_clock_did_nothing_of_it_stays() {
    for seed in 0..40_u64 {
        let pick = |salt: u64, of: u64| {
            let hash = crate::ids::tagged_hash("pick", &[&seed.to_le_bytes(), &salt.to_le_bytes()]);
            u64::from_le_bytes(hash[..8].try_into().unwrap()) % of
        };
        let mut chain = begun(2, 1);
        let mut taken = chain.clone();
        let mut both = |chain: &mut Chain, statement: &Statement, now: TimestampMs| {
            let record = chain.hear(statement, now)?;
            taken.hear_record(record, Some(statement)).unwrap();
            assert_eq!(chain.standing(), taken.standing(), "{seed}");
            Ok::<(), StatementProblem>(())
        };
        let mut now = START;
        for step in 0..12_u8 {
            now = now.plus_ms(HOUR_MS + pick(step.into(), 3 * DAY_MS));
            let off_ms = OFF_MS[usize::try_from(pick(100 + u64::from(step), 3)).unwrap()];
            let clock = match pick(200 + u64::from(step), 3) {
                0 => now,
                1 => now.plus_ms(off_ms),
                _ => TimestampMs(now.0 - off_ms),
            };
            let (statement, off) = link_said(&chain, 100 + step, clock);
            let made = both(&mut chain, &statement, clock);
            assert!(made.is_ok() || clock < CLOCK_MIN, "{seed}: {made:?}");
            let (statement, good) = link_said(&chain, 150 + step, now);
            both(&mut chain, &statement, now).unwrap();
            let right = now.plus_ms(DAY_MS);
            let came = join(&chain, &good, 20 + step);
            both(&mut chain, &came, right).unwrap();
            if clock >= now {
                let came = join(&chain, &off, 50 + step);
                both(&mut chain, &came, right).unwrap();
            }
            check_times(&chain, right);
            now = right;
        }
    }
}
