//! Prints the storage conformance suite as JSON, for the browser tests of the IndexedDB store.

use std::io::{self, Write};

fn main() -> io::Result<()> {
    writeln!(io::stdout(), "{}", kith_tests::conformance::suite_json())
}
