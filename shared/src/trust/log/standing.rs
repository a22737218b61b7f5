use crate::ids::{CircleId, DeviceId, MemberId, OrganisationKey, ServerKey, StatementId};
use crate::sorted::SortedMap;
use crate::time::TimestampMs;
use crate::trust::{Author, DevicePublic, KeyGroup, Role, Roster, RosterEntry, State, StatementAuthor, Wrap};

use super::StatementProblem;

/// What a circle holds of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceRecord {
    /// Its keys.
    pub keys: DevicePublic,
    /// Whose it is.
    pub member: MemberId,
    /// What they may do.
    pub role: Role,
    /// Whether it reads and writes.
    pub state: State,
    /// Whether it is a printed code.
    pub paper: bool,
    /// The statement that brought it in.
    pub introduced_by: StatementId,
    /// By that statement's author's clock.
    pub introduced_time: TimestampMs,
    /// Whether earlier keys were opened to it.
    pub past_opened: bool,
}

/// What a circle holds of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRecord {
    /// What they may do.
    pub role: Role,
    /// The best state of any of their devices.
    pub state: State,
    /// Their devices in any state, by id.
    pub devices: Vec<DeviceId>,
}

/// What became of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Lawful,
    /// A removal of its author, or of those whom its author stands by, took its effect.
    Beaten,
    /// Its author was removed concurrently, or is suspended: it holds back until a Confirm or the root.
    Provisional,
    /// It never has an effect.
    Void(StatementProblem),
    /// What it descends from is not here.
    Waiting,
}

/// A key's period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochRecord {
    /// The Epoch statement.
    pub id: StatementId,
    /// Whose key.
    pub group: KeyGroup,
    /// 1 + that of the period before; 1 without one.
    pub depth: u32,
    /// The period before.
    pub previous: Option<StatementId>,
    /// `H("kith/epoch-check/1", key)`.
    pub check: [u8; 32],
    /// Which device began it.
    pub author: DeviceId,
    /// Whether it holds. One that does not still has bodies that were sealed under it.
    pub is_valid: bool,
    /// The key for devices, of the Epoch and its Shares: by device. Several for one device are possible, since
    /// anyone of the group can share rubbish: try each.
    pub wraps: Vec<(DeviceId, Wrap)>,
}

impl EpochRecord {
    /// The wraps for a device.
    pub fn wraps_of(&self, device: &DeviceId) -> impl Iterator<Item = &Wrap> {
        let first = self.wraps.partition_point(|(at, _)| at < device);
        self.wraps[first..].iter().take_while(move |(at, _)| at == device).map(|(_, wrap)| wrap)
    }
}

/// What a group's current key lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lacking {
    /// Active devices that get the current key from whoever holds it. Empty when a new epoch begins: that one is
    /// wrapped to all.
    pub share: Vec<DeviceId>,
    /// Whether a new epoch must begin.
    pub new_epoch: bool,
}

/// What an [`Event`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// The circle began.
    Founded,
    /// A link was made.
    Invited,
    /// Someone came in by a link.
    Joined,
    /// Someone was enrolled face to face.
    Granted,
    /// A member has one more device.
    DeviceAdded,
    /// A member has a new device, and the others went.
    Recovered,
    /// A member was taken out.
    MemberRemoved,
    /// A device was taken out.
    DeviceRemoved,
    /// A member was confirmed.
    Confirmed,
    /// A member leads from here on.
    Promoted,
}

/// Something that the circle is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The statement.
    pub statement: StatementId,
    /// What happened.
    pub kind: EventKind,
    /// Who said it: for a Join, whoever made the invite.
    pub by: StatementAuthor,
    /// That author's member; none for the root.
    pub by_member: Option<MemberId>,
    /// Whom it concerns.
    pub member: Option<MemberId>,
    /// Which device it concerns.
    pub device: Option<DeviceId>,
    /// By the author's clock; of a Join, by the server's.
    pub time: TimestampMs,
    /// What became of it.
    pub verdict: Verdict,
}

