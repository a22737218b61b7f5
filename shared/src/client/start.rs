#[cfg(test)]
mod golden_tests;

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, DocumentId, EpochId};
use crate::storage::{Batch, Read, ReadResult, Row, Tree};
use crate::sync::{DocumentState, key};
use crate::trust::{DeviceSecret, Proof};
use crate::wire::CURSOR_BYTES_MAX;

use super::engine::{Attempt, Engine, LocalCircle, Step};
use super::kernel::Task;
use super::keyring::{HeldKey, History, Keyring, Pending, decode_lost, decode_row};
use super::problem::corrupt;
use super::random::Random;
use super::summaries::Summary;
use super::view::{EngineState, Notice};
use super::{Effect, Problem, ProblemCode, Why};

const DEVICE_KEY: &[u8] = b"device";
/// The form of a circle as a phone keeps it.
const CIRCLE_VERSION: u8 = 3;

/// What the place of a pending statement begins with, behind its circle.
const PENDING: u8 = 0xff;
/// What the place of a lost record begins with, behind its circle.
const LOST: u8 = 0xfe;

/// The generation and position in the key of a lost record, behind its circle.
fn lost_place(key: &[u8]) -> Option<(u32, u64)> {
    let (generation, position) = key.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*generation), u64::from_be_bytes(position.try_into().ok()?)))
}

/// A whole tree.
fn all(tree: Tree) -> Read {
    Read::Range { tree, from: Vec::new(), to: Vec::new(), rows_max: usize::MAX, bytes_max: usize::MAX, reverse: false }
}

/// Reads what the phone keeps.
pub(super) struct Start {
    pub(super) entropy: [u8; 32],
}

impl Task<Engine> for Start {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.start(self.entropy)
    }

    fn fail(&mut self, engine: &mut Engine, problem: Problem) {
        let problem = Some(problem);
        engine.push(Effect::Notice(Notice::Engine { state: EngineState::Stopped, problem }));
    }
}

impl Engine {
    pub(super) fn start(&mut self, entropy: [u8; 32]) -> Attempt {
        if self.device.is_some() {
            return Ok(Step::Done);
        }
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
        let results = self.kernel.rows.take(reads)?;
        self.random = Random::new(entropy);
        self.load(results)?;
        Ok(Step::Done)
    }

    fn load(&mut self, results: Vec<ReadResult>) -> Result<(), Problem> {
        let mut results = results.into_iter();
        let seed = results.next().and_then(ReadResult::value);
        let mut rows = || results.next().map(ReadResult::rows).unwrap_or_default();
        for (circle, value) in rows() {
            let circle = CircleId::from_slice(&circle).ok_or_else(|| corrupt("a circle's key"))?;
            if value.first().is_some_and(|version| *version < CIRCLE_VERSION) {
                return Err(earlier_version());
            }
            self.circles.insert(circle, LocalCircle::decode(circle, &value).map_err(corrupt)?);
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
            self.load_signed(&at, &value);
            self.load_clock(&at, &value);
            self.load_lifted(&at, &value)?;
            self.load_resumed(&at, &value);
            self.load_placed(&at, &value);
        }
        let (statements, keys) = (rows(), rows());
        self.load_keyrings(seed.as_deref(), &statements, &keys)?;
        self.begin(seed, &drafts.into_iter().map(|(at, _)| at).collect::<Vec<_>>());
        Ok(())
    }

    /// Records, pending statements and keys of all circles; what is stored was checked before.
    fn load_keyrings(&mut self, seed: Option<&[u8]>, statements: &[Row], keys: &[Row]) -> Result<(), Problem> {
        let device = seed.and_then(|seed| <[u8; 32]>::try_from(seed).ok()).map(DeviceSecret::from_seed);
        let circles: Vec<CircleId> = self.circles.keys().copied().collect();
        for circle in circles {
            let Some(local) = self.circles.get_mut(&circle) else { continue };
            let mut history = History::new(circle);
            let rows = statements.iter().filter_map(|(at, value)| Some((at.strip_prefix(&circle.0[..])?, value)));
            for (at, value) in rows {
                match at.split_first() {
                    Some((&PENDING, _)) => local.keyring.pending.push(Pending::decode(value).map_err(corrupt)?),
                    Some((&LOST, place)) => {
                        let (generation, position) = lost_place(place).ok_or_else(|| corrupt("a lost record's key"))?;
                        history.know_lost(generation, position, decode_lost(value).map_err(corrupt)?);
                    }
                    _ => {
                        let (given, head) = decode_row(circle, value).map_err(corrupt)?;
                        history.take(given, Proof::Trusted).map_err(corrupt)?;
                        head.into_iter().for_each(|head| drop(history.keep_head(head)));
                    }
                }
            }
            local.keyring.pending.sort_by_key(|pending| pending.order);
            local.keyring.set_history(history);
            if let Some(device) = &device {
                local.roster = local.keyring.roster(device.public());
            }
        }
        for (at, value) in keys {
            let (circle, epoch) = epoch_ids(at).ok_or_else(|| corrupt("a key's place"))?;
            let held = HeldKey::decode(value).map_err(corrupt)?;
            if let Some(local) = self.circles.get_mut(&circle) {
                local.keyring.keys.insert(epoch, held);
            }
        }
        Ok(())
    }

    fn begin(&mut self, seed: Option<Vec<u8>>, drafts: &[Vec<u8>]) {
        self.drafted.extend(drafts.iter().filter_map(|at| Some((ids(at)?.1, Ok(())))));
        if !self.drafted.is_empty() {
            self.kernel.enqueue_first(super::drafting::Flush);
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
        self.encode_at(self.position)
    }

    /// The stored form with another position.
    pub(super) fn encode_at(&self, position: u64) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(CIRCLE_VERSION).number(position).bytes(&self.cursor);
        self.keyring.encode(&mut writer);
        writer.into_bytes()
    }

    fn decode(circle: CircleId, bytes: &[u8]) -> Result<Self, DecodeError> {
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

/// What it means to a person that a version before the first release left this.
fn earlier_version() -> Problem {
    Problem::of(ProblemCode::OtherVersion, Why::Earlier)
}

/// The ids in the place of a key.
fn epoch_ids(at: &[u8]) -> Option<(CircleId, EpochId)> {
    let (circle, epoch) = at.split_at_checked(CircleId::LEN)?;
    Some((CircleId::from_slice(circle)?, EpochId::from_slice(epoch)?))
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
