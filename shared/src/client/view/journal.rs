//! What a member notes for themself.

use crate::contract::Contract;
use crate::document::OwnEntry;

use super::{BodyState, Safety};

/// An entry of this phone's person's journal.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct JournalEntry {
    #[contract(ts = "JournalKey")]
    pub key: String,
    /// The day that it is about; while its text is not here, the day on which it was written.
    #[contract(ts = "DayNumber")]
    pub day: u32,
    pub made_ms: u64,
    /// Null while its text is not here.
    pub entry: Option<OwnEntry>,
    pub body: BodyState,
    /// As of [`super::PlanLine::replaces`].
    #[contract(ts = "JournalKey | null")]
    pub replaces: Option<String>,
    pub safety: Safety,
}

/// A journal, as far as it was asked for.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Journal {
    /// The latest day first, and of a day what was written last.
    pub entries: Vec<JournalEntry>,
    /// There is more from before the months that were asked for.
    pub more: bool,
}
