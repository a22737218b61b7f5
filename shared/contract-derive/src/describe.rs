//! What TypeScript is told of a type. Of a command also what it is: `reply`, what a page gets for it; `reads`: it changes
//! nothing; `opens`, `closes`: a document that its reply tells, or that it names, is open to the page from then on, or is
//! no more; `once = "…"`: done a second time it would add twice or be refused, and how it is answered then.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Case, Field, Form, Model};

pub(crate) fn implement(model: &Model) -> TokenStream {
    let (ident, name, docs) = (&model.ident, &model.name, &model.docs);
    let form = match &model.form {
        Form::Record(fields) => {
            let fields = fields.iter().map(field);
            quote!(crate::contract::Form::Record(vec![#(#fields),*]))
        }
        Form::Names(cases) => {
            let cases = cases.iter().map(case);
            quote!(crate::contract::Form::Names(vec![#(#cases),*]))
        }
        Form::Tagged { tag, cases } => {
            let cases = cases.iter().map(case);
            quote!(crate::contract::Form::Tagged { tag: #tag, cases: vec![#(#cases),*] })
        }
        Form::Untagged(cases) => {
            let shapes = cases.iter().map(|(_, content)| match content {
                Some(content) => quote!(<#content as crate::contract::Described>::shape()),
                None => quote!(<() as crate::contract::Described>::shape()),
            });
            quote!(crate::contract::Form::Untagged(vec![#(#shapes),*]))
        }
    };
    quote! {
        #[cfg(feature = "json")]
        impl crate::contract::Described for #ident {
            fn shape() -> crate::contract::Shape {
                let declare = || crate::contract::Declaration { name: #name, docs: #docs, module: module_path!(), form: #form };
                crate::contract::Shape::Declared(#name, declare)
            }
        }
    }
}

fn case(case: &Case) -> TokenStream {
    let (name, docs, fields, said) = (&case.name, &case.docs, case.fields.iter().map(field), &case.said);
    let reply = match &said.reply {
        Some(reply) => quote!(Some(<#reply as crate::contract::Described>::shape())),
        None => quote!(None),
    };
    let once = match &said.once {
        Some(once) => quote!(Some(#once)),
        None => quote!(None),
    };
    let within = match &case.within {
        Some(within) => quote!(Some(<#within as crate::contract::Described>::shape())),
        None => quote!(None),
    };
    let (reads, opens, closes) = (said.reads, said.opens, said.closes);
    quote! {
        crate::contract::Case {
            name: #name.to_owned(),
            docs: #docs,
            within: #within,
            fields: vec![#(#fields),*],
            reply: #reply,
            reads: #reads,
            opens: #opens,
            closes: #closes,
            once: #once,
        }
    }
}

fn field(field: &Field) -> TokenStream {
    let (name, docs, ty) = (&field.name, &field.docs, &field.ty);
    let (optional, omitted) = (field.said.optional, field.said.omitted);
    let shape = match &field.said.ts {
        Some(ts) => {
            quote!(crate::contract::Shape::Written(#ts, Box::new(<#ty as crate::contract::Described>::shape())))
        }
        None => quote!(<#ty as crate::contract::Described>::shape()),
    };
    quote!(crate::contract::Field { name: #name, docs: #docs, shape: #shape, optional: #optional, omitted: #omitted })
}
