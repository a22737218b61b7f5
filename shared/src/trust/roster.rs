use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{DeviceId, MemberId};
use crate::sorted::SortedMap;

use super::bounds::CIRCLE_DEVICES_EVER_MAX;
use super::{Beginners, DevicePublic, Role};

/// What a circle holds of a member or device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberState {
    /// Reads and writes.
    #[default]
    Active,
    /// Let in by a facilitator who was out already: its entries are taken in, it gets no keys, until a Confirm.
    Provisional,
    /// Out. What it wrote before stays.
    Removed,
}

/// What held of a member from a position of the chain on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first position at which it held.
    pub from: u64,
    /// Whether they were in.
    pub state: MemberState,
    /// What they could do.
    pub role: Role,
    /// Who could begin conversations.
    pub beginners: Beginners,
}

/// A device in a circle, with what held of it at each position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterEntry {
    /// Its keys.
    pub device: DevicePublic,
    /// Whose it is.
    pub member: MemberId,
    /// Whether it is a printed code.
    pub paper: bool,
    /// The position at which it came in; from then on it wrote as its member's spans say.
    pub introduced_at: u64,
    /// The position from which it is out by itself.
    pub out_at: Option<u64>,
    /// Its member's: ascending, never empty.
    pub spans: Vec<Span>,
}

/// Who wrote something, once it is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    /// The device that signed.
    pub device: DeviceId,
    /// Whose it is.
    pub member: MemberId,
    /// What they could do when they wrote it.
    pub role: Role,
    /// Whether they could begin conversations.
    pub begins: bool,
}

const STATE: &str = "role and state";
/// In a span's byte: facilitators alone could begin conversations.
const RESERVED: u8 = 0x80;
/// Most spans of one member: each is somebody's statement, and shares bound those.
const SPANS_MAX: usize = 65_536;

impl MemberState {
    /// All states, at their number's place.
    pub const ALL: [Self; 3] = [Self::Active, Self::Provisional, Self::Removed];

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

    /// Whether what it writes is taken in.
    #[must_use]
    pub fn writes(self) -> bool {
        matches!(self, Self::Active | Self::Provisional)
    }
}

impl RosterEntry {
    /// An active device that is no printed code, as if it had always been there.
    #[must_use]
    pub fn new(device: DevicePublic, member: MemberId, role: Role) -> Self {
        let spans = vec![Span { from: 0, state: MemberState::Active, role, beginners: Beginners::Everyone }];
        Self { device, member, paper: false, introduced_at: 0, out_at: None, spans }
    }

    /// What held of it at a position; none before it came in.
    #[must_use]
    pub fn at(&self, position: u64) -> Option<Span> {
        if position < self.introduced_at {
            return None;
        }
        let after = self.spans.partition_point(|span| span.from <= position);
        let span = self.spans.get(after.checked_sub(1)?)?;
        let is_out = self.out_at.is_some_and(|out| out <= position);
        Some(if is_out { Span { state: MemberState::Removed, ..*span } } else { *span })
    }

    /// What holds of it now.
    #[must_use]
    pub fn now(&self) -> Span {
        let nothing = Span { from: 0, state: MemberState::Removed, role: Role::Member, beginners: Beginners::Everyone };
        self.at(u64::MAX).unwrap_or(nothing)
    }

    fn author(&self, device: &DeviceId, span: Span) -> Author {
        let begins = span.role == Role::Facilitator || span.beginners == Beginners::Everyone;
        Author { device: *device, member: self.member, role: span.role, begins }
    }

    /// The position from which it is out, by itself or with its member; the end of all positions while it is not.
    #[must_use]
    pub fn end(&self) -> u64 {
        let now = self.spans.last().filter(|span| span.state == MemberState::Removed);
        self.out_at.into_iter().chain(now.map(|span| span.from)).min().unwrap_or(u64::MAX)
    }

    /// Writes keys, member, paper, the two positions, and the spans: each its position and one byte of role (bit 0)
    /// and state (from bit 1), with bit 7 for conversations that facilitators alone could begin.
    pub fn write(&self, writer: &mut Writer) {
        self.device.write(writer);
        writer.raw(self.member.as_bytes()).flag(self.paper).number(self.introduced_at).flag(self.out_at.is_some());
        if let Some(out_at) = self.out_at {
            writer.number(out_at);
        }
        writer.count(self.spans.len());
        for span in &self.spans {
            let role = u8::from(span.role == Role::Facilitator);
            let reserved = if span.beginners == Beginners::Facilitators { RESERVED } else { 0 };
            writer.number(span.from).byte(role | span.state.code() << 1 | reserved);
        }
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// When the bytes end early, or spans are none, unknown or out of order.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let invalid = DecodeError::Invalid { what: STATE };
        let mut entry = Self {
            device: DevicePublic::read(reader)?,
            member: MemberId(reader.array("member id")?),
            paper: reader.flag("paper")?,
            introduced_at: reader.number("device's position")?,
            out_at: match reader.flag("device is out")? {
                true => Some(reader.number("device's end")?),
                false => None,
            },
            spans: Vec::new(),
        };
        for _ in 0..reader.count(SPANS_MAX, STATE)? {
            let from = reader.number(STATE)?;
            let byte = reader.byte(STATE)?;
            let role = if byte & 1 == 0 { Role::Member } else { Role::Facilitator };
            let state = MemberState::from_code((byte & !RESERVED) >> 1).ok_or(invalid)?;
            let beginners = if byte & RESERVED == 0 { Beginners::Everyone } else { Beginners::Facilitators };
            if entry.spans.last().is_some_and(|last| last.from >= from) {
                return Err(invalid);
            }
            entry.spans.push(Span { from, state, role, beginners });
        }
        if entry.spans.is_empty() { Err(invalid) } else { Ok(entry) }
    }
}

