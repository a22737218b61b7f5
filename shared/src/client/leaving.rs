//! Leaving a circle: what its person wrote is erased if they wish it, what is unsent is sent, the server is told, and
//! what is here of the circle goes. Each step can be stopped after, and goes on at the next start.

mod erase;
mod wipe;

use crate::ids::{CircleId, DocumentId, MemberId};
use crate::storage::Batch;
use crate::trust::{MemberState, Remove, StatementBody, StatementProblem};

use super::engine::{Attempt, Engine, Step};
use super::kernel::Task;
use super::parts::circle::LocalCircle;
use super::parts::leaving::{Leaving, Leavings};
use super::view::{self, LeavingStage, ListName, Reply, Safety};
use super::{CommandId, Problem, ProblemCode, Why};

/// Looks after a circle that its person leaves: one pass over its documents, one at a time, then the next step.
struct Pass {
    circle: CircleId,
    /// The documents up to this one are done.
    done: Option<DocumentId>,
    /// The server was heard before this pass began.
    has_heard: bool,
    /// Something was erased in it.
    has_erased: bool,
}

impl Task<Engine> for Pass {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.leave_on(self)
    }

    fn fail(&mut self, engine: &mut Engine, problem: Problem) {
        engine.leavings.end(&self.circle);
        engine.exchange.set_problem(problem);
        engine.notify_status();
    }
}

impl Engine {
    pub(super) fn leaving_command(&mut self, id: CommandId, circle: CircleId) -> Attempt {
        let shown = self.shown_leaving(&circle)?;
        self.reply(id, Ok(Reply::Leaving(shown)));
        Ok(Step::Done)
    }

    pub(super) fn leave(&mut self, id: CommandId, circle: CircleId, erase: bool, anyway: bool) -> Attempt {
        let local = self.local(&circle)?;
        let own = self.device()?.id();
        let record = local.keyring().admitted().device(&own);
        let Some(member) = record.filter(|it| it.state == MemberState::Active).map(|it| it.member) else {
            return self.begin_wipe(circle, Some(id));
        };
        if local.keyring().shown().is_last_facilitator(&member) {
            return Err(Problem::of(ProblemCode::NotAllowed, Why::Said(StatementProblem::LastFacilitator)).into());
        }
        if self.leavings.of(&circle) == Some(Leaving::Said) {
            return self.leaving_command(id, circle);
        }
        self.leavings.forget_heard(&circle);
        self.store_leaving(id, circle, Some(Leaving::Asked { erase, anyway }))
    }

    pub(super) fn stay(&mut self, id: CommandId, circle: CircleId) -> Attempt {
        match self.leavings.of(&circle) {
            Some(Leaving::Asked { .. }) => self.store_leaving(id, circle, None),
            _ => self.leaving_command(id, circle),
        }
    }

