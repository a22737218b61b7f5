//! How a type is written for a page.

use proc_macro2::TokenStream;
use quote::quote;

use syn::Type;

use crate::model::{Case, Field, Form, Model};

pub(crate) fn implement(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let body = match &model.form {
        Form::Record(fields) => {
            let idents = fields.iter().map(|field| &field.ident);
            let sets = fields.iter().map(set);
            quote! {
                let Self { #(#idents),* } = self;
                let mut made = M::object();
                #(#sets)*
                made
            }
        }
        Form::Names(cases) => {
            let arms = cases.iter().map(|case| {
                let (ident, name) = (&case.ident, &case.name);
                match case.within {
                    Some(_) => quote!(Self::#ident(it) => return it.write()),
                    None => quote!(Self::#ident => #name),
                }
            });
            quote!(M::text(match self { #(#arms,)* }))
        }
        Form::Tagged { tag, cases } => {
            let arms = cases.iter().map(|case| tagged(tag, case));
            quote!(match self { #(#arms)* })
        }
        Form::Untagged(cases) => {
            let arms = cases.iter().map(|(ident, content)| match content {
                Some(_) => quote!(Self::#ident(it) => it.write()),
                None => quote!(Self::#ident => M::null()),
            });
            quote!(match self { #(#arms,)* })
        }
    };
    quote! {
        impl crate::contract::ToPage for #ident {
            fn write<M: crate::contract::Made>(&self) -> M {
                #body
            }
        }
    }
}

fn tagged(tag: &str, case: &Case) -> TokenStream {
    let (ident, name) = (&case.ident, &case.name);
    let idents = case.fields.iter().map(|field| &field.ident);
    let sets = case.fields.iter().map(set);
    quote! {
        Self::#ident { #(#idents),* } => {
            let mut made = M::object();
            made.set(#tag, M::text(#name));
            #(#sets)*
            made
        }
    }
}

fn set(field: &Field) -> TokenStream {
    let (ident, name) = (&field.ident, &field.name);
    match (field.said.optional || field.said.omitted) && is_option(&field.ty) {
        true => quote!(if let Some(it) = #ident { made.set(#name, it.write()); }),
        false => quote!(made.set(#name, #ident.write());),
    }
}

fn is_option(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
}
