//! Plays seeds of the simulation: `tests/README.md`.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use kith_tests::clock::Stopwatch;
use kith_tests::sim::{SimOptions, play, play_clocks};

/// Many phones, a hub and a bad network, from one seed
#[derive(Parser)]
struct Arguments {
    /// The first seed
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How many seeds
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// Phones in each world
    #[arg(long, default_value_t = 3)]
    phones: usize,
    /// Steps of chaos in each world
    #[arg(long, default_value_t = 1_000)]
    steps: usize,
    /// Phones are rolled back to earlier states of themselves, and copied
    #[arg(long)]
    put_backs: bool,
    /// The same, and they are killed while they find out, and their storage is full for a while
    #[arg(long)]
    harsh: bool,
    /// Nobody shares strategies: the worlds of seeds from before there were any
    #[arg(long)]
    without_strategies: bool,
    /// Nobody does what members do beside: the worlds of seeds from before that
    #[arg(long)]
    without_lives: bool,
    /// 5,000 seeds, or as many as --seeds says when it says more
    #[arg(long)]
    full: bool,
    /// Phones whose clocks are set anywhere, and that sleep, instead of a bad network
    #[arg(long)]
    clocks: bool,
    /// Print what each seed showed
    #[arg(long)]
    verbose: bool,
}

fn main() -> std::io::Result<ExitCode> {
    let arguments = Arguments::parse();
    let seeds = if arguments.full { arguments.seeds.max(5_000) } else { arguments.seeds };
    let (phones, steps, harsh) = (arguments.phones, arguments.steps, arguments.harsh);
    let strategies = !arguments.without_strategies;
    let lives = !arguments.without_lives;
    let options = SimOptions { phones, steps, put_backs: arguments.put_backs || harsh, harsh, strategies, lives };
    let (watch, mut out) = (Stopwatch::start(), std::io::stdout().lock());
    let mut failed = 0;
    for seed in arguments.seed..arguments.seed + seeds {
        let played = match arguments.clocks {
            true => play_clocks(seed, strategies).map(|messages| format!("{messages} messages")),
            false => play(seed, &options).map(|report| format!("{report:?}")),
        };
        match played {
            Ok(report) if arguments.verbose => writeln!(out, "seed {seed}: {report}")?,
            Ok(_) => {}
            Err(failure) => {
                failed += 1;
                writeln!(out, "seed {seed} failed: {failure}")?;
            }
        }
    }
    let took = watch.elapsed().as_secs_f64();
    writeln!(out, "{} seeds held, {failed} failed, in {took:.1} s", seeds - failed)?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