/// What follows from a set of statements: the same for every order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub(super) keys: Option<(OrganisationKey, ServerKey)>,
    pub(super) circle: Option<CircleId>,
    pub(super) devices: SortedMap<DeviceId, DeviceRecord>,
    pub(super) members: SortedMap<MemberId, MemberRecord>,
    pub(super) verdicts: SortedMap<StatementId, Verdict>,
    pub(super) events: Vec<Event>,
    pub(super) epochs: SortedMap<StatementId, EpochRecord>,
    pub(super) groups: SortedMap<KeyGroup, GroupRecord>,
}

/// A group's epochs, worked out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct GroupRecord {
    pub(super) current: Option<StatementId>,
    pub(super) lacking: Lacking,
}

impl Standing {
    /// The circle; none for a standing of no log.
    #[must_use]
    pub fn circle(&self) -> Option<CircleId> {
        self.circle
    }

    /// The organisation's root and the server, as the founding statement says; none before it is here.
    #[must_use]
    pub fn keys(&self) -> Option<(OrganisationKey, ServerKey)> {
        self.keys
    }

    /// A device that was ever introduced.
    #[must_use]
    pub fn device(&self, device: &DeviceId) -> Option<&DeviceRecord> {
        self.devices.get(device)
    }

    /// All devices that were ever introduced, by id.
    pub fn devices(&self) -> impl Iterator<Item = (&DeviceId, &DeviceRecord)> {
        self.devices.iter()
    }

    /// All members, by id.
    pub fn members(&self) -> impl Iterator<Item = (&MemberId, &MemberRecord)> {
        self.members.iter()
    }

    /// A member.
    #[must_use]
    pub fn member(&self, member: &MemberId) -> Option<&MemberRecord> {
        self.members.get(member)
    }

    /// As whom a device writes or wrote: of every device ever introduced, also those that are out.
    #[must_use]
    pub fn author(&self, device: &DeviceId) -> Option<(Author, DevicePublic)> {
        let record = self.devices.get(device)?;
        Some((Author { device: *device, member: record.member, role: record.role }, record.keys))
    }

    /// What became of a statement; [`Verdict::Waiting`] of one that is not in the log.
    #[must_use]
    pub fn verdict(&self, statement: &StatementId) -> Verdict {
        self.verdicts.get(statement).copied().unwrap_or(Verdict::Waiting)
    }

    /// Who came, went, was confirmed and promoted: by time, as the authors say it.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// A group's valid epochs, the deepest first, of equals the smallest id.
    #[must_use]
    pub fn epochs(&self, group: &KeyGroup) -> Vec<&EpochRecord> {
        let mut epochs: Vec<_> = self.epochs.values().filter(|one| one.group == *group && one.is_valid).collect();
        epochs.sort_unstable_by_key(|record| (core::cmp::Reverse(record.depth), record.id));
        epochs
    }

    /// Any lawful epoch, also one that does not hold: bodies may be sealed under it.
    #[must_use]
    pub fn epoch(&self, epoch: &StatementId) -> Option<&EpochRecord> {
        self.epochs.get(epoch)
    }

    /// What a group seals with; none when a new epoch must begin.
    #[must_use]
    pub fn current_epoch(&self, group: &KeyGroup) -> Option<&EpochRecord> {
        self.epochs.get(&self.groups.get(group)?.current?)
    }

    /// The active devices of a group, by id.
    #[must_use]
    pub fn readers(&self, group: &KeyGroup) -> Vec<DeviceId> {
        self.devices.keys().filter(|device| self.reads(device, group)).copied().collect()
    }

    /// What a group's current key lacks: for a phone that holds it, or finds that there is none.
    #[must_use]
    pub fn lacking(&self, group: &KeyGroup) -> Lacking {
        let none = || Lacking { share: Vec::new(), new_epoch: !self.readers(group).is_empty() };
        self.groups.get(group).map_or_else(none, |record| record.lacking.clone())
    }

    /// The devices for the gate.
    #[must_use]
    pub fn roster(&self) -> Roster {
        Roster::new(self.devices.values().map(|record| RosterEntry {
            device: record.keys,
            member: record.member,
            role: record.role,
            state: record.state,
            paper: record.paper,
        }))
    }
}
