//! Which type lies in which file, and what each file imports.

use std::collections::{BTreeMap, BTreeSet};

use kith_shared::contract::Declaration;

use super::declarations;
use super::facts::facts;
use super::text::comment;
use super::types::declared;

/// A file that is written, and all that is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Its name in [`super::FOLDER`].
    pub name: String,
    /// What it says.
    pub text: String,
}

const HEAD: &str = "// Written by `cargo xtask contract` from what the core declares: change it there.\n";

/// The file of a Rust module's types.
const FILES: [(&str, &str); 25] = [
    ("kith_shared::client::command", "commands"),
    ("kith_shared::client::command::edit", "note"),
    ("kith_shared::client::view::note", "note"),
    ("kith_shared::document::note::view", "note"),
    ("kith_shared::client::view::thread", "thread"),
    ("kith_shared::document::thread", "thread"),
    ("kith_shared::client::view::toolkit", "toolkit"),
    ("kith_shared::document::toolkit", "toolkit"),
    ("kith_shared::client::view::plan", "plan"),
    ("kith_shared::document::own::line", "plan"),
    ("kith_shared::client::view::choices", "thread"),
    ("kith_shared::document::own::choice", "thread"),
    ("kith_shared::client::view::kept", "kept"),
    ("kith_shared::document::own::kept", "kept"),
    ("kith_shared::client::view::journal", "journal"),
    ("kith_shared::document::own::entry", "journal"),
    ("kith_shared::client::view::report", "reports"),
    ("kith_shared::client::view::story", "stories"),
    ("kith_shared::document::story", "stories"),
    ("kith_shared::client::view::circle", "people"),
    ("kith_shared::client::view::people", "people"),
    ("kith_shared::client::view::returned", "people"),
    ("kith_shared::client::view::ways", "people"),
    ("kith_shared::trust::role", "people"),
    ("kith_shared::client::problem", "problem"),
];
/// Of what lies in no other module.
const REST: &str = "engine";
/// Types of the page's own.
const ELSEWHERE: [(&str, &str); 1] = [("Hindrance", "../hindrance")];

/// Texts and numbers that have a name of their own.
const PLAIN: [(&str, &str, &str); 19] = [
    ("CircleId", "string", "A circle: lower-case hex, as all ids."),
    (
        "DocumentId",
        "string",
        "A document: follows from its circle and what it is, so that two phones open the same one.",
    ),
    ("DeviceId", "string", "A phone, or a printed code."),
    ("InviteKey", "string", "What an invitation is called."),
    ("MemberId", "string", "A person in a circle."),
    ("StatementId", "string", "A statement of a circle."),
    ("ThreadId", "string", "A thread of a circle; all zero: the one that every circle has from the start."),
    (
        "Conversation",
        "string",
        "What people talk in: a `ThreadId`, or the `MemberId` of the other one where it is between two.",
    ),
    (
        "ItemId",
        "string",
        "A point of the agenda, or what somebody took on. Sorting by it gives the order in which people added.",
    ),
    ("AgreementDigest", "string", "What a circle's agreement says: another one once a line says something else."),
    (
        "MessageKey",
        "string",
        "A message's key: unique in its thread, sorts by nothing; order messages by `sentMs`, then key.",
    ),
    ("StrategyKey", "string", "A strategy's key: unique in its circle, sorts by nothing."),
    ("StoryKey", "string", "A story's or milestone's key: unique in its circle, sorts by nothing."),
    ("ReportKey", "string", "A report's key: unique in its circle, sorts by nothing."),
    (
        "RecordKey",
        "string",
        "What somebody wrote: a `MessageKey`, `StrategyKey` or `StoryKey`, each of which is unique in its circle.",
    ),
    ("PlanLineKey", "string", "A line's key: unique in its plan, sorts by nothing."),
    ("JournalKey", "string", "An entry's key: unique in its journal, sorts by nothing."),
    ("KeptKey", "string", "The key of what somebody keeps their word by: unique in its circle, sorts by nothing."),
    ("DayNumber", "number", "Days since 1970-01-01, a session's date."),
];

fn file_of(declaration: &Declaration) -> &'static str {
    FILES.iter().find(|(module, _)| *module == declaration.module).map_or(REST, |(_, file)| *file)
}

/// All files, by name.
#[must_use]
pub fn generated() -> Vec<Generated> {
    let declarations = declarations();
    let mut bodies: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut home: BTreeMap<&str, String> = ELSEWHERE.iter().map(|(name, file)| (*name, (*file).to_owned())).collect();
    for declaration in &declarations {
        let file = file_of(declaration);
        bodies.entry(file).or_default().push(declared(declaration));
        home.insert(declaration.name, format!("./{file}"));
    }
    bodies.entry("commands").or_default().push(facts());
    for (name, form, docs) in PLAIN {
        bodies.entry("ids").or_default().push(format!("{}export type {name} = {form};\n", comment(docs, 0)));
        home.insert(name, "./ids".to_owned());
    }
    bodies.into_iter().map(|(name, bodies)| file(name, &bodies.join("\n"), &home)).collect()
}

fn file(name: &str, body: &str, home: &BTreeMap<&str, String>) -> Generated {
    let mut imports: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for word in words(body) {
        if let Some((word, from)) = home.get_key_value(word).filter(|(_, from)| **from != format!("./{name}")) {
            imports.entry(from).or_default().insert(word);
        }
    }
    let imports: String = imports.iter().map(|(from, names)| import(from, names)).collect();
    let gap = if imports.is_empty() { "" } else { "\n" };
    Generated { name: format!("{name}.ts"), text: format!("{HEAD}{imports}{gap}{body}") }
}

fn import(from: &str, names: &BTreeSet<&str>) -> String {
    let line = format!("import type {{ {} }} from '{from}';\n", names.iter().copied().collect::<Vec<_>>().join(", "));
    if super::text::fits(0, line.trim_end()) {
        return line;
    }
    let names: String = names.iter().map(|name| format!("\t{name},\n")).collect();
    format!("import type {{\n{names}}} from '{from}';\n")
}

/// The words of the code, comments and texts left out.
fn words(body: &str) -> impl Iterator<Item = &str> {
    let is_code = |line: &&str| !line.trim_start().starts_with(['*', '/']);
    let parts = body.lines().filter(is_code).flat_map(|line| line.split('\'').enumerate());
    // A text in quotes within `Omit<…>` or after a colon is no type; `Command['cmd']` is before it.
    let parts = parts.filter(|(at, _)| at % 2 == 0).map(|(_, part)| part);
    parts.flat_map(|part| part.split(|letter: char| !letter.is_ascii_alphanumeric()))
}
