//! A figure of a document that names a bound is the bound: the sentence and the constant are held against each other.

use std::collections::BTreeMap;
use std::fs;

use super::source::{hold, top};

/// A sentence of a document, with `{}` in the place of a figure, and the constant that holds it.
struct Figure {
    document: &'static str,
    sentence: &'static str,
    file: &'static str,
    constant: &'static str,
    /// Bytes in one of what the sentence counts in.
    unit: u64,
}

const fn figure(
    document: &'static str,
    sentence: &'static str,
    (file, constant): (&'static str, &'static str),
    unit: u64,
) -> Figure {
    Figure { document, sentence, file, constant, unit }
}

const KB: u64 = 1_000;
const KIB: u64 = 1_024;
const FIRST_SCREEN: (&str, &str) = ("xtask/src/size.rs", "FIRST_SCREEN_BYTES_MAX");
const WAY_IN: (&str, &str) = ("xtask/src/size.rs", "WAY_IN_BYTES_MAX");
const EVERYTHING: (&str, &str) = ("xtask/src/size.rs", "EVERYTHING_BYTES_MAX");
const PAGE: (&str, &str) = ("shared/src/wire/mod.rs", "PAGE_BYTES_MAX");

const FIGURES: [Figure; 17] = [
    figure("CHANGELOG.md", "in a circle after at most {} KB,", WAY_IN, KB),
    figure("CHANGELOG.md", "KB, everything {}.", EVERYTHING, KB),
    figure("docs/ARCHITECTURE.md", "the whole app is held to {} KB", EVERYTHING, KB),
    figure("docs/ARCHITECTURE.md", "the way in is held to {} KB", WAY_IN, KB),
    figure("web/README.md", "part of the first screen's {} KB", FIRST_SCREEN, KB),
    figure("docs/ARCHITECTURE.md", "pages of at most {} KiB and emits", PAGE, KIB),
    figure("docs/PROTOCOL.md", "It is at most {} KiB as sent", PAGE, KIB),
    figure(
        "docs/PROTOCOL.md",
        "statement (bytes, at most {} KiB)",
        ("shared/src/trust/statement/mod.rs", "STATEMENT_BYTES_MAX"),
        KIB,
    ),
    figure(
        "docs/TRUST.md",
        "a box of keys; at most {} KiB)",
        ("shared/src/trust/statement/mod.rs", "ATTACHMENT_BYTES_MAX"),
        KIB,
    ),
    figure(
        "docs/TRUST.md",
        "commission (bytes, at most {} KiB)",
        ("shared/src/trust/statement/mod.rs", "COMMISSION_BYTES_MAX"),
        KIB,
    ),
    figure(
        "docs/PROTOCOL.md",
        "its bodies (bytes, at most {} KiB each)",
        ("shared/src/gate/mod.rs", "BODY_BYTES_MAX"),
        KIB,
    ),
    figure(
        "docs/PROTOCOL.md",
        "is [sealed](TRUST.md): at most {} bytes of UTF-8",
        ("shared/src/seal/body.rs", "BODY_TEXT_BYTES_MAX"),
        1,
    ),
    figure(
        "docs/PROTOCOL.md",
        "name (text of at most {} bytes)",
        ("shared/src/document/limits.rs", "MEMBER_NAME_BYTES_MAX"),
        1,
    ),
    figure(
        "docs/PROTOCOL.md",
        "the circle's name (at most {} bytes)",
        ("shared/src/document/limits.rs", "TITLE_BYTES_MAX"),
        1,
    ),
    figure(
        "docs/PROTOCOL.md",
        "little-endian, at most {} MiB) ‖ check",
        ("client-wasm/pack/src/lib.rs", "MODULE_BYTES_MAX"),
        KIB * KIB,
    ),
    figure("docs/OPERATIONS.md", "a request's head 30 s and {} KiB", ("server/src/sockets.rs", "HEAD_BYTES_MAX"), KIB),
    figure(
        "docs/OPERATIONS.md",
        "{} bytes a second in the long run either way",
        ("server/src/config/mod.rs", "LEAST_BYTES_PER_S"),
        1,
    ),
];

/// Figures of kilobytes in what is not dated, that are no bound of ours but were measured.
const MEASURED: [(&str, &str); 1] = [("web/README.md", "_Why not ProseMirror:_")];

/// The numbers that a file's constants come to, as far as they are made of numbers and of each other.
fn constants(rust: &str) -> BTreeMap<String, u64> {
    let mut known = BTreeMap::new();
    for item in syn::parse_file(rust).unwrap().items {
        if let syn::Item::Const(item) = item
            && let Some(value) = value_of(&item.expr, &known)
        {
            known.insert(item.ident.to_string(), value);
        }
    }
    known
}

