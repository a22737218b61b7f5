//! What came of the stages, told as they end and summed at the end.

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Error;

use crate::clock::Took;
use crate::test::counts::Counts;
use crate::workspace::Workspace;

/// How a stage ended.
pub(crate) struct Outcome {
    counts: Counts,
    /// Why it did not run.
    skipped: Option<String>,
    /// What went wrong in the stage itself.
    error: Option<String>,
    /// What is to be said of how it ran.
    note: Option<String>,
}

impl Outcome {
    /// It ran; a check without counts of its own counts as one test.
    pub(crate) fn ran(success: bool, found: Option<Counts>) -> Self {
        let counts = match (success, found) {
            (true, Some(counts)) => counts,
            (true, None) => Counts { passed: 1, failed: 0 },
            (false, found) => {
                let counts = found.unwrap_or_default();
                Counts { failed: counts.failed.max(1), ..counts }
            }
        };
        Self { counts, skipped: None, error: None, note: None }
    }

    /// With something to be said of how it ran.
    pub(crate) fn noting(self, note: Option<String>) -> Self {
        Self { note, ..self }
    }

    /// Whether it ran no test at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.counts == Counts::default()
    }

    /// It could not be run, which is no failure.
    pub(crate) fn not_run(reason: impl Into<String>) -> Self {
        Self { counts: Counts::default(), skipped: Some(reason.into()), error: None, note: None }
    }

    /// It broke before its own result.
    pub(crate) fn error(error: &Error) -> Self {
        Self { error: Some(format!("{error:#}")), ..Self::ran(false, None) }
    }
}

/// Collects outcomes from both lanes.
pub(crate) struct Report<'a> {
    workspace: &'a Workspace,
    stages: Mutex<Vec<(&'static str, Outcome)>>,
}

impl<'a> Report<'a> {
    /// A report of no stage yet.
    pub(crate) fn new(workspace: &'a Workspace) -> Self {
        Self { workspace, stages: Mutex::new(Vec::new()) }
    }

    /// Where a stage's output goes.
    pub(crate) fn log(&self, stage: &str) -> PathBuf {
        self.workspace.target(format!("test-logs/{stage}.log"))
    }

    /// Takes a stage's outcome and prints its line; after a failure all of its output.
    pub(crate) fn add(&self, stage: &'static str, took: Took, outcome: Outcome) {
        let mut stages = self.lock();
        let Counts { passed, failed } = outcome.counts;
        let (mark, result) = match &outcome.skipped {
            Some(reason) => ("not run", reason.clone()),
            None if failed == 0 => ("ok", format!("{passed} passed")),
            None => ("FAILED", format!("{passed} passed, {failed} failed")),
        };
        if failed > 0 {
            println!("---- {stage}: output");
            let log = self.log(stage);
            if outcome.error.is_none() || log.is_file() {
                println!(
                    "{}",
                    fs::read(&log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
                );
            }
            if let Some(error) = &outcome.error {
                println!("{error}");
            }
            println!("---- {stage}: end of output");
        }
        let note = outcome.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
        println!("{mark:7} {stage:12} {took:>12}  {result}{note}");
        stages.push((stage, outcome));
    }

    /// Whether a stage ran badly, or not at all because another did.
    pub(crate) fn failed(&self, stage: &str) -> bool {
        self.lock()
            .iter()
            .any(|(name, outcome)| *name == stage && (outcome.counts.failed > 0 || outcome.skipped.is_some()))
    }

    /// Passed and failed in all.
    pub(crate) fn totals(&self) -> (u64, u64) {
        let stages = self.lock();
        let sum = |of: fn(&Counts) -> u64| stages.iter().map(|(_, outcome)| of(&outcome.counts)).sum();
        (sum(|counts| counts.passed), sum(|counts| counts.failed))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(&'static str, Outcome)>> {
        self.stages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
