use core::fmt;

use zeroize::Zeroize;

use crate::codec::Writer;
use crate::ids::{CircleId, tagged_hash};
use crate::trust::KeyGroup;

pub use crate::ids::EpochId;

/// Bytes of an epoch's hint.
pub const HINT_BYTES: usize = EpochId::HINT_BYTES;

/// The key of an epoch: who holds it reads what was sealed in the epoch. Erased from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct EpochKey(pub [u8; 32]);

impl EpochKey {
    /// A new epoch's key, from 32 bytes of the system's randomness that are used for nothing else.
    #[must_use]
    pub fn from_entropy(entropy: [u8; 32]) -> Self {
        Self(tagged_hash("kith/epoch-key/1", &[&entropy]))
    }

    /// The epoch that this key makes: it follows from circle, group and key, so that a key proves itself, and whoever
    /// has to say it again with other wraps says the same epoch.
    #[must_use]
    pub fn id(&self, circle: &CircleId, group: &KeyGroup) -> EpochId {
        let mut writer = Writer::new();
        group.write(&mut writer);
        EpochId(tagged_hash("kith/epoch/2", &[circle.as_bytes(), &writer.into_bytes(), &self.0]))
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
