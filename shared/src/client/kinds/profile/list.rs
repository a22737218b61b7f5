//! Circles as they are listed and shown.

use crate::document::shown_name;
use crate::ids::CircleId;

use super::{belonging, helplines};
use crate::client::engine::{Attempt, Engine, Step, Stop};
use crate::client::kernel::Task;
use crate::client::view::{self, Reply};
use crate::client::{CommandId, Problem};

/// Answers with a circle as lists show it.
pub(in crate::client) struct Summarise {
    pub(in crate::client) id: CommandId,
    pub(in crate::client) circle: CircleId,
}

impl Task<Engine> for Summarise {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.summarise(self.id, &self.circle)
    }

    fn fail(&mut self, engine: &mut Engine, problem: Problem) {
        engine.reply(self.id, Err(problem));
    }
}

impl Engine {
    pub(in crate::client) fn circles_command(&mut self, id: CommandId) -> Attempt {
        let circles: Vec<CircleId> = self.circles.ids();
        let mut summaries = Vec::new();
        for circle in circles {
            summaries.push(self.circle_summary(&circle)?);
        }
        self.reply(id, Ok(Reply::Circles(summaries)));
        Ok(Step::Done)
    }

    pub(in crate::client) fn summarise(&mut self, id: CommandId, circle: &CircleId) -> Attempt {
        let summary = self.circle_summary(circle)?;
        self.reply(id, Ok(Reply::CircleSummary(summary)));
        Ok(Step::Done)
    }

    pub(in crate::client) fn circle_summary(&mut self, circle: &CircleId) -> Result<view::CircleSummary, Stop> {
        let (names, profile) = self.names(circle)?;
        let unread = self.thread_summaries(circle)?.iter().map(|thread| thread.unread).sum();
        let members = names.members().len();
        let keyring = self.local(circle)?.keyring();
        let standing = keyring.state().into();
        let pinned = keyring.pin().as_ref().map(|pin| pin.name.clone()).unwrap_or_default();
        let name = if profile.name.value.is_empty() { pinned } else { profile.name.value };
        let name = shown_name(&name);
        let own = self.device()?.id();
        let (pending, warning) = (keyring.is_pending(&own), keyring.warning(&own));
        let may_begin = self.local(circle)?.roster().author(&own).is_some_and(|(author, _)| author.begins);
        Ok(view::CircleSummary {
            circle: circle.to_string(),
            name,
            members,
            unread,
            pending,
            standing,
            warning,
            may_begin,
            leaving: self.leavings.of(circle).is_some(),
        })
    }

    pub(in crate::client) fn circle_command(&mut self, id: CommandId, circle: CircleId) -> Attempt {
        let view = self.circle_view(&circle)?;
        self.reply(id, Ok(Reply::Circle(Box::new(view))));
        Ok(Step::Done)
    }

    pub(in crate::client) fn circle_view(&mut self, circle: &CircleId) -> Result<view::Circle, Stop> {
        let (names, profile) = self.names(circle)?;
        let (me, role) = self.me(circle)?;
        let members = names.members().into_iter().map(|(member, role)| names.member(&member, role, &me));
        let members: Vec<view::Member> = members.collect();
        let mine = members.iter().find(|member| member.me).cloned();
        // Whoever was taken out is among the members no more, and reads on.
        let mine = mine.unwrap_or_else(|| names.member(&me, role, &me));
        let mut contested = helplines::contested(&names, &profile);
        contested.extend(belonging::contested(&names, &profile));
        let changed = self.agreement_changes(circle, &names, &profile, &me);
        let said = self.local(circle)?.keyring().shown().helplines();
        Ok(view::Circle {
            helplines: helplines::shown(&names, &profile, said),
            follow_up: helplines::follow_up(&profile),
            about_alcohol: profile.about_alcohol.first().is_some_and(|(about, _)| *about),
            lines: belonging::lines(&names, &profile),
            agreement_digest: belonging::digest(&profile),
            agreed: belonging::agreed(&names, &profile),
            changed,
            roles: belonging::roles(&names, &profile),
            contested,
            circle: circle.to_string(),
            names: names.contested(&profile.name),
            agreements: names.contested(&profile.agreement),
            name: shown_name(&profile.name.value),
            agreement: profile.agreement.value,
            opening: profile.opening.value,
            closing: profile.closing.value,
            me: mine,
            own_name: names.chosen(&me),
            members,
        })
    }
}
