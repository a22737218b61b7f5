use core::fmt;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{DeviceId, tagged_hash};

/// An Ed25519 signature: 64 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

/// A signature that does not fit key and message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not fit: the content was changed, or another device signed it")]
pub struct SignatureInvalid;

/// Bytes that are no usable public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {which} key is not a valid point, or a weak one")]
pub struct InvalidKey {
    /// `signing` or `agreement`.
    pub which: &'static str,
}

/// A device's public keys. The id is the hash of both, so neither can be exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DevicePublic {
    /// Ed25519: verifies what the device signs.
    pub signing: [u8; 32],
    /// X25519: what keys are wrapped to (used from the trust layer on; part of the id from the first day).
    pub agreement: [u8; 32],
}

impl DevicePublic {
    /// The device's id.
    #[must_use]
    pub fn id(&self) -> DeviceId {
        DeviceId(tagged_hash("kith/device/1", &[&self.signing, &self.agreement]))
    }

    /// Refuses keys that are no points, or of small order.
    ///
    /// # Errors
    /// Names the key.
    pub fn check(&self) -> Result<(), InvalidKey> {
        let key = VerifyingKey::from_bytes(&self.signing).map_err(|_| InvalidKey { which: "signing" })?;
        if key.is_weak() {
            return Err(InvalidKey { which: "signing" });
        }
        if is_low_order(&self.agreement) { Err(InvalidKey { which: "agreement" }) } else { Ok(()) }
    }

    /// Verifies `signature` over a tagged hash of `parts` (RFC 8032, strict: no small-order keys, no
    /// second form of a signature).
    ///
    /// # Errors
    /// When it does not fit.
    pub fn verify(&self, tag: &str, parts: &[&[u8]], signature: &Signature) -> Result<(), SignatureInvalid> {
        verify_strict(&self.signing, tag, parts, signature)
    }

    /// Writes both keys: 64 bytes.
    pub fn write(&self, writer: &mut Writer) {
        writer.raw(&self.signing).raw(&self.agreement);
    }

    /// Reads both keys; [`Self::check`] says whether they are usable.
    ///
    /// # Errors
    /// When fewer than 64 bytes are left.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { signing: reader.array("signing key")?, agreement: reader.array("agreement key")? })
    }
}

/// Whether an X25519 key agrees on zeros with whatever key it meets.
pub(super) fn is_low_order(key: &[u8; 32]) -> bool {
    curve25519_dalek::MontgomeryPoint(*key).mul_clamped([1; 32]).0 == [0; 32]
}

/// As [`DevicePublic::verify`], for a bare Ed25519 key.
pub(super) fn verify_strict(
    key: &[u8; 32],
    tag: &str,
    parts: &[&[u8]],
    signature: &Signature,
) -> Result<(), SignatureInvalid> {
    VerifyingKey::from_bytes(key)
        .and_then(|key| {
            let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
            key.verify_strict(&tagged_hash(tag, parts), &signature)
        })
        .map_err(|_| SignatureInvalid)
}

/// A device's secret keys, both derived from one 32-byte seed that the shell drew.
#[derive(Clone)]
pub struct DeviceSecret {
    seed: [u8; 32],
    signing: SigningKey,
    public: DevicePublic,
}

impl fmt::Debug for DeviceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceSecret").field("id", &self.public.id()).finish_non_exhaustive()
    }
}

impl DeviceSecret {
    /// The keys that grow from `seed`, which must come from the system's source of randomness.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let signing = SigningKey::from_bytes(&tagged_hash("kith/device-signing/1", &[&seed]));
        let agreement = tagged_hash("kith/device-agreement/1", &[&seed]);
        let public = DevicePublic {
            signing: signing.verifying_key().to_bytes(),
            agreement: curve25519_dalek::MontgomeryPoint::mul_base_clamped(agreement).0,
        };
        Self { seed, signing, public }
    }

    /// What to store to have the keys again.
    #[must_use]
    pub fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// The X25519 secret, before clamping, which whoever uses it does.
    pub(crate) fn agreement(&self) -> [u8; 32] {
        tagged_hash("kith/device-agreement/1", &[&self.seed])
    }

    /// The public keys.
    #[must_use]
    pub fn public(&self) -> &DevicePublic {
        &self.public
    }

    /// The device's id.
    #[must_use]
    pub fn id(&self) -> DeviceId {
        self.public.id()
    }

    /// Signs a tagged hash of `parts`. Deterministic, as RFC 8032 has it.
    #[must_use]
    pub fn sign(&self, tag: &str, parts: &[&[u8]]) -> Signature {
        Signature(self.signing.sign(&tagged_hash(tag, parts)).to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_fits_its_message_key_and_tag_only() {
        let (ana, ben) = (DeviceSecret::from_seed([1; 32]), DeviceSecret::from_seed([2; 32]));
        let signature = ana.sign("t", &[b"hello"]);
        assert_eq!(ana.public().verify("t", &[b"hello"], &signature), Ok(()));
        assert_eq!(ana.public().verify("t", &[b"hullo"], &signature), Err(SignatureInvalid));
        assert_eq!(ana.public().verify("u", &[b"hello"], &signature), Err(SignatureInvalid));
        assert_eq!(ben.public().verify("t", &[b"hello"], &signature), Err(SignatureInvalid));
    }

    #[test]
    fn weak_keys_are_refused() {
        let good = *DeviceSecret::from_seed([1; 32]).public();
        assert_eq!(good.check(), Ok(()));
        let mut one = [0; 32];
        one[0] = 1;
        assert_eq!(DevicePublic { signing: one, ..good }.check(), Err(InvalidKey { which: "signing" }));
        assert_eq!(DevicePublic { agreement: [0; 32], ..good }.check(), Err(InvalidKey { which: "agreement" }));
    }
}
