//! What this phone's person wrote in a circle, whatever it is.

use crate::contract::Contract;
use crate::document::{Moment, OwnEntry, PlanPart};

use super::{BodyState, Choice, Commitment, ItemKind};

/// Who reads something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(to_page)]
pub enum Audience {
    /// Its author alone.
    Me,
    /// Its author and one other.
    Pair,
    /// All facilitators.
    Facilitators,
    /// One member and all facilitators.
    Slice,
    /// Its author and the organisation.
    Organisation,
    /// Whoever is in the circle.
    Circle,
}

/// What was said of something that was taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(to_page)]
pub enum KeptSaid {
    TakenOn,
    Accepted,
    Declined,
    Done,
    Tried,
    NotThisTime,
    Ended,
}

/// One thing that this phone's person wrote. What its kind does not have is null or empty.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct RecordItem {
    /// Its id among all items.
    pub key: String,
    pub kind: ItemKind,
    pub audience: Audience,
    /// Whom it is shared with where that is one other, by name; else the conversation's or session's title.
    pub place: String,
    /// When it was written; of a note 0, since its words have no times.
    pub made_ms: u64,
    /// The day that it is about.
    #[contract(ts = "DayNumber | null")]
    pub day: Option<u32>,
    /// Whether its words are here; `gone`: they were taken back.
    pub body: BodyState,
    /// The words; of a kind that this build does not know, as they are kept.
    pub text: String,
    /// The item that it answers, or in whose place it stands.
    pub other: Option<String>,
    /// Of a journal's entry, what was noted.
    pub entry: Option<OwnEntry>,
    /// Of a plan's line, its part.
    pub part: Option<PlanPart>,
    /// Of a plan's line, its number.
    pub phone: String,
    /// What was chosen about another.
    pub choice: Option<Choice>,
    /// Of what they keep their word by, what it says.
    pub kept: Option<KeptSaid>,
    /// Of a strategy, its title.
    pub title: String,
    /// Of a strategy, when it is of use.
    pub moments: Vec<Moment>,
    /// Of a note, the passages that this phone's person wrote, from front to back.
    pub passages: Vec<String>,
    /// Of a note, what this phone's person took on.
    pub commitments: Vec<Commitment>,
}

/// What is in one document.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct RecordPage {
    /// In the order of writing.
    pub items: Vec<RecordItem>,
    /// It can't be opened on this phone: what is in it is left out.
    pub closed: bool,
    /// What to ask for next; null: that was the last.
    #[contract(ts = "DocumentId | null")]
    pub next: Option<String>,
}
