//! What a chain comes to: a fold over its records, one after the other, the same on server and phone.

use crate::ids::{
    CircleId, DeviceId, EpochId, InviteKey, MemberId, OrganisationKey, SealingKey, ServerKey, StatementId,
};
use crate::sorted::SortedMap;
use crate::time::TimestampMs;
use crate::trust::{
    Author, Beginners, DevicePublic, Helplines, KeyGroup, MemberState, Ordinals, Role, Roster, RosterEntry, Statement,
    Verified, WarrantId,
};

use super::StatementProblem;
use super::deed::Deed;
use super::epoch::GroupRecord;
use super::event::Event;
use super::member::{Device, DeviceRecord, Member, MemberRecord};
use super::places::Places;

/// Where a statement is admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The position.
    pub position: u64,
    /// Record time; below the last one's where the server's clock was ahead.
    pub time: TimestampMs,
    /// Whether the record of an Epoch says that it is late: who took it decided so, knowing the texts of all before.
    /// None is for that one to decide.
    pub late: Option<bool>,
}

/// An invitation, as the fold keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InviteRecord {
    /// The statement.
    pub statement: StatementId,
    /// Its position.
    pub at: u64,
    /// The device that made it; none is the root.
    pub by: Option<DeviceId>,
    /// What it says.
    pub invitation: crate::trust::Invitation,
    /// When it was admitted, and when its author said it, by their clock.
    pub made: TimestampMs,
    /// See [`Self::made`].
    pub said: TimestampMs,
    /// Until when the fold takes it: what it says, or another time where the server's clock was ahead.
    pub until: TimestampMs,
    /// How many came in by it.
    pub used: u32,
    /// Whether it was withdrawn.
    pub is_withdrawn: bool,
}

/// Who is in a circle, as whom, and which keys are in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub(super) circle: Option<CircleId>,
    pub(super) keys: Option<(OrganisationKey, ServerKey)>,
    pub(super) position: u64,
    pub(super) time: TimestampMs,
    /// Generations that began after the first, with their first positions.
    pub(super) restored: Vec<(u32, u64)>,
    pub(super) root_number: u64,
    /// By ordinal.
    pub(super) devices: Vec<Device>,
    pub(super) device_places: Places<DeviceId>,
    /// Devices that were taken out before they came.
    pub(super) barred: Places<DeviceId>,
    pub(super) members: Vec<Member>,
    pub(super) member_places: Places<MemberId>,
    pub(super) members_in: usize,
    pub(super) beginners: Beginners,
    pub(super) helplines: Helplines,
    /// With the position at which it was said.
    pub(super) report_key: Option<(SealingKey, u64)>,
    pub(super) invites: Vec<InviteRecord>,
    pub(super) invite_places: Places<InviteKey>,
    pub(super) warrants: SortedMap<WarrantId, u32>,
    pub(super) groups: Vec<GroupRecord>,
    pub(super) group_places: Places<KeyGroup>,
    /// Who was given the keys of superseded epochs.
    pub(super) spent: Vec<Ordinals>,
    pub(super) spent_places: Places<(KeyGroup, EpochId)>,
    pub(super) events: Vec<Event>,
}

impl Standing {
    /// Takes the next statement in. What is refused changes nothing.
    ///
    /// That its `knows` is on the chain is for the chain to have checked; on top of it, what a phone has said and the
    /// server has not admitted is folded the same way.
    ///
    /// # Errors
    /// Why not, by name.
    pub fn admit(&mut self, at: At, id: StatementId, statement: &Verified<Statement>) -> Result<(), StatementProblem> {
        self.admit_and_tell(at, id, statement).map(|_| ())
    }

    /// The same, and tells whether the statement is of an Epoch that is late. That it is another's current one, said
    /// again for fewer, does not make it current.
    pub(super) fn admit_and_tell(
        &mut self,
        at: At,
        id: StatementId,
        statement: &Verified<Statement>,
    ) -> Result<bool, StatementProblem> {
        if at.time < self.time {
            let before = self.clone();
            self.set_back(at.time);
            let told = self.admit_and_tell(at, id, statement);
            if told.is_err() {
                *self = before;
            }
            return told;
        }
        let deed = self.judge(at, statement)?;
        let is_late = matches!(deed, Deed::Epoch { is_current: false, .. });
        self.apply(at, id, statement, deed);
        self.pass(at.position, at.time);
        Ok(is_late)
    }

    /// Passes over a record of keys that do not concern this device.
    pub fn pass(&mut self, position: u64, time: TimestampMs) {
        if time < self.time {
            self.set_back(time);
        }
        (self.position, self.time) = (position, time);
    }

    /// The circle; none before its founding statement.
    #[must_use]
    pub fn circle(&self) -> Option<CircleId> {
        self.circle
    }

    /// The organisation's root and the server's present key; none before the founding statement.
    #[must_use]
    pub fn keys(&self) -> Option<(OrganisationKey, ServerKey)> {
        self.keys
    }

