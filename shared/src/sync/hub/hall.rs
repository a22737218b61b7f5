//! One circle of an exchange, as the asking device finds it.

use crate::codec::{DecodeError, Reader};
use crate::document::DocumentName;
use crate::ids::{ActorId, CircleId, DeviceId, DocumentId, EntryId, StatementId, tagged_hash};
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::{Batch, Read, ReadResult, Row, Tree};
use crate::trust::{Role, Roster, RosterEntry, State as Standing, Statement, StatementProblem};
use crate::wire::{CircleAsk, RefusedEntry, RefusedStatement};

use super::super::statements::{CircleLog, HubKeys};
use super::super::{CircleRecord, OldKeys, key};
use super::first_contact;

/// One circle of the exchange.
pub(super) struct Hall {
    pub(super) roster: Roster,
    pub(super) record: CircleRecord,
    pub(super) record_bytes: Option<Vec<u8>>,
    /// How the asking device stands.
    pub(super) standing: Standing,
    /// It leads and asked for a warrant.
    pub(super) warranted: bool,
    pub(super) old_keys: OldKeys,
    /// Statements that came with the request.
    pub(super) brought: Vec<StatementId>,
    pub(super) refused_statements: Vec<RefusedStatement>,
    /// What follows from them, still to be written.
    pub(super) news: Batch,
    pub(super) touched: SortedMap<DocumentId, (DocumentName, SortedSet<ActorId>)>,
    /// The first refused entry of each chain, which stands for all that follow it: a phone may send more than an answer
    /// holds, and learns from one what became of the others.
    pub(super) refused: Vec<RefusedEntry>,
    refused_chains: SortedSet<(DocumentId, ActorId)>,
    /// One missing entry of each document: the phone sends all of the document again.
    pub(super) missing: SortedMap<DocumentName, EntryId>,
}

/// Most refused entries in one answer, and most missing ones, whatever a request brings: some 50 KB together, so that
/// a frame holds them beside the statements.
const ANSWER_REFUSED_MAX: usize = 512;

impl Hall {
    /// How many results [`Self::reads`] brings.
    pub(super) const READS: usize = 3;

    /// What to read before it is known whose a request is: the circle's record, who is in it, and what the device
    /// seals with no more.
    pub(super) fn reads(circle: &CircleId, device: &DeviceId) -> [Read; Self::READS] {
        [
            Read::Get { tree: Tree::Circles, key: circle.as_bytes().to_vec() },
            Read::Range {
                tree: Tree::Roster,
                from: circle.as_bytes().to_vec(),
                to: key::after_prefix(circle.as_bytes()),
                rows_max: Roster::DEVICES_MAX,
                bytes_max: usize::MAX,
                reverse: false,
            },
            Read::Get { tree: Tree::Epochs, key: key::sealing(circle, device) },
        ]
    }

    /// What the answers to [`Self::reads`] say.
    pub(super) fn new(device: &DeviceId, found: Vec<ReadResult>) -> Result<Self, DecodeError> {
        let mut found = found.into_iter();
        let record_bytes = found.next().and_then(ReadResult::value);
        let rows = found.next().map(ReadResult::rows).unwrap_or_default();
        let entries: Result<Vec<_>, _> =
            rows.iter().map(|(_, value)| RosterEntry::read(&mut Reader::new(value))).collect();
        let old_keys = found.next().and_then(ReadResult::value);
        Ok(Self {
            roster: Roster::new(entries?),
            record: record(record_bytes.as_deref())?,
            record_bytes,
            standing: Standing::Removed,
            warranted: false,
            old_keys: OldKeys::decode(device, old_keys.as_deref())?,
            brought: Vec::new(),
            refused_statements: Vec::new(),
            news: Batch::default(),
            touched: SortedMap::new(),
            refused: Vec::new(),
            refused_chains: SortedSet::new(),
            missing: SortedMap::new(),
        })
    }

