//! Strategies that are written here, said to have helped, and taken back.

use crate::document::{self, EditProblem, Moment, StrategyText};
use crate::ids::{ActorId, CircleId, MemberId};
use crate::seal::TextSalt;

use crate::client::engine::{Attempt, Engine, Stop};
use crate::client::problems::edit_problem;
use crate::client::room::MESSAGE_COST;
use crate::client::view::Reply;
use crate::client::{CommandId, Problem, ProblemCode, Why};

use super::list::{is_twin, unknown};

/// A strategy, as it was written.
pub(in crate::client) struct Written<'a> {
    pub(in crate::client) title: &'a str,
    pub(in crate::client) text: &'a str,
    pub(in crate::client) moments: &'a [Moment],
    pub(in crate::client) adapted_from: Option<&'a str>,
}

impl Engine {
    pub(in crate::client) fn add_strategy(
        &mut self,
        id: CommandId,
        circle: CircleId,
        written: &Written<'_>,
    ) -> Attempt {
        let moments = checked_moments(written.moments)?;
        let salt = TextSalt(self.random.bytes());
        let text = StrategyText { salt, title: written.title.trim().into(), text: written.text.trim().into(), moments };
        text.check().map_err(edit_problem)?;
        self.names(&circle)?;
        let (name, now) = (super::document(), self.now());
        self.open(&circle, &name)?;
        self.check_room(&circle, &name, MESSAGE_COST)?;
        let added = self.open(&circle, &name)?.handle.add_strategy(now, &text, written.adapted_from);
        let (key, body) = match added {
            Ok(added) => added,
            Err(problem) => return Err(self.not_written(&circle, problem)),
        };
        let document = name.id(&circle);
        self.documents.watch(document);
        self.commit_and(
            &[document],
            vec![body],
            move |engine| {
                let added = engine.strategy_shown(&circle, &key).ok();
                engine.reply(id, added.map(Reply::Strategy).ok_or_else(unknown));
            },
            id,
        )
    }

    pub(in crate::client) fn helped(&mut self, id: CommandId, circle: CircleId, key: &str, on: bool) -> Attempt {
        let (names, _) = self.names(&circle)?;
        let (me, _) = self.me(&circle)?;
        let now = self.now();
        let strategy = self.strategy_of(&circle, key)?;
        let others: Vec<ActorId> = strategy.helped.iter().map(|(actor, _)| *actor).collect();
        let theirs: Vec<ActorId> = others.into_iter().filter(|actor| names.member_of(actor) == Some(me)).collect();
        let said = match on {
            true => self.open(&circle, &super::document())?.handle.helped(key, true, &theirs, now),
            false => self.each_twin(&circle, &strategy, |handle, key| handle.helped(key, false, &theirs, now))?,
        };
        self.commit_strategy(id, circle, said)
    }

    pub(in crate::client) fn take_back_strategy(&mut self, id: CommandId, circle: CircleId, key: &str) -> Attempt {
        let (names, _) = self.names(&circle)?;
        let me: MemberId = self.me(&circle)?.0;
        let now = self.now();
        let strategy = self.strategy_of(&circle, key)?;
        if names.member_of(&strategy.author) != Some(me) {
            return Err(Problem::of(ProblemCode::NotAllowed, Why::NotYours).into());
        }
        // Whose the text is must be known before it can be removed.
        self.owners_known(&circle, [strategy.body])?;
        let taken = self.each_twin(&circle, &strategy, |handle, key| handle.take_back_strategy(key, now))?;
        self.commit_strategy(id, circle, taken)
    }

    /// For facilitators: hides a strategy, or shows it again.
    pub(in crate::client) fn hide_strategy(&mut self, id: CommandId, circle: CircleId, key: &str, on: bool) -> Attempt {
        self.lead(&circle)?;
        let now = self.now();
        let strategy = self.strategy_of(&circle, key)?;
        let hidden = self.each_twin(&circle, &strategy, |handle, key| handle.hide(key, on, now))?;
        self.commit_strategy(id, circle, hidden)
    }

    /// Does something with a strategy and its twins, up to the first that fails.
    fn each_twin(
        &mut self,
        circle: &CircleId,
        strategy: &document::Strategy,
        mut edit: impl FnMut(&mut document::Handle, &str) -> Result<(), EditProblem>,
    ) -> Result<Result<(), EditProblem>, Stop> {
        let (names, _) = self.names(circle)?;
        let handle = &mut self.open(circle, &super::document())?.handle;
        let found = handle.toolkit().map_err(edit_problem)?.strategies;
        let mut twins = found.iter().filter(|it| it.key == strategy.key || is_twin(&names, it, strategy));
        Ok(twins.try_for_each(|it| edit(handle, &it.key)))
    }

    fn strategy_of(&mut self, circle: &CircleId, key: &str) -> Result<document::Strategy, Stop> {
        let found = self.open(circle, &super::document())?.handle.toolkit().map_err(edit_problem)?.strategies;
        Ok(found.into_iter().find(|strategy| strategy.key == key).ok_or_else(unknown)?)
    }

    /// Commits what was done with one strategy, and answers.
    fn commit_strategy(&mut self, id: CommandId, circle: CircleId, done: Result<(), EditProblem>) -> Attempt {
        if let Err(problem) = done {
            return Err(self.not_written(&circle, problem));
        }
        let document = super::document().id(&circle);
        self.commit_and(&[document], Vec::new(), move |engine| engine.reply(id, Ok(Reply::Nothing)), id)
    }

    /// Nothing of what was begun stays in the open document.
    fn not_written(&mut self, circle: &CircleId, problem: EditProblem) -> Stop {
        self.documents.take(&super::document().id(circle));
        match problem {
            EditProblem::Full { .. } => Problem::of(ProblemCode::Full, Why::FullToolkit).into(),
            other => edit_problem(other).into(),
        }
    }
}

/// Moments as they are kept: each once, and none of the list by another name.
fn checked_moments(moments: &[Moment]) -> Result<Vec<Moment>, Problem> {
    let mut kept = Vec::new();
    for moment in moments {
        let moment = match moment {
            Moment::Own { word } => Moment::Own { word: word.trim().to_owned() },
            Moment::Later { code } => {
                Moment::listed(*code).ok_or_else(|| Problem::new(ProblemCode::BadInput, "no moment has the code 0"))?
            }
            listed => listed.clone(),
        };
        if !kept.contains(&moment) {
            kept.push(moment);
        }
    }
    Ok(kept)
}
