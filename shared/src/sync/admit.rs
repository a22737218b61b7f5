//! The one way in for entries: [`Prepared`] proves what needs no store (bytes, signature, actor, what the
//! author may write), [`Prepared::admit`] holds the rest against what the store knows (own chain,
//! dependencies, counters, bodies). What is not admitted is refused by name; nothing is kept aside: an
//! entry that lacks something is asked for again.

mod check;
mod known;
mod lay;

use crate::sorted::{SortedMap, SortedSet};

use crate::gate::{Genesis, Refusal, Schema};
use crate::ids::DocumentName;
use crate::ids::{ActorId, BodyId, CircleId, DeviceId, DocumentId, EntryId, Incarnation};
use crate::storage::{Batch, Read, Tree};
use crate::time::TimestampMs;
use crate::trust::{EntrySignature, Roster};
use crate::wire::{Entry, RefusedEntry};

pub use super::origin::{Origin, Positions};

use super::candidate::{Candidate, Stand, candidate, check_signature};
use super::placing::Placed;
use super::{Cost, DocumentState, Shares, key};

use check::Counters;

/// Where entries are laid down: the server orders a circle, a phone orders a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `Log` holds the entry, `DocumentLog` only that it is there.
    Server {
        /// When that is.
        now: TimestampMs,
    },
    /// `DocumentLog` holds the entry.
    Phone,
}

/// How often entries are laid down anew without those that turned out to be covered by none that was taken.
const TRIES_MAX: usize = 3;

/// Entries that stand on their own; what they stand on is still to be seen.
#[derive(Clone)]
pub struct Prepared {
    circle: CircleId,
    candidates: Vec<Candidate>,
    refused: Vec<RefusedEntry>,
    refused_chains: Vec<ActorId>,
    /// The server weighed them: they are taken whatever their author's share is here, where unsent entries count too.
    weighed: bool,
    /// A store takes them to give them on, each chain with a signature behind its last.
    is_offered: bool,
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
    /// The chain of each refused entry.
    pub refused_chains: Vec<ActorId>,
    /// Texts that were taken back.
    pub erased: Vec<BodyId>,
    /// Dependencies that are not there.
    pub missing: SortedSet<(DocumentName, EntryId)>,
    /// What of the new and the known entries the server said when it took it.
    pub placed: Vec<Placed>,
    /// The place after the last new entry.
    pub position: u64,
    /// How many are new.
    pub entries: u64,
}

impl Prepared {
    /// Proves what needs no store but the circle's chain: each entry counts by its author's standing at the position
    /// that the signature over it names.
    #[must_use]
    pub fn new(
        circle: &CircleId,
        roster: &Roster,
        chain: &dyn Positions,
        schema: &dyn Schema,
        entries: Vec<Entry>,
        origin: Origin,
    ) -> Self {
        let weighed = matches!(origin, Origin::Received | Origin::Inside | Origin::Again);
        let (candidates, refused, refused_chains) = (Vec::new(), Vec::new(), Vec::new());
        let is_offered = matches!(origin, Origin::Offered(_));
        let mut prepared = Self { circle: *circle, candidates, refused, refused_chains, weighed, is_offered };
        let covering = covering(&entries);
        for (entry, signature) in entries.into_iter().zip(covering) {
            let document = entry.document.id(circle);
            let writer = ActorId::derive(&entry.device, &document, entry.incarnation);
            let stand = Stand { roster, chain, signature };
            match candidate(circle, &stand, schema, &origin, document, entry) {
                Ok(candidate) => {
                    let is_signed_behind = signature.is_some();
                    prepared.candidates.push(Candidate { is_signed_behind, ..candidate });
                }
                Err((entry, refusal)) => prepared.refuse(document, writer, entry, refusal),
            }
        }
        if matches!(origin, Origin::Received | Origin::Offered(_)) {
            prepared.demand_signatures(roster, chain);
        }
        prepared
    }

    /// Changes that were sealed, as they are inside: their authors are proven by their envelopes, whose signatures
    /// they carry.
    #[must_use]
    pub fn inside(
        circle: &CircleId,
        roster: &Roster,
        chain: &dyn Positions,
        schema: &dyn Schema,
        entries: Vec<Entry>,
    ) -> Self {
        Self::new(circle, roster, chain, schema, entries, Origin::Inside)
    }

