//! Making the raw module into the package that the web imports: wasm-bindgen, then wasm-opt.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::process::{self, Quiet};
use crate::wasm::build::BuildKind;
use crate::wasm::{PACKAGE, STEM};
use crate::workspace::Workspace;

/// What every browser since 2022 knows and rustc uses by default.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
/// Small on the wire, not on disk: what these passes save, brotli saves better (measured: 2 % less to download).
const PASSES: [&str; 3] = ["-Oz", "--skip-pass=inlining-optimizing", "--skip-pass=local-cse"];
/// From npm's binaryen, relative to the root.
const WASM_OPT: &str = "web/node_modules/.bin/wasm-opt";

/// Writes web/pkg from the raw module; returns the module's final size in bytes.
pub(crate) fn pack(workspace: &Workspace, raw: &Path, kind: BuildKind, keep_names: bool) -> Result<u64> {
    let fresh = workspace.target("xtask/pkg");
    if fresh.exists() {
        fs::remove_dir_all(&fresh).with_context(|| format!("{} cannot be removed", fresh.display()))?;
    }
    let names = keep_names || kind == BuildKind::Quick;
    Bindgen::new()
        .input_path(raw)
        .out_name(STEM)
        .web(true)?
        .typescript(true)
        .remove_name_section(!names)
        .remove_producers_section(true)
        .generate(&fresh)
        .context("wasm-bindgen refused the module; do the versions in Cargo.lock agree?")?;
    let module = fresh.join(format!("{STEM}_bg.wasm"));
    if kind == BuildKind::Small {
        optimise(workspace, &module, keep_names)?;
    }
    publish(&fresh, &workspace.path(PACKAGE))?;
    Ok(fs::metadata(&module).with_context(|| format!("{} is not there", module.display()))?.len())
}

fn optimise(workspace: &Workspace, module: &Path, keep_names: bool) -> Result<()> {
    let mut command = process::program(workspace.path(WASM_OPT));
    command.args(PASSES).args(FEATURES).arg(module).arg("-o").arg(module);
    if keep_names {
        command.arg("-g");
    }
    Quiet::new("wasm-opt", workspace.log("wasm-opt")).run(&mut command)
}

/// Replaces the files of the package one by one, the module last, so that a watching tool sees few broken states.
fn publish(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("{} cannot be created", to.display()))?;
    let mut entries = fs::read_dir(from)?.collect::<std::io::Result<Vec<_>>>()?;
    entries.sort_by_key(|entry| entry.path().extension().is_some_and(|extension| extension == "wasm"));
    for entry in entries {
        let target = to.join(entry.file_name());
        fs::copy(entry.path(), &target).with_context(|| format!("{} cannot be written", target.display()))?;
    }
    Ok(())
}
