//! A row of the tree Keys: `docs/PROTOCOL.md`, "Storage".

use kith_shared::codec::{DecodeError, Reader, Writer};
use kith_shared::ids::CircleId;
use kith_shared::seal::AtRestKey;
use kith_shared::storage::Tree;

use crate::keys::{KeyError, Keys, OperatorKey, OperatorKeyId};
use crate::store::StoreError;

const VERSION: u8 = 1;
const LABEL: &[u8] = b"kith/data-key/1";
const WRAPPED_BYTES: usize = 49;

/// What is kept of a data key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeyRow {
    /// The circle was shredded: it never gets a key again.
    Shredded,
    /// Keys under an operator's key.
    Kept {
        /// Under which.
        operator: OperatorKeyId,
        /// What seals.
        current: [u8; WRAPPED_BYTES],
        /// What rows may still be sealed with while the key is rotated.
        previous: Option<[u8; WRAPPED_BYTES]>,
    },
}

/// A data key, opened.
#[derive(Clone, Debug)]
pub(super) struct DataKey {
    pub(super) current: AtRestKey,
    pub(super) previous: Option<AtRestKey>,
}

impl KeyRow {
    /// Under which operator's key it is.
    pub(super) fn operator(&self) -> Option<OperatorKeyId> {
        match self {
            Self::Shredded => None,
            Self::Kept { operator, .. } => Some(*operator),
        }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION);
        match self {
            Self::Shredded => writer.flag(false),
            Self::Kept { operator, current, previous } => {
                writer.flag(true).raw(&operator.0).raw(current).flag(previous.is_some());
                writer.raw(previous.as_ref().map_or(&[], |previous| previous.as_slice()))
            }
        };
        writer.into_bytes()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let what = "a row of keys";
        if reader.byte(what)? != VERSION {
            return Err(DecodeError::Invalid { what });
        }
        let row = if reader.flag(what)? {
            let (operator, current) = (OperatorKeyId(reader.array(what)?), reader.array(what)?);
            let previous = if reader.flag(what)? { Some(reader.array(what)?) } else { None };
            Self::Kept { operator, current, previous }
        } else {
            Self::Shredded
        };
        reader.finish(what)?;
        Ok(row)
    }
}

impl DataKey {
    pub(super) fn wrap(&self, key: &[u8], operator: &OperatorKey) -> KeyRow {
        let wrapped = |data: &AtRestKey| {
            let wrapped = data.wrap_under(&operator.at_rest(), &label(key));
            let mut bytes = [0; WRAPPED_BYTES];
            bytes.copy_from_slice(&wrapped);
            bytes
        };
        KeyRow::Kept {
            operator: operator.id(),
            current: wrapped(&self.current),
            previous: self.previous.as_ref().map(wrapped),
        }
    }

    /// The data key of a row; `None` for one that was shredded.
    pub(super) fn unwrap(key: &[u8], row: &KeyRow, keys: &Keys) -> Result<Option<Self>, SealedError> {
        let KeyRow::Kept { operator, current, previous } = row else { return Ok(None) };
        let under = keys.operator(*operator)?.at_rest();
        let open = |wrapped: &[u8; WRAPPED_BYTES]| {
            let cause = "the data key in it does not open";
            AtRestKey::unwrap_under(&under, &label(key), wrapped).map_err(|_| corrupt(key, cause))
        };
        Ok(Some(Self { current: open(current)?, previous: previous.as_ref().map(open).transpose()? }))
    }

    /// What is stored for a value.
    pub(super) fn seal(&self, tree: Tree, key: &[u8], value: &[u8]) -> Vec<u8> {
        self.current.seal(tree.number(), key, value)
    }

    /// The value of what is stored.
    pub(super) fn open(&self, tree: Tree, key: &[u8], sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let opened = self.current.open(tree.number(), key, sealed);
        let opened = match (&self.previous, opened) {
            (Some(previous), Err(_)) => previous.open(tree.number(), key, sealed),
            (_, opened) => opened,
        };
        opened.map_err(|_| StoreError::Corrupt { tree, key: key.to_vec(), cause: "it does not open under its key" })
    }
}

/// Why the data keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SealedError {
    /// The operator's key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The circle of a row's key: `None` inside for the store's own, `None` for what this store does not write.
pub(super) fn owner(key: &[u8]) -> Option<Option<CircleId>> {
    if key.is_empty() { Some(None) } else { CircleId::from_slice(key).map(Some) }
}

pub(super) fn corrupt(key: &[u8], cause: &'static str) -> StoreError {
    StoreError::Corrupt { tree: Tree::Keys, key: key.to_vec(), cause }
}

fn label(key: &[u8]) -> Vec<u8> {
    [LABEL, key].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_as_it_was_written_and_in_no_other_form() {
        let operator = OperatorKeyId([1; 8]);
        let kept = KeyRow::Kept { operator, current: [2; 49], previous: None };
        let both = KeyRow::Kept { operator, current: [2; 49], previous: Some([3; 49]) };
        let hex: String = both.encode().iter().map(|byte| format!("{byte:02x}")).collect();
        let golden = ["0101", &"01".repeat(8), &"02".repeat(49), "01", &"03".repeat(49)].concat();
        assert_eq!((hex, KeyRow::Shredded.encode()), (golden, vec![1, 0]));
        for (row, bytes) in [(KeyRow::Shredded, 2), (kept, 60), (both, 109)] {
            let encoded = row.encode();
            assert_eq!((KeyRow::decode(&encoded), encoded.len()), (Ok(row), bytes));
            assert!(KeyRow::decode(&encoded[..bytes - 1]).is_err());
            assert!(KeyRow::decode(&[&encoded[..], &[0]].concat()).is_err());
            assert!(KeyRow::decode(&[&[2], &encoded[1..]].concat()).is_err());
        }
    }
}
