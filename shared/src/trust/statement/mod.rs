//! Statements: what is said of a circle, signed, in one encoding each. `docs/TRUST.md`, "Statements".

mod attached;
mod body;
mod claimed;
mod commission;
mod group;
mod helplines;
mod ordinals;
mod read;
mod report_key;
mod sign;
#[cfg(test)]
pub(super) mod tests;
mod warrant;
mod write;

use crate::ids::{CircleId, DeviceId, InviteKey, RecordHash, StatementId, first_16, tagged_hash};
use crate::time::TimestampMs;

use super::Signature;

pub use attached::Attached;
pub use body::{
    AddDevice, Confirm, Demote, Epoch, Found, Founder, Grant, Invitation, InviteFor, Join, NewServer, Promote, Readers,
    Remove, Restored, Setting, Share, StatementBody, StatementKind, Withdraw, Wrap, member_id,
};
pub use commission::{Commission, CommissionProblem, RootCommission};
pub use group::KeyGroup;
pub use helplines::{
    HELPLINE_BYTES_MAX, Helpline, Helplines, NUMBER_CHARS_MAX, ORGANISATION_HELPLINES_BYTES_MAX,
    ORGANISATION_HELPLINES_MAX, is_number,
};
pub use ordinals::Ordinals;
pub use report_key::ReportKey;
pub use sign::{Draft, Signer};
pub use warrant::{Warrant, WarrantId};

/// Most bytes of one statement, without what lies beside it.
pub const STATEMENT_BYTES_MAX: usize = 4 * 1_024;
/// Most bytes that lie beside one statement: a wrap for each device of the largest circle, of the most devices that a
/// member has on average, or a box of keys.
pub const ATTACHMENT_BYTES_MAX: usize = 96 * 1_024;
/// Most bytes of a commission.
pub const COMMISSION_BYTES_MAX: usize = 1_024;
/// Most people who may come in by one invite.
pub const INVITE_USES_MAX: u32 = 500;
/// Most bytes of a warrant as it is handed out.
pub const WARRANT_BYTES_MAX: usize = 170;
/// Most devices that an Epoch or Share names by their ids.
pub const READERS_NEW_MAX: usize = 32;
/// The version of the encoding that this build writes and reads.
pub const STATEMENT_VERSION: u8 = 2;

/// What the author of a statement knew: the last record of its chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Knows {
    /// How often the chain had begun anew after a restored backup.
    pub generation: u32,
    /// The record's position, from 1; 0 before the first.
    pub position: u64,
    /// The record's hash.
    pub hash: RecordHash,
}

impl Knows {
    /// Of one who knew nothing: whoever founds, or joins.
    pub const NOTHING: Self = Self { generation: 0, position: 0, hash: RecordHash([0; 32]) };
}

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

/// One statement with its signature. What comes from outside is a [`super::Signed`] one until it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The circle; zero in the founding statement, which the circle's id is made of.
    pub circle: CircleId,
    /// Who says it.
    pub author: StatementAuthor,
    /// Rises with each statement of its author, so that nobody can bring an old one after a newer; 0 of an invite.
    pub number: u64,
    /// What its author knew.
    pub knows: Knows,
    /// By the author's clock: shown, never decided by.
    pub time: TimestampMs,
    /// What is said.
    pub body: StatementBody,
    /// The author's, over the id.
    pub signature: Signature,
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
