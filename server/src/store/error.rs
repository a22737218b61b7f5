use kith_shared::ids::CircleId;
use kith_shared::storage::Tree;

/// Why a store could not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another process has it open.
    #[error(
        "another kith-server has the store in {path} open, and only one process can. Stop that one first, or \
         name another directory with --data"
    )]
    Locked {
        /// The data directory.
        path: String,
    },
    /// Writing was refused before the disk is full, so that reading goes on. Nothing was written.
    #[error(
        "the disk under the store has {available_bytes} bytes left and {reserve_bytes} are kept free: free some \
         space, or lower --disk-reserve-bytes. Reading goes on, and writing as soon as there is room"
    )]
    Full {
        /// Bytes that are free.
        available_bytes: u64,
        /// Bytes that must stay free.
        reserve_bytes: u64,
    },
    /// The operating system refused.
    #[error("{what}: {cause}")]
    Io {
        /// What was being done.
        what: &'static str,
        /// What the system said.
        cause: String,
    },
    /// A stored record is damaged.
    #[error(
        "the record {} of tree {tree:?} is damaged: {cause}. Run `kith-server scrub`, then restore a backup",
        hex(key)
    )]
    Corrupt {
        /// Its tree.
        tree: Tree,
        /// Its key.
        key: Vec<u8>,
        /// How it shows.
        cause: &'static str,
    },
    /// The database itself is damaged.
    #[error("the database is damaged: {cause}. Restore a backup into an empty directory with `kith-server restore`")]
    Damaged {
        /// What it said.
        cause: String,
    },
    /// Written by another version.
    #[error(
        "the store has format {found}, and this kith-server reads format {expected}: use the version that wrote it, or \
         begin a new store by naming an empty directory with --data (what was made by an earlier version, formats 1 and 2, \
         is not converted)"
    )]
    Format {
        /// What was found.
        found: u64,
        /// What this build writes.
        expected: u64,
    },
    /// A part of the data directory is not there.
    #[error("{path} is missing though the store was begun: restore a backup, or name the right directory with --data")]
    Missing {
        /// What is missing.
        path: String,
    },
    /// A batch that no store takes.
    #[error("{what} is {bytes} bytes, above the {bytes_max} allowed")]
    TooLarge {
        /// Which part of a row is too large: its key or its value.
        what: &'static str,
        /// Its size.
        bytes: usize,
        /// The bound.
        bytes_max: usize,
    },
    /// A write to a circle that was shredded.
    #[error("the circle {circle} was shredded: nothing is kept for it any more")]
    Shredded {
        /// The circle whose data key is gone.
        circle: CircleId,
    },
    /// A data key that is under an operator's key which this process was not given.
    #[error("a data key cannot be opened: {cause}")]
    Key {
        /// What is missing.
        cause: String,
    },
    /// A restore into the directory was broken off.
    #[error(
        "the restore into {path} did not come to its end, and what is there is not whole: run the same `kith-server \
         restore` again, which begins anew, or name another directory with --data"
    )]
    Unfinished {
        /// The data directory.
        path: String,
    },
    /// An earlier error left it uncertain what is durable: nothing is read or written until a restart.
    #[error("the store stopped after an error and must be restarted: {cause}")]
    Stopped {
        /// The error.
        cause: String,
    },
}

impl StoreError {
    /// All labels, for metrics.
    pub const LABELS: [&'static str; 12] = [
        "locked",
        "full",
        "io",
        "corrupt",
        "damaged",
        "format",
        "missing",
        "too_large",
        "shredded",
        "key",
        "unfinished",
        "stopped",
    ];

    /// The name used in metrics and logs.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Locked { .. } => "locked",
            Self::Full { .. } => "full",
            Self::Io { .. } => "io",
            Self::Corrupt { .. } => "corrupt",
            Self::Damaged { .. } => "damaged",
            Self::Format { .. } => "format",
            Self::Missing { .. } => "missing",
            Self::TooLarge { .. } => "too_large",
            Self::Shredded { .. } => "shredded",
            Self::Key { .. } => "key",
            Self::Unfinished { .. } => "unfinished",
            Self::Stopped { .. } => "stopped",
        }
    }

    /// Whether the same call can work later without anybody restarting or restoring.
    #[must_use]
    pub fn can_retry(&self) -> bool {
        matches!(self, Self::Full { .. } | Self::Io { .. })
    }

    /// An error of the operating system.
    pub(crate) fn io(what: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::Io { what, cause: error.to_string() }
    }
}

fn hex(key: &[u8]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}
