//! A circle's chain on this phone, with the texts of its records as the server gave them.

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, DeviceId, EpochId, RecordHash, StatementId};
use crate::seal::{EpochKey, WRAP_BYTES, open_keys, unwrap};
use crate::sorted::SortedMap;
use crate::time::TimestampMs;
use crate::trust::{
    Chain, ChainHead, ChainProblem, DeviceSecret, Epoch, KeyGroup, Readers, Record, Share, Signed, Standing, Statement,
    StatementAuthor, StatementBody, Verified,
};
use crate::wire::{GivenRecord, GivenText, PART_BYTES, Stated};

/// The form of a stored record.
const ROW_VERSION: u8 = 1;
/// The same with a head of the server's behind it.
const HEADED_VERSION: u8 = 2;
/// The form of a stored hash of a lost record.
const LOST_VERSION: u8 = 1;

/// The records of a circle, each as it was given, with what they come to.
#[derive(Clone, Debug)]
pub(in crate::client) struct History {
    chain: Chain,
    given: Vec<GivenRecord>,
    epochs: SortedMap<EpochId, SeenEpoch>,
    /// Heads that the server signed for records here, by position: not all, but enough to bring back what a restored
    /// server lacks part by part.
    heads: SortedMap<u64, Verified<ChainHead>>,
}

/// An epoch whose text this phone was given, also after a later one took its place.
#[derive(Clone, Debug, Default)]
pub(in crate::client) struct SeenEpoch {
    pub group: Option<KeyGroup>,
    /// Where it was admitted; 0 when only a Share of it was given.
    pub position: u64,
    pub author: Option<DeviceId>,
    /// Whether it came too late to be the current one.
    pub is_late: bool,
    readers: Vec<Readers>,
}

impl SeenEpoch {
    /// Whether all whom this phone saw given the key still read what the group reads.
    pub(super) fn is_among(&self, shown: &Standing, group: &KeyGroup) -> bool {
        let given = self.readers.iter().flat_map(|readers| readers.devices(shown));
        given.into_iter().all(|device| shown.reads(&device, group))
    }
}

impl History {
    pub(in crate::client) fn new(circle: CircleId) -> Self {
        Self { chain: Chain::new(circle), given: Vec::new(), epochs: SortedMap::new(), heads: SortedMap::new() }
    }

    pub(in crate::client) fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The records from a position on.
    pub(in crate::client) fn given_from(&self, position: u64) -> &[GivenRecord] {
        let at = usize::try_from(position.saturating_sub(1)).unwrap_or(usize::MAX);
        self.given.get(at..).unwrap_or_default()
    }

    /// The statements whose texts are here, in order, with what lies beside them.
    pub(in crate::client) fn statements(&self) -> impl Iterator<Item = (Verified<Statement>, &[u8])> {
        self.given.iter().filter_map(|given| match &given.text {
            GivenText::Given(stated) => Some((own_statement(stated)?, stated.attachment.as_slice())),
            GivenText::Named(_) => None,
        })
    }

    pub(in crate::client) fn epochs(&self) -> impl Iterator<Item = (&EpochId, &SeenEpoch)> {
        self.epochs.iter()
    }

    /// Whether a device was given an epoch's key by what this phone has read.
    pub(in crate::client) fn has_key(&self, epoch: &EpochId, device: &DeviceId) -> bool {
        let ordinal = self.chain.standing().device(device).map(|record| record.ordinal);
        self.epochs.get(epoch).is_some_and(|seen| {
            let named = |readers: &Readers| {
                readers.new.contains(device) || ordinal.is_some_and(|ordinal| readers.known.has(ordinal))
            };
            seen.readers.iter().any(named)
        })
    }

    /// Checks the next record and takes it. Gives its statement, where it came with one.
    ///
    /// # Errors
    /// What is wrong with it; nothing changes then.
    pub(in crate::client) fn take(&mut self, given: GivenRecord) -> Result<Option<Verified<Statement>>, ChainProblem> {
        let (record, signed) = self.next(&given)?;
        let statement = self.chain.verify_record(&record, signed)?;
        self.push(record, statement.as_ref(), given)?;
        Ok(statement)
    }

    /// Takes the next record of those that this phone itself keeps: it was checked when it came.
    ///
    /// # Errors
    /// What is wrong with it; nothing changes then.
    pub(in crate::client) fn take_own(&mut self, given: GivenRecord) -> Result<(), ChainProblem> {
        let (record, signed) = self.next(&given)?;
        self.push(record, signed.map(Verified::from_own_store).as_ref(), given)
    }

