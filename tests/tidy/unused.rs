//! What is `pub` and named nowhere but in its own file could be private. That it is reachable at all, `unreachable_pub` of
//! the compiler holds; here the names are compared, of items at the top of a module of `shared` and `server`.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use super::source::{Source, hold, sources};

/// Names that stand in a file's code, but for what it only hands on (`pub use`).
fn names(source: &Source) -> BTreeSet<String> {
    let Ok(file) = syn::parse_file(&source.text) else { panic!("{} is no Rust", source.path) };
    let mut names = BTreeSet::new();
    for item in file.items {
        if !matches!(&item, syn::Item::Use(used) if !matches!(used.vis, syn::Visibility::Inherited)) {
            take(item.to_token_stream(), &mut names);
        }
    }
    names
}

fn take(tokens: TokenStream, names: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => drop(names.insert(ident.to_string())),
            TokenTree::Group(group) => take(group.stream(), names),
            _ => {}
        }
    }
}

/// Names in what the items of a file promise: parameters and results, fields, cases, types of traits.
fn promised(file: &syn::File) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for item in &file.items {
        match item {
            syn::Item::Fn(item) => take(item.sig.to_token_stream(), &mut names),
            syn::Item::Struct(item) => take(item.fields.to_token_stream(), &mut names),
            syn::Item::Enum(item) => {
                item.variants.iter().for_each(|case| take(case.fields.to_token_stream(), &mut names))
            }
            syn::Item::Impl(of) => of.items.iter().for_each(|item| match item {
                syn::ImplItem::Fn(item) => take(item.sig.to_token_stream(), &mut names),
                syn::ImplItem::Type(item) => take(item.ty.to_token_stream(), &mut names),
                _ => {}
            }),
            syn::Item::Macro(item) => take(item.mac.tokens.clone(), &mut names),
            _ => {}
        }
    }
    names
}

/// The names of the items that a file makes public, but for types that others of it promise.
fn public(source: &Source) -> Vec<String> {
    let Ok(file) = syn::parse_file(&source.text) else { panic!("{} is no Rust", source.path) };
    let promised = promised(&file);
    let name = |item: syn::Item| {
        let is_type = matches!(item, syn::Item::Enum(_) | syn::Item::Struct(_) | syn::Item::Type(_));
        let (vis, ident) = match item {
            syn::Item::Const(item) => (item.vis, item.ident),
            syn::Item::Enum(item) => (item.vis, item.ident),
            syn::Item::Fn(item) => (item.vis, item.sig.ident),
            syn::Item::Static(item) => (item.vis, item.ident),
            syn::Item::Struct(item) => (item.vis, item.ident),
            syn::Item::Trait(item) => (item.vis, item.ident),
            syn::Item::Type(item) => (item.vis, item.ident),
            _ => return None,
        };
        let name = ident.to_string();
        (matches!(vis, syn::Visibility::Public(_)) && !(is_type && promised.contains(&name))).then_some(name)
    };
    file.items.into_iter().filter_map(name).collect()
}

/// Public items of the sources that are judged, which no other source names.
fn unused(all: &[Source], is_judged: impl Fn(&Source) -> bool) -> Vec<String> {
    let mut users: BTreeMap<String, usize> = BTreeMap::new();
    for source in all {
        names(source).into_iter().for_each(|name| *users.entry(name).or_default() += 1);
    }
    let of = |source: &Source| {
        let alone = public(source).into_iter().filter(|name| users.get(name).is_none_or(|count| *count < 2));
        alone.map(|name| format!("{}: {name}", source.path)).collect::<Vec<_>>()
    };
    all.iter().filter(|source| is_judged(source)).flat_map(of).collect()
}

#[test]
fn what_is_public_is_used_elsewhere() {
    let is_judged = |source: &Source| source.is_in("shared/src/") || source.is_in("server/src/");
    hold("no other file names it: make it private, or remove it", unused(&sources(&[".rs"]), is_judged));
}

#[test]
fn a_public_item_that_nobody_names_is_found() {
    let source = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned() };
    let all = [
        source("src/lib.rs", "mod a; pub use a::{Alone, used};"),
        source(
            "src/a.rs",
            "pub struct Given; pub struct Alone; pub fn used() -> Given { let _ = Alone; Given } pub const IN_MACRO: u8 = 0; fn own() {}",
        ),
        source("src/b.rs", "/// See [`crate::Alone`].\nfn b() { assert!(crate::used(1, crate::IN_MACRO)) }"),
    ];
    assert_eq!(unused(&all, |_| true), ["src/a.rs: Alone"]);
}
