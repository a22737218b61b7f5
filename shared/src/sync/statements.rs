//! A circle's chain in the server's store: statements are admitted in order, laid down with all that follows from
//! them, and handed out.
//!
//! Rows that follow (who is in the circle, which invites lead into it) are written in the batch of the records, so that
//! an exchange needs the whole chain only when it brings or lacks a record.

mod brought;
mod give;
mod intake;
mod row;
#[cfg(test)]
mod row_tests;

use crate::codec::{DecodeError, Writer};
use crate::ids::{CircleId, DeviceId, EpochId, OrganisationKey, ServerKey};
use crate::sorted::SortedMap;
use crate::storage::{Batch, Read, ReadResult, Tree};
use crate::time::TimestampMs;
use crate::trust::bounds::CHAIN_RECORDS_MAX;
use crate::trust::{
    Chain, ChainHead, Draft, KeyGroup, Knows, Roster, Signed, SigningSecret, Standing, Statement, StatementAuthor,
    StatementBody, Verified, Warrant, WarrantId,
};

use super::{CircleRecord, key};

pub use brought::BroughtProblem;
pub use give::{Giving, Part};
pub use intake::{MEMBER_STATEMENTS_DAY_MAX, extra_reads, way_row};
pub use row::{CommissionRow, RecordRow, ShreddedRow};

/// Grants that one warrant allows.
const WARRANT_COUNT: u32 = 20;
/// How long a warrant is good for.
const WARRANT_MS: u64 = 30 * 24 * 60 * 60 * 1_000;
const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// Most records that are read of a chain: its bound, and room for what is admitted above it, which shares bound.
const RECORDS_READ_MAX: usize = 4 * CHAIN_RECORDS_MAX as usize;

/// What a server signs with, and whose statements it takes.
#[derive(Clone, Debug)]
pub struct HubKeys {
    /// The organisation's root.
    pub root: OrganisationKey,
    /// The server's own key.
    pub server: SigningSecret,
}

/// An epoch that was ever admitted, also after its group went on to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EpochLine {
    pub(super) group: KeyGroup,
    pub(super) position: u64,
    pub(super) epoch: EpochId,
    pub(super) is_current: bool,
}

/// A record that was admitted and is not stored yet.
struct Added {
    row: RecordRow,
    statement: Option<Verified<Statement>>,
    attachment: Vec<u8>,
}

/// A circle's chain as it is stored, with what was added to it.
pub struct CircleChain {
    chain: Chain,
    /// All rows, the added ones included: the first is at position 1.
    rows: Vec<RecordRow>,
    before: Roster,
    record: CircleRecord,
    record_bytes: Option<Vec<u8>>,
    added: Vec<Added>,
    /// Records of before that have their text, or what lies beside it, since now.
    filled: Vec<Added>,
    /// Whether the record itself changes, with or without an added one.
    is_changed: bool,
    /// Whether the circle was: nothing comes back under its id.
    is_shredded: bool,
    /// Rows of invites and commissions as they are stored, of those that were asked for.
    kept: SortedMap<Vec<u8>, Vec<u8>>,
    pub(super) epochs: Vec<EpochLine>,
    /// When which device said something, in order.
    said: Vec<(TimestampMs, DeviceId)>,
}

impl HubKeys {
    /// The server's public key.
    #[must_use]
    pub fn server_key(&self) -> ServerKey {
        ServerKey(self.server.public())
    }

    /// A facilitator's warrant to enrol people with no network: one a day, so that asking again brings the same.
    /// `position`: where the circle's chain ends.
    #[must_use]
    pub fn warrant(&self, circle: &CircleId, device: &DeviceId, now: TimestampMs, position: u64) -> Signed<Warrant> {
        let day = now.0 / DAY_MS;
        let seed = crate::ids::tagged_hash(
            "kith/warrant-id/1",
            &[circle.as_bytes(), device.as_bytes(), &day.to_le_bytes(), &self.server.public()],
        );
        let until = TimestampMs(day * DAY_MS).plus_ms(WARRANT_MS);
        let id = WarrantId(crate::ids::first_16(&seed));
        Warrant::sign(&self.server, *circle, *device, id, WARRANT_COUNT, until, position)
    }

