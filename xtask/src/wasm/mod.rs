//! The client's core: Rust to WebAssembly to web/pkg.

mod build;
mod pack;
mod route;

use anyhow::Result;

pub(crate) use build::{BuildKind, clippy};
pub(crate) use route::Route;

use crate::cli::WasmArgs;
use crate::lock::BuildLock;
use crate::setup;
use crate::stamp::Stamp;
use crate::ui::{self, Step};
use crate::workspace::Workspace;

/// What the core is built from.
const INPUTS: [&str; 5] = ["shared", "client-wasm", "Cargo.toml", "Cargo.lock", "xtask/src/wasm"];
/// The generated package, relative to the root.
pub(crate) const PACKAGE: &str = "web/pkg";
/// The generated files' common name.
pub(crate) const STEM: &str = "kith_client_wasm";

/// Sets up what is needed, then builds.
pub(crate) fn setup_and_build(workspace: &Workspace, arguments: WasmArgs) -> Result<()> {
    let route = Route::ensure(workspace)?;
    setup::npm_packages(workspace, setup::WEB)?;
    build(workspace, route, arguments)
}

/// Builds web/pkg unless it is there and nothing that it is made of changed.
pub(crate) fn build(workspace: &Workspace, route: Route, arguments: WasmArgs) -> Result<()> {
    let kind = if arguments.dev { BuildKind::Quick } else { BuildKind::Small };
    let variant = format!("{route} {kind:?} names={}", arguments.profile);
    let _lock = BuildLock::acquire(workspace)?;
    let stamp = Stamp::of(workspace, "wasm", &variant, &INPUTS)?;
    let outputs = [format!("{STEM}.js"), format!("{STEM}.d.ts"), format!("{STEM}_bg.wasm")]
        .map(|name| workspace.path(PACKAGE).join(name));
    if stamp.is_fresh(&outputs) {
        return Ok(());
    }
    let step = Step::start(format_args!("client core for WebAssembly, with {route}"));
    let raw = build::compile(workspace, route, kind)?;
    let raw_stamp = Stamp::of(workspace, "wasm-raw", &variant, &[&raw.to_string_lossy()])?;
    if raw_stamp.is_fresh(&outputs) {
        stamp.set()?;
        step.done_with("the same as before");
        return Ok(());
    }
    let packed = pack::pack(workspace, &raw, kind, arguments.profile)?;
    raw_stamp.set()?;
    stamp.set()?;
    step.done_with(format_args!("{} bytes", ui::grouped(packed)));
    Ok(())
}
