//! Knowing when nothing changed: a digest of the inputs, kept beside the outputs.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// Folders that hold what was generated or fetched.
const SKIPPED: [&str; 5] = ["target", "node_modules", "dist", ".svelte-kit", ".git"];

/// A digest of inputs, and the file that remembers the one last built from.
pub(crate) struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// Digests names and contents of `inputs` (files, or folders with all that is in them) and `variant`.
    pub(crate) fn of(workspace: &Workspace, name: &str, variant: &str, inputs: &[&str]) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        hasher.write(variant.as_bytes());
        for input in inputs {
            for file in files_under(&workspace.path(input))? {
                hasher.write(file.as_os_str().as_encoded_bytes());
                hasher.write(&fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?);
            }
        }
        let file = workspace.target(format!("xtask/stamps/{name}"));
        Ok(Self { file, digest: format!("{:016x}", hasher.finish()) })
    }

    /// Whether the last build was made from the same inputs and its outputs are still there.
    pub(crate) fn is_fresh(&self, outputs: &[PathBuf]) -> bool {
        outputs.iter().all(|path| path.exists()) && fs::read_to_string(&self.file).is_ok_and(|old| old == self.digest)
    }

    /// Remembers that the outputs were built from these inputs.
    pub(crate) fn set(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).with_context(|| format!("{} cannot be created", folder.display()))?;
        }
        fs::write(&self.file, &self.digest).with_context(|| format!("{} cannot be written", self.file.display()))
    }
}

/// All files at or under `path`, sorted; none when it does not exist.
pub(crate) fn files_under(path: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut pending = vec![path.to_path_buf()];
    while let Some(next) = pending.pop() {
        if next.is_file() {
            found.push(next);
        } else if next.is_dir() {
            let entries = fs::read_dir(&next).with_context(|| format!("{} cannot be read", next.display()))?;
            for entry in entries {
                let entry = entry.with_context(|| format!("{} cannot be read", next.display()))?;
                if !SKIPPED.iter().any(|skipped| entry.file_name() == *skipped) {
                    pending.push(entry.path());
                }
            }
        }
    }
    found.sort();
    Ok(found)
}
