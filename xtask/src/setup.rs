//! Installing what is missing. Everything here takes milliseconds when nothing is.

mod apt;
mod chromium;
mod npm;

use anyhow::Result;

pub(crate) use apt::install as apt_install;
pub(crate) use apt::is_installed as apt_is_installed;
pub(crate) use chromium::{ensure as chromium, find as find_chromium};
pub(crate) use npm::ensure as npm_packages;

use crate::ui;
use crate::wasm::Route;
use crate::workspace::Workspace;

/// Folders with npm packages of their own.
pub(crate) const WEB: &str = "web";
/// The tests that drive a real browser.
pub(crate) const E2E: &str = "tests/e2e";

/// Sets up all that building needs, and with `test` all that testing needs.
pub(crate) fn all(workspace: &Workspace, test: bool) -> Result<()> {
    ui::heading("Setting up");
    let route = Route::ensure(workspace)?;
    ui::note(format_args!("WebAssembly is built with {route}"));
    npm_packages(workspace, WEB)?;
    if test {
        npm_packages(workspace, E2E)?;
        let browser = chromium(workspace)?;
        ui::note(format_args!("the browser for tests is {}", browser.display()));
    }
    Ok(())
}
