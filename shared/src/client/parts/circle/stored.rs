//! A circle as its own row keeps it: version (1 byte), the place that the next entry gets, the cursor, the keyring.

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::CircleId;
use crate::wire::CURSOR_BYTES_MAX;

use super::super::keyring::Keyring;
use super::LocalCircle;

const CIRCLE_VERSION: u8 = 3;

/// Whether a version before the first release left this row.
pub(in crate::client) fn is_earlier(row: &[u8]) -> bool {
    row.first().is_some_and(|version| *version < CIRCLE_VERSION)
}

impl LocalCircle {
    /// The stored form with another position.
    pub(in crate::client) fn encode_at(&self, position: u64) -> Vec<u8> {
        encoded(position, &self.cursor, &self.keyring)
    }

    /// The stored form with another cursor.
    pub(in crate::client) fn encode_with_cursor(&self, cursor: &[u8]) -> Vec<u8> {
        encoded(self.position, cursor, &self.keyring)
    }

    /// The stored form with another keyring.
    pub(in crate::client) fn encode_with(&self, keyring: &Keyring) -> Vec<u8> {
        encoded(self.position, &self.cursor, keyring)
    }

    /// The circle as its own row has it; what has rows of its own comes to it later.
    pub(in crate::client) fn decode(circle: CircleId, bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("phone's circle version")? != CIRCLE_VERSION {
            return Err(DecodeError::Invalid { what: "phone's circle version" });
        }
        let position = reader.number("circle position")?;
        let cursor = reader.bytes(CURSOR_BYTES_MAX, "cursor")?.to_vec();
        let keyring = Keyring::decode(circle, &mut reader)?;
        reader.finish("phone's circle")?;
        Ok(Self { position, cursor, keyring, ..Self::default() })
    }
}

fn encoded(position: u64, cursor: &[u8], keyring: &Keyring) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(CIRCLE_VERSION).number(position).bytes(cursor);
    keyring.encode(&mut writer);
    writer.into_bytes()
}
