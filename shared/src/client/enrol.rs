//! Coming into a circle with a network: by link, short code or printed code; and founding one.

use crate::codec::{Reader, Writer};
use crate::document::MEMBER_NAME_BYTES_MAX;
use crate::ids::{CircleId, InviteKey, StatementId, first_16, tagged_hash};
use crate::seal::{EpochId, EpochKey, decode_code, open_box};
use crate::storage::{Batch, Tree};
use crate::trust::{
    AddDevice, Commission, DeviceSecret, Draft, EnrolRequest, Found, Founder, GrantLog, Invitation, InviteFor, Join,
    LOG_BYTES_MAX, LOG_STATEMENTS_MAX, Remove, Role, Share, Signer, State, Statement, StatementBody, member_id,
};
use crate::wire::{AnswerHeader, CIRCLES_MAX, CircleAnswer};

use super::engine::{Attempt, Engine, LocalCircle, Step, Stop, corrupt};
use super::exchange::ENROL_PATH;
use super::keyring::Keyring;
use super::link::Link;
use super::say::JOIN_TIME;
use super::view::{ListName, Reply};
use super::{Command, CommandId, Problem, ProblemCode};

const COMMISSION_KEY: &[u8] = b"commission";
/// Bytes of a printed code.
pub(super) const PAPER_BYTES: usize = 16;

/// An enrolment under way.
pub(super) struct Enrolling {
    pub command: CommandId,
    way: Way,
    /// What the answer's frames said so far; whole at its end.
    heard: Vec<CircleAnswer>,
}

impl Enrolling {
    fn new(command: CommandId, way: Way) -> Self {
        Self { command, way, heard: Vec::new() }
    }

    /// Takes one frame of the answer: a circle that does not fit into one goes on in the next, up to a log's bounds.
    /// What is beyond them is left out: no circle has as much, so what is left is refused as it is checked.
    pub(super) fn hear(&mut self, answer: AnswerHeader) {
        for mut part in answer.circles {
            match self.heard.iter().position(|circle| circle.circle == part.circle) {
                Some(at) if fits(&self.heard[at], &part) => self.heard[at].statements.append(&mut part.statements),
                None if self.heard.len() < CIRCLES_MAX => self.heard.push(part),
                _ => {}
            }
        }
    }

    /// All that the answer said.
    pub(super) fn heard(&mut self) -> Vec<CircleAnswer> {
        core::mem::take(&mut self.heard)
    }
}

fn fits(circle: &CircleAnswer, part: &CircleAnswer) -> bool {
    let statements = || circle.statements.iter().chain(&part.statements);
    statements().count() <= LOG_STATEMENTS_MAX && statements().map(Vec::len).sum::<usize>() <= LOG_BYTES_MAX
}

enum Way {
    Link { link: Link, name: String, salt: [u8; 16], stored: bool },
    Paper { paper: DeviceSecret },
}

impl Engine {
    pub(super) fn enrol(&mut self, id: CommandId, link: &str, name: &str) -> Attempt {
        let link = Link::parse(link)?;
        let name = checked_name(name)?;
        if let Some(circle) = link.circle.filter(|circle| self.circles.contains_key(circle)) {
            let summary = self.circle_summary(&circle)?;
            self.reply(id, Ok(Reply::CircleSummary(summary)));
            return Ok(Step::Done);
        }
        let salt = self.enrolment_salt(&link.secret.public())?;
        self.begin_enrolling(Enrolling::new(id, Way::Link { link, name, salt, stored: false }))
    }

    pub(super) fn paper_use(&mut self, id: CommandId, code: &str) -> Attempt {
        let invalid = |text: String| Problem::new(ProblemCode::CodeInvalid, text);
        let bytes = decode_code(code).map_err(|problem| invalid(problem.to_string()))?;
        let bytes: [u8; PAPER_BYTES] =
            bytes.try_into().map_err(|_| invalid("That is a code of another kind, or not all of it.".to_owned()))?;
        let paper = DeviceSecret::from_paper(&bytes);
        self.begin_enrolling(Enrolling::new(id, Way::Paper { paper }))
    }

