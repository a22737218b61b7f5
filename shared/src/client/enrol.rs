//! Coming into a circle with a network: by link, short code or printed code; and founding one.

mod found;
mod paper;

use crate::codec::Writer;
use crate::ids::{CircleId, InviteKey, first_16, tagged_hash};
use crate::seal::{decode_code, open_box};
use crate::storage::{Batch, Tree};
use crate::trust::{
    DeviceSecret, Draft, EnrolRequest, InviteFor, Join, Knows, MemberState, Role, Signed, Signer, Statement,
    StatementBody, member_id,
};
use crate::wire::{AnswerHeader, CircleAnswer, GivenRecord, GivenText, Stated};

use super::engine::{Attempt, Engine, Step, Stop};
use super::input::checked_name;
use super::kinds::profile::list::Summarise;
use super::link::{Link, PAPER_BYTES};
use super::parts::enrolling::{Enrolling, Way};
use super::parts::exchange::SEND_AFTER_MS;
use super::say::JOIN_TIME;
use super::view::{ListName, Reply};
use super::{CommandId, Problem, ProblemCode, Why};

const COMMISSION_KEY: &[u8] = b"commission";
/// Where a phone comes in.
const ENROL_PATH: &str = "/v1/enrol";

impl Engine {
    pub(super) fn enrol(&mut self, id: CommandId, link: &str, name: &str) -> Attempt {
        let link = Link::parse(link)?;
        let name = checked_name(name)?;
        if let Some(circle) = link.circle.filter(|circle| self.circles.get(circle).is_some()) {
            let summary = self.circle_summary(&circle)?;
            self.reply(id, Ok(Reply::CircleSummary(summary)));
            return Ok(Step::Done);
        }
        let salt = self.enrolment_salt(&link.secret.public())?;
        self.begin_enrolling(Enrolling::new(id, Way::Link { link, name, salt, is_stored: false }))
    }

    pub(super) fn paper_use(&mut self, id: CommandId, code: &str) -> Attempt {
        let bytes = decode_code(code).map_err(|problem| Problem::new(ProblemCode::CodeInvalid, problem))?;
        let bytes: [u8; PAPER_BYTES] =
            bytes.try_into().map_err(|_| Problem::of(ProblemCode::CodeInvalid, Why::OtherKind))?;
        let paper = DeviceSecret::from_paper(&bytes);
        self.begin_enrolling(Enrolling::new(id, Way::Paper { paper }))
    }

    fn begin_enrolling(&mut self, enrolling: Enrolling) -> Attempt {
        if self.enrolling.is_some() {
            return Err(Problem::of(ProblemCode::BadInput, Why::OtherLink).into());
        }
        self.enrolling = Some(enrolling);
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
        let Some(enrolling) = &mut self.enrolling else { return Ok(Step::Done) };
        enrolling.begin_anew();
        let body = match enrolling.way() {
            Way::Link { link, salt, .. } => match link.circle {
                None => EnrolRequest::find(&link.secret, time),
                Some(circle) => EnrolRequest::join(join_of(circle, link, *salt, &device), &device, time),
            },
            Way::Paper { paper } => EnrolRequest::come_back(paper, time),
        };
        let body = body.encode();
        let (id, request) = self.new_request(body.len());
        self.send_request((id, request.enrolling()), ENROL_PATH, body);
        Ok(Step::Done)
    }

    /// The phone's keys are durable before anybody hears of them.
    pub(super) fn store_device(&mut self) -> Result<(), Stop> {
        match self.phone.unstored() {
            Some(batch) => Err(Stop::First(
                batch,
                Box::new(|engine, done| {
                    if done.is_ok() {
                        engine.phone.note_stored();
                    }
                }),
            )),
            None => Ok(()),
        }
    }

