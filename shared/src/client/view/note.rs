//! Notes of sessions.

use serde::Serialize;

use super::{Role, Safety};

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NoteSummary {
    pub document: String,
    pub day: u32,
    pub ordinal: u8,
    pub title: String,
    pub excerpt: String,
    pub present: u32,
    pub safety: Safety,
    pub changed: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    pub value: String,
    pub author: String,
    pub author_name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    pub value: String,
    pub candidates: Vec<Candidate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum BlockKind {
    Paragraph,
    Heading,
    Bullet,
    Todo,
}

#[derive(Clone, Debug, PartialEq, Serialize, Eq)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub struct Block {
    pub kind: BlockKind,
    pub level: u8,
    pub checked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum MarkName {
    Strong,
    Em,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Span {
    Block { block: Block },
    Text { text: String, marks: Vec<MarkName> },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(tag = "op", rename_all = "camelCase", deny_unknown_fields)]
pub enum NoteOp {
    Splice { index: usize, remove: usize, text: String },
    Block { index: usize, block: Block },
    SetBlock { index: usize, block: Block },
    Mark { from: usize, to: usize, name: MarkName, on: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum Presence {
    Present,
    Late,
    Absent,
    Excused,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OtherPresence {
    pub presence: Presence,
    pub author: String,
    pub author_name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attendance {
    pub member: String,
    pub name: String,
    pub role: Role,
    pub presence: Option<Presence>,
    pub others: Vec<OtherPresence>,
}

/// A field of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ItemField {
    Text,
    Done,
    Due,
    State,
}

/// One of the values that people wrote in a field at the same time.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contested {
    pub field: ItemField,
    pub value: String,
    pub author: String,
    pub author_name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgendaItem {
    pub item: String,
    pub text: String,
    pub done: bool,
    pub contested: Vec<Contested>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum CommitmentState {
    Open,
    Kept,
    NotYet,
}

impl CommitmentState {
    /// Its name in `contract.ts`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Kept => "kept",
            Self::NotYet => "notYet",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Commitment {
    pub item: String,
    pub member: String,
    pub member_name: String,
    pub text: String,
    pub due: Option<u32>,
    pub state: CommitmentState,
    pub contested: Vec<Contested>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NoteAuthor {
    pub member: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    pub document: String,
    pub circle: String,
    pub day: u32,
    pub days: Vec<Candidate>,
    pub ordinal: u8,
    pub version: u64,
    pub title: Field,
    pub place: Field,
    /// Absent in notices, which bring body edits apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spans: Option<Vec<Span>>,
    pub agenda: Vec<AgendaItem>,
    /// Who was in the circle on the session's day, and whose attendance was recorded.
    pub attendance: Vec<Attendance>,
    /// Who is in now, and is not among those.
    pub later: Vec<Attendance>,
    pub commitments: Vec<Commitment>,
    pub safety: Safety,
    pub authors: Vec<NoteAuthor>,
}

/// Neighbouring words of a note that the same people wrote.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Passage {
    pub text: String,
    pub authors: Vec<NoteAuthor>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "json", derive(serde::Deserialize))]
#[serde(rename_all = "camelCase")]
pub enum NoteFieldName {
    Title,
    Place,
}
