//! Strategies of a circle's toolkit.

use crate::contract::Contract;
use crate::document::Moment;

use super::{BodyState, Hidden, Safety};

/// A strategy.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Strategy {
    #[contract(ts = "StrategyKey")]
    pub key: String,
    #[contract(ts = "MemberId")]
    pub author: String,
    pub author_name: String,
    /// This phone's person wrote it.
    pub mine: bool,
    /// Its author was taken out of the circle since.
    pub left: bool,
    pub made_ms: u64,
    /// Empty while its text is not here, as all of it.
    pub title: String,
    /// What to do.
    pub text: String,
    /// When it is of use.
    pub moments: Vec<Moment>,
    pub body: BodyState,
    /// As of a message.
    pub hidden: Option<Hidden>,
    /// The strategy that it was adapted from.
    #[contract(ts = "StrategyKey | null")]
    pub adapted_from: Option<String>,
    /// Whom else it helped, by name.
    pub helped: Vec<String>,
    /// It helped this phone's person.
    pub helped_me: bool,
    pub safety: Safety,
}
