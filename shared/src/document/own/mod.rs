//! What a member notes for themself alone: lines of their plan, entries of their journal, what
//! they chose about others; and what they keep their word by, alone or with one other. Each is the text of a record
//! in a document of the thread's shape, so it is sealed, written again elsewhere and taken back as a message's text is.

mod choice;
mod entry;
mod kept;
mod line;

pub use choice::{Choice, ChoiceKind};
pub use entry::{Answers, OwnEntry};
pub use kept::{Kept, Outcome, TakenOn};
pub use line::{PlanLine, PlanPart};

use crate::codec::DecodeError;

/// The first part of what is left of a text, and the rest, behind a line feed.
pub(in crate::document) fn cut<'a>(text: &'a str, what: &'static str) -> Result<(&'a str, &'a str), DecodeError> {
    text.split_once('\n').ok_or(DecodeError::Short { what })
}

/// A number in its one form: digits, no zero before others.
pub(in crate::document) fn number<T: core::str::FromStr>(text: &str, what: &'static str) -> Result<T, DecodeError> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'));
    text.parse().ok().filter(|_| is_plain).ok_or(DecodeError::Invalid { what })
}
