//! What an answer says of a circle's documents.

use crate::gate::Refusal;
use crate::ids::{ActorId, DeviceId, DocumentId};
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::{Batch, Tree};
use crate::sync::key;
use crate::sync::phone::{AckOutcome, OwnSent, forget_remote, take_ack};
use crate::time::TimestampMs;
use crate::trust::DeviceSecret;
use crate::wire::{CircleAnswer, RefusedEntry};

use super::super::super::problems::{is_fork, refusal_problem};
use super::super::exchange::Sent;
use super::LocalCircle;

impl LocalCircle {
    /// The circle as an answer leaves it; `ends`: how far this device's own chains were in the request, `asks_first`:
    /// whether that said of all documents what is unsure.
    pub(in crate::client) fn after_answer(
        &self,
        answer: &CircleAnswer,
        own: &DeviceId,
        ends: &SortedMap<ActorId, u64>,
        asks_first: bool,
        batch: &mut Batch,
    ) -> Self {
        let mut next = self.clone();
        let mut forked = self.forks_in(answer, own);
        let asked_whole = asks_first || self.cursor.is_empty();
        if answer.resync {
            next.documents.values_mut().for_each(forget_remote);
            next.begin_anew(&answer.circle, batch);
        }
        for ack in &answer.acks {
            let document = ack.document.id(&answer.circle);
            next.unsure.remove(&document);
            let Some(state) = next.documents.get_mut(&document) else { continue };
            let is_refused = answer.refused.iter().any(|refused| refused.document == document);
            let sent = OwnSent { device: *own, ends, is_refused };
            match take_ack(&answer.circle, state, ack, asked_whole, next.position, &sent, &mut next.arrived) {
                AckOutcome::Forked if state.has_unsent(own) => _ = forked.insert(document),
                AckOutcome::Forked => {
                    next.problems.insert(document, refusal_problem(Refusal::Fork));
                }
                AckOutcome::Safe | AckOutcome::Ahead => {
                    next.problems.remove(&document);
                }
                AckOutcome::Behind => {}
            }
        }
        let is_fork = |refused: &&RefusedEntry| forked.contains(&refused.document) && is_fork(refused.refusal);
        let refused = answer.refused.iter().filter(|refused| !is_fork(refused));
        next.note_refusals(&refused.map(|r| (r.document, r.refusal)).collect::<Vec<_>>());
        if next.note_forked(forked) {
            next.begin_anew(&answer.circle, batch);
        }
        // What was uncovered lacks nothing but a signature of its own.
        let lacks = |refusal: Refusal| refusal.can_retry() && refusal != Refusal::Uncovered;
        let lacking = answer.refused.iter().filter(|refused| lacks(refused.refusal)).map(|r| r.document);
        for document in answer.missing.iter().map(|(name, _)| name.id(&answer.circle)).chain(lacking) {
            if let Some(state) = next.documents.get_mut(&document) {
                forget_remote(state);
                next.unsure.insert(document);
            }
        }
        for (document, state) in &next.documents {
            if self.documents.get(document) != Some(state) {
                batch.put(Tree::Documents, key::document(&answer.circle, document), state.encode());
            }
        }
        next
    }

    /// Documents in which something of this device was refused since the server holds something else of it there.
    fn forks_in(&self, answer: &CircleAnswer, own: &DeviceId) -> SortedSet<DocumentId> {
        let refused = answer.refused.iter().filter(|refused| is_fork(refused.refusal)).map(|refused| refused.document);
        let is_own = |document: &DocumentId| self.documents.get(document).is_some_and(|it| it.has_unsent(own));
        refused.filter(is_own).collect()
    }

    fn note_refusals(&mut self, refused: &[(DocumentId, Refusal)]) {
        // What an old key closed is sealed again before it is called a problem.
        let named = |refusal: Refusal| !refusal.can_retry() && refusal != Refusal::OldEpoch;
        for (document, refusal) in refused.iter().filter(|(_, refusal)| named(*refusal)) {
            self.problems.insert(*document, refusal_problem(*refusal));
        }
    }
}

impl LocalCircle {
    /// Takes records, the fate of statements, a head and a warrant; whether anything of it is new.
    pub(in crate::client) fn take_trust(
        &mut self,
        answer: &CircleAnswer,
        device: &DeviceSecret,
        sent: &Sent,
        now: TimestampMs,
        batch: &mut Batch,
    ) -> bool {
        let changed = self.keyring.take_answer(answer, device, sent, now, batch);
        self.roster = self.keyring.roster(device.public());
        changed
    }
}
