//! `kith-server`: see `kith-server --help` and `docs/OPERATIONS.md`.

use std::process::ExitCode;

fn main() -> ExitCode {
    kith_server::cli::main()
}
