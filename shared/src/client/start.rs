#[cfg(test)]
mod golden_tests;

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, DocumentId, StatementId};
use crate::seal::EpochKey;
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::{Batch, Read, ReadResult, Row, Tree};
use crate::sync::{CircleRecord, DocumentState, key};
use crate::trust::{DeviceSecret, GrantLog, Statement};
use crate::wire::CURSOR_BYTES_MAX;

use super::engine::{Attempt, Engine, LocalCircle, Step, Stop, Task, corrupt};
use super::keyring::Keyring;
use super::random::Random;
use super::summary::Summary;
use super::view::{EngineState, Notice};
use super::{Effect, Problem};

const DEVICE_KEY: &[u8] = b"device";
/// The form of a circle as a phone keeps it.
const CIRCLE_VERSION: u8 = 2;

const SEEN_PREFIX: &[u8] = b"seen";

/// The key of how much of a document was seen.
pub(super) fn seen_key(document: &DocumentId) -> Vec<u8> {
    [SEEN_PREFIX, document.as_bytes()].concat()
}

/// A whole tree.
fn all(tree: Tree) -> Read {
    Read::Range { tree, from: Vec::new(), to: Vec::new(), rows_max: usize::MAX, bytes_max: usize::MAX, reverse: false }
}

impl Engine {
    pub(super) fn start(&mut self, entropy: [u8; 32]) -> Attempt {
        if self.device.is_some() {
            return Ok(Step::Done);
        }
        self.random = Random::new(entropy);
        let reads = vec![
            Read::Get { tree: Tree::Meta, key: DEVICE_KEY.to_vec() },
            all(Tree::Circles),
            all(Tree::Documents),
            all(Tree::Summaries),
            all(Tree::Drafts),
            all(Tree::Meta),
            all(Tree::Statements),
            all(Tree::Epochs),
        ];
        Err(Stop::Read(reads, Box::new(Self::load)))
    }

    fn load(&mut self, results: Vec<ReadResult>) -> Result<(), Problem> {
        let mut results = results.into_iter();
        let seed = results.next().and_then(ReadResult::value);
        let mut rows = || results.next().map(ReadResult::rows).unwrap_or_default();
        for (circle, value) in rows() {
            let circle = CircleId::from_slice(&circle).ok_or_else(|| corrupt("a circle's key"))?;
            self.circles.insert(circle, LocalCircle::decode(&value).map_err(corrupt)?);
        }
        for (at, value) in rows() {
            let (circle, document) = ids(&at).ok_or_else(|| corrupt("a document's key"))?;
            let state = DocumentState::decode(&value).map_err(corrupt)?;
            if let Some(local) = self.circles.get_mut(&circle) {
                if !state.is_safe() {
                    local.unsure.insert(document);
                }
                local.documents.insert(document, state);
            }
        }
        for (at, value) in rows() {
            if let (Some((_, document)), Some(summary)) = (ids(&at), Summary::decode(&value)) {
                self.summaries.insert(document, summary);
            }
        }
        let drafts = rows();
        for (at, value) in rows() {
            self.load_set_aside(&at, &value);
            self.load_lacking(&at, &value);
            let document = at.strip_prefix(SEEN_PREFIX).and_then(DocumentId::from_slice);
            if let (Some(document), Ok(others)) = (document, <[u8; 8]>::try_from(value)) {
                self.seen.insert(document, u64::from_be_bytes(others));
            }
        }
        let (statements, keys) = (rows(), rows());
        self.load_keyrings(seed.as_deref(), &statements, &keys)?;
        self.begin(seed, &drafts.into_iter().map(|(at, _)| at).collect::<Vec<_>>());
        Ok(())
    }

