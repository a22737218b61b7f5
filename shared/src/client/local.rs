//! Documents that are open on this phone: loaded from their changes, edited, committed through the gate.

use crate::sorted::SortedMap;

use crate::document::{DocumentName, HEADS_JOINED_MAX, Handle, KithSchema};
use crate::gate::CHANGE_DEPS_MAX;
use crate::ids::{ActorId, BodyId, CircleId, DocumentId};
use crate::seal::{EntryPlace, seal_entry, sealed_entry_id};
use crate::storage::{Batch, Read, ReadResult, Tree};
use crate::sync::admit::{Known, Layout, Origin, Prepared};
use crate::sync::{DocumentState, StoredEntry, key};
use crate::wire::{Entry, EntryContent};

use super::engine::{Attempt, Engine, Step, Stop};
use super::kind::{self, group_of};
use super::parts::documents::{OpenDocument, draft_key};
use super::parts::exchange::SEND_AFTER_MS;
use super::problem::corrupt;
use super::problems::{apply_problem, edit_problem, gone, key_waiting, left_out, put_back, refused_here, set_aside};
use super::rows::rows_of;
use super::view::ListName;
use super::{CommandId, Problem, ProblemCode};

/// A commit of this phone's own edits, to be made known once it is durable.
#[derive(Default)]
pub(super) struct LocalCommit {
    pub batch: Batch,
    states: SortedMap<(CircleId, DocumentId), DocumentState>,
    positions: SortedMap<CircleId, u64>,
    /// Whose edits are in it: also edits that change nothing, of which drafts were kept.
    documents: Vec<DocumentId>,
    /// What was typed and can't be entries now.
    pub apart: Vec<KeptApart>,
}

/// Changes that can't be entries now, with all else of their document that waits to be written again.
pub(super) struct KeptApart {
    pub circle: CircleId,
    pub name: DocumentName,
    pub changes: Vec<Vec<u8>>,
    pub all: Vec<StoredEntry>,
    /// What its person has to know, when it is not done by the next sync.
    pub problem: Option<Problem>,
}

/// Changes of an open document that are to be entries.
pub(super) struct Made {
    pub circle: CircleId,
    pub name: DocumentName,
    pub actor: ActorId,
    pub changes: Vec<Vec<u8>>,
}

impl Engine {
    /// The open document, loaded if need be.
    pub(super) fn open(&mut self, circle: &CircleId, name: &DocumentName) -> Result<&mut OpenDocument, Stop> {
        let document = name.id(circle);
        if let Some(open) = self.documents.get(&document) {
            let actor = self.actor_in(circle, &document)?;
            // Whoever the phone writes as here may be another since it was opened.
            if *open.handle.actor() != actor {
                self.documents.shut(&document);
            }
        }
        if !self.documents.is_open(&document) {
            self.load_document(*circle, *name)?;
        }
        let used = u64::from(self.kernel.take_id());
        Ok(self.documents.touch(&document, used).ok_or_else(|| gone("the document"))?)
    }

    /// What this phone writes as in a document.
    pub(super) fn actor_in(&self, circle: &CircleId, document: &DocumentId) -> Result<ActorId, Problem> {
        let device = self.device()?.id();
        Ok(ActorId::derive(&device, document, self.local(circle)?.incarnation_of(document, &device)))
    }

