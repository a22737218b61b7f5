use core::fmt;
use core::str::FromStr;

use kith_shared::storage::Tree;

use crate::store::StoreError;

use super::HEAD_KEY;

/// The chain's end: what an operator notes. Written as `count-hash`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// How many records there are.
    pub count: u64,
    /// The hash of the last one; zeros when there is none.
    pub hash: [u8; 32],
}

/// Text that is no head.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a head is written as `kith-server audit verify` prints it: a count, a hyphen and 64 hex digits")]
pub struct ParseHeadError;

impl Head {
    /// The head in its row of Meta; that of an empty chain when there is none.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it has another length.
    pub fn decode(row: Option<&[u8]>) -> Result<Self, StoreError> {
        let Some(row) = row else { return Ok(Self::default()) };
        let corrupt = || StoreError::Corrupt {
            tree: Tree::Meta,
            key: HEAD_KEY.to_vec(),
            cause: "the audit log's head is 40 bytes",
        };
        let (count, hash) = row.split_first_chunk::<8>().ok_or_else(corrupt)?;
        Ok(Self { count: u64::from_le_bytes(*count), hash: hash.try_into().map_err(|_| corrupt())? })
    }

    /// Its row of Meta; an empty chain has none.
    #[must_use]
    pub fn encode(&self) -> Option<Vec<u8>> {
        (self.count > 0).then(|| [&self.count.to_le_bytes()[..], &self.hash].concat())
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-", self.count)?;
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Head {
    type Err = ParseHeadError;

    fn from_str(text: &str) -> Result<Self, ParseHeadError> {
        let (count, digits) = text.split_once('-').ok_or(ParseHeadError)?;
        let mut hash = [0; 32];
        if digits.len() != 64 || !digits.is_ascii() {
            return Err(ParseHeadError);
        }
        for (byte, pair) in hash.iter_mut().zip(digits.as_bytes().chunks(2)) {
            let pair = core::str::from_utf8(pair).map_err(|_| ParseHeadError)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| ParseHeadError)?;
        }
        Ok(Self { count: count.parse().map_err(|_| ParseHeadError)?, hash })
    }
}
