//! Coming back by a printed code.

use crate::ids::{CircleId, DeviceId};
use crate::storage::{Batch, Tree};
use crate::sync::key;
use crate::trust::{AddDevice, Attached, DeviceSecret, MemberState, Remove, StatementBody};
use crate::wire::AnswerHeader;

use super::super::engine::{Attempt, Engine, Step};
use super::super::parts::circle::LocalCircle;
use super::super::parts::keyring::{History, Keyring};
use super::super::say::Saying;
use super::super::{Command, Problem, ProblemCode, Why};

impl Engine {
    /// The circles of a printed code: this phone becomes its member's, other phones of theirs go.
    pub(super) fn take_returned(&mut self, answer: &AnswerHeader, paper: &DeviceSecret) -> Attempt {
        let mut batch = Batch::default();
        let mut returned = Vec::new();
        for answer in &answer.circles {
            // Anybody who leads a circle can grant this code's keys there: such a circle neither takes its person in
            // nor keeps them from their own.
            let mut rows = Batch::default();
            let Ok(mut keyring) = self.checked(answer, paper, None, &mut rows) else { continue };
            let record = keyring.admitted().device(&paper.id());
            let Some(record) = record.filter(|record| record.state == MemberState::Active && record.paper) else {
                continue;
            };
            batch.deletes.extend(rows.deletes);
            batch.puts.extend(rows.puts);
            keyring.let_in(record.member);
            let sayings = self.return_sayings(&answer.circle, &keyring, paper)?;
            let said = self.say_as(paper, answer.circle, keyring, sayings)?;
            batch.puts.extend(said.batch.puts);
            let local = self.with_checked(&answer.circle, said.keyring)?;
            local.put(&answer.circle, &mut batch);
            returned.push((answer.circle, local));
        }
        if returned.is_empty() {
            return Err(Problem::of(ProblemCode::CodeInvalid, Why::PaperUnknown).into());
        }
        let Some(id) = self.enrolling.take().map(|enrolling| enrolling.command()) else { return Ok(Step::Done) };
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    for (circle, local) in returned {
                        engine.circles.enter(circle, local);
                    }
                    engine.upkeep.note_change(engine.clock.steady());
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
        keyring: &Keyring,
        paper: &DeviceSecret,
    ) -> Result<Vec<Saying>, Problem> {
        let own = self.device()?.clone();
        let standing = keyring.admitted();
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
        join: Option<&crate::trust::Signed<crate::trust::Statement>>,
        batch: &mut Batch,
    ) -> Result<Keyring, Problem> {
        let own = self.device()?;
        let circle = answer.circle;
        let (mut keyring, mut history) = (Keyring::new(circle), History::new(circle));
        if let Some(kept) = self.circles.get(&circle).map(LocalCircle::keyring) {
            keyring = Keyring::with_keys_of(circle, kept);
            let chain = kept.history().chain();
            Keyring::delete_records(&circle, batch, 1, chain.len());
            for pending in kept.pending() {
                batch.delete(Tree::Statements, key::pending(&circle, &pending.id));
            }
            for ((generation, position), hash) in chain.lost() {
                history.know_lost(*generation, *position, *hash);
            }
        }
        if answer.from > 1 && !answer.records.is_empty() {
            return Err(unverified("its records do not begin at the first"));
        }
        for given in &answer.records {
            let given = super::with_join(given, join);
            history.take(given).map_err(unverified)?;
        }
        let server = history.chain().standing().keys().map(|(_, server)| server);
        let head = answer.head.zip(server).and_then(|(head, server)| head.verify(&server).ok());
        if head.is_none() && !answer.records.is_empty() {
            return Err(unverified("the server did not sign where its records end"));
        }
        if head.is_some_and(|head| head.last != history.chain().head()) {
            return Err(unverified("its records do not lead to the end that it signs"));
        }
        for (statement, attachment) in history.statements() {
            keyring.take_keys(&circle, reader, batch, &statement, attachment);
            if reader.id() != own.id() {
                keyring.take_keys(&circle, own, batch, &statement, attachment);
            }
        }
        keyring.take_checked(history, head);
        keyring.put_records(&circle, batch, 1);
        Ok(keyring)
    }

    /// A circle with a keyring that was checked, and the documents that are here of it.
    pub(super) fn with_checked(&self, circle: &CircleId, keyring: Keyring) -> Result<LocalCircle, Problem> {
        let own = self.phone.public()?;
        Ok(match self.circles.get(circle) {
            Some(kept) => kept.with_other(keyring, own),
            None => LocalCircle::new(keyring, own),
        })
    }
}

/// The server's answer does not bear itself out.
pub(super) fn unverified(detail: impl core::fmt::Display) -> Problem {
    Problem { why: Some(Why::AnswerUnverified), ..Problem::new(ProblemCode::LinkInvalid, detail) }
}
