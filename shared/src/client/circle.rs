//! Circles, people and names; enrolment; and which command goes where.

use crate::sorted::SortedMap;

use crate::document::{DocumentName, Handle, MemberName, ProfileView, Subject, shown_name};
use crate::ids::{ActorId, CircleId, DocumentId, MemberId, ThreadId};
use crate::trust::{Role, Roster, State};

use super::engine::{Attempt, Engine, Step, Stop, parse};
use super::kernel::Task;
use super::local::{LocalCommit, edit_problem};
use super::namesakes::told_apart;
use super::people::{Terms, shown_state};
use super::shown::contested_values;
use super::view::{self, ListName, Reply};
use super::{Command, CommandId, Problem, ProblemCode};

/// Names of a circle's people, as they stand among other words.
pub(super) struct Names {
    /// As they are shown: those whom several chose are told apart.
    shown: SortedMap<MemberId, String>,
    /// As people chose them.
    members: SortedMap<MemberId, String>,
    /// Of those whose devices named them at the same time, all their names, the shown one first.
    contested: SortedMap<MemberId, Vec<String>>,
    roster: Roster,
    actors: SortedMap<ActorId, MemberId>,
}

/// What a person asked for.
struct Asked {
    id: CommandId,
    command: Command,
}

impl Task<Engine> for Asked {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.command(self.id, &self.command)
    }

    fn fail(&mut self, engine: &mut Engine, problem: Problem) {
        engine.reply(self.id, Err(problem));
    }
}

/// Answers with a circle as lists show it.
pub(super) struct Summarise {
    pub(super) id: CommandId,
    pub(super) circle: CircleId,
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
    /// Does what a person asked for, after all that waits.
    pub(super) fn take_command(&mut self, id: CommandId, command: Command) {
        self.kernel.enqueue(Asked { id, command });
    }

    pub(super) fn command(&mut self, id: CommandId, command: &Command) -> Attempt {
        match command {
            Command::Circles => self.circles_command(id),
            Command::Enrol { link, name } => self.enrol(id, link, name),
            Command::Circle { circle } => self.circle_command(id, circle),
            Command::Rename { circle, name } => self.rename(id, circle, name),
            Command::Notes { circle } => self.notes(id, circle),
            Command::CreateNote { circle, day, ordinal, title } => self.create_note(id, circle, *day, *ordinal, title),
            Command::OpenNote { document } => self.open_note(id, document),
            Command::Passages { document } => self.passages(id, document),
            Command::EditNote { document, edit } => self.edit_note(id, document, edit),
            Command::Flush => self.flush_command(id),
            Command::ClockTold => self.clock_told(id),
            Command::Close { document } => self.close(id, document),
            Command::Threads { circle } => self.threads(id, circle),
            Command::CreateThread { circle, title } => self.create_thread(id, circle, title),
            Command::SetThread { circle, thread, title } => self.set_thread(id, circle, thread, title),
            Command::SetCircle { circle, name, agreement } => {
                self.set_circle(id, circle, name.as_deref(), agreement.as_deref())
            }
            Command::OpenThread { circle, thread, limit } => self.open_thread(id, circle, thread, *limit),
            Command::Send { circle, thread, text, reply_to } => {
                self.send(id, circle, thread, text, reply_to.as_deref())
            }
            Command::React { circle, thread, key, kind, on } => self.react(id, circle, thread, key, *kind, *on),
            Command::Seen { circle, thread } => self.mark_seen(id, circle, thread),
            Command::TakeBack { circle, thread, key } => self.take_back(id, circle, thread, key),
            Command::Found { name, circle_name } => self.found(id, name, circle_name),
            Command::People { circle } => self.people_command(id, circle),
            Command::Invite { circle, role, past, uses, days, once } => {
                self.invite(id, circle, *role, &Terms { past: *past, uses: *uses, days: *days, once })
            }
            Command::InviteDevice { circle, member, recovers, once } => {
                self.invite_device(id, circle, member, *recovers, once)
            }
            Command::Remove { circle, member, also } => self.remove_member(id, circle, member, also),
            Command::RemoveDevice { circle, device } => self.remove_device(id, circle, device),
            Command::Confirm { circle, member } => self.confirm(id, circle, member),
            Command::SetConversations { circle, everyone } => self.set_conversations(id, circle, *everyone),
            Command::Promote { circle, member } => self.promote(id, circle, member),
            Command::Demote { circle, member } => self.demote(id, circle, member),
            Command::Withdraw { circle, invite } => self.withdraw(id, circle, invite),
            Command::ResumedRead => self.resumed_read(id),
            Command::Dismiss { circle, statement } => self.dismiss(id, circle, statement),
            Command::GoOn { circle, with } => self.go_on(id, circle, *with),
            Command::QrAsk { name } => self.qr_ask(id, name),
            Command::QrGrant { circle, qr, role, past, member } => {
                self.qr_grant(id, circle, qr, *role, *past, member.as_deref())
            }
            Command::QrTake { qr } => self.qr_take(id, qr),
            Command::Paper { circle, once } => self.paper(id, circle, once),
            Command::PaperUse { code } => self.paper_use(id, code),
            Command::OpenSealed { circle, kind, member, day } => {
                self.open_sealed(id, circle, *kind, member.as_deref(), *day)
            }
            Command::Outbox => {
                self.reply(id, Ok(Reply::Outbox(self.outbox())));
                Ok(Step::Done)
            }
            Command::Status => {
                self.reply(id, Ok(Reply::Status(self.status())));
                Ok(Step::Done)
            }
            Command::Sync => self.sync_command(id),
        }
    }

