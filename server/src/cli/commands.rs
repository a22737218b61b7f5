use std::sync::Arc;

use kith_shared::client::link_text;
use kith_shared::ids::CircleId;
use kith_shared::sync::statements::HubKeys;
use kith_shared::time::TimestampMs;
use kith_shared::trust::{Beginners, InviteSecret, MemberState, Remove, Role, SigningSecret};

use crate::admin::invite::{DAY_MS, InviteTerms, Issuer};
use crate::admin::people::Root;
use crate::admin::{chain, circle, invite, people, restored};
use crate::audit::{self as record, Action, Actor, Event};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::keys::KeyError;
use crate::open::{self, OpenError};
use crate::serve::{Server, stop_signal};
use crate::store::backup::{self, BackupError};
use crate::store::{Sealed, SledStore, Store, StoreError, consistency};
use crate::{entropy, organisation};

use super::links::{Printer, named};
use super::print::line;
use super::{CircleCommand, CliError, Command, EraseCommand, audit, helplines, keys, reports};

/// Days that a backup may be kept: what is deleted meanwhile stays in it.
const BACKUP_DAYS: u32 = 30;
/// Rows that do not open which a scrub lists.
const LISTED_MAX: usize = 1_000;

enum Start {
    Plain,
    FirstRun { circle_name: String, members: u32 },
}

/// What the operator's commands work with.
struct Office {
    store: Arc<dyn Store>,
    keys: Arc<HubKeys>,
    root: SigningSecret,
    now: TimestampMs,
}

impl Office {
    /// The root, to speak in a circle.
    fn root(&self, circle: CircleId) -> Root<'_> {
        Root { store: self.store.as_ref(), keys: &self.keys, secret: &self.root, circle, now: self.now }
    }
}

async fn office(config: &Config) -> Result<Office, CliError> {
    let opened = open::open(config).await?;
    let root = organisation::root(&opened.keys)?;
    Ok(Office { store: opened.store, keys: opened.hub, root, now: SystemClock::new().now() })
}

pub(super) async fn run(config: Config, command: Command) -> Result<(), CliError> {
    match command {
        Command::Serve { first_run: true, circle_name, members, .. } => {
            serve(&config, Start::FirstRun { circle_name, members }).await
        }
        Command::Serve { .. } => serve(&config, Start::Plain).await,
        Command::Restore { from } => restore(&config, &from).await,
        Command::Restored => {
            let Office { store, keys, root, now } = office(&config).await?;
            for (circle, from) in restored::restored(store.as_ref(), &keys, &root, now).await? {
                line(format_args!("circle {circle}: said that it goes on from record {from}"))?;
            }
            Ok(())
        }
        Command::Scrub => scrub(&config).await,
        Command::Backup { to } => {
            let store = open_store(&config).await?;
            let report = backup::prepare(store.inner(), &to).await?;
            // Noted before it can be taken away as a backup: one that is not in the log is worse than one too many.
            note(store.as_ref(), Action::BackupMade, None).await?;
            backup::publish(&to)?;
            let path = to.join(backup::FILE);
            line(format_args!("{}: {} rows, {} bytes, checked", path.display(), report.rows, report.bytes))?;
            line(format_args!(
                "It opens with the operator's key alone. Throw it away within {BACKUP_DAYS} days: what is deleted from \
                 now on stays in it."
            ))?;
            Ok(())
        }
        Command::Init => keys::init(&config, &open::open(&config).await?),
        Command::Keys { command } => keys::run(open::open(&config).await?, command).await,
        Command::Audit { command } => audit::run(open_store(&config).await?.as_ref(), command).await,
        Command::Erase { command: EraseCommand::Now } => keys::erase_now(open_store(&config).await?.as_ref()).await,
        Command::Circle { command } => run_circle(&config, command).await,
        Command::Invite { circle, role, uses, days, name } => {
            let link = link(&config, circle, (role.into(), uses, days), name).await?;
            Ok(line(link)?)
        }
        Command::Remove { circle, member, device } => {
            let whom = member.map(Remove::Member).or(device.map(Remove::Device));
            let Some(whom) = whom else { return Ok(()) };
            Ok(office(&config).await?.root(circle).remove(whom).await?)
        }
    }
}

