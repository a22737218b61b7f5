use std::sync::Arc;

use kith_shared::ids::{CircleId, InviteToken};
use kith_shared::time::TimestampMs;
use kith_shared::trust::Role;

use crate::admin::invite::{DAY_MS, InviteTerms};
use crate::admin::{circle, demo, invite};
use crate::audit::{self as log, Action, Actor, Event};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::entropy;
use crate::open::{self, OpenError};
use crate::serve::Server;
use crate::store::{Sealed, SledStore, Store, StoreError, backup, consistency};

use super::print::line;
use super::{CircleCommand, CliError, Command, EraseCommand, audit, keys};

/// Devices that the first member link is good for.
const FIRST_MEMBERS: u32 = 100;
/// Days that the first links are good for.
const FIRST_DAYS: u64 = 30;
/// Days that a backup may be kept: what is deleted meanwhile stays in it.
const BACKUP_DAYS: u32 = 30;
/// Rows that do not open which a scrub lists.
const LISTED_MAX: usize = 1_000;
/// The seed of `serve --demo`.
const DEMO_SEED: u64 = 1;

enum Start {
    Plain,
    FirstRun { circle_name: String },
    Demo,
}

pub(super) async fn run(config: Config, command: Command) -> Result<(), CliError> {
    match command {
        Command::Serve { demo: true, .. } => serve(&config, Start::Demo).await,
        Command::Serve { first_run: true, circle_name, .. } => serve(&config, Start::FirstRun { circle_name }).await,
        Command::Serve { .. } => serve(&config, Start::Plain).await,
        Command::Restore { from } => restore(&config, &from).await,
        Command::Scrub => scrub(&config).await,
        Command::Backup { to } => {
            let store = open_store(&config).await?;
            let report = backup::backup(store.inner(), &to).await?;
            let path = to.join(backup::FILE);
            line(format_args!("{}: {} rows, {} bytes, checked", path.display(), report.rows, report.bytes))?;
            line(format_args!(
                "It opens with the operator's key alone. Throw it away within {BACKUP_DAYS} days: what is deleted from \
                 now on stays in it."
            ))?;
            note(store.as_ref(), Action::BackupMade, None).await
        }
        Command::Init => keys::init(&config, &open::open(&config).await?),
        Command::Keys { command } => keys::run(open::open(&config).await?, command).await,
        Command::Audit { command } => audit::run(open_store(&config).await?.as_ref(), command).await,
        Command::Erase { command: EraseCommand::Now } => keys::erase_now(open_store(&config).await?.as_ref()).await,
        Command::Circle { command: CircleCommand::Shred { circle, yes } } => {
            keys::shred(open_store(&config).await?.as_ref(), circle, yes).await
        }
        Command::Circle { command: CircleCommand::Create { name } } => {
            let id = CircleId(entropy::draw()?);
            let store = open_store(&config).await?;
            circle::create(store.as_ref(), id, &name).await?;
            note(store.as_ref(), Action::CircleCreated, Some(id)).await?;
            Ok(line(id)?)
        }
        Command::Circle { command: CircleCommand::List } => {
            for (id, record) in circle::list(open_store(&config).await?.as_ref()).await? {
                line(format_args!("{id}  {:>4}  {:>8}  {}", record.roster_len, record.position, record.label))?;
            }
            Ok(())
        }
        Command::Invite { circle, role, uses, days } => {
            let store = open_store(&config).await?;
            let link =
                link(store.as_ref(), &config.origin_at(config.listen), circle, role.into(), uses, days, None).await?;
            Ok(line(link)?)
        }
        Command::Demo { seed } => {
            let store: Arc<dyn Store> = open_store(&config).await?;
            let circle = demo::seed(&store, SystemClock::new().now(), seed, &mut progress).await?;
            Ok(line(circle)?)
        }
    }
}

fn progress(text: &str) {
    // A closed output does not stop the work.
    let _ = line(format_args!("  {text}"));
}

async fn serve(config: &Config, start: Start) -> Result<(), CliError> {
    let server = Server::start(config).await?;
    let store = Arc::clone(&server.app().store);
    let origin = server.origin().to_owned();
    line(format_args!("Kith listens at {origin}"))?;
    if let Some(folder) = server.new_keys() {
        keys::print_new(folder)?;
    }
    if let Some((files, bytes)) = server.app().assets.as_ref().map(crate::web::Assets::totals) {
        line(format_args!("The web app: {files} files, {} KiB as sent", bytes / 1024))?;
    }
    match start {
        Start::Plain => {}
        Start::FirstRun { circle_name } => {
            if circle::list(store.as_ref()).await?.is_empty() {
                let id = CircleId(entropy::draw()?);
                circle::create(store.as_ref(), id, &circle_name).await?;
                note(store.as_ref(), Action::CircleCreated, Some(id)).await?;
                print_links(store.as_ref(), &origin, id, Some(&circle_name)).await?;
            } else {
                print_known(store.as_ref(), &origin).await?;
            }
        }
        Start::Demo => {
            if circle::list(store.as_ref()).await?.is_empty() {
                line("Seeding a circle that reads like real life (once):")?;
                demo::seed(&store, SystemClock::new().now(), DEMO_SEED, &mut progress).await?;
            }
            print_known(store.as_ref(), &origin).await?;
        }
    }
    line("Ctrl-C stops it; nothing that was acknowledged is lost, however it stops.")?;
    Ok(server.run().await?)
}

