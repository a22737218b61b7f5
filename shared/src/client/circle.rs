//! Circles, people and names; enrolment; and which command goes where.

use crate::sorted::SortedMap;

use crate::document::{DocumentName, Handle, ProfileView, Subject};
use crate::ids::{ActorId, CircleId, DocumentId, InviteToken, MemberId, first_16, tagged_hash};
use crate::storage::{Batch, Tree};
use crate::trust::{EnrolRequest, Role, Roster};
use crate::wire::AnswerHeader;

use super::engine::{Attempt, Engine, Step, Stop, parse};
use super::local::{LocalCommit, edit_problem};
use super::view::{self, ListName, Reply};
use super::{Command, CommandId, Problem, ProblemCode};

/// An enrolment under way.
pub(super) struct Enrolling {
    pub command: CommandId,
    token: InviteToken,
    name: String,
    circle_name: String,
    salt: [u8; 16],
    circle: Option<CircleId>,
}

/// What an enrolment link says.
struct Link {
    token: InviteToken,
    circle: Option<CircleId>,
    circle_name: String,
}

/// Names of a circle's people.
pub(super) struct Names {
    members: SortedMap<MemberId, String>,
    roster: Roster,
    actors: SortedMap<ActorId, MemberId>,
}

impl Engine {
    pub(super) fn command(&mut self, id: CommandId, command: &Command) -> Attempt {
        match command {
            Command::Circles => self.circles_command(id),
            Command::Enrol { link, name } => self.enrol(id, link, name),
            Command::Circle { circle } => self.circle_command(id, circle),
            Command::Rename { circle, name } => self.rename(id, circle, name),
            Command::Notes { circle } => self.notes(id, circle),
            Command::CreateNote { circle, day, ordinal, title } => self.create_note(id, circle, *day, *ordinal, title),
            Command::OpenNote { document } => self.open_note(id, document),
            Command::EditNote { document, edit } => self.edit_note(id, document, edit),
            Command::Flush => self.flush_command(id),
            Command::Close { document } => self.close(id, document),
            Command::Threads { circle } => self.threads(id, circle),
            Command::CreateThread { circle, title } => self.create_thread(id, circle, title),
            Command::OpenThread { circle, thread, limit } => self.open_thread(id, circle, thread, *limit),
            Command::Send { circle, thread, text, reply_to } => {
                self.send(id, circle, thread, text, reply_to.as_deref())
            }
            Command::React { circle, thread, key, kind, on } => self.react(id, circle, thread, key, *kind, *on),
            Command::Seen { circle, thread } => self.mark_seen(id, circle, thread),
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
            let text = "This phone is in no circle yet: open an enrolment link.";
            return Err(Problem::new(ProblemCode::NotEnrolled, text).into());
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
        let mut newest: SortedMap<MemberId, (u64, String)> = SortedMap::new();
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
        for member in &profile.members {
            if let Some(id) = actors.get(&member.author) {
                let at = (member.set.0, member.name.clone());
                let newest = newest.get_or_insert_with(*id, || at.clone());
                if at > *newest {
                    *newest = at;
                }
            }
        }
        for thread in &profile.threads {
            self.thread_titles.insert(thread.thread, thread.title.clone());
        }
        let members = newest.into_iter().map(|(member, (_, name))| (member, name)).collect();
        let roster = self.local(circle)?.roster.clone();
        Ok((Names { members, roster, actors }, profile))
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

    fn circle_summary(&mut self, circle: &CircleId) -> Result<view::CircleSummary, Stop> {
        let (names, profile) = self.names(circle)?;
        let unread = self.thread_summaries(circle)?.iter().map(|thread| thread.unread).sum();
        let members = names.members().len();
        Ok(view::CircleSummary { circle: circle.to_string(), name: profile.name.value, members, unread })
    }

    fn circle_command(&mut self, id: CommandId, circle: &str) -> Attempt {
        let circle = parse(circle, "the circle")?;
        let view = self.circle_view(&circle)?;
        self.reply(id, Ok(Reply::Circle(view)));
        Ok(Step::Done)
    }

    fn circle_view(&mut self, circle: &CircleId) -> Result<view::Circle, Stop> {
        let (names, profile) = self.names(circle)?;
        let (me, _) = self.me(circle)?;
        let members = names.members().into_iter().map(|(member, role)| names.member(&member, role, &me));
        let members: Vec<view::Member> = members.collect();
        let mine = members.iter().find(|member| member.me).cloned();
        Ok(view::Circle {
            circle: circle.to_string(),
            name: profile.name.value,
            agreement: profile.agreement.value,
            me: mine.ok_or_else(|| Problem::new(ProblemCode::Removed, "this phone is not in the circle"))?,
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
                    engine.enqueue(super::engine::Task::Command { id, command });
                    engine.notify_lists(&circle, &[ListName::Circle, ListName::Circles]);
                }
                Err(problem) => engine.reply(id, Err(problem)),
            };
        })
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

    fn enrol(&mut self, id: CommandId, link: &str, name: &str) -> Attempt {
        let link = Link::parse(link)?;
        let name = name.trim();
        if name.is_empty() {
            return Err(Problem::new(ProblemCode::Empty, "Write the name you want to be known by.").into());
        }
        if name.len() > crate::document::MEMBER_NAME_BYTES_MAX {
            return Err(Problem::new(ProblemCode::TooLong, "That name is too long: use fewer letters.").into());
        }
        if let Some(circle) = link.circle.filter(|circle| self.circles.contains_key(circle)) {
            let summary = self.circle_summary(&circle)?;
            self.reply(id, Ok(Reply::CircleSummary(summary)));
            return Ok(Step::Done);
        }
        if self.exchange.enrolling.is_some() {
            return Err(Problem::new(ProblemCode::BadInput, "Another link is being opened: wait for it.").into());
        }
        let salt = self.enrolment_salt(&link.token)?;
        self.exchange.enrolling = Some(Enrolling {
            command: id,
            token: link.token,
            name: name.to_owned(),
            circle_name: link.circle_name,
            salt,
            circle: None,
        });
        self.sync_soon(0);
        Ok(Step::Done)
    }

    /// The same for the same phone and link, so that an enrolment whose answer was lost can be asked for again
    /// without making a second member.
    fn enrolment_salt(&self, token: &InviteToken) -> Result<[u8; 16], Problem> {
        let seed = self.device()?.seed();
        Ok(first_16(&tagged_hash("kith/enrol-salt/1", &[seed, token.as_bytes()])))
    }

    pub(super) fn send_enrol(&mut self) -> Attempt {
        if !self.device_stored {
            let mut batch = Batch::default();
            self.put_device(&mut batch);
            return Err(Stop::First(batch, Box::new(|engine, done| engine.device_stored = done.is_ok())));
        }
        let device = self.device()?.clone();
        let Some(enrolling) = &self.exchange.enrolling else { return Ok(Step::Done) };
        let body = EnrolRequest::sign(enrolling.token, &device, enrolling.salt).encode();
        self.send_request("/v1/enrol", body, false);
        Ok(Step::Done)
    }

    /// The server took the phone in: the circle and the keys are stored together, then the name is written.
    pub(super) fn take_enrolled(&mut self, answer: &AnswerHeader) -> Attempt {
        let Some(answer) = answer.circles.first() else {
            let text = "The server's answer to the link names no circle.";
            return Err(Problem::new(ProblemCode::ServerError, text).into());
        };
        let known = self.exchange.enrolling.as_ref().and_then(|enrolling| enrolling.circle);
        if let Some(circle) = known {
            return self.write_name(circle);
        }
        let circle = answer.circle;
        let mut local = self.circles.get(&circle).cloned().unwrap_or_default();
        local.roster = Roster::new(answer.roster.iter().copied());
        local.removed = false;
        let mut batch = Batch::default();
        batch.put(Tree::Circles, circle.as_bytes(), local.encode());
        Err(Stop::First(
            batch,
            Box::new(move |engine, done| {
                if done.is_ok() {
                    engine.circles.insert(circle, local);
                    if let Some(enrolling) = &mut engine.exchange.enrolling {
                        enrolling.circle = Some(circle);
                    }
                }
            }),
        ))
    }

    fn write_name(&mut self, circle: CircleId) -> Attempt {
        self.names(&circle)?;
        let (_, role) = self.me(&circle)?;
        let Some(enrolling) = self.exchange.enrolling.take() else { return Ok(Step::Done) };
        let names_circle = role == Role::Facilitator && !enrolling.circle_name.is_empty();
        let commit = self.edit_profile(&circle, |handle, now| {
            handle.set_own_name(&enrolling.name, now)?;
            if names_circle && handle.profile()?.name.value.is_empty() {
                handle.set_circle_name(&enrolling.circle_name, now)?;
            }
            Ok(())
        })?;
        let id = enrolling.command;
        self.finish_profile(circle, commit, move |engine, done| match done {
            Ok(()) => {
                let link = format!("#t={}&c={circle}", enrolling.token);
                let command = Command::Enrol { link, name: enrolling.name };
                engine.enqueue(super::engine::Task::Command { id, command });
                engine.notify_lists(&circle, &[ListName::Circles]);
            }
            Err(problem) => engine.reply(id, Err(problem)),
        })
    }
}

impl Names {
    /// The members, each with the highest role of their devices.
    pub(super) fn members(&self) -> SortedMap<MemberId, Role> {
        let mut members: SortedMap<MemberId, Role> = SortedMap::new();
        for (_, entry) in self.roster.entries() {
            let role = members.get_or_insert_with(entry.member, || entry.role);
            *role = entry.role.max(*role);
        }
        members
    }

