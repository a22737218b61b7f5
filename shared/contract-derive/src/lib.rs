//! `#[derive(Contract)]`: a type that passes between a page and the engine, declared once. From the declaration follow how
//! it is read (`FromPage`), how it is written (`ToPage`), and what `web/src/bridge/contract/` says of it (`Described`).
//! Names are the Rust ones in camel case. For `kith-shared` alone: what it makes names that crate's `contract`.
//!
//! A struct is an object, an enum without fields a name, an enum with fields an object with a tag. On a type:
//! - `from_page`, `to_page`: which way it goes;
//! - `tag = "cmd"`: the field that tells an enum's cases apart;
//! - `untagged`: an enum of which pages are given what is in the case, or null;
//! - `kebab`: its names are in kebab case;
//! - `name = "…"`: what it is called in TypeScript.
//!
//! On a field: `optional`: it may be left out (and is, when there is nothing to write); `omitted`: the same, where
//! TypeScript says by another type that it is; `ts = "…"`: its type in TypeScript.
//! On a case: `name = "…"`, and what [`describe`] keeps of a command.

mod attributes;
mod describe;
mod from_page;
mod model;
mod to_page;

use proc_macro::TokenStream;
use quote::quote;
use syn::{DeriveInput, parse_macro_input};

use model::Model;

/// See the crate.
#[proc_macro_derive(Contract, attributes(contract))]
pub fn contract(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let model = match Model::of(&input) {
        Ok(model) => model,
        Err(error) => return error.into_compile_error().into(),
    };
    let read = model.from_page.then(|| from_page::implement(&model));
    let write = model.to_page.then(|| to_page::implement(&model));
    let described = describe::implement(&model);
    quote!(#read #write #described).into()
}
