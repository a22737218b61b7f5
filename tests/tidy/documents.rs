//! What documents say of the code must be so.

use std::fs;

use super::source::{hold, top};

#[test]
fn a_format_and_its_document_name_each_other() {
    let protocol = fs::read_to_string(top().join("docs/PROTOCOL.md")).unwrap();
    let lacking = ["wire/frame.rs", "wire/page.rs", "gate/", "trust/", "codec.rs"].into_iter();
    hold(
        "docs/PROTOCOL.md links every writer",
        lacking.filter(|name| !protocol.contains(name)).map(str::to_owned).collect(),
    );
    for link in protocol.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let path = link.split('#').next().unwrap();
        let is_here = path.is_empty() || path.starts_with("http") || top().join("docs").join(path).exists();
        assert!(is_here, "docs/PROTOCOL.md links {link}, which is not there");
    }
}

/// `[`name`](file)` names what tries a claim.
#[test]
fn every_test_that_the_threats_name_is_in_its_file() {
    let threats = fs::read_to_string(top().join("docs/THREATS.md")).unwrap();
    let mut named = 0;
    for (name, rest) in threats.split("[`").skip(1).filter_map(|rest| rest.split_once("`](")) {
        let path = rest.split(')').next().unwrap();
        let file = fs::read_to_string(top().join("docs").join(path)).unwrap_or_default();
        let is_there = file.contains(&format!("fn {name}(")) || file.contains(&format!("'{name}'"));
        assert!(is_there, "docs/THREATS.md names {name} in {path}, where it is not");
        named += 1;
    }
    assert!(named > 80, "docs/THREATS.md names {named} tests");
}
