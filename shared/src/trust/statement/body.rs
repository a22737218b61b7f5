use core::fmt;

use crate::ids::{
    CircleId, DeviceId, InviteKey, MemberId, OrganisationKey, ServerKey, StatementId, first_16, tagged_hash,
};
use crate::time::TimestampMs;
use crate::trust::{DevicePublic, DeviceSecret, Role, Signature, SignatureInvalid};

use super::{Commission, KeyGroup, Warrant};

const JOIN_TAG: &str = "kith/join/1";

/// The id of the member whose first device this is.
#[must_use]
pub fn member_id(salt: &[u8; 16], device: &DeviceId) -> MemberId {
    MemberId(first_16(&tagged_hash("kith/member/1", &[salt, device.as_bytes()])))
}

/// An epoch key sealed to one device: 32 bytes of key agreement, 32 of key, 16 of tag.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wrap(pub [u8; 80]);

impl fmt::Debug for Wrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wrap({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

/// Wraps by device: strictly ascending, at most [`super::WRAPS_MAX`].
pub type Wraps = Vec<(DeviceId, Wrap)>;

/// What a statement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatementBody {
    /// Founds the circle.
    Found(Found),
    /// Makes a link or short code.
    Invite(Invitation),
    /// Comes in by an invite.
    Join(Join),
    /// Enrols a device, under a warrant.
    Grant(Grant),
    /// Adds a device of the author's own.
    AddDevice(AddDevice),
    /// Takes a member or device out.
    Remove(Remove),
    /// Says that a provisional member is known, or (the root) that a removed one stays.
    Confirm(Confirm),
    /// Makes a member a facilitator.
    Promote(Promote),
    /// Begins a period of a group's key.
    Epoch(Epoch),
    /// Wraps an epoch's key to more devices.
    Share(Share),
}

/// A statement's kind: its number in the encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum StatementKind {
    /// [`StatementBody::Found`].
    Found = 1,
    /// [`StatementBody::Invite`].
    Invite = 2,
    /// [`StatementBody::Join`].
    Join = 3,
    /// [`StatementBody::Grant`].
    Grant = 4,
    /// [`StatementBody::AddDevice`].
    AddDevice = 5,
    /// [`StatementBody::Remove`].
    Remove = 6,
    /// [`StatementBody::Confirm`].
    Confirm = 7,
    /// [`StatementBody::Promote`].
    Promote = 8,
    /// [`StatementBody::Epoch`].
    Epoch = 9,
    /// [`StatementBody::Share`].
    Share = 10,
}

/// The first statement of a circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The organisation's root.
    pub root: OrganisationKey,
    /// The server that admits joins and signs warrants.
    pub server: ServerKey,
    /// Random, so that no two circles have one id.
    pub salt: [u8; 16],
    /// The first facilitator: always there when a device founds.
    pub founder: Option<Founder>,
}

/// The first facilitator of a circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Founder {
    /// Their device.
    pub device: DevicePublic,
    /// Random, for the member's id.
    pub salt: [u8; 16],
    /// By which right a device founds; absent when the root does.
    pub commission: Option<Commission>,
}

/// Whom an invite is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteFor {
    /// New members of this role.
    Role(Role),
    /// One more device of a member.
    Member {
        /// Whose.
        member: MemberId,
        /// Whether their other devices go.
        recovers: bool,
    },
}

/// A link or short code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// What joins are signed with.
    pub key: InviteKey,
    /// Whom it is for.
    pub to: InviteFor,
    /// How often, from 1 to [`super::INVITE_USES_MAX`].
    pub uses: u32,
    /// Until when, by the server's clock.
    pub expires: TimestampMs,
    /// Whether it opens the past.
    pub past: bool,
    /// Earlier keys, sealed under the invite's box key; at most [`super::INVITE_BOX_BYTES_MAX`].
    pub sealed_box: Vec<u8>,
}

