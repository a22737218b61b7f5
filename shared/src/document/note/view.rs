use crate::contract::Contract;
use crate::ids::{ActorId, MemberId};
use crate::time::Day;

use super::super::{ItemId, Register};

/// What a block of text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(from_page, to_page)]
pub enum BlockKind {
    /// Plain text.
    #[default]
    Paragraph = 0,
    /// A heading, of level 1 to 3.
    Heading = 1,
    /// An item of a list.
    Bullet = 2,
    /// Something to do, checked or not.
    Todo = 3,
}

/// A block marker: it takes one index; the text after it, to the next marker, is the block's. Text before the
/// first marker is a paragraph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Contract)]
#[contract(from_page, to_page)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// 1 to 3 for headings, else 0.
    pub level: u8,
    /// For to-dos.
    pub checked: bool,
}

/// How a run of text is set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(from_page, to_page, name = "MarkName")]
pub enum Mark {
    /// Strong importance, shown bold.
    Strong = 0,
    /// Stress, shown italic.
    Em = 1,
}

impl Mark {
    /// All marks.
    pub const ALL: [Self; 2] = [Self::Strong, Self::Em];

    /// Its name in the document.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Em => "em",
        }
    }

    /// The mark of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.name() == name)
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The marks on a run of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MarkSet(u8);

impl MarkSet {
    /// Whether `mark` is in it.
    #[must_use]
    pub fn has(self, mark: Mark) -> bool {
        self.0 & mark.bit() != 0
    }

    /// Adds or removes a mark.
    pub fn set(&mut self, mark: Mark, on: bool) {
        if on { self.0 |= mark.bit() } else { self.0 &= !mark.bit() }
    }
}

/// A run of a note's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// One block marker.
    Block(Block),
    /// Text with the same marks throughout.
    Text {
        /// The text.
        text: String,
        /// Its marks.
        marks: MarkSet,
    },
}

/// One edit of a note's body; indices are UTF-16 code units as they are after the edits before it.
/// - No edit cuts a surrogate pair, and text holds no lone surrogates.
/// - A page never removes text and markers in one splice.
/// - Marks of new text are said in full by `mark` edits after the splice, in both directions. A page also says `on: false`
///   where text beside the new text has a mark that the new text has not.
#[derive(Clone, Debug, PartialEq, Eq, Contract)]
#[contract(from_page, to_page, tag = "op", name = "NoteOp")]
pub enum BodyOp {
    /// Removes, then inserts. New text has no marks but those that `Mark` edits after it say.
    Splice {
        /// Index in UTF-16 code units at which text goes and comes.
        index: usize,
        /// How many units go.
        remove: usize,
        /// What comes.
        text: String,
    },
    /// Puts a block marker.
    Block {
        /// Index in UTF-16 code units at which the marker is put; what is there moves on by one.
        index: usize,
        /// What it is.
        block: Block,
    },
    /// Changes the marker that stands at an index; it stays the same marker.
    SetBlock {
        /// Where it stands.
        index: usize,
        /// What it becomes.
        block: Block,
    },
    /// Sets or clears a mark. One that changes nothing is skipped, not written.
    Mark {
        /// First unit.
        from: usize,
        /// The unit after the last.
        to: usize,
        /// Which mark.
        #[contract(name = "name")]
        mark: Mark,
        /// Set or clear.
        on: bool,
    },
}

/// Fields that hold one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(from_page, name = "NoteFieldName")]
pub enum NoteField {
    /// What the session was called.
    Title,
    /// Where it was.
    Place,
}

/// How someone took part in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(from_page, to_page)]
pub enum Presence {
    /// There from the start.
    Present = 0,
    /// Came later.
    Late = 1,
    /// Not there.
    Absent = 2,
    /// Not there, and had said so.
    Excused = 3,
}

impl Presence {
    /// All values, at their code's place.
    pub const ALL: [Self; 4] = [Self::Present, Self::Late, Self::Absent, Self::Excused];
}

