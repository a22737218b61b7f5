//! The stages, which of them run side by side, and what each needs.

use std::path::Path;

use anyhow::Result;

use crate::test::report::Outcome;
use crate::test::stages::*;
use crate::test::{Run, deny};

/// Beside [`WEB`].
const NATIVE: u8 = 0;
/// Beside [`NATIVE`].
const WEB: u8 = 1;
/// After both: alone, since it measures time.
const LAST: u8 = 2;
/// Lanes that run at the same time, one group after the other.
pub(super) const LANES: [&[u8]; 2] = [&[NATIVE, WEB], &[LAST]];

type Body = fn(&Run<'_>, &Path) -> Result<Outcome>;

/// A part of the whole.
pub(super) struct Stage {
    /// What one writes to run it alone.
    pub(super) name: &'static str,
    /// What is true when it passes.
    pub(super) about: &'static str,
    /// Stages of one lane run one after the other.
    pub(super) lane: u8,
    /// Stages of the same lane, or of an earlier group.
    pub(super) needs: &'static [&'static str],
    /// Does it; the path takes its output.
    pub(super) run: Body,
}

/// All stages, in the order in which a lane runs them.
pub(super) const STAGES: &[Stage] = &[
    stage(NATIVE, "fmt", "rustfmt has nothing to change", &[], fmt),
    stage(NATIVE, "clippy", "no warnings, natively", &[], clippy),
    stage(NATIVE, "build", "server, tools and tests compile", &[], build),
    stage(NATIVE, "rust", "all Rust tests: units, tidy, integration", &["build"], rust),
    stage(NATIVE, "crash", "commands stopped at any step lose nothing, finish when run again", &["build"], crash),
    stage(NATIVE, "xtask", "this tool's own tests", &[], xtask),
    stage(WEB, "setup", "toolchain, npm packages and browser are installed", &[], set_up),
    stage(WEB, "wasm", "the client's core builds for WebAssembly", &["setup"], build_wasm),
    stage(WEB, "wasm-clippy", "no warnings, for WebAssembly", &["setup"], clippy_wasm),
    stage(WEB, "web-check", "types of the web app", &["wasm"], web_check),
    stage(WEB, "web-lint", "lints and format of the web app", &["setup"], web_lint),
    stage(WEB, "web-unit", "unit tests of the web app", &["wasm"], web_unit),
    stage(WEB, "web-build", "the web app builds", &["wasm"], web_build),
    stage(WEB, "size", "a first visit stays within its bounds", &["web-build"], size),
    stage(WEB, "deny", "licences, bans and sources of dependencies", &[], deny::policy),
    stage(WEB, "advisories", "known flaws in dependencies", &["deny"], deny::advisories),
    stage(LAST, "web-engine", "the packed core and its store in a real Chromium", &["build", "wasm"], web_engine),
    stage(LAST, "bench-sync", "the bad link of `bench sync`, and what it reports", &[], bench_sync),
    stage(LAST, "e2e", "the whole app in a real Chromium", &["build", "setup", "web-build"], e2e),
];

const fn stage(lane: u8, name: &'static str, about: &'static str, needs: &'static [&'static str], run: Body) -> Stage {
    Stage { name, about, lane, needs, run }
}
