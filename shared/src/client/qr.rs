//! Coming in with no network, by two QR codes: the new phone's keys one way, a grant and a key the other.

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, DeviceId, MemberId, StatementId, tagged_hash};
use crate::seal::{EpochKey, base32, from_base32, words};
use crate::storage::Batch;
use crate::time::TimestampMs;
use crate::trust::{
    DevicePublic, Epoch, Grant, GrantLog, Inserted, Role, Share, Signature, SignatureInvalid, Statement,
    StatementAuthor, StatementBody, Warrant, Wrap,
};

use super::engine::{Attempt, Engine, Step, Stop, parse};
use super::enrol::checked_name;
use super::keyring::{Keyring, Pin};
use super::view::{self, Reply};
use super::{CommandId, Problem, ProblemCode};

const VERSION: u8 = 1;
const ASK: u8 = 1;
const GRANT: u8 = 2;
/// Bytes of a checksum at the end: what a camera misread is no code.
const CHECK_BYTES: usize = 4;
/// Longest name of a person or a circle in a code, in bytes.
const NAME_BYTES_MAX: usize = 40;
/// Most characters of either code.
const QR_CHARS_MAX: usize = 2_000;

/// What the new phone shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct QrAsk {
    pub device: DevicePublic,
    /// What its person wants to be called, cut short: so that who lets them in sees whom.
    pub name: String,
}

/// What the facilitator's phone answers with; a grant, with what the new phone knows itself left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct QrAnswer {
    pub circle: CircleId,
    pub leader: DevicePublic,
    pub leader_member: MemberId,
    pub grant: Statement,
    pub epoch: StatementId,
    pub check: [u8; 32],
    pub wrap: Wrap,
    pub name: String,
}

/// An asking phone: what it showed, and the name that its person chose.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    ask: QrAsk,
    name: String,
}

/// What gives a new device its keys.
struct GrantedKeys {
    /// To be said.
    bodies: Vec<StatementBody>,
    /// For the code.
    check: [u8; 32],
    wrap: Wrap,
    /// Of which epoch, unless it is the one that is yet to be said.
    epoch: Option<StatementId>,
}

impl QrAsk {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION).byte(ASK);
        self.device.write(&mut writer);
        writer.text(&self.name);
        writer.into_bytes()
    }

    /// Reads a code.
    pub(super) fn parse(text: &str) -> Result<Self, DecodeError> {
        let bytes = unframed(text)?;
        let mut reader = Reader::new(&bytes);
        expect(&mut reader, ASK)?;
        let device = DevicePublic::read(&mut reader)?;
        let ask = Self { device, name: reader.text(NAME_BYTES_MAX, "code's name")?.to_owned() };
        reader.finish("code")?;
        Ok(ask)
    }
}