/// One member's attendance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendance {
    /// The member whose attendance it is.
    pub member: MemberId,
    /// The value to show.
    pub presence: Presence,
    /// Who recorded it.
    pub author: ActorId,
    /// Other values that people recorded at the same time.
    pub others: Vec<(Presence, ActorId)>,
}

/// A point of the agenda.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaItem {
    /// Its id.
    pub item: ItemId,
    /// What it is about.
    pub text: Register,
    /// Whether it was dealt with.
    pub done: bool,
    /// Of its fields with several values that people wrote at the same time, all values, the shown one first.
    pub contested: Vec<(Written, ActorId)>,
}

/// How a commitment stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(from_page, to_page)]
pub enum CommitmentState {
    /// Not yet looked at again.
    #[default]
    Open = 0,
    /// Its member says that they did it.
    Kept = 1,
    /// Not kept yet.
    NotYet = 2,
}

impl CommitmentState {
    /// All states, at their code's place.
    pub const ALL: [Self; 3] = [Self::Open, Self::Kept, Self::NotYet];

    /// Its name for pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Kept => "kept",
            Self::NotYet => "notYet",
        }
    }
}

/// What someone undertook to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// Its id.
    pub item: ItemId,
    /// Whose it is.
    pub member: MemberId,
    /// What is promised, as its member wrote it; at most [`super::super::ITEM_TEXT`].
    pub text: String,
    /// By when; `None` too when a build of before wrote a day that may not be written.
    pub due: Option<Day>,
    /// How it stands.
    pub state: CommitmentState,
    /// As of [`AgendaItem`].
    pub contested: Vec<(Written, ActorId)>,
}

/// Neighbouring words of the body that the same people wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The words; where a block begins stands a line feed.
    pub text: String,
    /// Everyone who wrote a character of each of them, ascending; never empty.
    pub authors: Vec<ActorId>,
}

/// A session note as people see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoteView {
    /// What the session was called.
    pub title: Register,
    /// Where it was.
    pub place: Register,
    /// The days that people moved the session to at the same time, the shown one first; empty when nobody did.
    pub days: Vec<(Day, ActorId)>,
    /// It was hidden, and has got no words since.
    pub hidden: bool,
    /// The body.
    pub spans: Vec<Span>,
    /// In the order of adding.
    pub agenda: Vec<AgendaItem>,
    /// By member id; those without a record are not in it.
    pub attendance: Vec<Attendance>,
    /// In the order of adding.
    pub commitments: Vec<Commitment>,
    /// Who wrote what is there now of body, title and place; the newest first.
    pub authors: Vec<ActorId>,
}

/// What a list of notes shows of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoteSummary {
    /// What the session was called.
    pub title: String,
    /// The first words of the body.
    pub excerpt: String,
    /// How many were present or came late.
    pub present: usize,
    /// The day that it was moved to.
    pub day: Option<Day>,
    /// As of [`NoteView`].
    pub hidden: bool,
}

/// A value that somebody wrote in one of the fields of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// Its words.
    Text(String),
    /// Whether a point of the agenda was dealt with.
    Done(bool),
    /// When a commitment is due, or the day that a session was moved to.
    Day(Day),
    /// How a commitment stands.
    State(CommitmentState),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What lies in documents is a number: it stands for what it always did, in whatever order the cases are declared.
    #[test]
    fn what_is_written_as_a_number_is_read_as_what_it_was() {
        let presences = [Presence::Present, Presence::Late, Presence::Absent, Presence::Excused];
        assert_eq!(Presence::ALL, presences);
        assert_eq!(presences.map(|presence| presence as u64), [0, 1, 2, 3]);
        let states = [CommitmentState::Open, CommitmentState::Kept, CommitmentState::NotYet];
        assert_eq!(CommitmentState::ALL, states);
        assert_eq!(states.map(|state| state as u64), [0, 1, 2]);
        let kinds = [BlockKind::Paragraph, BlockKind::Heading, BlockKind::Bullet, BlockKind::Todo];
        assert_eq!(kinds.map(|kind| kind as u64), [0, 1, 2, 3]);
        assert_eq!([Mark::Strong, Mark::Em].map(Mark::bit), [1, 2]);
    }
}
