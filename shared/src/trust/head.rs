use crate::ids::{ActorId, CircleId, DocumentId, EntryId};

use super::{DevicePublic, DeviceSecret, Signature, SignatureInvalid};

const TAG: &str = "kith/head/1";

/// What an author signs: the last entry of its chain in a document. It covers the whole chain, since every
/// entry depends on its actor's one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedHead {
    /// The circle of the document.
    pub circle: CircleId,
    /// The document.
    pub document: DocumentId,
    /// The chain.
    pub actor: ActorId,
    /// The entry's number in the chain, from 1.
    pub seq: u64,
    /// The entry.
    pub entry: EntryId,
}

impl SignedHead {
    /// Signs as the device that the actor belongs to.
    #[must_use]
    pub fn sign(&self, device: &DeviceSecret) -> Signature {
        self.over(|parts| device.sign(TAG, parts))
    }

    /// Verifies against the device that the actor belongs to. That the actor does belong to it is for the
    /// gate to check.
    ///
    /// # Errors
    /// When the signature does not fit.
    pub fn verify(&self, device: &DevicePublic, signature: &Signature) -> Result<(), SignatureInvalid> {
        self.over(|parts| device.verify(TAG, parts, signature))
    }

    fn over<T>(&self, f: impl FnOnce(&[&[u8]]) -> T) -> T {
        f(&[
            self.circle.as_bytes(),
            self.document.as_bytes(),
            self.actor.as_bytes(),
            &self.seq.to_le_bytes(),
            self.entry.as_bytes(),
        ])
    }
}
