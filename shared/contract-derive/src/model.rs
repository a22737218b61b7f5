//! A declaration, as the three implementations need it.

use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, Ident, Result, Type, Variant};

use crate::attributes::{Said, docs};

pub(crate) struct Model {
    pub(crate) ident: Ident,
    /// In TypeScript.
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) from_page: bool,
    pub(crate) to_page: bool,
    pub(crate) form: Form,
}

pub(crate) enum Form {
    Record(Vec<Field>),
    Names(Vec<Case>),
    Tagged {
        tag: String,
        cases: Vec<Case>,
    },
    /// Each with what is in it.
    Untagged(Vec<(Ident, Option<Type>)>),
}

pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) ty: Type,
    pub(crate) said: Said,
}

pub(crate) struct Case {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) fields: Vec<Field>,
    /// Of an enum of names: names of another one, in the place of its own.
    pub(crate) within: Option<Type>,
    pub(crate) said: Said,
}

impl Model {
    pub(crate) fn of(input: &DeriveInput) -> Result<Self> {
        let said = Said::of(&input.attrs)?;
        let form = match &input.data {
            Data::Struct(data) => Form::Record(fields(&data.fields)?),
            Data::Enum(data) if said.untagged => {
                Form::Untagged(data.variants.iter().map(content).collect::<Result<_>>()?)
            }
            Data::Enum(data) => {
                let cases =
                    data.variants.iter().map(|variant| case(variant, said.kebab)).collect::<Result<Vec<_>>>()?;
                match said.tag {
                    Some(tag) => Form::Tagged { tag, cases },
                    None if cases.iter().all(|case| case.fields.is_empty()) => Form::Names(cases),
                    None => return Err(Error::new(input.span(), "an enum with fields needs a `tag`")),
                }
            }
            Data::Union(_) => return Err(Error::new(input.span(), "a struct or an enum")),
        };
        let ident = input.ident.clone();
        let name = said.name.unwrap_or_else(|| ident.to_string());
        let (from_page, to_page) = (said.from_page, said.to_page);
        Ok(Self { ident, name, docs: docs(&input.attrs), from_page, to_page, form })
    }
}

fn content(variant: &Variant) -> Result<(Ident, Option<Type>)> {
    let content = match &variant.fields {
        Fields::Unit => None,
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Some(fields.unnamed[0].ty.clone()),
        other => return Err(Error::new(other.span(), "one value, or none")),
    };
    Ok((variant.ident.clone(), content))
}

fn case(variant: &Variant, kebab: bool) -> Result<Case> {
    let said = Said::of(&variant.attrs)?;
    let named = if kebab { spread(&variant.ident, '-') } else { lower_first(&variant.ident.to_string()) };
    let name = said.name.clone().unwrap_or(named);
    let (ident, docs) = (variant.ident.clone(), docs(&variant.attrs));
    let (fields, within) = match &variant.fields {
        Fields::Unnamed(_) => (Vec::new(), content(variant)?.1),
        named => (fields(named)?, None),
    };
    Ok(Case { ident, name, docs, fields, within, said })
}

fn fields(fields: &Fields) -> Result<Vec<Field>> {
    let field = |field: &syn::Field| {
        let ident = field.ident.clone().ok_or_else(|| Error::new(field.span(), "fields have names"))?;
        let (said, docs) = (Said::of(&field.attrs)?, docs(&field.attrs));
        let name = said.name.clone().unwrap_or_else(|| camel(&ident));
        Ok(Field { ident, name, docs, ty: field.ty.clone(), said })
    };
    fields.iter().map(field).collect()
}

fn lower_first(name: &str) -> String {
    name.chars().take(1).map(|first| first.to_ascii_lowercase()).chain(name.chars().skip(1)).collect()
}

/// `sentMs` of `sent_ms`.
fn camel(ident: &Ident) -> String {
    let ident = ident.to_string();
    let mut words = ident.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    words.filter(|word| !word.is_empty()).fold(first, |name, word| name + &capital(word))
}

/// `link-used` of `LinkUsed`.
fn spread(ident: &Ident, by: char) -> String {
    let mut name = String::new();
    for letter in ident.to_string().chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push(by);
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}