impl QrAnswer {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(VERSION).byte(GRANT).raw(self.circle.as_bytes());
        self.leader.write(&mut writer);
        writer.raw(self.leader_member.as_bytes()).count(self.grant.parents.len());
        for parent in &self.grant.parents {
            writer.raw(parent.as_bytes());
        }
        writer.number(self.grant.time.0);
        if let StatementBody::Grant(grant) = &self.grant.body {
            writer.raw(grant.member.as_bytes()).flag(grant.role == Role::Facilitator);
            writer.flag(grant.recovers).flag(grant.past);
            // Circle and device of the warrant are the answer's.
            let mut warrant = Writer::new();
            grant.warrant.write(&mut warrant);
            writer.bytes(&warrant.into_bytes()[CircleId::LEN + DeviceId::LEN..]).number(grant.serial.into());
        }
        writer.raw(&self.grant.signature.0).raw(self.epoch.as_bytes()).raw(&self.check);
        writer.raw(&self.wrap.0).text(&self.name);
        writer.into_bytes()
    }

    /// Reads a code that answers one's own.
    pub(super) fn parse(text: &str, own: &QrAsk) -> Result<Self, DecodeError> {
        let bytes = unframed(text)?;
        let mut reader = Reader::new(&bytes);
        expect(&mut reader, GRANT)?;
        let circle = CircleId(reader.array("code's circle")?);
        let leader = DevicePublic::read(&mut reader)?;
        let leader_member = MemberId(reader.array("code's facilitator")?);
        let count = reader.count(crate::trust::PARENTS_MAX, "code's parents")?;
        let parents: Result<Vec<_>, _> = (0..count).map(|_| reader.array("code's parent").map(StatementId)).collect();
        let time = TimestampMs(reader.number("code's time")?);
        let member = MemberId(reader.array("code's member")?);
        let role = if reader.flag("code's role")? { Role::Facilitator } else { Role::Member };
        let (recovers, past) = (reader.flag("code's recovery")?, reader.flag("code's past")?);
        let tail = reader.bytes(200, "code's warrant")?;
        let warrant = [&circle.0[..], &leader.id().0, tail].concat();
        let mut warrant = Reader::new(&warrant);
        let grant = Grant {
            device: own.device,
            member,
            role,
            recovers,
            past,
            warrant: Warrant::read(&mut warrant)?,
            serial: reader.number_as("code's serial")?,
        };
        warrant.finish("code's warrant")?;
        let grant = Statement {
            circle,
            author: StatementAuthor::Device(leader.id()),
            parents: parents?,
            time,
            body: StatementBody::Grant(grant),
            signature: Signature(reader.array("code's signature")?),
            admission: None,
        };
        let answer = Self {
            circle,
            leader,
            leader_member,
            grant,
            epoch: StatementId(reader.array("code's epoch")?),
            check: reader.array("code's key check")?,
            wrap: Wrap(reader.array("code's key")?),
            name: reader.text(NAME_BYTES_MAX, "code's name")?.to_owned(),
        };
        reader.finish("code")?;
        Ok(answer)
    }
}

impl Engine {
    pub(super) fn qr_ask(&mut self, id: CommandId, name: &str) -> Attempt {
        let name = checked_name(name)?;
        self.store_device()?;
        let ask = QrAsk { device: *self.device()?.public(), name: cut_short(name.clone()) };
        let qr = framed(&ask.bytes());
        self.asking = Some(Asking { ask, name });
        self.reply(id, Ok(Reply::QrOffer(view::QrOffer { qr })));
        Ok(Step::Done)
    }

    pub(super) fn qr_grant(
        &mut self,
        id: CommandId,
        circle: &str,
        qr: &str,
        role: view::Role,
        past: bool,
        member: Option<&str>,
    ) -> Attempt {
        let circle: CircleId = parse(circle, "the circle")?;
        let ask = QrAsk::parse(qr).map_err(no_code)?;
        ask.device.check().map_err(|problem| Problem::new(ProblemCode::CodeInvalid, problem.to_string()))?;
        let returning = member.map(|member| parse::<MemberId>(member, "the member")).transpose()?;
        let (me, _) = self.me(&circle)?;
        let (_, profile) = self.names(&circle)?;
        let local = self.local(&circle)?.clone();
        let now = self.request_time();
        let usable = |(warrant, next): &(Warrant, u32)| *next < warrant.count && now <= warrant.until;
        let (warrant, serial) = local.keyring.warrant.filter(usable).ok_or_else(warrant_used)?;
        let grant = StatementBody::Grant(Grant {
            device: ask.device,
            member: returning.unwrap_or_else(|| Grant::new_member(&warrant, &ask.device.id())),
            role: if role == view::Role::Facilitator { Role::Facilitator } else { Role::Member },
            recovers: returning.is_some(),
            past: past || returning.is_some(),
            warrant,
            serial,
        });
        let own = self.device()?.clone();
        let mut local = self.local(&circle)?.clone();
        local.keyring.warrant = Some((warrant, serial + 1));
        let granted = self.say_as(&own, circle, local, vec![grant], true)?;
        let opens = past || returning.is_some();
        let GrantedKeys { bodies, check, wrap, epoch } =
            self.keys_for(&circle, granted.local.clone(), &ask.device, opens)?;
        let said = self.say_as(&own, circle, granted.local, bodies, false)?;
        let epoch = epoch.or_else(|| said.ids.first().copied()).ok_or_else(super::say::key_waiting)?;
        let statement = said.local.keyring.log.as_ref().and_then(|log| log.get(&granted.ids[0])).cloned();
        let answer = QrAnswer {
            circle,
            leader: *own.public(),
            leader_member: me,
            grant: statement.ok_or_else(super::say::key_waiting)?,
            epoch,
            check,
            wrap,
            name: cut_short(profile.name.value),
        };
        let shown = view::QrGrant { qr: framed(&answer.bytes()), words: compared(&ask, &answer), name: ask.name };
        let mut batch = granted.batch;
        batch.puts.extend(said.batch.puts);
        let ids = [granted.ids, said.ids].concat();
        self.store_said(super::say::Said { batch, circle, local: said.local, ids }, move |engine, done| {
            engine.reply(id, done.map(|()| Reply::QrGrant(shown)));
        })
    }