    /// The server's word that a circle's chain ends here; only of what is durable.
    #[must_use]
    pub fn head(&self, circle: &CircleId, last: Knows, now: TimestampMs) -> Signed<ChainHead> {
        ChainHead::sign(&self.server, *circle, last, now)
    }
}

const OTHER_RECORD: &str = "record of a chain: it is not the one that was admitted";

/// How many results [`reads`] brings.
pub const READS: usize = 3;

/// What to read before [`CircleChain::load`]: the circle's record, all rows of its chain, and what is left of it when
/// it was shredded.
#[must_use]
pub fn reads(circle: &CircleId) -> Vec<Read> {
    vec![
        Read::Get { tree: Tree::Circles, key: circle.as_bytes().to_vec() },
        Read::Range {
            tree: Tree::Statements,
            from: circle.as_bytes().to_vec(),
            to: key::after_prefix(circle.as_bytes()),
            rows_max: RECORDS_READ_MAX,
            bytes_max: usize::MAX,
            reverse: false,
        },
        Read::Get { tree: Tree::Meta, key: ShreddedRow::key(circle) },
    ]
}

impl CircleChain {
    /// The chain in the answers to [`reads`]. Its statements were checked when they were admitted; that the
    /// rows are the ones that were, their hashes tell.
    ///
    /// # Errors
    /// When a row does not decode, or is not the one that its place in the chain asks for.
    pub fn load(circle: CircleId, found: Vec<ReadResult>) -> Result<Self, DecodeError> {
        let mut found = found.into_iter();
        let record = found.next().and_then(ReadResult::value);
        let rows = found.next().map(ReadResult::rows).unwrap_or_default();
        let is_shredded = found.next().and_then(ReadResult::value).is_some();
        let mut chain = Self { is_shredded, ..Self::empty(circle, record)? };
        for (at, bytes) in &rows {
            let position = key::position_of(at).ok_or(DecodeError::Invalid { what: OTHER_RECORD })?;
            let (row, statement) = RecordRow::decode(position, bytes)?;
            chain.take_row(row, statement.as_ref())?;
        }
        if chain.chain.head() != chain.record.chain {
            return Err(DecodeError::Invalid { what: "chain: it ends elsewhere than the circle's record says" });
        }
        chain.before = chain.chain.standing().roster();
        Ok(chain)
    }

    fn empty(circle: CircleId, record: Option<Vec<u8>>) -> Result<Self, DecodeError> {
        let decoded = record.as_deref().map_or(Ok(CircleRecord::default()), CircleRecord::decode)?;
        Ok(Self { record: decoded, record_bytes: record, ..Self::bare(circle) })
    }

    fn bare(circle: CircleId) -> Self {
        Self {
            chain: Chain::new(circle),
            rows: Vec::new(),
            before: Roster::default(),
            record: CircleRecord::default(),
            record_bytes: None,
            added: Vec::new(),
            filled: Vec::new(),
            is_changed: false,
            is_shredded: false,
            kept: SortedMap::new(),
            epochs: Vec::new(),
            said: Vec::new(),
        }
    }

    fn take_row(&mut self, row: RecordRow, statement: Option<&Verified<Statement>>) -> Result<(), DecodeError> {
        let taken = self.chain.take(row.record, statement);
        taken.map_err(|_| DecodeError::Invalid { what: OTHER_RECORD })?;
        if self.chain.head().hash != row.hash {
            return Err(DecodeError::Invalid { what: OTHER_RECORD });
        }
        if let Some(statement) = statement {
            self.note(&row, statement);
        }
        self.rows.push(row);
        Ok(())
    }

    /// Remembers of an admitted statement what the fold forgets.
    fn note(&mut self, row: &RecordRow, statement: &Statement) {
        if let StatementBody::Epoch(epoch) = &statement.body {
            let is_current = self.standing().epoch(&epoch.group, &epoch.epoch).is_some_and(|record| record.is_current);
            let (group, position) = (epoch.group, row.record.position);
            self.epochs.push(EpochLine { group, position, epoch: epoch.epoch, is_current });
        }
        if let StatementAuthor::Device(device) = &statement.author {
            self.said.push((row.record.time, *device));
        }
    }

