//! A document that is open, and its writer.

mod belonging;
mod helplines;
mod hidden;
mod join;
mod note;
mod profile;
mod put;
mod rows;
mod thread;
mod toolkit;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{AutoCommit, Change, ObjId, TextEncoding};

use crate::gate::{CHANGE_ACTORS_MAX, CHANGE_BYTES_MAX, CHANGE_OPS_MAX, TIME_MAX};
use crate::ids::{ActorId, CircleId, DocumentId, EntryId};
use crate::sorted::SortedSet;
use crate::time::TimestampMs;

use super::delta::Delta;
use super::join::OwnLast;
use super::named::{Ground, Named};
use super::note::{BODY, MarkOps, NoteView, Sequence, Typed};
use super::thread::{MESSAGES, REACTIONS};
use super::toolkit::{HELPED, STRATEGIES};
use super::{ApplyProblem, DocumentName, EditProblem, HEADS_JOINED_MAX, ProfileView, Shape, genesis};
use rows::Rows;

/// Bytes of a change that are neither ops, dependencies nor actors: header, lengths, column table.
const CHANGE_OVERHEAD_BYTES: usize = 256;
/// What a change may always hold, however many heads and actors a document has.
const CHANGE_BUDGET_BYTES_MIN: usize = 2_048;
/// Ops at which a change is closed even if it is small.
const CHANGE_OPS_SOFT_MAX: usize = (CHANGE_OPS_MAX - 96) as usize;

/// An open document and its writer. All reading and editing goes through it.
///
/// Edits are pending until [`Self::commit`]; reading sees them at once. Methods of one kind answer
/// `WrongKind` on a document of another.
pub struct Handle {
    circle: CircleId,
    name: DocumentName,
    id: DocumentId,
    pub(super) actor: ActorId,
    pub(super) doc: AutoCommit,
    genesis_actor: automerge::ActorId,
    pub(super) heads: Vec<EntryId>,
    pub(super) own_last: Option<OwnLast>,
    max_op: u64,
    pub(super) marks: MarkOps,
    named: Named,
    actors: SortedSet<ActorId>,
    pending_bytes: usize,
    /// Work and bytes of what the next commit gives, at most.
    pending_cost: (usize, usize),
    pub(super) ready: Vec<Vec<u8>>,
    /// What was typed into a note's body and is not written into the document yet.
    pub(super) typed: Typed,
}

enum Snapshot {
    Note(Sequence, NoteView),
    Thread(Rows),
    Toolkit(Rows),
    Profile(ProfileView),
}

impl Handle {
    /// Opens a document from its stored changes, in any order, genesis not among them or ignored there.
    ///
    /// # Errors
    /// `Refused` for a schema that this build does not know; else as [`Self::apply`].
    pub fn open<B: AsRef<[u8]>>(
        circle: &CircleId,
        name: &DocumentName,
        actor: ActorId,
        changes: &[B],
    ) -> Result<Self, ApplyProblem> {
        let first = genesis(circle, name)?;
        let genesis_actor = automerge::ActorId::from(&first.actor.0);
        let mut batch = Vec::with_capacity(changes.len() + 1);
        batch.push(parse(0, &first.bytes)?);
        parse_all(changes, &mut batch)?;
        let doc =
            AutoCommit::new_with_encoding(TextEncoding::Utf16CodeUnit).with_actor(automerge::ActorId::from(&actor.0));
        let mut handle = Self {
            circle: *circle,
            name: *name,
            id: name.id(circle),
            actor,
            doc,
            genesis_actor,
            heads: Vec::new(),
            own_last: None,
            max_op: 0,
            marks: MarkOps::default(),
            named: Named::default(),
            actors: SortedSet::new(),
            pending_bytes: 0,
            pending_cost: (0, 0),
            ready: Vec::new(),
            typed: Typed::default(),
        };
        handle.named.begin(&first);
        handle.take(batch)?;
        Ok(handle)
    }

    /// The circle.
    #[must_use]
    pub fn circle(&self) -> &CircleId {
        &self.circle
    }

    /// The document's name.
    #[must_use]
    pub fn name(&self) -> &DocumentName {
        &self.name
    }

    /// The document's id.
    #[must_use]
    pub fn id(&self) -> &DocumentId {
        &self.id
    }

    /// Who writes through this handle.
    #[must_use]
    pub fn actor(&self) -> &ActorId {
        &self.actor
    }

    /// Hashes of the last committed changes that nothing follows, sorted.
    #[must_use]
    pub fn heads(&self) -> &[EntryId] {
        &self.heads
    }

    /// Whether [`Self::commit`] would give changes.
    #[must_use]
    pub fn has_pending(&self) -> bool {
        !self.ready.is_empty() || self.doc.pending_ops() > 0 || self.typed.body.is_some()
    }

