//! What a member keeps their word by.

use crate::contract::Contract;
use crate::document::Outcome;

use super::Safety;

/// Who said something of a commitment, and when.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct KeptBy {
    /// By it, whoever said it takes it back.
    #[contract(ts = "KeptKey")]
    pub key: String,
    /// This phone's person said it.
    pub mine: bool,
    pub name: String,
    pub made_ms: u64,
    pub safety: Safety,
}

/// What the other one said to a commitment.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct CommitmentAnswer {
    /// They are with whoever took it on.
    pub accepted: bool,
    pub said: KeptBy,
}

/// Something that was taken on.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct KeptCommitment {
    #[contract(ts = "KeptKey")]
    pub key: String,
    /// With whom; null when it is this phone's person's alone.
    #[contract(ts = "MemberId | null")]
    pub with: Option<String>,
    /// What they are called.
    pub with_name: String,
    /// This phone's person took it on; else the other one did, and asked for them.
    pub mine: bool,
    /// Its first day.
    #[contract(ts = "DayNumber")]
    pub since: u32,
    /// On which days of the week: a bit each, Monday's is 1, Sunday's 64. 0 without a rhythm.
    pub days: u8,
    /// On which day, once.
    #[contract(ts = "DayNumber | null")]
    pub due: Option<u32>,
    /// What it was taken on from, as the page called it; may be empty.
    pub from: String,
    pub words: String,
    pub made_ms: u64,
    /// What the other one said last; null when nothing, or when there is no other.
    pub answer: Option<CommitmentAnswer>,
    /// Whoever said that it is done with; nobody while it goes on.
    pub ends: Vec<KeptBy>,
    /// Nothing more can be written: the other one is out of the circle, or blocked.
    pub closed: bool,
    pub safety: Safety,
}

/// How it went on a day.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Attempt {
    /// Of which commitment; one that is not among the others was taken back.
    #[contract(ts = "KeptKey")]
    pub commitment: String,
    /// Who reads it beside this phone's person; null when nobody does.
    #[contract(ts = "MemberId | null")]
    pub with: Option<String>,
    #[contract(ts = "DayNumber")]
    pub day: u32,
    pub outcome: Outcome,
    /// May be empty.
    pub note: String,
    pub said: KeptBy,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Contract)]
#[contract(to_page)]
pub struct Commitments {
    /// What was taken on last first.
    pub commitments: Vec<KeptCommitment>,
    /// The latest day first, and of a day what was noted last.
    pub attempts: Vec<Attempt>,
    /// Of how many records the text is not here.
    pub lacking: u64,
}