    fn load_document(&mut self, circle: CircleId, name: DocumentName) -> Result<(), Stop> {
        let document = name.id(&circle);
        let mut reads = vec![rows_of(Tree::DocumentLog, &circle, &document)];
        reads.extend(self.documents.is_drafted(&document).then(|| rows_of(Tree::Drafts, &circle, &document)));
        let end = self.documents.end_of(&document);
        let mut results = self.kernel.rows.take(reads)?.into_iter().map(ReadResult::rows);
        let rows = results.next().unwrap_or_default().into_iter();
        let drafts = results.next().unwrap_or_default();
        let rows = rows.filter(|(at, _)| key::position_of(at).is_some_and(|position| position < end));
        let stored: Result<Vec<_>, _> = rows.map(|(_, value)| StoredEntry::decode(&value)).collect();
        let (changes, unshown) = self.changes_of(&circle, &name, stored.map_err(corrupt)?)?;
        let actor = self.actor_in(&circle, &document)?;
        let proven = self.local(&circle)?.document(&document).map_or(0, |state| state.proven_position);
        let opened = self.guarded(&circle, &document, proven, || Handle::open(&circle, &name, actor, &changes))?;
        let handle = opened.map_err(apply_problem)?;
        let unshown = unshown.or_else(|| handle.lacks().then(left_out));
        self.note_unshown(&circle, &document, unshown);
        let used = u64::from(self.kernel.take_id());
        self.documents.add(document, OpenDocument::new(circle, handle, used));
        self.take_up_drafts(&document, drafts);
        Ok(())
    }

    /// Turns the pending edits of these documents into entries, through the gate, with the bodies that they
    /// name. `None` when there are none.
    pub(super) fn commit_documents(
        &mut self,
        documents: &[DocumentId],
        bodies: &[Vec<u8>],
    ) -> Result<Option<LocalCommit>, Problem> {
        let mut commit = LocalCommit { documents: documents.to_vec(), ..LocalCommit::default() };
        for document in documents {
            let made = self.changes_made(document);
            if let Err(problem) =
                made.and_then(|made| made.map_or(Ok(()), |made| self.admit_own(&made, bodies, &mut commit)))
            {
                documents.iter().for_each(|document| self.reopen(document));
                return Err(problem);
            }
        }
        self.finish_commit(commit)
    }

    /// The same of all documents in which something was typed, each by itself: what of one can't be entries now is kept
    /// apart, and what can't even be kept so stays a draft.
    pub(super) fn commit_typed(&mut self, documents: &[DocumentId]) -> Result<Option<LocalCommit>, Problem> {
        let mut commit = LocalCommit { documents: documents.to_vec(), ..LocalCommit::default() };
        for document in documents {
            let done = match self.changes_made(document) {
                Ok(None) => Ok(()),
                Ok(Some(made)) => match self.admit_own(&made, &[], &mut commit) {
                    Ok(()) => Ok(()),
                    Err(problem) => self.keep_apart(made, problem, &mut commit),
                },
                Err(problem) => Err(problem),
            };
            if let Err(problem) = done {
                self.stay_drafted(document, problem);
            }
        }
        self.finish_commit(commit)
    }

    fn finish_commit(&self, mut commit: LocalCommit) -> Result<Option<LocalCommit>, Problem> {
        let LocalCommit { documents, batch, .. } = &mut commit;
        for (document, open) in documents.iter().filter_map(|document| Some((document, self.documents.get(document)?)))
        {
            for number in open.drafts.numbers() {
                batch.delete(Tree::Drafts, draft_key(open.circle(), document, *number));
            }
        }
        for (circle, position) in &commit.positions {
            let record = self.local(circle)?.encode_at(*position);
            commit.batch.put(Tree::Circles, circle.as_bytes(), record);
        }
        Ok((!commit.batch.is_empty()).then_some(commit))
    }

    /// What was edited in an open document, as changes; none when it comes to nothing.
    fn changes_made(&mut self, document: &DocumentId) -> Result<Option<Made>, Problem> {
        let now = self.now();
        if self.documents.is_aside(document) {
            return Err(set_aside());
        }
        let whole = self.has_room_for_words(document);
        let Some(open) = self.documents.get_mut(document) else { return Ok(None) };
        let (circle, name, actor) = (*open.circle(), *open.handle.name(), *open.handle.actor());
        open.handle.write_typed(now, whole).map_err(edit_problem)?;
        let changes = open.handle.commit(now);
        Ok((!changes.is_empty()).then_some(Made { circle, name, actor, changes }))
    }

