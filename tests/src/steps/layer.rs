//! Steps as the server's own layer over files counts them (`server/src/files.rs`).

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use super::trace_output::{Output, Watch};
use super::{Ran, Stop};

/// Runs a command to a step.
///
/// # Errors
/// When it does not start, or was built without the layer.
pub fn run(mut command: Command, _: &Path, stop: Stop, until: Option<&str>) -> io::Result<Ran> {
    let output = Output::new(&mut command)?;
    let log = output.folder().join("steps");
    match stop {
        Stop::Never => {}
        Stop::Kill(step) => drop(command.env("KITH_FAULT_AT", step.to_string())),
        Stop::Full(step) => drop(command.env("KITH_FAULT_AT", format!("{step}:full"))),
    }
    let mut child = command.env("KITH_FAULT_LOG", &log).spawn()?;
    let watch = Watch::start(child.id(), &output, until);
    let status = child.wait()?;
    drop(watch);
    let steps = fs::metadata(&log).map_or(0, |log| log.len());
    if steps == 0 && stop == Stop::Never {
        return Err(io::Error::other("kith-server was built without its layer over files: use a debug build"));
    }
    let died = matches!(stop, Stop::Kill(_)) && status.code().is_none();
    Ok(Ran { steps, killed: died, success: status.success(), text: output.text()? })
}