    fn begin_enrolling(&mut self, enrolling: Enrolling) -> Attempt {
        if self.exchange.enrolling.is_some() {
            return Err(Problem::new(ProblemCode::BadInput, "Another link is being opened: wait for it.").into());
        }
        self.exchange.enrolling = Some(enrolling);
        self.sync_soon(0);
        Ok(Step::Done)
    }

    /// The same for the same phone and link, so that an enrolment whose answer was lost can be asked for again
    /// without making a second member.
    fn enrolment_salt(&self, invite: &InviteKey) -> Result<[u8; 16], Problem> {
        let seed = self.device()?.seed();
        Ok(first_16(&tagged_hash("kith/enrol-salt/1", &[seed, invite.as_bytes()])))
    }

    pub(super) fn send_enrol(&mut self) -> Attempt {
        self.store_device()?;
        let (device, time) = (self.device()?.clone(), self.request_time());
        let Some(enrolling) = &self.exchange.enrolling else { return Ok(Step::Done) };
        let request = match &enrolling.way {
            Way::Link { link, salt, .. } => match link.circle {
                None => EnrolRequest::find(&link.secret, time),
                Some(circle) => {
                    let join = Join::sign(&circle, &link.secret.public(), &device, *salt);
                    let body = StatementBody::Join(join);
                    let draft = Draft { circle, parents: Vec::new(), time: JOIN_TIME, body };
                    EnrolRequest::Join(Box::new(draft.sign(Signer::Invite(&link.secret))))
                }
            },
            Way::Paper { paper } => EnrolRequest::come_back(paper, time),
        };
        if let Some(enrolling) = &mut self.exchange.enrolling {
            enrolling.heard.clear();
        }
        self.send_request(ENROL_PATH, request.encode(), false);
        Ok(Step::Done)
    }

    /// The phone's keys are durable before anybody hears of them.
    pub(super) fn store_device(&mut self) -> Result<(), Stop> {
        if self.device_stored {
            return Ok(());
        }
        let mut batch = Batch::default();
        self.put_device(&mut batch);
        Err(Stop::First(batch, Box::new(|engine, done| engine.device_stored = done.is_ok())))
    }

    /// The server answered: for a short code with the circle, else with its statements.
    pub(super) fn take_enrolled(&mut self, answer: &AnswerHeader) -> Attempt {
        let empty = || {
            let text = "The server's answer names no circle: perhaps the code is of another server.";
            Problem::new(ProblemCode::LinkInvalid, text)
        };
        let first = answer.circles.first().ok_or_else(empty)?;
        let Some(enrolling) = &mut self.exchange.enrolling else { return Ok(Step::Done) };
        match &mut enrolling.way {
            Way::Link { link, .. } if link.circle.is_none() => {
                link.circle = Some(first.circle);
                self.exchange.ask_again();
                Ok(Step::Done)
            }
            Way::Link { stored: true, .. } => self.write_name(first.circle),
            Way::Link { link, salt, .. } => {
                let (link, salt) = (link.clone(), *salt);
                self.store_joined(first, &link, &salt)
            }
            Way::Paper { paper } => {
                let paper = paper.clone();
                self.take_returned(answer, &paper)
            }
        }
    }

