//! Stories and milestones.

use crate::contract::Contract;
use crate::document::Told;

use super::{BodyState, Hidden, Reaction, Safety};

/// A story or milestone, as its author told it.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Story {
    #[contract(ts = "StoryKey")]
    pub key: String,
    #[contract(ts = "MemberId")]
    pub author: String,
    pub author_name: String,
    /// This phone's person told it.
    pub mine: bool,
    /// Its author was taken out of the circle since.
    pub left: bool,
    pub made_ms: u64,
    /// Null while its text is not here, or hidden from this phone's person.
    pub told: Option<Told>,
    pub body: BodyState,
    /// As of a message; only of what the whole circle is told.
    pub hidden: Option<Hidden>,
    /// The whole circle is told it; else only people whom its author chose.
    pub everyone: bool,
    /// Of one's own that only chosen people are told, their names; else empty.
    pub to: Vec<String>,
    pub reactions: Vec<Reaction>,
    pub safety: Safety,
}
