//! No circle of imports among sibling modules. A module and what lies in it count as one where it is held against
//! its siblings, and are judged among themselves one level below. A child may use its parent's items, and a parent
//! its children's: the parent is the front of its folder. What `pub use` hands on counts for where it comes from.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::modules::{Crate, Name};
use super::sample::sample;
use super::source::{hold, top};

/// Crates whose modules are held, with their top files.
const CRATES: [(&str, &str); 8] = [
    ("shared", "shared/src/lib.rs"),
    ("server", "server/src/lib.rs"),
    ("demo", "demo/src/lib.rs"),
    ("xtask", "xtask/src/main.rs"),
    ("tests", "tests/src/lib.rs"),
    ("client-wasm", "client-wasm/src/lib.rs"),
    ("pack", "client-wasm/pack/src/lib.rs"),
    ("unpack", "client-wasm/unpack/src/lib.rs"),
];

/// Which sibling uses which.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// The graph of siblings at each level of a crate, by the name of their parent.
fn levels(of: &Crate) -> BTreeMap<Name, Graph> {
    let mut levels: BTreeMap<Name, Graph> = BTreeMap::new();
    for (user, used) in of.edges() {
        let shared = user.iter().zip(&used).take_while(|(one, other)| one == other).count();
        if let (Some(from), Some(to)) = (user.get(shared), used.get(shared)) {
            let level = levels.entry(user[..shared].to_vec()).or_default();
            level.entry(from.clone()).or_default().insert(to.clone());
        }
    }
    levels
}

/// The shortest way from a module back to itself, both ends named; none when it is in no circle.
fn circle_through(graph: &Graph, start: &String) -> Option<Vec<String>> {
    let mut queue = VecDeque::from([vec![start.clone()]]);
    let mut seen = BTreeSet::new();
    while let Some(path) = queue.pop_front() {
        for next in graph.get(path.last()?).into_iter().flatten() {
            let longer = [path.as_slice(), std::slice::from_ref(next)].concat();
            if next == start {
                return Some(longer);
            }
            if seen.insert(next.clone()) {
                queue.push_back(longer);
            }
        }
    }
    None
}

/// For each module that is in a circle: its parent, its name and the shortest circle through it.
fn circles(of: &Crate) -> Vec<(Name, String, Vec<String>)> {
    let each = levels(of).into_iter().flat_map(|(parent, graph)| {
        let found = graph.keys().filter_map(|name| Some((name.clone(), circle_through(&graph, name)?)));
        found.map(|(name, circle)| (parent.clone(), name, circle)).collect::<Vec<_>>()
    });
    each.collect()
}

#[test]
fn no_modules_import_each_other_in_a_circle() {
    let mut broken = Vec::new();
    for (name, file) in CRATES {
        for (parent, _, circle) in circles(&Crate::read(&top().join(file))) {
            broken.push(format!("{name}::{}: {}", parent.join("::"), circle.join(" -> ")));
        }
    }
    hold("modules point one way: move what both need below them", broken);
}

#[test]
fn a_circle_is_found_however_it_is_imported() {
    let top = |text| [("src/lib.rs", "mod a; mod b; mod c;"), ("src/c.rs", ""), text];
    let b_uses_a = ("src/b.rs", "use crate::a::Made; pub struct Other;");
    for a in [
        "use crate::b::Other; pub struct Made;",
        "use super::b; pub struct Made(b::Other);",
        "pub struct Made(crate::b::Other);",
        "pub struct Made; fn made() { assert!(matches!(1, crate::b::Other)); }",
        "mod inner { use super::super::b::Other; } pub struct Made;",
    ] {
        let mut files = top(("src/a.rs", a)).to_vec();
        files.push(b_uses_a);
        let folder = sample(&files);
        let found = circles(&Crate::read(&folder.path().join("src/lib.rs")));
        let told: Vec<String> = found.into_iter().map(|(_, _, circle)| circle.join(" -> ")).collect();
        assert_eq!(told, ["a -> b -> a", "b -> a -> b"], "{a}");
    }
}

#[test]
fn a_circle_through_what_a_parent_hands_on_is_found() {
    let folder = sample(&[
        ("src/lib.rs", "mod part;"),
        ("src/part/mod.rs", "mod one; mod two; mod three; pub use one::One; pub use two::*; pub use three::Three;"),
        ("src/part/one.rs", "use super::Two; pub struct One;"),
        ("src/part/two.rs", "use crate::part::Three; pub struct Two;"),
        ("src/part/three.rs", "use super::One; pub struct Three;"),
    ]);
    let found = circles(&Crate::read(&folder.path().join("src/lib.rs")));
    let told: Vec<String> =
        found.into_iter().map(|(parent, _, circle)| parent.join("::") + &circle.join(" ")).collect();
    assert_eq!(told, ["partone two three one", "partthree one two three", "parttwo three one two"]);
}

#[test]
fn a_parent_its_children_and_tests_make_no_circle() {
    let folder = sample(&[
        ("src/lib.rs", "mod a; mod b;"),
        (
            "src/a.rs",
            "mod inner; pub use inner::Inner; pub struct Made; #[cfg(test)] mod tests { use crate::b::Other; }",
        ),
        (
            "src/a/inner.rs",
            "use super::Made; pub struct Inner; impl Inner { #[cfg(test)] fn of(_: crate::b::Other) {} }",
        ),
        ("src/b.rs", "use crate::a::{Inner, Made}; pub struct Other;"),
    ]);
    assert!(circles(&Crate::read(&folder.path().join("src/lib.rs"))).is_empty());
}
