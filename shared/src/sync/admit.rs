//! The one way in for entries: [`Prepared`] proves what needs no store (bytes, signature, actor, what the
//! author may write), [`Prepared::admit`] holds the rest against what the store knows (own chain,
//! dependencies, counters, bodies). What is not admitted is refused by name; nothing is kept aside: an
//! entry that lacks something is asked for again.

use crate::sorted::{SortedMap, SortedSet};

use crate::codec::{DecodeError, Reader, Writer};
use crate::document::DocumentName;
use crate::gate::{Genesis, Refusal, Schema};
use crate::ids::{ActorId, BodyId, CircleId, DocumentId, EntryId};
use crate::storage::{Batch, Read, ReadResult, Tree};
use crate::trust::Roster;
use crate::wire::{CLOCK_CHAINS_MAX, Entry, RefusedEntry};

use super::candidate::{Candidate, candidate, check_signature};
use super::{Chain, DocumentState, OldKeys, StoredEntry, key};

/// Most entries in one document.
pub const DOCUMENT_ENTRIES_MAX: u64 = 100_000;

/// Where entries are laid down: the server orders a circle, a phone orders a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `Log` holds the entry, `DocumentLog` only that it is there.
    Server,
    /// `DocumentLog` holds the entry.
    Phone,
}

/// Where entries come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From the server, which let them in when they were written: every chain must be covered by a signature.
    Received,
    /// From a phone, to the server: also, the author must be in the circle now, and seal as [`OldKeys`] demands.
    Offered(OldKeys),
    /// Just made by this device: signed when it is sent.
    Own,
    /// Out of sealed entries.
    Inside,
}

/// Entries that stand on their own; what they stand on is still to be seen.
pub struct Prepared {
    circle: CircleId,
    candidates: Vec<Candidate>,
    refused: Vec<RefusedEntry>,
}

/// What a store knows of what the entries stand on.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// State of each document that is there.
    pub documents: SortedMap<DocumentId, DocumentState>,
    /// Entries that are there, with their largest op counter.
    pub entries: SortedMap<(DocumentId, EntryId), u64>,
    /// Bodies that are there, or erased.
    pub bodies: SortedSet<BodyId>,
    /// With whose entry each body came first.
    pub owners: SortedMap<BodyId, ActorId>,
}

/// What became of the entries.
#[derive(Clone, Debug, Default)]
pub struct Admitted {
    /// What to write: entries, hashes, bodies, document states.
    pub batch: Batch,
    /// The documents with something new, as they are now.
    pub documents: SortedMap<DocumentId, DocumentState>,
    /// The new entries' raw changes by document, in order.
    pub changes: SortedMap<DocumentId, Vec<Vec<u8>>>,
    /// The chains of entries that were new or known, each with the largest number among them: the sender
    /// holds them so far.
    pub chains: SortedMap<DocumentId, SortedMap<ActorId, u64>>,
    /// What was refused.
    pub refused: Vec<RefusedEntry>,
    /// Texts that were taken back.
    pub erased: Vec<BodyId>,
    /// Dependencies that are not there.
    pub missing: SortedSet<(DocumentName, EntryId)>,
    /// The place after the last new entry.
    pub position: u64,
    /// How many are new.
    pub entries: u64,
}

impl Prepared {
    /// Proves what needs no store.
    #[must_use]
    pub fn new(circle: &CircleId, roster: &Roster, schema: &dyn Schema, entries: Vec<Entry>, origin: Origin) -> Self {
        let mut prepared = Self { circle: *circle, candidates: Vec::new(), refused: Vec::new() };
        for entry in entries {
            let document = entry.document.id(circle);
            match candidate(circle, roster, schema, &origin, document, entry) {
                Ok(candidate) => prepared.candidates.push(candidate),
                Err((entry, refusal)) => prepared.refuse(document, entry, refusal),
            }
        }
        if matches!(origin, Origin::Received | Origin::Offered(_)) {
            prepared.demand_signatures(roster);
        }
        prepared
    }

    /// Changes that were sealed, as they are inside: their authors are proven by their envelopes.
    #[must_use]
    pub fn inside(circle: &CircleId, roster: &Roster, schema: &dyn Schema, entries: Vec<Entry>) -> Self {
        Self::new(circle, roster, schema, entries, Origin::Inside)
    }

    fn refuse(&mut self, document: DocumentId, entry: EntryId, refusal: Refusal) {
        self.refused.push(RefusedEntry { document, entry, refusal });
    }