    /// Statements, opened keys and this phone's own keys are stored together; then the name is written.
    fn store_joined(&mut self, answer: &CircleAnswer, link: &Link, salt: &[u8; 16]) -> Attempt {
        let (circle, own) = (answer.circle, self.device()?.clone());
        let log = checked_log(answer)?;
        let mut keyring = Keyring::of(log);
        let standing = std::sync::Arc::clone(&keyring.standing);
        let Some(record) = standing.device(&own.id()).filter(|record| record.state != State::Removed) else {
            let text = "The server's answer does not name this phone. Ask for a new link.";
            return Err(Problem::new(ProblemCode::LinkInvalid, text).into());
        };
        let invite = invitation(keyring.log.as_deref(), &link.secret.public());
        let is_oneself = match invite.map(|invite| &invite.to) {
            Some(InviteFor::Role(_)) => record.member == member_id(salt, &own.id()),
            Some(InviteFor::Member { member, .. }) => record.member == *member,
            None => false,
        };
        if !is_oneself {
            let text = "The server's answer makes this phone somebody else's. Ask for a new link.";
            return Err(Problem::new(ProblemCode::LinkInvalid, text).into());
        }
        if let Some(invite) = invite {
            let opened = open_box(&link.secret.box_key(), &circle, &invite.key.0, &invite.sealed_box);
            for (epoch, key) in opened.unwrap_or_default() {
                let id = StatementId(epoch.0);
                if standing.epoch(&id).is_some_and(|epoch| epoch.check == key.check()) {
                    keyring.keys.insert(id, key);
                }
            }
        }
        keyring.unwrap_all(&circle, &own);
        let mut batch = Batch::default();
        if let Some(commission) = &link.commission {
            let mut writer = Writer::new();
            commission.complete(&link.secret, &own.id()).write(&mut writer);
            batch.put(Tree::Meta, COMMISSION_KEY, writer.into_bytes());
        }
        let local = self.begun(&circle, keyring, &mut batch)?;
        Err(Stop::First(
            batch,
            Box::new(move |engine, done| {
                if done.is_ok() {
                    engine.circles.insert(circle, local);
                    if let Some(Enrolling { way: Way::Link { stored, .. }, .. }) = &mut engine.exchange.enrolling {
                        *stored = true;
                    }
                }
            }),
        ))
    }

    /// A circle that begins on this phone with these statements and keys; all of it goes into the batch.
    pub(super) fn begun(&self, circle: &CircleId, keyring: Keyring, batch: &mut Batch) -> Result<LocalCircle, Problem> {
        let statements: Vec<Statement> = keyring.log.iter().flat_map(|log| log.all()).cloned().collect();
        let keys: Vec<StatementId> = keyring.keys.keys().copied().collect();
        keyring.put(circle, batch, &statements, &keys);
        let kept = self.circles.get(circle).cloned().unwrap_or_default();
        let roster = keyring.roster(self.device()?.public());
        let local = LocalCircle { keyring, roster, ..kept };
        batch.put(Tree::Circles, circle.as_bytes(), local.encode());
        Ok(local)
    }

    fn write_name(&mut self, circle: CircleId) -> Attempt {
        self.names(&circle)?;
        let (_, role) = self.me(&circle)?;
        let Some(Enrolling { way: Way::Link { link, name, .. }, .. }) = &self.exchange.enrolling else {
            return Ok(Step::Done);
        };
        let (link, name) = (link.clone(), name.clone());
        let names_circle = role == Role::Facilitator && !link.circle_name.is_empty();
        let commit = self.edit_profile(&circle, |handle, now| {
            handle.set_own_name(&name, now)?;
            if names_circle && handle.profile()?.name.value.is_empty() {
                handle.set_circle_name(&link.circle_name, now)?;
            }
            Ok(())
        })?;
        let Some(Enrolling { command: id, .. }) = self.exchange.enrolling.take() else { return Ok(Step::Done) };
        self.finish_profile(circle, commit, move |engine, done| match done {
            Ok(()) => engine.show_circle(id, circle),
            Err(problem) => engine.reply(id, Err(problem)),
        })
    }

    /// Answers a command with a circle.
    pub(super) fn show_circle(&mut self, id: CommandId, circle: CircleId) {
        self.enqueue(super::engine::Task::Summarise { id, circle });
        self.notify_lists(&circle, &[ListName::Circles]);
        self.sync_soon(super::exchange::SEND_AFTER_MS);
    }

