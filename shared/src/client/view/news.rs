//! What others wrote since this phone's person last looked.

use crate::contract::Contract;
use crate::ids::MemberId;

/// A conversation with new messages.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct NewsPlace {
    #[contract(ts = "Conversation")]
    pub thread: String,
    /// What it is called; between two, the other's name.
    pub title: String,
}

/// A session note that was changed.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct NewsNote {
    #[contract(ts = "DocumentId")]
    pub document: String,
    pub title: String,
    #[contract(ts = "DayNumber")]
    pub day: u32,
}

/// What one other member wrote since it was last looked at on this phone, of the last 30 days. Each phone of a person
/// counts by itself.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct News {
    #[contract(ts = "MemberId")]
    pub member: String,
    /// Empty until their name came.
    pub name: String,
    /// Messages that stand.
    pub messages: u64,
    /// Where they are.
    pub threads: Vec<NewsPlace>,
    /// Notes that they changed.
    pub notes: Vec<NewsNote>,
    /// When the last of it was written.
    pub last_ms: u64,
}

impl News {
    /// Nothing of a member yet.
    pub(crate) fn of(member: &MemberId, name: String) -> Self {
        let (threads, notes) = (Vec::new(), Vec::new());
        Self { member: member.to_string(), name, messages: 0, threads, notes, last_ms: 0 }
    }
}
