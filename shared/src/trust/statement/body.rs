use core::fmt;

use crate::codec::Writer;
use crate::ids::{CircleId, DeviceId, EpochId, InviteKey, MemberId, OrganisationKey, ServerKey, first_16, tagged_hash};
use crate::time::TimestampMs;
use crate::trust::device::verify_strict;
use crate::trust::{Beginners, DevicePublic, DeviceSecret, InviteSecret, Role, Signature, SignatureInvalid, Signed};

use super::{Attached, Commission, Helplines, KeyGroup, Ordinals, ReportKey, StatementAuthor, Warrant, WarrantId};

const INVITE_TAG: &str = "kith/invite-possession/1";
const JOIN_TAG: &str = "kith/join/1";
const ADD_TAG: &str = "kith/add-device/1";

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
    /// Lets in whoever waits, or brings back whoever was taken out.
    Confirm(Confirm),
    /// Makes a member a facilitator.
    Promote(Promote),
    /// Begins a period of a group's key.
    Epoch(Epoch),
    /// Wraps an epoch's key to more devices.
    Share(Share),
    /// Ends an invite.
    Withdraw(Withdraw),
    /// Makes a facilitator a member again.
    Demote(Demote),
    /// After a restored backup: from where on the chain begins anew.
    Restored(Restored),
    /// The server has another key from here on.
    NewServer(NewServer),
    /// Decides something for all from here on.
    Setting(Setting),
    /// Says whom people can call.
    Helplines(Helplines),
    /// Says what reports to the organisation are sealed to.
    ReportKey(ReportKey),
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
    /// [`StatementBody::Withdraw`].
    Withdraw = 11,
    /// [`StatementBody::Demote`].
    Demote = 12,
    /// [`StatementBody::Restored`].
    Restored = 13,
    /// [`StatementBody::NewServer`].
    NewServer = 14,
    /// [`StatementBody::Setting`].
    Setting = 15,
    /// [`StatementBody::Helplines`].
    Helplines = 16,
    /// [`StatementBody::ReportKey`].
    ReportKey = 17,
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
    pub commission: Option<Signed<Commission>>,
}

/// Whom an invite is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteFor {
    /// New members of this role.
    Role(Role),
    /// One more device of a member.
    Member {
        /// The member that the device is let in for, who is in the circle already.
        member: MemberId,
        /// Whether their other devices go.
        recovers: bool,
    },
}

/// A link or short code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Earlier keys, sealed under the invite's box key: lies beside, for whoever joins.
    pub keys: Attached,
    /// The invite's own, by [`Invitation::prove`]: nobody else makes an invite of a key that they saw.
    pub possession: Signature,
}

impl Invitation {
    /// Signs with the invite's secret that `author` has it, and makes an invite of it in this circle.
    #[must_use]
    pub fn prove(secret: &InviteSecret, circle: &CircleId, author: &StatementAuthor) -> Signature {
        secret.signing().sign(INVITE_TAG, &[circle.as_bytes(), &author_bytes(author)])
    }

    /// Checks that the statement's author has the invite's secret.
    pub(in crate::trust) fn check_possession(
        &self,
        circle: &CircleId,
        author: &StatementAuthor,
    ) -> Result<(), SignatureInvalid> {
        let parts: [&[u8]; 2] = [circle.as_bytes(), &author_bytes(author)];
        verify_strict(&self.key.0, INVITE_TAG, &parts, &self.possession)
    }
}

fn author_bytes(author: &StatementAuthor) -> Vec<u8> {
    let mut writer = Writer::new();
    author.write(&mut writer);
    writer.into_bytes()
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
    pub(in crate::trust) fn check_possession(
        &self,
        circle: &CircleId,
        invite: &InviteKey,
    ) -> Result<(), SignatureInvalid> {
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
    pub warrant: Signed<Warrant>,
    /// Keys that the device is given, sealed to it: lie beside, for that device.
    pub keys: Attached,
}

impl Grant {
    /// The id of the member whose first device is granted: salted with the warrant's id, so that a grant can
    /// never claim to be somebody who is there.
    #[must_use]
    pub fn new_member(warrant: &WarrantId, device: &DeviceId) -> MemberId {
        member_id(&warrant.0, device)
    }
}

/// One more device of the author's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddDevice {
    /// Its keys.
    pub device: DevicePublic,
    /// Whether it is a printed code.
    pub paper: bool,
    /// The device's own: it agrees to be this member's, in this circle.
    pub possession: Signature,
    /// Keys that the device is given, sealed to it: lie beside, for that device.
    pub keys: Attached,
}

