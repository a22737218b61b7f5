//! `kith-demo`: fills a server's data directory with an invented circle, unless it has one, and prints links to it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool talks on its standard streams")]

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use kith_demo::{Made, WEEKS, links, seed};
use kith_server::admin::circle;
use kith_server::clock::{Clock as _, SystemClock};
use kith_server::config::{Config, Settings};
use kith_server::store::Store;
use kith_server::{open, organisation};

/// A circle that reads like real life, for a server's data directory: 13 people, 50 session notes, 2,000 messages. The
/// server itself must not run meanwhile. Whoever has this program has the keys of the circle's facilitator: never use it
/// where people are.
#[derive(Parser)]
#[command(name = "kith-demo", version)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    /// Seed of the circle; another number gives another one
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many weeks it has met: a session and 40 messages for each; 104 are two years
    #[arg(long, default_value_t = WEEKS, value_parser = clap::value_parser!(u32).range(1..=520))]
    weeks: u32,
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kith-demo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Box<dyn Error>> {
    let config = Config::check(cli.settings)?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(found_and_tell(&config, Made { seed: cli.seed, weeks: cli.weeks }))
}

async fn found_and_tell(config: &Config, made: Made) -> Result<(), Box<dyn Error>> {
    let opened = open::open(config).await?;
    let (store, now) = (opened.store as Arc<dyn Store>, SystemClock::new().now());
    if circle::list(store.as_ref()).await?.is_empty() {
        println!("Seeding a circle that reads like real life (once):");
        let root = organisation::root(&opened.keys)?;
        seed(&store, &opened.hub, &root, now, made, &mut |text| println!("  {text}")).await?;
    }
    let origin = config.origin_at(config.listen);
    match links(store.as_ref(), (&opened.hub, &opened.keys), &origin, now, made.seed).await? {
        None => println!("There is no demo circle here any more: `kith-server invite` makes links to others."),
        Some(printed) => {
            println!("\nThe circle \"{}\" is waiting. Open a link on a phone or in a browser:", printed.name);
            println!("  facilitator, one device:  {}", printed.facilitator);
            println!("  members, {} devices:     {}", printed.devices, printed.members);
            println!("They are good for {} days. Whoever opens one reads everything in the circle.", printed.days);
            println!("\nTo see what a member keeps for themself, open the app, tap \"I lost my phone\" and type");
            println!("{}’s printed code:  {}", printed.person, printed.code);
            println!("Whoever types it next is her, and the phone before them is out.\n");
        }
    }
    Ok(())
}
