use crate::ids::CircleId;
use crate::time::TimestampMs;
use crate::trust::device::verify_strict;
use crate::trust::{DeviceSecret, InviteSecret, Signature, SignatureInvalid, SigningSecret};

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
    /// The statement, signed.
    #[must_use]
    pub fn sign(self, signer: Signer<'_>) -> Statement {
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
    /// Checks the signature against an author's public key: the root's, a device's signing key, an invite's.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn verify(&self, key: &[u8; 32]) -> Result<(), SignatureInvalid> {
        verify_strict(key, TAG, &[self.id().as_bytes()], &self.signature)
    }
}
