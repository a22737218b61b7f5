//! What every store must do, as data: cases of steps with their expected outcomes. A native store plays them
//! with [`run`]; for stores in other languages `kith-conformance` (tests/) prints the same cases as JSON.

mod cases;

pub use cases::suite;

use super::{Batch, CommitOutcome, Read, ReadResult};

/// A case: begins with an empty store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The behaviour that it holds.
    pub name: &'static str,
    /// What to do, in order.
    pub steps: Vec<Step>,
}

/// One thing to do, and what must come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Commit a batch.
    Commit {
        /// The batch that the store is given.
        batch: Batch,
        /// What must come of it.
        outcome: CommitOutcome,
    },
    /// Read, all at once.
    Read {
        /// What the store is asked for, in one call.
        reads: Vec<Read>,
        /// What must be there.
        results: Vec<ReadResult>,
    },
    /// Close the store and open it again: what was committed is still there.
    Reopen,
}

/// A store under test.
pub trait Subject {
    /// Answers reads.
    ///
    /// # Errors
    /// Whatever the store says; it fails the case.
    fn read(&mut self, reads: &[Read]) -> Result<Vec<ReadResult>, String>;

    /// Commits a batch, durably.
    ///
    /// # Errors
    /// Whatever the store says; it fails the case.
    fn commit(&mut self, batch: Batch) -> Result<CommitOutcome, String>;

    /// Closes and opens again.
    ///
    /// # Errors
    /// Whatever the store says; it fails the case.
    fn reopen(&mut self) -> Result<(), String>;
}

/// How a store differs from the suite.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("case \"{case}\", step {step}: {what}")]
pub struct Mismatch {
    /// The case.
    pub case: &'static str,
    /// Which step of it, from 0.
    pub step: usize,
    /// What was expected and what came, shortened.
    pub what: String,
}

/// Plays a case on an empty store.
///
/// # Errors
/// The first step that came out otherwise.
pub fn run(case: &Case, subject: &mut impl Subject) -> Result<(), Mismatch> {
    for (at, step) in case.steps.iter().enumerate() {
        let fail = |what: String| Mismatch { case: case.name, step: at, what };
        match step {
            Step::Commit { batch, outcome } => {
                let found = subject.commit(batch.clone()).map_err(fail)?;
                expect_same(outcome, &found).map_err(fail)?;
            }
            Step::Read { reads, results } => {
                let found = subject.read(reads).map_err(fail)?;
                expect_same(results, &found).map_err(fail)?;
            }
            Step::Reopen => subject.reopen().map_err(fail)?,
        }
    }
    Ok(())
}

fn expect_same<T: PartialEq + core::fmt::Debug>(expected: &T, found: &T) -> Result<(), String> {
    if expected == found {
        return Ok(());
    }
    let short = |value: &T| format!("{value:?}").chars().take(400).collect::<String>();
    Err(format!("expected {}, found {}", short(expected), short(found)))
}