    /// The circles of a printed code: this phone becomes its member's, other phones of theirs go.
    fn take_returned(&mut self, answer: &AnswerHeader, paper: &DeviceSecret) -> Attempt {
        let own = self.device()?.clone();
        let mut batch = Batch::default();
        let mut returned = Vec::new();
        for answer in &answer.circles {
            let mut keyring = Keyring::of(checked_log(answer)?);
            let standing = std::sync::Arc::clone(&keyring.standing);
            let Some(record) = standing.device(&paper.id()).filter(|record| record.state == State::Active) else {
                continue;
            };
            keyring.unwrap_all(&answer.circle, paper);
            let mut bodies = Vec::new();
            if standing.device(&own.id()).is_none() {
                bodies.push(StatementBody::AddDevice(AddDevice { device: *own.public(), paper: false }));
            }
            for (epoch, key) in &keyring.keys {
                let wrap = crate::seal::wrap(key, &answer.circle, own.public(), self.random.bytes());
                let wraps = wrap.map(|wrap| vec![(own.id(), crate::trust::Wrap(wrap))]).unwrap_or_default();
                bodies.push(StatementBody::Share(Share { epoch: *epoch, wraps }));
            }
            let lost = standing.devices().filter(|(device, other)| {
                other.member == record.member && !other.paper && other.state == State::Active && **device != own.id()
            });
            bodies.extend(lost.map(|(device, _)| StatementBody::Remove(Remove::Device(*device))));
            let local = self.begun(&answer.circle, keyring, &mut batch)?;
            let said = self.say_as(paper, answer.circle, local, bodies, false)?;
            batch.puts.extend(said.batch.puts);
            returned.push((answer.circle, said.local));
        }
        if returned.is_empty() {
            let text = "This code is not known here any more. Ask your facilitator for a way back.";
            return Err(Problem::new(ProblemCode::CodeInvalid, text).into());
        }
        let Some(Enrolling { command: id, .. }) = self.exchange.enrolling.take() else { return Ok(Step::Done) };
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    engine.circles.extend(returned);
                    engine.trust_changed = Some(engine.now);
                    engine.enqueue(super::engine::Task::Command { id, command: Command::Circles });
                    engine.sync_soon(0);
                }
                Err(problem) => engine.reply(id, Err(problem)),
            }),
        ))
    }

    /// Makes a circle, by the right that an organisation's link gave this phone.
    pub(super) fn found(&mut self, id: CommandId, name: &str, circle_name: &str) -> Attempt {
        let (name, circle_name) = (checked_name(name)?, circle_name.trim().to_owned());
        if circle_name.is_empty() {
            return Err(Problem::new(ProblemCode::Empty, "Write what the circle is called.").into());
        }
        self.store_device()?;
        let Some(right) = self.commission else {
            return Err(Stop::Read(
                vec![crate::storage::Read::Get { tree: Tree::Meta, key: COMMISSION_KEY.to_vec() }],
                Box::new(|engine, results| {
                    let bytes = results.into_iter().next().and_then(crate::storage::ReadResult::value);
                    let bytes = bytes.ok_or_else(no_commission)?;
                    engine.commission = Some(Commission::read(&mut Reader::new(&bytes)).map_err(corrupt)?);
                    Ok(())
                }),
            ));
        };
        let Some((root, server)) = self.circles.values().find_map(|local| local.keyring.standing.keys()) else {
            return Err(no_commission().into());
        };
        let own = self.device()?.clone();
        let (salt, member_salt) = (self.random.bytes(), self.random.bytes());
        let founder = Founder { device: *own.public(), salt: member_salt, commission: Some(right) };
        let body = StatementBody::Found(Found { root, server, salt, founder: Some(founder) });
        let draft = Draft { circle: CircleId([0; 16]), parents: Vec::new(), time: self.request_time(), body };
        let refused = |problem: crate::trust::StatementProblem| {
            Problem::new(ProblemCode::NotAllowed, format!("The circle could not be made: {problem}."))
        };
        let statement = draft.sign(Signer::Device(&own));
        let (circle, log) = GrantLog::found(statement.clone()).map_err(refused)?;
        let mut keyring = Keyring::of(log);
        keyring.unsaid.insert(statement.id());
        let mut batch = Batch::default();
        let local = self.begun(&circle, keyring, &mut batch)?;
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    engine.circles.insert(circle, local);
                    engine.enqueue(super::engine::Task::NameFounded { id, circle, name, circle_name });
                }
                Err(problem) => engine.reply(id, Err(problem)),
            }),
        ))
    }

    /// Writes the names into a circle that was just made.
    pub(super) fn name_founded(&mut self, id: CommandId, circle: CircleId, name: &str, circle_name: &str) -> Attempt {
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

/// A name that can be taken.
pub(super) fn checked_name(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Problem::new(ProblemCode::Empty, "Write the name you want to be known by."));
    }
    if name.len() > MEMBER_NAME_BYTES_MAX {
        return Err(Problem::new(ProblemCode::TooLong, "That name is too long: use fewer letters."));
    }
    Ok(name.to_owned())
}