    /// A record at the next position, and the statement that came with it.
    fn next(&self, given: &GivenRecord) -> Result<(Record, Option<Signed<Statement>>), ChainProblem> {
        let position = self.chain.len() + 1;
        let signed = match &given.text {
            GivenText::Given(stated) => {
                Some(Statement::decode(&stated.statement).map_err(|_| ChainProblem::OtherStatement { position })?)
            }
            GivenText::Named(_) => None,
        };
        let statement = id_of(given, signed.as_ref());
        Ok((Record { position, time: given.time, fold: given.fold, statement }, signed))
    }

    fn push(
        &mut self,
        record: Record,
        statement: Option<&Verified<Statement>>,
        given: GivenRecord,
    ) -> Result<(), ChainProblem> {
        self.chain.take(record, statement)?;
        if let Some(statement) = statement {
            self.note_keys(record.position, statement);
        }
        self.given.push(given);
        Ok(())
    }

    fn note_keys(&mut self, position: u64, statement: &Statement) {
        let (group, epoch, readers) = match &statement.body {
            StatementBody::Epoch(Epoch { group, epoch, readers, .. })
            | StatementBody::Share(Share { group, epoch, readers, .. }) => (*group, *epoch, readers.clone()),
            _ => return,
        };
        let is_late = self.chain.standing().epoch(&group, &epoch).is_some_and(|epoch| !epoch.is_current);
        let seen = self.epochs.get_or_insert_with(epoch, SeenEpoch::default);
        seen.group = Some(group);
        seen.readers.push(readers);
        if let (StatementBody::Epoch(_), StatementAuthor::Device(author)) = (&statement.body, statement.author) {
            (seen.position, seen.author, seen.is_late) = (position, Some(author), is_late);
        }
    }

    /// What is left before `from`, and the records that are lost with a restored backup.
    ///
    /// # Errors
    /// When what is kept does not fold again.
    pub(in crate::client) fn back_to(&self, from: u64) -> Result<(Self, Vec<GivenRecord>), ChainProblem> {
        let (chain, kept) = self.chain.lose(from);
        let heads = self.heads.iter().filter(|(position, _)| **position <= kept.len() as u64);
        let heads = heads.map(|(position, head)| (*position, *head)).collect();
        let mut before = Self { chain, given: Vec::new(), epochs: SortedMap::new(), heads };
        for given in self.given.iter().take(kept.len()) {
            before.take_own(given.clone())?;
        }
        Ok((before, self.given_from(kept.len() as u64 + 1).to_vec()))
    }

    /// The stored form of the record at a position.
    pub(in crate::client) fn row(&self, position: u64) -> Option<Vec<u8>> {
        let head = self.heads.get(&position);
        self.given_from(position).first().map(|given| encode_row(given, head))
    }

    /// The heads that are kept, by position.
    pub(in crate::client) fn heads(&self) -> impl DoubleEndedIterator<Item = (&u64, &Verified<ChainHead>)> {
        self.heads.iter()
    }

    /// Keeps a head that the server signed, when it is of a record here. Gives the positions whose rows changed: of
    /// three heads within a part the middle one goes.
    pub(in crate::client) fn keep_head(&mut self, head: Verified<ChainHead>) -> Vec<u64> {
        let position = head.last.position;
        if position == 0 || self.chain.hash(position) != Some(head.last.hash) || self.heads.contains_key(&position) {
            return Vec::new();
        }
        self.heads.insert(position, head);
        let near: Vec<u64> = self.heads.keys().rev().copied().filter(|kept| *kept < position).take(2).collect();
        let mut changed = vec![position];
        if let [middle, first] = near[..] {
            let count = usize::try_from(position - first).unwrap_or(usize::MAX);
            let between = self.given_from(first + 1).iter().take(count);
            if between.map(GivenRecord::len_bytes).sum::<usize>() <= PART_BYTES {
                self.heads.remove(&middle);
                changed.push(middle);
            }
        }
        changed
    }

    /// Knows again what a restored server lost, as it was kept.
    pub(in crate::client) fn know_lost(&mut self, generation: u32, position: u64, hash: RecordHash) {
        self.chain.know_lost(generation, position, hash);
    }
}

/// A statement out of what this phone itself keeps: it was checked when it came.
pub(in crate::client) fn own_statement(stated: &Stated) -> Option<Verified<Statement>> {
    Statement::decode(&stated.statement).ok().map(Verified::from_own_store)
}

