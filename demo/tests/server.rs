//! The server that people use has nothing of the demo circle: no flag, no command, no words, no keys.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "these are tests")]

use std::path::PathBuf;
use std::process::Command;

fn server() -> PathBuf {
    let beside = || {
        let test = std::env::current_exe().unwrap();
        test.ancestors().nth(2).unwrap().join(format!("kith-server{}", std::env::consts::EXE_SUFFIX))
    };
    let program = std::env::var_os("KITH_SERVER_BIN").map_or_else(beside, PathBuf::from);
    assert!(program.is_file(), "build it: `cargo build --package kith-server`");
    program
}

fn words(arguments: &[&str]) -> Vec<String> {
    let output = Command::new(server()).args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).to_lowercase();
    text.split(|sign: char| !sign.is_alphanumeric()).map(str::to_owned).collect()
}

#[test]
fn the_server_offers_no_demo() {
    for arguments in [vec!["--help"], vec!["serve", "--help"], vec!["circle", "--help"]] {
        let words = words(&arguments);
        assert!(words.len() > 20 && !words.iter().any(|word| word == "demo"), "{arguments:?}");
    }
    for arguments in [vec!["demo"], vec!["serve", "--demo"]] {
        let status = Command::new(server()).args(&arguments).output().unwrap().status;
        assert_eq!(status.code(), Some(2), "{arguments:?} is nothing that the command line knows");
    }
}

/// The facilitator's keys come of numbers that only `demo/src/random.rs` makes; the rest of it shows in its texts.
#[test]
fn the_server_has_no_text_of_the_demo_circle() {
    let program = std::fs::read(server()).unwrap();
    let has = |text: &str| program.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("kith-server"), "it is the program that is read");
    for text in ["demo-seeding", "demo circle", "kith_demo", "Thursday Circle", "Beatriz", "--demo"] {
        assert!(!has(text), "{text:?} is in the server");
    }
}
