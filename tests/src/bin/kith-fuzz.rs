//! Hostile bytes for everything that reads bytes: `tests/README.md`.

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, ValueEnum as _};
use kith_tests::clock::Stopwatch;
use kith_tests::fuzz::{Fuzzer, Target};

/// Inputs between two looks at the clock.
const ROUND: u32 = 100;

/// Feeds mutated bytes to every reader
#[derive(Parser)]
struct Arguments {
    /// The readers to feed; all when none is named
    targets: Vec<Target>,
    /// Seconds for each reader
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Seed of the mutations
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> std::io::Result<ExitCode> {
    let arguments = Arguments::parse();
    let (mut fuzzer, mut all) = (Fuzzer::new(arguments.seed), 0_u64);
    let mut out = std::io::stdout().lock();
    let targets = if arguments.targets.is_empty() { Target::value_variants() } else { &arguments.targets };
    for target in targets {
        let (watch, mut inputs) = (Stopwatch::start(), 0_u64);
        while watch.elapsed().as_secs() < arguments.seconds {
            for _ in 0..ROUND {
                inputs += 1;
                if let Some(found) = fuzzer.step(*target) {
                    writeln!(out, "{:?}: {}\n{}", found.target, found.how, found.input)?;
                    return Ok(ExitCode::FAILURE);
                }
            }
        }
        writeln!(out, "{:16} {inputs:>12} inputs", format!("{target:?}"))?;
        all += inputs;
    }
    writeln!(out, "{all} inputs from {} honest ones: none broke a reader", fuzzer.corpus_len())?;
    Ok(ExitCode::SUCCESS)
}
