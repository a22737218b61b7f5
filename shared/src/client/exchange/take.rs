//! What is done with what an answer brings: acknowledgements, statements, pages, bodies.

use crate::document::KithSchema;
use crate::gate::Refusal;
use crate::ids::{ActorId, BodyId, CircleId, DeviceId, DocumentId, EntryId};
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::{Batch, Tree};
use crate::sync::admit::{Admitted, Layout, Origin, Prepared};
use crate::sync::phone::learn_remote;
use crate::sync::{DocumentState, key};
use crate::wire::{AnswerHeader, CircleAnswer, RefusedEntry};

use super::super::engine::{Attempt, Engine, Step, Stop};
use super::super::parts::circle::{CircleChange, LocalCircle};
use super::super::parts::exchange::Request;
use super::super::problems::{is_fork, refusal_problem};
use super::super::view::ListName;
use super::{PageTask, known, unpack};

/// What an answer comes to, beside what it changes of circles.
#[derive(Default)]
struct Taken {
    is_new: bool,
    /// The server lacks what this phone can give it.
    lacks: bool,
    is_stalled: bool,
    /// Circles that are asked about anew.
    anew: SortedSet<CircleId>,
    /// The request held all that it could, and not a question first.
    is_whole: bool,
    /// What the next request leaves out.
    held: Vec<(DocumentId, EntryId)>,
}

