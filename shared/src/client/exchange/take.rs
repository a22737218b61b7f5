use crate::sorted::{SortedMap, SortedSet};

use crate::document::KithSchema;
use crate::gate::Refusal;
use crate::ids::{ActorId, BodyId, CircleId, DeviceId, DocumentId};
use crate::storage::{Batch, Tree};
use crate::sync::admit::{Admitted, Layout, Origin, Prepared};
use crate::sync::phone::{AckOutcome, OwnSent, forget_remote, learn_remote, take_ack};
use crate::sync::{DocumentState, key};
use crate::wire::{AnswerHeader, CircleAnswer, RefusedEntry};

use super::super::engine::{Attempt, Engine, LocalCircle, Step, Stop};
use super::super::view::ListName;
use super::super::{Problem, ProblemCode};
use super::{PageTask, known, unpack};

impl Engine {
    /// Takes acknowledgements, the roster and refusals; they are shown once they are durable here.
    pub(super) fn take_answer(&mut self, answer: &AnswerHeader) -> Attempt {
        if self.enrols() {
            return self.take_enrolled(answer);
        }
        let asks_first = self.exchange.request.as_ref().is_some_and(|request| request.asks_first);
        let mut batch = Batch::default();
        let mut circles: SortedMap<CircleId, LocalCircle> = SortedMap::new();
        let device = self.device()?.clone();
        let (mut trust_changed, mut lacks, mut stalled) = (false, false, false);
        let mut anew = SortedSet::new();
        for circle in &answer.circles {
            if let Some(local) = self.circles.get(&circle.circle) {
                let ends = &self.exchange.own_ends;
                let mut next = local.after_answer(circle, &device.id(), ends, asks_first, &mut batch);
                let waits = |state: &DocumentState| state.waits_for_own(&device.id());
                if next.documents.values().any(waits) && self.exchange.resynced.insert(circle.circle) {
                    next.begin_anew(&circle.circle, &mut batch);
                }
                let said = self.exchange.said(&circle.circle);
                let changed = next.take_trust(circle, &device, said, self.request_time(), &mut batch);
                if changed && !next.lacking.is_empty() {
                    next.begin_anew(&circle.circle, &mut batch);
                }
                trust_changed |= changed;
                stalled |= next.keyring.trouble.is_some() && !changed;
                // A server that lacks records is given them at once, as long as it takes them.
                let takes = |end: u64| said.brought_from.is_none_or(|from| end >= from);
                lacks |= next.keyring.server_end.is_some_and(takes);
                // The same of texts: not again what changed nothing.
                let (before, now) = (&local.keyring.lacking, &next.keyring.lacking);
                let takes = if said.texts == 0 { before.is_empty() } else { before != now };
                lacks |= takes && !next.keyring.texts(usize::MAX).is_empty();
                anew.extend(next.is_asked_anew(local).then_some(circle.circle));
                batch.put(Tree::Circles, circle.circle.as_bytes(), next.encode());
                circles.insert(circle.circle, next);
            }
        }
        // What is asked for anew is not moved on by what else this answer brings.
        self.exchange.stuck.extend(anew.iter().copied());
        let signing = core::mem::take(&mut self.exchange.signing);
        self.note_signed(&signing, &circles, &mut batch);
        let late = self.late_of(answer);
        for (circle, document) in self.late.given_up(&late) {
            if let Some(local) = circles.get_mut(&circle) {
                local.problems.insert(document, refusal_problem(Refusal::OldEpoch));
            }
        }
        if let Some(request) = &mut self.exchange.request {
            let known = answer.circles.iter().filter(|it| !it.cursor.is_empty() && !anew.contains(&it.circle));
            request.cursors = known.map(|circle| (circle.circle, circle.cursor.clone())).collect();
        }
        self.clock.put(&mut batch);
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    let changed: Vec<CircleId> = circles.keys().copied().collect();
                    engine.circles.extend(circles);
                    engine.exchange.stalled = stalled;
                    if engine.late.note(late, trust_changed) || lacks {
                        engine.exchange.ask_again();
                    }
                    if trust_changed {
                        engine.trust_changed = Some(engine.steady);
                        engine.show_unshown();
                        engine.forget_waiting_summaries();
                        engine.resealing.extend(changed.iter().copied());
                        engine.exchange.ask_again();
                    }
                    engine.notify_answered(&changed, trust_changed);
                }
                Err(problem) => engine.exchange_failed(problem),
            }),
        ))
    }

    fn notify_answered(&mut self, circles: &[CircleId], trust_changed: bool) {
        for circle in circles {
            self.notify_lists(circle, &[ListName::Outbox]);
            if trust_changed {
                let all = [ListName::Circles, ListName::Circle, ListName::People, ListName::Threads];
                self.notify_lists(circle, &all);
            }
            self.notify_safety(circle);
        }
    }

    /// Admits a page and stores it with its cursor; then open documents take it in.
    pub(super) fn take_page(&mut self, task: &mut PageTask) -> Attempt {
        if let Some((batch, after)) = self.commit_pending()? {
            return Err(Stop::First(batch, after));
        }
        if task.page.is_none() {
            let page = unpack(&task.bytes)?;
            self.lift(&page)?;
            let local = self.local(&page.circle)?;
            // What others wrote counts by what the server admitted, not by what this phone alone has said.
            let chain = local.keyring.history.chain();
            let roster = chain.standing().roster();
            let prepared = Prepared::new(&page.circle, &roster, chain, &KithSchema, page.entries, Origin::Received);
            task.page = Some((page.circle, page.cursor));
            task.prepared = Some(prepared);
        }
        let Some(prepared) = &task.prepared else { return Ok(Step::Done) };
        let reads = prepared.reads();
        let known = known(&reads, self.kernel.rows.take(reads.clone())?)?;
        let (Some((circle, cursor)), Some(prepared)) = (task.page.take(), task.prepared.take()) else {
            return Ok(Step::Done);
        };
        let position = self.local(&circle)?.position;
        let admitted = prepared.admit(&known, &KithSchema, Layout::Phone, position);
        self.store_page(circle, cursor, admitted, &known.documents)
    }

    fn store_page(
        &mut self,
        circle: CircleId,
        cursor: Vec<u8>,
        mut admitted: Admitted,
        before: &SortedMap<DocumentId, DocumentState>,
    ) -> Attempt {
        let position = admitted.position;
        let mut documents = admitted.documents.clone();
        for (document, chains) in &admitted.chains {
            let Some(known) = documents.get(document).or_else(|| before.get(document)) else { continue };
            let mut state = known.clone();
            for (actor, seq) in chains {
                learn_remote(&mut state, actor, *seq, position);
            }
            documents.insert(*document, state);
        }
        let own = self.device()?.id();
        let mut local = self.local(&circle)?.clone();
        local.position = position;
        let lacks = admitted.refused.iter().any(|refused| refused.refusal.can_retry());
        let mut batch = core::mem::take(&mut admitted.batch);
        let forked = local.note_forked(forks_of(&local, &own, &admitted));
        if forked || (lacks && self.exchange.resynced.insert(circle)) {
            local.begin_anew(&circle, &mut batch);
            self.exchange.stuck.insert(circle);
            if let Some(request) = &mut self.exchange.request {
                request.cursors.remove(&circle);
            }
            self.exchange.ask_again();
        } else if !self.exchange.stuck.contains(&circle) {
            local.note_lacking(&circle, &admitted.refused, &mut batch);
            local.cursor = cursor;
        }
        for (document, state) in &documents {
            batch.put(Tree::Documents, key::document(&circle, document), state.encode());
        }
        batch.put(Tree::Circles, circle.as_bytes(), local.encode());
        let is_own = |document: &DocumentId, state: &DocumentState| state.goes_beyond(before.get(document), &own);
        let is_resumed = admitted.documents.iter().any(|(document, state)| is_own(document, state));
        let resumed = if is_resumed { self.note_resumed(&mut batch) } else { None };
        Self::put_placed(&circle, &admitted.placed, &mut batch);
        let (changes, placed) = (admitted.changes, admitted.placed);
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    local.documents.extend(documents);
                    engine.circles.insert(circle, local);
                    engine.take_placed(&circle, &placed);
                    engine.show_changes(&circle, changes);
                    engine.resume(resumed);
                }
                Err(problem) => engine.exchange_failed(problem),
            }),
        ))
    }

    /// Bodies that were asked for; their hash proves that they are what a document names.
    pub(super) fn take_bodies(&mut self, bodies: &[Vec<u8>]) -> Attempt {
        let mut batch = Batch::default();
        let mut found = Vec::new();
        for bytes in bodies {
            let body = BodyId::of(bytes);
            for (circle, _) in self.exchange.wanted.iter().filter(|(_, wanted)| *wanted == body) {
                batch.put(Tree::Bodies, key::body(circle, &body), bytes.clone());
                found.push((*circle, body));
            }
        }
        if batch.is_empty() {
            return Ok(Step::Done);
        }
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    engine.forget_waiting_summaries();
                    for (circle, body) in found {
                        engine.exchange.wanted.remove(&(circle, body));
                        engine.notify_lists(&circle, &[ListName::Threads]);
                        engine.notify_safety(&circle);
                    }
                }
                Err(problem) => engine.exchange_failed(problem),
            }),
        ))
    }
}