    fn sync_command(&mut self, id: CommandId) -> Attempt {
        if self.circles.is_empty() {
            return Err(Problem::new(ProblemCode::NotEnrolled, "no circle").into());
        }
        self.exchange.waiters.push(id);
        self.sync_soon(0);
        Ok(Step::Done)
    }

    fn flush_command(&mut self, id: CommandId) -> Attempt {
        let Some((batch, after)) = self.commit_pending()? else {
            self.reply(id, Ok(Reply::Nothing));
            return Ok(Step::Done);
        };
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| {
                let reply = done.clone().map(|()| Reply::Nothing);
                after(engine, done);
                engine.reply(id, reply);
            }),
        ))
    }

    fn close(&mut self, id: CommandId, document: &str) -> Attempt {
        self.watched.remove(&parse::<DocumentId>(document, "the document")?);
        self.flush_command(id)
    }

    /// The names of a circle's people; loads its profile if need be.
    pub(super) fn names(&mut self, circle: &CircleId) -> Result<(Names, ProfileView), Stop> {
        let name = DocumentName::new(Subject::Profile);
        let profile = self.open(circle, &name)?.handle.profile().map_err(edit_problem)?;
        let local = self.local(circle)?;
        let document = name.id(circle);
        let me = self.device()?.id();
        let mut given: SortedMap<MemberId, Vec<MemberName>> = SortedMap::new();
        let mut actors = SortedMap::new();
        for (document, state) in &local.documents {
            for (actor, chain) in &state.chains {
                if let Some((author, _)) = local.roster.author(&chain.device) {
                    actors.insert(*actor, author.member);
                }
                let _ = document;
            }
        }
        if let (Some((author, _)), Some(open)) = (local.roster.author(&me), self.open.get(&document)) {
            actors.insert(*open.handle.actor(), author.member);
        }
        for name in &profile.members {
            if let Some(id) = actors.get(&name.author) {
                given.get_or_insert_with(*id, Vec::new).push(name.clone());
            }
        }
        for thread in &profile.threads {
            self.thread_titles.insert(thread.thread, shown_name(&thread.title.value));
        }
        let (mut members, mut contested) = (SortedMap::new(), SortedMap::new());
        for (member, mut names) in given {
            names.sort_by(|one, other| (other.set, &other.name).cmp(&(one.set, &one.name)));
            if names.len() > 1
                && let Some(open) = self.open.get(&document)
            {
                at_the_same_time(&open.handle, &mut names);
            }
            let mut shown: Vec<String> = names.iter().map(|name| shown_name(&name.name)).collect();
            members.insert(member, shown.first().cloned().unwrap_or_default());
            shown.dedup();
            if shown.len() > 1 {
                contested.insert(member, shown);
            }
        }
        let local = self.local(circle)?;
        let shown = told_apart(&members, local.keyring.shown.members().map(|record| record.id));
        Ok((Names { shown, members, contested, roster: local.roster.clone(), actors }, profile))
    }

    fn circles_command(&mut self, id: CommandId) -> Attempt {
        let circles: Vec<CircleId> = self.circles.keys().copied().collect();
        let mut summaries = Vec::new();
        for circle in circles {
            summaries.push(self.circle_summary(&circle)?);
        }
        self.reply(id, Ok(Reply::Circles(summaries)));
        Ok(Step::Done)
    }

    pub(super) fn summarise(&mut self, id: CommandId, circle: &CircleId) -> Attempt {
        let summary = self.circle_summary(circle)?;
        self.reply(id, Ok(Reply::CircleSummary(summary)));
        Ok(Step::Done)
    }

    pub(super) fn circle_summary(&mut self, circle: &CircleId) -> Result<view::CircleSummary, Stop> {
        let (names, profile) = self.names(circle)?;
        let unread = self.thread_summaries(circle)?.iter().map(|thread| thread.unread).sum();
        let members = names.members().len();
        let keyring = &self.local(circle)?.keyring;
        let standing = shown_state(keyring.state);
        let pinned = keyring.pin.as_ref().map(|pin| pin.name.clone()).unwrap_or_default();
        let name = if profile.name.value.is_empty() { pinned } else { profile.name.value };
        let name = shown_name(&name);
        let own = self.device()?.id();
        let (pending, warning) = (keyring.is_pending(&own), keyring.warning(&own));
        let may_begin = self.local(circle)?.roster.author(&own).is_some_and(|(author, _)| author.begins);
        Ok(view::CircleSummary {
            circle: circle.to_string(),
            name,
            members,
            unread,
            pending,
            standing,
            warning,
            may_begin,
        })
    }

    fn circle_command(&mut self, id: CommandId, circle: &str) -> Attempt {
        let circle = parse(circle, "the circle")?;
        let view = self.circle_view(&circle)?;
        self.reply(id, Ok(Reply::Circle(view)));
        Ok(Step::Done)
    }

    fn circle_view(&mut self, circle: &CircleId) -> Result<view::Circle, Stop> {
        let (names, profile) = self.names(circle)?;
        let (me, role) = self.me(circle)?;
        let members = names.members().into_iter().map(|(member, role)| names.member(&member, role, &me));
        let members: Vec<view::Member> = members.collect();
        let mine = members.iter().find(|member| member.me).cloned();
        // Whoever was taken out is among the members no more, and reads on.
        let mine = mine.unwrap_or_else(|| names.member(&me, role, &me));
        Ok(view::Circle {
            circle: circle.to_string(),
            names: contested_values(&names, &profile.name),
            agreements: contested_values(&names, &profile.agreement),
            name: shown_name(&profile.name.value),
            agreement: profile.agreement.value,
            me: mine,
            own_name: names.chosen(&me),
            members,
        })
    }

    /// Edits the profile and commits: `then` gives the reply once it is durable.
    pub(super) fn edit_profile(
        &mut self,
        circle: &CircleId,
        edit: impl Fn(&mut Handle, crate::time::TimestampMs) -> Result<(), crate::document::EditProblem>,
    ) -> Result<Option<LocalCommit>, Stop> {
        let now = self.now;
        let name = DocumentName::new(Subject::Profile);
        let open = self.open(circle, &name)?;
        if let Err(problem) = edit(&mut open.handle, now) {
            self.open.remove(&name.id(circle));
            return Err(edit_problem(problem).into());
        }
        Ok(self.commit_documents(&[name.id(circle)], &[])?)
    }

    fn rename(&mut self, id: CommandId, circle: &str, name: &str) -> Attempt {
        let circle: CircleId = parse(circle, "the circle")?;
        self.names(&circle)?;
        let commit = self.edit_profile(&circle, |handle, now| handle.set_own_name(name.trim(), now))?;
        self.finish_profile(circle, commit, move |engine, done| {
            match done {
                Ok(()) => {
                    let command = Command::Circle { circle: circle.to_string() };
                    engine.take_command(id, command);
                    engine.notify_lists(&circle, &[ListName::Circle, ListName::Circles]);
                }
                Err(problem) => engine.reply(id, Err(problem)),
            };
        })
    }

    fn set_circle(&mut self, id: CommandId, circle: &str, name: Option<&str>, agreement: Option<&str>) -> Attempt {
        let circle: CircleId = parse(circle, "the circle")?;
        self.lead(&circle)?;
        let commit = self.edit_profile(&circle, |handle, now| {
            name.map_or(Ok(()), |name| handle.set_circle_name(name.trim(), now))?;
            agreement.map_or(Ok(()), |agreement| handle.set_agreement(agreement.trim(), now))
        })?;
        self.finish_profile(circle, commit, move |engine, done| match done {
            Ok(()) => {
                let command = Command::Circle { circle: circle.to_string() };
                engine.take_command(id, command);
                engine.notify_lists(&circle, &[ListName::Circle, ListName::Circles]);
            }
            Err(problem) => engine.reply(id, Err(problem)),
        })
    }

    fn set_thread(&mut self, id: CommandId, circle: &str, thread: &str, title: &str) -> Attempt {
        let circle: CircleId = parse(circle, "the circle")?;
        let thread: ThreadId = parse(thread, "the thread")?;
        self.lead(&circle)?;
        let commit = self.edit_profile(&circle, |handle, now| handle.set_thread(&thread, title.trim(), now))?;
        self.finish_profile(circle, commit, move |engine, done| {
            engine.reply(id, done.map(|()| Reply::Nothing));
            engine.notify_lists(&circle, &[ListName::Threads]);
        })
    }

    /// Stops whoever may not write what belongs to the whole circle: the gate would refuse it.
    fn lead(&mut self, circle: &CircleId) -> Result<(), Stop> {
        self.names(circle)?;
        match self.me(circle)? {
            (_, Role::Facilitator) => Ok(()),
            _ => Err(Problem::new(ProblemCode::NotAllowed, "only facilitators name this").into()),
        }
    }

    /// Ends a task that edited the profile.
    pub(super) fn finish_profile(
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
        let document = DocumentName::new(Subject::Profile).id(&circle);
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| {
                match &done {
                    Ok(()) => engine.settle(commit),
                    Err(_) => {
                        engine.open.remove(&document);
                    }
                }
                then(engine, done);
            }),
        ))
    }
}

