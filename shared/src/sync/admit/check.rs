//! What an entry stands on, held against what the store knows.

use crate::gate::{Genesis, Refusal, Schema};
use crate::ids::DocumentName;
use crate::ids::{ActorId, BodyId, CircleId, DocumentId, EntryId};
use crate::sorted::{SortedMap, SortedSet};

use super::super::candidate::Candidate;
use super::super::{Chain, Cost, DocumentState, Shares};
use super::Known;

/// Where the op counter of a dependency may be known from.
pub(super) struct Counters<'a> {
    pub state: &'a DocumentState,
    pub known: &'a Known,
    pub fresh: &'a SortedMap<(DocumentId, EntryId), u64>,
    pub genesis: Option<&'a Genesis>,
    /// With whose entry a text came first, of those that are new.
    pub owners: &'a SortedMap<BodyId, ActorId>,
    /// What is offered names no text of another's: phones that are given documents in another order would take the text
    /// for theirs who named it, and lose it when they take it back.
    pub is_offered: bool,
}

impl Counters<'_> {
    fn owner_of(&self, body: &BodyId) -> Option<ActorId> {
        self.known.owners.get(body).or_else(|| self.owners.get(body)).copied()
    }

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

impl Candidate {
    /// Holds the entry against its chain, what it depends on, the texts that it names and those that it takes back.
    pub(super) fn check(
        &self,
        counters: &Counters<'_>,
        missing: &mut SortedSet<(DocumentName, EntryId)>,
    ) -> Result<(), Refusal> {
        let Counters { state, known, .. } = counters;
        match state.chains.get(&self.actor) {
            Some(chain) if self.seq <= chain.seq => return Err(Refusal::Fork),
            Some(chain) if self.seq > chain.seq + 1 => return Err(Refusal::SeqGap),
            Some(chain) if !self.dependencies.contains(&chain.last) => return Err(Refusal::NoOwnPredecessor),
            None if self.seq != 1 => return Err(Refusal::SeqGap),
            _ => {}
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
        let is_own = |writer: &ActorId| {
            *writer == self.actor || state.chains.get(writer).is_some_and(|chain| chain.member == self.member)
        };
        if !self.erased.iter().all(|(_, writer)| is_own(writer)) {
            return Err(Refusal::NotAllowed);
        }
        let is_of_here = |owner: ActorId| owner == self.actor || state.chains.contains_key(&owner);
        let is_elsewhere = |body: &BodyId| counters.owner_of(body).is_some_and(|owner| !is_of_here(owner));
        if counters.is_offered && self.named.iter().any(is_elsewhere) {
            return Err(Refusal::NotAllowed);
        }
        let here = |body: &&BodyId| known.bodies.contains(*body) || self.bodies.iter().any(|(id, _)| id == *body);
        let lacking = self.named.len() - self.named.iter().filter(here).count();
        if lacking <= self.absent { Ok(()) } else { Err(Refusal::MissingBody) }
    }

    /// Every actor that the change names must have written in the document: Automerge looks each up and does
    /// not survive one that it does not know.
    pub(super) fn check_actors(
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

    /// Takes what the entry costs from its author's share of the document; from the whole, when the server took it.
    pub(super) fn take_share(&self, shares: &mut Shares, weighed: bool) -> Result<(), Refusal> {
        let cost = self.cost();
        match weighed {
            true => shares.check_received(&self.member, cost)?,
            false => shares.check(&self.member, cost)?,
        }
        shares.add(&self.member, cost);
        Ok(())
    }

    /// Makes the entry its chain's and the document's last.
    pub(super) fn enter(&self, state: &mut DocumentState) {
        for dependency in &self.dependencies {
            state.heads.remove(dependency);
        }
        state.heads.insert(self.entry, self.max_op);
        state.entries += 1;
        let before = state.chains.get(&self.actor);
        let (remote_seq, remote_max_op) = before.map_or((0, 0), |chain| (chain.remote_seq, chain.remote_max_op));
        let cost = before.map_or_else(Cost::default, Chain::cost).plus(self.cost());
        let chain = Chain {
            device: self.source.device,
            member: before.map_or(self.member, |chain| chain.member),
            incarnation: self.source.incarnation,
            seq: self.seq,
            last: self.entry,
            max_op: self.max_op,
            work: cost.work,
            bytes: cost.bytes,
            named: cost.named,
            erased: cost.erased,
            remote_seq,
            remote_max_op,
        };
        state.chains.insert(self.actor, chain);
    }
}