    /// What gives a new device its key: with the past opened, shares of all that this phone holds; else a new epoch.
    fn keys_for(
        &mut self,
        circle: &CircleId,
        local: super::engine::LocalCircle,
        device: &DevicePublic,
        past: bool,
    ) -> Result<GrantedKeys, Stop> {
        use crate::trust::KeyGroup::Circle;
        let sealed = |key: &EpochKey, entropy| crate::seal::wrap(key, circle, device, entropy).map(Wrap);
        let unusable =
            |_| Problem::new(ProblemCode::CodeInvalid, "The other phone's code has a key that is not usable.");
        let standing = std::sync::Arc::clone(&local.keyring.standing);
        let current = local.keyring.sealing_key(&Circle).filter(|_| past && !standing.lacking(&Circle).new_epoch);
        if let Some((epoch, key)) = current {
            let mut bodies = Vec::new();
            for (held, key) in self.keys_of_group(circle, &Circle)? {
                let wrap = sealed(&key, self.random.bytes()).map_err(unusable)?;
                bodies.push(StatementBody::Share(Share { epoch: held, wraps: vec![(device.id(), wrap)] }));
            }
            let wrap = sealed(&key, self.random.bytes()).map_err(unusable)?;
            return Ok(GrantedKeys { bodies, check: key.check(), wrap, epoch: Some(epoch) });
        }
        let key = EpochKey::from_entropy(self.random.bytes());
        let previous = standing.deepest_epoch(&Circle).map(|epoch| epoch.id);
        let mut wraps = Vec::new();
        for reader in standing.readers(&Circle) {
            let keys = standing.device(&reader).map(|record| record.keys);
            let entropy = self.random.bytes();
            let wrapped = keys.and_then(|keys| crate::seal::wrap(&key, circle, &keys, entropy).ok());
            wraps.extend(wrapped.map(|wrap| (reader, Wrap(wrap))));
        }
        wraps.sort_unstable_by_key(|(device, _)| *device);
        let wrap = sealed(&key, self.random.bytes()).map_err(unusable)?;
        let check = key.check();
        let body = StatementBody::Epoch(Epoch { group: Circle, previous, check, wraps });
        Ok(GrantedKeys { bodies: vec![body], check, wrap, epoch: None })
    }

