//! Parting the core in two modules, so that a person need not wait for rooms they have not opened.
//!
//! Functions move by name, and with them whatever only they reach. In the first module a few instructions stand in the place of
//! each moved function that something there calls: they ask for the second module unless it is there, and call on through the
//! function table. The second module takes memory, table, globals and functions from the first, and overwrites its places
//! in the table when it begins. So it may come at any time, and correctness never depends on the list of names.

mod graph;
mod list;
mod plan;

use std::hash::{DefaultHasher, Hasher};

use anyhow::{Context, Result, bail};
use walrus::ir::{Call, CallIndirect, Const, GlobalGet, UnaryOp, Value};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportId, FunctionBuilder, FunctionId, FunctionKind, GlobalId, GlobalKind,
    ImportKind, ImportedFunction, LocalId, Module, ModuleConfig, TableId, ValType, passes,
};

use graph::Graph;
pub(crate) use list::List;
use plan::Plan;

/// The first module's export that loads the second; client-wasm has it.
const NEED: &str = "needSecond";
/// What the second module's imports are of.
const FIRST: &str = "first";

/// A module in two.
pub(crate) struct Halves {
    /// Has all exports of the whole, and those that the second needs, by numbers.
    pub(crate) first: Vec<u8>,
    /// Imports the exports of the first, and exports nothing.
    pub(crate) second: Vec<u8>,
}

/// Parts a module as `list` says.
///
/// # Errors
/// For a module that is none of wasm-bindgen's, and for a line of the list that names nothing.
pub(crate) fn split(module: &[u8], list: &List) -> Result<Halves> {
    let (first, second) = (parse(module)?, parse(module)?);
    let plan = Plan::new(&first, &Graph::of(&first)?, list)?;
    // The second can't be joined with the first of another build, which has no export of this name.
    let mut hasher = DefaultHasher::new();
    hasher.write(module);
    let build = format!("of-{:016x}", hasher.finish());
    Ok(Halves { first: make_first(first, &plan, &build)?, second: make_second(second, &plan, &build)? })
}

fn parse(module: &[u8]) -> Result<Module> {
    ModuleConfig::new().generate_producers_section(false).parse(module).context("the module cannot be read")
}

/// A module's items in the order that they are numbered in: the same in both copies of a module.
struct Ids {
    functions: Vec<FunctionId>,
    globals: Vec<GlobalId>,
    tables: Vec<TableId>,
    /// The one for functions.
    table: TableId,
}

impl Ids {
    fn of(module: &Module) -> Result<Self> {
        Ok(Self {
            functions: module.funcs.iter().map(walrus::Function::id).collect(),
            globals: module.globals.iter().map(walrus::Global::id).collect(),
            tables: module.tables.iter().map(walrus::Table::id).collect(),
            table: module.tables.main_function_table()?.context("the module has no table of functions")?,
        })
    }
}

fn make_first(mut module: Module, plan: &Plan, build: &str) -> Result<Vec<u8>> {
    let ids = Ids::of(&module)?;
    let need = module.exports.get_func(NEED).with_context(|| format!("the core has no export `{NEED}`"))?;
    let is_here = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
    grow(&mut module, ids.table, plan.slots_end);
    for (function, slot) in &plan.entries {
        stand_in(&mut module, ids.functions[*function], (ids.table, *slot), need, is_here);
    }
    let mut name = (0..).map(|number: usize| number.to_string());
    for function in &plan.shared_functions {
        module.exports.add(&name.next().unwrap_or_default(), ids.functions[*function]);
    }
    for global in &plan.shared_globals {
        module.exports.add(&name.next().unwrap_or_default(), ids.globals[*global]);
    }
    for table in &plan.shared_tables {
        module.exports.add(&name.next().unwrap_or_default(), ids.tables[*table]);
    }
    module.exports.add(build, is_here);
    passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}

