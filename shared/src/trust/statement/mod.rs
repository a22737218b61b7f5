//! Statements: what is said in a circle's grant log, signed, in one encoding each. `docs/TRUST.md`, "Statements".

mod admission;
mod body;
mod commission;
mod group;
mod read;
mod sign;
#[cfg(test)]
mod tests;
mod warrant;
mod write;

use crate::ids::{CircleId, DeviceId, InviteKey, StatementId, first_16, tagged_hash};
use crate::time::TimestampMs;

use super::Signature;

pub use admission::Admission;
pub use body::{
    AddDevice, Confirm, Epoch, Found, Founder, Grant, Invitation, InviteFor, Join, Promote, Remove, Share,
    StatementBody, StatementKind, Wrap, Wraps, member_id,
};
pub use commission::{Commission, CommissionProblem, SignedCommission};
pub use group::KeyGroup;
pub use sign::{Draft, Signer};
pub use warrant::{Warrant, WarrantId};

/// Most bytes of one statement.
pub const STATEMENT_BYTES_MAX: usize = 128 * 1_024;
/// Most parents of one statement.
pub const PARENTS_MAX: usize = 16;
/// Most bytes of a commission.
pub const COMMISSION_BYTES_MAX: usize = 1_024;
/// Most bytes of an invite's sealed box.
pub const INVITE_BOX_BYTES_MAX: usize = 8 * 1_024;
/// Most people who may come in by one invite.
pub const INVITE_USES_MAX: u32 = 500;
/// Most bytes of a warrant as it is handed out.
pub const WARRANT_BYTES_MAX: usize = 160;
/// Most wraps of one Epoch or Share.
pub const WRAPS_MAX: usize = 1_000;
/// The version of the encoding that this build writes and reads.
pub const STATEMENT_VERSION: u8 = 1;

/// Who says a statement, and with which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatementAuthor {
    /// The organisation's root, whose key the founding statement names.
    Root,
    /// A device of the circle.
    Device(DeviceId),
    /// Whoever has an invite's secret.
    Invite(InviteKey),
}

/// One signed statement. Its signature has been checked only where a [`super::GrantLog`] took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The circle; zero in the founding statement, which the circle's id is made of.
    pub circle: CircleId,
    /// Who says it.
    pub author: StatementAuthor,
    /// What its author knew and no other known statement named: ascending, at most [`PARENTS_MAX`].
    pub parents: Vec<StatementId>,
    /// By the author's clock: shown, never decided by.
    pub time: TimestampMs,
    /// What is said.
    pub body: StatementBody,
    /// The author's, over the id.
    pub signature: Signature,
    /// Of a Join: the server's; not part of the id.
    pub admission: Option<Admission>,
}

impl Statement {
    /// The hash of all bytes up to the signature.
    #[must_use]
    pub fn id(&self) -> StatementId {
        Self::id_of(&self.signed_bytes())
    }

    fn id_of(signed: &[u8]) -> StatementId {
        StatementId(tagged_hash("kith/statement/1", &[signed]))
    }

    /// The circle that a founding statement of this id founds.
    #[must_use]
    pub fn circle_of(found: &StatementId) -> CircleId {
        CircleId(first_16(&tagged_hash("kith/circle/1", &[found.as_bytes()])))
    }
}
