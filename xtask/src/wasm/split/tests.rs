//! Small modules are parted, and the halves run in Node.

use std::process::Command;

use walrus::ir::BinaryOp;
use walrus::{ElementItems, RefType};

use super::*;

/// Joins the halves as the script says, and prints what it has in `said`.
const RUN: &str = "const [first, second] = process.argv.slice(1).map((hex) => Buffer.from(hex, 'hex'));\
    let asked = 0; let join = () => {}; const said = [];\
    const env = { need: () => { asked += 1; join(); } };\
    const whole = new WebAssembly.Instance(new WebAssembly.Module(first), { env }).exports;\
    const begin = () => new WebAssembly.Instance(new WebAssembly.Module(second), { first: whole });";

fn bytes_of(module: &mut Module) -> Vec<u8> {
    parse(&module.emit_wasm()).unwrap().emit_wasm()
}

/// `main(x)` is `plan(x, 5) + shared(x)`; `plan` calls `lines`, which only it reaches, and `shared`; `through(x)` calls the
/// table's second function, `told(x)`, which is 100 more. `shared` adds a global, which is 7.
fn whole() -> Module {
    let mut module = Module::with_config(ModuleConfig::new());
    let (number, wide) = (ValType::I32, ValType::I64);
    let unary = module.types.add(&[number], &[number]);
    let nullary = module.types.add(&[], &[]);
    let (need, _) = module.add_import_func("env", "need", nullary);
    let memory = module.memories.add_local(false, false, 1, None, None);
    module.exports.add("memory", memory);
    let seven = module.globals.add_local(number, true, false, ConstExpr::Value(Value::I32(7)));
    let table = module.tables.add_local(false, 3, Some(3), RefType::FUNCREF);
    let x = |module: &mut Module| module.locals.add(number);

    let function = |module: &mut Module, name: &str, body: &dyn Fn(&mut walrus::InstrSeqBuilder<'_>, LocalId)| {
        let at = x(module);
        let mut builder = FunctionBuilder::new(&mut module.types, &[number], &[number]);
        builder.name(name.to_owned());
        body(&mut builder.func_body(), at);
        builder.finish(vec![at], &mut module.funcs)
    };
    let shared = function(&mut module, "<kith[0123456789abcdef]::Engine>::shared", &|body, x| {
        body.local_get(x).global_get(seven).binop(BinaryOp::I32Add);
    });
    let lines = function(&mut module, "<kith[0123456789abcdef]::Engine>::lines", &|body, x| {
        body.local_get(x).i32_const(2).binop(BinaryOp::I32Mul);
    });
    let told =
        function(&mut module, "core::call::<<kith[0123456789abcdef]::Engine>::told::{closure#0}>", &|body, x| {
            body.local_get(x).i32_const(100).binop(BinaryOp::I32Add);
        });
    let other = function(&mut module, "<kith[0123456789abcdef]::Engine>::other", &|body, x| {
        body.local_get(x);
    });
    let (a, b) = (module.locals.add(number), module.locals.add(wide));
    let mut plan = FunctionBuilder::new(&mut module.types, &[number, wide], &[number]);
    plan.name("<kith[0123456789abcdef]::Engine>::plan".to_owned());
    plan.func_body()
        .local_get(a)
        .call(lines)
        .call(shared)
        .local_get(b)
        .unop(UnaryOp::I32WrapI64)
        .binop(BinaryOp::I32Add);
    let plan = plan.finish(vec![a, b], &mut module.funcs);
    let main = function(&mut module, "main", &|body, x| {
        body.local_get(x).i64_const(5).call(plan).local_get(x).call(shared).binop(BinaryOp::I32Add);
    });
    let through = function(&mut module, "through", &|body, x| {
        body.local_get(x).i32_const(1).call_indirect(unary, table);
    });
    let mut ask = FunctionBuilder::new(&mut module.types, &[], &[]);
    ask.func_body().call(need);
    let ask = ask.finish(Vec::new(), &mut module.funcs);
    for (name, function) in [("main", main), ("through", through), (NEED, ask)] {
        module.exports.add(name, function);
    }
    let kind = ElementKind::Active { table, offset: ConstExpr::Value(Value::I32(0)) };
    let element = module.elements.add(kind, ElementItems::Functions(vec![other, told, shared]));
    module.tables.get_mut(table).elem_segments.insert(element);
    module
}

fn halves(lines: &str) -> Halves {
    split(&bytes_of(&mut whole()), &List::read(lines)).unwrap()
}

/// What `script` says, with the halves and `begin`, which joins them.
fn run(halves: &Halves, script: &str) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let script = format!("{RUN} {script}; console.log(said.join(' '), asked);");
    let output =
        Command::new("node").args(["-e", &script, &hex(&halves.first), &hex(&halves.second)]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn names(half: &[u8]) -> Vec<String> {
    let half = parse(half).unwrap();
    let mut names: Vec<String> =
        half.funcs.iter_local().filter_map(|(id, _)| half.funcs.get(id).name.clone()).collect();
    names.sort();
    names.iter().map(|name| name.replace("[0123456789abcdef]", "")).collect()
}

const LIST: &str = "Engine>::plan\nEngine>::told\n";

#[test]
fn what_only_the_moved_reach_moves_along_and_what_others_reach_stays() {
    let halves = halves(LIST);
    let second = ["<kith::Engine>::lines", "<kith::Engine>::plan", "core::call::<<kith::Engine>::told::{closure#0}>"];
    assert_eq!(names(&halves.second), second);
    assert!(!names(&halves.first).contains(&"<kith::Engine>::lines".to_owned()));
    let first = parse(&halves.first).unwrap();
    assert!(["main", "through", NEED, "memory"].iter().all(|name| first.exports.iter().any(|it| it.name == *name)));
}

#[test]
fn a_call_before_the_second_half_is_there_asks_for_it_once_and_goes_on() {
    let calls = "said.push(whole.main(10), whole.through(10), whole.main(1))";
    assert_eq!(run(&halves(LIST), &format!("join = begin; {calls}")), "49 110 22 1");
}

#[test]
fn where_the_second_half_came_before_nobody_asks() {
    assert_eq!(run(&halves(LIST), "begin(); said.push(whole.main(10), whole.through(10))"), "49 110 0");
}

#[test]
fn what_the_second_half_throws_instead_of_coming_reaches_the_caller() {
    let script = "join = () => { throw new Error('away') }; try { whole.main(1) } catch (error) { said.push(error.message) }\
        join = begin; said.push(whole.main(10))";
    assert_eq!(run(&halves(LIST), script), "away 49 2");
}

#[test]
fn a_second_half_of_another_build_does_not_link() {
    let mut other = whole();
    other.exports.add("more", other.exports.get_func("main").unwrap());
    let other = split(&bytes_of(&mut other), &List::read(LIST)).unwrap();
    let mixed = Halves { first: halves(LIST).first, second: other.second };
    assert_eq!(run(&mixed, "try { begin() } catch (error) { said.push(error.name) }"), "LinkError 0");
}

#[test]
fn a_list_that_moves_nothing_and_a_module_without_the_export_are_refused() {
    let bytes = bytes_of(&mut whole());
    assert!(split(&bytes, &List::read("")).is_err());
    assert!(split(&bytes, &List::read("Engine>::gone")).is_err());
    let mut without = whole();
    without.exports.remove(NEED).unwrap();
    let error = format!("{:#}", split(&bytes_of(&mut without), &List::read(LIST)).err().unwrap());
    assert!(error.contains("needSecond"), "{error}");
}
