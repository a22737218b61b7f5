//! Writes `web/src/bridge/contract/` from what the core declares: `cargo xtask contract`.

use std::fs;
use std::io::Write;
use std::path::Path;

use clap::Parser;
use kith_tests::contract::{FOLDER, generated};

/// Writes web/src/bridge/contract from what the core declares.
#[derive(Parser)]
struct Arguments;

fn main() -> std::io::Result<()> {
    let Arguments = Arguments::parse();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(FOLDER);
    fs::create_dir_all(&folder)?;
    let generated = generated();
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        if generated.iter().all(|file| entry.file_name() != file.name.as_str()) {
            fs::remove_file(entry.path())?;
        }
    }
    for file in generated {
        fs::write(folder.join(&file.name), &file.text)?;
        writeln!(std::io::stdout(), "{FOLDER}/{}", file.name)?;
    }
    Ok(())
}
