//! A member who leaves a circle by themself.

use crate::contract::Contract;

/// How far leaving has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(to_page)]
pub enum LeavingStage {
    /// Nobody wants to.
    Not,
    /// It was asked for. This phone erases what it is to, sends what is unsent, and then says it to the server: until then
    /// the circle knows nothing, and it can be undone.
    Asked,
    /// It was said, and the server may have heard it.
    Said,
}

/// How leaving a circle stands.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Leaving {
    pub stage: LeavingStage,
    /// What this phone's person wrote goes too.
    pub erase: bool,
    /// Nobody else leads the circle and others are in: another one has to, first.
    pub last_facilitator: bool,
    /// Things of this circle that are not safe on the server yet.
    pub unsent: u64,
    /// This person's other phones in this circle: each forgets it when it next hears of this.
    pub phones: u64,
}
