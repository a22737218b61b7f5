//! What people change of a circle's page: their own name, and as facilitators what all see.

use crate::document::Handle;
use crate::ids::{CircleId, ThreadId};
use crate::trust::Role;

use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::local::LocalCommit;
use crate::client::problems::edit_problem;
use crate::client::view::{ListName, Reply};
use crate::client::{Command, CommandId, Problem, ProblemCode};

impl Engine {
    /// Edits the profile and commits: `then` gives the reply once it is durable.
    pub(in crate::client) fn edit_profile(
        &mut self,
        circle: &CircleId,
        edit: impl Fn(&mut Handle, crate::time::TimestampMs) -> Result<(), crate::document::EditProblem>,
    ) -> Result<Option<LocalCommit>, Stop> {
        let now = self.now();
        let name = super::document();
        let open = self.open(circle, &name)?;
        if let Err(problem) = edit(&mut open.handle, now) {
            self.documents.take(&name.id(circle));
            return Err(edit_problem(problem).into());
        }
        Ok(self.commit_documents(&[name.id(circle)], &[])?)
    }

    pub(in crate::client) fn rename(&mut self, id: CommandId, circle: CircleId, name: &str) -> Attempt {
        self.names(&circle)?;
        let commit = self.edit_profile(&circle, |handle, now| handle.set_own_name(name.trim(), now))?;
        self.finish_profile(circle, commit, move |engine, done| {
            match done {
                Ok(()) => {
                    let command = Command::Circle { circle };
                    engine.take_command(id, command);
                    engine.notify_lists(&circle, &[ListName::Circle, ListName::Circles]);
                }
                Err(problem) => engine.reply(id, Err(problem)),
            };
        })
    }

    pub(in crate::client) fn set_circle(
        &mut self,
        id: CommandId,
        circle: CircleId,
        name: Option<&str>,
        agreement: Option<&str>,
    ) -> Attempt {
        self.lead(&circle)?;
        let commit = self.edit_profile(&circle, |handle, now| {
            name.map_or(Ok(()), |name| handle.set_circle_name(name.trim(), now))?;
            agreement.map_or(Ok(()), |agreement| handle.set_agreement(agreement.trim(), now))
        })?;
        self.finish_profile(circle, commit, move |engine, done| match done {
            Ok(()) => {
                let command = Command::Circle { circle };
                engine.take_command(id, command);
                engine.notify_lists(&circle, &[ListName::Circle, ListName::Circles]);
            }
            Err(problem) => engine.reply(id, Err(problem)),
        })
    }

    pub(in crate::client) fn set_thread(
        &mut self,
        id: CommandId,
        circle: CircleId,
        thread: ThreadId,
        title: &str,
    ) -> Attempt {
        self.lead(&circle)?;
        let commit = self.edit_profile(&circle, |handle, now| handle.set_thread(&thread, title.trim(), now))?;
        self.finish_profile(circle, commit, move |engine, done| {
            engine.reply(id, done.map(|()| Reply::Nothing));
            engine.notify_lists(&circle, &[ListName::Threads]);
        })
    }

    /// Stops whoever may not write what belongs to the whole circle: the gate would refuse it.
    pub(in crate::client) fn lead(&mut self, circle: &CircleId) -> Result<(), Stop> {
        self.names(circle)?;
        match self.me(circle)? {
            (_, Role::Facilitator) => Ok(()),
            _ => Err(Problem::new(ProblemCode::NotAllowed, "only facilitators name this").into()),
        }
    }

    /// Ends a task that edited the profile.
    pub(in crate::client) fn finish_profile(
        &mut self,
        circle: CircleId,
        commit: Option<LocalCommit>,
        then: impl FnOnce(&mut Self, Result<(), Problem>) + 'static,
    ) -> Attempt {
        let Some(mut commit) = commit else {
            then(self, Ok(()));
            return Ok(Step::Done);
        };
        let batch = core::mem::take(&mut commit.batch);
        let document = super::document().id(&circle);
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| {
                match &done {
                    Ok(()) => engine.settle(commit),
                    Err(_) => {
                        engine.documents.take(&document);
                    }
                }
                then(engine, done);
            }),
        ))
    }
}
