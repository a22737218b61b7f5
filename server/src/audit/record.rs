use core::fmt;

use kith_shared::codec::{DecodeError, Reader, Writer};
use kith_shared::ids::{CircleId, DeviceId, tagged_hash};
use kith_shared::time::TimestampMs;

const VERSION: u8 = 1;

/// Longest id of what an action was done to, in bytes.
const SUBJECT_BYTES_MAX: usize = 32;

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever runs the server's commands.
    Operator,
    /// A phone.
    Device(DeviceId),
    /// The server, by itself.
    Server,
}

/// What was done. The numbers are part of the disk format and never given anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Action {
    /// A device came into a circle.
    Enrolled = 1,
    /// A member or device was taken out.
    Removed = 2,
    /// A member came back with a new device.
    Recovered = 3,
    /// A member became a facilitator.
    Promoted = 4,
    /// A circle was made.
    CircleCreated = 5,
    /// A circle's data key was dropped.
    CircleShredded = 6,
    /// An invitation was made.
    InviteMade = 7,
    /// An export was read.
    ExportRead = 8,
    /// A backup was made.
    BackupMade = 9,
    /// The store was restored from a backup.
    Restored = 10,
    /// A key was replaced.
    KeysRotated = 11,
    /// A member's role changed.
    RoleChanged = 12,
    /// What had been erased was removed from the disk.
    Erased = 13,
    /// A member was said to stay.
    Confirmed = 14,
    /// An invitation was withdrawn.
    InviteWithdrawn = 15,
    /// A circle's setting was changed.
    SettingChanged = 16,
}

impl Action {
    /// All actions, by number.
    pub const ALL: [Self; 16] = [
        Self::Enrolled,
        Self::Removed,
        Self::Recovered,
        Self::Promoted,
        Self::CircleCreated,
        Self::CircleShredded,
        Self::InviteMade,
        Self::ExportRead,
        Self::BackupMade,
        Self::Restored,
        Self::KeysRotated,
        Self::RoleChanged,
        Self::Erased,
        Self::Confirmed,
        Self::InviteWithdrawn,
        Self::SettingChanged,
    ];

    /// How it is listed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Enrolled => "enrolled",
            Self::Removed => "removed",
            Self::Recovered => "recovered",
            Self::Promoted => "promoted",
            Self::CircleCreated => "circle-created",
            Self::CircleShredded => "circle-shredded",
            Self::InviteMade => "invite-made",
            Self::ExportRead => "export-read",
            Self::BackupMade => "backup-made",
            Self::Restored => "restored",
            Self::KeysRotated => "keys-rotated",
            Self::RoleChanged => "role-changed",
            Self::Erased => "erased",
            Self::Confirmed => "confirmed",
            Self::InviteWithdrawn => "invite-withdrawn",
            Self::SettingChanged => "setting-changed",
        }
    }
}

/// What happened, in ids alone: no names, no texts, no addresses, no keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, by the server's clock.
    pub time: TimestampMs,
    /// Who did it.
    pub actor: Actor,
    /// What was done, as one of a closed list.
    pub action: Action,
    /// In which circle.
    pub circle: Option<CircleId>,
    /// To whom or what: the bytes of a member's, device's, statement's or key's id, at most
    /// `SUBJECT_BYTES_MAX` (more are cut off); empty when there is nothing to name.
    pub subject: Vec<u8>,
}

/// An event in its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The hash of the record before; zeros for the first.
    pub previous: [u8; 32],
    /// What happened.
    pub event: Event,
}

impl Record {
    /// The record as it is stored.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        let Event { time, actor, action, circle, subject } = &self.event;
        writer.byte(VERSION).raw(&self.previous).number(time.0);
        match actor {
            Actor::Operator => writer.byte(0),
            Actor::Device(device) => writer.byte(1).raw(device.as_bytes()),
            Actor::Server => writer.byte(2),
        };
        writer.byte(*action as u8).flag(circle.is_some()).raw(circle.as_ref().map_or(&[], CircleId::as_bytes));
        writer.bytes(subject.get(..SUBJECT_BYTES_MAX).unwrap_or(subject));
        writer.into_bytes()
    }

    /// Reads what [`Self::encode`] writes.
    ///
    /// # Errors
    /// When it is another version, or not a record.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let what = "a record of the audit log";
        if reader.byte(what)? != VERSION {
            return Err(DecodeError::Invalid { what });
        }
        let (previous, time) = (reader.array(what)?, TimestampMs(reader.number(what)?));
        let actor = match reader.byte(what)? {
            0 => Actor::Operator,
            1 => Actor::Device(DeviceId(reader.array(what)?)),
            2 => Actor::Server,
            _ => return Err(DecodeError::Invalid { what }),
        };
        let number = reader.byte(what)?;
        let known = Action::ALL.into_iter().find(|action| *action as u8 == number);
        let action = known.ok_or(DecodeError::Invalid { what })?;
        let circle = if reader.flag(what)? { Some(CircleId(reader.array(what)?)) } else { None };
        let subject = reader.bytes(SUBJECT_BYTES_MAX, what)?.to_vec();
        reader.finish(what)?;
        Ok(Self { previous, event: Event { time, actor, action, circle, subject } })
    }

    /// The hash of a record's bytes: the next one's `previous`.
    #[must_use]
    pub fn hash(bytes: &[u8]) -> [u8; 32] {
        tagged_hash("kith/audit/1", &[bytes])
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operator => f.write_str("operator"),
            Self::Device(device) => device.fmt(f),
            Self::Server => f.write_str("server"),
        }
    }
}
