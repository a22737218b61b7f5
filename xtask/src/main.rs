//! `cargo xtask`: everything one does with Kith's source: set up, build, serve, test, measure.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool talks on its standard streams")]

mod assets;
mod cli;
mod clock;
mod install;
mod lock;
mod process;
mod serve;
mod setup;
mod size;
mod stamp;
mod sync;
mod test;
mod tools;
mod ui;
mod wasm;
mod web;
mod workspace;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
