//! Statements that this phone makes: who comes in and who goes, and the keys' epochs that follow.

use crate::ids::{CircleId, DeviceId, EpochId};
use crate::seal::EpochKey;
use crate::storage::{Batch, Tree};
use crate::time::TimestampMs;
use crate::trust::{Attached, DeviceSecret, Draft, Epoch, KeyGroup, Readers, Share, StatementBody};
use crate::wire::{STATEMENTS_MAX, Stated};

use super::engine::{Engine, Stop};
use super::parts::exchange::SEND_AFTER_MS;
use super::parts::keyring::{Keyring, Pending};
use super::problems::{chain_waiting, key_waiting, not_said, other_person};
use super::view::ListName;
use super::{Problem, ProblemCode};

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

/// Statements that are ready to be stored, with the keyring as it is once they are.
pub(super) struct SaidBatch {
    pub batch: Batch,
    pub circle: CircleId,
    pub keyring: Keyring,
}

impl Engine {
    /// Says these, one after the other, as this device.
    pub(super) fn say(&mut self, circle: &CircleId, sayings: Vec<Saying>) -> Result<SaidBatch, Problem> {
        let device = self.device()?.clone();
        let keyring = self.local(circle)?.keyring().clone();
        self.say_as(&device, *circle, keyring, sayings)
    }

    /// Says these on top of a keyring as some device. They are pending until the server admits them.
    pub(super) fn say_as(
        &mut self,
        device: &DeviceSecret,
        circle: CircleId,
        mut keyring: Keyring,
        sayings: Vec<Saying>,
    ) -> Result<SaidBatch, Problem> {
        let time = self.request_time();
        if keyring.is_other_person(&self.device()?.id()) {
            return Err(other_person());
        }
        let mut batch = Batch::default();
        for Saying { body, attachment } in sayings {
            let knows = keyring.history().chain().head();
            if knows.position == 0 {
                return Err(chain_waiting());
            }
            let number = keyring.next_number(&device.id());
            let statement = Draft { circle, number, knows, time, body }.by_own_hand(device);
            keyring.say(&circle, &mut batch, statement, attachment).map_err(not_said)?;
        }
        self.put_keyring(&circle, &keyring, &mut batch);
        Ok(SaidBatch { batch, circle, keyring })
    }

    /// Writes the row of a circle as it is with another keyring.
    pub(super) fn put_keyring(&self, circle: &CircleId, keyring: &Keyring, batch: &mut Batch) {
        if let Some(local) = self.circles.get(circle) {
            batch.put(Tree::Circles, circle.as_bytes(), local.encode_with(keyring));
        }
    }

    /// Makes statements known that are durable now.
    pub(super) fn settle_said(&mut self, said: SaidBatch) {
        let SaidBatch { circle, keyring, .. } = said;
        if let (Ok(own), Some(local)) = (self.phone.public(), self.circles.get_mut(&circle)) {
            local.set_keyring(keyring, own);
        }
        self.upkeep.note_change(self.clock.steady());
        self.notify_lists(&circle, &[ListName::Circles, ListName::Circle, ListName::People]);
        self.sync_soon(SEND_AFTER_MS);
    }

    /// The key to seal with for a group; a first or new one is made when there is none that everyone who may holds.
    pub(super) fn ensure_key(&mut self, circle: &CircleId, group: KeyGroup) -> Result<(EpochId, EpochKey), Stop> {
        let own = self.device()?.id();
        let keyring = self.local(circle)?.keyring();
        if let Some(held) = keyring.sealing_key(&group) {
            return Ok(held);
        }
        if keyring.is_other_person(&own) {
            return Err(other_person().into());
        }
        let reads = keyring.reads(&own, &group);
        let rubbish = keyring.rubbish_by(&group, &own);
        let may_begin = rubbish.is_none_or(|member| keyring.may_answer(&member, self.request_time()));
        if reads && !may_begin {
            return keyring.earlier_key(&group).ok_or_else(|| key_waiting().into());
        }
        let waits = keyring.shown().current_epoch(&group).is_some() && rubbish.is_none();
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
        let keyring = self.local(circle)?.keyring().clone();
        self.begin_epoch_on(*circle, keyring, group)
    }

