//! The command line.

mod audit;
mod commands;
mod date;
mod helplines;
mod keys;
mod links;
mod logs;
mod print;
mod reports;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use kith_shared::ids::{CircleId, DeviceId, MemberId};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{Beginners, INVITE_USES_MAX, InviteSecret, Role};

use crate::admin::AdminError;
use crate::audit::Head;
use crate::config::{Config, ConfigError, Settings};
use crate::entropy::NoEntropy;
use crate::keys::KeyError;
use crate::open::OpenError;
use crate::serve::ServeError;
use crate::store::StoreError;
use crate::store::backup::BackupError;
use crate::store::sealed::SealedError;

/// Kith's sync server, and its operator's commands.
#[derive(Parser)]
#[command(name = "kith-server", version, arg_required_else_help = true)]
struct Cli {
    /// A TOML file whose keys are the flags' names; flags and the environment override it
    #[arg(long, env = "KITH_CONFIG", value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve phones
    Serve {
        /// If there is no circle yet, found one; print a link for its facilitator (both need root.key)
        #[arg(long)]
        first_run: bool,
        /// The name of the circle that --first-run founds
        #[arg(long, value_name = "NAME", default_value = "Our circle")]
        circle_name: String,
        /// With --first-run, also print a link for this many members: they can read what is written from then on
        #[arg(long, value_name = "COUNT", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=i64::from(INVITE_USES_MAX)))]
        members: u32,
    },
    /// Make the operator's keys and an empty store, unless they exist, and say what to keep a copy of
    Init,
    /// Replace keys
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// List and check the audit log
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Remove erased data from the disk
    Erase {
        #[command(subcommand)]
        command: EraseCommand,
    },
    /// Found, list and shred circles, and act for the organisation in them
    Circle {
        #[command(subcommand)]
        command: CircleCommand,
    },
    /// Print an enrolment link (needs root.key)
    Invite {
        /// The circle it leads into (`circle list` shows the ids)
        #[arg(long, value_name = "ID")]
        circle: CircleId,
        /// The role it gives
        #[arg(long, value_enum, default_value_t = RoleName::Member)]
        role: RoleName,
        /// How many devices it is good for
        #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=i64::from(INVITE_USES_MAX)))]
        uses: u32,
        /// How many days it is good for
        #[arg(long, value_name = "COUNT", default_value_t = 14, value_parser = clap::value_parser!(u64).range(1..=365))]
        days: u64,
        /// The circle's name on the phone until it has synced [default: the operator's name for it]
        #[arg(long)]
        name: Option<String>,
    },
    /// Take a member, or one device, out of a circle (needs root.key)
    #[command(group = clap::ArgGroup::new("whom").required(true))]
    Remove {
        /// The circle
        #[arg(long, value_name = "ID")]
        circle: CircleId,
        /// A member and all their devices (`circle people` shows the ids)
        #[arg(long, value_name = "ID", group = "whom")]
        member: Option<MemberId>,
        /// One device
        #[arg(long, value_name = "ID", group = "whom")]
        device: Option<DeviceId>,
    },
    /// Read every record and check that they all fit together
    Scrub,
    /// Copy the store into a folder, and check the copy
    Backup {
        /// The folder, which must not hold a backup yet
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Fill an empty data directory from a backup; with root.key, also say so in each circle
    Restore {
        /// The backup's folder
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
    },
    /// Say in each circle that a backup was restored, and that what came after it is lost (needs root.key)
    Restored,
}

#[derive(Subcommand)]
enum CircleCommand {
    /// Found a circle and print its id (needs root.key)
    Create {
        /// The operator's name for it
        name: String,
    },
    /// Print all circles: id, devices, entries, name
    List,
    /// Print who is in a circle: ids, roles, states; the server knows no names
    People {
        /// The circle
        #[arg(value_name = "ID")]
        circle: CircleId,
    },
    /// Bring back a member who was taken out, or let in one who is waiting (needs root.key)
    BringBack {
        /// The circle
        #[arg(value_name = "ID")]
        circle: CircleId,
        /// The member (`circle people` shows the ids)
        #[arg(long, value_name = "ID")]
        member: MemberId,
    },
    /// Make a facilitator a member again (needs root.key)
    Demote {
        /// The circle
        #[arg(value_name = "ID")]
        circle: CircleId,
        /// The member
        #[arg(long, value_name = "ID")]
        member: MemberId,
    },
    /// Show who can start conversations in a circle, or decide it (needs root.key)
    Conversations {
        /// The circle
        #[arg(value_name = "ID")]
        circle: CircleId,
        /// Who can start them from now on
        #[arg(long)]
        by: Option<BeginnersName>,
    },
    /// Show whom people in a circle can call as the organisation says, or decide it (needs root.key)
    Helplines {
        /// The circle
        #[arg(value_name = "ID", required_unless_present = "all")]
        circle: Option<CircleId>,
        /// Every circle
        #[arg(long, conflicts_with = "circle")]
        all: bool,
        /// The organisation's helplines from now on, all of them, as this command prints them
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
    },
    /// Make the key that reports to the organisation are sealed to, and say it in a circle (needs root.key)
    ReportKey {
        /// The circle
        #[arg(value_name = "ID")]
        circle: CircleId,
        /// Where the secret goes: a file that is not there yet, outside the data. Without it no report can be read
        #[arg(long, value_name = "FILE", required_unless_present = "end")]
        out: Option<PathBuf>,
        /// Say that the organisation takes no reports any more
        #[arg(long, conflicts_with = "out")]
        end: bool,
    },
    /// Open and print what members of a circle reported to the organisation
    Reports {
        /// The circle
        #[arg(value_name = "ID")]
        circle: CircleId,
        /// The file that `circle report-key` wrote
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// End an enrolment link before its time (needs root.key)
    Withdraw {
        /// The link, as it was printed
        #[arg(value_name = "LINK", value_parser = links::parse)]
        link: (CircleId, InviteSecret),
    },
    /// After the store's own keys were lost: say in a circle that this server's current key is the right one (needs root.key)
    NewServer {
        /// The circle
        #[arg(value_name = "ID")]
        circle: CircleId,
    },
    /// Drop a circle's key and then all its data, for good
    Shred {
        /// The circle (`circle list` shows the ids)
        circle: CircleId,
        /// Yes, really: this cannot be undone
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Make a new operator's key and wrap every data key under it
    Rotate,
    /// Make a new data key, and reseal everything that is under the old one
    #[command(arg_required_else_help = true)]
    RotateData {
        /// The circle
        #[arg(required_unless_present = "all")]
        circle: Option<CircleId>,
        /// Every circle's key, and the store's own
        #[arg(long, conflicts_with = "circle")]
        all: bool,
    },
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Check that nothing in the log was changed, dropped, moved or cut off, and print its head
    Verify {
        /// A head that was printed earlier and noted elsewhere
        #[arg(long, value_name = "HEAD")]
        expect: Option<Head>,
    },
    /// Print the log: place, time, action, who did it, circle, whom it was about
    List {
        /// Only this circle
        #[arg(long, value_name = "ID")]
        circle: Option<CircleId>,
        /// Only from this day on (UTC), such as 2026-11-23
        #[arg(long, value_name = "DATE", value_parser = date::parse)]
        since: Option<TimestampMs>,
    },
}

#[derive(Subcommand)]
enum EraseCommand {
    /// Do it now, rather than within hours
    Now,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BeginnersName {
    Everyone,
    Facilitators,
}

impl From<BeginnersName> for Beginners {
    fn from(name: BeginnersName) -> Self {
        match name {
            BeginnersName::Everyone => Self::Everyone,
            BeginnersName::Facilitators => Self::Facilitators,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoleName {
    Member,
    Facilitator,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Member => Self::Member,
            RoleName::Facilitator => Self::Facilitator,
        }
    }
}

/// What a command can fail with.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Sealed(#[from] SealedError),
    #[error(transparent)]
    Helplines(#[from] helplines::HelplinesError),
    #[error(transparent)]
    Reports(#[from] reports::ReportsError),
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    #[error("the backup holds no keys, so nothing in it can be opened: take another one")]
    NoKeysInBackup,
    #[error("the audit log is broken: {0}")]
    Audit(String),
    #[error(
        "this removes the circle {0} from the server for good (phones keep what they have): add --yes if you want that"
    )]
    NotSure(CircleId),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Admin(#[from] AdminError),
    #[error("the store has {0} damaged or missing records, listed above: restore a backup")]
    Damaged(u64),
    #[error(
        "the log filter {found:?} cannot be used: write a level such as info, or a list such as kith_server=debug,info"
    )]
    LogFilter { found: String },
    #[error("the output cannot be written: {0}")]
    Output(#[from] std::io::Error),
}

/// Reads the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match prepare(&cli).and_then(|config| run(config, cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn prepare(cli: &Cli) -> Result<Config, CliError> {
    let file = cli.config.as_deref().map(Settings::from_file).transpose()?.unwrap_or_default();
    let settings = cli.settings.clone().or(file);
    logs::start(&settings)?;
    Ok(Config::check(settings)?)
}

fn run(config: Config, command: Command) -> Result<(), CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(commands::run(config, command))
}
