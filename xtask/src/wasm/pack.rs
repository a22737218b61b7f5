//! Making the raw modules into the package that the web imports: wasm-bindgen, parting the core in two, wasm-opt, and the packer
//! for the core's halves.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::process::{self, Quiet};
use crate::wasm::build::BuildKind;
use crate::wasm::split::{self, List};
use crate::wasm::{CORE, MODULES, Module, PACKAGE, PACKED, PACKED_SECOND, SECOND};
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
/// From npm's binaryen, relative to the root.
const WASM_OPT: &str = "web/node_modules/.bin/wasm-opt";

/// The sizes of one of the core's halves.
pub(crate) struct Half {
    /// As it is.
    pub(crate) bytes: u64,
    /// As it is sent.
    pub(crate) packed_bytes: u64,
}

/// Writes web/pkg from the raw modules; returns the sizes of the core's halves.
pub(crate) fn pack(workspace: &Workspace, raw: &[PathBuf; 2], kind: BuildKind, keep_names: bool) -> Result<[Half; 2]> {
    let fresh = workspace.target("xtask/pkg");
    if fresh.exists() {
        fs::remove_dir_all(&fresh).with_context(|| format!("{} cannot be removed", fresh.display()))?;
    }
    for (module, raw) in MODULES.iter().zip(raw) {
        bind(module, raw, &fresh)?;
    }
    let whole = fs::read(fresh.join(CORE.file())).context("the core cannot be read")?;
    let halves = split::split(&whole, &List::of_core(kind)).context("the core cannot be parted in two")?;
    fs::write(fresh.join(CORE.file()), halves.first).context("the core cannot be written")?;
    fs::write(fresh.join(SECOND), halves.second).context("the core's second half cannot be written")?;
    if kind == BuildKind::Small {
        for module in &MODULES {
            optimise(workspace, &fresh.join(module.file()), module.passes, keep_names)?;
        }
        optimise(workspace, &fresh.join(SECOND), CORE.passes, keep_names)?;
    }
    let sizes = [compress(&fresh, &CORE.file(), PACKED)?, compress(&fresh, SECOND, PACKED_SECOND)?];
    publish(&fresh, &workspace.path(PACKAGE))?;
    Ok(sizes)
}

fn compress(fresh: &Path, from: &str, to: &str) -> Result<Half> {
    let module = fs::read(fresh.join(from)).with_context(|| format!("{from} cannot be read"))?;
    let packed = kith_pack::pack(&module).with_context(|| format!("{from} cannot be packed"))?;
    fs::write(fresh.join(to), &packed).with_context(|| format!("{to} cannot be written"))?;
    Ok(Half { bytes: module.len() as u64, packed_bytes: packed.len() as u64 })
}

/// The glue asks for no module by itself: which one there is, and how it comes, is the web's to say.
fn bind(module: &Module, raw: &Path, fresh: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(raw)
        .out_name(module.stem)
        .web(true)?
        .omit_default_module_path(true)
        .typescript(true)
        // The core is parted by names; wasm-opt sorts by them, then leaves them out.
        .remove_name_section(false)
        .remove_producers_section(true)
        .generate(fresh)
        .context("wasm-bindgen refused the module; do the versions in Cargo.lock agree?")
}

fn optimise(workspace: &Workspace, file: &Path, passes: &[&str], keep_names: bool) -> Result<()> {
    let mut command = process::program(workspace.path(WASM_OPT));
    command.args(passes).args(FEATURES).arg(file).arg("-o").arg(file);
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