    /// What a member is called; empty until their name came.
    pub(super) fn name(&self, member: &MemberId) -> String {
        self.members.get(member).cloned().unwrap_or_default()
    }

    /// Whose an actor is.
    pub(super) fn member_of(&self, actor: &ActorId) -> Option<MemberId> {
        self.actors.get(actor).copied()
    }

    /// The id and name behind an actor; both empty when it is not known.
    pub(super) fn author(&self, actor: &ActorId) -> (String, String) {
        let member = self.member_of(actor);
        member.map_or_else(Default::default, |member| (member.to_string(), self.name(&member)))
    }

    fn member(&self, member: &MemberId, role: Role, me: &MemberId) -> view::Member {
        view::Member {
            member: member.to_string(),
            name: self.name(member),
            role: match role {
                Role::Member => view::Role::Member,
                Role::Facilitator => view::Role::Facilitator,
            },
            me: member == me,
        }
    }
}

impl Link {
    /// Reads a link: everything after the last `?` or `#`, as `t=…&c=…&n=…`.
    fn parse(link: &str) -> Result<Self, Problem> {
        let invalid = || {
            let text = "This is not an enrolment link, or it was cut off. Ask for it again and open it whole.";
            Problem::new(ProblemCode::LinkInvalid, text)
        };
        let query = link.trim().rsplit(['?', '#']).next().unwrap_or_default();
        let part = |name: &str| {
            query.split('&').find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name).map(|(_, v)| v))
        };
        let token = part("t").and_then(|token| token.parse().ok()).ok_or_else(invalid)?;
        let circle = part("c").map(|circle| circle.parse().map_err(|_| invalid())).transpose()?;
        Ok(Self { token, circle, circle_name: part("n").map(percent_decode).unwrap_or_default() })
    }
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, tail)) = rest.split_first() {
        let escaped = (*byte == b'%').then(|| tail.get(..2)).flatten();
        let decoded =
            escaped.and_then(|hex| core::str::from_utf8(hex).ok()).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match decoded {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &tail[2..];
            }
            None => {
                bytes.push(if *byte == b'+' { b' ' } else { *byte });
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