    /// The same on top of a keyring.
    pub(super) fn begin_epoch_on(
        &mut self,
        circle: CircleId,
        mut keyring: Keyring,
        group: KeyGroup,
    ) -> Result<SaidBatch, Problem> {
        let device = self.device()?.clone();
        let mut batch = Batch::default();
        let mut sayings = Vec::new();
        let epoch_key = EpochKey::from_entropy(self.random.bytes());
        if keyring.is_in(&device.id()) {
            sayings.push(self.epoch_of(&circle, &keyring, group, &epoch_key)?);
        }
        keyring.hold(&circle, &mut batch, group, epoch_key, true);
        if let Some(member) = keyring.rubbish_by(&group, &device.id()) {
            keyring.note_answered(member, self.request_time());
        }
        let said = self.say_as(&device, circle, keyring, sayings)?;
        batch.puts.extend(said.batch.puts);
        Ok(SaidBatch { batch, ..said })
    }

    /// An Epoch of this key, wrapped to all who read what the group reads, and to the organisation where it does.
    pub(super) fn epoch_of(
        &mut self,
        circle: &CircleId,
        keyring: &Keyring,
        group: KeyGroup,
        epoch_key: &EpochKey,
    ) -> Result<Saying, Problem> {
        let devices = keyring.shown().readers(&group);
        let (readers, mut attachment) = self.wraps(circle, keyring, epoch_key, &devices)?;
        if group.is_for_organisation() {
            let office = keyring.admitted().report_key().ok_or_else(key_waiting)?;
            let wrap = crate::seal::wrap_for_organisation(epoch_key, circle, &office, self.random.bytes());
            attachment.extend_from_slice(&wrap.map_err(|error| Problem::new(ProblemCode::Refused, error))?);
        }
        let epoch = epoch_key.id(circle, &group);
        let wraps = Attached::of(&attachment);
        Ok(Saying { body: StatementBody::Epoch(Epoch { group, epoch, readers, wraps }), attachment })
    }

    /// A key of an epoch for more devices.
    pub(super) fn share_of(
        &mut self,
        circle: &CircleId,
        keyring: &Keyring,
        group: KeyGroup,
        epoch_key: &EpochKey,
        devices: &[DeviceId],
    ) -> Result<Saying, Problem> {
        let (readers, attachment) = self.wraps(circle, keyring, epoch_key, devices)?;
        let epoch = epoch_key.id(circle, &group);
        let wraps = Attached::of(&attachment);
        Ok(Saying { body: StatementBody::Share(Share { group, epoch, readers, wraps }), attachment })
    }

    /// Wraps a key to devices of a circle, in the order in which a statement names them.
    fn wraps(
        &mut self,
        circle: &CircleId,
        keyring: &Keyring,
        epoch_key: &EpochKey,
        devices: &[DeviceId],
    ) -> Result<(Readers, Vec<u8>), Problem> {
        let admitted = keyring.admitted();
        let readers = Readers::of(admitted, devices);
        let mut attachment = Vec::with_capacity(readers.len() * crate::seal::WRAP_BYTES);
        for device in readers.devices(admitted) {
            let keys = keyring.shown().device(&device).map(|record| record.keys).ok_or_else(chain_waiting)?;
            let wrap = crate::seal::wrap(epoch_key, circle, &keys, self.random.bytes());
            attachment.extend_from_slice(&wrap.map_err(|error| Problem::new(ProblemCode::Refused, error))?);
        }
        Ok((readers, attachment))
    }

    /// Statements to send, in order, with what lies beside them: until they have `enough_bytes`, and never above `bytes_max`.
    pub(super) fn unsaid(&self, circle: &CircleId, enough_bytes: usize, bytes_max: usize) -> Vec<Stated> {
        let local = self.circles.get(circle).filter(|local| !local.keyring().is_forked());
        let Some(local) = local else { return Vec::new() };
        let mut said = 0;
        let stated = local.keyring().pending().iter().take(STATEMENTS_MAX).map(Pending::stated);
        stated
            .take_while(|stated| {
                let (before, len) = (said, stated.statement.len() + stated.attachment.len());
                said += len;
                before < enough_bytes && said <= bytes_max
            })
            .collect()
    }
}
