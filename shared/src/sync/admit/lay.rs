//! What is written of entries that are admitted.

use crate::codec::Writer;
use crate::ids::{ActorId, BodyId, CircleId, DeviceId, DocumentId, EntryId};
use crate::sorted::SortedMap;
use crate::storage::Tree;

use super::super::candidate::Candidate;
use super::super::{DocumentState, StoredEntry, key};
use super::{Admitted, Known, Layout};

/// Whose device each actor of a document is.
type Actors = SortedMap<ActorId, DeviceId>;

/// The actors of a document that its state knows, and the one that writes now.
fn actors_of(state: Option<&DocumentState>, document: &DocumentId, (device, actor): (DeviceId, ActorId)) -> Actors {
    let chains = state.iter().flat_map(|state| state.chains.values());
    let known = chains.map(|chain| (ActorId::derive(&chain.device, document, chain.incarnation), chain.device));
    known.chain([(actor, device)]).collect()
}

impl Admitted {
    pub(super) fn note_chain(&mut self, candidate: &Candidate) {
        let chains = self.chains.get_or_insert_with(candidate.document, SortedMap::new);
        let seq = chains.get_or_insert_with(candidate.actor, || 0);
        *seq = candidate.seq.max(*seq);
    }

    pub(super) fn put_counter(&mut self, circle: &CircleId, document: &DocumentId, entry: &EntryId, max_op: u64) {
        let mut counter = Writer::new();
        counter.number(max_op);
        self.batch.put(Tree::Hashes, key::hash(circle, document, entry), counter.into_bytes());
    }

    /// Takes in a text that an entry lacked when it came first.
    pub(super) fn fill(&mut self, circle: &CircleId, known: &Known, candidate: &Candidate) {
        for (body, bytes) in &candidate.bodies {
            if known.owners.get(body) == Some(&candidate.actor) && !known.bodies.contains(body) {
                self.batch.put(Tree::Bodies, key::body(circle, body), bytes.clone());
            }
        }
    }

    /// Replaces a text that was taken back by an empty one, provided that it came with its message's author: as that actor,
    /// or as another of the same device, which may have written again what it wrote.
    fn erase(&mut self, circle: &CircleId, known: &Known, body: BodyId, (author, actors): (&ActorId, &Actors)) -> bool {
        let at = key::body(circle, &body);
        let here = self.batch.puts.iter().find(|(tree, key, _)| *tree == Tree::Owners && *key == at);
        let owner = known.owners.get(&body).copied().or_else(|| ActorId::from_slice(&here?.2));
        let is_same = |owner: &ActorId| {
            owner == author || actors.get(owner).is_some_and(|device| actors.get(author) == Some(device))
        };
        if !owner.as_ref().is_some_and(is_same) {
            return false;
        }
        self.batch.puts.retain(|(tree, key, _)| !(*tree == Tree::Bodies && *key == at));
        self.batch.put(Tree::Bodies, at, Vec::new());
        self.erased.push(body);
        true
    }

    pub(super) fn lay_down(&mut self, circle: &CircleId, layout: Layout, known: &Known, candidate: Candidate) {
        let admitted = match layout {
            Layout::Server { now } => candidate.far_from(now),
            Layout::Phone => None,
        };
        let Candidate { document, actor, entry, seq, max_op, named, bodies, erased, source, is_own, .. } = candidate;
        let stored_by = source.device;
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
            admitted,
        };
        let at = key::document_log(circle, &document, self.position);
        match layout {
            Layout::Server { .. } => {
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
        let actors = match erased.is_empty() {
            true => Actors::new(),
            false => actors_of(known.documents.get(&document), &document, (stored_by, actor)),
        };
        for (body, author) in erased {
            let is_erased = self.erase(circle, known, body, (&author, &actors));
            // With the text goes the page in which it can be found.
            if is_erased && layout == Layout::Phone {
                self.batch.delete(Tree::Snapshots, key::document(circle, &document));
            }
        }
        self.position += 1;
        self.entries += 1;
    }
}