    /// What the next commit takes to merge, in ops, and to keep, in bytes, at most and but for what each change takes by
    /// itself.
    #[must_use]
    pub fn pending_cost(&self) -> (u64, u64) {
        let (work, bytes) = self.typed.cost;
        ((self.pending_cost.0 + work) as u64, (self.pending_cost.1 + bytes) as u64)
    }

    /// Takes changes that passed the gate, all in one batch; those that are here already are skipped.
    ///
    /// # Errors
    /// `Pending` when edits are not committed; `Malformed` before anything is applied; `MissingDependency` when
    /// some could not be placed; after `Unappliable` the handle must be thrown away.
    pub fn apply<B: AsRef<[u8]>>(&mut self, changes: &[B]) -> Result<Delta, ApplyProblem> {
        if self.has_pending() {
            return Err(ApplyProblem::Pending);
        }
        let mut batch = Vec::with_capacity(changes.len());
        parse_all(changes, &mut batch)?;
        let before = self.snapshot();
        self.take(batch)?;
        Ok(delta(before, self.snapshot()))
    }

    /// All changes of the document but these, its genesis among them.
    pub fn changes_but(&mut self, gone: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let all = self.doc.get_changes(&[]).into_iter().map(|change| change.raw_bytes().to_vec());
        all.filter(|change| !gone.contains(change)).collect()
    }

    /// What people see differently than in `before`, which is the same document.
    #[must_use]
    pub fn delta_from(&self, before: &Self) -> Delta {
        delta(before.snapshot(), self.snapshot())
    }

    /// Turns all edits since the last commit into raw changes of this handle's actor, in order. Mostly none or
    /// one; a large paste gives several, since each stays within what the gate allows.
    ///
    /// What was typed into a body is written first, whole words; a caller that has to know whether that went well calls
    /// [`Self::write_typed`] before.
    pub fn commit(&mut self, now: TimestampMs) -> Vec<Vec<u8>> {
        let written = self.write_typed(now, true);
        debug_assert!(written.is_ok(), "{written:?}");
        self.close_change(now);
        self.pending_cost = (0, 0);
        core::mem::take(&mut self.ready)
    }

    /// The container that the `nth` op of the genesis made.
    pub(super) fn container(&self, nth: u64) -> ObjId {
        ObjId::Id(nth, self.genesis_actor.clone(), 0)
    }

    /// The counter that the next op will have.
    pub(super) fn next_op(&self) -> u64 {
        self.max_op + self.doc.pending_ops() as u64 + 1
    }

    /// Makes room for an edit that takes at most this much, closing the change under way if need be.
    pub(super) fn make_room(&mut self, ops: usize, bytes: usize, now: TimestampMs) -> Result<(), EditProblem> {
        let full =
            self.pending_bytes + bytes > self.budget_bytes() || self.doc.pending_ops() + ops > CHANGE_OPS_SOFT_MAX;
        if full {
            self.close_change(now);
        }
        if self.doc.pending_ops() == 0 {
            self.join_heads(now)?;
        }
        self.pending_bytes += bytes;
        self.pending_cost = (self.pending_cost.0 + ops, self.pending_cost.1 + bytes);
        Ok(())
    }

    /// Bytes of ops that fit into one change, whatever it depends on and names. Where more have written than a change
    /// can name, so few that they can't name that many.
    pub(super) fn budget_bytes(&self) -> usize {
        if self.actors.len() > CHANGE_ACTORS_MAX {
            return CHANGE_BUDGET_BYTES_MIN;
        }
        let heads = self.heads.len().min(HEADS_JOINED_MAX) + 1;
        let fixed = CHANGE_OVERHEAD_BYTES + 33 * heads + 17 * self.actors.len();
        CHANGE_BYTES_MAX.saturating_sub(fixed).max(CHANGE_BUDGET_BYTES_MIN)
    }

    /// Ends the change under way; it is given out by the next commit.
    pub(super) fn close_change(&mut self, now: TimestampMs) {
        self.pending_bytes = 0;
        if self.doc.pending_ops() == 0 {
            return;
        }
        let time = i64::try_from(now.0).unwrap_or(TIME_MAX).min(TIME_MAX);
        let hash = self.doc.commit_with(CommitOptions::default().with_time(time));
        if let Some(change) = hash.and_then(|hash| self.doc.get_change_by_hash(&hash)) {
            self.max_op = change.max_op();
            let entry = EntryId(change.hash().0);
            self.heads = vec![entry];
            self.own_last = Some(OwnLast { seq: change.seq(), entry });
            self.actors.insert(self.actor);
            self.named.take(change.raw_bytes());
            debug_assert!(change.raw_bytes().len() <= CHANGE_BYTES_MAX, "{} bytes", change.raw_bytes().len());
            self.ready.push(change.raw_bytes().to_vec());
        }
    }

