//! Threads and their messages.

#[cfg(test)]
mod tests;

use crate::contract::Contract;
use crate::document::ReactionKind;

use super::{Candidate, Safety};

/// A thread, as lists show it.
#[derive(Clone, Debug, Default, PartialEq, Contract)]
#[contract(to_page)]
pub struct ThreadSummary {
    #[contract(ts = "Conversation")]
    pub thread: String,
    /// Whom it is with, where it is between two; else null.
    #[contract(ts = "MemberId | null")]
    pub with: Option<String>,
    /// Between two, the other's name.
    pub title: String,
    /// The last message that nobody took back or hid, whole words, at most 120 characters; empty when there is none, or its text
    /// is not here.
    pub excerpt: String,
    /// When it was written.
    pub last_ms: Option<u64>,
    /// Who wrote it; empty until their name came.
    pub last_name: String,
    /// This phone's person wrote it.
    pub last_mine: bool,
    /// Why its text is not here; `gone`, `hidden`: all that was written here was taken back or hidden, this last. Null when
    /// nobody wrote yet.
    pub last_body: Option<BodyState>,
    /// How many messages of others are new to this phone.
    pub unread: u64,
    /// Between two: this phone's person blocked the other. Nothing of it is shown here, and nothing is new.
    pub blocked: bool,
    /// Of a title that people wrote at the same time, all values (P04); else empty.
    pub titles: Vec<Candidate>,
}

/// Whether a message's text is here, and why it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(to_page)]
pub enum BodyState {
    Here,
    /// It may still come.
    Missing,
    /// It was taken back.
    Gone,
    /// Its key was another's before this phone came in, and stays closed to it.
    Before,
    /// Its key has not come to this phone yet; it comes by itself with a sync.
    Waiting,
    /// It does not fit its author or place.
    Unverified,
    /// A facilitator hides it, and it is neither this phone's person's nor are they one.
    Hidden,
}

impl BodyState {
    /// Its number in a stored summary.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Here => 0,
            Self::Missing => 1,
            Self::Gone => 2,
            Self::Before => 3,
            Self::Waiting => 4,
            Self::Unverified => 5,
            Self::Hidden => 6,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Here,
            1 => Self::Missing,
            2 => Self::Gone,
            3 => Self::Before,
            4 => Self::Waiting,
            5 => Self::Unverified,
            6 => Self::Hidden,
            _ => return None,
        })
    }
}

/// That a facilitator hid a message or strategy. Its author and the facilitators have its text all the same.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Hidden {
    #[contract(ts = "MemberId")]
    pub by: String,
    pub name: String,
    /// When, by that facilitator's clock.
    pub at_ms: u64,
}

/// Who reacted to a message in one way.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Reaction {
    pub kind: ReactionKind,
    pub names: Vec<String>,
    /// This phone's person is among them.
    pub mine: bool,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Message {
    #[contract(ts = "MessageKey")]
    pub key: String,
    #[contract(ts = "MemberId")]
    pub author: String,
    pub author_name: String,
    /// This phone's person wrote it.
    pub mine: bool,
    pub sent_ms: u64,
    /// Empty while it is not here.
    pub text: String,
    pub body: BodyState,
    /// Null while nobody hides it, and of what was taken back.
    pub hidden: Option<Hidden>,
    /// Its author was taken out of the circle since.
    pub left: bool,
    /// The message that it answers.
    #[contract(ts = "MessageKey | null")]
    pub reply_to: Option<String>,
    pub reactions: Vec<Reaction>,
    /// Between two who both wish it, of one's own: the other read as far as this.
    pub read: bool,
    pub safety: Safety,
}

/// A thread that is open.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Thread {
    #[contract(ts = "Conversation")]
    pub thread: String,
    #[contract(ts = "CircleId")]
    pub circle: String,
    pub title: String,
    /// Oldest first; the newest `limit` asked for.
    pub messages: Vec<Message>,
    /// There are older ones.
    pub more: bool,
    /// Nothing more can be written: whom it is with is out of the circle.
    pub closed: bool,
    /// Between two: this phone's person blocked the other. None of the messages are shown.
    pub blocked: bool,
    /// Between two: this phone's person shows how far they read, and is shown it.
    pub reads: bool,
}