    fn refuse(&mut self, document: DocumentId, chain: ActorId, entry: EntryId, refusal: Refusal) {
        self.refused_chains.push(chain);
        self.refused.push(RefusedEntry { document, entry, refusal });
    }

    /// From each chain's end: an entry is proven by its own signature, or by a proven entry that comes
    /// next in its chain and depends on it.
    fn demand_signatures(&mut self, roster: &Roster, chain: &dyn Positions) {
        let mut covered: SortedMap<(DocumentId, ActorId), (u64, Vec<EntryId>)> = SortedMap::new();
        let mut kept = Vec::with_capacity(self.candidates.len());
        for candidate in core::mem::take(&mut self.candidates).into_iter().rev() {
            let at = (candidate.document, candidate.actor);
            let by_next = covered.get(&at).is_some_and(|(next, dependencies)| {
                *next == candidate.seq + 1 && dependencies.contains(&candidate.entry)
            });
            match check_signature(&self.circle, roster, chain, &candidate, by_next) {
                Ok(()) => {
                    covered.insert(at, (candidate.seq, candidate.dependencies.clone()));
                    kept.push(candidate);
                }
                Err(refusal) => {
                    // What was to sign for it was refused.
                    let is_uncovered = self.is_offered && refusal == Refusal::Unsigned && candidate.is_signed_behind;
                    let refusal = if is_uncovered { Refusal::Uncovered } else { refusal };
                    self.refuse(candidate.document, candidate.actor, candidate.entry, refusal);
                }
            }
        }
        kept.reverse();
        self.candidates = kept;
    }

    /// The changes that were proven, in their order, each with its chain.
    pub fn proven(&self) -> impl Iterator<Item = (&ActorId, &[u8])> {
        self.candidates.iter().map(|candidate| (&candidate.actor, candidate.source.content.bytes()))
    }

