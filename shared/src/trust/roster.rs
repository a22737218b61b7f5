use crate::sorted::SortedMap;

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{DeviceId, MemberId};

use super::DevicePublic;

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Writes messages, joint notes and their own name.
    Member,
    /// Also leads: the circle's profile and threads.
    Facilitator,
}

/// What a circle holds of a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Reads and writes.
    #[default]
    Active,
    /// Introduced by someone who was removed meanwhile: its entries are taken in, it gets no keys.
    Provisional,
    /// Named by a removal that the root has to decide.
    Suspended,
    /// Out. What it wrote before stays.
    Removed,
}

/// A device in a circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RosterEntry {
    /// Its keys.
    pub device: DevicePublic,
    /// Whose it is.
    pub member: MemberId,
    /// What they may do.
    pub role: Role,
    /// What the circle holds of it.
    pub state: State,
    /// Whether it is a printed code.
    pub paper: bool,
}

/// Who wrote something, once it is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    /// The device that signed.
    pub device: DeviceId,
    /// Whose it is.
    pub member: MemberId,
    /// What they may do.
    pub role: Role,
}

const ROLE: &str = "role and state";
const PAPER: u8 = 1 << 3;

impl State {
    /// All states, at their number's place.
    pub const ALL: [Self; 4] = [Self::Active, Self::Provisional, Self::Suspended, Self::Removed];

    /// The stable number.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The state with this number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

impl RosterEntry {
    /// An active device that is no printed code.
    #[must_use]
    pub fn new(device: DevicePublic, member: MemberId, role: Role) -> Self {
        Self { device, member, role, state: State::Active, paper: false }
    }

    /// Writes the entry: keys, member, and one byte of role (bit 0), state (bits 1 and 2) and paper (bit 3).
    pub fn write(&self, writer: &mut Writer) {
        self.device.write(writer);
        let paper = if self.paper { PAPER } else { 0 };
        let role = u8::from(self.role == Role::Facilitator);
        writer.raw(self.member.as_bytes()).byte(role | (self.state as u8) << 1 | paper);
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// When the bytes end early or the role is unknown.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (device, member) = (DevicePublic::read(reader)?, MemberId(reader.array("member id")?));
        let byte = reader.byte(ROLE)?;
        if byte >= PAPER << 1 {
            return Err(DecodeError::Invalid { what: ROLE });
        }
        let role = if byte & 1 == 0 { Role::Member } else { Role::Facilitator };
        Ok(Self { device, member, role, state: State::ALL[usize::from(byte >> 1 & 3)], paper: byte & PAPER != 0 })
    }
}

/// The devices of a circle, also those that are out: what a grant log comes to, for the gate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    devices: SortedMap<DeviceId, RosterEntry>,
}

impl Roster {
    /// Most devices in a circle.
    pub const DEVICES_MAX: usize = super::CIRCLE_DEVICES_MAX;

    /// A roster of these devices.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = RosterEntry>) -> Self {
        Self { devices: entries.into_iter().map(|entry| (entry.device.id(), entry)).collect() }
    }

    /// Adds a device; one that is there stays as it was.
    pub fn add(&mut self, entry: RosterEntry) {
        self.devices.get_or_insert_with(entry.device.id(), || entry);
    }

    /// The one question that the gate asks of a circle: as whom did this device write? Also answered for devices
    /// that are out, whose earlier entries stay; [`Self::may_write`] says whether new ones are taken in.
    #[must_use]
    pub fn author(&self, device: &DeviceId) -> Option<(Author, DevicePublic)> {
        let entry = self.devices.get(device)?;
        Some((Author { device: *device, member: entry.member, role: entry.role }, entry.device))
    }

    /// Whether a device reads and writes.
    #[must_use]
    pub fn is_active(&self, device: &DeviceId) -> bool {
        self.devices.get(device).is_some_and(|entry| entry.state == State::Active)
    }

    /// Whether new entries of a device are taken in: an active or a provisional one.
    #[must_use]
    pub fn may_write(&self, device: &DeviceId) -> bool {
        let writes = |entry: &RosterEntry| matches!(entry.state, State::Active | State::Provisional);
        self.devices.get(device).is_some_and(writes)
    }

    /// All devices of a member, in any state, by id.
    #[must_use]
    pub fn devices_of(&self, member: &MemberId) -> Vec<DeviceId> {
        let of_member = self.devices.iter().filter(|(_, entry)| entry.member == *member);
        of_member.map(|(device, _)| *device).collect()
    }

    /// A device.
    #[must_use]
    pub fn entry(&self, device: &DeviceId) -> Option<&RosterEntry> {
        self.devices.get(device)
    }

    /// All devices, by id.
    pub fn entries(&self) -> impl Iterator<Item = (&DeviceId, &RosterEntry)> {
        self.devices.iter()
    }

    /// How many devices.
    #[must_use]
    pub fn len(&self) -> usize {
        self.devices.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.devices.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::DeviceSecret;

    #[test]
    fn a_place_survives_its_bytes_and_has_no_other() {
        let device = *DeviceSecret::from_seed([1; 32]).public();
        for (role, paper) in [(Role::Member, false), (Role::Facilitator, true)] {
            for state in State::ALL {
                let entry = RosterEntry { state, paper, ..RosterEntry::new(device, MemberId([2; 16]), role) };
                let mut writer = Writer::new();
                entry.write(&mut writer);
                assert_eq!(RosterEntry::read(&mut Reader::new(&writer.into_bytes())), Ok(entry));
            }
        }
        let mut writer = Writer::new();
        device.write(&mut writer);
        writer.raw(&[2; 16]).byte(16);
        let unknown = Err(DecodeError::Invalid { what: ROLE });
        assert_eq!(RosterEntry::read(&mut Reader::new(&writer.into_bytes())), unknown);
    }

    #[test]
    fn a_state_says_who_reads_and_who_writes() {
        let entry = |n, state| {
            let device = *DeviceSecret::from_seed([n; 32]).public();
            RosterEntry { state, ..RosterEntry::new(device, MemberId([n % 2; 16]), Role::Member) }
        };
        let entries = [0, 1, 2, 3].map(|n| entry(n, State::ALL[usize::from(n)]));
        let roster = Roster::new(entries);
        let ids = entries.map(|entry| entry.device.id());
        assert_eq!(ids.map(|id| roster.is_active(&id)), [true, false, false, false]);
        assert_eq!(ids.map(|id| roster.may_write(&id)), [true, true, false, false]);
        assert!(ids.iter().all(|id| roster.author(id).is_some()));
        let mut even = vec![ids[0], ids[2]];
        even.sort_unstable();
        assert_eq!(roster.devices_of(&MemberId([0; 16])), even);
    }
}
