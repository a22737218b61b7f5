//! Hostile bytes for everything that reads bytes: `tests/README.md`.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use kith_tests::clock::Stopwatch;
use kith_tests::fuzz::Fuzzer;

/// Inputs between two looks at the clock.
const ROUND: u32 = 1_000;

/// Feeds mutated bytes to every reader
#[derive(Parser)]
struct Arguments {
    /// How long
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Chooses the mutations
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> std::io::Result<ExitCode> {
    let arguments = Arguments::parse();
    let (mut fuzzer, watch, mut inputs) = (Fuzzer::new(arguments.seed), Stopwatch::start(), 0_u64);
    let mut out = std::io::stdout().lock();
    while watch.elapsed().as_secs() < arguments.seconds {
        for _ in 0..ROUND {
            inputs += 1;
            if let Some(found) = fuzzer.step() {
                writeln!(out, "{:?}: {}\n{}", found.target, found.how, found.input)?;
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    writeln!(out, "{inputs} inputs from {} honest ones: none broke a reader", fuzzer.corpus_len())?;
    Ok(ExitCode::SUCCESS)
}