    /// What each of the entries takes of its author's share, by its chain.
    #[must_use]
    pub fn costs(&self) -> Vec<(ActorId, Cost)> {
        self.candidates.iter().map(|candidate| (candidate.actor, candidate.cost())).collect()
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
    /// `position` on. Of what is offered, an entry that only a refused one signs for is refused with it: it could be given to
    /// nobody, nor could whatever comes behind it in its circle.
    #[must_use]
    pub fn admit(mut self, known: &Known, schema: &dyn Schema, layout: Layout, position: u64) -> Admitted {
        if !self.is_offered {
            return self.lay(known, schema, layout, position).0;
        }
        let (mut back, mut missing) = (Vec::new(), SortedSet::new());
        for _ in 0..TRIES_MAX {
            let (mut admitted, uncovered) = self.clone().lay(known, schema, layout, position);
            missing.extend(core::mem::take(&mut admitted.missing));
            if uncovered.is_empty() {
                return admitted.with_uncovered(back, missing);
            }
            // What was refused stays so for the reason that it had with all of them there.
            let refused = admitted.refused.iter().map(|refused| (refused.document, refused.entry)).collect();
            (self.refused, self.refused_chains) = (admitted.refused, admitted.refused_chains);
            back.extend(self.leave_out(&uncovered));
            self.leave_out(&refused);
        }
        back.extend(core::mem::take(&mut self.candidates));
        self.lay(known, schema, layout, position).0.with_uncovered(back, missing)
    }

    /// Takes out those of the entries.
    fn leave_out(&mut self, out: &SortedSet<(DocumentId, EntryId)>) -> Vec<Candidate> {
        let is_out = |candidate: &Candidate| out.contains(&(candidate.document, candidate.entry));
        let (left, kept) = core::mem::take(&mut self.candidates).into_iter().partition(is_out);
        self.candidates = kept;
        left
    }

    /// What becomes of them, and which new ones are covered by no entry that is taken.
    fn lay(
        self,
        known: &Known,
        schema: &dyn Schema,
        layout: Layout,
        position: u64,
    ) -> (Admitted, SortedSet<(DocumentId, EntryId)>) {
        let mut tails: SortedMap<(DocumentId, ActorId), Vec<EntryId>> = SortedMap::new();
        let mut owners: SortedMap<BodyId, ActorId> = SortedMap::new();
        let (refused, refused_chains) = (self.refused, self.refused_chains);
        let mut admitted = Admitted { refused, refused_chains, position, ..Admitted::default() };
        let mut fresh: SortedMap<(DocumentId, EntryId), u64> = SortedMap::new();
        let mut states = known.documents.clone();
        let mut begun: SortedMap<DocumentId, Genesis> = SortedMap::new();
        let mut first_actors: SortedMap<DocumentId, ActorId> = SortedMap::new();
        let mut shares: SortedMap<DocumentId, Shares> = SortedMap::new();
        for candidate in self.candidates {
            if known.entries.contains_key(&(candidate.document, candidate.entry))
                || fresh.contains_key(&(candidate.document, candidate.entry))
            {
                admitted.note_chain(&candidate);
                admitted.placed.extend(candidate.placed());
                admitted.fill(&self.circle, known, &candidate);
                continue;
            }
            let verdict = begin(&mut states, &mut begun, &self.circle, schema, &candidate).and_then(|state| {
                let genesis = begun.get(&candidate.document);
                let is_offered = self.is_offered;
                let counters = Counters { state, known, fresh: &fresh, genesis, owners: &owners, is_offered };
                candidate.check(&counters, &mut admitted.missing)?;
                candidate.check_actors(state, &self.circle, schema, &mut first_actors)?;
                let shares = shares.get_or_insert_with(candidate.document, || Shares::of(state));
                candidate.take_share(shares, self.weighed)
            });
            match verdict {
                Ok(()) => {
                    admitted.note_chain(&candidate);
                    admitted.placed.extend(candidate.placed());
                    fresh.insert((candidate.document, candidate.entry), candidate.max_op);
                    for body in &candidate.named {
                        owners.get_or_insert_with(*body, || candidate.actor);
                    }
                    let tail = tails.get_or_insert_with((candidate.document, candidate.actor), Vec::new);
                    tail.push(candidate.entry);
                    if candidate.source.signature.is_some() {
                        tail.clear();
                    }
                    if let Some(state) = states.get_mut(&candidate.document) {
                        candidate.enter(state);
                        if let Some(genesis) = begun.remove(&candidate.document) {
                            fresh.insert((candidate.document, genesis.entry), genesis.max_op);
                            admitted.put_counter(&self.circle, &candidate.document, &genesis.entry, genesis.max_op);
                        }
                        admitted.lay_down(&self.circle, layout, known, candidate);
                    }
                }
                Err(refusal) => {
                    admitted.refused_chains.push(candidate.actor);
                    admitted.refused.push(RefusedEntry {
                        document: candidate.document,
                        entry: candidate.entry,
                        refusal,
                    });
                }
            }
        }
        for document in admitted.changes.keys() {
            let Some(state) = states.remove(document) else { continue };
            admitted.batch.puts.push((Tree::Documents, key::document(&self.circle, document), state.encode()));
            admitted.documents.insert(*document, state);
        }
        let of = |(chain, tail): (&(DocumentId, ActorId), &Vec<EntryId>)| -> Vec<(DocumentId, EntryId)> {
            tail.iter().map(|entry| (chain.0, *entry)).collect()
        };
        let uncovered = tails.iter().flat_map(of).collect();
        (admitted, uncovered)
    }
}

impl Admitted {
    /// Names them behind what else was refused, since that is why they are.
    fn with_uncovered(mut self, entries: Vec<Candidate>, missing: SortedSet<(DocumentName, EntryId)>) -> Self {
        for Candidate { document, actor, entry, .. } in entries {
            self.refused_chains.push(actor);
            self.refused.push(RefusedEntry { document, entry, refusal: Refusal::Uncovered });
        }
        self.missing.extend(missing);
        self
    }
}

/// Of each entry the signature that covers it: its own, or the next one of its chain.
fn covering(entries: &[Entry]) -> Vec<Option<EntrySignature>> {
    let mut next: SortedMap<(DocumentName, DeviceId, Incarnation), EntrySignature> = SortedMap::new();
    let mut covering = vec![None; entries.len()];
    for (entry, covering) in entries.iter().zip(&mut covering).rev() {
        let chain = (entry.document, entry.device, entry.incarnation);
        if let Some(signature) = entry.signature {
            next.insert(chain, signature);
        }
        *covering = next.get(&chain).copied();
    }
    covering
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
