//! The command line.

mod audit;
mod commands;
mod date;
mod keys;
mod links;
mod logs;
mod print;

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

/// The sync server of Kith, and what its operator does with it.
#[derive(Parser)]
#[command(name = "kith-server", version, arg_required_else_help = true)]
struct Cli {
    /// A TOML file whose keys are the flags' names; flags and environment win over it
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
        /// When there is no circle yet, found one; print a facilitator's link to it (both need root.key)
        #[arg(long)]
        first_run: bool,
        /// What the circle of --first-run is called
        #[arg(long, value_name = "NAME", default_value = "Our circle")]
        circle_name: String,
        /// With --first-run, print a link for so many members too: they read what is written from then on
        #[arg(long, value_name = "COUNT", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=i64::from(INVITE_USES_MAX)))]
        members: u32,
    },
    /// Make the operator's keys and an empty store, unless they are there, and say what to keep a copy of
    Init,
    /// Replace keys
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Check and list what was done
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Remove what was erased from the disk
    Erase {
        #[command(subcommand)]
        command: EraseCommand,
    },
    /// Make, list and shred circles, and speak for the organisation in them
    Circle {
        #[command(subcommand)]
        command: CircleCommand,
    },
    /// Print an enrolment link (needs root.key)
    Invite {
        /// Into which circle (`circle list` shows the ids)
        #[arg(long, value_name = "ID")]
        circle: CircleId,
        /// As what
        #[arg(long, value_enum, default_value_t = RoleName::Member)]
        role: RoleName,
        /// For how many devices
        #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=i64::from(INVITE_USES_MAX)))]
        uses: u32,
        /// For how many days
        #[arg(long, value_name = "COUNT", default_value_t = 14, value_parser = clap::value_parser!(u64).range(1..=365))]
        days: u64,
        /// What the phone calls the circle until it knows better [default: what the operator calls it]
        #[arg(long)]
        name: Option<String>,
    },
    /// Take a member, or one device, out of a circle (needs root.key)
    #[command(group = clap::ArgGroup::new("whom").required(true))]
    Remove {
        /// Of which circle
        #[arg(long, value_name = "ID")]
        circle: CircleId,
        /// A member, with all their devices (`circle people` shows the ids)
        #[arg(long, value_name = "ID", group = "whom")]
        member: Option<MemberId>,
        /// One device
        #[arg(long, value_name = "ID", group = "whom")]
        device: Option<DeviceId>,
    },
    /// Read every record and check that all of it hangs together
    Scrub,
    /// Copy the store into a folder, and check the copy
    Backup {
        /// The folder; it must not hold a backup yet
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Fill an empty data directory from a backup; with root.key, say in each circle that it was
    Restore {
        /// The backup's folder
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
    },
    /// Say in each circle that a backup was restored and what came after it is lost (needs root.key)
    Restored,
}

#[derive(Subcommand)]
enum CircleCommand {
    /// Found a circle and print its id (needs root.key)
    Create {
        /// What the operator calls it
        name: String,
    },
    /// Print all circles: id, devices, entries, name
    List,
    /// Print who is in a circle: ids, roles, states; the server knows no names
    People {
        /// Which circle
        #[arg(value_name = "ID")]
        circle: CircleId,
    },
    /// Bring a member back who was taken out, or let one in who waits (needs root.key)
    BringBack {
        /// Into which circle
        #[arg(value_name = "ID")]
        circle: CircleId,
        /// Who (`circle people` shows the ids)
        #[arg(long, value_name = "ID")]
        member: MemberId,
    },
    /// Make a facilitator a member again (needs root.key)
    Demote {
        /// Of which circle
        #[arg(value_name = "ID")]
        circle: CircleId,
        /// Who (`circle people` shows the ids)
        #[arg(long, value_name = "ID")]
        member: MemberId,
    },
    /// Show who begins conversations in a circle, or decide it (needs root.key)
    Conversations {
        /// Of which circle
        #[arg(value_name = "ID")]
        circle: CircleId,
        /// Who may begin them from now on
        #[arg(long)]
        by: Option<BeginnersName>,
    },
    /// End an enrolment link before its time (needs root.key)
    Withdraw {
        /// The link, as it was printed
        #[arg(value_name = "LINK", value_parser = links::parse)]
        link: (CircleId, InviteSecret),
    },
    /// After the store's own keys were lost: say in a circle that this server's present key is its (needs root.key)
    NewServer {
        /// Which circle
        #[arg(value_name = "ID")]
        circle: CircleId,
    },
    /// Drop a circle's key and then all its data, for good
    Shred {
        /// Which (`circle list` shows the ids)
        circle: CircleId,
        /// Really: there is no way back
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Make a new operator's key and wrap every data key under it
    Rotate,
    /// Make a new data key and seal all that is under the old one anew
    #[command(arg_required_else_help = true)]
    RotateData {
        /// Of which circle
        #[arg(required_unless_present = "all")]
        circle: Option<CircleId>,
        /// Of all circles, and the store's own
        #[arg(long, conflicts_with = "circle")]
        all: bool,
    },
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Check that nothing of the log was changed, dropped, moved or cut off, and print its head
    Verify {
        /// A head that was printed earlier and noted elsewhere
        #[arg(long, value_name = "HEAD")]
        expect: Option<Head>,
    },
    /// Print the log: place, time, action, who, circle, whom
    List {
        /// Of this circle alone
        #[arg(long, value_name = "ID")]
        circle: Option<CircleId>,
        /// From this day on (UTC), such as 2026-11-23
        #[arg(long, value_name = "DATE", value_parser = date::parse)]
        since: Option<TimestampMs>,
    },
}

#[derive(Subcommand)]
enum EraseCommand {
    /// At once, and not within hours
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
