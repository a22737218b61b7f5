//! Founding a circle, by the right that an organisation's link gave.

use crate::codec::Reader;
use crate::document::{TITLE_TEXT, is_seen};
use crate::ids::CircleId;
use crate::storage::{Batch, Tree};
use crate::trust::{Commission, Draft, Found, Founder, Knows, Signed, Statement, StatementBody, Verified, member_id};

use super::super::engine::{Attempt, Engine, Step};
use super::super::input::checked_name;
use super::super::kernel::Task;
use super::super::parts::circle::LocalCircle;
use super::super::parts::keyring::Keyring;
use super::super::problem::corrupt;
use super::super::{CommandId, Problem, ProblemCode, Why};
use super::COMMISSION_KEY;

/// Writes the names into a circle that was just made.
struct NameFounded {
    id: CommandId,
    circle: CircleId,
    name: String,
    circle_name: String,
}

impl Task<Engine> for NameFounded {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.name_founded(self.id, self.circle, &self.name, &self.circle_name)
    }

    fn fail(&mut self, engine: &mut Engine, problem: Problem) {
        engine.reply(self.id, Err(problem));
    }
}

impl Engine {
    /// Makes a circle, by the right that an organisation's link gave this phone.
    pub(in crate::client) fn found(&mut self, id: CommandId, name: &str, circle_name: &str) -> Attempt {
        let (name, circle_name) = (checked_name(name)?, circle_name.trim().to_owned());
        if !is_seen(&circle_name) {
            return Err(Problem::new(ProblemCode::Empty, "an empty name of a circle").into());
        }
        let over = TITLE_TEXT.over(&circle_name);
        if over > 0 {
            return Err(Problem::new(ProblemCode::TooLong, "a circle's name").counting(over as u64).into());
        }
        self.store_device()?;
        let kept = self.kernel.rows.value(Tree::Meta, COMMISSION_KEY.to_vec())?.ok_or_else(no_commission)?;
        let right = Commission::read(&mut Reader::new(kept)).map_err(corrupt)?;
        if self.circles.any(|local| founded_by(local, &right)) {
            return Err(Problem::of(ProblemCode::NotAllowed, Why::FoundUsed).into());
        }
        let Some((root, server)) = self.circles.iter().find_map(|(_, local)| local.keyring().shown().keys()) else {
            return Err(no_commission().into());
        };
        let own = self.device()?.clone();
        let (salt, member_salt) = (self.random.bytes(), self.random.bytes());
        let founder = Founder { device: *own.public(), salt: member_salt, commission: Some(right) };
        let body = StatementBody::Found(Found { root, server, salt, founder: Some(founder) });
        let (number, knows, time) = (0, Knows::NOTHING, self.request_time());
        let draft = Draft { circle: CircleId([0; 16]), number, knows, time, body };
        let statement = draft.by_own_hand(&own);
        let circle = Statement::circle_of(&statement.id());
        let mut batch = Batch::default();
        let mut keyring = Keyring::new(circle);
        keyring.let_in(member_id(&member_salt, &own.id()));
        keyring.push_pending(&circle, &mut batch, statement, Vec::new());
        keyring.fold_pending();
        let local = LocalCircle::new(keyring, own.public());
        local.put(&circle, &mut batch);
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    engine.circles.enter(circle, local);
                    engine.kernel.enqueue(NameFounded { id, circle, name, circle_name });
                }
                Err(problem) => engine.reply(id, Err(problem)),
            }),
        ))
    }

    /// Writes the names into a circle that was just made.
    pub(in crate::client) fn name_founded(
        &mut self,
        id: CommandId,
        circle: CircleId,
        name: &str,
        circle_name: &str,
    ) -> Attempt {
        self.names(&circle)?;
        let commit = self.edit_profile(&circle, |handle, now| {
            handle.set_own_name(name, now)?;
            if circle_name.is_empty() { Ok(()) } else { handle.set_circle_name(circle_name, now) }
        })?;
        self.finish_profile(circle, commit, move |engine, done| match done {
            Ok(()) => engine.show_circle(id, circle),
            Err(problem) => engine.reply(id, Err(problem)),
        })
    }
}

fn no_commission() -> Problem {
    Problem::of(ProblemCode::NotAllowed, Why::FoundNot)
}

/// Whether a circle on this phone was founded by this right: it founds one.
fn founded_by(local: &LocalCircle, right: &Signed<Commission>) -> bool {
    let is_by = |statement: &Verified<Statement>| match &statement.body {
        StatementBody::Found(found) => {
            found.founder.is_some_and(|founder| founder.commission.is_some_and(|it| it.is_same_right(right)))
        }
        _ => false,
    };
    let pending = local.keyring().pending().iter().any(|pending| is_by(&pending.statement));
    pending || local.keyring().history().statements().next().is_some_and(|(first, _)| is_by(&first))
}
