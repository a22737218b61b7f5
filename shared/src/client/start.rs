//! What an earlier run left on the phone, taken in.

use crate::ids::{CircleId, DocumentId, EpochId};
use crate::storage::{Read, ReadResult, Row, Tree};
use crate::sync::DocumentState;
use crate::trust::DeviceSecret;

use super::drafting::Flush;
use super::engine::{Attempt, Engine, Step};
use super::kernel::Task;
use super::kinds::stories::EndOver;
use super::parts::circle::{LocalCircle, is_earlier};
use super::parts::keyring::{HeldKey, History, Pending, decode_lost, decode_row};
use super::parts::leaving::Leaving;
use super::parts::lifted::read_lifted;
use super::parts::phone::DEVICE_KEY;
use super::parts::random::Random;
use super::parts::resumed::Resumed;
use super::problem::corrupt;
use super::view::{EngineState, Notice};
use super::{Effect, Problem, ProblemCode, Why};

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
        if self.phone.has_started() {
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
            if is_earlier(&value) {
                return Err(earlier_version());
            }
            self.circles.enter(circle, LocalCircle::decode(circle, &value).map_err(corrupt)?);
        }
        for (at, value) in rows() {
            let (circle, document) = ids(&at).ok_or_else(|| corrupt("a document's key"))?;
            let state = DocumentState::decode(&value).map_err(corrupt)?;
            if let Some(local) = self.circles.get_mut(&circle) {
                local.load_document(document, state);
            }
        }
        for (at, value) in rows() {
            if let Some((_, document)) = ids(&at) {
                self.lists.load(document, &value);
            }
        }
        let drafts = rows();
        for (at, value) in rows() {
            self.load_set_aside(&at, &value);
            self.circles.load_lacking(&at, &value);
            self.places.load(&at, &value);
            self.clock.load(&at, &value);
            if let Some((circle, document, entries)) = read_lifted(&at, &value)?
                && let Some(local) = self.circles.get_mut(&circle)
            {
                local.keep_lifted(document, entries);
            }
            self.resumed = Resumed::load(&at, &value).or(self.resumed);
            self.placing.load(&at, &value);
            self.leavings.load(&at, &value);
            self.search.load(&at, &value);
        }
        // Of a circle that is being wiped only some rows are there.
        let gone = |circle: &CircleId| self.leavings.of(circle) == Some(Leaving::Gone);
        let wiped: Vec<CircleId> = self.leavings.circles().into_iter().filter(gone).collect();
        wiped.iter().for_each(|circle| self.circles.forget(circle));
        let (statements, keys) = (rows(), rows());
        self.load_keyrings(seed.as_deref(), &statements, &keys)?;
        self.begin(seed, &drafts.into_iter().map(|(at, _)| at).collect::<Vec<_>>());
        Ok(())
    }

    /// Records, pending statements and keys of all circles; what is stored was checked before.
    fn load_keyrings(&mut self, seed: Option<&[u8]>, statements: &[Row], keys: &[Row]) -> Result<(), Problem> {
        let device = seed.and_then(|seed| <[u8; 32]>::try_from(seed).ok()).map(DeviceSecret::from_seed);
        for circle in self.circles.ids() {
            let (mut history, mut pending) = (History::new(circle), Vec::new());
            let rows = statements.iter().filter_map(|(at, value)| Some((at.strip_prefix(&circle.0[..])?, value)));
            for (at, value) in rows {
                match at.split_first() {
                    Some((&PENDING, _)) => pending.push(Pending::decode(value).map_err(corrupt)?),
                    Some((&LOST, place)) => {
                        let (generation, position) = lost_place(place).ok_or_else(|| corrupt("a lost record's key"))?;
                        history.know_lost(generation, position, decode_lost(value).map_err(corrupt)?);
                    }
                    _ => {
                        let (given, head) = decode_row(circle, value).map_err(corrupt)?;
                        history.take_own(given).map_err(corrupt)?;
                        head.into_iter().for_each(|head| drop(history.keep_head(head)));
                    }
                }
            }
            if let Some(local) = self.circles.get_mut(&circle) {
                local.load_keyring(history, pending, device.as_ref().map(DeviceSecret::public));
            }
        }
        for (at, value) in keys {
            let (circle, epoch) = epoch_ids(at).ok_or_else(|| corrupt("a key's place"))?;
            let held = HeldKey::decode(value).map_err(corrupt)?;
            if let Some(local) = self.circles.get_mut(&circle) {
                local.note_in_keyring(|keyring| keyring.load_key(epoch, held));
            }
        }
        Ok(())
    }

    fn begin(&mut self, seed: Option<Vec<u8>>, drafts: &[Vec<u8>]) {
        let drafts = drafts.iter().filter_map(|at| ids(at)).filter(|(circle, _)| self.circles.get(circle).is_some());
        let drafts: Vec<DocumentId> = drafts.map(|(_, document)| document).collect();
        drafts.iter().for_each(|document| self.documents.note_drafted(*document));
        if !drafts.is_empty() {
            self.kernel.enqueue_first(Flush);
        }
        let (device, is_stored) = match seed.and_then(|seed| <[u8; 32]>::try_from(seed).ok()) {
            Some(seed) => (DeviceSecret::from_seed(seed), true),
            None => (DeviceSecret::from_seed(self.random.bytes()), false),
        };
        self.phone.set_device(device, is_stored);
        self.push(Effect::Notice(Notice::Engine { state: EngineState::Ready, problem: None }));
        for circle in [self.circles.ids(), self.leavings.circles()].concat() {
            self.look_after_leaving(circle);
            self.kernel.enqueue(EndOver { circle });
        }
        self.sync_soon(0);
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