impl Names {
    /// The members who are here, each with the highest role of their devices.
    pub(super) fn members(&self) -> SortedMap<MemberId, Role> {
        let mut members: SortedMap<MemberId, Role> = SortedMap::new();
        for (_, entry) in self.roster.entries().filter(|(_, entry)| entry.now().state != State::Removed) {
            let now = entry.now().role;
            let role = members.get_or_insert_with(entry.member, || now);
            *role = now.max(*role);
        }
        members
    }

    /// What a member is called, told apart from others of that name; empty until their name came.
    pub(super) fn name(&self, member: &MemberId) -> String {
        self.shown.get(member).cloned().unwrap_or_default()
    }

    /// The name that a member chose.
    pub(super) fn chosen(&self, member: &MemberId) -> String {
        self.members.get(member).cloned().unwrap_or_default()
    }

    /// Whose an actor is.
    pub(super) fn member_of(&self, actor: &ActorId) -> Option<MemberId> {
        self.actors.get(actor).copied()
    }

    /// Whether a member was taken out since.
    pub(super) fn has_left(&self, member: &MemberId) -> bool {
        let mut devices = self.roster.entries().filter(|(_, entry)| entry.member == *member).peekable();
        devices.peek().is_some() && devices.all(|(_, entry)| entry.now().state == State::Removed)
    }

    /// The id and name behind an actor; both empty when it is not known.
    pub(super) fn author(&self, actor: &ActorId) -> (String, String) {
        let member = self.member_of(actor);
        member.map_or_else(Default::default, |member| (member.to_string(), self.name(&member)))
    }

    pub(super) fn member(&self, member: &MemberId, role: Role, me: &MemberId) -> view::Member {
        view::Member {
            member: member.to_string(),
            name: self.name(member),
            role: role.into(),
            me: member == me,
            names: self.contested.get(member).cloned().unwrap_or_default(),
        }
    }
}

/// Leaves of one member's names those that none of the others was written after.
fn at_the_same_time(handle: &Handle, names: &mut Vec<MemberName>) {
    let knew = |of: &MemberName, other: &MemberName| handle.knew_name(&of.author, &other.author);
    let is_old = |name: &MemberName| names.iter().any(|other| knew(other, name) && !knew(name, other));
    let old: Vec<ActorId> = names.iter().filter(|name| is_old(name)).map(|name| name.author).collect();
    names.retain(|name| !old.contains(&name.author));
}
