//! Kills the server and its commands again and again, and counts what was lost: `tests/README.md`.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use kith_tests::clock::Stopwatch;
use kith_tests::crash::{self, CrashOptions, CrashReport};
use kith_tests::steps::{self, Means, StepsOptions};

/// kill -9 again and again: while phones write, while the server starts, and at each step of the operator's commands
#[derive(Parser)]
struct Arguments {
    /// Kills while writing
    #[arg(long, default_value_t = 50)]
    cycles: u32,
    /// Seed of the moments
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Every step of every command, not of rotate and restore alone
    #[arg(long)]
    full: bool,
    /// Steps tried of each of the other commands
    #[arg(long, default_value_t = StepsOptions::default().sample)]
    sample: usize,
    /// Only these commands, by name, separated by commas; "none" for none
    #[arg(long, value_delimiter = ',')]
    commands: Vec<String>,
    /// Counts steps in the server's own file layer, for machines that forbid tracing
    #[arg(long)]
    layer: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let watch = Stopwatch::start();
    let kills = CrashOptions { cycles: arguments.cycles, seed: arguments.seed };
    let kills = match arguments.cycles {
        0 => CrashReport::default(),
        cycles => crash::run(&kills, &mut |report| {
            if report.cycles % 10 == 0 {
                let (acknowledged, lost) = (report.acknowledged, report.acknowledged_lost);
                say(&format!("{} of {cycles} cycles, {acknowledged} acknowledged, {lost} lost", report.cycles), &watch);
            }
        })
        .context("the run broke off")?,
    };
    let options = StepsOptions {
        seed: arguments.seed,
        full: arguments.full,
        every: true,
        sample: arguments.sample,
        only: arguments.commands,
        means: arguments.layer.then_some(Means::Layer),
    };
    let commands = steps::run(&options, &|command| {
        say(&format!("{}: {} trials at {} steps", command.command, command.trials, command.steps), &watch);
    })
    .context("the commands could not be tried")?;
    let mut out = std::io::stdout();
    if arguments.json {
        let mut report = serde_json::to_value(&kills)?;
        report["steps"] = serde_json::to_value(&commands)?;
        writeln!(out, "{report}")?;
    } else {
        writeln!(out, "{}\n{commands}", serde_json::to_string_pretty(&kills)?)?;
    }
    let holds = kills.holds() && (commands.holds() || options.only == ["none"]);
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Progress is for people: when nobody can see it, the work goes on.
fn say(text: &str, watch: &Stopwatch) {
    let _ = writeln!(std::io::stderr(), "{text}, {} s", watch.elapsed().as_secs());
}
