//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The repository on disk.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Finds the repository that this xtask belongs to.
    pub(crate) fn find() -> Result<Self> {
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.parent().context("xtask's folder has no parent; run it as `cargo xtask`")?.to_path_buf();
        if !root.join("Cargo.toml").is_file() {
            bail!("{} is not Kith's repository; run `cargo xtask` inside it", root.display());
        }
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(path) => env::current_dir().context("the current folder cannot be read")?.join(path),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// The repository's root, or something in it.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// Cargo's target folder, or something in it.
    pub(crate) fn target(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.target.join(relative)
    }

    /// The file to which a piece of quiet work writes its output.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.target(format!("xtask/logs/{name}.log"))
    }

    /// The web app, built.
    pub(crate) fn web_dist(&self) -> PathBuf {
        self.path("web/dist")
    }

    /// A built native program of the workspace.
    pub(crate) fn binary(&self, profile: &str, name: &str) -> PathBuf {
        self.target(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }
}

/// The first of `names` that is a program on the PATH.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names.iter().find_map(|name| env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file()))
}