    /// Statements and keys of all circles; what is stored was checked before.
    fn load_keyrings(&mut self, seed: Option<&[u8]>, statements: &[Row], keys: &[Row]) -> Result<(), Problem> {
        let mut logs: SortedMap<CircleId, (GrantLog, SortedSet<StatementId>)> = SortedMap::new();
        for (at, value) in statements {
            let (circle, id) = statement_ids(at).ok_or_else(|| corrupt("a statement's key"))?;
            let (said, bytes) = value.split_first().ok_or_else(|| corrupt("a statement"))?;
            let (log, unsaid) = logs.get_or_insert_with(circle, || (GrantLog::new(circle), SortedSet::new()));
            // It was taken before, so it is now.
            let _ = log.insert_trusted(Statement::decode(bytes).map_err(corrupt)?);
            if *said == 0 {
                unsaid.insert(id);
            }
        }
        let device = seed.and_then(|seed| <[u8; 32]>::try_from(seed).ok()).map(DeviceSecret::from_seed);
        for (circle, (log, unsaid)) in logs {
            let Some(local) = self.circles.get_mut(&circle) else { continue };
            local.keyring.set_log(log);
            local.keyring.unsaid = unsaid;
            if let Some(device) = &device {
                local.roster = local.keyring.roster(device.public());
            }
        }
        for (at, value) in keys {
            let (circle, epoch) = statement_ids(at).ok_or_else(|| corrupt("a key's place"))?;
            let key = value.as_slice().try_into().map_err(|_| corrupt("a key"))?;
            if let Some(local) = self.circles.get_mut(&circle) {
                local.keyring.keys.insert(epoch, EpochKey(key));
            }
        }
        Ok(())
    }

    fn begin(&mut self, seed: Option<Vec<u8>>, drafts: &[Vec<u8>]) {
        let mut documents: Vec<_> = drafts.iter().filter_map(|at| ids(at)).collect();
        documents.dedup();
        for (circle, document) in documents {
            self.enqueue_first(Task::Recover { circle, document });
        }
        match seed.and_then(|seed| <[u8; 32]>::try_from(seed).ok()) {
            Some(seed) => {
                self.device = Some(DeviceSecret::from_seed(seed));
                self.device_stored = true;
            }
            None => self.device = Some(DeviceSecret::from_seed(self.random.bytes())),
        }
        self.push(Effect::Notice(Notice::Engine { state: EngineState::Ready, problem: None }));
        self.sync_soon(0);
    }

    /// Writes the device's keys; before the first enrolment, since a phone in no circle needs none.
    pub(super) fn put_device(&self, batch: &mut Batch) {
        if let Some(device) = &self.device {
            batch.put(Tree::Meta, DEVICE_KEY, device.seed().to_vec());
        }
    }
}

impl LocalCircle {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(CIRCLE_VERSION).bytes(&self.record.encode()).bytes(&self.cursor).bytes(&self.statements_cursor);
        self.keyring.encode(&mut writer);
        writer.into_bytes()
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("phone's circle version")? != CIRCLE_VERSION {
            return Err(DecodeError::Invalid { what: "phone's circle version" });
        }
        let record = CircleRecord::decode(reader.bytes(1_024, "circle record")?)?;
        let cursor = reader.bytes(CURSOR_BYTES_MAX, "cursor")?.to_vec();
        let statements_cursor = reader.bytes(CURSOR_BYTES_MAX, "statements cursor")?.to_vec();
        let keyring = Keyring::decode(&mut reader)?;
        reader.finish("phone's circle")?;
        Ok(Self { record, cursor, statements_cursor, keyring, ..Self::default() })
    }
}

/// The ids in a key of a statement or of an epoch's key.
fn statement_ids(at: &[u8]) -> Option<(CircleId, StatementId)> {
    let (circle, statement) = at.split_at_checked(CircleId::LEN)?;
    Some((CircleId::from_slice(circle)?, StatementId::from_slice(statement)?))
}

/// The ids at the start of a key: circle ‖ document ‖ anything.
fn ids(at: &[u8]) -> Option<(CircleId, DocumentId)> {
    let (circle, rest) = at.split_at_checked(CircleId::LEN)?;
    Some((CircleId::from_slice(circle)?, DocumentId::from_slice(rest.get(..DocumentId::LEN)?)?))
}

/// The key of a draft.
pub(super) fn draft_key(circle: &CircleId, document: &DocumentId, number: u32) -> Vec<u8> {
    [key::document(circle, document).as_slice(), &number.to_be_bytes()].concat()
}
