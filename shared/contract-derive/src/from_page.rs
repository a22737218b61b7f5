//! How a type is read from what a page gives.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Case, Field, Form, Model};

pub(crate) fn implement(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let body = match &model.form {
        Form::Record(fields) => {
            let fields = fields.iter().map(field);
            quote!(Ok(Self { #(#fields,)* }))
        }
        Form::Names(cases) => cases_of(cases, &quote!(crate::contract::one_of(given, NAMES)?)),
        Form::Tagged { tag, cases } => cases_of(cases, &quote!(crate::contract::case_of(given, #tag, NAMES)?)),
        Form::Untagged(_) => return quote!(compile_error!("what has no tag cannot be read");),
    };
    quote! {
        impl crate::contract::FromPage for #ident {
            fn read<G: crate::contract::Given>(given: &G) -> Result<Self, crate::contract::BadField> {
                #body
            }
        }
    }
}

/// The case at the place `at` of the names. The last one has no number of its own: there is no place after it.
fn cases_of(cases: &[Case], at: &TokenStream) -> TokenStream {
    let names = cases.iter().map(|case| &case.name);
    let arms = cases.iter().enumerate().map(|(number, case)| {
        let (ident, fields) = (&case.ident, case.fields.iter().map(field));
        let pattern = if number + 1 == cases.len() { quote!(_) } else { quote!(#number) };
        quote!(#pattern => Self::#ident { #(#fields,)* })
    });
    quote! {
        const NAMES: &[&str] = &[#(#names),*];
        Ok(match #at { #(#arms,)* })
    }
}

fn field(field: &Field) -> TokenStream {
    let (ident, name) = (&field.ident, &field.name);
    match field.said.optional {
        true => quote!(#ident: crate::contract::optional(given, #name)?),
        false => quote!(#ident: crate::contract::field(given, #name)?),
    }
}
