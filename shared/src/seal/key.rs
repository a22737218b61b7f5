use core::fmt;

use zeroize::Zeroize;

use crate::ids::tagged_hash;

/// The id of the statement that began an epoch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EpochId(pub [u8; 32]);

impl EpochId {
    /// The first 4 bytes: what a body or a sealed entry says of its epoch.
    #[must_use]
    pub fn hint(&self) -> [u8; HINT_BYTES] {
        let [a, b, c, d, ..] = self.0;
        [a, b, c, d]
    }
}

impl fmt::Debug for EpochId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.hint();
        write!(f, "EpochId({a:02x}{b:02x}{c:02x}{d:02x}…)")
    }
}

/// Bytes of an epoch's hint.
pub const HINT_BYTES: usize = 4;

/// The key of an epoch: who holds it reads what was sealed in the epoch. Erased from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct EpochKey(pub [u8; 32]);

impl EpochKey {
    /// A new epoch's key, from 32 bytes of the system's randomness that are used for nothing else.
    #[must_use]
    pub fn from_entropy(entropy: [u8; 32]) -> Self {
        Self(tagged_hash("kith/epoch-key/1", &[&entropy]))
    }

    /// What the epoch's statement says of its key, so that no two members can be given two.
    #[must_use]
    pub fn check(&self) -> [u8; 32] {
        tagged_hash("kith/epoch-check/1", &[&self.0])
    }
}

impl Drop for EpochKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for EpochKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EpochKey(…)")
    }
}
