//! Which toolchain builds for WebAssembly. Some machines' Rust lacks the target and cannot fetch it; Debian has one.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fmt, fs};

use anyhow::{Context, Result, bail};

use crate::install;
use crate::process::{self, Quiet};
use crate::ui::{self, Step};
use crate::workspace::{Workspace, on_path};

/// Rust's name of the target.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
/// A rustup that waits longer than this has no network.
const RUSTUP_LIMIT: Duration = Duration::from_secs(180);
/// The compiler, cargo, the library's sources, the linker, and clippy for it.
const DEBIAN_PACKAGES: [&str; 6] =
    ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy", "lld-22"];
/// What of Debian's packages proves that they are there.
const DEBIAN_FILES: [&str; 4] =
    ["/usr/bin/rustc", "/usr/bin/cargo", "/usr/bin/rust-lld", "/usr/lib/rustlib/src/rust/library/std/Cargo.toml"];
/// Chooses the route by hand: `rustup` or `debian`.
const CHOICE: &str = "KITH_WASM_ROUTE";

/// A toolchain that can build for WebAssembly.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Route {
    /// The Rust that runs xtask, its standard library rebuilt for size.
    OwnFromSource,
    /// The Rust that runs xtask with the library as it came: no sources, a larger result.
    OwnAsIs,
    /// Debian's rustc-web, its standard library rebuilt for size.
    Debian,
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OwnFromSource => "this Rust and its library's sources",
            Self::OwnAsIs => "this Rust and its library as it came (without rust-src the result is larger)",
            Self::Debian => "Debian's rustc-web",
        })
    }
}

impl Route {
    /// Finds a route, installing what it needs; remembers the answer.
    pub(crate) fn ensure(workspace: &Workspace) -> Result<Self> {
        let memory = workspace.target("xtask/wasm-route");
        let choice = env::var(CHOICE).unwrap_or_default();
        let known = match (choice.as_str(), fs::read_to_string(&memory).unwrap_or_default().as_str()) {
            ("debian", _) | ("", "debian") => Some(Self::Debian).filter(|_| debian_is_there()),
            ("rustup" | "", _) => own(),
            (other, _) => bail!("{CHOICE}={other} is not a route; write rustup or debian, or unset it"),
        };
        if let Some(route) = known.filter(|route| *route != Self::OwnAsIs || memory.is_file()) {
            return Ok(route);
        }
        let route = Self::find(workspace, &choice)?;
        fs::create_dir_all(workspace.target("xtask")).context("the target folder cannot be written")?;
        fs::write(&memory, if route == Self::Debian { "debian" } else { "own" })
            .with_context(|| format!("{} cannot be written", memory.display()))?;
        Ok(route)
    }

    fn find(workspace: &Workspace, choice: &str) -> Result<Self> {
        let mut reason = "not tried".to_owned();
        if choice != "debian" {
            match fetch_with_rustup(workspace) {
                Ok(()) => {
                    if let Some(route) = own() {
                        return Ok(route);
                    }
                    "rustup said yes, but the target is not there".clone_into(&mut reason);
                }
                Err(error) => reason = format!("{error:#}"),
            }
            ui::note("rustup cannot provide the target here; trying Debian's rustc-web");
        }
        if choice == "rustup" {
            bail!("no Rust for {TARGET}. By rustup: {reason}\nUnset {CHOICE} to try Debian's packages");
        }
        match (install_debian(workspace), own()) {
            (Ok(()), _) => Ok(Self::Debian),
            (Err(_), Some(route)) => Ok(route),
            (Err(error), None) => bail!("no Rust for {TARGET}.\nBy rustup: {reason}\nBy Debian: {error:#}"),
        }
    }

    /// Whether the standard library is built along, with settings that make it small.
    pub(crate) fn builds_std(self) -> bool {
        self != Self::OwnAsIs
    }

    /// The route's cargo, with the environment that makes it use its own tools.
    pub(crate) fn cargo(self) -> Result<Command> {
        if self != Self::Debian {
            return Ok(process::cargo());
        }
        let mut command = process::program("/usr/bin/cargo");
        let path = env::var_os("PATH").unwrap_or_default();
        let path = [PathBuf::from("/usr/bin")].into_iter().chain(env::split_paths(&path));
        command.env("PATH", env::join_paths(path).context("the PATH holds an unusable folder")?);
        for name in ["CARGO", "RUSTC_WRAPPER", "RUSTUP_TOOLCHAIN"] {
            command.env_remove(name);
        }
        command.env("RUSTC", "/usr/bin/rustc");
        Ok(command)
    }
}

fn install_debian(workspace: &Workspace) -> Result<()> {
    if !install::apt_is_installed(&DEBIAN_PACKAGES) {
        install::apt_install(workspace, &DEBIAN_PACKAGES)?;
    }
    if !debian_is_there() {
        bail!("the packages {} are installed, but not all of {DEBIAN_FILES:?} are there", DEBIAN_PACKAGES.join(" "));
    }
    Ok(())
}

fn debian_is_there() -> bool {
    DEBIAN_FILES.iter().all(|file| Path::new(file).exists())
}

/// What the Rust that runs xtask can do already.
fn own() -> Option<Route> {
    let libraries = process::capture(process::program("rustc").args(["--print", "target-libdir", "--target", TARGET]))?;
    if fs::read_dir(libraries).is_ok_and(|mut entries| entries.next().is_some()) {
        let sysroot = process::capture(process::program("rustc").args(["--print", "sysroot"]))?;
        let has_sources = Path::new(&sysroot).join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file();
        return Some(if has_sources { Route::OwnFromSource } else { Route::OwnAsIs });
    }
    None
}

fn fetch_with_rustup(workspace: &Workspace) -> Result<()> {
    let Some(rustup) = on_path(&["rustup"]) else { bail!("there is no rustup on the PATH") };
    let step = Step::start(format_args!("Rust target {TARGET} through rustup"));
    let quiet = |what| Quiet::new(what, workspace.log("rustup")).limit(RUSTUP_LIMIT);
    let toolchain = env::var("RUSTUP_TOOLCHAIN").unwrap_or_else(|_| "stable".to_owned());
    quiet("rustup target add").run(process::program(&rustup).args([
        "target",
        "add",
        TARGET,
        "--toolchain",
        &toolchain,
    ]))?;
    let sources = quiet("rustup component add rust-src").run(process::program(&rustup).args([
        "component",
        "add",
        "rust-src",
        "--toolchain",
        &toolchain,
    ]));
    if sources.is_err() {
        ui::note("rust-src cannot be had: the standard library is used as it came, and the result is larger");
    }
    step.done();
    Ok(())
}
