//! The client's core: Rust to WebAssembly to web/pkg.

mod build;
mod pack;
mod route;
mod split;

use anyhow::Result;
use clap::Args;

pub(crate) use build::{BuildKind, clippy};
pub(crate) use route::Route;

use crate::install;
use crate::lock::BuildLock;
use crate::stamp::Stamp;
use crate::ui::{self, Step};
use crate::workspace::Workspace;

/// Flags of `wasm`.
#[derive(Args, Clone, Copy, Default)]
pub(crate) struct WasmArgs {
    /// Quick build without link-time optimisation and wasm-opt
    #[arg(long)]
    pub(crate) dev: bool,
    /// Keep function names, for a profiler or a readable trap
    #[arg(long)]
    pub(crate) profile: bool,
}

/// What the core is built from.
const INPUTS: [&str; 5] = ["shared", "client-wasm", "Cargo.toml", "Cargo.lock", "xtask/src/wasm"];
/// The generated package, relative to the root.
pub(crate) const PACKAGE: &str = "web/pkg";
/// The core's halves as they are sent.
const PACKED: &str = "kith_client_wasm.pack";
const PACKED_SECOND: &str = "kith_client_second.pack";
/// The second half as it is; the first is in the core's own place.
const SECOND: &str = "kith_client_second_bg.wasm";

/// A crate that becomes a module.
struct Module {
    package: &'static str,
    /// What its generated files are named after.
    stem: &'static str,
    /// For wasm-opt.
    passes: &'static [&'static str],
}

/// Small on the wire, not on disk: what the passes that are left out save, packing saves better. In the order of their
/// names functions stand beside their like, which packs 2 % better. Nothing lies in the first KiB of memory, where the stack
/// ends.
const CORE: Module = Module {
    package: "kith-client-wasm",
    stem: "kith_client_wasm",
    passes: &[
        "-Oz",
        "--low-memory-unused",
        "--skip-pass=inlining-optimizing",
        "--skip-pass=local-cse",
        "--skip-pass=simplify-locals",
        "--skip-pass=ssa-nomerge",
        "--skip-pass=remove-unused-brs",
        "--reorder-functions-by-name",
    ],
};
/// A few KB that somebody waits for: fast.
const UNPACKER: Module = Module { package: "kith-unpack-wasm", stem: "kith_unpack_wasm", passes: &["-O2"] };
const MODULES: [Module; 2] = [CORE, UNPACKER];

impl Module {
    fn file(&self) -> String {
        format!("{}_bg.wasm", self.stem)
    }
}

/// Sets up what is needed, then builds.
pub(crate) fn setup_and_build(workspace: &Workspace, arguments: WasmArgs) -> Result<()> {
    let route = Route::ensure(workspace)?;
    install::npm_packages(workspace, install::WEB)?;
    build(workspace, route, arguments)
}

/// Builds web/pkg unless it is there and nothing that it is made of changed.
pub(crate) fn build(workspace: &Workspace, route: Route, arguments: WasmArgs) -> Result<()> {
    let kind = if arguments.dev { BuildKind::Quick } else { BuildKind::Small };
    let variant = format!("{route} {kind:?} names={}", arguments.profile);
    let _lock = BuildLock::acquire(workspace)?;
    let stamp = Stamp::of(workspace, "wasm", &variant, &INPUTS)?;
    let of = |module: &Module| [format!("{}.js", module.stem), format!("{}.d.ts", module.stem), module.file()];
    let names = MODULES.iter().flat_map(of).chain([PACKED, PACKED_SECOND, SECOND].map(str::to_owned));
    let outputs: Vec<_> = names.map(|name| workspace.path(PACKAGE).join(name)).collect();
    if stamp.is_fresh(&outputs) {
        return Ok(());
    }
    let step = Step::start(format_args!("client core for WebAssembly, with {route}"));
    let raw = build::compile(workspace, route, kind)?;
    let raw_inputs = raw.each_ref().map(|path| path.to_string_lossy());
    let raw_inputs: Vec<&str> =
        raw_inputs.iter().map(AsRef::as_ref).chain(["client-wasm/pack", "xtask/src/wasm"]).collect();
    let raw_stamp = Stamp::of(workspace, "wasm-raw", &variant, &raw_inputs)?;
    if raw_stamp.is_fresh(&outputs) {
        stamp.set()?;
        step.done_with("the same as before");
        return Ok(());
    }
    let [first, second] = pack::pack(workspace, &raw, kind, arguments.profile)?;
    raw_stamp.set()?;
    stamp.set()?;
    let said =
        |half: pack::Half| format!("{} bytes, {} packed", ui::grouped(half.bytes), ui::grouped(half.packed_bytes));
    step.done_with(format_args!("{}; its second half {}", said(first), said(second)));
    Ok(())
}