    /// Whether changes were left out since they name what is not there, or build on such ones.
    #[must_use]
    pub fn lacks(&self) -> bool {
        self.named.lacks()
    }

    pub(super) fn take(&mut self, batch: Vec<Change>) -> Result<(), ApplyProblem> {
        let batch = self.on_firm_ground(batch);
        let (mut max_op, mut actors, mut own_last) = (self.max_op, SortedSet::new(), self.own_last);
        for change in &batch {
            let is_own = change.actor_id().to_bytes() == self.actor.as_bytes();
            if is_own && own_last.is_none_or(|own| own.seq < change.seq()) {
                own_last = Some(OwnLast { seq: change.seq(), entry: EntryId(change.hash().0) });
            }
            max_op = max_op.max(change.max_op());
            actors.extend(ActorId::from_slice(change.actor_id().to_bytes()));
        }
        if self.name.shape() == Shape::Note {
            self.marks.take(batch.iter().map(Change::raw_bytes));
        }
        self.doc.apply_changes(batch).map_err(|_| ApplyProblem::Unappliable)?;
        (self.max_op, self.own_last) = (max_op, own_last);
        self.actors.extend(actors);
        self.heads = self.doc.get_heads().iter().map(|hash| EntryId(hash.0)).collect();
        self.heads.sort_unstable();
        if self.doc.get_missing_deps(&[]).is_empty() { Ok(()) } else { Err(ApplyProblem::MissingDependency) }
    }

    /// The changes of a batch that name nothing that is not there, in an order in which each comes behind what it builds
    /// on; those of which that has not come are the last.
    fn on_firm_ground(&mut self, mut batch: Vec<Change>) -> Vec<Change> {
        let mut firm = Vec::with_capacity(batch.len());
        loop {
            let count = batch.len();
            let mut waiting = Vec::new();
            for change in batch {
                match self.named.take(change.raw_bytes()) {
                    Ground::Firm => firm.push(change),
                    Ground::Missing => {}
                    Ground::Unknown => waiting.push(change),
                }
            }
            if waiting.is_empty() || waiting.len() == count {
                firm.append(&mut waiting);
                return firm;
            }
            batch = waiting;
        }
    }

    fn snapshot(&self) -> Snapshot {
        match self.name.shape() {
            Shape::Note => {
                let sequence = Sequence::read(&self.doc, &self.container(BODY), &self.marks);
                let view = note::read_beside_body(self);
                Snapshot::Note(sequence.shown(), view)
            }
            Shape::Thread => Snapshot::Thread(Rows::read(self, [MESSAGES, REACTIONS])),
            Shape::Toolkit => Snapshot::Toolkit(Rows::read(self, [STRATEGIES, HELPED])),
            Shape::Profile => Snapshot::Profile(profile::read(self)),
        }
    }

    pub(super) fn expect_note(&self) -> Result<(), EditProblem> {
        (self.name.shape() == Shape::Note).then_some(()).ok_or(EditProblem::WrongKind)
    }

    pub(super) fn expect_thread(&self) -> Result<(), EditProblem> {
        (self.name.shape() == Shape::Thread).then_some(()).ok_or(EditProblem::WrongKind)
    }

    pub(super) fn expect_toolkit(&self) -> Result<(), EditProblem> {
        (self.name.shape() == Shape::Toolkit).then_some(()).ok_or(EditProblem::WrongKind)
    }

    pub(super) fn expect_profile(&self) -> Result<(), EditProblem> {
        (self.name.shape() == Shape::Profile).then_some(()).ok_or(EditProblem::WrongKind)
    }
}

fn parse(index: usize, bytes: &[u8]) -> Result<Change, ApplyProblem> {
    Change::try_from(bytes).map_err(|_| ApplyProblem::Malformed { index })
}

fn parse_all<B: AsRef<[u8]>>(changes: &[B], batch: &mut Vec<Change>) -> Result<(), ApplyProblem> {
    for (index, bytes) in changes.iter().enumerate() {
        batch.push(parse(index, bytes.as_ref())?);
    }
    Ok(())
}

fn delta(before: Snapshot, after: Snapshot) -> Delta {
    match (before, after) {
        (Snapshot::Note(body, view), Snapshot::Note(new_body, new_view)) => {
            Delta { body: body.edits_to(&new_body), fields: view != new_view, ..Delta::default() }
        }
        (Snapshot::Thread(rows), Snapshot::Thread(new_rows)) => {
            Delta { messages: rows.changed(&new_rows), ..Delta::default() }
        }
        (Snapshot::Toolkit(rows), Snapshot::Toolkit(new_rows)) => {
            Delta { strategies: rows.changed(&new_rows), ..Delta::default() }
        }
        (Snapshot::Profile(view), Snapshot::Profile(new_view)) => {
            Delta { profile: view != new_view, ..Delta::default() }
        }
        _ => Delta::default(),
    }
}
