use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, DocumentId};
use crate::storage::{Batch, Read, ReadResult, Tree};
use crate::sync::{CircleRecord, DocumentState, key};
use crate::trust::{DeviceSecret, Roster, RosterEntry};
use crate::wire::CURSOR_BYTES_MAX;

use super::engine::{Attempt, Engine, LocalCircle, Step, Stop, Task, corrupt};
use super::random::Random;
use super::summary::Summary;
use super::view::{EngineState, Notice};
use super::{Effect, Problem};

const DEVICE_KEY: &[u8] = b"device";

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
            let document = at.strip_prefix(SEEN_PREFIX).and_then(DocumentId::from_slice);
            if let (Some(document), Ok(others)) = (document, <[u8; 8]>::try_from(value)) {
                self.seen.insert(document, u64::from_be_bytes(others));
            }
        }
        self.begin(seed, &drafts.into_iter().map(|(at, _)| at).collect::<Vec<_>>());
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
    /// Most bytes of a roster, as one value of the phone's store.
    const ROSTER_BYTES_MAX: usize = Roster::DEVICES_MAX * 128;

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut roster = Writer::new();
        for (_, entry) in self.roster.entries() {
            entry.write(&mut roster);
        }
        let mut writer = Writer::new();
        writer.byte(1).bytes(&self.record.encode()).bytes(&self.cursor).flag(self.removed);
        writer.count(self.roster.len()).bytes(&roster.into_bytes());
        writer.into_bytes()
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("phone's circle version")? != 1 {
            return Err(DecodeError::Invalid { what: "phone's circle version" });
        }
        let record = CircleRecord::decode(reader.bytes(1_024, "circle record")?)?;
        let cursor = reader.bytes(CURSOR_BYTES_MAX, "cursor")?.to_vec();
        let removed = reader.flag("removed")?;
        let len = reader.count(Roster::DEVICES_MAX, "roster length")?;
        let mut entries = Reader::new(reader.bytes(Self::ROSTER_BYTES_MAX, "roster")?);
        reader.finish("phone's circle")?;
        let roster: Result<Vec<_>, _> = (0..len).map(|_| RosterEntry::read(&mut entries)).collect();
        Ok(Self { record, cursor, removed, roster: Roster::new(roster?), ..Self::default() })
    }
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