/// The devices of a circle, also those that are out: what a chain comes to, for the gate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    devices: SortedMap<DeviceId, RosterEntry>,
}

impl Roster {
    /// Most devices in a roster, those that are out included.
    pub const DEVICES_MAX: usize = CIRCLE_DEVICES_EVER_MAX;

    /// A roster of these devices.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = RosterEntry>) -> Self {
        Self { devices: entries.into_iter().map(|entry| (entry.device.id(), entry)).collect() }
    }

    /// Adds a device; one that is there stays as it was.
    pub fn add(&mut self, entry: RosterEntry) {
        self.devices.get_or_insert_with(entry.device.id(), || entry);
    }

    /// As whom a device writes now, with its keys. Also answered for devices that are out, whose earlier entries stay.
    #[must_use]
    pub fn author(&self, device: &DeviceId) -> Option<(Author, DevicePublic)> {
        let entry = self.devices.get(device)?;
        Some((entry.author(device, entry.now()), entry.device))
    }

    /// As whom a device wrote at a position, when it was in then: what an entry counts by, for good, whatever became
    /// of its author.
    #[must_use]
    pub fn author_at(&self, device: &DeviceId, position: u64) -> Option<(Author, DevicePublic)> {
        let entry = self.devices.get(device)?;
        let span = entry.at(position).filter(|span| span.state.writes())?;
        Some((entry.author(device, span), entry.device))
    }

    /// How a device stands now; out when it is not known.
    #[must_use]
    pub fn state(&self, device: &DeviceId) -> MemberState {
        self.devices.get(device).map_or(MemberState::Removed, |entry| entry.now().state)
    }

    /// Whether a device reads and writes.
    #[must_use]
    pub fn is_active(&self, device: &DeviceId) -> bool {
        self.state(device) == MemberState::Active
    }

    /// Whether new entries of a device are taken in: an active or a provisional one.
    #[must_use]
    pub fn may_write(&self, device: &DeviceId) -> bool {
        self.state(device).writes()
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

    fn entry(n: u8, spans: &[(u64, MemberState, Role)]) -> RosterEntry {
        let device = *DeviceSecret::from_seed([n; 32]).public();
        let spans = spans.iter().map(|(from, state, role)| Span {
            from: *from,
            state: *state,
            role: *role,
            beginners: if from % 2 == 0 { Beginners::Facilitators } else { Beginners::Everyone },
        });
        let spans = spans.collect();
        let member = MemberId([n; 16]);
        RosterEntry { device, member, paper: false, introduced_at: 3, out_at: None, spans }
    }

    #[test]
    fn a_place_survives_its_bytes_and_has_no_other() {
        use {MemberState::*, Role::*};
        for paper in [false, true] {
            for out_at in [None, Some(900)] {
                let spans = [(1, Provisional, Member), (5, Active, Facilitator), (300, Removed, Member)];
                let entry = RosterEntry { paper, out_at, ..entry(1, &spans) };
                let mut writer = Writer::new();
                entry.write(&mut writer);
                assert_eq!(RosterEntry::read(&mut Reader::new(&writer.into_bytes())), Ok(entry));
            }
        }
        for spans in [&[][..], &[(5, Active, Member), (5, Removed, Member)]] {
            let mut writer = Writer::new();
            entry(1, spans).write(&mut writer);
            let read = RosterEntry::read(&mut Reader::new(&writer.into_bytes()));
            assert_eq!(read, Err(DecodeError::Invalid { what: STATE }));
        }
    }

    #[test]
    fn a_device_is_at_each_position_what_it_was_then() {
        use {MemberState::*, Role::*};
        let spans = [(1, Active, Member), (5, Active, Facilitator), (7, Removed, Member), (9, Active, Member)];
        let roster = Roster::new([RosterEntry { out_at: Some(12), ..entry(1, &spans) }]);
        let id = DeviceSecret::from_seed([1; 32]).id();
        let role = |position| roster.author_at(&id, position).map(|(author, _)| author.role);
        assert_eq!([1, 2].map(role), [None, None], "before it came in");
        assert_eq!([3, 4, 5, 6].map(role), [Some(Member), Some(Member), Some(Facilitator), Some(Facilitator)]);
        assert_eq!([7, 8, 9, 11, 12].map(role), [None, None, Some(Member), Some(Member), None]);
        assert!(!roster.may_write(&id) && roster.author(&id).is_some());
        assert_eq!(roster.state(&DeviceSecret::from_seed([2; 32]).id()), Removed);
    }
}
