//! The engine's parts own their fields: nobody reaches into one, and a part knows neither the engine nor a task.

use std::collections::BTreeSet;

use syn::{Fields, Item, ItemStruct, Type, Visibility};

use super::source::{Source, hold, sources};

const ENGINE: &str = "shared/src/client/engine.rs";
const PARTS: &str = "shared/src/client/parts/";

/// The names in a type: of `Option<Enrolling>` both.
fn names(ty: &Type) -> Vec<String> {
    let Type::Path(path) = ty else { return Vec::new() };
    let of_segment = |segment: &syn::PathSegment| {
        let inner = match &segment.arguments {
            syn::PathArguments::AngleBracketed(inner) => inner.args.iter().flat_map(|argument| match argument {
                syn::GenericArgument::Type(ty) => names(ty),
                _ => Vec::new(),
            }),
            _ => return vec![segment.ident.to_string()],
        };
        inner.chain([segment.ident.to_string()]).collect()
    };
    path.path.segments.iter().flat_map(of_segment).collect()
}

fn structs(source: &Source) -> Vec<ItemStruct> {
    let file = syn::parse_file(&source.text).unwrap();
    let found = file.items.into_iter().filter_map(|item| match item {
        Item::Struct(found) => Some(found),
        _ => None,
    });
    found.collect()
}

/// The types of the engine's fields, and of what a part of it holds in the open.
fn parts(all: &[Source]) -> BTreeSet<String> {
    let engine = all.iter().filter(|source| source.path == ENGINE).flat_map(structs);
    engine.flat_map(|engine| engine.fields.iter().flat_map(|field| names(&field.ty)).collect::<Vec<_>>()).collect()
}

/// Fields of parts that anybody can touch, where their type is no part that guards itself.
fn open_fields(all: &[Source]) -> Vec<String> {
    let named = parts(all);
    let within = all.iter().filter(|source| source.path.starts_with(PARTS));
    let found: Vec<ItemStruct> = within.flat_map(structs).collect();
    let is_struct = |name: &String| found.iter().any(|it| it.ident == name);
    let mut open = Vec::new();
    for part in found.iter().filter(|it| named.contains(&it.ident.to_string())) {
        let Fields::Named(fields) = &part.fields else { continue };
        let seen = fields.named.iter().filter(|field| !matches!(field.vis, Visibility::Inherited));
        for field in seen.filter(|field| !names(&field.ty).iter().any(is_struct)) {
            open.push(format!("{}.{}", part.ident, field.ident.as_ref().map_or_else(String::new, ToString::to_string)));
        }
    }
    open
}

#[test]
fn parts_of_the_engine_own_their_fields() {
    let all = sources(&[".rs"]);
    let named = parts(&all);
    assert!(named.len() > 12, "the engine's parts: {named:?}");
    hold("a part's fields are its own: give it a verb", open_fields(&all));
}

#[test]
fn a_part_that_others_reach_into_is_found() {
    let source = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
    let all = [
        source(ENGINE, "pub struct Engine { lists: Lists, coming: Option<Coming>, kinds: Kinds }"),
        source("shared/src/client/parts/a.rs", "struct Lists { pub(in crate::client) all: u8, own: u8 }"),
        source("shared/src/client/parts/b.rs", "struct Coming { pub way: Vec<u8> } struct Kinds { pub notes: Notes }"),
        source("shared/src/client/parts/c.rs", "struct Notes { versions: u8 } struct Plain { pub free: u8 }"),
    ];
    assert_eq!(open_fields(&all), ["Lists.all", "Coming.way"]);
}
