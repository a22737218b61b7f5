//! Building the web app into web/dist.

use anyhow::{Result, bail};

use crate::lock::BuildLock;
use crate::process::{self, Quiet};
use crate::stamp::Stamp;
use crate::ui::Step;
use crate::wasm::{self, WasmArgs};
use crate::workspace::Workspace;
use crate::{assets, ui};

/// All that is in web/ but what is generated or fetched; the core's package is part of it.
const INPUTS: [&str; 1] = ["web"];

/// Sets up what is needed, builds the core, then the app.
pub(crate) fn setup_and_build(workspace: &Workspace) -> Result<()> {
    wasm::setup_and_build(workspace, WasmArgs::default())?;
    build(workspace)
}

/// Builds web/dist, with a compressed twin beside each file, unless nothing that it is made of changed.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let dist = workspace.web_dist();
    let _lock = BuildLock::acquire(workspace)?;
    let stamp = Stamp::of(workspace, "web", "", &INPUTS)?;
    if stamp.is_fresh(&[dist.join("index.html"), dist.join("index.html.br")]) {
        return Ok(());
    }
    let step = Step::start("web app");
    Quiet::new("building the web app", workspace.log("web-build"))
        .run(process::program("npm").args(["run", "build"]).current_dir(workspace.path("web")))?;
    if !dist.join("index.html").is_file() {
        bail!("`npm run build` in web/ succeeded, but left no {}", dist.join("index.html").display());
    }
    let total = assets::compress_all(&dist)?;
    stamp.set()?;
    step.done_with(format_args!("{} bytes compressed", ui::grouped(total)));
    Ok(())
}
