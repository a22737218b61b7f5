//! Threads and their messages.

use serde::Serialize;

use super::{Candidate, Safety};

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ThreadSummary {
    pub thread: String,
    pub title: String,
    pub excerpt: String,
    pub last_ms: Option<u64>,
    pub last_name: String,
    pub last_mine: bool,
    pub last_body: Option<BodyState>,
    pub unread: u64,
    pub titles: Vec<Candidate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum ReactionKind {
    Relate,
    Thanks,
    Strength,
    WithYou,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum BodyState {
    Here,
    Missing,
    Gone,
    /// Its key was another's before this phone came in, and stays closed to it.
    Before,
    /// Its key has not come to this phone yet.
    Waiting,
    Unverified,
}

impl BodyState {
    const ALL: [Self; 6] = [Self::Here, Self::Missing, Self::Gone, Self::Before, Self::Waiting, Self::Unverified];

    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reaction {
    pub kind: ReactionKind,
    pub names: Vec<String>,
    pub mine: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    pub key: String,
    pub author: String,
    pub author_name: String,
    pub mine: bool,
    pub sent_ms: u64,
    pub text: String,
    pub body: BodyState,
    pub left: bool,
    pub reply_to: Option<String>,
    pub reactions: Vec<Reaction>,
    pub safety: Safety,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Thread {
    pub thread: String,
    pub circle: String,
    pub title: String,
    pub messages: Vec<Message>,
    pub more: bool,
}
