use core::fmt;

use ed25519_dalek::{Signer, SigningKey};

use crate::ids::{InviteKey, tagged_hash};

use super::{DeviceSecret, Signature};

/// A bare Ed25519 key that signs: of an organisation's root, of a server, of an invite.
#[derive(Clone)]
pub struct SigningSecret(SigningKey);

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningSecret").finish_non_exhaustive()
    }
}

impl SigningSecret {
    /// The key with this seed (RFC 8032), which must come from a source of randomness or a hash of a secret.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The public key: the bytes of an `OrganisationKey`, `ServerKey` or `InviteKey`.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs a tagged hash of `parts`. Deterministic, as RFC 8032 has it.
    #[must_use]
    pub fn sign(&self, tag: &str, parts: &[&[u8]]) -> Signature {
        Signature(self.0.sign(&tagged_hash(tag, parts)).to_bytes())
    }
}

/// The 16 secret bytes of a link or short code. Whoever has them may sign joins of the invite and open its box.
#[derive(Clone, PartialEq, Eq)]
pub struct InviteSecret(pub [u8; 16]);

impl fmt::Debug for InviteSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InviteSecret").finish_non_exhaustive()
    }
}

impl InviteSecret {
    /// What signs joins.
    #[must_use]
    pub fn signing(&self) -> SigningSecret {
        SigningSecret::from_seed(&tagged_hash("kith/invite-key/1", &[&self.0]))
    }

    /// What the invite's box is sealed under: an AES-256-GCM-SIV key, used once.
    #[must_use]
    pub fn box_key(&self) -> [u8; 32] {
        tagged_hash("kith/invite-box/1", &[&self.0])
    }

    /// What the circle knows the invite by.
    #[must_use]
    pub fn public(&self) -> InviteKey {
        InviteKey(self.signing().public())
    }
}

impl DeviceSecret {
    /// The device that lies in a drawer: derived from the 16 bytes of a printed code.
    #[must_use]
    pub fn from_paper(code: &[u8; 16]) -> Self {
        Self::from_seed(tagged_hash("kith/paper/1", &[code]))
    }
}