    /// Whether not even the founding statement is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_none()
    }

    /// The last position that it takes into account; 0 for none.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The last record's time, as it is counted: see [`Self::next_time`].
    #[must_use]
    pub fn time(&self) -> TimestampMs {
        self.time
    }

    /// How often the chain began anew after a restored backup.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.restored.last().map_or(0, |(generation, _)| *generation)
    }

    /// The generations that began after the first, each with its first position.
    #[must_use]
    pub fn restored(&self) -> &[(u32, u64)] {
        &self.restored
    }

    /// All generations of the chain, from 0.
    pub(super) fn generations(&self) -> impl Iterator<Item = u32> + '_ {
        core::iter::once(0).chain(self.restored.iter().map(|(generation, _)| *generation))
    }

    /// Up to which position a chain of an earlier generation still holds; none for the present one.
    #[must_use]
    pub fn kept_of(&self, generation: u32) -> Option<u64> {
        let later = self.restored.iter().filter(|(began, _)| *began > generation);
        later.map(|(_, from)| from.saturating_sub(1)).min()
    }

    /// A device that was ever let in.
    #[must_use]
    pub fn device(&self, device: &DeviceId) -> Option<DeviceRecord> {
        self.device_places.get(device).map(|at| self.device_record(at))
    }

    /// The device with this ordinal.
    #[must_use]
    pub fn device_at(&self, ordinal: u32) -> Option<DeviceId> {
        self.devices.get(ordinal as usize).map(|device| device.id)
    }

    /// All devices that were ever let in, by ordinal.
    pub fn devices(&self) -> impl Iterator<Item = DeviceRecord> + '_ {
        (0..self.devices.len()).map(|at| self.device_record(at))
    }

    /// A member that was ever let in.
    #[must_use]
    pub fn member(&self, member: &MemberId) -> Option<MemberRecord> {
        self.member_places.get(member).map(|at| self.member_record(at))
    }

    /// All members that were ever let in, in the order in which they came.
    pub fn members(&self) -> impl Iterator<Item = MemberRecord> + '_ {
        (0..self.members.len()).map(|at| self.member_record(at))
    }

    /// As whom a device writes now, with its keys; also of devices that are out.
    #[must_use]
    pub fn author(&self, device: &DeviceId) -> Option<(Author, DevicePublic)> {
        let record = self.device(device)?;
        let role = record.role;
        let begins = role == Role::Facilitator || self.beginners == Beginners::Everyone;
        Some((Author { device: *device, member: record.member, role, begins }, record.keys))
    }

    /// What a member may do now: members by default.
    #[must_use]
    pub fn role(&self, member: &MemberId) -> Role {
        self.member(member).map_or(Role::Member, |record| record.role)
    }

    /// Who may begin conversations now.
    #[must_use]
    pub fn beginners(&self) -> Beginners {
        self.beginners
    }

    /// Whom the organisation says people can call; none until it says so.
    #[must_use]
    pub fn helplines(&self) -> &Helplines {
        &self.helplines
    }

    /// What reports to the organisation are sealed to; none while it takes none.
    #[must_use]
    pub fn report_key(&self) -> Option<SealingKey> {
        self.report_key.map(|(key, _)| key)
    }

    /// Whether who knew the chain up to a position knew what reports to the organisation are sealed to.
    #[must_use]
    pub fn is_report_key_known(&self, position: u64) -> bool {
        self.report_key.is_some_and(|(_, since)| since <= position)
    }

    /// An invitation that the chain knows.
    #[must_use]
    pub fn invite(&self, key: &InviteKey) -> Option<&InviteRecord> {
        self.invite_places.get(key).map(|at| &self.invites[at])
    }

    /// All invitations, in the order in which they were made.
    pub fn invites(&self) -> impl Iterator<Item = &InviteRecord> {
        self.invites.iter()
    }

    /// How many came in under a warrant.
    #[must_use]
    pub fn used_of(&self, warrant: &WarrantId) -> u32 {
        self.warrants.get(warrant).copied().unwrap_or(0)
    }

    /// The next number of an author: one more than the largest that the chain knows.
    #[must_use]
    pub fn next_number(&self, device: Option<&DeviceId>) -> u64 {
        let last = match device {
            None => self.root_number,
            Some(device) => self.device_places.get(device).map_or(0, |at| self.devices[at].number),
        };
        last.saturating_add(1)
    }

    /// What happened, in order.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The devices for the gate.
    #[must_use]
    pub fn roster(&self) -> Roster {
        Roster::new((0..self.devices.len()).map(|at| self.roster_entry(at)))
    }

    /// A device for the gate, by its id.
    #[must_use]
    pub fn entry(&self, device: &DeviceId) -> Option<RosterEntry> {
        self.device_places.get(device).map(|at| self.roster_entry(at))
    }

    /// A device for the gate.
    pub(super) fn roster_entry(&self, at: usize) -> RosterEntry {
        let device = &self.devices[at];
        let member = &self.members[device.member];
        RosterEntry {
            device: device.keys,
            member: member.id,
            paper: device.paper,
            introduced_at: device.introduced_at,
            out_at: device.out_at,
            spans: member.spans.clone(),
        }
    }

    pub(super) fn state_of(&self, at: usize) -> MemberState {
        let device = &self.devices[at];
        match device.out_at {
            Some(_) => MemberState::Removed,
            None => self.members[device.member].now().state,
        }
    }

    fn device_record(&self, at: usize) -> DeviceRecord {
        let device = &self.devices[at];
        let member = &self.members[device.member];
        DeviceRecord {
            id: device.id,
            keys: device.keys,
            member: member.id,
            role: member.now().role,
            state: self.state_of(at),
            paper: device.paper,
            ordinal: u32::try_from(at).unwrap_or(u32::MAX),
            introduced_by: device.introduced_by,
            introduced_at: device.introduced_at,
            introduced_time: device.introduced_time,
            past_opened: device.past_opened,
            open_from: device.open_from,
        }
    }

    fn member_record(&self, at: usize) -> MemberRecord {
        let member = &self.members[at];
        let now = member.now();
        MemberRecord {
            id: member.id,
            role: now.role,
            state: now.state,
            let_in_by: member.let_in_by,
            let_in_at: member.let_in_at,
            undone_by_confirm: (now.state != MemberState::Active).then_some(now.from),
            out_by_root: member.out_by_root,
        }
    }
}
