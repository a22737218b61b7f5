//! What a person or the page put in, as it can be taken.

use crate::document::{DocumentName, MEMBER_NAME_TEXT, is_seen};

use super::{Problem, ProblemCode, Why};

/// A name that can be taken.
pub(super) fn checked_name(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    if !is_seen(name) {
        return Err(Problem::new(ProblemCode::Empty, "an empty name"));
    }
    let over = MEMBER_NAME_TEXT.over(name);
    if over > 0 {
        return Err(Problem::new(ProblemCode::TooLong, "a name").counting(over as u64));
    }
    Ok(name.to_owned())
}

/// Whether a session may be begun under this name.
pub(super) fn check_day(name: &DocumentName) -> Result<(), Problem> {
    if name.is_in_range() {
        return Ok(());
    }
    Err(Problem::of(ProblemCode::BadInput, Why::Day))
}
