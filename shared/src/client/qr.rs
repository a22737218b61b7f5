//! Coming in with no network, by two QR codes: the new phone's keys one way, a grant and a key the other.

use crate::codec::DecodeError;
use crate::ids::{CircleId, DeviceId, MemberId};
use crate::seal::{EpochKey, SealProblem, open_keys, seal_keys, words};
use crate::storage::Batch;
use crate::trust::{Attached, DeviceSecret, Grant, KeyGroup, Role, SignatureInvalid, StatementBody};

use super::code::{NAME_BYTES_MAX, QR_KEYS_MAX, QrAnswer, QrAsk, framed};
use super::engine::{Attempt, Engine, Step};
use super::input::checked_name;
use super::kernel::Task;
use super::parts::asking::Asking;
use super::parts::circle::LocalCircle;
use super::parts::keyring::{Keyring, Pin};
use super::problems::key_waiting;
use super::say::{SaidBatch, Saying};
use super::view::{self, Reply};
use super::{CommandId, Problem, ProblemCode, Why};

/// The keys that a newcomer is given.
struct GrantedKeys {
    /// A new one, when the present one is not for them.
    begun: Option<(KeyGroup, EpochKey)>,
    /// Those that are there, the present one first.
    held: Vec<(KeyGroup, EpochKey)>,
}

impl GrantedKeys {
    /// With the past opened all that this phone holds of the circle's; else a new one, `fresh`.
    fn of(keyring: &Keyring, past: bool, fresh: EpochKey) -> Self {
        let current = keyring.sealing_key(&KeyGroup::Circle);
        let current = current.filter(|_| past && !keyring.shown().lacking(&KeyGroup::Circle).new_epoch);
        let mut held: Vec<(KeyGroup, EpochKey)> = Vec::new();
        if past {
            held.extend(current.iter().map(|(_, epoch_key)| (KeyGroup::Circle, epoch_key.clone())));
            let others = keyring.keys_of_group(&KeyGroup::Circle).into_iter().rev();
            held.extend(others.filter(|(_, other)| current.as_ref().is_none_or(|(_, epoch_key)| epoch_key != other)));
        }
        let begun = current.is_none().then_some((KeyGroup::Circle, fresh));
        Self { begun, held }
    }

    /// What lies beside the grant: the key to seal with first.
    fn boxed(&self) -> Vec<(KeyGroup, EpochKey)> {
        self.begun.iter().chain(&self.held[..self.boxed_len()]).cloned().collect()
    }

    /// What does not fit there.
    fn unboxed(&self) -> &[(KeyGroup, EpochKey)] {
        &self.held[self.boxed_len()..]
    }

    fn boxed_len(&self) -> usize {
        self.held.len().min(QR_KEYS_MAX - usize::from(self.begun.is_some()))
    }
}

/// Writes the name into a circle that was come into by code.
struct NameTaken {
    id: CommandId,
    circle: CircleId,
    name: String,
    words: Vec<u8>,
}

impl Task<Engine> for NameTaken {
    fn run(&mut self, engine: &mut Engine) -> Attempt {
        engine.name_taken(self.id, self.circle, &self.name, &self.words)
    }

    fn fail(&mut self, engine: &mut Engine, problem: Problem) {
        engine.reply(self.id, Err(problem));
    }
}

impl Engine {
    pub(super) fn qr_ask(&mut self, id: CommandId, name: &str) -> Attempt {
        let name = checked_name(name)?;
        self.store_device()?;
        let ask = QrAsk { device: *self.device()?.public(), name: cut_short(name.clone()) };
        let qr = framed(&ask.bytes());
        self.asking = Some(Asking::new(ask, name));
        self.reply(id, Ok(Reply::QrOffer(view::QrOffer { qr })));
        Ok(Step::Done)
    }

    pub(super) fn qr_grant(
        &mut self,
        id: CommandId,
        circle: CircleId,
        qr: &str,
        role: Role,
        past: bool,
        member: Option<MemberId>,
    ) -> Attempt {
        let ask = QrAsk::parse(qr).map_err(no_code)?;
        ask.device.check().map_err(|problem| Problem::new(ProblemCode::CodeInvalid, problem))?;
        let (me, _) = self.me(&circle)?;
        let (_, profile) = self.names(&circle)?;
        let (own, now) = (self.device()?.clone(), self.request_time());
        let mut keyring = self.local(&circle)?.keyring().clone();
        let left = keyring.warrant_left();
        let (warrant, _) = *keyring.warrant().filter(|_| left > 0).ok_or_else(warrant_used)?;
        if now > warrant.until {
            return Err(warrant_over().into());
        }
        keyring.use_warrant();
        let opens = past || member.is_some();
        let granted = GrantedKeys::of(&keyring, opens, EpochKey::from_entropy(self.random.bytes()));
        let keys = seal_keys(&granted.boxed(), &circle, &ask.device, self.random.bytes()).map_err(unusable)?;
        let grant = StatementBody::Grant(Grant {
            device: ask.device,
            member: member.unwrap_or_else(|| Grant::new_member(&warrant.id, &ask.device.id())),
            role,
            recovers: member.is_some(),
            past: opens,
            warrant: warrant.to_signed(),
            keys: Attached::of(&keys),
        });
        let said = self.say_as(&own, circle, keyring, vec![Saying { body: grant, attachment: keys.clone() }])?;
        let statement = said.keyring.pending().last().map(|pending| pending.statement.to_signed());
        let head = said.keyring.head();
        let mut batch = said.batch;
        let all = self.say_granted(&own, circle, said.keyring, granted, &ask.device.id())?;
        batch.puts.extend(all.batch.puts);
        let answer = QrAnswer {
            circle,
            leader: *own.public(),
            leader_member: me,
            grant: statement.ok_or_else(key_waiting)?,
            keys,
            head,
            name: cut_short(profile.name.value),
        };
        let shown = view::QrGrant { qr: framed(&answer.bytes()), words: compared(&ask, &answer), name: ask.name };
        self.store_said(SaidBatch { batch, circle, keyring: all.keyring }, move |engine, done| {
            engine.reply(id, done.map(|()| Reply::QrGrant(shown)));
        })
    }