impl Engine {
    /// Takes acknowledgements, the roster and refusals; they are shown once they are durable here.
    pub(super) fn take_answer(&mut self, answer: &AnswerHeader) -> Attempt {
        if self.enrols() {
            return self.take_enrolled(answer);
        }
        let mut batch = Batch::default();
        let mut next: SortedMap<CircleId, LocalCircle> = SortedMap::new();
        let is_whole = self.exchange.request().is_some_and(|request| !request.asks_first());
        let mut taken = Taken { is_whole, ..Taken::default() };
        for circle in &answer.circles {
            if let Some(local) = self.circles.get(&circle.circle).cloned() {
                let after = self.after_answer(circle, &local, &mut taken, &mut batch)?;
                next.insert(circle.circle, after);
            }
        }
        // What is asked for anew is not moved on by what else this answer brings.
        let cursors = answer.circles.iter().map(|circle| (circle.circle, circle.cursor.clone()));
        self.exchange.lead_to(cursors, &taken.anew);
        for signing in self.exchange.take_signing() {
            if let Some(local) = next.get(signing.circle()) {
                self.places.note_signed(&signing, local.keyring().history().chain().head(), &mut batch);
            }
        }
        let late = self.late_of(answer);
        for (circle, document) in self.late.given_up(&late) {
            if let Some(local) = next.get_mut(&circle) {
                local.note_problem(document, refusal_problem(Refusal::OldEpoch));
            }
        }
        self.clock.put(&mut batch);
        let changed: Vec<(CircleId, CircleChange)> = next
            .into_iter()
            .filter_map(|(circle, after)| Some((circle, CircleChange::between(self.circles.get(&circle)?, after))))
            .collect();
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => engine.settle_answer(changed, late, &taken),
                Err(problem) => engine.exchange_failed(problem),
            }),
        ))
    }

    /// A circle as an answer leaves it.
    fn after_answer(
        &mut self,
        answer: &CircleAnswer,
        local: &LocalCircle,
        taken: &mut Taken,
        batch: &mut Batch,
    ) -> Result<LocalCircle, Stop> {
        let (circle, device, now) = (answer.circle, self.device()?.clone(), self.request_time());
        let asks_first = self.exchange.request().is_some_and(Request::asks_first);
        let mut next = local.after_answer(answer, &device.id(), self.exchange.own_ends(), asks_first, batch);
        let waits = |state: &DocumentState| state.waits_for_own(&device.id());
        if next.documents().values().any(waits) && self.exchange.may_resync(circle) {
            next.begin_anew(&circle, batch);
        }
        let said = self.exchange.said_of(&circle);
        let is_new = next.take_trust(answer, &device, &said, now, batch);
        if is_new && next.is_lacking() {
            next.begin_anew(&circle, batch);
        }
        taken.is_new |= is_new;
        taken.is_stalled |= next.keyring().trouble().is_some() && !is_new;
        // A server that lacks records is given them at once, as long as it takes them.
        let takes = |end: u64| said.brought_from.is_none_or(|from| end >= from);
        taken.lacks |= next.keyring().server_end().is_some_and(takes);
        // The same of texts: not again what changed nothing.
        let (before, lacking) = (local.keyring().lacking(), next.keyring().lacking());
        let takes = if said.texts == 0 { before.is_empty() } else { before != lacking };
        taken.lacks |= takes && !next.keyring().texts(usize::MAX).is_empty();
        let held = answer.refused.iter().filter(|it| is_signed_for_by(it, answer));
        taken.held.extend(held.map(|held| (held.document, held.entry)));
        taken.anew.extend(next.is_asked_anew(local).then_some(circle));
        next.put(&circle, batch);
        Ok(next)
    }

    fn settle_answer(
        &mut self,
        changed: Vec<(CircleId, CircleChange)>,
        late: Vec<(CircleId, DocumentId)>,
        taken: &Taken,
    ) {
        let circles: Vec<CircleId> = changed.iter().map(|(circle, _)| *circle).collect();
        for (circle, change) in changed {
            if let Some(local) = self.circles.get_mut(&circle) {
                local.apply(change);
            }
        }
        self.exchange.set_stalled(taken.is_stalled);
        if taken.is_whole {
            self.exchange.release();
        }
        let mut holds = false;
        for (document, entry) in &taken.held {
            holds |= self.exchange.hold(*document, *entry);
        }
        if self.late.note(late, taken.is_new) || taken.lacks || holds {
            self.exchange.ask_again();
        }
        if taken.is_new {
            self.upkeep.note_change(self.clock.steady());
            self.show_unshown();
            self.lists.forget_waiting();
            self.search.stir_waiting();
            self.upkeep.reseal(&circles);
            self.exchange.ask_again();
        }
        self.notify_answered(&circles, taken.is_new);
    }

    fn notify_answered(&mut self, circles: &[CircleId], trust_changed: bool) {
        for circle in circles {
            self.notify_lists(circle, &[ListName::Outbox]);
            if trust_changed {
                let people = [ListName::Circles, ListName::Circle, ListName::People];
                self.notify_lists(circle, &[&people, &ListName::OF_TEXTS[..]].concat());
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
            // What is left of an answer that broke off comes again.
            let Some(request) = self.exchange.request() else { return Ok(Step::Done) };
            let (page, left) = unpack(&task.bytes, request.before())?;
            self.lift(&page)?;
            self.exchange.note_page(left);
            let local = self.local(&page.circle)?;
            // What others wrote counts by what the server admitted, not by what this phone alone has said.
            let chain = local.keyring().history().chain();
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
        let position = self.local(&circle)?.position();
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
        let lacks = admitted.refused.iter().any(|refused| refused.refusal.can_retry());
        let mut batch = core::mem::take(&mut admitted.batch);
        let forked = local.note_forked(forks_of(&local, &own, &admitted));
        if forked || (lacks && self.exchange.may_resync(circle)) {
            local.begin_anew(&circle, &mut batch);
            self.exchange.stick(circle);
        } else if !self.exchange.is_stuck(&circle) {
            local.note_lacking(&circle, &admitted.refused, &mut batch);
            local.set_cursor(cursor);
        }
        for (document, state) in &documents {
            batch.put(Tree::Documents, key::document(&circle, document), state.encode());
        }
        let is_own = |document: &DocumentId, state: &DocumentState| state.goes_beyond(before.get(document), &own);
        let is_resumed = admitted.documents.iter().any(|(document, state)| is_own(document, state));
        let resumed = if is_resumed { self.note_resumed(&mut batch) } else { None };
        Self::put_placed(&circle, &admitted.placed, &mut batch);
        let (changes, placed) = (admitted.changes, admitted.placed);
        local.take_page(position, documents);
        local.put(&circle, &mut batch);
        let change = CircleChange::between(self.local(&circle)?, local);
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    if let Some(local) = engine.circles.get_mut(&circle) {
                        local.apply(change);
                    }
                    engine.take_placed(&circle, &placed);
                    engine.show_changes(&circle, changes);
                    engine.resume(resumed);
                    engine.notify_fetched(&circle);
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
            for circle in self.exchange.wants(&body) {
                batch.put(Tree::Bodies, key::body(&circle, &body), bytes.clone());
                found.push((circle, body));
            }
        }
        if batch.is_empty() {
            return Ok(Step::Done);
        }
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    engine.lists.forget_waiting();
                    engine.search.stir_waiting();
                    for (circle, body) in found {
                        engine.exchange.note_body(circle, body);
                        engine.notify_lists(&circle, &ListName::OF_TEXTS);
                        engine.notify_safety(&circle);
                    }
                }
                Err(problem) => engine.exchange_failed(problem),
            }),
        ))
    }
}

/// Whether entries were refused since only this one, which was, signs for them.
fn is_signed_for_by(refused: &RefusedEntry, answer: &CircleAnswer) -> bool {
    let is_uncovered = |other: &RefusedEntry| other.document == refused.document && other.refusal == Refusal::Uncovered;
    refused.refusal != Refusal::Uncovered && answer.refused.iter().any(is_uncovered)
}

/// Documents in which something of this device does not fit what this phone has of it, and that was not sent.
fn forks_of(local: &LocalCircle, own: &DeviceId, admitted: &Admitted) -> SortedSet<DocumentId> {
    let refused = admitted.refused.iter().zip(&admitted.refused_chains).filter(|(refused, _)| is_fork(refused.refusal));
    let is_own = |document: &DocumentId, actor: &ActorId| {
        let state = local.document(document);
        state.is_some_and(|it| it.has_unsent(own) && it.chains.get(actor).is_some_and(|chain| chain.device == *own))
    };
    let own = refused.filter(|(refused, actor)| is_own(&refused.document, actor));
    own.map(|(refused, _)| refused.document).collect()
}
