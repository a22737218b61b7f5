use crate::contract::Contract;
use crate::document::{BodyOp, CommitmentState, ItemId, NoteField, Presence};
use crate::ids::MemberId;

/// One edit of a note.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(from_page, tag = "edit")]
pub enum NoteEdit {
    /// Of its body, relative to a version; answered `stale` when the note has moved on: rebase, send again.
    Body {
        /// The version that the indices mean.
        version: u64,
        /// In the order in which they are made.
        ops: Vec<BodyOp>,
    },
    /// Of a field that holds one value; of what several people wrote at the same time, this chooses.
    Field {
        field: NoteField,
        /// What it holds from now on.
        value: String,
    },
    /// The session was on another day.
    Day {
        /// The date that it is shown on from now on.
        #[contract(ts = "DayNumber")]
        day: u32,
    },
    /// Only a session in which there is nothing; one that gets words is listed again by itself.
    Hide {
        /// Whether it is to be hidden or listed again.
        hidden: bool,
    },
    /// How somebody took part.
    Attendance { member: MemberId, presence: Presence },
    /// A new point of the agenda.
    #[contract(once = "note")]
    AgendaAdd {
        /// Its words.
        text: String,
    },
    /// A changed point. Only what is given is written; of what several people wrote at the same time, this chooses.
    AgendaSet {
        item: ItemId,
        /// Its words.
        #[contract(optional)]
        text: Option<String>,
        /// Whether it was dealt with.
        #[contract(optional)]
        done: Option<bool>,
    },
    /// A point that was removed, put back as it was.
    AgendaBack {
        item: ItemId,
        /// Its words.
        text: String,
        /// Whether it was dealt with.
        done: bool,
    },
    /// A point less.
    AgendaRemove { item: ItemId },
    /// Somebody took something on.
    #[contract(once = "note")]
    CommitmentAdd {
        member: MemberId,
        /// What they took on.
        text: String,
        /// Until when.
        #[contract(ts = "DayNumber | null")]
        due: Option<u32>,
    },
    /// A changed one, as of [`Self::AgendaSet`].
    CommitmentSet {
        item: ItemId,
        /// How it went.
        #[contract(optional)]
        state: Option<CommitmentState>,
        /// What they took on.
        #[contract(optional)]
        text: Option<String>,
        /// Until when.
        #[contract(optional, ts = "DayNumber")]
        due: Option<u32>,
    },
    /// One that was taken back, put back as it was.
    CommitmentBack {
        item: ItemId,
        member: MemberId,
        /// What they took on.
        text: String,
        /// Until when.
        #[contract(ts = "DayNumber | null")]
        due: Option<u32>,
        /// How it went.
        state: CommitmentState,
    },
    /// One that is taken back.
    CommitmentRemove { item: ItemId },
}
