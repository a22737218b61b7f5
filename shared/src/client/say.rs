//! Statements that this phone makes: who comes in and who goes, and the keys' epochs that follow.

use crate::ids::{CircleId, DeviceId, EpochId};
use crate::seal::EpochKey;
use crate::storage::{Batch, Tree};
use crate::time::TimestampMs;
use crate::trust::{
    At, Attached, DeviceSecret, Draft, Epoch, KeyGroup, Proof, Readers, Share, Signer, Standing, StatementBody,
    StatementProblem,
};
use crate::wire::{STATEMENTS_MAX, Stated};

use super::engine::{Engine, LocalCircle, Stop};
use super::view::ListName;
use super::{Problem, ProblemCode, Why};

/// The time that a statement of a joining phone says: none, so that asking again makes the same statement.
pub(super) const JOIN_TIME: TimestampMs = TimestampMs(0);

/// Something to be said, with what lies beside it.
pub(super) struct Saying {
    pub body: StatementBody,
    pub attachment: Vec<u8>,
}

impl From<StatementBody> for Saying {
    fn from(body: StatementBody) -> Self {
        Self { body, attachment: Vec::new() }
    }
}

/// Statements that are ready to be stored.
pub(super) struct SaidBatch {
    pub batch: Batch,
    pub circle: CircleId,
    pub local: LocalCircle,
}

impl Engine {
    /// Says these, one after the other, as this device.
    pub(super) fn say(&mut self, circle: &CircleId, sayings: Vec<Saying>) -> Result<SaidBatch, Problem> {
        let device = self.device()?.clone();
        let local = self.local(circle)?.clone();
        self.say_as(&device, *circle, local, sayings)
    }

    /// Says these on top of a circle's state as some device. They are pending until the server admits them.
    pub(super) fn say_as(
        &mut self,
        device: &DeviceSecret,
        circle: CircleId,
        mut local: LocalCircle,
        sayings: Vec<Saying>,
    ) -> Result<SaidBatch, Problem> {
        let (time, author) = (self.request_time(), device.id());
        let own = *self.device()?.public();
        let keyring = &mut local.keyring;
        if keyring.is_other_person(&own.id()) {
            return Err(other_person());
        }
        let mut batch = Batch::default();
        let mut shown = Standing::clone(&keyring.shown);
        for Saying { body, attachment } in sayings {
            let knows = keyring.history.chain().head();
            if knows.position == 0 {
                return Err(not_here());
            }
            let number = keyring.next_number(&author);
            let statement = Draft { circle, number, knows, time, body }.sign(Signer::Device(device));
            let at = At { position: shown.position() + 1, time: shown.next_time(time), late: None };
            shown.admit(at, statement.id(), &statement, Proof::Trusted).map_err(refused)?;
            keyring.push_pending(&circle, &mut batch, statement, attachment);
        }
        keyring.shown = std::sync::Arc::new(shown);
        local.roster = local.keyring.roster(&own);
        batch.put(Tree::Circles, circle.as_bytes(), local.encode());
        Ok(SaidBatch { batch, circle, local })
    }

    /// Makes statements known that are durable now.
    pub(super) fn settle_said(&mut self, said: SaidBatch) {
        let SaidBatch { circle, local, .. } = said;
        if let Some(kept) = self.circles.get_mut(&circle) {
            kept.keyring = local.keyring;
            kept.roster = local.roster;
        } else {
            self.circles.insert(circle, local);
        }
        self.trust_changed = Some(self.steady);
        self.notify_lists(&circle, &[ListName::Circles, ListName::Circle, ListName::People]);
        self.sync_soon(super::exchange::SEND_AFTER_MS);
    }

    /// The key to seal with for a group; a first or new one is made when there is none that everyone who may holds.
    pub(super) fn ensure_key(&mut self, circle: &CircleId, group: KeyGroup) -> Result<(EpochId, EpochKey), Stop> {
        let own = self.device()?.id();
        let keyring = &self.local(circle)?.keyring;
        if let Some(held) = keyring.sealing_key(&group) {
            return Ok(held);
        }
        if keyring.is_other_person(&own) {
            return Err(other_person().into());
        }
        let reads = match &keyring.pin {
            Some(pin) if keyring.shown.is_empty() => {
                group.holds(&pin.member, pin.role == crate::trust::Role::Facilitator)
            }
            _ => keyring.shown.reads(&own, &group),
        };
        let local = self.local(circle)?;
        let rubbish = local.keyring.rubbish_by(&group, &own);
        let may_begin = rubbish.is_none_or(|member| local.keyring.may_answer(&member, self.request_time()));
        if reads && !may_begin {
            return local.keyring.earlier_key(&group).ok_or_else(|| key_waiting().into());
        }
        let waits = local.keyring.shown.current_epoch(&group).is_some() && rubbish.is_none();
        if !reads || waits {
            return Err(key_waiting().into());
        }
        let said = self.begin_epoch(circle, group)?;
        Err(self.first(said))
    }

