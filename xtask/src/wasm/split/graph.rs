//! What calls what in a module.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Context, Result, bail};
use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, ElementItems, ElementKind, ExportItem, FunctionId, GlobalId, Module, TableId};

/// What a function's body names, by numbers.
#[derive(Default)]
pub(super) struct Uses {
    pub(super) functions: BTreeSet<usize>,
    pub(super) globals: BTreeSet<usize>,
    pub(super) tables: BTreeSet<usize>,
}

/// A module's functions by their numbers, and what they name.
pub(super) struct Graph {
    /// Of each function that has a body.
    pub(super) uses: BTreeMap<usize, Uses>,
    /// Names without hashes; imports have none.
    pub(super) names: Vec<String>,
    /// What anybody may call: exports, and the start.
    pub(super) outside: BTreeSet<usize>,
    /// The function table.
    pub(super) slots: BTreeMap<u32, usize>,
    /// The function table's own number, and its length.
    pub(super) table: (usize, u32),
}

impl Graph {
    pub(super) fn of(module: &Module) -> Result<Self> {
        let functions: HashMap<FunctionId, usize> =
            module.funcs.iter().enumerate().map(|(at, item)| (item.id(), at)).collect();
        let globals = module.globals.iter().enumerate().map(|(at, item)| (item.id(), at)).collect();
        let tables: HashMap<TableId, usize> =
            module.tables.iter().enumerate().map(|(at, item)| (item.id(), at)).collect();
        let uses = module.funcs.iter_local().map(|(id, body)| {
            let mut named = Named { functions: &functions, globals: &globals, tables: &tables, uses: Uses::default() };
            dfs_in_order(&mut named, body, body.entry_block());
            (functions[&id], named.uses)
        });
        let uses = uses.collect();
        let outside = module.exports.iter().filter_map(|export| match export.item {
            ExportItem::Function(function) => Some(function),
            _ => None,
        });
        let outside = outside.chain(module.start).map(|function| functions[&function]).collect();
        let table = module.tables.main_function_table()?.context("the module has no table of functions")?;
        let length = u32::try_from(module.tables.get(table).initial)?;
        let names = module.funcs.iter().map(|function| without_hashes(function.name.as_deref().unwrap_or("")));
        let slots = slots(module, table, &functions)?;
        Ok(Self { uses, names: names.collect(), outside, slots, table: (tables[&table], length) })
    }
}

struct Named<'a> {
    functions: &'a HashMap<FunctionId, usize>,
    globals: &'a HashMap<GlobalId, usize>,
    tables: &'a HashMap<TableId, usize>,
    uses: Uses,
}

impl<'instr> Visitor<'instr> for Named<'_> {
    fn visit_function_id(&mut self, function: &FunctionId) {
        self.uses.functions.insert(self.functions[function]);
    }

    fn visit_global_id(&mut self, global: &GlobalId) {
        self.uses.globals.insert(self.globals[global]);
    }

    fn visit_table_id(&mut self, table: &TableId) {
        self.uses.tables.insert(self.tables[table]);
    }
}

fn slots(module: &Module, table: TableId, functions: &HashMap<FunctionId, usize>) -> Result<BTreeMap<u32, usize>> {
    let mut slots = BTreeMap::new();
    for element in module.elements.iter() {
        let (
            ElementKind::Active { table: of, offset: ConstExpr::Value(Value::I32(offset)) },
            ElementItems::Functions(items),
        ) = (&element.kind, &element.items)
        else {
            bail!("the module has an element segment of a kind that rustc does not make");
        };
        if *of == table {
            slots.extend((offset.cast_unsigned()..).zip(items.iter().map(|function| functions[function])));
        }
    }
    Ok(slots)
}

/// A name without the hashes of crates in it: `kith_shared[71615122b906d5ee]::client`.
fn without_hashes(name: &str) -> String {
    let mut parts = name.split('[');
    let mut bare = parts.next().unwrap_or("").to_owned();
    for part in parts {
        match part.split_once(']') {
            Some((hash, rest)) if hash.len() > 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => bare += rest,
            _ => {
                bare.push('[');
                bare += part;
            }
        }
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_the_hashes_of_crates_and_nothing_else() {
        let name = "<[kith_shared[71615122b906d5ee]::ids::BodyId] as core[8f]::X>::f::<[u8; 4]>";
        assert_eq!(without_hashes(name), "<[kith_shared::ids::BodyId] as core[8f]::X>::f::<[u8; 4]>");
    }
}
