use crate::codec::{DecodeError, Reader};
use crate::ids::{ActorId, ThreadId};
use crate::time::TimestampMs;

use super::{EditProblem, MEMBER_NAME_BYTES_MAX, Register, TextLimit, is_seen};

/// Containers, by the op of the genesis that makes them.
pub(super) const CIRCLE: u64 = 1;
pub(super) const NAMES: u64 = 2;
pub(super) const THREADS: u64 = 3;

/// Keys of the circle's own fields.
pub(super) const NAME: &str = "n";
pub(super) const AGREEMENT: &str = "a";

/// Of a name's record.
pub(super) const RECORD_VERSION: u8 = 1;

/// A name that a device wrote for its member. A member with several devices goes by the one set last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberName {
    /// Who wrote it: a device of the member.
    pub author: ActorId,
    /// The chosen name.
    pub name: String,
    /// When it was chosen, by the device's clock.
    pub set: TimestampMs,
}

/// A thread of the circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadTitle {
    /// Its id.
    pub thread: ThreadId,
    /// What it is called; empty for the circle's own until someone names it.
    pub title: Register,
}

/// A circle's profile as people see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileView {
    /// The circle's name.
    pub name: Register,
    /// What its members agreed on.
    pub agreement: Register,
    /// By actor.
    pub members: Vec<MemberName>,
    /// The circle's own first, then by id.
    pub threads: Vec<ThreadTitle>,
}

/// Reads a name's record: when it was set, and the name.
pub(super) fn decode_name(bytes: &[u8]) -> Result<(TimestampMs, &str), DecodeError> {
    let mut reader = Reader::new(bytes);
    if reader.byte("name version")? != RECORD_VERSION {
        return Err(DecodeError::Invalid { what: "name version" });
    }
    let set = TimestampMs(reader.number("name time")?);
    let name = reader.text(MEMBER_NAME_BYTES_MAX, "name")?;
    reader.finish("name")?;
    Ok((set, name))
}

/// Whether a text has something to see in it and is not too long.
pub(super) fn check(what: &'static str, text: &str, limit: TextLimit) -> Result<(), EditProblem> {
    if is_seen(text) { check_length(what, text, limit) } else { Err(EditProblem::Empty { what }) }
}

/// Whether a text is not too long.
pub(super) fn check_length(what: &'static str, text: &str, limit: TextLimit) -> Result<(), EditProblem> {
    match limit.over(text) {
        0 => Ok(()),
        over => Err(EditProblem::TooLong { what, over }),
    }
}