impl AddDevice {
    /// Signs as the device that comes in, as `member`'s.
    #[must_use]
    pub fn sign(circle: &CircleId, member: &MemberId, device: &DeviceSecret, paper: bool, keys: Attached) -> Self {
        let possession = device.sign(ADD_TAG, &[circle.as_bytes(), member.as_bytes(), &[u8::from(paper)]]);
        Self { device: *device.public(), paper, possession, keys }
    }

    /// Checks that the device agreed to be this member's.
    pub(in crate::trust) fn check_possession(
        &self,
        circle: &CircleId,
        member: &MemberId,
    ) -> Result<(), SignatureInvalid> {
        let parts: [&[u8]; 3] = [circle.as_bytes(), member.as_bytes(), &[u8::from(self.paper)]];
        self.device.verify(ADD_TAG, &parts, &self.possession)
    }
}

/// Who is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remove {
    /// A member, with all their devices, also later ones.
    Member(MemberId),
    /// One device.
    Device(DeviceId),
}

/// A member is known after all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirm {
    /// The member who is to be fully in.
    pub member: MemberId,
    /// The position of what it undoes: the record that took the member out, or let them in as waiting. A later one of
    /// its kind, which the author did not know of, it leaves in force.
    pub undoes: u64,
}

/// A member leads from here on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promote {
    /// The member who leads from here on.
    pub member: MemberId,
}

/// A period of a group's key. The wraps lie beside: one for each reader, in the order of [`Readers`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// Whose key.
    pub group: KeyGroup,
    /// Follows from the key, which proves itself by it.
    pub epoch: EpochId,
    /// Whom it is wrapped for.
    pub readers: Readers,
    /// The wraps.
    pub wraps: Attached,
}

/// An epoch's key for more devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Whose key.
    pub group: KeyGroup,
    /// Which epoch.
    pub epoch: EpochId,
    /// Whom it is wrapped for.
    pub readers: Readers,
    /// The wraps.
    pub wraps: Attached,
}

/// The devices that a key is wrapped for: their wraps lie in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readers {
    /// Devices that the author's chain knew, by their ordinals.
    pub known: Ordinals,
    /// Devices that the author itself lets in, and that its chain did not know yet: ascending, at most
    /// [`super::READERS_NEW_MAX`].
    pub new: Vec<DeviceId>,
}

/// An invite ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdraw {
    /// The invitation that lets nobody in any more, by its public key.
    pub invite: InviteKey,
}

/// A facilitator is a member from here on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demote {
    /// The member who leads no more.
    pub member: MemberId,
}

/// The store was put back to an older state, and what came after that is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The generation that begins: larger than any that the circle's phones have seen. A store that is put back twice
    /// knows nothing of the first time, so one more than its own last may not do.
    pub generation: u32,
    /// The position of this very statement: what stood there and after it, in an earlier generation, is lost.
    pub from: u64,
}

/// The server's key is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewServer {
    /// The new key.
    pub server: ServerKey,
}

/// What facilitators decide for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Who begins conversations.
    Conversations(Beginners),
}

impl Readers {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.len() + self.new.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty() && self.new.is_empty()
    }
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
            Self::Withdraw(_) => StatementKind::Withdraw,
            Self::Demote(_) => StatementKind::Demote,
            Self::Restored(_) => StatementKind::Restored,
            Self::NewServer(_) => StatementKind::NewServer,
            Self::Setting(_) => StatementKind::Setting,
            Self::Helplines(_) => StatementKind::Helplines,
            Self::ReportKey(_) => StatementKind::ReportKey,
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

    /// The hash of what lies beside it, for those whom it concerns.
    #[must_use]
    pub fn attached(&self) -> Attached {
        match self {
            Self::Invite(invite) => invite.keys,
            Self::Grant(grant) => grant.keys,
            Self::AddDevice(add) => add.keys,
            Self::Epoch(Epoch { wraps, .. }) | Self::Share(Share { wraps, .. }) => *wraps,
            _ => Attached::NOTHING,
        }
    }

    /// Whether it is about a group's keys: given in full to whom it concerns, to all others as its record line.
    #[must_use]
    pub fn is_of_keys(&self) -> bool {
        matches!(self, Self::Epoch(_) | Self::Share(_))
    }
}