    /// From each chain's end: an entry is proven by its own signature, or by a proven entry that comes
    /// next in its chain and depends on it.
    fn demand_signatures(&mut self, roster: &Roster) {
        let mut covered: SortedMap<(DocumentId, ActorId), (u64, Vec<EntryId>)> = SortedMap::new();
        let mut kept = Vec::with_capacity(self.candidates.len());
        for candidate in core::mem::take(&mut self.candidates).into_iter().rev() {
            let chain = (candidate.document, candidate.actor);
            let by_next = covered.get(&chain).is_some_and(|(next, dependencies)| {
                *next == candidate.seq + 1 && dependencies.contains(&candidate.entry)
            });
            match check_signature(&self.circle, roster, &candidate, by_next) {
                Ok(()) => {
                    covered.insert(chain, (candidate.seq, candidate.dependencies.clone()));
                    kept.push(candidate);
                }
                Err(refusal) => self.refuse(candidate.document, candidate.entry, refusal),
            }
        }
        kept.reverse();
        self.candidates = kept;
    }

    /// What to read before [`Self::admit`].
    #[must_use]
    pub fn reads(&self) -> Vec<Read> {
        let mut reads = SortedSet::new();
        for candidate in &self.candidates {
            let document = &candidate.document;
            reads.insert((Tree::Documents, key::document(&self.circle, document)));
            for entry in candidate.dependencies.iter().chain([&candidate.entry]) {
                reads.insert((Tree::Hashes, key::hash(&self.circle, document, entry)));
            }
            for body in &candidate.named {
                reads.insert((Tree::Bodies, key::body(&self.circle, body)));
                reads.insert((Tree::Owners, key::body(&self.circle, body)));
            }
            for (body, _) in &candidate.erased {
                reads.insert((Tree::Owners, key::body(&self.circle, body)));
            }
        }
        reads
            .into_iter()
            .map(|(tree, key)| match tree {
                Tree::Bodies => Read::Has { tree, key },
                _ => Read::Get { tree, key },
            })
            .collect()
    }

    /// Holds the entries, in their order, against what is known, and lays the good ones down from
    /// `position` on.
    #[must_use]
    pub fn admit(self, known: &Known, schema: &dyn Schema, layout: Layout, position: u64) -> Admitted {
        let mut admitted = Admitted { refused: self.refused, position, ..Admitted::default() };
        let mut fresh: SortedMap<(DocumentId, EntryId), u64> = SortedMap::new();
        let mut states = known.documents.clone();
        let mut begun: SortedMap<DocumentId, Genesis> = SortedMap::new();
        let mut first_actors: SortedMap<DocumentId, ActorId> = SortedMap::new();
        for candidate in self.candidates {
            if known.entries.contains_key(&(candidate.document, candidate.entry))
                || fresh.contains_key(&(candidate.document, candidate.entry))
            {
                admitted.note_chain(&candidate);
                admitted.fill(&self.circle, known, &candidate);
                continue;
            }
            let verdict = begin(&mut states, &mut begun, &self.circle, schema, &candidate).and_then(|state| {
                let counters = Counters { state, known, fresh: &fresh, genesis: begun.get(&candidate.document) };
                candidate.check(&counters, &mut admitted.missing)?;
                candidate.check_actors(state, &self.circle, schema, &mut first_actors)
            });
            match verdict {
                Ok(()) => {
                    admitted.note_chain(&candidate);
                    fresh.insert((candidate.document, candidate.entry), candidate.max_op);
                    if let Some(state) = states.get_mut(&candidate.document) {
                        candidate.enter(state);
                        if let Some(genesis) = begun.remove(&candidate.document) {
                            fresh.insert((candidate.document, genesis.entry), genesis.max_op);
                            admitted.put_counter(&self.circle, &candidate.document, &genesis.entry, genesis.max_op);
                        }
                        admitted.lay_down(&self.circle, layout, known, candidate, state);
                    }
                }
                Err(refusal) => admitted.refused.push(RefusedEntry {
                    document: candidate.document,
                    entry: candidate.entry,
                    refusal,
                }),
            }
        }
        admitted.documents.iter().for_each(|(document, state)| {
            admitted.batch.puts.push((Tree::Documents, key::document(&self.circle, document), state.encode()));
        });
        admitted
    }
}