/// A phone that comes in by an invite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Join {
    /// Its keys.
    pub device: DevicePublic,
    /// Random, for the member's id.
    pub salt: [u8; 16],
    /// The device's own: nobody joins with another's keys.
    pub possession: Signature,
}

impl Join {
    /// Signs as the device that joins.
    #[must_use]
    pub fn sign(circle: &CircleId, invite: &InviteKey, device: &DeviceSecret, salt: [u8; 16]) -> Self {
        let id = device.id();
        let possession = device.sign(JOIN_TAG, &[circle.as_bytes(), invite.as_bytes(), id.as_bytes(), &salt]);
        Self { device: *device.public(), salt, possession }
    }

    /// Checks that the device signed for this circle and invite.
    ///
    /// # Errors
    /// When the signature does not fit.
    pub fn verify(&self, circle: &CircleId, invite: &InviteKey) -> Result<(), SignatureInvalid> {
        let id = self.device.id();
        let parts: [&[u8]; 4] = [circle.as_bytes(), invite.as_bytes(), id.as_bytes(), &self.salt];
        self.device.verify(JOIN_TAG, &parts, &self.possession)
    }
}

/// A facilitator enrols a device that stands in front of them, with no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its keys.
    pub device: DevicePublic,
    /// Whose it is: one who is there when it recovers, else [`Grant::new_member`].
    pub member: MemberId,
    /// As what; of no effect for a member who is there.
    pub role: Role,
    /// Whether the member's other devices go.
    pub recovers: bool,
    /// Whether the past is opened.
    pub past: bool,
    /// The server's word.
    pub warrant: Warrant,
    /// Which grant of the warrant, from 0.
    pub serial: u32,
}

impl Grant {
    /// The id of the member whose first device is granted: salted with the warrant's id, so that a grant can
    /// never claim to be somebody who is there.
    #[must_use]
    pub fn new_member(warrant: &Warrant, device: &DeviceId) -> MemberId {
        member_id(&warrant.id.0, device)
    }
}

/// One more device of the author's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddDevice {
    /// Its keys.
    pub device: DevicePublic,
    /// Whether it is a printed code.
    pub paper: bool,
}

/// Who is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remove {
    /// A member, with all their devices, also later ones.
    Member(MemberId),
    /// One device.
    Device(DeviceId),
}

/// A member is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirm {
    /// Who.
    pub member: MemberId,
}

/// A member leads from here on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promote {
    /// Who.
    pub member: MemberId,
}

/// A period of a group's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// Whose key.
    pub group: KeyGroup,
    /// The period before.
    pub previous: Option<StatementId>,
    /// `H("kith/epoch-check/1", key)`.
    pub check: [u8; 32],
    /// The key, for each device.
    pub wraps: Wraps,
}

/// An epoch's key for more devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which epoch.
    pub epoch: StatementId,
    /// The key, for each device.
    pub wraps: Wraps,
}

impl StatementBody {
    /// The kind.
    #[must_use]
    pub fn kind(&self) -> StatementKind {
        match self {
            Self::Found(_) => StatementKind::Found,
            Self::Invite(_) => StatementKind::Invite,
            Self::Join(_) => StatementKind::Join,
            Self::Grant(_) => StatementKind::Grant,
            Self::AddDevice(_) => StatementKind::AddDevice,
            Self::Remove(_) => StatementKind::Remove,
            Self::Confirm(_) => StatementKind::Confirm,
            Self::Promote(_) => StatementKind::Promote,
            Self::Epoch(_) => StatementKind::Epoch,
            Self::Share(_) => StatementKind::Share,
        }
    }

    /// The keys of the device that it introduces, if it does.
    #[must_use]
    pub fn introduces(&self) -> Option<&DevicePublic> {
        match self {
            Self::Found(found) => found.founder.as_ref().map(|founder| &founder.device),
            Self::Join(join) => Some(&join.device),
            Self::Grant(grant) => Some(&grant.device),
            Self::AddDevice(add) => Some(&add.device),
            _ => None,
        }
    }
}
