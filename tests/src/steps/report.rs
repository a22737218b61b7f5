//! What came of the trials.

use std::fmt;

use serde::Serialize;

use super::{Means, Stop};

/// Errors that are kept of each command.
const ERRORS_MAX: usize = 5;

/// What came of one trial.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Trial {
    pub(super) killed: bool,
    pub(super) lost: u32,
    pub(super) refused_starts: u32,
    pub(super) refused_runs: u32,
    pub(super) shared_names: u32,
    pub(super) errors: Vec<String>,
}

/// What came of a command's trials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommandReport {
    /// The command's name, as one types it.
    pub command: &'static str,
    /// Steps that it takes when nothing stops it.
    pub steps: u64,
    /// How often it was stopped, or found the disk full.
    pub trials: u32,
    /// Of those, how often it was killed.
    pub killed: u32,
    /// How often something that was there before was not there after.
    pub lost: u32,
    /// How often the store did not open.
    pub refused_starts: u32,
    /// How often the command, done again, did not end.
    pub refused_runs: u32,
    /// How often one name had stood for two keys.
    pub shared_names: u32,
    /// The first errors, for people.
    pub errors: Vec<String>,
}

/// What came of all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepsReport {
    /// What a step was: `system calls` or `the layer over files`.
    pub steps_are: &'static str,
    /// Each command.
    pub commands: Vec<CommandReport>,
    /// How often something was lost.
    pub lost: u32,
    /// How often a start was refused.
    pub refused_starts: u32,
}

impl CommandReport {
    pub(super) fn new(command: &'static str, steps: u64) -> Self {
        Self {
            command,
            steps,
            trials: 0,
            killed: 0,
            lost: 0,
            refused_starts: 0,
            refused_runs: 0,
            shared_names: 0,
            errors: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, stop: Stop, trial: Trial) {
        self.trials += 1;
        self.killed += u32::from(trial.killed);
        self.lost += trial.lost;
        self.refused_starts += trial.refused_starts;
        self.refused_runs += trial.refused_runs;
        self.shared_names += trial.shared_names;
        let errors = trial.errors.into_iter().map(|error| format!("{stop:?}: {error}"));
        self.errors.extend(errors);
        self.errors.truncate(ERRORS_MAX);
    }
}

impl StepsReport {
    pub(super) fn new(means: Means) -> Self {
        let steps_are = match means {
            Means::Trace => "system calls",
            Means::Layer => "calls of the layer over files: tracing is forbidden here",
        };
        Self { steps_are, commands: Vec::new(), lost: 0, refused_starts: 0 }
    }

    pub(super) fn add(&mut self, command: CommandReport) {
        self.lost += command.lost;
        self.refused_starts += command.refused_starts;
        self.commands.push(command);
    }

    /// Whether every trial ended well.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.commands.iter().all(|command| command.trials > 0 && command.errors.is_empty())
    }
}

impl fmt::Display for CommandReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { command, steps, trials, killed, lost, refused_starts, refused_runs, .. } = self;
        write!(
            f,
            "{command:<12} {steps:>5} {trials:>7} {killed:>7} {lost:>5} {refused_starts:>15} {refused_runs:>13}"
        )?;
        self.errors.iter().try_for_each(|error| write!(f, "\n  {error}"))
    }
}

impl fmt::Display for StepsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "steps are {}", self.steps_are)?;
        writeln!(f, "command      steps  trials  killed  lost  refused starts  refused runs")?;
        self.commands.iter().try_for_each(|command| writeln!(f, "{command}"))?;
        write!(f, "{} lost, {} refused starts", self.lost, self.refused_starts)
    }
}
