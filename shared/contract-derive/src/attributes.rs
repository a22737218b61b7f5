//! What `#[contract(…)]` says, and what doc comments do.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Result, Type};

/// All that can be said, of a type, a case or a field.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) from_page: bool,
    pub(crate) to_page: bool,
    pub(crate) untagged: bool,
    pub(crate) kebab: bool,
    pub(crate) optional: bool,
    pub(crate) omitted: bool,
    pub(crate) opens: bool,
    pub(crate) closes: bool,
    pub(crate) reads: bool,
    pub(crate) tag: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) ts: Option<String>,
    pub(crate) once: Option<String>,
    pub(crate) reply: Option<Type>,
}

impl Said {
    pub(crate) fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut said = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("contract")) {
            attribute.parse_nested_meta(|meta| said.take(&meta))?;
        }
        Ok(said)
    }

    fn take(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let word = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
        let text = || meta.value()?.parse::<LitStr>().map(|text| Some(text.value()));
        match word.as_str() {
            "from_page" => self.from_page = true,
            "to_page" => self.to_page = true,
            "untagged" => self.untagged = true,
            "kebab" => self.kebab = true,
            "optional" => self.optional = true,
            "omitted" => self.omitted = true,
            "opens" => self.opens = true,
            "closes" => self.closes = true,
            "reads" => self.reads = true,
            "tag" => self.tag = text()?,
            "name" => self.name = text()?,
            "ts" => self.ts = text()?,
            "once" => self.once = text()?,
            "reply" => self.reply = Some(meta.value()?.parse()?),
            _ => return Err(meta.error("not known to `contract`")),
        }
        Ok(())
    }
}

/// The text of the doc comments, its lines joined by line feeds.
pub(crate) fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    lines.map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned()).collect::<Vec<_>>().join("\n")
}
