//! One set, one state: whatever people did without knowing of each other, and in whatever order it came.

use crate::ids::DeviceId;
use crate::trust::testing::*;
use crate::trust::*;

use super::history::History;

/// How many histories are made up.
const HISTORIES: u64 = 200;
/// In how many orders each is told.
const ORDERS: usize = 100;
/// How many things happen in each.
const STEPS: usize = 40;

fn told(circle: &GrantLog, statements: &[Statement], take: fn(&mut GrantLog, Statement)) -> GrantLog {
    let mut log = GrantLog::new(*circle.circle());
    for statement in statements {
        take(&mut log, statement.clone());
    }
    log
}

/// What no history may bring about.
fn hold_invariants(standing: &Standing, seed: u64) {
    if let Some(epoch) = standing.current_epoch(&KeyGroup::Circle) {
        let given = epoch.wraps.iter().map(|(device, _)| device).chain([&epoch.author]);
        given.for_each(|device| assert!(standing.reads(device, &KeyGroup::Circle), "seed {seed}"));
        let lacking = standing.lacking(&KeyGroup::Circle);
        let has = |device: &DeviceId| epoch.wraps_of(device).next().is_some();
        let readers = standing.readers(&KeyGroup::Circle);
        assert!(lacking.new_epoch || readers.iter().all(|it| has(it) != lacking.share.contains(it)), "seed {seed}");
    }
    for (device, record) in standing.devices() {
        let is_out = standing.events().iter().any(|event| {
            let names = match event.kind {
                EventKind::MemberRemoved => event.member == Some(record.member),
                EventKind::DeviceRemoved => event.device == Some(*device),
                _ => false,
            };
            names && event.verdict == Verdict::Lawful
        });
        assert!(!is_out || record.state == State::Removed, "seed {seed}: one whom a lawful removal names is in");
        let is_void = matches!(standing.verdict(&record.introduced_by), Verdict::Beaten | Verdict::Provisional);
        assert!(!is_void || record.state != State::Active, "seed {seed}: one who came in by a beaten way reads");
    }
}

#[test]
fn one_set_is_one_state_in_whatever_order_it_came() {
    let (mut removals, mut suspended, mut provisional, mut epochs) = (0, 0, 0, 0);
    for seed in 0..HISTORIES {
        let mut history = History::new(seed);
        (0..STEPS).for_each(|_| history.step());
        let (mut said, circle) = (history.said, people(4, 1));
        let verified = told(&circle, &said, |log, statement| assert_eq!(log.insert(statement), Ok(Inserted::New)));
        let standing = verified.evaluate();
        hold_invariants(&standing, seed);
        for _ in 0..ORDERS {
            history.draws.shuffle(&mut said);
            let log = told(&circle, &said, |log, statement| {
                log.insert_trusted(statement).unwrap();
            });
            assert_eq!(log.len(), verified.len(), "seed {seed}");
            assert_eq!(log.heads(), verified.heads(), "seed {seed}");
            assert!(log.evaluate() == standing, "seed {seed}: another order, another state");
        }
        let count = |state| standing.devices().filter(|(_, record)| record.state == state).count();
        removals += count(State::Removed);
        suspended += count(State::Suspended);
        provisional += count(State::Provisional);
        epochs += standing.epochs(&KeyGroup::Circle).len();
    }
    let seen = [removals, suspended, provisional, epochs];
    assert!(seen.into_iter().all(|seen| seen > HISTORIES as usize / 4), "the histories show too little: {seen:?}");
}
