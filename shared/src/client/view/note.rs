//! Notes of sessions.

use crate::contract::Contract;
use crate::document::{Block, CommitmentState, Mark, Presence};
use crate::trust::Role;

use super::Safety;

/// A session, as lists show it.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct NoteSummary {
    #[contract(ts = "DocumentId")]
    pub document: String,
    /// The date that it is shown on.
    #[contract(ts = "DayNumber")]
    pub day: u32,
    /// Which of its day's sessions it is, from 0.
    pub ordinal: u8,
    pub title: String,
    /// The first words of its text, whole, at most 120 characters.
    pub excerpt: String,
    /// How many were there.
    pub present: u32,
    pub safety: Safety,
    /// Not seen on this phone since someone else changed it.
    pub changed: bool,
}

/// One of the values that people wrote at the same time.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Candidate {
    pub value: String,
    #[contract(ts = "MemberId")]
    pub author: String,
    pub author_name: String,
}

/// A field that holds one value.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Field {
    pub value: String,
    /// More than one: people wrote at the same time (P04). Else empty.
    pub candidates: Vec<Candidate>,
}

/// A run of a note's body: one block marker, or text with its marks.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page, tag = "type")]
pub enum Span {
    /// One block marker.
    Block { block: Block },
    /// Text with the same marks throughout.
    Text { text: String, marks: Vec<Mark> },
}

/// Another value that somebody put down for the same person at the same time.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct OtherPresence {
    pub presence: Presence,
    #[contract(ts = "MemberId")]
    pub author: String,
    pub author_name: String,
}

/// How one person took part in a session.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Attendance {
    #[contract(ts = "MemberId")]
    pub member: String,
    pub name: String,
    pub role: Role,
    /// Null while nobody put it down.
    pub presence: Option<Presence>,
    /// Other values that people put down at the same time.
    pub others: Vec<OtherPresence>,
}

/// A field of an item, or of what facilitators decide in a circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(to_page)]
pub enum ItemField {
    Text,
    Done,
    Due,
    State,
    Name,
    Phone,
    Sms,
    Region,
    Hours,
    Language,
    Checked,
    FollowUpWho,
    FollowUpBy,
    AboutAlcohol,
    Member,
    Opening,
    Closing,
}

/// One of the values that people wrote at the same time in one field (P04).
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Contested {
    pub field: ItemField,
    /// The text, `true` or `false`, the day's number or the state's name.
    pub value: String,
    #[contract(ts = "MemberId")]
    pub author: String,
    pub author_name: String,
}

/// A point of the agenda.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct AgendaItem {
    #[contract(ts = "ItemId")]
    pub item: String,
    pub text: String,
    /// Whether it was dealt with.
    pub done: bool,
    /// Of each field with several values all of them, the shown one first; writing one chooses.
    pub contested: Vec<Contested>,
}

/// What somebody took on.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Commitment {
    #[contract(ts = "ItemId")]
    pub item: String,
    #[contract(ts = "MemberId")]
    pub member: String,
    pub member_name: String,
    pub text: String,
    /// Until when.
    #[contract(ts = "DayNumber | null")]
    pub due: Option<u32>,
    /// How it went.
    pub state: CommitmentState,
    /// As of an agenda's point.
    pub contested: Vec<Contested>,
}

/// Somebody who wrote in a note.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct NoteAuthor {
    #[contract(ts = "MemberId")]
    pub member: String,
    pub name: String,
}

/// A session's note, or another document of its form.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Note {
    #[contract(ts = "DocumentId")]
    pub document: String,
    #[contract(ts = "CircleId")]
    pub circle: String,
    /// The day that it is shown on: another than its name's when it was moved.
    #[contract(ts = "DayNumber")]
    pub day: u32,
    /// Of days that people moved it to at the same time, all; else empty.
    pub days: Vec<Candidate>,
    /// Which of its day's sessions it is, from 0.
    pub ordinal: u8,
    /// Rises by exactly one with each batch of *body* edits that the engine took, from here or elsewhere; fields,
    /// attendance, agenda and commitments leave it alone. A page's own accepted edit is answered, not noticed.
    pub version: u64,
    pub title: Field,
    /// Where the session was.
    pub place: Field,
    /// Its body. Absent in notices, which bring body edits apart.
    #[contract(omitted, ts = "Span[]")]
    pub spans: Option<Vec<Span>>,
    pub agenda: Vec<AgendaItem>,
    /// Who was in the circle on the session's day, by its chain, and whose attendance was put down.
    pub attendance: Vec<Attendance>,
    /// Who is in now and is not among those: offered apart, and not counted.
    pub later: Vec<Attendance>,
    pub commitments: Vec<Commitment>,
    pub safety: Safety,
    /// Who wrote which part, newest first: shown as "written by".
    pub authors: Vec<NoteAuthor>,
}

/// Neighbouring words of a note that the same people wrote.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Passage {
    /// Where a block begins it has a line feed.
    pub text: String,
    /// Empty while it is not known whose they are. A word that two people wrote has both.
    pub authors: Vec<NoteAuthor>,
}
