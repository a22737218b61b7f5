//! Compiling the core.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process::Quiet;
use crate::wasm::MODULES;
use crate::wasm::route::{Route, TARGET};
use crate::workspace::Workspace;

/// The core has no entropy of its own: getrandom, which Automerge brings, asks client-wasm, never the browser.
const NO_ENTROPY: &str = "--cfg getrandom_backend=\"custom\"";
/// SHA-2 in loops: unrolled it weighs 16 KB more and does not compress.
const SMALL_HASH: &str = "--cfg sha2_backend_soft=\"compact\"";
/// Together 15 % off: no formatting of panics, no source positions, no `Debug`.
const SMALL_LIBRARY: &str = "-Zunstable-options -Cpanic=immediate-abort";
const SMALL_CODE: &str = "-Zlocation-detail=none -Zfmt-debug=none";
/// Whatever is longer than a register is copied and filled by one instruction, not by a load and a store for every 8 bytes.
const SMALL_COPIES: &str =
    "-Cllvm-args=-max-store-memcpy=1 -Cllvm-args=-max-store-memmove=1 -Cllvm-args=-max-store-memset=1";
/// No function with variables in memory becomes part of another. What is called once became part of its caller, and commands
/// one function of 57 KB, whose hundreds of variables are far apart: each place in memory was said by a number of its own,
/// two to three bytes that do not repeat.
const SMALL_FRAMES: &str = "-Cllvm-args=-inline-max-stacksize=0";

/// The names that `split/second.txt` has are of this form, whichever form is a toolchain's own.
const PLAIN_NAMES: &str = "-Csymbol-mangling-version=v0";

/// Small to download, or quick to build.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BuildKind {
    /// As deployed.
    Small,
    /// For work on the source: rebuilds in seconds, panics say where.
    Quick,
}

impl BuildKind {
    fn profile(self) -> &'static str {
        match self {
            Self::Small => "wasm",
            Self::Quick => "wasm-dev",
        }
    }
}

/// Compiles the modules and returns where they are, raw, in their order.
pub(crate) fn compile(workspace: &Workspace, route: Route, kind: BuildKind) -> Result<[PathBuf; 2]> {
    let mut command = cargo(workspace, route, kind, "build")?;
    command.args(["--lib", "--profile", kind.profile()]);
    command.args(MODULES.iter().flat_map(|module| ["--package", module.package]));
    Quiet::new("building the client's core", workspace.log("wasm-build")).run(&mut command)?;
    let raw = MODULES.map(|module| workspace.target(format!("wasm/{TARGET}/{}/{}.wasm", kind.profile(), module.stem)));
    if let Some(missing) = raw.iter().find(|path| !path.is_file()) {
        bail!(
            "{} was not made; its Cargo.toml must say `crate-type = [\"cdylib\"]` and nothing else",
            missing.display()
        );
    }
    Ok(raw)
}

/// Lints the core and the shared crate as they are built for WebAssembly.
pub(crate) fn clippy(workspace: &Workspace, route: Route) -> Result<Command> {
    let mut command = cargo(workspace, route, BuildKind::Quick, "clippy")?;
    command.args(MODULES.iter().flat_map(|module| ["--package", module.package]));
    command.args(["--package", "kith-shared", "--lib", "--profile", "wasm-dev", "--", "-D", "warnings"]);
    Ok(command)
}

fn cargo(workspace: &Workspace, route: Route, kind: BuildKind, verb: &str) -> Result<Command> {
    let mut command = route.cargo()?;
    command.args([verb, "--target", TARGET]);
    if route.builds_std() {
        command.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
    }
    let mut flags = vec![NO_ENTROPY, SMALL_HASH, PLAIN_NAMES];
    if kind == BuildKind::Small {
        flags.extend([SMALL_CODE, SMALL_COPIES, SMALL_FRAMES]);
        if route.builds_std() {
            flags.push(SMALL_LIBRARY);
        }
    }
    command
        .current_dir(workspace.path(""))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", flags.join(" "))
        .env("CARGO_TARGET_DIR", workspace.target("wasm"))
        .env("CARGO_TERM_COLOR", "never");
    Ok(command)
}
