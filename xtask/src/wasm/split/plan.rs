//! What moves, and by which slots it is called.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use walrus::Module;

use super::graph::Graph;
use super::list::List;

/// How a module is parted; functions, globals and tables by their numbers.
pub(super) struct Plan {
    /// Functions that move and that something of the first module calls or its table has, each with a slot to call it by.
    pub(super) entries: BTreeMap<usize, u32>,
    /// All slots that have moved functions: those of the table as it was, then fresh ones.
    slots: BTreeMap<u32, usize>,
    /// The table's length with them.
    pub(super) slots_end: u32,
    /// What stays and moved functions name.
    pub(super) shared_functions: BTreeSet<usize>,
    pub(super) shared_globals: BTreeSet<usize>,
    pub(super) shared_tables: BTreeSet<usize>,
}

impl Plan {
    pub(super) fn new(module: &Module, graph: &Graph, list: &List) -> Result<Self> {
        let in_table: BTreeSet<usize> = graph.slots.values().copied().collect();
        let local = graph.uses.keys().filter(|function| !graph.outside.contains(function));
        let named = local.map(|function| (*function, graph.names[*function].as_str(), in_table.contains(function)));
        let chosen = list.choose(named)?;
        let kept = reached(graph, &chosen);
        let moved: BTreeSet<usize> = graph.uses.keys().copied().filter(|function| !kept.contains(function)).collect();
        if moved.is_empty() {
            bail!("nothing of the module moves");
        }
        if module.start.is_some() {
            bail!("the module has a start function, which would run in both halves");
        }
        let mut slots: BTreeMap<u32, usize> = graph.slots.clone();
        slots.retain(|_, function| moved.contains(function));
        let mut entries: BTreeMap<usize, u32> = slots.iter().rev().map(|(slot, function)| (*function, *slot)).collect();
        let (table, mut slots_end) = graph.table;
        let called = kept.iter().filter_map(|function| graph.uses.get(function)).flat_map(|uses| &uses.functions);
        for function in called.copied().filter(|function| moved.contains(function)).collect::<BTreeSet<_>>() {
            entries.entry(function).or_insert_with(|| {
                slots.insert(slots_end, function);
                slots_end += 1;
                slots_end - 1
            });
        }
        let uses = || moved.iter().map(|function| &graph.uses[function]);
        Ok(Self {
            entries,
            slots,
            slots_end,
            shared_functions: uses()
                .flat_map(|uses| &uses.functions)
                .copied()
                .filter(|it| !moved.contains(it))
                .collect(),
            shared_globals: uses().flat_map(|uses| &uses.globals).copied().collect(),
            shared_tables: uses().flat_map(|uses| &uses.tables).copied().chain([table]).collect(),
        })
    }

    /// The slots that the second module fills: where each run of them begins, and its functions.
    pub(super) fn runs(&self) -> Vec<(u32, Vec<usize>)> {
        let mut runs: Vec<(u32, Vec<usize>)> = Vec::new();
        let mut next = None;
        for (slot, function) in &self.slots {
            match runs.last_mut() {
                Some((_, functions)) if next == Some(*slot) => functions.push(*function),
                _ => runs.push((*slot, vec![*function])),
            }
            next = slot.checked_add(1);
        }
        runs
    }
}

/// What can be called without any of `chosen`: all that anybody outside, or the table, leads to.
fn reached(graph: &Graph, chosen: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut pending: Vec<usize> = graph.outside.iter().chain(graph.slots.values()).copied().collect();
    while let Some(function) = pending.pop() {
        if chosen.contains(&function) || !reached.insert(function) {
            continue;
        }
        pending.extend(graph.uses.get(&function).into_iter().flat_map(|uses| &uses.functions));
    }
    reached
}
