use std::sync::Arc;

use kith_shared::ids::CircleId;
use kith_shared::sync::statements::HubKeys;
use kith_shared::time::TimestampMs;
use kith_shared::trust::{InviteSecret, Remove, Role, SigningSecret, State};

use crate::admin::invite::{DAY_MS, InviteTerms, Issuer};
use crate::admin::{circle, demo, invite, log, people};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::serve::Server;
use crate::store::{Store, StoreError, audit, backup};
use crate::{entropy, open, organisation};

use super::links::{DEMO_SEED, Printer};
use super::print::line;
use super::{CircleCommand, CliError, Command};

enum Start {
    Plain,
    FirstRun { circle_name: String, members: u32 },
    Demo,
}

/// What the operator's commands work with.
struct Office {
    store: Arc<dyn Store>,
    keys: Arc<HubKeys>,
    root: SigningSecret,
    now: TimestampMs,
}

async fn office(config: &Config) -> Result<Office, CliError> {
    let opened = open::open(config).await?;
    let root = organisation::root(&opened.keys)?;
    let keys = organisation::hub_keys(opened.store.as_ref(), &opened.keys, &opened.server).await?;
    Ok(Office { store: opened.store, keys: Arc::new(keys), root, now: SystemClock::new().now() })
}

pub(super) async fn run(config: Config, command: Command) -> Result<(), CliError> {
    match command {
        Command::Serve { demo: true, .. } => serve(&config, Start::Demo).await,
        Command::Serve { first_run: true, circle_name, members, .. } => {
            serve(&config, Start::FirstRun { circle_name, members }).await
        }
        Command::Serve { .. } => serve(&config, Start::Plain).await,
        Command::Restore { from } => restore(&config, &from).await,
        Command::Scrub => scrub(&config).await,
        Command::Backup { to } => {
            let report = backup::backup(open::open(&config).await?.store.as_ref(), &to).await?;
            let path = to.join(backup::FILE);
            Ok(line(format_args!("{}: {} rows, {} bytes, checked", path.display(), report.rows, report.bytes))?)
        }
        Command::Circle { command } => run_circle(&config, command).await,
        Command::Invite { circle, role, uses, days, name } => {
            let link = link(&config, circle, (role.into(), uses, days), name).await?;
            Ok(line(link)?)
        }
        Command::Remove { circle, member, device } => {
            let whom = member.map(Remove::Member).or(device.map(Remove::Device));
            let Some(whom) = whom else { return Ok(()) };
            let Office { store, keys, root, now } = office(&config).await?;
            Ok(people::remove(store.as_ref(), &keys, &root, circle, whom, now).await?)
        }
        Command::Confirm { circle, member } => {
            let Office { store, keys, root, now } = office(&config).await?;
            Ok(people::confirm(store.as_ref(), &keys, &root, circle, member, now).await?)
        }
        Command::Demo { seed } => {
            let Office { store, keys, root, now } = office(&config).await?;
            Ok(line(demo::seed(&store, &keys, &root, now, seed, &mut progress).await?)?)
        }
    }
}

async fn run_circle(config: &Config, command: CircleCommand) -> Result<(), CliError> {
    match command {
        CircleCommand::Create { name } => {
            let Office { store, keys, root, now } = office(config).await?;
            let id = circle::create(store.as_ref(), &keys, &root, &name, entropy::draw()?, now).await?;
            Ok(line(id)?)
        }
        CircleCommand::List => {
            for (id, record) in circle::list(open::open(config).await?.store.as_ref()).await? {
                line(format_args!("{id}  {:>4}  {:>8}  {}", record.roster_len, record.position, record.label))?;
            }
            Ok(())
        }
        CircleCommand::People { circle } => {
            for person in people::list(open::open(config).await?.store.as_ref(), circle).await? {
                let role = if person.role == Role::Facilitator { "facilitator" } else { "member" };
                line(format_args!("{}  {role:<11}  {}", person.member, state_name(person.state)))?;
                for (device, state) in person.devices {
                    line(format_args!("  device {device}  {}", state_name(state)))?;
                }
            }
            Ok(())
        }
    }
}

fn state_name(state: State) -> &'static str {
    match state {
        State::Active => "active",
        State::Provisional => "provisional: confirm or remove",
        State::Suspended => "suspended: confirm or remove",
        State::Removed => "removed",
    }
}

fn progress(text: &str) {
    // A closed output does not stop the work.
    let _ = line(format_args!("  {text}"));
}

