//! What the server did not take of what somebody did about people, or as a facilitator.

#[cfg(test)]
mod tests;

use crate::contract::Contract;

use super::super::Why;

/// What somebody did that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(to_page)]
pub enum ReturnedKind {
    Remove,
    RemoveDevice,
    Confirm,
    Promote,
    Demote,
    Invite,
    Withdraw,
    Device,
    Setting,
    /// What was changed of the circle's page, or hidden, as a facilitator.
    Led,
}

impl ReturnedKind {
    /// Its number where a phone keeps it.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Remove => 0,
            Self::RemoveDevice => 1,
            Self::Confirm => 2,
            Self::Promote => 3,
            Self::Demote => 4,
            Self::Invite => 5,
            Self::Withdraw => 6,
            Self::Device => 7,
            Self::Setting => 8,
            Self::Led => 9,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Remove,
            1 => Self::RemoveDevice,
            2 => Self::Confirm,
            3 => Self::Promote,
            4 => Self::Demote,
            5 => Self::Invite,
            6 => Self::Withdraw,
            7 => Self::Device,
            8 => Self::Setting,
            9 => Self::Led,
            _ => return None,
        })
    }
}

/// What somebody did on this phone and the server did not take: theirs to decide anew, or to dismiss.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Returned {
    #[contract(ts = "StatementId")]
    pub statement: String,
    pub what: ReturnedKind,
    /// Whom it was about; empty when it was about nobody.
    #[contract(ts = "MemberId")]
    pub who: String,
    pub who_name: String,
    /// Which phone or invitation `removeDevice` or `withdraw` was about, as they call it; empty for all else.
    pub thing: String,
    pub why: Why,
}
