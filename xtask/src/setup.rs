//! Installing all that is missing.

use anyhow::Result;

use crate::install::{self, E2E, WEB};
use crate::ui;
use crate::wasm::Route;
use crate::workspace::Workspace;

/// Sets up all that building needs, and with `test` all that testing needs.
pub(crate) fn all(workspace: &Workspace, test: bool) -> Result<()> {
    ui::heading("Setting up");
    let route = Route::ensure(workspace)?;
    ui::note(format_args!("WebAssembly is built with {route}"));
    install::npm_packages(workspace, WEB)?;
    if test {
        install::npm_packages(workspace, E2E)?;
        let browser = install::chromium(workspace)?;
        ui::note(format_args!("the browser for tests is {}", browser.display()));
    }
    Ok(())
}