impl Known {
    /// What the answers to [`Prepared::reads`] say.
    ///
    /// # Errors
    /// When a stored document state does not decode.
    pub fn from_reads(reads: &[Read], results: Vec<ReadResult>) -> Result<Self, DecodeError> {
        let mut known = Self::default();
        for (read, result) in reads.iter().zip(results) {
            let (Read::Get { tree, key } | Read::Has { tree, key }, Some(value)) = (read, result.value()) else {
                continue;
            };
            let tail = &key[CircleId::LEN..];
            match tree {
                Tree::Documents => {
                    if let Some(document) = DocumentId::from_slice(tail) {
                        known.documents.insert(document, DocumentState::decode(&value)?);
                    }
                }
                Tree::Hashes => {
                    if let (Some(document), Some(entry)) = (
                        DocumentId::from_slice(&tail[..DocumentId::LEN]),
                        EntryId::from_slice(&tail[DocumentId::LEN..]),
                    ) {
                        let max_op = Reader::new(&value).number("entry counter")?;
                        known.entries.insert((document, entry), max_op);
                    }
                }
                Tree::Bodies => known.bodies.extend(BodyId::from_slice(tail)),
                Tree::Owners => {
                    if let (Some(body), Some(owner)) = (BodyId::from_slice(tail), ActorId::from_slice(&value)) {
                        known.owners.insert(body, owner);
                    }
                }
                _ => {}
            }
        }
        Ok(known)
    }
}

impl Candidate {
    fn check(&self, counters: &Counters<'_>, missing: &mut SortedSet<(DocumentName, EntryId)>) -> Result<(), Refusal> {
        let Counters { state, known, .. } = counters;
        match state.chains.get(&self.actor) {
            Some(chain) if self.seq <= chain.seq => return Err(Refusal::Fork),
            Some(chain) if self.seq > chain.seq + 1 => return Err(Refusal::SeqGap),
            Some(chain) if !self.dependencies.contains(&chain.last) => return Err(Refusal::NoOwnPredecessor),
            None if self.seq != 1 => return Err(Refusal::SeqGap),
            None if state.chains.len() >= CLOCK_CHAINS_MAX => return Err(Refusal::Full),
            _ => {}
        }
        if state.entries >= DOCUMENT_ENTRIES_MAX {
            return Err(Refusal::Full);
        }
        let mut max_op = 0;
        let mut lacks = false;
        for dependency in &self.dependencies {
            match counters.of(&self.document, &self.actor, dependency) {
                Some(counter) => max_op = max_op.max(counter),
                None => {
                    lacks = true;
                    missing.insert((self.name, *dependency));
                }
            }
        }
        if lacks {
            return Err(Refusal::MissingDependency);
        }
        if self.dependencies.is_empty() || self.start_op.is_some_and(|start_op| start_op != max_op + 1) {
            return Err(Refusal::WrongStartOp);
        }
        let here = |body: &&BodyId| known.bodies.contains(*body) || self.bodies.iter().any(|(id, _)| id == *body);
        let lacking = self.named.len() - self.named.iter().filter(here).count();
        if lacking <= self.absent { Ok(()) } else { Err(Refusal::MissingBody) }
    }

    /// Every actor that the change names must have written in the document: Automerge looks each up and does
    /// not survive one that it does not know.
    fn check_actors(
        &self,
        state: &DocumentState,
        circle: &CircleId,
        schema: &dyn Schema,
        first_actors: &mut SortedMap<DocumentId, ActorId>,
    ) -> Result<(), Refusal> {
        for other in self.others.iter().filter(|other| !state.chains.contains_key(other)) {
            let first = match first_actors.get(&self.document) {
                Some(first) => *first,
                None => {
                    let first = schema.genesis(circle, &self.name)?.actor;
                    first_actors.insert(self.document, first);
                    first
                }
            };
            if *other != first {
                return Err(Refusal::Malformed);
            }
        }
        Ok(())
    }

    fn enter(&self, state: &mut DocumentState) {
        for dependency in &self.dependencies {
            state.heads.remove(dependency);
        }
        state.heads.insert(self.entry, self.max_op);
        state.entries += 1;
        let before = state.chains.get(&self.actor);
        let (remote_seq, remote_max_op) = before.map_or((0, 0), |chain| (chain.remote_seq, chain.remote_max_op));
        let chain = Chain {
            device: self.source.device,
            incarnation: self.source.incarnation,
            seq: self.seq,
            last: self.entry,
            max_op: self.max_op,
            remote_seq,
            remote_max_op,
        };
        state.chains.insert(self.actor, chain);
    }
}

impl Admitted {
    fn note_chain(&mut self, candidate: &Candidate) {
        let chains = self.chains.get_or_insert_with(candidate.document, SortedMap::new);
        let seq = chains.get_or_insert_with(candidate.actor, || 0);
        *seq = candidate.seq.max(*seq);
    }

    fn put_counter(&mut self, circle: &CircleId, document: &DocumentId, entry: &EntryId, max_op: u64) {
        let mut counter = Writer::new();
        counter.number(max_op);
        self.batch.put(Tree::Hashes, key::hash(circle, document, entry), counter.into_bytes());
    }