    pub(super) fn qr_take(&mut self, id: CommandId, qr: &str) -> Attempt {
        let asking = self.asking.clone().ok_or_else(|| {
            Problem::new(ProblemCode::CodeInvalid, "Show this phone's own code to the facilitator first.")
        })?;
        let answer = QrAnswer::parse(qr, &asking.ask).map_err(no_code)?;
        let forged = |_: SignatureInvalid| {
            let text = "This code does not answer the one that this phone showed. Begin again, both of you.";
            Problem::new(ProblemCode::CodeInvalid, text)
        };
        answer.grant.verify(&answer.leader.signing).map_err(forged)?;
        let circle = answer.circle;
        let shown = compared(&asking.ask, &answer);
        if self.circles.get(&circle).is_some_and(|local| !local.is_removed()) {
            let circle = self.circle_summary(&circle)?;
            self.reply(id, Ok(Reply::QrTaken(view::QrTaken { circle, words: shown })));
            return Ok(Step::Done);
        }
        let own = self.device()?.clone();
        let StatementBody::Grant(grant) = &answer.grant.body else { return Err(forged(SignatureInvalid).into()) };
        // Whoever comes in is a member of their own, made of this phone's keys; who comes back is shown as who.
        if !makes_oneself(grant, &own.id()) {
            let text = "This code makes this phone somebody else's. Begin again, both of you.";
            return Err(Problem::new(ProblemCode::CodeInvalid, text).into());
        }
        let key = crate::seal::unwrap(&own, &circle, &answer.wrap.0, &answer.check);
        let key = key.map_err(|_| forged(SignatureInvalid))?;
        let mut log = GrantLog::new(circle);
        let taken = log.insert(answer.grant.clone());
        if !matches!(taken, Ok(Inserted::Waiting | Inserted::New)) {
            return Err(forged(SignatureInvalid).into());
        }
        let pin = Pin {
            device: answer.leader,
            leader: answer.leader_member,
            member: grant.member,
            role: grant.role,
            epoch: answer.epoch,
            name: answer.name.clone(),
        };
        let mut keyring = Keyring { pin: Some(pin), ..Keyring::of(log) };
        keyring.keys.insert(answer.epoch, key);
        keyring.unsaid.insert(answer.grant.id());
        let mut batch = Batch::default();
        let local = self.begun(&circle, keyring, &mut batch)?;
        let name = asking.name;
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    engine.circles.insert(circle, local);
                    engine.enqueue(super::engine::Task::NameTaken { id, circle, name, words: shown });
                }
                Err(problem) => engine.reply(id, Err(problem)),
            }),
        ))
    }

    /// Writes the name into a circle that was come into by code, and answers.
    pub(super) fn name_taken(&mut self, id: CommandId, circle: CircleId, name: &str, words: &[u8]) -> Attempt {
        self.names(&circle)?;
        let summary = self.circle_summary(&circle)?;
        let commit = self.edit_profile(&circle, |handle, now| handle.set_own_name(name, now))?;
        let words = words.to_vec();
        self.finish_profile(circle, commit, move |engine, done| {
            engine.reply(id, done.map(|()| Reply::QrTaken(view::QrTaken { circle: summary, words })));
            engine.notify_lists(&circle, &[view::ListName::Circles]);
            engine.sync_soon(0);
        })
    }
}

/// Whether a grant makes this phone what its person is: a member of their own, or, shown as such, one who comes back.
pub(super) fn makes_oneself(grant: &Grant, own: &DeviceId) -> bool {
    grant.device.id() == *own && (grant.recovers || grant.member == Grant::new_member(&grant.warrant, own))
}

/// The words that both screens show: of all that both codes say.
fn compared(ask: &QrAsk, answer: &QrAnswer) -> Vec<u8> {
    words(&[&ask.bytes(), &answer.bytes()]).to_vec()
}

fn cut_short(mut name: String) -> String {
    while name.len() > NAME_BYTES_MAX {
        name.pop();
    }
    name
}

fn expect(reader: &mut Reader<'_>, kind: u8) -> Result<(), DecodeError> {
    if reader.byte("code's version")? != VERSION || reader.byte("code's kind")? != kind {
        return Err(DecodeError::Invalid { what: "code's kind" });
    }
    Ok(())
}

/// Capitals and digits, which a QR code packs well, with a checksum.
pub(super) fn framed(bytes: &[u8]) -> String {
    let check = tagged_hash("kith/qr/1", &[bytes]);
    base32(&[bytes, &check[..CHECK_BYTES]].concat())
}

fn unframed(text: &str) -> Result<Vec<u8>, DecodeError> {
    if text.len() > QR_CHARS_MAX {
        return Err(DecodeError::TooLarge { what: "code", max: QR_CHARS_MAX });
    }
    let wrong = DecodeError::Invalid { what: "code" };
    let mut bytes = from_base32(text.trim()).ok_or(wrong)?;
    let at = bytes.len().checked_sub(CHECK_BYTES).ok_or(DecodeError::Short { what: "code" })?;
    let check = bytes.split_off(at);
    if tagged_hash("kith/qr/1", &[&bytes])[..CHECK_BYTES] == check[..] { Ok(bytes) } else { Err(wrong) }
}

fn no_code(error: DecodeError) -> Problem {
    let text = format!("That is no code of Kith, or of the other kind ({error}). Scan the other phone's screen again.");
    Problem::new(ProblemCode::CodeInvalid, text)
}

fn warrant_used() -> Problem {
    let text = "This phone may let in nobody more until it was online: the server gives it leave for some at a time.";
    Problem::new(ProblemCode::WarrantUsed, text)
}