fn value_of(expression: &syn::Expr, known: &BTreeMap<String, u64>) -> Option<u64> {
    match expression {
        syn::Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        syn::Expr::Path(path) => known.get(&path.path.get_ident()?.to_string()).copied(),
        syn::Expr::Paren(inner) => value_of(&inner.expr, known),
        syn::Expr::Cast(inner) => value_of(&inner.expr, known),
        syn::Expr::Binary(both) => {
            let (left, right) = (value_of(&both.left, known)?, value_of(&both.right, known)?);
            match both.op {
                syn::BinOp::Add(_) => left.checked_add(right),
                syn::BinOp::Sub(_) => left.checked_sub(right),
                syn::BinOp::Mul(_) => left.checked_mul(right),
                _ => None,
            }
        }
        _ => None,
    }
}

/// `1,920` of 1920.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|group| str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}

/// What a document lacks of the sentence with the constant's number in it.
fn broken(figure: &Figure, document: &str, rust: &str) -> Option<String> {
    let Figure { constant, unit, .. } = figure;
    let Some(value) = constants(rust).get(*constant).copied() else {
        return Some(format!("{} has no number {constant}", figure.file));
    };
    if value % unit != 0 {
        return Some(format!("{constant} is {value}, which is no whole number of {unit}"));
    }
    let sentence = figure.sentence.replace("{}", &grouped(value / unit));
    // Documents are broken into lines where it suits.
    let text = document.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_there = text.contains(&sentence);
    (!is_there).then(|| format!("{} does not say {sentence:?}, as {constant} has it", figure.document))
}

/// Paragraphs that speak of kilobytes.
fn speaking(document: &str) -> impl Iterator<Item = &str> {
    let lines = document.split("\n\n").flat_map(|part| part.split("\n- "));
    lines.filter(|text| text.split_whitespace().any(|word| word.trim_matches(|c: char| !c.is_alphanumeric()) == "KB"))
}

#[test]
fn figures_of_documents_are_the_bounds_of_the_code() {
    let read = |path: &str| fs::read_to_string(top().join(path)).unwrap();
    let found = FIGURES.iter().filter_map(|figure| broken(figure, &read(figure.document), &read(figure.file)));
    hold("a bound has one number", found.collect());
}

#[test]
fn every_figure_of_a_download_is_held() {
    let mut broken = Vec::new();
    for document in ["README.md", "CHANGELOG.md", "web/README.md", "tests/README.md", "docs/OPERATIONS.md"] {
        let text = fs::read_to_string(top().join(document)).unwrap();
        for part in speaking(&text) {
            let line = part.split_whitespace().collect::<Vec<_>>().join(" ");
            let of_bound = FIGURES.iter().filter(|figure| figure.document == document);
            let is_held = of_bound.into_iter().any(|figure| line.contains(figure.sentence.split("{}").next().unwrap()));
            let is_measured = MEASURED.iter().any(|(place, begins)| *place == document && line.starts_with(begins));
            if !is_held && !is_measured {
                broken.push(format!("{document}: {line}"));
            }
        }
    }
    hold("add the sentence to the figures that are held, or to what was measured", broken);
}

#[test]
fn no_decision_stands_there_twice() {
    let document = fs::read_to_string(top().join("docs/ARCHITECTURE.md")).unwrap();
    let titles = document.lines().filter_map(|line| line.strip_prefix("- **")?.split("**").next());
    let mut seen = std::collections::BTreeSet::new();
    let twice = titles.filter(|title| !seen.insert(title.to_owned())).map(str::to_owned);
    hold("one decision, one paragraph", twice.collect());
}

#[test]
fn a_figure_that_parted_from_its_bound_is_found() {
    let figure = figure("a.md", "after at most {} KB,", ("b.rs", "ALL_BYTES_MAX"), KB);
    let code = "const HALF: u64 = 266_000; const ALL_BYTES_MAX: u64 = (HALF as u64) * 2;";
    assert_eq!(broken(&figure, "It is there\nafter at most 532 KB, all of it.", code), None);
    assert!(broken(&figure, "It is there after at most 529 KB, all of it.", code).unwrap().contains("532 KB"));
    assert!(broken(&figure, "after at most 532 KB,", "const OTHER: u64 = 1;").unwrap().contains("no number"));
    assert_eq!(grouped(1_234_567), "1,234,567");
    assert_eq!(speaking("a 3 KB, b\n- c\n- d 4 KB.\n\ne KBs").count(), 2);
}
