//! Who is in a circle and which keys this phone holds, as it is kept and as it follows from the statements.

use std::sync::Arc;

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, DeviceId, MemberId, StatementId};
use crate::seal::{EpochId, EpochKey};
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::{Batch, Tree};
use crate::sync::key;
use crate::trust::{DevicePublic, GrantLog, KeyGroup, Role, Roster, RosterEntry, Standing, State, Statement, Warrant};

/// How many parents a statement names at most; enough heads for any circle that syncs now and then.
const PARENTS_MAX: usize = crate::trust::PARENTS_MAX;

/// A circle's statements on this phone with all that follows, and the keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Keyring {
    pub log: Option<Arc<GrantLog>>,
    pub standing: Arc<Standing>,
    /// Statements that the server is not known to hold.
    pub unsaid: SortedSet<StatementId>,
    pub keys: SortedMap<StatementId, EpochKey>,
    /// How the server last said that this device stands.
    pub state: State,
    /// Until the circle's statements came: who let this phone in with no network.
    pub pin: Option<Pin>,
    pub warrant: Option<(Warrant, u32)>,
    /// The epoch that this device told the server it seals with.
    pub sealing: Option<StatementId>,
}

/// What a phone that was enrolled with no network knows of its circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pin {
    /// The facilitator's phone.
    pub device: DevicePublic,
    pub leader: MemberId,
    /// Who came in.
    pub member: MemberId,
    pub role: Role,
    /// The epoch that the answer brought a key of.
    pub epoch: StatementId,
    /// What the facilitator's phone calls the circle.
    pub name: String,
}

impl Keyring {
    /// The keyring of these statements, which were checked before.
    pub(super) fn of(log: GrantLog) -> Self {
        let standing = Arc::new(log.evaluate());
        Self { log: Some(Arc::new(log)), standing, ..Self::default() }
    }

    /// Puts other statements in the place of those that are there.
    pub(super) fn set_log(&mut self, log: GrantLog) {
        self.standing = Arc::new(log.evaluate());
        self.log = Some(Arc::new(log));
        if !self.standing.is_empty() {
            self.pin = None;
        }
    }

    /// Who is in the circle, for the gate.
    pub(super) fn roster(&self, own: &DevicePublic) -> Roster {
        match &self.pin {
            Some(pin) => {
                let entry =
                    |device, member, role| RosterEntry { device, member, role, state: State::Active, paper: false };
                Roster::new([entry(pin.device, pin.leader, Role::Facilitator), entry(*own, pin.member, pin.role)])
            }
            None => self.standing.roster(),
        }
    }

    /// What a statement names that is to reach the server alone.
    pub(super) fn said_parents(&self) -> Vec<StatementId> {
        let Some(log) = &self.log else { return Vec::new() };
        let mut heads = self.said_heads(log);
        heads.truncate(PARENTS_MAX);
        heads
    }

    /// Heads of what the server is known to hold, so that a statement can reach it alone.
    fn said_heads(&self, log: &GrantLog) -> Vec<StatementId> {
        let mut heads = SortedSet::new();
        for (id, statement) in log.statements() {
            if self.unsaid.contains(id) {
                continue;
            }
            for parent in &statement.parents {
                heads.remove(parent);
            }
            heads.insert(*id);
        }
        heads.into_iter().collect()
    }

    /// The key to seal with for a group, and its epoch.
    pub(super) fn sealing_key(&self, group: &KeyGroup) -> Option<(StatementId, EpochKey)> {
        if let (Some(pin), KeyGroup::Circle) = (&self.pin, group) {
            return Some((pin.epoch, self.keys.get(&pin.epoch)?.clone()));
        }
        let epoch = self.standing.current_epoch(group)?.id;
        if self.went_back(group) {
            return None;
        }
        Some((epoch, self.keys.get(&epoch)?.clone()))
    }

    /// Whether a group's key is one that a key which this phone has held knew of: a removal made the newer one void.
    /// Then a next one is due, since whoever told the server of a key seals with no older one.
    pub(super) fn went_back(&self, group: &KeyGroup) -> bool {
        let Some((log, current)) = self.log.as_ref().zip(self.standing.current_epoch(group)) else { return false };
        let mut held = self.standing.all_epochs().filter(|epoch| self.keys.contains_key(&epoch.id));
        held.any(|epoch| epoch.group == *group && log.descends(&epoch.id, &current.id))
    }

