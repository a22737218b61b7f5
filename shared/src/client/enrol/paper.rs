//! Coming back by a printed code.

use crate::ids::{CircleId, DeviceId};
use crate::storage::{Batch, Tree};
use crate::trust::{AddDevice, Attached, DeviceSecret, MemberState, Remove, StatementBody};
use crate::wire::AnswerHeader;

use super::super::engine::{Attempt, Engine, LocalCircle, Step};
use super::super::say::Saying;
use super::super::{Command, Problem, ProblemCode, Why};
use super::Enrolling;

impl Engine {
    /// The circles of a printed code: this phone becomes its member's, other phones of theirs go.
    pub(super) fn take_returned(&mut self, answer: &AnswerHeader, paper: &DeviceSecret) -> Attempt {
        let mut batch = Batch::default();
        let mut returned = Vec::new();
        for answer in &answer.circles {
            // Anybody who leads a circle can grant this code's keys there: such a circle neither takes its person in
            // nor keeps them from their own.
            let mut rows = Batch::default();
            let Ok(mut local) = self.checked(answer, paper, None, &mut rows) else { continue };
            let record = local.keyring.admitted().device(&paper.id());
            let Some(record) = record.filter(|record| record.state == MemberState::Active && record.paper) else {
                continue;
            };
            batch.deletes.extend(rows.deletes);
            batch.puts.extend(rows.puts);
            local.keyring.let_in_as = Some(record.member);
            let sayings = self.return_sayings(&answer.circle, &local, paper)?;
            let said = self.say_as(paper, answer.circle, local, sayings)?;
            batch.puts.extend(said.batch.puts);
            returned.push((answer.circle, said.local));
        }
        if returned.is_empty() {
            return Err(Problem::of(ProblemCode::CodeInvalid, Why::PaperUnknown).into());
        }
        let Some(Enrolling { command: id, .. }) = self.exchange.enrolling.take() else { return Ok(Step::Done) };
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    engine.circles.extend(returned);
                    engine.trust_changed = Some(engine.steady);
                    engine.take_command(id, Command::Circles);
                    engine.sync_soon(0);
                }
                Err(problem) => engine.reply(id, Err(problem)),
            }),
        ))
    }

    /// What the printed code says: this phone comes, the lost ones go. The keys are here already.
    fn return_sayings(
        &self,
        circle: &CircleId,
        local: &LocalCircle,
        paper: &DeviceSecret,
    ) -> Result<Vec<Saying>, Problem> {
        let own = self.device()?.clone();
        let standing = local.keyring.admitted();
        let mut sayings: Vec<Saying> = Vec::new();
        let Some(record) = standing.device(&paper.id()) else { return Ok(sayings) };
        let lost: Vec<DeviceId> = standing
            .devices()
            .filter(|other| other.member == record.member && !other.paper && other.state == MemberState::Active)
            .map(|other| other.id)
            .filter(|device| *device != own.id())
            .collect();
        if standing.device(&own.id()).is_none() {
            let add = AddDevice::sign(circle, &record.member, &own, false, Attached::NOTHING);
            sayings.push(StatementBody::AddDevice(add).into());
        }
        sayings.extend(lost.into_iter().map(|device| StatementBody::Remove(Remove::Device(device)).into()));
        Ok(sayings)
    }

    /// A circle as an answer to a printed code or link gives it: every record verified, the keys opened that lie beside
    /// them for `reader`, all of it in the batch.
    pub(super) fn checked(
        &self,
        answer: &crate::wire::CircleAnswer,
        reader: &DeviceSecret,
        join: Option<&crate::trust::Statement>,
        batch: &mut Batch,
    ) -> Result<LocalCircle, Problem> {
        let own = self.device()?;
        let circle = answer.circle;
        let mut local = match self.circles.get(&circle) {
            Some(kept) => {
                let mut fresh = LocalCircle { documents: kept.documents.clone(), ..LocalCircle::new(circle) };
                fresh.position = kept.position;
                fresh.keyring.keys = kept.keyring.keys.clone();
                super::super::keyring::Keyring::delete_records(&circle, batch, 1, kept.keyring.history.chain().len());
                for pending in &kept.keyring.pending {
                    batch.delete(Tree::Statements, crate::sync::key::pending(&circle, &pending.id));
                }
                fresh
            }
            None => LocalCircle::new(circle),
        };
        let mut history = super::super::keyring::History::new(circle);
        let lost = self.circles.get(&circle).into_iter().flat_map(|kept| kept.keyring.history.chain().lost());
        for ((generation, position), hash) in lost {
            history.know_lost(*generation, *position, *hash);
        }
        if answer.from > 1 && !answer.records.is_empty() {
            return Err(unverified("its records do not begin at the first"));
        }
        for given in &answer.records {
            let given = super::with_join(given, join);
            history.take(given, crate::trust::Proof::Check).map_err(unverified)?;
        }
        let server = history.chain().standing().keys().map(|(_, server)| server);
        let head = answer.head.filter(|head| server.is_some_and(|server| head.verify(&server).is_ok()));
        if head.is_none() && !answer.records.is_empty() {
            return Err(unverified("the server did not sign where its records end"));
        }
        if head.is_some_and(|head| head.last != history.chain().head()) {
            return Err(unverified("its records do not lead to the end that it signs"));
        }
        local.keyring.head = head;
        for (statement, attachment) in history.statements() {
            local.keyring.take_keys(&circle, reader, batch, &statement, attachment);
            if reader.id() != own.id() {
                local.keyring.take_keys(&circle, own, batch, &statement, attachment);
            }
        }
        local.keyring.set_history(history);
        local.keyring.put_records(&circle, batch, 1);
        local.roster = local.keyring.roster(own.public());
        batch.put(Tree::Circles, circle.as_bytes(), local.encode());
        Ok(local)
    }
}

/// The server's answer does not bear itself out.
pub(super) fn unverified(detail: impl core::fmt::Display) -> Problem {
    Problem { why: Some(Why::AnswerUnverified), ..Problem::new(ProblemCode::LinkInvalid, detail) }
}
