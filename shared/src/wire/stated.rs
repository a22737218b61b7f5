//! A circle's chain as it travels: statements up, records down, and records that a restored server lacks.

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, RecordHash, StatementId};
use crate::time::TimestampMs;
use crate::trust::{ATTACHMENT_BYTES_MAX, ChainHead, Knows, RECORD_SET_BACK, STATEMENT_BYTES_MAX, Signed};

const MARK_BYTES: usize = 8;

/// How far a phone holds a circle's chain, durably. Not opaque: it says what the server must agree with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChainCursor {
    /// The generation.
    pub generation: u32,
    /// The last record; 0 for none.
    pub position: u64,
    /// The first 8 bytes of that record's hash: a mark, enough to notice another chain by.
    pub mark: [u8; MARK_BYTES],
}

impl ChainCursor {
    /// The cursor of a chain that ends with this.
    #[must_use]
    pub fn of(head: &Knows) -> Self {
        Self { generation: head.generation, position: head.position, mark: mark(&head.hash) }
    }

    /// Whether a hash begins with the mark.
    #[must_use]
    pub fn fits(&self, hash: &RecordHash) -> bool {
        self.mark == mark(hash)
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.number(self.generation.into()).number(self.position);
        if self.position > 0 {
            writer.raw(&self.mark);
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let generation = reader.number_as("chain cursor")?;
        let position = reader.number("chain cursor")?;
        let mark = if position > 0 { reader.array("chain cursor")? } else { [0; MARK_BYTES] };
        Ok(Self { generation, position, mark })
    }
}

fn mark(hash: &RecordHash) -> [u8; MARK_BYTES] {
    let mut mark = [0; MARK_BYTES];
    mark.copy_from_slice(&hash.0[..MARK_BYTES]);
    mark
}

/// A statement with what lies beside it, each in its one encoding; the second is empty where nothing does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The statement.
    pub statement: Vec<u8>,
    /// What lies beside it.
    pub attachment: Vec<u8>,
}

impl Stated {
    /// Writes both.
    pub fn write(&self, writer: &mut Writer) {
        writer.bytes(&self.statement).bytes(&self.attachment);
    }

    /// Reads both; neither is decoded.
    ///
    /// # Errors
    /// When one is too long, or the bytes end early.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            statement: reader.bytes(STATEMENT_BYTES_MAX, "statement")?.to_vec(),
            attachment: reader.bytes(ATTACHMENT_BYTES_MAX, "what lies beside a statement")?.to_vec(),
        })
    }
}

/// Of which statement a given record is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenText {
    /// The statement itself, and what of the bytes beside it is for this device: its own wrap, or a box of keys.
    Given(Stated),
    /// Its id alone: one that came with this very request, or of keys that do not concern the device.
    Named(StatementId),
}

/// A record as it is given; its position follows from where the answer's records begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenRecord {
    /// Record time.
    pub time: TimestampMs,
    /// [`crate::trust::Record::fold`].
    pub fold: u8,
    /// The statement.
    pub text: GivenText,
}

impl GivenRecord {
    /// About how many bytes it takes, as it travels or is kept.
    #[must_use]
    pub fn len_bytes(&self) -> usize {
        const LINE_BYTES: usize = 8;
        LINE_BYTES
            + match &self.text {
                GivenText::Given(stated) => stated.statement.len() + stated.attachment.len(),
                GivenText::Named(_) => StatementId::LEN,
            }
    }

    pub(super) fn write(&self, before: TimestampMs, writer: &mut Writer) {
        let since = if self.fold & RECORD_SET_BACK == 0 { self.time.since_ms(before) } else { self.time.0 };
        writer.number(since).byte(self.fold);
        match &self.text {
            GivenText::Given(stated) => {
                writer.byte(0);
                stated.write(writer);
            }
            GivenText::Named(id) => {
                writer.byte(1).raw(id.as_bytes());
            }
        }
    }

