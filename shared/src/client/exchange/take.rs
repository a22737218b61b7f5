use crate::sorted::SortedMap;

use crate::document::KithSchema;
use crate::gate::Refusal;
use crate::ids::{BodyId, CircleId, DocumentId};
use crate::storage::{Batch, Tree};
use crate::sync::admit::{Admitted, Layout, Origin, Prepared};
use crate::sync::phone::{AckOutcome, forget_remote, learn_remote, take_ack};
use crate::sync::{CircleRecord, DocumentState, key};
use crate::trust::Roster;
use crate::wire::{AnswerHeader, CircleAnswer};

use super::super::engine::{Attempt, Engine, LocalCircle, Step, Stop};
use super::super::view::ListName;
use super::super::{Problem, ProblemCode};
use super::{PageTask, known, unpack};

impl Engine {
    /// Takes acknowledgements, the roster and refusals; they are shown once they are durable here.
    pub(super) fn take_answer(&mut self, answer: &AnswerHeader) -> Attempt {
        if self.exchange.enrolling.is_some() {
            return self.take_enrolled(answer);
        }
        let asks_first = self.exchange.request.as_ref().is_some_and(|request| request.asks_first);
        let mut batch = Batch::default();
        let mut circles: SortedMap<CircleId, LocalCircle> = SortedMap::new();
        for circle in &answer.circles {
            if let Some(local) = self.circles.get(&circle.circle) {
                let next = local.after_answer(circle, asks_first, &mut batch);
                batch.put(Tree::Circles, circle.circle.as_bytes(), next.encode());
                circles.insert(circle.circle, next);
            }
        }
        if let Some(request) = &mut self.exchange.request {
            let known = answer.circles.iter().filter(|circle| !circle.cursor.is_empty());
            request.cursors = known.map(|circle| (circle.circle, circle.cursor.clone())).collect();
        }
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    let changed: Vec<CircleId> = circles.keys().copied().collect();
                    engine.circles.extend(circles);
                    for circle in changed {
                        engine.notify_lists(&circle, &[ListName::Outbox]);
                        engine.notify_safety(&circle);
                    }
                }
                Err(problem) => engine.exchange_failed(problem),
            }),
        ))
    }

    /// Admits a page and stores it with its cursor; then open documents take it in.
    pub(super) fn take_page(&mut self, task: &mut PageTask) -> Attempt {
        if let Some((batch, after)) = self.commit_pending()? {
            return Err(Stop::First(batch, after));
        }
        if task.page.is_none() {
            let page = unpack(&task.bytes)?;
            let local = self.local(&page.circle)?;
            let prepared = Prepared::new(&page.circle, &local.roster, &KithSchema, page.entries, Origin::Received);
            task.page = Some((page.circle, page.cursor));
            task.prepared = Some(prepared);
        }
        let (Some((circle, cursor)), Some(prepared)) = (&task.page, &task.prepared) else { return Ok(Step::Done) };
        let reads = prepared.reads();
        match self.exchange.known.take() {
            None => Err(Stop::Read(
                reads.clone(),
                Box::new(move |engine, results| {
                    engine.exchange.known = Some(known(&reads, results)?);
                    Ok(())
                }),
            )),
            Some(known) => {
                let (circle, cursor) = (*circle, cursor.clone());
                let Some(prepared) = task.prepared.take() else { return Ok(Step::Done) };
                let position = self.local(&circle)?.record.position;
                let admitted = prepared.admit(&known, &KithSchema, Layout::Phone, position);
                self.store_page(circle, cursor, admitted, &known.documents)
            }
        }
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
        let mut local = self.local(&circle)?.clone();
        local.record = CircleRecord { position, ..local.record };
        let lacks = admitted.refused.iter().any(|refused| refused.refusal.can_retry());
        local.note_refusals(&admitted.refused.iter().map(|r| (r.document, r.refusal)).collect::<Vec<_>>());
        if lacks && self.exchange.resynced.insert(circle) {
            local.begin_anew();
            if let Some(request) = &mut self.exchange.request {
                request.cursors.remove(&circle);
            }
        } else {
            local.cursor = cursor;
        }
        let mut batch = core::mem::take(&mut admitted.batch);
        for (document, state) in &documents {
            batch.put(Tree::Documents, key::document(&circle, document), state.encode());
        }
        batch.put(Tree::Circles, circle.as_bytes(), local.encode());
        let changes = admitted.changes;
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    local.documents.extend(documents);
                    engine.circles.insert(circle, local);
                    engine.show_changes(&circle, changes);
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
                found.push((*circle, body, bytes.clone()));
            }
        }
        if batch.is_empty() {
            return Ok(Step::Done);
        }
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    for (circle, body, bytes) in found {
                        engine.exchange.wanted.remove(&(circle, body));
                        engine.bodies.insert(body, Some(bytes));
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
    /// Forgets how far the server is, so that the next request says all clocks and asks.
    fn begin_anew(&mut self) {
        self.cursor.clear();
        self.unsure = self.documents.keys().copied().collect();
    }

    fn after_answer(&self, answer: &CircleAnswer, asks_first: bool, batch: &mut Batch) -> Self {
        let mut next = self.clone();
        let asked_whole = asks_first || self.cursor.is_empty();
        next.removed = answer.removed;
        if !answer.roster.is_empty() {
            next.roster = Roster::new(answer.roster.iter().copied());
        }
        if answer.resync {
            next.documents.values_mut().for_each(forget_remote);
            next.begin_anew();
        }
        for ack in &answer.acks {
            let document = ack.document.id(&answer.circle);
            next.unsure.remove(&document);
            let Some(state) = next.documents.get_mut(&document) else { continue };
            match take_ack(&answer.circle, state, ack, asked_whole, next.record.position) {
                AckOutcome::Forked => {
                    next.problems.insert(document, refusal_problem(Refusal::Fork));
                }
                AckOutcome::Safe | AckOutcome::Ahead => {
                    next.problems.remove(&document);
                }
                AckOutcome::Behind => {}
            }
        }
        next.note_refusals(&answer.refused.iter().map(|r| (r.document, r.refusal)).collect::<Vec<_>>());
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

    fn note_refusals(&mut self, refused: &[(DocumentId, Refusal)]) {
        for (document, refusal) in refused.iter().filter(|(_, refusal)| !refusal.can_retry()) {
            self.problems.insert(*document, refusal_problem(*refusal));
        }
    }
}

/// What a refusal means to a person.
fn refusal_problem(refusal: Refusal) -> Problem {
    Problem::new(
        ProblemCode::Refused,
        format!("The server or this phone did not take a change: {refusal}. It is kept on this phone."),
    )
}
