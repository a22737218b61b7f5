//! People who chose the same name: told apart wherever names are shown.

#[cfg(test)]
mod tests;

use crate::document::is_blank;
use crate::ids::MemberId;
use crate::sorted::{SortedMap, SortedSet};

/// Marks names that several chose: whoever came first keeps it as it is, the others get a number behind it,
/// "Ana (2)". What a name is compared by leaves out capitals, spaces and signs that nobody sees, so that none of them
/// makes one person pass for another. `order`: members in the order in which they came; those who are not in it come
/// last. Nobody gets a mark that is itself somebody's name.
pub(super) fn told_apart(
    names: &SortedMap<MemberId, String>,
    order: impl Iterator<Item = MemberId>,
) -> SortedMap<MemberId, String> {
    let mut taken: SortedSet<String> = SortedSet::new();
    let mut marked: SortedMap<MemberId, String> = SortedMap::new();
    let mut again = Vec::new();
    for member in order.chain(names.keys().copied()) {
        let Some(name) = names.get(&member).filter(|name| !name.is_empty() && !marked.contains_key(&member)) else {
            continue;
        };
        marked.insert(member, name.clone());
        if !taken.insert(folded(name)) {
            again.push(member);
        }
    }
    for member in again {
        let Some(name) = names.get(&member) else { continue };
        let mut number = 2_u32;
        let mark = loop {
            let mark = format!("{name} ({number})");
            if taken.insert(folded(&mark)) {
                break mark;
            }
            number += 1;
        };
        marked.insert(member, mark);
    }
    marked
}

/// What a name looks like, roughly.
fn folded(name: &str) -> String {
    name.chars().filter(|one| !is_blank(*one)).map(small).collect()
}

/// A capital's small letter in Latin, Greek, Cyrillic and Armenian, the scripts of names that have both. The library's
/// table of all of Unicode would add 6 KB to what every phone downloads.
fn small(character: char) -> char {
    let code = u32::from(character);
    let small = match code {
        0x41..=0x5a | 0xc0..=0xd6 | 0xd8..=0xde | 0x391..=0x3a1 | 0x3a3..=0x3ab | 0x410..=0x42f => code + 32,
        0x400..=0x40f => code + 80,
        0x531..=0x556 => code + 48,
        0x100..=0x12f | 0x132..=0x137 | 0x14a..=0x177 | 0x460..=0x481 | 0x48a..=0x4bf | 0x4d0..=0x52f => code | 1,
        0x1e00..=0x1e95 | 0x1ea0..=0x1eff => code | 1,
        0x139..=0x148 | 0x179..=0x17e => code + (code & 1),
        _ => code,
    };
    char::from_u32(small).unwrap_or(character)
}