    /// The server answered: for a short code with the circle, else with its statements.
    pub(super) fn take_enrolled(&mut self, answer: &AnswerHeader) -> Attempt {
        let empty = || Problem::of(ProblemCode::LinkInvalid, Why::OtherServer);
        let first = answer.circles.first().ok_or_else(empty)?;
        let Some(enrolling) = &mut self.enrolling else { return Ok(Step::Done) };
        match enrolling.way() {
            Way::Link { link, .. } if link.circle.is_none() => {
                enrolling.note_circle(first.circle);
                self.exchange.ask_again();
                Ok(Step::Done)
            }
            Way::Link { is_stored: true, .. } => self.write_name(first.circle),
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
        let join = join_of(circle, link, *salt, &own);
        let mut batch = Batch::default();
        let mut keyring = self.checked(answer, &own, Some(&join), &mut batch)?;
        let standing = keyring.admitted().clone();
        let Some(record) = standing.device(&own.id()).filter(|record| record.state != MemberState::Removed) else {
            return Err(paper::unverified("does not name this phone").into());
        };
        let invite = standing.invite(&link.secret.public());
        let is_oneself = record.introduced_by == join.id()
            && match invite.map(|invite| &invite.invitation.to) {
                Some(InviteFor::Role(_)) => record.member == member_id(salt, &own.id()),
                Some(InviteFor::Member { member, .. }) => record.member == *member,
                None => false,
            };
        if !is_oneself {
            return Err(paper::unverified("makes this phone somebody else's").into());
        }
        if let Some(invite) = invite {
            let boxed = keyring.history().statements().find(|(statement, _)| statement.id() == invite.statement);
            let boxed = boxed.map(|(_, attachment)| attachment.to_vec()).unwrap_or_default();
            let opened = open_box(&link.secret.box_key(), &circle, &invite.invitation.key.0, &boxed);
            for (group, epoch_key) in opened.unwrap_or_default() {
                keyring.hold(&circle, &mut batch, group, epoch_key, false);
            }
        }
        keyring.let_in(record.member);
        let local = self.with_checked(&circle, keyring)?;
        local.put(&circle, &mut batch);
        if let Some(commission) = &link.commission {
            let mut writer = Writer::new();
            commission.complete(&link.secret, &own.id()).write(&mut writer);
            batch.put(Tree::Meta, COMMISSION_KEY, writer.into_bytes());
        }
        Err(Stop::First(
            batch,
            Box::new(move |engine, done| {
                if done.is_ok() {
                    engine.circles.enter(circle, local);
                    if let Some(enrolling) = &mut engine.enrolling {
                        enrolling.note_stored();
                    }
                }
            }),
        ))
    }

    fn write_name(&mut self, circle: CircleId) -> Attempt {
        self.names(&circle)?;
        let (_, role) = self.me(&circle)?;
        let Some(Way::Link { link, name, .. }) = self.enrolling.as_ref().map(Enrolling::way) else {
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
        let Some(id) = self.enrolling.take().map(|enrolling| enrolling.command()) else { return Ok(Step::Done) };
        self.finish_profile(circle, commit, move |engine, done| match done {
            Ok(()) => engine.show_circle(id, circle),
            Err(problem) => engine.reply(id, Err(problem)),
        })
    }

    /// Answers a command with a circle.
    pub(super) fn show_circle(&mut self, id: CommandId, circle: CircleId) {
        self.kernel.enqueue(Summarise { id, circle });
        self.notify_lists(&circle, &[ListName::Circles]);
        self.sync_soon(SEND_AFTER_MS);
    }
}

/// What a link lets this phone say to come in: the same each time, so that asking again makes no second member.
fn join_of(circle: CircleId, link: &Link, salt: [u8; 16], device: &DeviceSecret) -> Signed<Statement> {
    let body = StatementBody::Join(Join::sign(&circle, &link.secret.public(), device, salt));
    let draft = Draft { circle, number: 0, knows: Knows::NOTHING, time: JOIN_TIME, body };
    draft.sign(Signer::Invite(&link.secret))
}

/// A record with the text of the Join that was sent, which the server names by its id.
fn with_join(given: &GivenRecord, join: Option<&Signed<Statement>>) -> GivenRecord {
    match (&given.text, join) {
        (GivenText::Named(id), Some(join)) if join.id() == *id => {
            let stated = Stated { statement: join.encode(), attachment: Vec::new() };
            GivenRecord { text: GivenText::Given(stated), ..given.clone() }
        }
        _ => given.clone(),
    }
}
