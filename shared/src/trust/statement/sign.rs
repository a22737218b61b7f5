use crate::ids::CircleId;
use crate::time::TimestampMs;
use crate::trust::device::verify_strict;
use crate::trust::{DeviceSecret, InviteSecret, Signature, SignatureInvalid, Signed, SigningSecret, Verified};

use super::{Knows, Statement, StatementAuthor, StatementBody};

const TAG: &str = "kith/statement-signature/1";

/// Who signs.
#[derive(Clone, Copy, Debug)]
pub enum Signer<'a> {
    /// The organisation's root.
    Root(&'a SigningSecret),
    /// A device of the circle.
    Device(&'a DeviceSecret),
    /// Whoever has the invite's secret.
    Invite(&'a InviteSecret),
}

impl Signer<'_> {
    /// As whom it signs.
    #[must_use]
    pub fn author(&self) -> StatementAuthor {
        match self {
            Self::Root(_) => StatementAuthor::Root,
            Self::Device(device) => StatementAuthor::Device(device.id()),
            Self::Invite(secret) => StatementAuthor::Invite(secret.public()),
        }
    }
}

/// A statement that nobody has signed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The circle; zero in the founding statement.
    pub circle: CircleId,
    /// One more than the author's last; 0 for Found and Join.
    pub number: u64,
    /// The head of the author's chain; nothing for Found and Join.
    pub knows: Knows,
    /// By the author's clock.
    pub time: TimestampMs,
    /// What is said.
    pub body: StatementBody,
}

impl Draft {
    /// The statement, signed: as it goes to whoever checks it.
    #[must_use]
    pub fn sign(self, signer: Signer<'_>) -> Signed<Statement> {
        Signed::new(self.signed(signer))
    }

    /// What this device says itself: with its own key, so that there is nothing to check.
    #[must_use]
    pub fn by_own_hand(self, device: &DeviceSecret) -> Verified<Statement> {
        Verified::from_own_hand(self.signed(Signer::Device(device)))
    }

    pub(crate) fn signed(self, signer: Signer<'_>) -> Statement {
        let mut statement = Statement {
            circle: self.circle,
            author: signer.author(),
            number: self.number,
            knows: self.knows,
            time: self.time,
            body: self.body,
            signature: Signature([0; 64]),
        };
        let id = statement.id();
        statement.signature = match signer {
            Signer::Root(root) => root.sign(TAG, &[id.as_bytes()]),
            Signer::Device(device) => device.sign(TAG, &[id.as_bytes()]),
            Signer::Invite(secret) => secret.signing().sign(TAG, &[id.as_bytes()]),
        };
        statement
    }
}

impl Statement {
    /// Checks the author's signature: against the root's key, a device's signing key, an invite's.
    pub(in crate::trust) fn check_signature(&self, key: &[u8; 32]) -> Result<(), SignatureInvalid> {
        verify_strict(key, TAG, &[self.id().as_bytes()], &self.signature)
    }
}

impl Signed<Statement> {
    /// Checks the author's signature alone, for a phone that has no chain yet to hold the rest against: what else is
    /// signed in the statement stays closed.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn verify_author(self, key: &[u8; 32]) -> Result<Verified<Statement>, SignatureInvalid> {
        self.verify_by(|statement| statement.check_signature(key))
    }
}