async fn run_circle(config: &Config, command: CircleCommand) -> Result<(), CliError> {
    match command {
        CircleCommand::Shred { circle, yes } => keys::shred(open_store(config).await?.as_ref(), circle, yes).await,
        CircleCommand::Create { name } => {
            let Office { store, keys, root, now } = office(config).await?;
            let id = circle::create(store.as_ref(), &keys, &root, &name, entropy::draw()?, now).await?;
            Ok(line(id)?)
        }
        CircleCommand::BringBack { circle, member } => {
            Ok(office(config).await?.root(circle).bring_back(member).await?)
        }
        CircleCommand::Demote { circle, member } => Ok(office(config).await?.root(circle).demote(member).await?),
        CircleCommand::Conversations { circle, by: Some(by) } => {
            Ok(office(config).await?.root(circle).conversations(by.into()).await?)
        }
        CircleCommand::Conversations { circle, by: None } => {
            let chain = chain::existing(open_store(config).await?.as_ref(), circle).await?;
            let by = chain.standing().beginners();
            Ok(line(if by == Beginners::Everyone { "everyone" } else { "facilitators" })?)
        }
        CircleCommand::Helplines { circle, from: Some(from), .. } => {
            let (said, office) = (helplines::read(&from)?, office(config).await?);
            for circle in some_or_all(office.store.as_ref(), circle).await? {
                let is_news = office.root(circle).helplines(&said).await?;
                let what = if is_news { "says" } else { "said already" };
                line(format_args!("circle {circle}: {what} {} of the organisation's helplines", said.0.len()))?;
            }
            Ok(())
        }
        CircleCommand::Helplines { circle, from: None, .. } => {
            let store = open_store(config).await?;
            for circle in some_or_all(store.as_ref(), circle).await? {
                let chain = chain::existing(store.as_ref(), circle).await?;
                line(format_args!("# circle {circle}\n{}", helplines::print(chain.standing().helplines())))?;
            }
            Ok(())
        }
        CircleCommand::ReportKey { circle, out, .. } => report_key(config, circle, out.as_deref()).await,
        CircleCommand::Reports { circle, key, json } => {
            let secret = reports::secret(&key)?;
            let store = open_store(config).await?;
            let opened = crate::admin::reports::open(store.as_ref(), circle, &secret).await?;
            if !opened.reports.is_empty() {
                note(store.as_ref(), Action::ExportRead, Some(circle)).await?;
            }
            reports::print(circle, &key, &opened, json)
        }
        CircleCommand::Withdraw { link: (circle, secret) } => {
            Ok(office(config).await?.root(circle).withdraw(secret.public()).await?)
        }
        CircleCommand::NewServer { circle } => Ok(restored::new_server(office(config).await?.root(circle)).await?),
        CircleCommand::List => {
            for (id, record) in circle::list(open_store(config).await?.as_ref()).await? {
                line(format_args!("{id}  {:>4}  {:>8}  {}", record.roster_len, record.position, record.label))?;
            }
            Ok(())
        }
        CircleCommand::People { circle } => {
            for person in people::list(open_store(config).await?.as_ref(), circle).await? {
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

/// Says another sealing key in a circle, once its secret is safe in a file; none: that reports are taken no more.
async fn report_key(config: &Config, circle: CircleId, out: Option<&std::path::Path>) -> Result<(), CliError> {
    let office = office(config).await?;
    let Some(out) = out else {
        let is_news = office.root(circle).report_key(None).await?;
        let what = if is_news { "takes no reports any more" } else { "took none already" };
        return Ok(line(format_args!("circle {circle}: the organisation {what}"))?);
    };
    // Before there is a file: a circle that is not there, or a mistyped id, leaves none.
    chain::existing(office.store.as_ref(), circle).await?;
    let secret = reports::create(out, &config.data)?;
    let said = office.root(circle).report_key(Some(secret.public())).await;
    said.map_err(|cause| reports::ReportsError::Unsaid { path: out.display().to_string(), cause })?;
    line(format_args!("circle {circle}: reports that nobody there can get are sealed to the organisation now"))?;
    line(format_args!("Keep {} and a copy of it: without it no report can be read, by anybody.", out.display()))?;
    Ok(line("Reports from before that were sealed to another key still need that key's file.")?)
}

/// The circle that was named, or every one.
async fn some_or_all(store: &dyn Store, circle: Option<CircleId>) -> Result<Vec<CircleId>, CliError> {
    match circle {
        Some(circle) => Ok(vec![circle]),
        None => Ok(circle::list(store).await?.into_iter().map(|(id, _)| id).collect()),
    }
}

fn state_name(state: MemberState) -> &'static str {
    match state {
        MemberState::Active => "active",
        MemberState::Provisional => "waits: bring in with `circle bring-back`, or remove",
        MemberState::Removed => "removed",
    }
}

async fn serve(config: &Config, start: Start) -> Result<(), CliError> {
    let server = Server::start(config).await?;
    let (store, printer) = (Arc::clone(&server.app().store), Printer::of(&server));
    line(format_args!("Kith listens at {}", server.origin()))?;
    if let Some(address) = server.metrics_address() {
        line(format_args!("Metrics at http://{address}/metrics"))?;
    }
    if let Some(folder) = server.new_keys() {
        keys::print_new(folder)?;
    }
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
        Start::Plain | Start::FirstRun { .. } => {}
    }
    let circles = circle::list(store.as_ref()).await?;
    match start {
        Start::Plain => {}
        Start::FirstRun { members, circle_name } => {
            // Beside it there may be some that phones founded, whose names the server doesn't know.
            let same = circles.iter().find(|(_, record)| record.label == circle_name);
            let founded_here = same.or_else(|| named(&circles).next());
            if let Some((id, record)) = founded_here.or(circles.first()) {
                printer.first(*id, record, members).await?;
            }
        }
    }
    // Before it is said: whoever reads it may do it at once.
    let stop = stop_signal()?;
    line("Ctrl-C stops it; nothing that was acknowledged is lost, however it stops.")?;
    server.run(stop).await;
    Ok(())
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
    let label = chain::load(store.as_ref(), circle).await?.stored().map(|record| record.label.clone());
    let commission = (role == Role::Facilitator).then(|| invite::commission(&root, &secret, now));
    let name = name.or(label.filter(|_| role == Role::Facilitator)).unwrap_or_default();
    Ok(link_text(&config.origin_at(config.listen), &secret, &circle, &name, commission.as_ref()))
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
    record::note(store, &[Event { time, actor, action, circle, subject }]).await?;
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
    let below = open::open_to_restore(config).await?.ok_or(BackupError::NotEmpty)?;
    let report = backup::restore(&below, from).await?;
    let open::Opened { store, keys, hub, .. } = open::seal(below, keys).await?;
    let found = consistency::check(store.as_ref(), &circle::list(store.as_ref()).await?).await?;
    note(store.as_ref(), Action::Restored, None).await?;
    store.inner().end_restore()?;
    for problem in &found.problems {
        line(problem)?;
    }
    let path = config.data.display();
    line(format_args!(
        "{path}: {} rows restored, {} entries in {} circles checked",
        report.rows, found.entries, found.circles
    ))?;
    if found.problem_count > 0 {
        return Err(CliError::Damaged(found.problem_count));
    }
    match organisation::root(&keys) {
        Ok(root) => {
            for (circle, from) in restored::restored(store.as_ref(), &hub, &root, SystemClock::new().now()).await? {
                line(format_args!("circle {circle}: said that it goes on from record {from}"))?;
            }
        }
        Err(error @ KeyError::NoRoot { .. }) => {
            line(format_args!("Nothing was said in the circles: {error}."))?;
            line(
                "A circle stands still once a phone shows a later record of this server's than the backup holds, until \
                 phones have brought back what is between, or `kith-server restored` says with root.key that it is lost.",
            )?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(line("Phones will send what the backup lacks when they sync next.")?)
}
