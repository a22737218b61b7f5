//! The plan for hard moments.

use crate::contract::Contract;
use crate::document::PlanPart;

use super::{BodyState, Safety};

/// A line of this phone's person's plan.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct PlanLine {
    #[contract(ts = "PlanLineKey")]
    pub key: String,
    /// Where it stands; null while its text is not here.
    pub part: Option<PlanPart>,
    /// Empty while it is not here, as its number.
    pub text: String,
    /// A number to call, or empty.
    pub phone: String,
    pub made_ms: u64,
    pub body: BodyState,
    /// The line that it was written in the place of. Two lines that name the same one were written apart: both stand until
    /// their owner removes one.
    #[contract(ts = "PlanLineKey | null")]
    pub replaces: Option<String>,
    pub safety: Safety,
}

/// A plan for hard moments.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Plan {
    /// By part, oldest first; those whose text is not here at the end.
    pub lines: Vec<PlanLine>,
}
