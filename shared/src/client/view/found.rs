//! What a search found.

use crate::contract::Contract;

/// In what something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(to_page)]
pub enum FoundKind {
    /// A session's note: its title, place, words, agenda, what people undertook.
    Note,
    Message,
    Strategy,
    /// A line of this phone's person's plan.
    Plan,
    /// What somebody takes on, or noted of how it went.
    Commitment,
    /// A story that has no end, or a milestone.
    Story,
    /// An entry of their journal.
    Journal,
}

/// Where a word was found, in UTF-16 units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(to_page)]
pub struct FoundRange {
    pub from: usize,
    /// The unit after the last.
    pub to: usize,
}

/// A text in which all words were found.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Hit {
    pub kind: FoundKind,
    #[contract(ts = "DocumentId")]
    pub document: String,
    /// Of a message, the conversation that it is in; else null.
    #[contract(ts = "Conversation | null")]
    pub thread: Option<String>,
    /// The record's key; empty for a note.
    pub key: String,
    /// What the note, strategy or conversation is called; may be empty.
    pub title: String,
    /// Who wrote it; empty for a note, which several write.
    #[contract(ts = "MemberId")]
    pub author: String,
    pub author_name: String,
    /// This phone's person wrote it.
    pub mine: bool,
    /// When it was written; of a note or an entry, the beginning of its day.
    pub at_ms: u64,
    /// The day that a note or an entry is about; else null.
    #[contract(ts = "DayNumber | null")]
    pub day: Option<u32>,
    /// On one line, at most some 160 characters around what was found first.
    pub excerpt: String,
    /// Where in the excerpt, ascending.
    pub found: Vec<FoundRange>,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Found {
    /// The newest first.
    pub hits: Vec<Hit>,
    /// There are older ones.
    pub more: bool,
    /// Too little was typed to be looked for: no word, or one sign of a script that puts no spaces between words.
    pub short: bool,
    /// So many documents are not ready to be searched yet; a notice of the list `search` follows once they are.
    pub pending: u64,
}
