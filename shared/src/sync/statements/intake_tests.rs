//! One set of statements is one state, however it is cut into requests.

use crate::ids::{OrganisationKey, StatementId};
use crate::trust::testing::{Draws, phone, root, server};
use crate::trust::{
    AddDevice, Draft, History, LOG_STATEMENTS_MAX, Promote, Signer, Standing, Statement, StatementBody,
    StatementProblem,
};

use super::{CircleLog, HubKeys};

/// How many histories are made up.
const HISTORIES: u64 = 60;
/// How often each is cut into requests anew.
const CUTS: usize = 10;
/// How many things happen in each.
const STEPS: usize = 40;
/// Most statements of one request here.
const BATCH_MAX: usize = 12;

fn keys() -> HubKeys {
    HubKeys { root: OrganisationKey(root().public()), server: server() }
}

fn empty(founding: &Statement) -> CircleLog {
    CircleLog::load(Statement::circle_of(&founding.id()), None, &[]).unwrap()
}

/// A circle of its founding alone.
fn circle() -> CircleLog {
    let founding = History::new(0).said.remove(0);
    let mut log = empty(&founding);
    assert_eq!(log.add(founding, &keys()), Ok(()));
    log
}

fn says(log: &CircleLog, parents: Vec<StatementId>, body: StatementBody) -> Statement {
    let draft = Draft { circle: *log.log().circle(), parents, time: crate::time::TimestampMs(5), body };
    draft.sign(Signer::Device(&phone(1)))
}

fn adds(log: &CircleLog, parents: Vec<StatementId>, n: u8) -> Statement {
    says(log, parents, StatementBody::AddDevice(AddDevice { device: *phone(n).public(), paper: false }))
}

/// Brings all in requests, and what could not be taken yet again.
fn bring(draws: &mut Draws, said: &[Statement]) -> Standing {
    let mut log = empty(&said[0]);
    let mut left = said.to_vec();
    draws.shuffle(&mut left);
    while !left.is_empty() {
        let rest = left.split_off(left.len().min(1 + draws.below(BATCH_MAX)));
        let brought = core::mem::replace(&mut left, rest);
        let taken = log.add_all(brought.clone(), &keys());
        let again = brought.into_iter().zip(taken).filter(|(_, taken)| match taken {
            Ok(()) => false,
            Err(problem) => {
                assert!(problem.can_retry(), "{problem}");
                true
            }
        });
        left.extend(again.map(|(statement, _)| statement));
    }
    assert_eq!(log.log().len(), said.len());
    log.standing().clone()
}

#[test]
fn one_set_is_one_state_however_it_is_cut_into_requests() {
    for seed in 0..HISTORIES {
        let mut history = History::new(seed);
        (0..STEPS).for_each(|_| history.step());
        let mut whole = empty(&history.said[0]);
        assert!(whole.add_all(history.said.clone(), &keys()).iter().all(Result::is_ok), "seed {seed}");
        for _ in 0..CUTS {
            assert!(bring(&mut history.draws, &history.said) == *whole.standing(), "seed {seed}");
        }
    }
}

#[test]
fn what_is_refused_takes_with_it_only_what_stands_on_it() {
    let mut log = circle();
    let good = adds(&log, log.log().heads(), 5);
    let mut forged = adds(&log, log.log().heads(), 6);
    forged.signature.0[0] ^= 1;
    let on_forged = adds(&log, vec![forged.id()], 7);
    let on_good = adds(&log, vec![good.id()], 8);
    let taken = log.add_all(vec![on_forged, on_good.clone(), forged, good.clone()], &keys());
    let (waits, forged) = (Err(StatementProblem::TooManyWaiting), Err(StatementProblem::BadSignature));
    assert_eq!(taken, [waits, Ok(()), forged, Ok(())]);
    assert_eq!(log.added()[1..], [good, on_good]);
    assert_eq!(log.log().waiting().count(), 0);
    assert!(log.standing().device(&phone(8).id()).is_some());
}

#[test]
fn a_request_into_a_long_log_is_evaluated_once() {
    let mut log = circle();
    let member = *log.standing().members().next().unwrap().0;
    let mut parents = log.log().heads();
    let mut all = Vec::new();
    for _ in 0..LOG_STATEMENTS_MAX / 2 {
        let statement = says(&log, parents, StatementBody::Promote(Promote { member }));
        parents = vec![statement.id()];
        all.push(statement);
    }
    // One by one this evaluates two thousand logs, of two thousand statements at the end.
    assert!(log.add_all(all, &keys()).iter().all(Result::is_ok));
    assert_eq!(log.log().len(), 1 + LOG_STATEMENTS_MAX / 2);
}
