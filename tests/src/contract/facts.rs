//! What a command is, for the page's end of the bridge and for the worker.

use super::types::union;
use kith_shared::client::Command;
use kith_shared::contract::{Case, Described, Form, Shape};

use super::commands;
use super::text::comment;
use super::types::named;

/// `commands.ts`, without its imports.
pub(super) fn facts() -> String {
    let commands = commands();
    let names =
        |keep: fn(&Case) -> bool| commands.iter().filter(|case| keep(case)).map(|case| case.name.as_str()).collect();
    [
        replies(&commands),
        set(
            "OPENS",
            "Opens the document that its reply tells, for this page, until it is closed.",
            names(|it| it.opens),
        ),
        set("CLOSES", "The document that it names is not open to this page any more.", names(|it| it.closes)),
        set("READS", "Changes nothing, on this phone or elsewhere.", names(|it| it.reads)),
        once(&commands),
        edits_once(),
    ]
    .join("\n")
}

fn replies(commands: &[Case]) -> String {
    let reply = |case: &Case| {
        let reply = case.reply.as_ref().map_or_else(|| "never".to_owned(), named);
        format!("\t{}: {reply};\n", case.name)
    };
    let fields: String = commands.iter().map(reply).collect();
    format!("{}export interface EngineReplies {{\n{fields}}}\n", comment("What a page gets for each command.", 0))
}

fn set(name: &str, docs: &str, commands: Vec<&str>) -> String {
    let items: String = commands.iter().map(|command| format!("\t'{command}',\n")).collect();
    let list = format!("[{}]", commands.iter().map(|command| format!("'{command}'")).collect::<Vec<_>>().join(", "));
    let head = format!("export const {name}: ReadonlySet<string> = new Set<EngineCommand['cmd']>(");
    let body = if super::text::fits(0, &format!("{head}{list});")) { list } else { format!("[\n{items}]") };
    format!("{}{head}{body});\n", comment(docs, 0))
}

fn once(commands: &[Case]) -> String {
    let once: Vec<(&str, &str)> = commands.iter().filter_map(|case| Some((case.name.as_str(), case.once?))).collect();
    let mut hows: Vec<&str> = once.iter().map(|(_, how)| *how).chain(edits().into_iter().map(|(_, how)| how)).collect();
    hows.sort_unstable();
    hows.dedup();
    let hows: Vec<_> = hows.iter().map(|how| ("", format!("'{how}'"))).collect();
    let type_once = union("Once", &hows);
    let lines: String = once.iter().map(|(command, how)| format!("\t{command}: '{how}',\n")).collect();
    let how = comment(
        "How a command is answered that was done already, its reply lost: with what it was about, as that stands now. \
         `named`: the engine makes the same of the ask's name again.",
        0,
    );
    let what = comment("Done a second time it would add twice, or be refused where it was done.", 0);
    format!("{how}{type_once}\n{what}export const ONCE: Readonly<Record<string, Once>> = {{\n{lines}}};\n")
}

fn edits() -> Vec<(String, &'static str)> {
    let edit = Command::shape();
    let Shape::Declared(_, declare) = edit else { return Vec::new() };
    let Form::Tagged { cases, .. } = declare().form else { return Vec::new() };
    let fields = cases.into_iter().flat_map(|case| case.fields);
    let edits = fields.filter(|field| field.name == "edit").filter_map(|field| match field.shape {
        Shape::Declared(_, declare) => Some(declare().form),
        _ => None,
    });
    let cases = edits.flat_map(|form| match form {
        Form::Tagged { cases, .. } => cases,
        _ => Vec::new(),
    });
    cases.filter_map(|case| Some((case.name.clone(), case.once?))).collect()
}

fn edits_once() -> String {
    let list = edits().iter().map(|(edit, _)| format!("'{edit}'")).collect::<Vec<_>>().join(", ");
    let docs = comment("The same of one edit of a note.", 0);
    format!("{docs}export const EDITS_ONCE: ReadonlySet<string> = new Set<NoteEdit['edit']>([{list}]);\n")
}
