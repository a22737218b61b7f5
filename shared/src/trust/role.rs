//! What members may do.

use crate::contract::Contract;

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Contract)]
#[contract(from_page, to_page)]
pub enum Role {
    /// Writes messages, joint notes and their own name.
    Member,
    /// Also leads: the circle's profile and threads.
    Facilitator,
}

/// Who may begin something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beginners {
    /// Whoever is in: what holds while nobody decides otherwise.
    #[default]
    Everyone,
    /// Those who lead the circle, alone.
    Facilitators,
}