    /// Says what of a newcomer's keys does not lie beside the grant: the new epoch that they were given the key of, and
    /// the older keys that did not fit.
    fn say_granted(
        &mut self,
        own: &DeviceSecret,
        circle: CircleId,
        mut keyring: Keyring,
        granted: GrantedKeys,
        device: &DeviceId,
    ) -> Result<SaidBatch, Problem> {
        let mut batch = Batch::default();
        let mut sayings = Vec::new();
        if let Some((group, epoch_key)) = &granted.begun {
            sayings.push(self.epoch_of(&circle, &keyring, *group, epoch_key)?);
            keyring.hold(&circle, &mut batch, *group, epoch_key.clone(), true);
        }
        for (group, epoch_key) in granted.unboxed() {
            sayings.push(self.share_of(&circle, &keyring, *group, epoch_key, &[*device])?);
        }
        let said = self.say_as(own, circle, keyring, sayings)?;
        batch.puts.extend(said.batch.puts);
        Ok(SaidBatch { batch, ..said })
    }

    pub(super) fn qr_take(&mut self, id: CommandId, qr: &str) -> Attempt {
        let asking = self.asking.clone().ok_or_else(|| Problem::of(ProblemCode::CodeInvalid, Why::AskFirst))?;
        let answer = QrAnswer::parse(qr, asking.ask()).map_err(no_code)?;
        let granted = answer.grant.clone().verify_author(&answer.leader.signing).map_err(forged)?;
        let circle = answer.circle;
        let shown = compared(asking.ask(), &answer);
        if self.circles.get(&circle).is_some_and(|local| !local.is_removed()) {
            let circle = self.circle_summary(&circle)?;
            self.reply(id, Ok(Reply::QrTaken(view::QrTaken { circle, words: shown })));
            return Ok(Step::Done);
        }
        let own = self.device()?.clone();
        let StatementBody::Grant(grant) = granted.body.clone() else {
            return Err(forged(SignatureInvalid).into());
        };
        // Whoever comes in is a member of their own, made of this phone's keys; who comes back is shown as who.
        if !makes_oneself(&grant, &own.id()) {
            return Err(Problem::of(ProblemCode::CodeInvalid, Why::SomebodyElses).into());
        }
        let keys = open_keys(&own, &circle, &answer.keys).map_err(|_| forged(SignatureInvalid))?;
        let Some((group, first)) = keys.first() else { return Err(forged(SignatureInvalid).into()) };
        let epoch = first.id(&circle, group);
        let mut batch = Batch::default();
        let mut keyring = Keyring::new(circle);
        let pin = Pin {
            device: answer.leader,
            leader: answer.leader_member,
            member: grant.member,
            role: grant.role,
            epoch,
            name: answer.name.clone(),
        };
        keyring.let_in_by_code(pin, answer.head);
        for (group, epoch_key) in keys {
            keyring.hold(&circle, &mut batch, group, epoch_key, false);
        }
        keyring.push_pending(&circle, &mut batch, granted, answer.keys.clone());
        keyring.fold_pending();
        let local = LocalCircle::new(keyring, own.public());
        local.put(&circle, &mut batch);
        let name = asking.name().to_owned();
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| match done {
                Ok(()) => {
                    engine.circles.enter(circle, local);
                    engine.kernel.enqueue(NameTaken { id, circle, name, words: shown });
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
    grant.device.id() == *own && (grant.recovers || grant.member == Grant::new_member(grant.warrant.claimed_id(), own))
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

fn no_code(error: DecodeError) -> Problem {
    Problem::new(ProblemCode::CodeInvalid, error)
}

fn forged(_: SignatureInvalid) -> Problem {
    Problem::of(ProblemCode::CodeInvalid, Why::Swapped)
}

fn unusable(_: SealProblem) -> Problem {
    Problem::new(ProblemCode::CodeInvalid, "a key that is not usable")
}

/// The leave is renewed long before it ends wherever there is a network: mostly it is the clock that is wrong.
fn warrant_over() -> Problem {
    Problem::of(ProblemCode::ClockWrong, Why::WarrantOver)
}

fn warrant_used() -> Problem {
    Problem::new(ProblemCode::WarrantUsed, "as many as the warrant says")
}
