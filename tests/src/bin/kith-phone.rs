//! A phone without a screen: `tests/README.md`.

use std::io::{BufReader, stdin, stdout};
use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use kith_shared::time::TimestampMs;
use kith_tests::clock::PhoneClock;
use kith_tests::phone::{Terminal, TerminalOptions};

/// A phone without a screen: commands of web/src/bridge/contract.ts as JSON lines on stdin, replies and notices
/// as JSON lines on stdout
#[derive(Parser)]
struct Arguments {
    /// Its directory; begun when it is not there
    folder: PathBuf,
    /// Where the server is
    #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "URL")]
    server: String,
    /// Makes keys and salts repeatable: for tests only
    #[arg(long)]
    seed: Option<u64>,
    /// The time stands still at these milliseconds since 1970; the clock command moves it
    #[arg(long, value_name = "MS", conflicts_with = "clock_offset")]
    clock: Option<u64>,
    /// The clock is so many milliseconds off
    #[arg(long, value_name = "MS", allow_hyphen_values = true)]
    clock_offset: Option<i64>,
    /// Begin away from the network
    #[arg(long)]
    offline: bool,
    /// Listen for the server's pokes
    #[arg(long)]
    live: bool,
    /// The store is full after so many more bytes
    #[arg(long, value_name = "BYTES")]
    room: Option<usize>,
    #[arg(long, hide = true)]
    die_at: Option<u32>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let fixed = arguments.clock.map(|at| PhoneClock::Fixed(TimestampMs(at)));
    let offset_ms = arguments.clock_offset.unwrap_or_default();
    let options = TerminalOptions {
        folder: arguments.folder,
        origin: arguments.server,
        seed: arguments.seed,
        clock: fixed.unwrap_or(PhoneClock::System { offset_ms }),
        offline: arguments.offline,
        live: arguments.live,
        room_bytes: arguments.room,
        die_at: arguments.die_at,
    };
    let terminal = Terminal::open(options, stdout().lock()).context("the phone does not start")?;
    terminal.run(BufReader::new(stdin())).context("the phone stopped")
}