    pub(super) fn read(before: TimestampMs, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (since, fold) = (reader.number("record time")?, reader.byte("record's fold")?);
        let is_back = fold & RECORD_SET_BACK != 0;
        Ok(Self {
            time: if is_back { TimestampMs(since) } else { before.plus_ms(since) },
            fold,
            text: match reader.byte("record's text")? {
                0 => GivenText::Given(Stated::read(reader)?),
                1 => GivenText::Named(StatementId(reader.array("record's statement")?)),
                _ => return Err(DecodeError::Invalid { what: "record's text" }),
            },
        })
    }
}

/// Records that a phone holds and a restored server lacks, with the server's own word for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BroughtBack {
    /// The position of the first.
    pub from: u64,
    /// In order: the texts are given as far as the phone has them.
    pub records: Vec<GivenRecord>,
    /// The last head that the phone has of the server's: nothing is admitted before the chain is back there.
    pub head: Signed<ChainHead>,
    /// The head that the records lead to, where it is an earlier one: the rest follows in the next request.
    pub upto: Option<Signed<ChainHead>>,
}

impl BroughtBack {
    /// About how many bytes it takes in a request.
    #[must_use]
    pub fn len_bytes(&self) -> usize {
        self.records.iter().map(GivenRecord::len_bytes).sum()
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.number(self.from);
        write_records(&self.records, writer);
        self.head.write(writer);
        writer.flag(self.upto.is_some());
        if let Some(upto) = &self.upto {
            upto.write(writer);
        }
    }

    pub(super) fn read(circle: CircleId, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            from: reader.number("brought records")?,
            records: read_records(reader)?,
            head: ChainHead::read(circle, reader)?,
            upto: match reader.flag("head of brought records")? {
                true => Some(ChainHead::read(circle, reader)?),
                false => None,
            },
        })
    }
}

/// What a server lacks of a record that was brought back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lacking {
    /// The record's position on the circle's chain.
    pub position: u64,
    /// The statement too; else only what lies beside it.
    pub text: bool,
}

impl Lacking {
    /// Writes the position doubled, and 1 more when the statement is lacking.
    pub fn write(&self, writer: &mut Writer) {
        writer.number((self.position << 1) | u64::from(self.text));
    }

    /// Reads what [`Self::write`] wrote.
    ///
    /// # Errors
    /// When the bytes end early.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let number = reader.number("lacking record")?;
        Ok(Self { position: number >> 1, text: number & 1 == 1 })
    }
}

/// What a phone has of a record that the server lacks something of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BroughtText {
    /// The record.
    pub position: u64,
    /// Its statement, and what lies beside it: whole, or empty.
    pub stated: Stated,
}

impl BroughtText {
    pub(super) fn write(&self, writer: &mut Writer) {
        writer.number(self.position);
        self.stated.write(writer);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { position: reader.number("brought text")?, stated: Stated::read(reader)? })
    }
}

pub(super) fn write_records(records: &[GivenRecord], writer: &mut Writer) {
    writer.count(records.len());
    let mut before = TimestampMs(0);
    for record in records {
        record.write(before, writer);
        before = record.time;
    }
}

pub(super) fn read_records(reader: &mut Reader<'_>) -> Result<Vec<GivenRecord>, DecodeError> {
    let mut before = TimestampMs(0);
    let mut records = Vec::new();
    for _ in 0..reader.count(super::RECORDS_MAX, "records")? {
        let record = GivenRecord::read(before, reader)?;
        before = record.time;
        records.push(record);
    }
    Ok(records)
}

/// How the server's chain stands to what the phone holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChainState {
    /// It goes on from there.
    #[default]
    Follows,
    /// It is another one at that place, or has no such generation: the records begin at the answer's `from`, which is
    /// at or before where the two part.
    Differs,
    /// It ends before: the phone is asked for the records after it, with the head that it holds.
    Behind,
}

impl ChainState {
    /// All of them, at their number's place.
    pub const ALL: [Self; 3] = [Self::Follows, Self::Differs, Self::Behind];

    /// The stable number.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The one with this number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}
