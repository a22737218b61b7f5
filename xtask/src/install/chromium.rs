//! The browser that the end-to-end tests drive.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::install::apt_install;
use crate::workspace::{Workspace, on_path};

/// Names under which a Chromium is found.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser's path: `KITH_CHROMIUM`, or the first on the PATH, or Debian's, installed now.
pub(crate) fn ensure(workspace: &Workspace) -> Result<PathBuf> {
    if find()?.is_none() {
        apt_install(workspace, &["chromium"]).context("the end-to-end tests need a Chromium; or set KITH_CHROMIUM")?;
    }
    find()?.context("chromium was installed but is not on the PATH; set KITH_CHROMIUM to where it is")
}

/// The browser's path when there is one already.
pub(crate) fn find() -> Result<Option<PathBuf>> {
    let Some(path) = env::var_os("KITH_CHROMIUM").map(PathBuf::from) else {
        return Ok(on_path(&NAMES));
    };
    if !path.is_file() {
        bail!("KITH_CHROMIUM names {}, which is not a file; set it to a Chromium or unset it", path.display());
    }
    Ok(Some(path))
}
