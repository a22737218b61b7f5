use core::fmt;
use core::str::FromStr;

use crate::contract::passes_as_text;

use super::{MemberId, ParseIdError, ThreadId};

/// What people talk in: one of the circle's threads, or what one member and another say to each other. As text it is the
/// id in either case, which its length tells apart: so no thread that somebody begins can pass for a pair's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Conversation {
    /// A thread of the circle.
    Thread(ThreadId),
    /// With this member, seen from the other one.
    With(MemberId),
}

impl fmt::Display for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Thread(thread) => thread.fmt(f),
            Self::With(member) => member.fmt(f),
        }
    }
}

impl FromStr for Conversation {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        text.parse().map(Self::With).or_else(|_| text.parse().map(Self::Thread))
    }
}

passes_as_text!(Conversation);