    /// Stores statements before anything else happens.
    pub(super) fn first(&mut self, mut said: SaidBatch) -> Stop {
        let batch = core::mem::take(&mut said.batch);
        Stop::First(
            batch,
            Box::new(move |engine, done| {
                if done.is_ok() {
                    engine.settle_said(said);
                }
            }),
        )
    }

    /// Makes a new key for a group and says its epoch, as soon as this device is in.
    pub(super) fn begin_epoch(&mut self, circle: &CircleId, group: KeyGroup) -> Result<SaidBatch, Problem> {
        let local = self.local(circle)?.clone();
        self.begin_epoch_on(*circle, local, group)
    }

    /// The same on top of a circle's state.
    pub(super) fn begin_epoch_on(
        &mut self,
        circle: CircleId,
        mut local: LocalCircle,
        group: KeyGroup,
    ) -> Result<SaidBatch, Problem> {
        let device = self.device()?.clone();
        let mut batch = Batch::default();
        let mut sayings = Vec::new();
        let epoch_key = EpochKey::from_entropy(self.random.bytes());
        if local.keyring.is_in(&device.id()) {
            sayings.push(self.epoch_of(&circle, &local, group, &epoch_key)?);
        }
        local.keyring.hold(&circle, &mut batch, group, epoch_key, true);
        if let Some(member) = local.keyring.rubbish_by(&group, &device.id()) {
            local.keyring.rubbish.insert(member, self.request_time());
        }
        let said = self.say_as(&device, circle, local, sayings)?;
        batch.puts.extend(said.batch.puts);
        Ok(SaidBatch { batch, ..said })
    }

    /// An Epoch of this key, wrapped to all who read what the group reads.
    pub(super) fn epoch_of(
        &mut self,
        circle: &CircleId,
        local: &LocalCircle,
        group: KeyGroup,
        epoch_key: &EpochKey,
    ) -> Result<Saying, Problem> {
        let devices = local.keyring.shown.readers(&group);
        let (readers, attachment) = self.wraps(circle, local, epoch_key, &devices)?;
        let epoch = epoch_key.id(circle, &group);
        let wraps = Attached::of(&attachment);
        Ok(Saying { body: StatementBody::Epoch(Epoch { group, epoch, readers, wraps }), attachment })
    }

    /// A key of an epoch for more devices.
    pub(super) fn share_of(
        &mut self,
        circle: &CircleId,
        local: &LocalCircle,
        group: KeyGroup,
        epoch_key: &EpochKey,
        devices: &[DeviceId],
    ) -> Result<Saying, Problem> {
        let (readers, attachment) = self.wraps(circle, local, epoch_key, devices)?;
        let epoch = epoch_key.id(circle, &group);
        let wraps = Attached::of(&attachment);
        Ok(Saying { body: StatementBody::Share(Share { group, epoch, readers, wraps }), attachment })
    }

    /// Wraps a key to devices of a circle, in the order in which a statement names them.
    fn wraps(
        &mut self,
        circle: &CircleId,
        local: &LocalCircle,
        epoch_key: &EpochKey,
        devices: &[DeviceId],
    ) -> Result<(Readers, Vec<u8>), Problem> {
        let admitted = local.keyring.admitted();
        let readers = Readers::of(admitted, devices);
        let mut attachment = Vec::with_capacity(readers.len() * crate::seal::WRAP_BYTES);
        for device in readers.devices(admitted) {
            let keys = local.keyring.shown.device(&device).map(|record| record.keys).ok_or_else(not_here)?;
            let wrap = crate::seal::wrap(epoch_key, circle, &keys, self.random.bytes());
            attachment.extend_from_slice(&wrap.map_err(|error| Problem::new(ProblemCode::Refused, error))?);
        }
        Ok((readers, attachment))
    }

    /// Statements to send, in order, with what lies beside them: until they have `enough_bytes`, and never above `bytes_max`.
    pub(super) fn unsaid(&self, circle: &CircleId, enough_bytes: usize, bytes_max: usize) -> Vec<Stated> {
        let local = self.circles.get(circle).filter(|local| !local.keyring.is_forked());
        let Some(local) = local else { return Vec::new() };
        let mut said = 0;
        let stated = local.keyring.pending.iter().take(STATEMENTS_MAX).map(super::keyring::Pending::stated);
        stated
            .take_while(|stated| {
                let (before, len) = (said, stated.statement.len() + stated.attachment.len());
                said += len;
                before < enough_bytes && said <= bytes_max
            })
            .collect()
    }
}

/// What it means to a person that the circle's rules do not let them say something.
pub(super) fn refused(problem: StatementProblem) -> Problem {
    Problem::of(ProblemCode::NotAllowed, Why::Said(problem))
}

fn not_here() -> Problem {
    Problem::of(ProblemCode::KeyWaiting, Why::ChainWaiting)
}

pub(super) fn other_person() -> Problem {
    Problem::of(ProblemCode::Removed, Why::OtherPerson)
}

pub(super) fn key_waiting() -> Problem {
    Problem::new(ProblemCode::KeyWaiting, "no key to seal with")
}
