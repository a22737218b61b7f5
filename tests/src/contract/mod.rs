//! `web/src/bridge/contract/`, written from what the core declares: `cargo xtask contract`, held by a test.

mod facts;
mod files;
mod text;
mod types;

use kith_shared::client::Command;
use kith_shared::client::view::Notice;
use kith_shared::contract::{Case, Declaration, Described, Form, Shape};

pub use files::{Generated, generated};

/// Where they lie in the repository.
pub const FOLDER: &str = "web/src/bridge/contract";

/// The commands, as they are declared.
///
/// # Panics
/// Never: commands are told apart by a tag.
#[must_use]
pub fn commands() -> Vec<Case> {
    let Shape::Declared(_, declare) = Command::shape() else { unreachable!("commands are declared") };
    match declare().form {
        Form::Tagged { cases, .. } => cases,
        Form::Record(_) | Form::Names(_) | Form::Untagged(_) => unreachable!("commands have a tag"),
    }
}

/// Every type that a page can meet, commands first, each once.
fn declarations() -> Vec<Declaration> {
    let mut found = Vec::new();
    collect(&Command::shape(), &mut found);
    collect(&Notice::shape(), &mut found);
    found
}

fn collect(shape: &Shape, found: &mut Vec<Declaration>) {
    match shape {
        Shape::List(inner) | Shape::Nullable(inner) | Shape::Written(_, inner) => collect(inner, found),
        Shape::Declared(name, declare) if found.iter().all(|known| known.name != *name) => {
            let declaration = declare();
            found.push(declaration.clone());
            shapes_in(&declaration.form).iter().for_each(|shape| collect(shape, found));
        }
        _ => {}
    }
}

fn shapes_in(form: &Form) -> Vec<Shape> {
    match form {
        Form::Record(fields) => fields.iter().map(|field| field.shape.clone()).collect(),
        Form::Names(cases) => cases.iter().filter_map(|case| case.within.clone()).collect(),
        Form::Tagged { cases, .. } => {
            let of =
                |case: &Case| case.fields.iter().map(|field| field.shape.clone()).chain(case.reply.clone()).collect();
            cases.iter().flat_map(|case| -> Vec<Shape> { of(case) }).collect()
        }
        Form::Untagged(shapes) => shapes.clone(),
    }
}
