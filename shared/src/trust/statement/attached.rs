use core::fmt;

use crate::ids::tagged_hash;

/// The hash of what lies beside a statement (wraps, or a box of keys): the statement's signature covers it, and it is
/// given only to those whom it concerns.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attached(pub [u8; 32]);

impl Attached {
    /// Nothing lies beside.
    pub const NOTHING: Self = Self([0; 32]);

    /// The hash of these bytes; [`Self::NOTHING`] of none.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.is_empty() { Self::NOTHING } else { Self(tagged_hash("kith/attached/1", &[bytes])) }
    }

    /// Whether anything lies beside.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::NOTHING
    }
}

impl fmt::Debug for Attached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attached({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}
