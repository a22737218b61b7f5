//! The law of layers is a list in `docs/ARCHITECTURE.md`, "The house": a module of `shared` uses those that stand before
//! it, and none behind it.

use std::fs;

use super::modules::Crate;
use super::sample::sample;
use super::source::{hold, top};

/// The modules of a crate, as a document's list of the house has them: each line of two spaces, its names up to the next
/// two spaces.
fn listed(document: &str, folder: &str) -> Vec<String> {
    let house = document.split("## The house").nth(1).unwrap_or_default().split("```").nth(1).unwrap_or_default();
    let lines =
        house.lines().skip_while(|line| !line.starts_with(folder)).skip(1).take_while(|line| line.starts_with("  "));
    let names = lines.map(|line| line.trim_start().split("  ").next().unwrap_or_default());
    names.flat_map(|names| names.split(", ")).map(|name| name.trim_end_matches('/').to_owned()).collect()
}

/// What breaks the order of the list, and what is not in it or only there.
fn broken(order: &[String], of: &Crate) -> Vec<String> {
    let place = |name: &String| order.iter().position(|known| known == name);
    let lost = of.modules.keys().filter(|name| name.len() == 1 && place(&name[0]).is_none());
    let mut broken: Vec<String> = lost.map(|name| format!("{} has no place in the list", name[0])).collect();
    let gone = order.iter().filter(|name| !of.modules.contains_key(std::slice::from_ref(*name)));
    broken.extend(gone.map(|name| format!("{name} is in the list alone")));
    for (user, used) in of.edges() {
        if let (Some(from), Some(to)) = (user.first(), used.first())
            && place(from) < place(to)
        {
            broken.push(format!("{} uses {}, which stands behind it", user.join("::"), used.join("::")));
        }
    }
    broken.dedup();
    broken
}

fn shared() -> Crate {
    Crate::read(&top().join("shared/src/lib.rs"))
}

#[test]
fn the_layers_of_shared_are_those_of_the_architecture() {
    let document = fs::read_to_string(top().join("docs/ARCHITECTURE.md")).unwrap();
    let order = listed(&document, "shared/");
    assert!(order.len() > 10, "docs/ARCHITECTURE.md lists {order:?}");
    hold("a layer uses those before it in docs/ARCHITECTURE.md: mend the list or the code", broken(&order, &shared()));
}

#[test]
fn sync_knows_no_schema() {
    let edges = shared().edges();
    let named = edges.iter().filter(|(user, used)| {
        user.first().is_some_and(|name| name == "sync") && used.first().is_some_and(|name| name == "document")
    });
    hold(
        "what sync must know of documents is handed in as gate::Schema",
        named.map(|(user, used)| format!("{user:?} {used:?}")).collect(),
    );
}

#[test]
fn a_layer_that_uses_one_above_it_is_found() {
    let document =
        "## The house\n```\nshared/        core\n  low, lower       x\n  high/  y\n  gone   z\nserver/  s\n```\n";
    let folder = sample(&[
        ("src/lib.rs", "mod low; mod lower; mod high; mod new;"),
        ("src/low.rs", "use crate::high::High;"),
        ("src/lower.rs", "use crate::low;"),
        ("src/high.rs", "use crate::lower; pub struct High;"),
        ("src/new.rs", ""),
    ]);
    let order = listed(document, "shared/");
    assert_eq!(order, ["low", "lower", "high", "gone"]);
    let told = broken(&order, &Crate::read(&folder.path().join("src/lib.rs")));
    assert_eq!(
        told,
        ["new has no place in the list", "gone is in the list alone", "low uses high, which stands behind it"]
    );
}
