//! Measures: `tests/README.md`.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use kith_shared::time::TimestampMs;
use kith_tests::bench::{
    BenchError, Measure, Workload, build, chain, commit, crowd, full_documents, keys, load, message_bytes, sync,
    sync_idle, unseal,
};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Bench {
    /// Bytes of asking "anything new?" with 51 documents
    SyncIdle,
    /// Bytes of a message of 100 characters
    Message,
    /// Writing, downloading and opening 2,000 messages
    Load,
    /// Durable commits of the sled store, beside one in memory
    Commit,
    /// Proving, opening and showing 2,000 sealed messages
    Unseal,
    /// Checking and folding a chain of 4,096 records, an honest one and the worst ones
    Log,
    /// 200 people come into a circle, and 100 are taken out
    Crowd,
    /// Bytes of an epoch and of coming in, as they are and with X-Wing
    Keys,
    /// Opening and showing notes that are as full as they may be
    Full,
    /// Bytes of coming back after a session, of a new phone, and of nothing new
    Sync,
}

/// Measures bytes, commits and load times
#[derive(Parser)]
struct Arguments {
    /// What; all when nothing is named
    benches: Vec<Bench>,
    /// Of the text and of who writes what, for what is drawn
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one JSON array
    #[arg(long)]
    json: bool,
    /// Measure nothing: write who writes what in `sync` into this file, for phones of any make
    #[arg(long, value_name = "FILE")]
    workload: Option<PathBuf>,
    /// Measure nothing: replay such a file on a real server and phones
    #[arg(long, value_name = "FILE", requires_all = ["into", "begins"], conflicts_with = "workload")]
    replay: Option<PathBuf>,
    /// Where the server and the phone that was away are left; must not be there
    #[arg(long, value_name = "FOLDER", requires = "replay")]
    into: Option<PathBuf>,
    /// When the session of what is replayed began, in milliseconds since 1970: the server's clock ends where it ends
    #[arg(long, value_name = "MS", requires = "replay")]
    begins: Option<u64>,
}

fn main() -> Result<(), BenchError> {
    let arguments = Arguments::parse();
    if let Some(file) = &arguments.workload {
        return Ok(fs::write(file, serde_json::to_vec(&Workload::of(arguments.seed)).map_err(std::io::Error::from)?)?);
    }
    if let (Some(file), Some(folder), Some(begins)) = (&arguments.replay, &arguments.into, arguments.begins) {
        let workload: Workload = serde_json::from_slice(&fs::read(file)?).map_err(std::io::Error::from)?;
        return build(&workload, TimestampMs(begins), folder);
    }
    let all = [
        Bench::SyncIdle,
        Bench::Message,
        Bench::Load,
        Bench::Commit,
        Bench::Unseal,
        Bench::Log,
        Bench::Crowd,
        Bench::Keys,
        Bench::Full,
        Bench::Sync,
    ];
    let wanted = if arguments.benches.is_empty() { all.to_vec() } else { arguments.benches };
    let mut measures: Vec<Measure> = Vec::new();
    for bench in wanted {
        measures.extend(match bench {
            Bench::SyncIdle => sync_idle()?,
            Bench::Message => message_bytes()?,
            Bench::Load => load()?,
            Bench::Commit => commit()?,
            Bench::Unseal => unseal()?,
            Bench::Log => chain()?,
            Bench::Crowd => crowd()?,
            Bench::Keys => keys()?,
            Bench::Full => full_documents()?,
            Bench::Sync => sync(arguments.seed)?,
        });
    }
    let mut out = std::io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", serde_json::to_string(&measures).map_err(std::io::Error::from)?)?;
        return Ok(());
    }
    for measure in measures {
        writeln!(out, "{:28} {:>14.3}  {}", measure.name, measure.value, measure.unit)?;
    }
    Ok(())
}
