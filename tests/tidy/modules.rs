//! The modules of a crate as the compiler sees them, and which uses which: read with `syn`, without macros expanded.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

/// A module's names from the top of its crate; none for the top itself.
pub(crate) type Name = Vec<String>;

/// What one module holds and says.
#[derive(Default)]
pub(crate) struct Module {
    /// Its file.
    pub(crate) file: PathBuf,
    /// Whether only tests have it.
    pub(crate) is_test: bool,
    items: BTreeSet<String>,
    /// Names that a `use` brings, with the path behind each.
    uses: BTreeMap<String, Name>,
    globs: Vec<Name>,
    /// Every path in its code, `use` or not, with two names or more.
    paths: BTreeSet<Name>,
}

/// A crate's modules.
#[derive(Default)]
pub(crate) struct Crate {
    /// By name.
    pub(crate) modules: BTreeMap<Name, Module>,
}

impl Crate {
    /// Reads a crate from its top file on, through every `mod`.
    pub(crate) fn read(top: &Path) -> Self {
        let mut found = Self::default();
        let folder = top.parent().unwrap();
        found.read_file(top, folder, Vec::new(), false);
        found
    }

    fn read_file(&mut self, file: &Path, folder: &Path, name: Name, is_test: bool) {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let is_test = is_test || parsed.attrs.iter().any(is_test_attribute);
        self.read_items(parsed.items, file, folder, name, is_test);
    }

    fn read_items(&mut self, items: Vec<syn::Item>, file: &Path, folder: &Path, name: Name, is_test: bool) {
        let mut module = Module { file: file.to_owned(), is_test, ..Module::default() };
        for item in items {
            match item {
                syn::Item::Mod(inner) => {
                    let is_test = is_test || inner.attrs.iter().any(is_test_attribute);
                    let inner_name = [name.as_slice(), &[inner.ident.to_string()]].concat();
                    let below = folder.join(inner.ident.to_string());
                    match (inner.content, path_of(&inner.attrs)) {
                        (Some((_, items)), _) => self.read_items(items, file, &below, inner_name, is_test),
                        (None, Some(path)) => {
                            let path = file.with_file_name(path);
                            self.read_file(&path, path.parent().unwrap(), inner_name, is_test);
                        }
                        (None, None) => self.read_file(&file_of(&below), &below, inner_name, is_test),
                    }
                }
                syn::Item::Use(used) if !used.attrs.iter().any(is_test_attribute) => {
                    module.take_use(&used.tree, &mut Vec::new());
                }
                other => module.take_item(&other),
            }
        }
        self.modules.insert(name, module);
    }

    /// The files that its modules stand in.
    pub(crate) fn files(&self) -> BTreeSet<PathBuf> {
        self.modules.values().map(|module| module.file.clone()).collect()
    }

    /// The module that holds what `path` names where `from` says it; none for what other crates hold.
    pub(crate) fn holder(&self, from: &[String], path: &[String]) -> Option<Name> {
        self.follow(from, path, 0)
    }

    fn follow(&self, from: &[String], path: &[String], depth: usize) -> Option<Name> {
        let (first, mut rest) = path.split_first()?;
        let mut at: Name = match first.as_str() {
            _ if depth > 8 => return None,
            "crate" => Vec::new(),
            "self" => from.to_vec(),
            "super" => from.split_last()?.1.to_vec(),
            name => return self.named_in(from, name, rest, depth),
        };
        while let Some((_, after)) = rest.split_first().filter(|(name, _)| *name == "super") {
            at.pop();
            rest = after;
        }
        match rest.split_first() {
            None => Some(at),
            Some((name, after)) => Some(self.named_in(&at, name, after, depth).unwrap_or(at)),
        }
    }

    fn named_in(&self, at: &[String], name: &str, rest: &[String], depth: usize) -> Option<Name> {
        let inner = [at, &[name.to_owned()]].concat();
        if self.modules.contains_key(&inner) {
            return match rest.split_first() {
                None => Some(inner),
                Some((name, after)) => Some(self.named_in(&inner, name, after, depth).unwrap_or(inner)),
            };
        }
        let module = self.modules.get(at)?;
        if module.items.contains(name) {
            return Some(at.to_vec());
        }
        if let Some(behind) = module.uses.get(name) {
            return self.follow(at, &[behind.as_slice(), rest].concat(), depth + 1);
        }
        let through = |glob: &Name| {
            let holder = self.follow(at, glob, depth + 1)?;
            (holder != at && depth < 8).then(|| self.named_in(&holder, name, rest, depth + 1))?
        };
        module.globs.iter().find_map(through)
    }

