//! What people change of a circle's page: their own name, and as facilitators what all see.

use crate::document::{EditProblem, Handle, HelplineEdit, is_seen};
use crate::ids::{CircleId, ThreadId};
use crate::time::{Day, TimestampMs};
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
        self.finish_circle(id, circle, commit)
    }

    /// What facilitators decide: the circle's own fields, and whom its people can call.
    pub(in crate::client) fn edit_circle(&mut self, id: CommandId, circle: CircleId, command: &Command) -> Attempt {
        self.lead(&circle)?;
        let commit = self.edit_profile(&circle, |handle, now| write_circle(handle, command, now))?;
        self.finish_circle(id, circle, commit)
    }

    /// Ends a task that edited the profile by answering with the circle as it is then.
    pub(super) fn finish_circle(&mut self, id: CommandId, circle: CircleId, commit: Option<LocalCommit>) -> Attempt {
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

    /// Whether this phone's person is a facilitator.
    pub(in crate::client) fn leads(&self, circle: &CircleId) -> bool {
        matches!(self.me(circle), Ok((_, Role::Facilitator)))
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

/// Writes what a command decides in a circle's page; of any other there is nothing to write.
fn write_circle(handle: &mut Handle, command: &Command, now: TimestampMs) -> Result<(), EditProblem> {
    fn text(given: &Option<String>) -> Option<&str> {
        given.as_deref().map(str::trim)
    }
    match command {
        Command::SetCircle {
            name, agreement, follow_up_who, follow_up_by, about_alcohol, opening, closing, ..
        } => {
            text(name).map_or(Ok(()), |name| handle.set_circle_name(name, now))?;
            text(agreement).map_or(Ok(()), |agreement| handle.set_agreement(agreement, now))?;
            handle.set_follow_up(text(follow_up_who), text(follow_up_by), now)?;
            handle.set_rituals(text(opening), text(closing), now)?;
            about_alcohol.map_or(Ok(()), |about| handle.set_about_alcohol(about, now))
        }
        Command::AddAgreementLine { text, .. } => handle.add_agreement_line(text.trim(), now).map(|_| ()),
        Command::SetAgreementLine { item, text, .. } => {
            gone_is_gone(handle.set_agreement_line(item, text.trim(), now), text)
        }
        Command::AddRole { name, member, .. } => handle.add_role(name.trim(), member.as_ref(), now).map(|_| ()),
        Command::SetRole { item, name, member, .. } => {
            let done = handle.set_role(item, text(name), member.as_ref(), now);
            gone_is_gone(done, name.as_deref().unwrap_or("…"))
        }
        Command::AddHelpline { name, phone, sms, region, hours, language, checked, .. } => {
            let line = HelplineEdit {
                name: Some(name.trim()),
                phone: Some(phone.trim()),
                sms: Some(sms.trim()),
                region: Some(region.trim()),
                hours: Some(hours.trim()),
                language: Some(language.trim()),
                checked: checked.map(Day),
            };
            handle.add_helpline(&line, now).map(|_| ())
        }
        Command::SetHelpline { item, name, phone, sms, region, hours, language, checked, .. } => {
            let line = HelplineEdit {
                name: text(name),
                phone: text(phone),
                sms: text(sms),
                region: text(region),
                hours: text(hours),
                language: text(language),
                checked: checked.map(Day),
            };
            handle.set_helpline(item, &line, now)
        }
        Command::RemoveHelpline { item, .. } => handle.remove_helpline(item, now),
        _ => Ok(()),
    }
}

/// What was to be taken out and is not there any more is as its person wished.
fn gone_is_gone(done: Result<(), EditProblem>, text: &str) -> Result<(), EditProblem> {
    match done {
        Err(EditProblem::Unknown) if !is_seen(text) => Ok(()),
        done => done,
    }
}
