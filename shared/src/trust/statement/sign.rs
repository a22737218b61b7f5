use crate::ids::{CircleId, StatementId};
use crate::time::TimestampMs;
use crate::trust::device::verify_strict;
use crate::trust::{DeviceSecret, InviteSecret, Signature, SignatureInvalid, SigningSecret};

use super::{Statement, StatementAuthor, StatementBody};

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

/// A statement that nobody has signed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The circle; zero in the founding statement.
    pub circle: CircleId,
    /// In any order; of [`crate::trust::GrantLog::parents`]. Empty for Found and Join.
    pub parents: Vec<StatementId>,
    /// By the author's clock.
    pub time: TimestampMs,
    /// What is said.
    pub body: StatementBody,
}

impl Draft {
    /// The statement, signed.
    #[must_use]
    pub fn sign(mut self, signer: Signer<'_>) -> Statement {
        self.parents.sort_unstable();
        self.parents.dedup();
        let mut statement = Statement {
            circle: self.circle,
            author: match signer {
                Signer::Root(_) => StatementAuthor::Root,
                Signer::Device(device) => StatementAuthor::Device(device.id()),
                Signer::Invite(secret) => StatementAuthor::Invite(secret.public()),
            },
            parents: self.parents,
            time: self.time,
            body: self.body,
            signature: Signature([0; 64]),
            admission: None,
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