    /// For each module that is no test: the modules that hold what it names.
    pub(crate) fn edges(&self) -> Vec<(Name, Name)> {
        let shipped = self.modules.iter().filter(|(_, module)| !module.is_test);
        let of = |(name, module): (&Name, &Module)| {
            let holders = module.paths.iter().filter_map(|path| self.holder(name, path));
            holders.map(|holder| (name.clone(), holder)).collect::<Vec<_>>()
        };
        shipped.flat_map(of).collect()
    }
}

impl Module {
    fn take_use(&mut self, tree: &syn::UseTree, before: &mut Name) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.take_use(&path.tree, before);
                before.pop();
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.take_use(tree, before)),
            syn::UseTree::Name(name) => self.take_name(&name.ident.to_string(), None, before),
            syn::UseTree::Rename(name) => {
                self.take_name(&name.ident.to_string(), Some(name.rename.to_string()), before);
            }
            syn::UseTree::Glob(_) => {
                self.paths.insert(before.clone());
                self.globs.push(before.clone());
            }
        }
    }

    fn take_name(&mut self, name: &str, renamed: Option<String>, before: &Name) {
        let mut path = before.clone();
        if name != "self" {
            path.push(name.to_owned());
        }
        let known_as = renamed.or_else(|| path.last().cloned()).unwrap_or_default();
        self.paths.insert(path.clone());
        self.uses.insert(known_as, path);
    }

    fn take_item(&mut self, item: &syn::Item) {
        let name = match item {
            syn::Item::Const(item) => Some(&item.ident),
            syn::Item::Enum(item) => Some(&item.ident),
            syn::Item::Fn(item) => Some(&item.sig.ident),
            syn::Item::Static(item) => Some(&item.ident),
            syn::Item::Struct(item) => Some(&item.ident),
            syn::Item::Trait(item) => Some(&item.ident),
            syn::Item::Type(item) => Some(&item.ident),
            syn::Item::Macro(item) => item.ident.as_ref(),
            _ => None,
        };
        self.items.extend(name.map(ToString::to_string));
        self.take_paths(item.to_token_stream());
    }

    /// Every `a::b::c` of these tokens, macros' arguments too; what `#[cfg(test)]` stands before is left out.
    fn take_paths(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut path = Name::new();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let follows_colons = at >= 2 && is_colons(&tokens[at - 2..at]);
            match token {
                TokenTree::Ident(ident) => {
                    if !follows_colons {
                        self.end_path(&mut path);
                    }
                    path.push(ident.to_string());
                }
                TokenTree::Group(group) if is_cfg_test(group) && at > 0 => {
                    self.end_path(&mut path);
                    at = after_item(&tokens, at + 1);
                    continue;
                }
                TokenTree::Group(group) => {
                    self.end_path(&mut path);
                    self.take_paths(group.stream());
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => {}
                _ => self.end_path(&mut path),
            }
            at += 1;
        }
        self.end_path(&mut path);
    }

    fn end_path(&mut self, path: &mut Name) {
        let path = std::mem::take(path);
        if path.len() > 1 {
            self.paths.insert(path);
        }
    }
}

fn is_colons(pair: &[TokenTree]) -> bool {
    pair.iter().all(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':'))
}

fn is_cfg_test(group: &proc_macro2::Group) -> bool {
    let text = group.stream().to_string().replace(' ', "");
    group.delimiter() == Delimiter::Bracket && text.starts_with("cfg(") && names_test(&text)
}

/// `test` in a condition that does not turn it round.
fn names_test(condition: &str) -> bool {
    let words = condition.split(|sign: char| !sign.is_alphanumeric() && sign != '_');
    words.into_iter().any(|word| word == "test") && !condition.contains("not(test")
}

/// Behind the item that begins at `at`: its block, its semicolon, or the comma of a field.
fn after_item(tokens: &[TokenTree], at: usize) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => matches!(punct.as_char(), ';' | ','),
        _ => false,
    };
    tokens[at..].iter().position(ends).map_or(tokens.len(), |behind| at + behind + 1)
}

fn is_test_attribute(attribute: &syn::Attribute) -> bool {
    let text = attribute.meta.to_token_stream().to_string().replace(' ', "");
    text.starts_with("cfg(") && names_test(&text)
}

fn file_of(below: &Path) -> PathBuf {
    let (flat, inner) = (below.with_extension("rs"), below.join("mod.rs"));
    if flat.exists() { flat } else { inner }
}

/// What `#[path = "…"]` says.
fn path_of(attributes: &[syn::Attribute]) -> Option<String> {
    let texts = attributes.iter().map(|attribute| attribute.meta.to_token_stream().to_string());
    let path = texts.filter_map(|text| text.strip_prefix("path = ").map(str::to_owned)).next()?;
    Some(path.trim_matches('"').to_owned())
}