/// New links to the first circle: the server keeps only hashes of the old ones.
async fn print_known(store: &dyn Store, origin: &str) -> Result<(), CliError> {
    match circle::list(store).await?.first() {
        Some((id, record)) => print_links(store, origin, *id, Some(&record.label)).await,
        None => Ok(()),
    }
}

async fn print_links(store: &dyn Store, origin: &str, id: CircleId, name: Option<&str>) -> Result<(), CliError> {
    let facilitator = link(store, origin, id, Role::Facilitator, 1, FIRST_DAYS, name).await?;
    let member = link(store, origin, id, Role::Member, FIRST_MEMBERS, FIRST_DAYS, None).await?;
    line("")?;
    line(format_args!(
        "The circle \"{}\" is waiting. Open one of these links on a phone or in a browser:",
        name.unwrap_or("")
    ))?;
    line(format_args!("  facilitator, one device:  {facilitator}"))?;
    line(format_args!("  members, {FIRST_MEMBERS} devices:     {member}"))?;
    line(format_args!(
        "They are good for {FIRST_DAYS} days. `kith-server invite` makes more, while the server is stopped."
    ))?;
    Ok(line("")?)
}

async fn link(
    store: &dyn Store,
    origin: &str,
    circle: CircleId,
    role: Role,
    uses: u32,
    days: u64,
    name: Option<&str>,
) -> Result<String, CliError> {
    let token = InviteToken(entropy::draw()?);
    let expires: TimestampMs = SystemClock::new().now().plus_ms(days * DAY_MS);
    let terms = InviteTerms { role, uses, expires };
    match invite::create(store, circle, &token, terms).await? {
        true => {
            note(store, Action::InviteMade, Some(circle)).await?;
            Ok(invite::link(origin, &token, &circle, name))
        }
        false => Err(CliError::NoCircle(circle)),
    }
}

async fn open_store(config: &Config) -> Result<Arc<Sealed<SledStore>>, CliError> {
    let opened = open::open(config).await?;
    if opened.keys_are_new {
        tracing::warn!("new keys were made beside the data: keep a copy of them elsewhere");
    }
    Ok(opened.store)
}

/// Writes into the audit log what the operator did.
async fn note(store: &dyn Store, action: Action, circle: Option<CircleId>) -> Result<(), CliError> {
    let (time, actor, subject) = (SystemClock::new().now(), Actor::Operator, Vec::new());
    log::note(store, &[Event { time, actor, action, circle, subject }]).await?;
    Ok(())
}

async fn scrub(config: &Config) -> Result<(), CliError> {
    let store = open_store(config).await?;
    let for_scrub = Arc::clone(&store);
    let report = tokio::task::spawn_blocking(move || for_scrub.inner().scrub())
        .await
        .map_err(|error| StoreError::Damaged { cause: error.to_string() })??;
    for (tree, records) in &report.trees {
        line(format_args!("{tree:?}: {records} records"))?;
    }
    for error in &report.corrupt {
        line(error)?;
    }
    let (unopened_count, unopened) = match report.corrupt_count {
        0 => store.check_seals(LISTED_MAX).await?,
        _ => (0, Vec::new()),
    };
    for error in &unopened {
        line(error)?;
    }
    let found = match report.corrupt_count + unopened_count {
        0 => consistency::check(store.as_ref(), &circle::list(store.as_ref()).await?).await?,
        _ => consistency::ConsistencyReport::default(),
    };
    for problem in &found.problems {
        line(problem)?;
    }
    let wrong = report.corrupt_count + unopened_count + found.problem_count;
    line(format_args!(
        "{} records, {} bytes; {} circles, {} entries, {} bodies; {wrong} damaged or missing",
        report.records, report.bytes, found.circles, found.entries, found.bodies
    ))?;
    if wrong == 0 { Ok(()) } else { Err(CliError::Damaged(wrong)) }
}

async fn restore(config: &Config, from: &std::path::Path) -> Result<(), CliError> {
    let file = from.join(backup::FILE);
    backup::check(&file)?;
    let sealed_under = backup::sealed_under(&file)?.ok_or(CliError::NoKeysInBackup)?;
    let keys = open::keys_for(config, sealed_under).map_err(OpenError::Key)?;
    let below = open::open_sled(config).await?;
    let report = backup::restore(&below, from).await?;
    let store = open::seal(below, keys).await?.store;
    let found = consistency::check(store.as_ref(), &circle::list(store.as_ref()).await?).await?;
    note(store.as_ref(), Action::Restored, None).await?;
    for problem in &found.problems {
        line(problem)?;
    }
    let path = config.data.display();
    line(format_args!(
        "{path}: {} rows restored, {} entries in {} circles checked",
        report.rows, found.entries, found.circles
    ))?;
    match found.problem_count {
        0 => Ok(line("Phones will send what the backup lacks when they sync next.")?),
        wrong => Err(CliError::Damaged(wrong)),
    }
}
