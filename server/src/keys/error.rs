use crate::entropy::NoEntropy;

use super::OperatorKeyId;

/// Why the operator's keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file or folder.
    #[error("{path}: {cause}")]
    File {
        /// The file's path.
        path: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// Others on this machine can read a key.
    #[error("{path} can be read or written by others (mode {mode:o}): run `chmod 600 {path}`, then start again")]
    Exposed {
        /// Which file.
        path: String,
        /// Its permissions.
        mode: u32,
    },
    /// Not a key.
    #[error("{place} does not hold a key: it must be 64 hex digits. Bring it back from where its copy is kept")]
    Malformed {
        /// A file or a variable of the environment.
        place: String,
    },
    /// A file whose name says another key than is in it.
    #[error(
        "{path} holds the operator's key {found}, which its name does not say: name it operator-{found}.key, and bring \
         back the key that the name says from where its copy is kept"
    )]
    Misnamed {
        /// Which file.
        path: String,
        /// The key in it.
        found: OperatorKeyId,
    },
    /// More than one key, and a store that was sealed under none of them yet.
    #[error(
        "{folder} holds several operator's keys ({found}), and a new store can be begun under one alone: leave that one \
         there, or name another folder with --keys"
    )]
    Several {
        /// The folder.
        folder: String,
        /// The keys in it.
        found: String,
    },
    /// The store is there and its key is not.
    #[error(
        "the operator's key {expected} is not in {folder}, and the data is sealed under it: bring \
         operator-{expected}.key back from where its copy is kept, or name its folder with --keys. Without it the data \
         cannot be read"
    )]
    Missing {
        /// Where it was looked for.
        folder: String,
        /// Its name.
        expected: OperatorKeyId,
    },
    /// A key is there, and it is another one.
    #[error(
        "the data is sealed under the operator's key {expected}, and {place} holds {found}: nothing was written. \
         Bring operator-{expected}.key, or name the right folder with --keys or data directory with --data"
    )]
    Wrong {
        /// The name of the right one.
        expected: OperatorKeyId,
        /// Where a key was found.
        place: String,
        /// The names of those found.
        found: String,
    },
    /// The organisation's root is not here.
    #[error(
        "this needs the organisation's root key, which was expected at {path}: bring root.key from where the \
         operator keeps it, run this again, and take it away after"
    )]
    NoRoot {
        /// Where it was looked for.
        path: String,
    },
    /// Rotating a key that is no file.
    #[error(
        "the operator's key comes from KITH_OPERATOR_KEY, so the new one must too: put it (64 hex digits) into \
         KITH_OPERATOR_KEY_NEW and run this again"
    )]
    NoNewKey,
    /// The system gave no randomness: see [`NoEntropy`].
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
}
