//! The one binary encoding of Kith's own records and frames: LEB128 numbers, length-prefixed bytes.
//!
//! Every value has exactly one encoding: a number with padding, a truth value that is neither 0 nor 1, and
//! bytes left over are refused. Lengths are checked against what is there before anything is allocated.

/// What can be wrong with bytes that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The bytes end before the value does.
    #[error("{what} is cut short")]
    Short {
        /// The value that was being read.
        what: &'static str,
    },
    /// A number does not fit, has padding, or a tag is none that is known.
    #[error("{what} has a value that is not allowed")]
    Invalid {
        /// The value that was being read.
        what: &'static str,
    },
    /// A length or count is above its bound.
    #[error("{what} is larger than the {max} allowed")]
    TooLarge {
        /// The value that was being read.
        what: &'static str,
        /// The bound.
        max: usize,
    },
    /// The value ended and bytes are left over.
    #[error("{what} has bytes left over")]
    Trailing {
        /// The value that was being read.
        what: &'static str,
    },
}

/// Reads values off a byte slice.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What has not been read.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Whether all has been read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next `len` bytes.
    ///
    /// # Errors
    /// `Short` when fewer are left.
    pub fn take(&mut self, len: usize, what: &'static str) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(DecodeError::Short { what })?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next `N` bytes as an array.
    ///
    /// # Errors
    /// `Short` when fewer are left.
    pub fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], DecodeError> {
        let mut bytes = [0; N];
        bytes.copy_from_slice(self.take(N, what)?);
        Ok(bytes)
    }

    /// One byte.
    ///
    /// # Errors
    /// `Short` at the end.
    pub fn byte(&mut self, what: &'static str) -> Result<u8, DecodeError> {
        Ok(self.take(1, what)?[0])
    }

    /// A truth value: 0 or 1.
    ///
    /// # Errors
    /// `Short` at the end, `Invalid` for another byte.
    pub fn flag(&mut self, what: &'static str) -> Result<bool, DecodeError> {
        match self.byte(what)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(DecodeError::Invalid { what }),
        }
    }

    /// An unsigned LEB128 number in its shortest form.
    ///
    /// # Errors
    /// `Short` at the end, `Invalid` for padding or more than 64 bits.
    pub fn number(&mut self, what: &'static str) -> Result<u64, DecodeError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte(what)?;
            let low = u64::from(byte & 0x7f);
            if shift == 63 && low > 1 {
                return Err(DecodeError::Invalid { what });
            }
            value |= low << shift;
            if byte & 0x80 == 0 {
                return if byte == 0 && shift > 0 { Err(DecodeError::Invalid { what }) } else { Ok(value) };
            }
        }
        Err(DecodeError::Invalid { what })
    }

    /// A number that fits `T`.
    ///
    /// # Errors
    /// As [`Self::number`], and `Invalid` when it does not fit.
    pub fn number_as<T: TryFrom<u64>>(&mut self, what: &'static str) -> Result<T, DecodeError> {
        T::try_from(self.number(what)?).map_err(|_| DecodeError::Invalid { what })
    }

    /// A count of at most `max` things.
    ///
    /// # Errors
    /// As [`Self::number`], and `TooLarge` above `max`.
    pub fn count(&mut self, max: usize, what: &'static str) -> Result<usize, DecodeError> {
        let count = self.number(what)?;
        usize::try_from(count).ok().filter(|count| *count <= max).ok_or(DecodeError::TooLarge { what, max })
    }

    /// Bytes with their length before them, at most `max`.
    ///
    /// # Errors
    /// As [`Self::count`], and `Short` when fewer are left.
    pub fn bytes(&mut self, max: usize, what: &'static str) -> Result<&'a [u8], DecodeError> {
        let len = self.count(max, what)?;
        self.take(len, what)
    }

    /// UTF-8 text with its length in bytes before it, at most `max` bytes.
    ///
    /// # Errors
    /// As [`Self::bytes`], and `Invalid` when it is not UTF-8.
    pub fn text(&mut self, max: usize, what: &'static str) -> Result<&'a str, DecodeError> {
        core::str::from_utf8(self.bytes(max, what)?).map_err(|_| DecodeError::Invalid { what })
    }

    /// Demands that all has been read.
    ///
    /// # Errors
    /// `Trailing` when bytes are left.
    pub fn finish(&self, what: &'static str) -> Result<(), DecodeError> {
        if self.rest.is_empty() { Ok(()) } else { Err(DecodeError::Trailing { what }) }
    }
}

/// Writes what [`Reader`] reads.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// An empty writer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Bytes written so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// All that was written.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Bytes as they are, without a length.
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// One byte.
    pub fn byte(&mut self, byte: u8) -> &mut Self {
        self.bytes.push(byte);
        self
    }

    /// A truth value.
    pub fn flag(&mut self, flag: bool) -> &mut Self {
        self.byte(u8::from(flag))
    }

    /// An unsigned LEB128 number.
    pub fn number(&mut self, mut value: u64) -> &mut Self {
        while value >= 0x80 {
            self.bytes.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.byte(value as u8)
    }

    /// A count or length.
    pub fn count(&mut self, count: usize) -> &mut Self {
        self.number(count as u64)
    }

    /// Bytes with their length before them.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.count(bytes.len()).raw(bytes)
    }

    /// UTF-8 text with its length in bytes before it.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive() {
        for value in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut writer = Writer::new();
            writer.number(value);
            let bytes = writer.into_bytes();
            let mut reader = Reader::new(&bytes);
            assert_eq!(reader.number("n"), Ok(value));
            assert_eq!(reader.finish("n"), Ok(()));
        }
    }

    #[test]
    fn a_number_has_one_form() {
        assert_eq!(Reader::new(&[0x80, 0x00]).number("n"), Err(DecodeError::Invalid { what: "n" }));
        assert_eq!(Reader::new(&[0xff; 10]).number("n"), Err(DecodeError::Invalid { what: "n" }));
        assert_eq!(Reader::new(&[0x80]).number("n"), Err(DecodeError::Short { what: "n" }));
    }

    #[test]
    fn a_length_is_checked_before_it_is_believed() {
        let mut writer = Writer::new();
        writer.number(1 << 40);
        let bytes = writer.into_bytes();
        assert_eq!(Reader::new(&bytes).bytes(100, "b"), Err(DecodeError::TooLarge { what: "b", max: 100 }));
    }
}
