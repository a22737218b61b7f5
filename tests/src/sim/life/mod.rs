//! What members do beside notes, messages and strategies: words between two, stories, what they keep their word by, their
//! own plan and journal, the agreement, hiding, blocking, leaving. What each of them must be shown in the end, and what
//! nobody may.

mod draw;
mod judge;
mod seen;
mod stores;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::deed::Token;

pub(super) use draw::Around;
pub(super) use seen::{Seen, alike, in_both, seen};
pub(super) use stores::judge_store;

/// How a mark begins: the word that tells one text from all others.
const MARK: &str = "lifemark";

/// Somebody in the circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) member: String,
}

/// Gives the reply of a phone to a command that needs no network; null when it refused.
pub(super) type Look<'a> = dyn FnMut(Value) -> Value + 'a;

/// What a text stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Message,
    Pair,
    Story,
    Commitment,
    Attempt,
    Plan,
    Journal,
    Line,
}

/// A text as it was asked to be written.
#[derive(Clone, Debug)]
struct Written {
    kind: Kind,
    author: String,
    /// Whom beside its author it is for; none: everybody.
    to: Option<Vec<String>>,
    ends_ms: Option<u64>,
    /// Of an attempt, the commitment's mark.
    about: Option<String>,
}

/// What somebody did about leaving.
#[derive(Clone, Copy, Debug, Default)]
struct Leave {
    erasing: bool,
    keeping: bool,
    stayed: bool,
    /// What they did last was to leave, and they were told that it is so.
    leaves: bool,
}

/// All that people asked for, whether they heard of it again or not.
#[derive(Default)]
pub(super) struct Lives {
    written: BTreeMap<String, Written>,
    /// Marks that somebody asked to take back, or to say otherwise.
    asked_back: BTreeSet<String>,
    /// What somebody said last to a commitment, by its mark; none while nothing told them that it was taken.
    answers: BTreeMap<String, Option<bool>>,
    /// Digests of the agreement that each person ever agreed to.
    agreed: BTreeMap<String, BTreeSet<String>>,
    leaves: BTreeMap<String, Leave>,
    /// People who led the circle for a while.
    pub(super) demoted: BTreeSet<String>,
    /// Who wrote what is not marked.
    authors: BTreeMap<Token, String>,
}

/// How much was done of all this, and came to something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LifeCounts {
    /// Texts that somebody was shown in the end.
    pub shown: usize,
    /// Taken back.
    pub back: usize,
    /// Hidden from somebody.
    pub hidden: usize,
    /// Stories that were over.
    pub over: usize,
    /// Texts that only some of the people were shown.
    pub apart: usize,
    /// People who left.
    pub left: usize,
    /// People who agreed to what the agreement says.
    pub agreed: usize,
}

impl Lives {
    /// Remembers who asked for what.
    pub(super) fn note(&mut self, person: &str, command: &Value, token: Option<&Token>) {
        if let Some(token) = token {
            self.authors.insert(token.clone(), person.to_owned());
        }
        match command["cmd"].as_str() {
            Some("leave") => {
                let leave = self.leaves.entry(person.to_owned()).or_default();
                let erases = command["erase"] == true;
                (leave.erasing, leave.keeping) = (leave.erasing | erases, leave.keeping | !erases);
                leave.leaves = false;
            }
            Some("stay") => self.leaves.entry(person.to_owned()).or_default().stayed = true,
            Some("agree") => {
                let digest = command["digest"].as_str().unwrap_or_default().to_owned();
                self.agreed.entry(person.to_owned()).or_default().insert(digest);
            }
            _ => {}
        }
    }

    /// An engine said that it is done.
    pub(super) fn acknowledged(&mut self, person: &str, command: &Value, token: Option<&Token>) {
        match (command["cmd"].as_str(), token) {
            (Some("leave"), _) => self.leaves.entry(person.to_owned()).or_default().leaves = true,
            (Some("stay"), _) => self.leaves.entry(person.to_owned()).or_default().leaves = false,
            (_, Some(Token::Answered { mark, accepted })) => _ = self.answers.insert(mark.clone(), Some(*accepted)),
            _ => {}
        }
    }

    /// Whether what was promised must be shown as it is: not what its author wished gone when they left.
    pub(super) fn must_show(&self, token: &Token) -> bool {
        !matches!(token, Token::Life(_) | Token::Back(_) | Token::Answered { .. })
            && self.authors.get(token).is_none_or(|author| !self.may_be_erased(author))
    }

    /// Whether what somebody wrote with a text of its own may be gone, since they wished so when they left.
    pub(super) fn may_be_erased(&self, person: &str) -> bool {
        self.leaves.get(person).is_some_and(|leave| leave.erasing)
    }

    /// Whether all of it must be gone once they are out.
    fn must_be_erased(&self, person: &str) -> bool {
        self.leaves.get(person).is_some_and(|leave| leave.erasing && !leave.keeping && !leave.stayed)
    }

    /// What of this may no text say any more, now that these people are out.
    pub(super) fn is_erased(&self, token: &Token, left: &BTreeSet<String>) -> bool {
        let has_text = matches!(token, Token::Message(_) | Token::Strategy(_));
        let author = self.authors.get(token).filter(|_| has_text);
        author.is_some_and(|author| left.contains(author) && self.must_be_erased(author))
    }
}

/// The marks in a text.
fn marks_in(text: &str) -> Vec<String> {
    let mut marks = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(MARK) {
        rest = &rest[at + MARK.len()..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && rest[digits..].starts_with('z') {
            marks.push(format!("{MARK}{}z", &rest[..digits]));
        }
    }
    marks
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
