//! What a person or the page put in, as it can be taken.

use crate::document::{MEMBER_NAME_TEXT, is_seen};
use crate::time::Day;

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

/// A day on which a note may stand, given as days since 1970.
pub(super) fn checked_day(day: u32) -> Result<Day, Problem> {
    let day = Day(day);
    if day.is_allowed() { Ok(day) } else { Err(Problem::of(ProblemCode::BadInput, Why::Day)) }
}
