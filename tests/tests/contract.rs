//! What `web/src/bridge/contract/` says is what the core declares.

use std::fs;
use std::path::Path;

use kith_tests::contract::{FOLDER, generated};

#[test]
fn the_pages_contract_is_what_the_core_declares() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(FOLDER);
    let generated = generated();
    for file in &generated {
        let here = fs::read_to_string(folder.join(&file.name)).unwrap_or_default();
        assert!(here == file.text, "{FOLDER}/{} is not what the core declares: cargo xtask contract", file.name);
    }
    let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let stray: Vec<String> = names.filter(|name| generated.iter().all(|file| file.name != *name)).collect();
    assert!(stray.is_empty(), "nobody writes {stray:?} in {FOLDER}: cargo xtask contract");
}