/// The statements of an answer, each checked, and of the circle that they found.
fn checked_log(answer: &CircleAnswer) -> Result<GrantLog, Problem> {
    let wrong = |why: String| {
        let text = format!("The server's answer could not be verified ({why}). Ask for a new link.");
        Problem::new(ProblemCode::LinkInvalid, text)
    };
    let mut log = GrantLog::new(answer.circle);
    for bytes in &answer.statements {
        let statement = Statement::decode(bytes).map_err(|error| wrong(error.to_string()))?;
        log.insert(statement).map_err(|problem| wrong(problem.to_string()))?;
    }
    Ok(log)
}

fn invitation<'a>(log: Option<&'a GrantLog>, key: &InviteKey) -> Option<&'a Invitation> {
    log?.invite(key).map(|(_, invite)| invite)
}

fn no_commission() -> Problem {
    let text = "Only facilitators whom the organisation let in can start a circle: ask it for a link.";
    Problem::new(ProblemCode::NotAllowed, text)
}

/// Keys for an invite's box: as many of the newest as fit.
pub(super) fn boxed(keys: Vec<(StatementId, EpochKey)>) -> Vec<(EpochId, EpochKey)> {
    const KEYS_MAX: usize = 120;
    let from = keys.len().saturating_sub(KEYS_MAX);
    keys.into_iter().skip(from).map(|(epoch, key)| (EpochId(epoch.0), key)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::TimestampMs;

    fn frame(statements: usize, bytes: usize) -> AnswerHeader {
        let circle =
            CircleAnswer { statements: vec![vec![0; bytes]; statements], ..CircleAnswer::of(CircleId([1; 16])) };
        AnswerHeader { time: TimestampMs(0), circles: vec![circle] }
    }

    #[test]
    fn an_answer_holds_no_more_than_a_log_does() {
        const FRAME_STATEMENTS: usize = 64;
        for (bytes, most) in [(1, LOG_STATEMENTS_MAX), (1_000, LOG_STATEMENTS_MAX), (64_000, LOG_BYTES_MAX / 64_000)] {
            let way = Way::Paper { paper: DeviceSecret::from_seed([1; 32]) };
            let mut enrolling = Enrolling::new(CommandId(1), way);
            (0..100).for_each(|_| enrolling.hear(frame(FRAME_STATEMENTS, bytes)));
            let heard = enrolling.heard();
            let whole_frames = most / FRAME_STATEMENTS * FRAME_STATEMENTS;
            assert_eq!((heard.len(), heard[0].statements.len()), (1, whole_frames), "of {bytes} bytes each");
        }
    }
}
