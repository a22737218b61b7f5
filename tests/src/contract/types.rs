//! Types, as TypeScript declares them.

use kith_shared::contract::{Case, Declaration, Field, Form, Shape};

use super::text::{comment, fits};

/// A type by its name or its form.
pub(super) fn named(shape: &Shape) -> String {
    match shape {
        Shape::Text => "string".to_owned(),
        Shape::Number => "number".to_owned(),
        Shape::Flag => "boolean".to_owned(),
        Shape::Null => "null".to_owned(),
        Shape::Id(name) | Shape::Declared(name, _) => (*name).to_owned(),
        Shape::List(item) if matches!(**item, Shape::Nullable(_)) => format!("({})[]", named(item)),
        Shape::List(item) => format!("{}[]", named(item)),
        Shape::Nullable(inner) => format!("{} | null", named(inner)),
        Shape::Written(written, _) => (*written).to_owned(),
    }
}

/// A declaration, with its doc comment.
pub(super) fn declared(declaration: &Declaration) -> String {
    let Declaration { name, docs, form, .. } = declaration;
    let body = match form {
        Form::Record(fields) => format!("export interface {name} {{\n{}}}\n", block(fields, 1)),
        Form::Names(cases) => union(name, &cases.iter().map(member).collect::<Vec<_>>()),
        Form::Tagged { tag, cases } => {
            union(name, &cases.iter().map(|case| (case.docs, object(tag, case))).collect::<Vec<_>>())
        }
        Form::Untagged(shapes) => union(name, &shapes.iter().map(|shape| ("", named(shape))).collect::<Vec<_>>()),
    };
    comment(docs, 0) + &body
}

fn member(case: &Case) -> (&str, String) {
    match &case.within {
        Some(within) => (case.docs, named(within)),
        None => (case.docs, format!("'{}'", case.name)),
    }
}

pub(super) fn union(name: &str, members: &[(&str, String)]) -> String {
    let joined = members.iter().map(|(_, member)| member.as_str()).collect::<Vec<_>>().join(" | ");
    let is_plain = members.iter().all(|(docs, member)| docs.is_empty() && !member.contains('\n'));
    let line = format!("export type {name} = {joined};");
    if is_plain && fits(0, &line) {
        return line + "\n";
    }
    if is_plain && fits(1, &format!("{joined};")) {
        return format!("export type {name} =\n\t{joined};\n");
    }
    let members: String = members.iter().map(|(docs, member)| format!("{}\t| {member}\n", comment(docs, 1))).collect();
    format!("export type {name} =\n{};\n", members.trim_end())
}

/// An object of a union: on one line where it fits and nothing is said of its fields.
fn object(tag: &str, case: &Case) -> String {
    let tag = format!("{tag}: '{}'", case.name);
    let fields: Vec<String> = std::iter::once(tag.clone()).chain(case.fields.iter().map(field)).collect();
    let line = format!("{{ {} }}", fields.join("; "));
    let is_said = case.fields.iter().any(|field| !field.docs.is_empty());
    if !is_said && fits(1, &format!("| {line}")) {
        return line;
    }
    format!("{{\n\t\t\t{tag};\n{}\t  }}", block(&case.fields, 3))
}

fn block(fields: &[Field], tabs: usize) -> String {
    let indent = "\t".repeat(tabs);
    fields.iter().map(|one| format!("{}{indent}{};\n", comment(one.docs, tabs), field(one))).collect()
}

fn field(field: &Field) -> String {
    // What may be left out is left out in the place of null.
    let shape = match (&field.shape, field.optional) {
        (Shape::Nullable(inner), true) => named(inner),
        (shape, _) => named(shape),
    };
    format!("{}{}: {shape}", field.name, if field.optional { "?" } else { "" })
}
