//! Installing one thing that is missing. Everything here takes milliseconds when nothing is.

mod apt;
mod chromium;
mod npm;

pub(crate) use apt::install as apt_install;
pub(crate) use apt::is_installed as apt_is_installed;
pub(crate) use chromium::{ensure as chromium, find as find_chromium};
pub(crate) use npm::ensure as npm_packages;

/// Folders with npm packages of their own.
pub(crate) const WEB: &str = "web";
/// The tests that drive a real browser.
pub(crate) const E2E: &str = "tests/e2e";
/// Peers that syncing is measured beside.
pub(crate) const BENCH_SYNC: &str = "tests/bench-sync";
