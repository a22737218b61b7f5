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

/// A device in a circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RosterEntry {
    /// Its keys.
    pub device: DevicePublic,
    /// Whose it is.
    pub member: MemberId,
    /// What they may do.
    pub role: Role,
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

impl RosterEntry {
    /// Writes the entry: keys, member, role.
    pub fn write(&self, writer: &mut Writer) {
        self.device.write(writer);
        writer.raw(self.member.as_bytes()).byte(match self.role {
            Role::Member => 0,
            Role::Facilitator => 1,
        });
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// When the bytes end early or the role is unknown.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            device: DevicePublic::read(reader)?,
            member: MemberId(reader.array("member id")?),
            role: match reader.byte("role")? {
                0 => Role::Member,
                1 => Role::Facilitator,
                _ => return Err(DecodeError::Invalid { what: "role" }),
            },
        })
    }
}

/// The devices of a circle. First cut: the server's list, which grows only. The grant log of the trust
/// issue takes its place behind [`Roster::author`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    devices: SortedMap<DeviceId, RosterEntry>,
}

impl Roster {
    /// Most devices in a circle.
    pub const DEVICES_MAX: usize = 1_000;

    /// A roster of these devices.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = RosterEntry>) -> Self {
        Self { devices: entries.into_iter().map(|entry| (entry.device.id(), entry)).collect() }
    }

    /// Adds a device; one that is there stays as it was.
    pub fn add(&mut self, entry: RosterEntry) {
        self.devices.get_or_insert_with(entry.device.id(), || entry);
    }

    /// The one question that the gate asks of a circle: may this device write, and as whom?
    #[must_use]
    pub fn author(&self, device: &DeviceId) -> Option<(Author, DevicePublic)> {
        let entry = self.devices.get(device)?;
        Some((Author { device: *device, member: entry.member, role: entry.role }, entry.device))
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
