//! A document without some of this phone's own last entries: they stand where the server holds others of the same
//! device.

use crate::gate::{Genesis, parse_change};
use crate::ids::{ActorId, CircleId, EntryId};
use crate::seal::{SealedEntry, sealed_entry_id};
use crate::sorted::{SortedMap, SortedSet};
use crate::wire::EntryContent;

use super::{Cost, DocumentState, StoredEntry};

/// Where an entry stands, by its bytes.
struct Standing {
    actor: ActorId,
    seq: u64,
    entry: EntryId,
    max_op: u64,
    dependencies: Vec<EntryId>,
}

impl Standing {
    fn of(circle: &CircleId, stored: &StoredEntry) -> Option<Self> {
        let document = stored.document.id(circle);
        let actor = ActorId::derive(&stored.device, &document, stored.incarnation);
        match &stored.content {
            EntryContent::Plain(bytes) => {
                let change = parse_change(bytes).ok()?;
                let (entry, max_op) = (change.entry, change.max_op());
                Some(Self { actor, seq: change.seq, entry, max_op, dependencies: change.dependencies })
            }
            EntryContent::Sealed(bytes) => {
                let SealedEntry { seq, dependencies, .. } = SealedEntry::parse(bytes).ok()?;
                let entry = sealed_entry_id(&document, &actor, bytes);
                Some(Self { actor, seq, entry, max_op: 0, dependencies })
            }
        }
    }
}

/// A document without its entries in `taken`, which cost `costs`, and the ids of those. `kept` is all else that is
/// stored of it. None when something that is kept builds on what is taken: then it stays.
#[must_use]
pub fn unwind(
    circle: &CircleId,
    state: &DocumentState,
    genesis: &Genesis,
    kept: &[&StoredEntry],
    taken: &[&StoredEntry],
    costs: &[(ActorId, Cost)],
) -> Option<(DocumentState, Vec<EntryId>)> {
    let read = |stored: &[&StoredEntry]| -> Option<Vec<Standing>> {
        stored.iter().map(|stored| Standing::of(circle, stored)).collect()
    };
    let (kept, taken) = (read(kept)?, read(taken)?);
    let ids: SortedSet<EntryId> = taken.iter().map(|entry| entry.entry).collect();
    let built_on: SortedSet<EntryId> = kept.iter().flat_map(|entry| entry.dependencies.iter().copied()).collect();
    if ids.iter().any(|id| built_on.contains(id)) {
        return None;
    }
    let mut counters: SortedMap<EntryId, u64> = kept.iter().map(|entry| (entry.entry, entry.max_op)).collect();
    counters.insert(genesis.entry, genesis.max_op);
    let mut next = state.clone();
    next.entries = state.entries.saturating_sub(taken.len() as u64);
    next.heads = state.heads.iter().filter(|(head, _)| !ids.contains(head)).map(|(head, at)| (*head, *at)).collect();
    for dependency in taken.iter().flat_map(|entry| &entry.dependencies) {
        if let Some(max_op) = counters.get(dependency).filter(|_| !built_on.contains(dependency)) {
            next.heads.insert(*dependency, *max_op);
        }
    }
    let actors: SortedSet<ActorId> = taken.iter().map(|entry| entry.actor).collect();
    for actor in actors.iter() {
        match kept.iter().filter(|entry| entry.actor == *actor).max_by_key(|entry| entry.seq) {
            Some(last) => {
                let cost =
                    costs.iter().filter(|(of, _)| of == actor).fold(Cost::default(), |sum, (_, it)| sum.plus(*it));
                if let Some(chain) = next.chains.get_mut(actor) {
                    (chain.seq, chain.last, chain.max_op) = (last.seq, last.entry, last.max_op);
                    chain.take_off(cost);
                }
            }
            None => _ = next.chains.remove(actor),
        }
    }
    Some((next, ids.into_iter().collect()))
}