/// Replaces a moved function by one that calls it through its slot, after the second module was asked for.
fn stand_in(module: &mut Module, function: FunctionId, at: (TableId, u32), need: FunctionId, is_here: GlobalId) {
    let (table, slot) = at;
    let ty = module.funcs.get(function).ty();
    let (params, results) = module.types.params_results(ty);
    let (params, results) = (params.to_vec(), results.to_vec());
    let arguments: Vec<LocalId> = params.iter().map(|ty| module.locals.add(*ty)).collect();
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    let mut body = builder.func_body();
    body.instr(GlobalGet { global: is_here }).unop(UnaryOp::I32Eqz).if_else(
        None,
        |missing| {
            missing.instr(Call { func: need });
        },
        |_| {},
    );
    for argument in &arguments {
        body.local_get(*argument);
    }
    body.instr(Const { value: Value::I32(slot.cast_signed()) }).instr(CallIndirect { ty, table });
    module.funcs.get_mut(function).kind = FunctionKind::Local(builder.local_func(arguments));
}

fn make_second(mut module: Module, plan: &Plan, build: &str) -> Result<Vec<u8>> {
    let ids = Ids::of(&module)?;
    empty(&mut module);
    let mut name = (0..).map(|number: usize| number.to_string());
    for function in &plan.shared_functions {
        import_function(&mut module, ids.functions[*function], &name.next().unwrap_or_default())?;
    }
    for global in &plan.shared_globals {
        let global = ids.globals[*global];
        let import = module.imports.add(FIRST, &name.next().unwrap_or_default(), global);
        module.globals.get_mut(global).kind = GlobalKind::Import(import);
    }
    for table in &plan.shared_tables {
        let table = ids.tables[*table];
        let import = module.imports.add(FIRST, &name.next().unwrap_or_default(), table);
        module.tables.get_mut(table).import = Some(import);
    }
    grow(&mut module, ids.table, plan.slots_end);
    let Some(memory) = module.memories.iter().next().map(walrus::Memory::id) else { bail!("the module has no memory") };
    let import = module.imports.add(FIRST, "memory", memory);
    module.memories.get_mut(memory).import = Some(import);
    let (is_here, _) = module.add_import_global(FIRST, build, ValType::I32, true, false);
    let mut start = FunctionBuilder::new(&mut module.types, &[], &[]);
    start.func_body().i32_const(1).global_set(is_here);
    module.start = Some(start.finish(Vec::new(), &mut module.funcs));
    for (at, functions) in plan.runs() {
        let offset = ConstExpr::Value(Value::I32(at.cast_signed()));
        let functions = functions.into_iter().map(|function| ids.functions[function]).collect();
        let kind = ElementKind::Active { table: ids.table, offset };
        let element = module.elements.add(kind, ElementItems::Functions(functions));
        module.tables.get_mut(ids.table).elem_segments.insert(element);
    }
    passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}

/// Takes away what the first module has: exports, data, the table's functions, the start.
fn empty(module: &mut Module) {
    module.start = None;
    let exports: Vec<ExportId> = module.exports.iter().map(walrus::Export::id).collect();
    exports.into_iter().for_each(|export| module.exports.delete(export));
    let data: Vec<_> = module.data.iter().map(walrus::Data::id).collect();
    data.into_iter().for_each(|data| module.data.delete(data));
    let elements: Vec<_> = module.elements.iter().map(walrus::Element::id).collect();
    elements.into_iter().for_each(|element| module.elements.delete(element));
    module.tables.iter_mut().for_each(|table| table.elem_segments.clear());
    module.memories.iter_mut().for_each(|memory| memory.data_segments.clear());
}

/// Has a function come from the first module, which may have it from elsewhere.
fn import_function(module: &mut Module, function: FunctionId, name: &str) -> Result<()> {
    match &module.funcs.get(function).kind {
        FunctionKind::Import(imported) => {
            let import = module.imports.get_mut(imported.import);
            FIRST.clone_into(&mut import.module);
            name.clone_into(&mut import.name);
        }
        FunctionKind::Local(local) => {
            let ty = local.ty();
            let import = module.imports.add(FIRST, name, ImportKind::Function(function));
            module.funcs.get_mut(function).kind = FunctionKind::Import(ImportedFunction { import, ty });
        }
        FunctionKind::Uninitialized(_) => bail!("a function without a body"),
    }
    Ok(())
}

/// The table of functions has room up to `end`.
fn grow(module: &mut Module, table: TableId, end: u32) {
    let table = module.tables.get_mut(table);
    table.initial = table.initial.max(u64::from(end));
    table.maximum = table.maximum.map(|most| most.max(table.initial));
}

#[cfg(test)]
mod tests;
