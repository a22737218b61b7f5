//! The operator's commands, stopped in front of every step that changes the disk, then run again as
//! `docs/OPERATIONS.md` says: nothing may be lost, no start refused, no two keys have had one name.
//!
//! A step is a system call that changes the disk, at which a tracer of our own stops the process ([`trace`]): `strace`
//! can stop one too, but counts each thread's calls apart, so it cannot name the n-th of a process. Where tracing is
//! forbidden, a step is a call of the server's own layer over files ([`layer`]), in builds with debug assertions.

mod case;
pub mod layer;
mod report;
mod scene;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub mod trace;
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
#[path = "no_trace.rs"]
pub mod trace;
mod trace_output;
mod trial;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::seed::Seed;

pub use case::{CASES, Case};
pub use report::{CommandReport, StepsReport};
pub use scene::{Scene, SceneError};

/// Trials at a time.
const WORKERS_MAX: usize = 4;

/// How a step is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// By a tracer, at system calls.
    Trace,
    /// By the server's layer over files.
    Layer,
}

/// What happens at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Nothing: steps are counted.
    Never,
    /// The process is killed in front of this step, from 1.
    Kill(u64),
    /// The disk is full from this step on.
    Full(u64),
}

/// A run of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// Steps that it came to.
    pub steps: u64,
    /// Whether it was killed.
    pub killed: bool,
    /// Whether it ended well.
    pub success: bool,
    /// What it printed.
    pub text: String,
}

/// What to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepsOptions {
    /// Chooses the steps where not all are taken.
    pub seed: u64,
    /// All steps of all commands.
    pub full: bool,
    /// All steps of those that are tried at every step each time ([`Case::every_step`]).
    pub every: bool,
    /// Of each command that is not tried at every step, so many.
    pub sample: usize,
    /// Commands by name; all when empty.
    pub only: Vec<String>,
    /// How; `None` for the tracer where it is allowed.
    pub means: Option<Means>,
}

impl Default for StepsOptions {
    fn default() -> Self {
        Self { seed: 1, full: false, every: true, sample: 8, only: Vec::new(), means: None }
    }
}

impl Means {
    /// The tracer where it is allowed to trace, else the layer.
    #[must_use]
    pub fn here() -> Self {
        if trace::is_permitted() { Self::Trace } else { Self::Layer }
    }

    /// Runs a command; steps below `root` count. A server is asked to end once it prints `until`.
    ///
    /// # Errors
    /// When it does not start, or cannot be traced.
    pub fn run(self, command: Command, root: &Path, stop: Stop, until: Option<&str>) -> std::io::Result<Ran> {
        match self {
            Self::Trace => trace::run(command, root, stop, until),
            Self::Layer => layer::run(command, root, stop, until),
        }
    }
}

/// Tries each command at each step that is chosen; `progress` hears of each command.
///
/// # Errors
/// When the scene cannot be laid, or a command cannot be run at all. A loss is no error: the report has it.
pub fn run(options: &StepsOptions, progress: &(dyn Fn(&CommandReport) + Sync)) -> Result<StepsReport, SceneError> {
    let folder = tempfile::tempdir()?;
    let scene = Scene::lay(folder.path(), options.seed)?;
    let means = options.means.unwrap_or_else(Means::here);
    let mut report = StepsReport::new(means);
    let mut seed = Seed::new(options.seed);
    for case in CASES.iter().filter(|case| options.only.is_empty() || options.only.iter().any(|name| name == case.name))
    {
        let steps = trial::count(&scene, case, means)?;
        let stops = chosen(steps, case, options, &mut seed);
        let done = try_all(&scene, case, means, steps, &stops)?;
        progress(&done);
        report.add(done);
    }
    Ok(report)
}

/// Where to stop: kills first, then some steps from which the disk is full.
fn chosen(steps: u64, case: &Case, options: &StepsOptions, seed: &mut Seed) -> Vec<Stop> {
    let mut some = |count: usize| -> BTreeSet<u64> {
        (0..count).map(|_| 1 + seed.below(usize::try_from(steps).unwrap_or(usize::MAX)) as u64).collect()
    };
    let all = || (1..=steps).collect();
    let kills: BTreeSet<u64> =
        if options.full || (options.every && case.every_step) { all() } else { some(options.sample) };
    let full: BTreeSet<u64> = if options.full { all() } else { some(case.full_sample) };
    kills.into_iter().map(Stop::Kill).chain(full.into_iter().map(Stop::Full)).collect()
}

fn try_all(scene: &Scene, case: &Case, means: Means, steps: u64, stops: &[Stop]) -> Result<CommandReport, SceneError> {
    let report = Mutex::new(CommandReport::new(case.name, steps));
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(None));
    let workers = thread::available_parallelism().map_or(1, usize::from).min(WORKERS_MAX);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(stop) = stops.get(next.fetch_add(1, Ordering::SeqCst)) {
                    match trial::run(scene, case, means, *stop) {
                        Ok(trial) => report.lock().unwrap_or_else(PoisonError::into_inner).add(*stop, trial),
                        Err(error) => *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error),
                    }
                }
            });
        }
    });
    match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(report.into_inner().unwrap_or_else(PoisonError::into_inner)),
    }
}
