//! What the server keeps of a chain, row by row. `docs/PROTOCOL.md`, "Storage".

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, InviteKey, RecordHash, StatementId, tagged_hash};
use crate::time::TimestampMs;
use crate::trust::{Knows, Record, STATEMENT_BYTES_MAX, Statement, Verified};

const RECORD_VERSION: u8 = 1;
/// Unlike any version of an invite's row, which lies in the same tree.
const COMMISSION_VERSION: u8 = 0x81;
const SHREDDED_VERSION: u8 = 1;
const RECORD: &str = "record of a chain";

/// A record with the hash that stands for it and all before it, and its statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    /// The record.
    pub record: Record,
    /// Its hash.
    pub hash: RecordHash,
    /// The statement's one encoding; empty where it was brought back without its text, as one of keys may be.
    pub statement: Vec<u8>,
}

impl RecordRow {
    /// The stored form: version (1 byte, 1), time, fold (1 byte), hash (32 bytes), then the statement, or its id where
    /// there is no text, behind its length. The position is in the row's key.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(RECORD_VERSION).number(self.record.time.0).byte(self.record.fold).raw(self.hash.as_bytes());
        writer.bytes(&self.statement);
        if self.statement.is_empty() {
            writer.raw(self.record.statement.as_bytes());
        }
        writer.into_bytes()
    }

    /// Reads a row of one's own store, at a position, with its statement where there is one: it was checked when it was
    /// admitted.
    ///
    /// # Errors
    /// When it is no such row.
    pub fn decode(position: u64, bytes: &[u8]) -> Result<(Self, Option<Verified<Statement>>), DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte(RECORD)? != RECORD_VERSION {
            return Err(DecodeError::Invalid { what: RECORD });
        }
        let time = TimestampMs(reader.number("record time")?);
        let fold = reader.byte("record's fold")?;
        let hash = RecordHash(reader.array("record's hash")?);
        let statement = reader.bytes(STATEMENT_BYTES_MAX, "statement")?.to_vec();
        let decoded = Self::stored(&statement)?;
        let id = match &decoded {
            Some(decoded) => decoded.id(),
            None => StatementId(reader.array("record's statement")?),
        };
        reader.finish(RECORD)?;
        let record = Record { position, time, fold, statement: id };
        Ok((Self { record, hash, statement }, decoded))
    }

    /// The row's statement, which was checked when it was admitted; none where it lacks its text.
    ///
    /// # Errors
    /// When it does not decode.
    pub fn statement(&self) -> Result<Option<Verified<Statement>>, DecodeError> {
        Self::stored(&self.statement)
    }

    fn stored(bytes: &[u8]) -> Result<Option<Verified<Statement>>, DecodeError> {
        if bytes.is_empty() {
            return Ok(None);
        }
        Statement::decode(bytes).map(|statement| Some(Verified::from_own_store(statement)))
    }

    /// The hash alone, of a row at any position: what an entry's signature is held against.
    ///
    /// # Errors
    /// When it is no such row.
    pub fn hash_in(bytes: &[u8]) -> Result<RecordHash, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte(RECORD)? != RECORD_VERSION {
            return Err(DecodeError::Invalid { what: RECORD });
        }
        reader.number("record time")?;
        reader.byte("record's fold")?;
        reader.array("record's hash").map(RecordHash)
    }
}

/// That a commission founded a circle: it founds one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommissionRow {
    /// Which circle.
    pub circle: CircleId,
    /// From when on the commission founds nothing anyhow, and the row may go.
    pub expires: TimestampMs,
}

impl CommissionRow {
    /// The key that it is kept under, in the tree of the invites.
    #[must_use]
    pub fn key(invite: &InviteKey) -> [u8; 32] {
        tagged_hash("kith/commission-row/1", &[invite.as_bytes()])
    }

    /// The stored form: version (1 byte, 129), circle, time.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(COMMISSION_VERSION).raw(self.circle.as_bytes()).number(self.expires.0);
        writer.into_bytes()
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// When it is not one.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        const WHAT: &str = "used commission";
        let mut reader = Reader::new(bytes);
        if reader.byte(WHAT)? != COMMISSION_VERSION {
            return Err(DecodeError::Invalid { what: WHAT });
        }
        let row = Self { circle: CircleId(reader.array("circle id")?), expires: TimestampMs(reader.number("expiry")?) };
        reader.finish(WHAT)?;
        Ok(row)
    }
}

/// What stays of a shredded circle: where its chain ended, so that nothing is founded or brought back under its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShreddedRow {
    /// The last record.
    pub last: Knows,
}

impl ShreddedRow {
    /// The key that it is kept under, in [`crate::storage::Tree::Meta`].
    #[must_use]
    pub fn key(circle: &CircleId) -> Vec<u8> {
        [&b"shredded/"[..], circle.as_bytes()].concat()
    }

    /// The stored form: version (1 byte, 1), generation, position, hash.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(SHREDDED_VERSION);
        self.last.write(&mut writer);
        writer.into_bytes()
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// When it is not one.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        const WHAT: &str = "shredded circle";
        let mut reader = Reader::new(bytes);
        if reader.byte(WHAT)? != SHREDDED_VERSION {
            return Err(DecodeError::Invalid { what: WHAT });
        }
        let row = Self { last: Knows::read(&mut reader)? };
        reader.finish(WHAT)?;
        Ok(row)
    }
}
