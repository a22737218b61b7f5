//! Lets honest phones sync while others attack the server: `tests/README.md`.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use kith_tests::load::{LoadOptions, RATIO_MAX, Scene, SceneReport, attack_as_told, run};

/// Honest phones sync, by turns in peace and while strangers and members do their worst with their sockets
///
/// Attackers are a process of their own, of the lowest priority: real ones bring their own processors. So what is
/// measured is what the server lets them take, and not what they take of this machine.
#[derive(Parser)]
struct Arguments {
    /// With attackers: slow bodies, silent sockets, deaf readers, stream hogs from 16 networks (there is no other load)
    #[arg(long, required_unless_present = "attack")]
    hostile: bool,
    /// Be the attackers that standard input describes
    #[arg(long, hide = true)]
    attack: bool,
    /// Honest phones, at most 480
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..=480))]
    phones: u16,
    /// Attackers' sockets
    #[arg(long, default_value_t = 4_096, value_parser = clap::value_parser!(u16).range(1..=8_192))]
    sockets: u16,
    /// How long each part of a round is measured: without attackers, then with them
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Rounds of each scene; the middle one's ratio counts
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=20))]
    rounds: u8,
    /// Only this scene: networks, proxy or village
    #[arg(long)]
    scene: Option<String>,
    /// Seed of moments and keys
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one JSON list
    #[arg(long)]
    json: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    if arguments.attack {
        attack_as_told()?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = LoadOptions {
        phones: arguments.phones.into(),
        sockets: arguments.sockets.into(),
        seconds: arguments.seconds,
        rounds: arguments.rounds.into(),
        seed: arguments.seed,
        ..LoadOptions::default()
    };
    let wanted = |scene: &Scene| arguments.scene.as_deref().is_none_or(|name| name == scene.name());
    let scenes: Vec<Scene> = Scene::ALL.into_iter().filter(wanted).collect();
    anyhow::ensure!(!scenes.is_empty(), "there is no such scene: write networks, proxy or village");
    let mut reports = Vec::new();
    for scene in scenes {
        // Progress is for people: when nobody can see it, the work goes on.
        let _ = writeln!(std::io::stderr(), "{}: a circle of {} comes together", scene.name(), options.phones);
        reports.push(run(scene, &options).with_context(|| format!("the scene {} broke off", scene.name()))?);
    }
    match arguments.json {
        true => writeln!(std::io::stdout(), "{}", serde_json::to_string(&reports)?)?,
        false => table(&reports)?,
    }
    let holds = reports.iter().all(SceneReport::holds);
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn table(reports: &[SceneReport]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{:10} {:>8} {:>6} {:>7} {:>9} {:>9}   attackers' sockets",
        "scene", "syncs", "failed", "retries", "p50 ms", "p99 ms"
    )?;
    for report in reports {
        writeln!(out, "{}", report.scene.name())?;
        for round in &report.rounds {
            let opened = format!("{} opened, {} lost", round.sockets.opened, round.sockets.lost);
            for (part, fared, beside) in [("calm", &round.calm, ""), ("hostile", &round.hostile, opened.as_str())] {
                writeln!(
                    out,
                    "{part:10} {:>8} {:>6} {:>7} {:>9.2} {:>9.2}   {beside}",
                    fared.syncs, fared.failed, fared.retries, fared.p50_ms, fared.p99_ms
                )?;
            }
        }
        let verdict = if report.holds() { "holds" } else { "DOES NOT HOLD" };
        writeln!(
            out,
            "{:10} p99 {:.2} times as long in the middle round ({RATIO_MAX} at most): {verdict}",
            "",
            report.ratio()
        )?;
        for error in &report.errors {
            writeln!(out, "{:10} {error}", "")?;
        }
    }
    Ok(())
}