    /// Takes in a text that an entry lacked when it came first.
    fn fill(&mut self, circle: &CircleId, known: &Known, candidate: &Candidate) {
        for (body, bytes) in &candidate.bodies {
            if known.owners.get(body) == Some(&candidate.actor) && !known.bodies.contains(body) {
                self.batch.put(Tree::Bodies, key::body(circle, body), bytes.clone());
            }
        }
    }

    /// Replaces a text that was taken back by an empty one, provided that it came with its message's author.
    fn erase(&mut self, circle: &CircleId, known: &Known, body: BodyId, author: &ActorId) {
        let at = key::body(circle, &body);
        let here = self.batch.puts.iter().find(|(tree, key, _)| *tree == Tree::Owners && *key == at);
        let owner = known.owners.get(&body).copied().or_else(|| ActorId::from_slice(&here?.2));
        if owner != Some(*author) {
            return;
        }
        self.batch.puts.retain(|(tree, key, _)| !(*tree == Tree::Bodies && *key == at));
        self.batch.put(Tree::Bodies, at, Vec::new());
        self.erased.push(body);
    }

    fn lay_down(
        &mut self,
        circle: &CircleId,
        layout: Layout,
        known: &Known,
        candidate: Candidate,
        state: &DocumentState,
    ) {
        let Candidate { document, actor, entry, seq, max_op, named, bodies, erased, source, is_own, .. } = candidate;
        self.changes.get_or_insert_with(document, Vec::new).push(source.content.bytes().to_vec());
        for body in named.iter().filter(|body| !known.owners.contains_key(body)) {
            let at = key::body(circle, body);
            if !self.batch.puts.iter().any(|(tree, key, _)| *tree == Tree::Owners && *key == at) {
                self.batch.put(Tree::Owners, at, actor.as_bytes().to_vec());
            }
        }
        let stored = StoredEntry {
            document: source.document,
            device: source.device,
            incarnation: source.incarnation,
            seq,
            content: source.content,
            signature: source.signature,
            bodies: named.clone(),
        };
        let at = key::document_log(circle, &document, self.position);
        match layout {
            Layout::Server => {
                self.batch.put(Tree::Log, key::log(circle, self.position), stored.encode());
                self.batch.put(Tree::DocumentLog, at, Vec::new());
            }
            Layout::Phone => self.batch.put(Tree::DocumentLog, at, stored.encode()),
        }
        self.put_counter(circle, &document, &entry, max_op);
        // What its author leaves out is gone; what another who passes it on leaves out may still come.
        let gone = |body: &&BodyId| is_own && !known.bodies.contains(*body) && bodies.iter().all(|(id, _)| id != *body);
        for body in named.iter().filter(gone) {
            self.batch.put(Tree::Bodies, key::body(circle, body), Vec::new());
        }
        for (body, bytes) in bodies.into_iter().filter(|(body, _)| !known.bodies.contains(body)) {
            self.batch.put(Tree::Bodies, key::body(circle, &body), bytes);
        }
        for (body, author) in erased {
            self.erase(circle, known, body, &author);
        }
        self.documents.insert(document, state.clone());
        self.position += 1;
        self.entries += 1;
    }
}

/// Where the op counter of a dependency may be known from.
struct Counters<'a> {
    state: &'a DocumentState,
    known: &'a Known,
    fresh: &'a SortedMap<(DocumentId, EntryId), u64>,
    genesis: Option<&'a Genesis>,
}

impl Counters<'_> {
    fn of(&self, document: &DocumentId, actor: &ActorId, dependency: &EntryId) -> Option<u64> {
        let at = (*document, *dependency);
        let own = || self.state.chains.get(actor).filter(|chain| chain.last == *dependency);
        let genesis = || self.genesis.filter(|genesis| genesis.entry == *dependency);
        self.state
            .heads
            .get(dependency)
            .or_else(|| self.known.entries.get(&at))
            .or_else(|| self.fresh.get(&at))
            .copied()
            .or_else(|| own().map(|chain| chain.max_op))
            .or_else(|| genesis().map(|genesis| genesis.max_op))
    }
}

fn begin<'s>(
    states: &'s mut SortedMap<DocumentId, DocumentState>,
    begun: &mut SortedMap<DocumentId, Genesis>,
    circle: &CircleId,
    schema: &dyn Schema,
    candidate: &Candidate,
) -> Result<&'s DocumentState, Refusal> {
    if !states.contains_key(&candidate.document) {
        let genesis = schema.genesis(circle, &candidate.name)?;
        states.insert(candidate.document, DocumentState::new(candidate.name, &genesis));
        begun.insert(candidate.document, genesis);
    }
    Ok(&states[&candidate.document])
}