/// The statement that a record is of.
fn id_of(given: &GivenRecord, statement: Option<&Signed<Statement>>) -> StatementId {
    match (&given.text, statement) {
        (GivenText::Named(id), _) => *id,
        (GivenText::Given(_), Some(statement)) => statement.id(),
        (GivenText::Given(_), None) => StatementId([0; 32]),
    }
}

/// The hashes that records give, from the first of a chain on; none where a text is no statement.
pub(in crate::client) fn hashes(records: &[GivenRecord]) -> Option<Vec<RecordHash>> {
    let mut before = RecordHash([0; 32]);
    let mut hashes = Vec::with_capacity(records.len());
    for (position, given) in (1..).zip(records) {
        let statement = match &given.text {
            GivenText::Given(stated) => Some(Statement::decode(&stated.statement).ok()?),
            GivenText::Named(_) => None,
        };
        let record =
            Record { position, time: given.time, fold: given.fold, statement: id_of(given, statement.as_ref()) };
        before = record.hash(&before);
        hashes.push(before);
    }
    Some(hashes)
}

/// Version, record time, fold, then the statement's id behind a 0, or the text and what lies beside it behind a 1, then
/// the head of the server's, where one is kept for it.
pub(in crate::client) fn encode_row(given: &GivenRecord, head: Option<&Verified<ChainHead>>) -> Vec<u8> {
    let mut writer = Writer::new();
    let version = if head.is_some() { HEADED_VERSION } else { ROW_VERSION };
    writer.byte(version).number(given.time.0).byte(given.fold);
    match &given.text {
        GivenText::Named(id) => {
            writer.flag(false).raw(id.as_bytes());
        }
        GivenText::Given(stated) => {
            writer.flag(true);
            stated.write(&mut writer);
        }
    }
    if let Some(head) = head {
        head.write(&mut writer);
    }
    writer.into_bytes()
}

/// Reads what [`encode_row`] wrote.
pub(in crate::client) fn decode_row(
    circle: CircleId,
    bytes: &[u8],
) -> Result<(GivenRecord, Option<Verified<ChainHead>>), DecodeError> {
    let mut reader = Reader::new(bytes);
    let is_headed = match reader.byte("stored record's version")? {
        ROW_VERSION => false,
        HEADED_VERSION => true,
        _ => return Err(DecodeError::Invalid { what: "stored record's version" }),
    };
    let time = TimestampMs(reader.number("stored record's time")?);
    let fold = reader.byte("stored record's fold")?;
    let text = match reader.flag("stored record's text")? {
        true => GivenText::Given(Stated::read(&mut reader)?),
        false => GivenText::Named(StatementId(reader.array("stored record's statement")?)),
    };
    let head = match is_headed {
        true => Some(Verified::from_own_store(ChainHead::read(circle, &mut reader)?)),
        false => None,
    };
    reader.finish("stored record")?;
    Ok((GivenRecord { time, fold, text }, head))
}

/// The stored form of what a restored server lost at a position: version, hash.
pub(in crate::client) fn encode_lost(hash: &RecordHash) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.byte(LOST_VERSION).raw(hash.as_bytes());
    writer.into_bytes()
}

/// Reads what [`encode_lost`] wrote.
pub(in crate::client) fn decode_lost(bytes: &[u8]) -> Result<RecordHash, DecodeError> {
    let mut reader = Reader::new(bytes);
    if reader.byte("lost record's version")? != LOST_VERSION {
        return Err(DecodeError::Invalid { what: "lost record's version" });
    }
    let hash = RecordHash(reader.array("lost record's hash")?);
    reader.finish("lost record")?;
    Ok(hash)
}

/// The keys that lie beside a statement for a device.
pub(in crate::client) fn keys_beside(
    circle: &CircleId,
    device: &DeviceSecret,
    statement: &Verified<Statement>,
    attachment: &[u8],
) -> Vec<(KeyGroup, EpochKey)> {
    let own = device.id();
    match &statement.body {
        StatementBody::Epoch(Epoch { group, epoch, .. }) | StatementBody::Share(Share { group, epoch, .. }) => {
            let Ok(wrap) = <&[u8; WRAP_BYTES]>::try_from(attachment) else { return Vec::new() };
            unwrap(device, circle, wrap, group, epoch).map(|key| (*group, key)).into_iter().collect()
        }
        StatementBody::Grant(grant) if grant.device.id() == own => {
            open_keys(device, circle, attachment).unwrap_or_default()
        }
        StatementBody::AddDevice(add) if add.device.id() == own => {
            open_keys(device, circle, attachment).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}
