//! Coming into a circle with a network: by link, short code or printed code; and founding one.

mod found;
mod paper;

use crate::codec::Writer;
use crate::document::{MEMBER_NAME_TEXT, is_seen};
use crate::ids::{CircleId, InviteKey, first_16, tagged_hash};
use crate::seal::{decode_code, open_box};
use crate::storage::{Batch, Tree};
use crate::trust::bounds::CHAIN_RECORDS_MAX;
use crate::trust::{
    DeviceSecret, Draft, EnrolRequest, InviteFor, Join, Knows, MemberState, Role, Signer, Statement, StatementBody,
    member_id,
};
use crate::wire::{AnswerHeader, CIRCLES_MAX, CircleAnswer, GivenRecord, GivenText, Stated};

use super::engine::{Attempt, Engine, Step, Stop};
use super::exchange::ENROL_PATH;
use super::link::Link;
use super::say::JOIN_TIME;
use super::view::{ListName, Reply};
use super::{CommandId, Problem, ProblemCode, Why};

const COMMISSION_KEY: &[u8] = b"commission";
/// Most bytes of records, with what lies beside them, that an answer to a newcomer may come to.
const ENROL_BYTES_MAX: usize = 16 * 1024 * 1024;
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
                Some(at) if fits(&self.heard[at], &part) => {
                    self.heard[at].records.append(&mut part.records);
                    self.heard[at].head = part.head.or(self.heard[at].head);
                }
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

/// Whether a part goes on where a circle ends, and both are no more than a chain is.
fn fits(circle: &CircleAnswer, part: &CircleAnswer) -> bool {
    let records = || circle.records.iter().chain(&part.records);
    let bytes = |given: &GivenRecord| match &given.text {
        GivenText::Given(stated) => stated.statement.len() + stated.attachment.len(),
        GivenText::Named(id) => id.as_bytes().len(),
    };
    let goes_on = part.records.is_empty() || part.from == circle.from + circle.records.len() as u64;
    goes_on && records().count() as u64 <= CHAIN_RECORDS_MAX && records().map(bytes).sum::<usize>() <= ENROL_BYTES_MAX
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
        let bytes = decode_code(code).map_err(|problem| Problem::new(ProblemCode::CodeInvalid, problem))?;
        let bytes: [u8; PAPER_BYTES] =
            bytes.try_into().map_err(|_| Problem::of(ProblemCode::CodeInvalid, Why::OtherKind))?;
        let paper = DeviceSecret::from_paper(&bytes);
        self.begin_enrolling(Enrolling::new(id, Way::Paper { paper }))
    }

    fn begin_enrolling(&mut self, enrolling: Enrolling) -> Attempt {
        if self.exchange.enrolling.is_some() {
            return Err(Problem::of(ProblemCode::BadInput, Why::OtherLink).into());
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
                Some(circle) => EnrolRequest::join(join_of(circle, link, *salt, &device), &device, time),
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
        let empty = || Problem::of(ProblemCode::LinkInvalid, Why::OtherServer);
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
        let join = join_of(circle, link, *salt, &own);
        let mut batch = Batch::default();
        let mut local = self.checked(answer, &own, Some(&join), &mut batch)?;
        let standing = local.keyring.admitted().clone();
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
            let boxed = local.keyring.history.statements().find(|(statement, _)| statement.id() == invite.statement);
            let boxed = boxed.map(|(_, attachment)| attachment.to_vec()).unwrap_or_default();
            let opened = open_box(&link.secret.box_key(), &circle, &invite.invitation.key.0, &boxed);
            for (group, epoch_key) in opened.unwrap_or_default() {
                local.keyring.hold(&circle, &mut batch, group, epoch_key, false);
            }
        }
        local.keyring.let_in_as = Some(record.member);
        batch.put(Tree::Circles, circle.as_bytes(), local.encode());
        if let Some(commission) = &link.commission {
            let mut writer = Writer::new();
            commission.complete(&link.secret, &own.id()).write(&mut writer);
            batch.put(Tree::Meta, COMMISSION_KEY, writer.into_bytes());
        }
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
        self.kernel.enqueue(super::kinds::profile::list::Summarise { id, circle });
        self.notify_lists(&circle, &[ListName::Circles]);
        self.sync_soon(super::exchange::SEND_AFTER_MS);
    }
}

/// What a link lets this phone say to come in: the same each time, so that asking again makes no second member.
fn join_of(circle: CircleId, link: &Link, salt: [u8; 16], device: &DeviceSecret) -> Statement {
    let body = StatementBody::Join(Join::sign(&circle, &link.secret.public(), device, salt));
    let draft = Draft { circle, number: 0, knows: Knows::NOTHING, time: JOIN_TIME, body };
    draft.sign(Signer::Invite(&link.secret))
}

/// A name that can be taken.
pub(super) fn checked_name(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    if !is_seen(name) {
        return Err(Problem::new(ProblemCode::Empty, "an empty name"));
    }
    let over = MEMBER_NAME_TEXT.over(name);
    if over > 0 {
        return Err(Problem::new(ProblemCode::TooLong, "a name").counting(over as u64));
    }
    Ok(name.to_owned())
}

/// A record with the text of the Join that was sent, which the server names by its id.
fn with_join(given: &GivenRecord, join: Option<&Statement>) -> GivenRecord {
    match (&given.text, join) {
        (GivenText::Named(id), Some(join)) if join.id() == *id => {
            let stated = Stated { statement: join.encode(), attachment: Vec::new() };
            GivenRecord { text: GivenText::Given(stated), ..given.clone() }
        }
        _ => given.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::TimestampMs;

    fn frame(from: u64, records: usize, bytes: usize) -> AnswerHeader {
        let text = GivenText::Given(Stated { statement: vec![0; bytes], attachment: Vec::new() });
        let record = GivenRecord { time: TimestampMs(0), fold: 1, text };
        let circle = CircleAnswer { from, records: vec![record; records], ..CircleAnswer::of(CircleId([1; 16])) };
        AnswerHeader { time: TimestampMs(0), circles: vec![circle] }
    }

    #[test]
    fn an_answer_holds_no_more_than_a_chain_does() {
        const FRAME_RECORDS: usize = 4_096;
        let records_max = usize::try_from(CHAIN_RECORDS_MAX).unwrap();
        for (bytes, most) in [(1, records_max), (4_000, ENROL_BYTES_MAX / 4_000)] {
            let way = Way::Paper { paper: DeviceSecret::from_seed([1; 32]) };
            let mut enrolling = Enrolling::new(CommandId(1), way);
            (0..20).for_each(|n| enrolling.hear(frame(n * FRAME_RECORDS as u64 + 1, FRAME_RECORDS, bytes)));
            let heard = enrolling.heard();
            let whole_frames = most / FRAME_RECORDS * FRAME_RECORDS;
            assert_eq!((heard.len(), heard[0].records.len()), (1, whole_frames), "of {bytes} bytes each");
        }
    }

    #[test]
    fn a_part_that_does_not_go_on_is_left_out() {
        let way = Way::Paper { paper: DeviceSecret::from_seed([1; 32]) };
        let mut enrolling = Enrolling::new(CommandId(1), way);
        for from in [1, 3, 12] {
            enrolling.hear(frame(from, 2, 10));
        }
        assert_eq!(enrolling.heard()[0].records.len(), 4);
    }
}