    /// Keys that may open what begins with this hint.
    pub(super) fn keys_of(&self, hint: [u8; 4]) -> impl Iterator<Item = (&StatementId, &EpochKey)> {
        self.keys.iter().filter(move |(epoch, _)| EpochId(epoch.0).hint() == hint)
    }

    /// Takes keys that are wrapped to this device and not held yet; those that do not open are left for a later Share.
    pub(super) fn unwrap_all(&mut self, circle: &CircleId, device: &crate::trust::DeviceSecret) -> Vec<StatementId> {
        let own = device.id();
        let mut found = Vec::new();
        for epoch in self.standing.all_epochs() {
            if self.keys.contains_key(&epoch.id) {
                continue;
            }
            for wrap in epoch.wraps_of(&own) {
                if let Ok(key) = crate::seal::unwrap(device, circle, &wrap.0, &epoch.check) {
                    found.push((epoch.id, key));
                    break;
                }
            }
        }
        let ids = found.iter().map(|(id, _)| *id).collect();
        self.keys.extend(found);
        ids
    }

    /// Writes statements and keys that are new.
    pub(super) fn put(&self, circle: &CircleId, batch: &mut Batch, statements: &[Statement], keys: &[StatementId]) {
        for statement in statements {
            let id = statement.id();
            let value = [&[u8::from(!self.unsaid.contains(&id))], statement.encode().as_slice()].concat();
            batch.put(Tree::Statements, key::statement_id(circle, &id), value);
        }
        for epoch in keys {
            if let Some(held) = self.keys.get(epoch) {
                batch.put(Tree::Epochs, key::statement_id(circle, epoch), held.0.to_vec());
            }
        }
    }

    /// Takes a warrant that the server signed for this device; one that is known goes on where it was.
    pub(super) fn take_warrant(&mut self, bytes: &[u8]) {
        let mut reader = Reader::new(bytes);
        let (Ok(warrant), Some((_, server))) = (Warrant::read(&mut reader), self.standing.keys()) else { return };
        if warrant.verify(&server).is_err() {
            return;
        }
        let next = self.warrant.as_ref().filter(|(kept, _)| kept.id == warrant.id).map_or(0, |(_, next)| *next);
        self.warrant = Some((warrant, next));
    }

    /// Whether the phone was let in with no network, and the server has not said yes yet.
    pub(super) fn is_pending(&self, own: &DeviceId) -> bool {
        self.pin.is_some()
            || self.standing.device(own).is_some_and(|device| self.unsaid.contains(&device.introduced_by))
    }

    pub(super) fn encode(&self, writer: &mut Writer) {
        writer.byte(self.state.code()).flag(self.pin.is_some());
        if let Some(pin) = &self.pin {
            pin.device.write(writer);
            writer.raw(pin.leader.as_bytes()).raw(pin.member.as_bytes()).flag(pin.role == Role::Facilitator);
            writer.raw(pin.epoch.as_bytes()).text(&pin.name);
        }
        writer.flag(self.warrant.is_some());
        if let Some((warrant, next)) = &self.warrant {
            warrant.write(writer);
            writer.number((*next).into());
        }
        writer.flag(self.sealing.is_some());
        if let Some(epoch) = &self.sealing {
            writer.raw(epoch.as_bytes());
        }
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        const NAME_BYTES_MAX: usize = 200;
        let state = State::from_code(reader.byte("standing")?).ok_or(DecodeError::Invalid { what: "standing" })?;
        let mut keyring = Self { state, ..Self::default() };
        if reader.flag("pin")? {
            keyring.pin = Some(Pin {
                device: DevicePublic::read(reader)?,
                leader: MemberId(reader.array("pinned leader")?),
                member: MemberId(reader.array("pinned member")?),
                role: if reader.flag("pinned role")? { Role::Facilitator } else { Role::Member },
                epoch: StatementId(reader.array("pinned epoch")?),
                name: reader.text(NAME_BYTES_MAX, "pinned name")?.to_owned(),
            });
        }
        if reader.flag("warrant")? {
            keyring.warrant = Some((Warrant::read(reader)?, reader.number_as("warrant serial")?));
        }
        if reader.flag("sealing epoch")? {
            keyring.sealing = Some(StatementId(reader.array("sealing epoch")?));
        }
        Ok(keyring)
    }
}