async fn serve(config: &Config, start: Start) -> Result<(), CliError> {
    let server = Server::start(config).await?;
    let (store, printer) = (Arc::clone(&server.app().store), Printer::of(&server));
    line(format_args!("Kith listens at {}", server.origin()))?;
    if let Some((files, bytes)) = server.app().assets.as_ref().map(crate::web::Assets::totals) {
        line(format_args!("The web app: {files} files, {} KiB as sent", bytes / 1024))?;
    }
    let is_empty = circle::list(store.as_ref()).await?.is_empty();
    let (keys, now) = (&server.app().keys, SystemClock::new().now());
    match &start {
        Start::FirstRun { circle_name, .. } if is_empty => {
            let root = organisation::root(server.operator())?;
            circle::create(store.as_ref(), keys, &root, circle_name, entropy::draw()?, now).await?;
        }
        Start::Demo if is_empty => {
            line("Seeding a circle that reads like real life (once):")?;
            let root = organisation::root(server.operator())?;
            demo::seed(&store, keys, &root, now, DEMO_SEED, &mut progress).await?;
        }
        Start::Plain | Start::FirstRun { .. } | Start::Demo => {}
    }
    if let Some((id, record)) = circle::list(store.as_ref()).await?.first() {
        match start {
            Start::Plain => {}
            Start::FirstRun { members, .. } => printer.first(*id, record, members).await?,
            Start::Demo => printer.demo(*id, record).await?,
        }
    }
    line("Ctrl-C stops it; nothing that was acknowledged is lost, however it stops.")?;
    Ok(server.run().await?)
}

async fn link(
    config: &Config,
    circle: CircleId,
    (role, uses, days): (Role, u32, u64),
    name: Option<String>,
) -> Result<String, CliError> {
    let Office { store, keys, root, now } = office(config).await?;
    let (secret, expires) = (InviteSecret(entropy::draw()?), now.plus_ms(days * DAY_MS));
    let terms = InviteTerms { role, uses, expires };
    invite::create(store.as_ref(), &keys, &Issuer::root(&root), circle, &secret, terms, now).await?;
    let label = log::load(store.as_ref(), circle).await?.stored().map(|record| record.label.clone());
    let commission = (role == Role::Facilitator).then(|| invite::commission(&root, &secret, now));
    let name = name.or(label.filter(|_| role == Role::Facilitator)).unwrap_or_default();
    Ok(invite::link(&config.origin_at(config.listen), &secret, &circle, &name, commission.as_ref()))
}

async fn scrub(config: &Config) -> Result<(), CliError> {
    let store = open::open(config).await?.store;
    let for_scrub = Arc::clone(&store);
    let report = tokio::task::spawn_blocking(move || for_scrub.scrub())
        .await
        .map_err(|error| StoreError::Damaged { cause: error.to_string() })??;
    for (tree, records) in &report.trees {
        line(format_args!("{tree:?}: {records} records"))?;
    }
    for error in &report.corrupt {
        line(error)?;
    }
    let audit = match report.corrupt_count {
        0 => audit::audit(store.as_ref(), &circle::list(store.as_ref()).await?).await?,
        _ => audit::AuditReport::default(),
    };
    for problem in &audit.problems {
        line(problem)?;
    }
    let wrong = report.corrupt_count + audit.problem_count;
    line(format_args!(
        "{} records, {} bytes; {} circles, {} entries, {} bodies; {wrong} damaged or missing",
        report.records, report.bytes, audit.circles, audit.entries, audit.bodies
    ))?;
    if wrong == 0 { Ok(()) } else { Err(CliError::Damaged(wrong)) }
}

async fn restore(config: &Config, from: &std::path::Path) -> Result<(), CliError> {
    backup::check(&from.join(backup::FILE))?;
    let store = open::open(config).await?.store;
    let report = backup::restore(store.as_ref(), from).await?;
    let audit = audit::audit(store.as_ref(), &circle::list(store.as_ref()).await?).await?;
    for problem in &audit.problems {
        line(problem)?;
    }
    let path = config.data.display();
    line(format_args!(
        "{path}: {} rows restored, {} entries in {} circles checked",
        report.rows, audit.entries, audit.circles
    ))?;
    match audit.problem_count {
        0 => Ok(line("Phones will send what the backup lacks when they sync next.")?),
        wrong => Err(CliError::Damaged(wrong)),
    }
}
