//! What is public says what it is: a doc comment of one word ("Which.") tells nothing that the name does not.

use super::source::{Source, hold, sources};

/// The lines that are a whole doc comment, with one word in them that is neither code, nor a link to where the contract stands.
fn one_word(source: &Source) -> Vec<usize> {
    let lines: Vec<&str> = source.text.lines().map(str::trim).collect();
    let is_doc = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_some_and(|line| line.starts_with("///"));
    let says_nothing = |text: &str| text.starts_with(char::is_alphanumeric) && text.split_whitespace().count() == 1;
    let is_one = |at: usize| {
        let alone = !is_doc(at.checked_sub(1)) && !is_doc(Some(at + 1));
        let rust = lines[at].strip_prefix("/// ").filter(|_| alone);
        let script = lines[at].strip_prefix("/** ").and_then(|text| text.strip_suffix("*/"));
        rust.or(script).is_some_and(says_nothing)
    };
    (0..lines.len()).filter(|at| is_one(*at)).map(|at| at + 1).collect()
}

#[test]
fn doc_comments_say_more_than_one_word() {
    let all = sources(&[".rs", ".ts", ".svelte", ".mjs", ".js"]);
    let named = all.iter().flat_map(|source| one_word(source).into_iter().map(|at| format!("{}:{at}", source.path)));
    hold("say shape, unit, limit or where it comes from", named.collect());
}

#[test]
fn a_doc_comment_of_one_word_is_found() {
    let source = |text: &str| Source { path: "src/lib.rs".to_owned(), text: text.to_owned() };
    assert_eq!(one_word(&source("/// Which.\npub which: u8,\n/// Two words.\npub two: u8,")), [1]);
    assert_eq!(one_word(&source("/// Long, and\n/// cut.\nfn a() {}\n  /// What\n  fn b() {}")), [4]);
    assert!(one_word(&source("/// [`Self::which`].\npub which: u8,\n/// `br`.\npub brotli: u8,")).is_empty());
    assert_eq!(one_word(&source("/** Which. */\nexport const a = 1;\n/** Which one. */")), [1]);
}