impl LocalCircle {
    /// Whether everything is asked for anew since it was as `before`.
    fn is_asked_anew(&self, before: &Self) -> bool {
        (self.cursor.is_empty() && !before.cursor.is_empty()) || self.forked.len() > before.forked.len()
    }

    /// Forgets how far the server is, so that the next request says all clocks and asks.
    pub(super) fn begin_anew(&mut self, circle: &CircleId, batch: &mut Batch) {
        self.forget_lacking(circle, batch);
        self.cursor.clear();
        self.unsure = self.documents.keys().copied().collect();
    }

    fn after_answer(
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
        let lacking = answer.refused.iter().filter(|refused| refused.refusal.can_retry()).map(|r| r.document);
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

/// Documents in which something of this device does not fit what this phone has of it, and that was not sent.
fn forks_of(local: &LocalCircle, own: &DeviceId, admitted: &Admitted) -> SortedSet<DocumentId> {
    let refused = admitted.refused.iter().zip(&admitted.refused_chains).filter(|(refused, _)| is_fork(refused.refusal));
    let is_own = |document: &DocumentId, actor: &ActorId| {
        let state = local.documents.get(document);
        state.is_some_and(|it| it.has_unsent(own) && it.chains.get(actor).is_some_and(|chain| chain.device == *own))
    };
    let own = refused.filter(|(refused, actor)| is_own(&refused.document, actor));
    own.map(|(refused, _)| refused.document).collect()
}

/// Whether the author's chain goes on with something else where it is held.
fn is_fork(refusal: Refusal) -> bool {
    matches!(refusal, Refusal::Fork | Refusal::NoOwnPredecessor)
}

/// What a refusal means to a person.
fn refusal_problem(refusal: Refusal) -> Problem {
    Problem::new(ProblemCode::Refused, refusal)
}
