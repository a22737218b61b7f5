//! A new kind of document does not compile before every question about kinds is answered for it: no match over them has
//! an arm for the rest, but in a kind's own folder, which may ask whether something is its own. What carries all kinds
//! names none.

use syn::visit::{self, Visit};
use syn::{Arm, ExprMatch, Macro, Pat, PatPath, PatStruct, PatTupleStruct, Path};

use super::source::{Source, hold, sources};

/// The enums whose variants are kinds.
const KINDS: [&str; 2] = ["Subject", "Shape"];
/// What carries the tasks of all kinds.
const CARRIERS: [&str; 3] = ["shared/src/client/engine.rs", "shared/src/client/kernel.rs", "shared/src/client/rows.rs"];
/// What no carrier says, in code.
const WORDS: [&str; 7] = ["note", "thread", "profile", "journal", "plan", "message", "toolkit"];

/// Whether a pattern, or one in it, is a kind's.
#[derive(Default)]
struct Naming(bool);

impl<'ast> Visit<'ast> for Naming {
    fn visit_path(&mut self, path: &'ast Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.0 |= names.len() > 1 && names.iter().any(|name| KINDS.contains(&name.as_str()));
    }

    fn visit_pat_struct(&mut self, pat: &'ast PatStruct) {
        self.visit_path(&pat.path);
        visit::visit_pat_struct(self, pat);
    }

    fn visit_pat_tuple_struct(&mut self, pat: &'ast PatTupleStruct) {
        self.visit_path(&pat.path);
        visit::visit_pat_tuple_struct(self, pat);
    }
}

fn names_kind(arm: &Arm) -> bool {
    let mut naming = Naming::default();
    naming.visit_pat(&arm.pat);
    naming.0
}

/// `_`, a name, or a tuple or choice that has either where a kind would stand.
fn takes_rest(pat: &Pat) -> bool {
    match pat {
        Pat::Wild(_) => true,
        Pat::Ident(ident) => ident.subpat.is_none(),
        Pat::Or(or) => or.cases.iter().any(takes_rest),
        Pat::Tuple(tuple) => tuple.elems.first().is_none_or(takes_rest),
        Pat::Path(PatPath { .. }) => false,
        _ => false,
    }
}

/// How many matches over kinds take what they do not know together.
#[derive(Default)]
struct Wildcards(usize);

impl<'ast> Visit<'ast> for Wildcards {
    fn visit_expr_match(&mut self, found: &'ast ExprMatch) {
        if found.arms.iter().any(names_kind) && found.arms.iter().any(|arm| takes_rest(&arm.pat)) {
            self.0 += 1;
        }
        visit::visit_expr_match(self, found);
    }

    /// `matches!` has such an arm, unseen.
    fn visit_macro(&mut self, found: &'ast Macro) {
        let text = found.tokens.to_string();
        if found.path.is_ident("matches") && KINDS.iter().any(|kind| text.contains(&format!("{kind} ::"))) {
            self.0 += 1;
        }
    }
}

fn wildcards(text: &str) -> usize {
    let mut found = Wildcards::default();
    found.visit_file(&syn::parse_file(text).unwrap());
    found.0
}

/// A kind's own folder, or what a document of its form is made of.
fn is_of_one_kind(source: &Source) -> bool {
    let folder = source.path.strip_prefix("shared/src/client/kinds/");
    let folders = ["shared/src/document/", "shared/src/document/handle/"];
    let is_of = |form: &str| folders.iter().any(|folder| source.is_in(&format!("{folder}{form}")));
    folder.is_some_and(|rest| rest.contains('/')) || ["note", "thread", "profile"].into_iter().any(is_of)
}

#[test]
fn no_match_over_kinds_has_an_arm_for_the_rest() {
    let all = sources(&[".rs"]).into_iter().filter(|source| source.is_in("shared/src/") || source.is_in("server/src/"));
    let judged = all.filter(|source| !is_of_one_kind(source) && !source.path.contains("test"));
    let broken = judged.filter_map(|source| match wildcards(&source.text) {
        0 => None,
        count => Some(format!("{}: {count}", source.path)),
    });
    hold("name every kind: one that comes later must answer too", broken.collect());
}

#[test]
fn what_carries_all_kinds_names_none() {
    let all = sources(&[".rs"]).into_iter().filter(|source| CARRIERS.contains(&source.path.as_str()));
    let mut broken = Vec::new();
    for source in all {
        let said = |line: &str| WORDS.iter().find(|word| line.to_lowercase().contains(**word)).copied();
        broken.extend(source.code().filter_map(|(at, line)| Some(format!("{}:{at}: {}", source.path, said(line)?))));
    }
    hold("what only one kind needs lies in its folder", broken);
}

#[test]
fn a_match_with_an_arm_for_the_rest_is_found() {
    let of = |arms: &str| wildcards(&format!("fn f(s: Subject) -> u8 {{ match s {{ {arms} }} }}"));
    assert_eq!(of("Subject::Profile => 1, _ => 2"), 1);
    assert_eq!(of("Subject::Thread { month, .. } if month.0 > 1 => 1, other => 2"), 1);
    assert_eq!(of("Subject::Plan { member } | _ => 1"), 1);
    assert_eq!(of("Some(Subject::Profile) => 1, None => 0, _ => 2"), 1);
    assert_eq!(of("(Shape::Note, 1) => 1, (_, 2) => 2, (Shape::Thread, _) => 3"), 1);
    assert_eq!(of("Subject::Profile => match s { Subject::Plan { .. } => 1, _ => 2 }, Subject::Plan { .. } => 3"), 1);
    assert_eq!(of("Subject::Profile => 1, Subject::Plan { .. } => match 1 { 1 => 2, _ => 3 }"), 0);
    assert_eq!(of("Other::Profile => 1, _ => 2"), 0);
    assert_eq!(wildcards("fn f(s: Subject) -> bool { matches!(s, Subject::Profile) }"), 1);
}