    fn admit_own(&self, made: &Made, bodies: &[Vec<u8>], commit: &mut LocalCommit) -> Result<(), Problem> {
        let Made { circle, name, actor, .. } = *made;
        let document = &name.id(&circle);
        let device = self.device()?.id();
        let local = self.local(&circle)?;
        let state = local.document(document);
        if state.is_some_and(|state| state.waits_for_own(&device)) {
            return Err(put_back());
        }
        let incarnation = state.map_or_else(Default::default, |state| state.incarnation_of(&device));
        if ActorId::derive(&device, document, incarnation) != actor {
            return Err(Problem::new(ProblemCode::Stale, "written as another incarnation"));
        }
        let entries = self
            .contents(&circle, &name, made.changes.clone())?
            .into_iter()
            .map(|content| Entry {
                document: name,
                device,
                incarnation,
                content,
                signature: None,
                bodies: bodies.to_vec(),
                admitted: None,
            })
            .collect();
        let prepared = Prepared::new(
            &circle,
            local.roster(),
            local.keyring().history().chain(),
            &KithSchema,
            entries,
            Origin::Own,
        );
        let documents = state.map(|state| (*document, state.clone())).into_iter().collect();
        let known = Known { documents, owners: self.owners(&prepared.reads()), ..Known::default() };
        let position = commit.positions.get(&circle).copied().unwrap_or(local.position());
        let mut admitted = prepared.admit(&known, &KithSchema, Layout::Phone, position);
        if let Some(refused) = admitted.refused.first() {
            if refused.refusal.is_full() {
                return Err(kind::full_problem(&name, refused.refusal));
            }
            return Err(Problem::new(ProblemCode::Refused, refused.refusal));
        }
        commit.positions.insert(circle, admitted.position);
        commit.batch.puts.append(&mut admitted.batch.puts);
        commit.batch.deletes.append(&mut admitted.batch.deletes);
        commit.states.extend(admitted.documents.into_iter().map(|(document, state)| ((circle, document), state)));
        Ok(())
    }

    /// What entries carry of these changes: each as it is, or in a sealed document each in an envelope.
    pub(super) fn contents(
        &self,
        circle: &CircleId,
        name: &DocumentName,
        changes: Vec<Vec<u8>>,
    ) -> Result<Vec<EntryContent>, Problem> {
        let Some(group) = group_of(name) else {
            return Ok(changes.into_iter().map(EntryContent::Plain).collect());
        };
        let (document, device, local) = (name.id(circle), self.device()?.id(), self.local(circle)?);
        let (epoch, key) = local.keyring().sealing_key(&group).ok_or_else(key_waiting)?;
        let incarnation = self.incarnation_in(circle, &document, &device);
        let actor = ActorId::derive(&device, &document, incarnation);
        let state = local.document(&document);
        let own = state.and_then(|state| state.chains.get(&actor));
        let (mut seq, mut heads) = (own.map_or(0, |chain| chain.seq), Vec::new());
        match state {
            Some(state) => heads.extend(state.heads.keys().copied()),
            None => heads.push(crate::document::genesis(circle, name).map_err(refused_here)?.entry),
        }
        // Its own last one is not among the heads when somebody built on it.
        let mut last = own.map(|chain| chain.last);
        let mut contents = Vec::new();
        let mut changes = changes.into_iter().peekable();
        while changes.peek().is_some() {
            seq += 1;
            heads.sort_unstable();
            heads.dedup();
            // As in a plain document: many heads are joined first, so that a change is never too large beside them.
            let joins = heads.len() > HEADS_JOINED_MAX + 1;
            let later = if joins { heads.split_off(heads.len().min(CHANGE_DEPS_MAX - 1)) } else { Vec::new() };
            let sealed_now: Vec<Vec<u8>> = if joins { Vec::new() } else { changes.next().into_iter().collect() };
            if let Some(last) = last.filter(|last| !heads.contains(last)) {
                heads.push(last);
                heads.sort_unstable();
            }
            let place = EntryPlace { circle: *circle, document, device, incarnation, epoch, seq, dependencies: &heads };
            let sealed =
                seal_entry(&key, &place, &sealed_now).map_err(|error| Problem::new(ProblemCode::Refused, error))?;
            let entry = sealed_entry_id(&document, &actor, &sealed);
            last = Some(entry);
            heads = later;
            heads.push(entry);
            contents.push(EntryContent::Sealed(sealed));
        }
        Ok(contents)
    }

