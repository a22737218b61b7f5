use crate::codec::{DecodeError, Reader, Writer};

use super::super::bounds::CIRCLE_DEVICES_EVER_MAX;

/// Devices by their ordinals: the how-manieth of a circle each is, from 0, in the order in which the chain let them
/// in. One bit each, so that 200 readers are 25 bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ordinals {
    /// Eight to a byte, the lowest bit first; no zero byte at the end.
    bits: Vec<u8>,
}

const WHAT: &str = "ordinals";
const BYTES_MAX: usize = CIRCLE_DEVICES_EVER_MAX.div_ceil(8);

impl Ordinals {
    /// Whether an ordinal is in it.
    #[must_use]
    pub fn has(&self, ordinal: u32) -> bool {
        self.bits.get(ordinal as usize / 8).is_some_and(|byte| byte >> (ordinal % 8) & 1 == 1)
    }

    /// Puts an ordinal in.
    pub fn insert(&mut self, ordinal: u32) {
        let at = ordinal as usize / 8;
        if self.bits.len() <= at {
            self.bits.resize(at + 1, 0);
        }
        self.bits[at] |= 1 << (ordinal % 8);
    }

    /// All of them, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.bits.len() as u32 * 8).filter(|ordinal| self.has(*ordinal))
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bits.iter().map(|byte| byte.count_ones() as usize).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bits.is_empty()
    }

    /// Writes the bits, with how many bytes they are.
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.bytes(&self.bits);
    }

    /// Reads them.
    ///
    /// # Errors
    /// When there are more than a circle has devices, or a zero byte ends them, which would be a second encoding.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let bits = reader.bytes(BYTES_MAX, WHAT)?.to_vec();
        if bits.last() == Some(&0) {
            return Err(DecodeError::Invalid { what: WHAT });
        }
        Ok(Self { bits })
    }
}

impl FromIterator<u32> for Ordinals {
    fn from_iter<I: IntoIterator<Item = u32>>(ordinals: I) -> Self {
        let mut all = Self::default();
        ordinals.into_iter().for_each(|ordinal| all.insert(ordinal));
        all
    }
}