    /// Also knows these rows of invites and commissions, which were read by [`extra_reads`].
    pub fn know(&mut self, reads: &[Read], found: impl IntoIterator<Item = ReadResult>) {
        for (read, result) in reads.iter().zip(found) {
            if let (Read::Get { key, .. }, Some(value)) = (read, result.value()) {
                self.kept.insert(key.clone(), value);
            }
        }
    }

    /// What the operator calls the circle.
    pub fn set_label(&mut self, label: &str) {
        self.record.label = label.to_owned();
        self.is_changed = true;
    }

    /// What the store keeps of the circle, before anything that was added; `None` when there is no such circle.
    #[must_use]
    pub fn stored(&self) -> Option<&CircleRecord> {
        self.record_bytes.as_ref().map(|_| &self.record)
    }

    /// The circle.
    #[must_use]
    pub fn circle(&self) -> &CircleId {
        self.chain.circle()
    }

    /// The chain, the added records included.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Who is in the circle, the added records taken into account.
    #[must_use]
    pub fn standing(&self) -> &Standing {
        self.chain.standing()
    }

    /// The rows of the chain, the added ones included: the first is at position 1.
    #[must_use]
    pub fn rows(&self) -> &[RecordRow] {
        &self.rows
    }

    /// A statement of a device of the circle, or of the root, that knows the whole chain and is its next.
    #[must_use]
    pub fn draft(&self, author: Option<&DeviceId>, body: StatementBody, time: TimestampMs) -> Draft {
        let (number, knows) = (self.standing().next_number(author), self.chain.head());
        Draft { circle: *self.circle(), number, knows, time, body }
    }

    /// Whether there is something to store.
    #[must_use]
    pub fn has_news(&self) -> bool {
        self.is_changed || !self.added.is_empty()
    }

    /// How many records were added.
    #[must_use]
    pub fn added(&self) -> usize {
        self.added.len()
    }

    /// The head that a restored store was shown, and that its records do not reach yet.
    #[must_use]
    pub fn awaited(&self) -> Option<&Knows> {
        self.record.awaited.as_ref()
    }

    /// The batch that lays down what was added and all that follows, and the circle's record after it.
    #[must_use]
    pub fn batch(&self) -> (Batch, CircleRecord) {
        let mut batch = Batch::default();
        let circle = self.circle();
        for Added { row, attachment, .. } in self.added.iter().chain(&self.filled) {
            let at = key::record(circle, row.record.position);
            batch.put(Tree::Statements, at.clone(), row.encode());
            if !attachment.is_empty() {
                batch.put(Tree::Attachments, at, attachment.clone());
            }
        }
        for statement in self.added.iter().filter_map(|added| added.statement.as_ref()) {
            self.put_ways_in(&mut batch, statement);
        }
        let roster = self.standing().roster();
        for (device, entry) in roster.entries() {
            if self.before.entry(device) == Some(entry) {
                continue;
            }
            let mut writer = Writer::new();
            entry.write(&mut writer);
            batch.put(Tree::Roster, key::roster(circle, device), writer.into_bytes());
            batch.put(Tree::DeviceCircles, [device.as_bytes(), circle.as_bytes()].concat(), Vec::new());
        }
        let record = CircleRecord {
            chain: self.chain.head(),
            restored: self.standing().restored().to_vec(),
            roster_len: u32::try_from(roster.len()).unwrap_or(u32::MAX),
            ..self.record.clone()
        };
        if self.record_bytes.is_none() {
            batch.expect(Tree::Meta, ShreddedRow::key(circle), None);
        }
        batch.expect(Tree::Circles, circle.as_bytes(), self.record_bytes.clone());
        batch.put(Tree::Circles, circle.as_bytes(), record.encode());
        (batch, record)
    }
}
