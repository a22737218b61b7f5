//! What this phone's person chose about others.

use crate::contract::Contract;
use crate::document::ChoiceKind;
use crate::ids::MemberId;

/// What they chose about one other member. Nobody else is told.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Choice {
    pub kind: ChoiceKind,
    /// About whom.
    pub member: MemberId,
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Choices {
    /// By kind, then member; none twice.
    pub choices: Vec<Choice>,
}
