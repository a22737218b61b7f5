//! npm packages of the folders that have a package.json.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{self, Quiet};
use crate::ui::Step;
use crate::workspace::{Workspace, on_path};

/// The oldest Node that the web's tools run on.
const NODE_MIN: u32 = 20;

/// Installs the packages of `folder` when what is there is not what its lock file says.
pub(crate) fn ensure(workspace: &Workspace, folder: &str) -> Result<()> {
    let path = workspace.path(folder);
    if !path.join("package.json").is_file() || is_current(&path) {
        return Ok(());
    }
    check_node()?;
    let step = Step::start(format_args!("npm packages of {folder}"));
    let verb = if path.join("package-lock.json").is_file() { "ci" } else { "install" };
    Quiet::new("npm", workspace.log(&format!("npm-{}", folder.replace('/', "-"))))
        .run(process::program("npm").args([verb, "--no-audit", "--no-fund"]).current_dir(&path))
        .with_context(|| {
            format!("the npm packages of {folder} could not be installed; is the npm registry reachable?")
        })?;
    step.done();
    Ok(())
}

/// Compares npm's own record of what it installed with the lock file; optional packages may be missing.
fn is_current(folder: &Path) -> bool {
    let (Some(wanted), Some(installed)) =
        (packages(&folder.join("package-lock.json")), packages(&folder.join("node_modules/.package-lock.json")))
    else {
        return false;
    };
    wanted.iter().all(|(name, package)| {
        let dispensable = name.is_empty() || package["optional"] == true || package["link"] == true;
        dispensable || installed.get(name).is_some_and(|there| there["version"] == package["version"])
    })
}

fn packages(lock: &Path) -> Option<serde_json::Map<String, Value>> {
    let mut lock: Value = serde_json::from_slice(&fs::read(lock).ok()?).ok()?;
    match lock["packages"].take() {
        Value::Object(packages) => Some(packages),
        _ => None,
    }
}

fn check_node() -> Result<()> {
    if on_path(&["npm"]).is_none() {
        bail!("npm is not on the PATH. Install Node {NODE_MIN} or newer with npm, from nodejs.org or your system");
    }
    let version = process::capture(process::program("node").arg("--version")).unwrap_or_default();
    let major: u32 = version.trim_start_matches('v').split('.').next().and_then(|text| text.parse().ok()).unwrap_or(0);
    if major < NODE_MIN {
        bail!("Node {NODE_MIN} or newer is needed, found {version:?}. Install it from nodejs.org or your system");
    }
    Ok(())
}
