//! Debian packages.

use anyhow::{Context, Result, bail};

use crate::process::{self, Quiet};
use crate::ui::{self, Step};
use crate::workspace::{Workspace, on_path};

/// Whether all of `packages` are installed.
pub(crate) fn is_installed(packages: &[&str]) -> bool {
    let states =
        process::capture(process::program("dpkg-query").args(["-W", "-f", "${db:Status-Status}\n"]).args(packages));
    states.is_some_and(|states| states.lines().filter(|state| *state == "installed").count() == packages.len())
}

/// Installs `packages`, as root or through sudo; fetches the package lists only when the first try fails.
pub(crate) fn install(workspace: &Workspace, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if on_path(&["apt-get"]).is_none() {
        bail!("{names} cannot be installed: there is no apt-get. Install the like of it by hand and try again");
    }
    let sudo = if is_root() { None } else { on_path(&["sudo"]) };
    if sudo.is_none() && !is_root() {
        bail!("{names} cannot be installed: this is neither root nor is there sudo. As root: apt-get install {names}");
    }
    let apt = |arguments: &[&str]| {
        let mut command = match &sudo {
            Some(sudo) => process::program(sudo),
            None => process::program("env"),
        };
        command
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-q", "-o", "DPkg::Lock::Timeout=300"])
            .args(arguments);
        command
    };
    let wanted: Vec<&str> =
        ["install", "--no-install-recommends"].into_iter().chain(packages.iter().copied()).collect();
    let step = Step::start(format_args!("Debian packages {names}"));
    if Quiet::new("apt-get install", workspace.log("apt-install")).run(&mut apt(&wanted)).is_err() {
        ui::note("not found yet: fetching the package lists first");
        Quiet::new("apt-get update", workspace.log("apt-update")).run(&mut apt(&["update"]))?;
        Quiet::new("apt-get install", workspace.log("apt-install"))
            .run(&mut apt(&wanted))
            .with_context(|| format!("{names} could not be installed; see to it by hand and try again"))?;
    }
    step.done();
    Ok(())
}

fn is_root() -> bool {
    process::capture(process::program("id").arg("-u")).as_deref() == Some("0")
}
