//! Prints the storage conformance suite as JSON, for the browser tests of the IndexedDB store.
#![allow(clippy::print_stdout, reason = "its purpose")]

fn main() {
    println!("{}", kith_shared::storage::conformance::suite_json());
}
