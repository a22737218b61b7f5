//! `cargo xtask test`: every check and test, two lanes side by side, one line for each stage, the totals last.

mod counts;
mod deny;
mod report;
mod stages;
mod table;

use std::process::ExitCode;
use std::thread;

use anyhow::Result;
use clap::Args;

use crate::clock::Stopwatch;
use crate::ui;
use crate::workspace::Workspace;
use report::{Outcome, Report};
use table::{LANES, STAGES, Stage};

/// Flags of `test`.
#[derive(Args)]
pub(crate) struct TestArgs {
    /// Also run what takes long: ignored tests, more seeds, more cycles
    #[arg(long)]
    pub(crate) full: bool,
    /// List the stages and stop
    #[arg(long)]
    pub(crate) list: bool,
    /// A stage's name, to run it and what it needs; or part of a Rust test's name
    pub(crate) filter: Option<String>,
}

/// What a stage may look at.
struct Run<'a> {
    workspace: &'a Workspace,
    full: bool,
    /// Part of a Rust test's name.
    name_filter: Option<&'a str>,
}

/// Runs what was asked for; fails when anything failed.
pub(crate) fn run(workspace: &Workspace, arguments: &TestArgs) -> Result<ExitCode> {
    if arguments.list {
        for stage in STAGES {
            println!("{:12} {}", stage.name, stage.about);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let filter = arguments.filter.as_deref();
    let by_stage = filter.filter(|filter| STAGES.iter().any(|stage| stage.name == *filter));
    let run = Run { workspace, full: arguments.full, name_filter: if by_stage.is_some() { None } else { filter } };
    let wanted = match (by_stage, filter) {
        (Some(name), _) => with_needs(name),
        (None, Some(_)) => with_needs("rust"),
        (None, None) => STAGES.iter().map(|stage| stage.name).collect(),
    };
    let watch = Stopwatch::start();
    let report = Report::new(workspace);
    for side_by_side in LANES {
        thread::scope(|scope| {
            for lane in side_by_side {
                scope.spawn(|| run_lane(&run, *lane, &wanted, &report));
            }
        });
    }
    let (passed, failed) = report.totals();
    ui::heading(format_args!(
        "in {}; full output of each stage: {}",
        watch.took(),
        workspace.target("test-logs").display()
    ));
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_lane(run: &Run<'_>, lane: u8, wanted: &[&str], report: &Report<'_>) {
    for stage in STAGES.iter().filter(|stage| stage.lane == lane && wanted.contains(&stage.name)) {
        let broken = stage.needs.iter().find(|need| report.failed(need));
        let watch = Stopwatch::start();
        let outcome = match broken {
            Some(need) => Outcome::not_run(format!("needs {need}, which failed")),
            None => (stage.run)(run, &report.log(stage.name)).unwrap_or_else(|error| Outcome::error(&error)),
        };
        report.add(stage.name, watch.took(), outcome);
    }
}

/// A stage and everything that must have run before it, in the order of the table.
fn with_needs(name: &str) -> Vec<&'static str> {
    let mut wanted: Vec<&str> = vec![name];
    let mut next = 0;
    while next < wanted.len() {
        let needs = STAGES.iter().find(|stage| stage.name == wanted[next]).map_or(&[][..], |stage: &Stage| stage.needs);
        wanted.extend(needs.iter().filter(|need| !wanted.contains(need)).copied().collect::<Vec<_>>());
        next += 1;
    }
    STAGES.iter().map(|stage| stage.name).filter(|stage| wanted.contains(stage)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_brings_what_it_needs_and_needs_come_first() {
        assert_eq!(with_needs("fmt"), ["fmt"]);
        let e2e = with_needs("e2e");
        assert!(["setup", "build", "wasm", "web-build"].iter().all(|need| e2e.contains(need)));
        for (index, stage) in STAGES.iter().enumerate() {
            for need in stage.needs {
                let at = STAGES.iter().position(|other| other.name == *need).unwrap();
                assert!(at < index, "{} comes before {need}", stage.name);
                let group = |lane: u8| LANES.iter().position(|lanes| lanes.contains(&lane));
                let waits = STAGES[at].lane == stage.lane || group(STAGES[at].lane) < group(stage.lane);
                assert!(waits, "{} would not wait for {need}", stage.name);
            }
        }
    }
}
