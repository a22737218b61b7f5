//! Kills the server again and again, and counts what it lost: `tests/README.md`.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use kith_tests::clock::Stopwatch;
use kith_tests::crash::{CrashOptions, run};

/// kill -9 again and again, while phones write and while the server starts
#[derive(Parser)]
struct Arguments {
    /// Kills while writing
    #[arg(long, default_value_t = 50)]
    cycles: u32,
    /// Chooses the moments
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let watch = Stopwatch::start();
    let options = CrashOptions { cycles: arguments.cycles, seed: arguments.seed };
    let report = run(&options, &mut |report| {
        if report.cycles % 10 == 0 {
            // Progress is for people: when nobody can see it, the work goes on.
            let seconds = watch.elapsed().as_secs();
            let _ = writeln!(
                std::io::stderr(),
                "{} of {} cycles, {} acknowledged, {} lost, {seconds} s",
                report.cycles,
                arguments.cycles,
                report.acknowledged,
                report.acknowledged_lost
            );
        }
    })
    .context("the run broke off")?;
    let text = match arguments.json {
        true => serde_json::to_string(&report)?,
        false => serde_json::to_string_pretty(&report)?,
    };
    writeln!(std::io::stdout(), "{text}")?;
    Ok(if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