    /// Makes a commit known that is durable now.
    pub(super) fn settle(&mut self, commit: LocalCommit) {
        for document in commit.documents {
            if let Some(open) = self.documents.get_mut(&document) {
                open.note_committed();
            }
        }
        let mut circles: Vec<CircleId> = commit.positions.iter().map(|(circle, _)| *circle).collect();
        for (circle, position) in commit.positions {
            let of_circle = commit.states.iter().filter(|((of, _), _)| *of == circle);
            let states: Vec<_> = of_circle.map(|((_, document), state)| (*document, state.clone())).collect();
            if let Some(local) = self.circles.get_mut(&circle) {
                local.take_own(position, states, |document| self.documents.is_open(document));
            }
        }
        circles.extend(commit.apart.iter().map(|apart| apart.circle));
        commit.apart.into_iter().for_each(|apart| self.show_without(apart));
        circles.dedup();
        for circle in circles {
            self.notify_lists(&circle, &[&[ListName::Outbox], &ListName::OF_DOCUMENTS[..]].concat());
            self.notify_safety(&circle);
        }
        self.search.stir();
        self.sync_soon(SEND_AFTER_MS);
        self.notify_status();
    }

    /// Commits documents; then `then`, or the problem as the reply.
    pub(super) fn commit_and(
        &mut self,
        documents: &[DocumentId],
        bodies: Vec<Vec<u8>>,
        then: impl FnOnce(&mut Self) + 'static,
        id: CommandId,
    ) -> Attempt {
        let Some(mut commit) = self.commit_documents(documents, &bodies)? else {
            then(self);
            return Ok(Step::Done);
        };
        let documents = documents.to_vec();
        let batch = core::mem::take(&mut commit.batch);
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    engine.settle(commit);
                    then(engine);
                }
                Err(problem) => {
                    engine.give_up(&documents, problem.clone());
                    engine.reply(id, Err(problem));
                }
            }),
        ))
    }

    /// Reads texts, and has those asked for that are not on this phone.
    pub(super) fn bodies(&mut self, circle: &CircleId, wanted: &[BodyId]) -> Result<(), Stop> {
        self.read_bodies(circle, wanted)?;
        for id in wanted {
            if self.body(circle, id).is_none() {
                self.exchange.want(circle, id);
            }
        }
        Ok(())
    }

    /// Reads texts.
    pub(super) fn read_bodies(&self, circle: &CircleId, wanted: &[BodyId]) -> Result<(), Stop> {
        let read = |id: &BodyId| Read::Get { tree: Tree::Bodies, key: key::body(circle, id) };
        Ok(self.kernel.rows.need(wanted.iter().map(read))?)
    }

    /// Reads with whose entries texts came.
    pub(super) fn owners_known(&self, circle: &CircleId, texts: impl IntoIterator<Item = BodyId>) -> Result<(), Stop> {
        let owner = |body| Read::Get { tree: Tree::Owners, key: key::body(circle, &body) };
        Ok(self.kernel.rows.need(texts.into_iter().map(owner))?)
    }

    /// A text that was read: empty when it was erased.
    pub(super) fn body(&self, circle: &CircleId, id: &BodyId) -> Option<&[u8]> {
        self.kernel.rows.get(Tree::Bodies, &key::body(circle, id))
    }

    /// With whose entries texts came, of those that were asked for.
    fn owners(&self, reads: &[Read]) -> SortedMap<BodyId, ActorId> {
        let owner = |read: &Read| match read {
            Read::Get { tree: Tree::Owners, key } => {
                let owner = self.kernel.rows.get(Tree::Owners, key)?;
                Some((BodyId::from_slice(&key[CircleId::LEN..])?, ActorId::from_slice(owner)?))
            }
            _ => None,
        };
        reads.iter().filter_map(owner).collect()
    }
}