    /// Stores how far leaving has come, and answers.
    fn store_leaving(&mut self, id: CommandId, circle: CircleId, leaving: Option<Leaving>) -> Attempt {
        let mut batch = Batch::default();
        Leavings::put(&circle, leaving, &mut batch);
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| {
                match done.and_then(|()| {
                    engine.leavings.set(circle, leaving);
                    engine.shown_leaving(&circle)
                }) {
                    Ok(shown) => {
                        engine.reply(id, Ok(Reply::Leaving(shown)));
                        engine.notify_lists(&circle, &[ListName::Circles]);
                        engine.look_after_leaving(circle);
                        engine.sync_soon(0);
                    }
                    Err(problem) => engine.reply(id, Err(problem)),
                }
            }),
        ))
    }

    fn shown_leaving(&self, circle: &CircleId) -> Result<view::Leaving, Problem> {
        let own = self.device()?.id();
        let standing = self.local(circle)?.keyring().shown();
        let member = standing.device(&own).map(|record| record.member);
        let is_theirs = |member: &MemberId| standing.devices().filter(|it| it.member == *member && !it.paper).count();
        let others = member.as_ref().map_or(0, is_theirs).saturating_sub(1);
        let unsent = self.outbox().into_iter().filter(|item| item.circle == circle.to_string());
        let (stage, erase) = match self.leavings.of(circle) {
            None => (LeavingStage::Not, false),
            Some(Leaving::Asked { erase, .. }) => (LeavingStage::Asked, erase),
            Some(Leaving::Said | Leaving::Gone) => (LeavingStage::Said, false),
        };
        Ok(view::Leaving {
            stage,
            erase,
            last_facilitator: member.is_some_and(|member| standing.is_last_facilitator(&member)),
            unsent: unsent.filter(|item| item.safety != Safety::Safe).count() as u64,
            phones: others as u64,
        })
    }

    /// Everything there was came and went: circles that are left are looked after, also those that were left elsewhere.
    pub(super) fn note_leavings_heard(&mut self) {
        for circle in self.circles.ids() {
            self.leavings.note_heard(circle);
            self.look_after_leaving(circle);
        }
    }

    /// Goes on with leaving a circle, if its person does, or did on another phone.
    pub(super) fn look_after_leaving(&mut self, circle: CircleId) {
        if (self.leavings.of(&circle).is_some() || self.has_left(&circle)) && self.leavings.begin(circle) {
            let has_heard = self.leavings.has_heard(&circle);
            self.kernel.enqueue(Pass { circle, done: None, has_heard, has_erased: false });
        }
    }

    /// Whether this phone's person is out of a circle by their own hand.
    fn has_left(&self, circle: &CircleId) -> bool {
        let (Some(local), Some(own)) = (self.circles.get(circle), self.phone.id()) else { return false };
        let admitted = local.keyring().admitted();
        admitted.device(&own).is_some_and(|record| admitted.has_left(&record.member))
    }

    fn leave_on(&mut self, pass: &mut Pass) -> Attempt {
        let circle = pass.circle;
        if self.has_left(&circle) {
            return self.begin_wipe(circle, None);
        }
        match self.leavings.of(&circle) {
            Some(Leaving::Gone) => return self.wipe(circle),
            Some(Leaving::Asked { erase: true, anyway }) => match self.erase_next(pass) {
                Ok(None) => {}
                Ok(Some(step)) => return Ok(step),
                Err(super::engine::Stop::Fail(_)) if anyway => {}
                Err(stop) => return Err(stop),
            },
            _ => {}
        }
        self.leavings.end(&circle);
        match self.leavings.of(&circle) {
            Some(Leaving::Asked { anyway, .. }) if !pass.has_erased && self.leavings.has_heard(&circle) => {
                if !pass.has_heard {
                    self.look_after_leaving(circle);
                    return Ok(Step::Done);
                }
                if anyway || self.has_sent_all(&circle) {
                    return self.say_leaving(circle);
                }
                Ok(Step::Done)
            }
            // The server did not take it: its person is told why.
            Some(Leaving::Said) if pass.has_heard && !self.is_saying(&circle) => {
                let mut batch = Batch::default();
                Leavings::put(&circle, None, &mut batch);
                Ok(Step::Commit(
                    batch,
                    Box::new(move |engine, done| {
                        if done.is_ok() {
                            engine.leavings.set(circle, None);
                            engine.notify_lists(&circle, &[ListName::Circles, ListName::People]);
                        }
                    }),
                ))
            }
            _ => Ok(Step::Done),
        }
    }

    fn has_sent_all(&self, circle: &CircleId) -> bool {
        let is_typed = self.documents.iter().any(|(_, open)| open.circle() == circle && open.is_edited());
        !is_typed && self.circles.get(circle).is_some_and(LocalCircle::is_safe)
    }

    /// Whether it is said that this phone's person leaves, and the server has not answered.
    fn is_saying(&self, circle: &CircleId) -> bool {
        let Some(own) = self.phone.id() else { return false };
        let pending = self.circles.get(circle).map(|local| local.keyring().pending());
        pending
            .into_iter()
            .flatten()
            .any(|it| matches!(it.statement.body, StatementBody::Remove(Remove::Member(_))) && it.is_by(&own))
    }

    fn say_leaving(&mut self, circle: CircleId) -> Attempt {
        let (member, _) = self.me(&circle)?;
        let mut said = self.say(&circle, vec![StatementBody::Remove(Remove::Member(member)).into()])?;
        Leavings::put(&circle, Some(Leaving::Said), &mut said.batch);
        self.store_said(said, move |engine, done| match done {
            Ok(()) => {
                engine.leavings.set(circle, Some(Leaving::Said));
                engine.sync_soon(0);
            }
            Err(problem) => engine.exchange.set_problem(problem),
        })
    }
}
