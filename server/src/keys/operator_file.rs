//! The names of the operator's keys. A key's file bears its id, so no name ever stands for two keys, and what a
//! rotation that was stopped left can be told from the names alone:
//!
//! | in the folder | the rotation of X to Y |
//! | --- | --- |
//! | `X.key` | has not begun, or ended before |
//! | `X.key`, `Y.new` | Y was drawn, nothing is under it |
//! | `X.old`, `Y.new` | the data keys are being wrapped under Y; each is under X or Y |
//! | `X.old`, `Y.key` | all are under Y |
//! | `Y.key` | ended |

use std::path::Path;

use super::{KeyError, OperatorKey, file};

/// What the name of a key that somebody brought may be instead: it does not say which.
const PLAIN_FILE: &str = "operator.key";
const PREFIX: &str = "operator-";
/// How a key's file ends until it is whole.
pub(super) const DRAFT_SUFFIX: &str = ".part";

/// What a key is to the store, as the name of its file ends. The first is preferred where several would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// In use, or kept for a backup.
    Used,
    /// What a rotation goes to.
    New,
    /// What it came from.
    Old,
}

/// A key and the file it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OperatorFile {
    pub(super) standing: Standing,
    pub(super) name: String,
    pub(super) key: OperatorKey,
}

impl Standing {
    const ALL: [Self; 3] = [Self::Used, Self::New, Self::Old];

    fn suffix(self) -> &'static str {
        match self {
            Self::Used => ".key",
            Self::New => ".new",
            Self::Old => ".old",
        }
    }
}

/// The name of a key's file.
pub(super) fn name(key: &OperatorKey, standing: Standing) -> String {
    format!("{PREFIX}{}{}", key.id(), standing.suffix())
}

/// The keys in a folder, those in use first.
///
/// # Errors
/// A file that others can read, that is no key, or another than its name says.
pub(super) fn all(folder: &Path) -> Result<Vec<OperatorFile>, KeyError> {
    let mut found = Vec::new();
    for name in file::names(folder)? {
        let standing = Standing::ALL.into_iter().find(|standing| name.ends_with(standing.suffix()));
        let Some(standing) = standing.filter(|_| name.starts_with(PREFIX) || name == PLAIN_FILE) else { continue };
        let path = folder.join(&name);
        let Some(key) = file::read(&path)?.map(OperatorKey) else { continue };
        if name != PLAIN_FILE && name != self::name(&key, standing) {
            return Err(KeyError::Misnamed { path: path.display().to_string(), found: key.id() });
        }
        found.push(OperatorFile { standing, name, key });
    }
    found.sort_by(|a, b| (a.standing, &a.name).cmp(&(b.standing, &b.name)));
    Ok(found)
}

/// Writes a key that is in no file yet.
pub(super) fn create(folder: &Path, standing: Standing, key: &OperatorKey) -> Result<(), KeyError> {
    let name = name(key, standing);
    file::create(&folder.join(&name), &folder.join(format!("{name}{DRAFT_SUFFIX}")), &key.0)
}

/// Removes what a key that was never whole left.
pub(super) fn clear_drafts(folder: &Path) -> Result<(), KeyError> {
    let is_ours = |name: &String| name.starts_with(PREFIX) || name.starts_with("root");
    let mut drafts = file::names(folder)?.into_iter().filter(|name| is_ours(name) && name.ends_with(DRAFT_SUFFIX));
    drafts.try_for_each(|name| file::remove(&folder.join(name)))
}