    /// Takes in what the request says of the circle, once its signature is checked. `heard`: how many of the circle's
    /// statements the phone holds.
    pub(super) fn take_log(
        &mut self,
        device: &DeviceId,
        ask: &CircleAsk,
        heard: u64,
        record_bytes: Option<Vec<u8>>,
        rows: &[Row],
        keys: &HubKeys,
    ) -> Result<(), DecodeError> {
        self.record = record(record_bytes.as_deref())?;
        self.record_bytes.clone_from(&record_bytes);
        let mut log = CircleLog::load(ask.circle, record_bytes, rows)?;
        self.take_statements(&mut log, device, ask, keys);
        let confirmed = ask.sealing.and_then(|epoch| log.confirm(&self.old_keys, &epoch, heard));
        let may_write = self.roster.entry(device).is_some_and(|entry| may_write(entry.state));
        if let Some(old) = confirmed.filter(|_| may_write) {
            self.news.put(Tree::Epochs, key::sealing(&ask.circle, device), old.encode());
            self.old_keys = old;
        }
        Ok(())
    }

    /// Knows how the device stands, all that it brought taken into account.
    pub(super) fn receive(&mut self, device: &DeviceId, ask: &CircleAsk) {
        let Some(entry) = self.roster.entry(device) else { return };
        self.standing = entry.state;
        self.warranted = ask.wants_warrant && entry.state == Standing::Active && entry.role == Role::Facilitator;
    }

    fn take_statements(&mut self, log: &mut CircleLog, device: &DeviceId, ask: &CircleAsk, keys: &HubKeys) {
        let decoded: Vec<Option<Statement>> =
            ask.statements.iter().map(|bytes| Statement::decode(bytes).ok()).collect();
        let denied = log.denied_to_removed(device, decoded.iter().flatten());
        let refuse = |statement, problem| RefusedStatement { statement, problem };
        let mut brought = Vec::new();
        for (bytes, decoded) in ask.statements.iter().zip(decoded) {
            let unread = || StatementId(tagged_hash("kith/unread/1", &[bytes]));
            match decoded.map(|statement| (statement.id(), statement)) {
                Some((id, _)) if denied.contains(&id) => {
                    self.refused_statements.push(refuse(id, StatementProblem::NotAllowed));
                }
                Some(read) => brought.push(read),
                None => self.refused_statements.push(refuse(unread(), StatementProblem::Malformed)),
            }
        }
        if log.standing().device(device).is_none()
            && let Err(refused) = first_contact::bring(log, device, &brought, keys)
        {
            self.refused_statements.extend(refused.into_iter().map(|(id, problem)| refuse(id, problem)));
            return;
        }
        let (ids, statements): (Vec<StatementId>, Vec<Statement>) = brought.into_iter().unzip();
        for (id, taken) in ids.into_iter().zip(log.add_all(statements, keys)) {
            match taken {
                Ok(()) => self.brought.push(id),
                Err(problem) => self.refused_statements.push(refuse(id, problem)),
            }
        }
        self.roster = log.standing().roster();
        if log.has_news() {
            let (batch, record) = log.batch();
            self.record_bytes = Some(record.encode());
            (self.news, self.record) = (batch, record);
        }
    }

    /// Notes what the answer says of a refused entry. `circles`: among how many the answer's room is shared.
    pub(super) fn refuse(&mut self, chain: ActorId, refused: RefusedEntry, circles: usize) {
        let has_room = self.refused.len() < (ANSWER_REFUSED_MAX / circles.max(1)).max(1);
        if has_room && self.refused_chains.insert((refused.document, chain)) {
            self.refused.push(refused);
        }
    }

    /// Notes what is missing, for the answer.
    pub(super) fn lack(&mut self, missing: SortedSet<(DocumentName, EntryId)>, circles: usize) {
        for (name, entry) in missing {
            if self.missing.len() < (ANSWER_REFUSED_MAX / circles.max(1)).max(1) {
                self.missing.get_or_insert_with(name, || entry);
            }
        }
    }

    /// Whether the device's entries are taken in.
    pub(super) fn writes(&self) -> bool {
        may_write(self.standing)
    }

    /// Whether it is given what others wrote.
    pub(super) fn is_served(&self) -> bool {
        self.standing == Standing::Active
    }
}

fn may_write(standing: Standing) -> bool {
    matches!(standing, Standing::Active | Standing::Provisional)
}

/// Whether an answer takes the statements themselves, and not only what follows from them.
pub(super) fn needs_log(ask: &CircleAsk) -> bool {
    !ask.statements.is_empty() || ask.sealing.is_some()
}

pub(super) fn record(bytes: Option<&[u8]>) -> Result<CircleRecord, DecodeError> {
    bytes.map_or(Ok(CircleRecord::default()), CircleRecord::decode)
}
