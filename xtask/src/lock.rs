//! One build at a time: two runs of xtask would write the same files.

use std::fs::{self, File};

use anyhow::{Context, Result};

use crate::ui;
use crate::workspace::Workspace;

/// Held while building; given back when dropped, also by a crash.
pub(crate) struct BuildLock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl BuildLock {
    /// Waits for other runs, saying so.
    pub(crate) fn acquire(workspace: &Workspace) -> Result<Self> {
        let path = workspace.target("xtask/lock");
        let context = || format!("{} cannot be locked", path.display());
        fs::create_dir_all(workspace.target("xtask")).with_context(context)?;
        let file = File::create(&path).with_context(context)?;
        if file.try_lock().is_err() {
            ui::note("waiting for another `cargo xtask` that builds");
            file.lock().with_context(context)?;
        }
        Ok(Self(file))
    }
}
