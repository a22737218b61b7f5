use crate::ids::{DeviceId, InviteKey, MemberId, StatementId};
use crate::sorted::SortedMap;
use crate::trust::{Role, Statement, StatementAuthor, StatementBody};

use super::bits::Bits;

/// A statement in the log, with what its ancestors alone say of it. Its place never changes, and all that it
/// descends from stands before it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) id: StatementId,
    pub(super) statement: Statement,
    /// Without itself.
    pub(super) ancestors: Bits,
    pub(super) has_child: bool,
    pub(super) facts: Facts,
}

/// What is lawful about a lawful statement.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// Whose removal beats it: the author, of a Join the invite's. None is the root, which nothing beats.
    pub(super) by: Option<By>,
    /// Where it needs a facilitator: what makes its author one, any of these introductions and promotions.
    pub(super) leads: Option<Vec<usize>>,
    pub(super) intro: Option<Intro>,
    pub(super) removes: Option<Target>,
    /// What must not be used twice, for Joins and Grants.
    pub(super) place: Option<([u8; 32], [u8; 16], u32)>,
}

/// A device that says something.
#[derive(Clone, Copy, Debug)]
pub(super) struct By {
    pub(super) device: DeviceId,
    pub(super) member: MemberId,
    /// The place of its introduction.
    pub(super) intro: usize,
}

/// A device that comes in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Intro {
    pub(super) device: DeviceId,
    pub(super) member: MemberId,
    /// The member's role, when the member comes in with it.
    pub(super) founds: Option<Role>,
    pub(super) past: bool,
    pub(super) paper: bool,
}

/// Who goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    Member(MemberId),
    /// With whose it is.
    Device(DeviceId, MemberId),
    /// Every other device of the member that the statement descends from.
    Others(MemberId, DeviceId),
}

impl Target {
    pub(super) fn member(&self) -> MemberId {
        let (Self::Member(member) | Self::Device(_, member) | Self::Others(member, _)) = self;
        *member
    }

    /// The same for all that can take out one member, or one device.
    pub(super) fn key(&self) -> [u8; 32] {
        match self {
            Self::Member(member) | Self::Others(member, _) => {
                let mut key = [0; 32];
                key[..MemberId::LEN].copy_from_slice(member.as_bytes());
                key
            }
            Self::Device(device, _) => device.0,
        }
    }

    /// Whether all that `other` names goes with this.
    pub(super) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Member(member), _) => *member == other.member(),
            (Self::Device(device, _), Self::Device(named, _)) => device == named,
            _ => false,
        }
    }

    /// Whether a device goes; `is_before`: whether the removal descends from its introduction.
    pub(super) fn takes(&self, device: &DeviceId, member: &MemberId, is_before: impl FnOnce() -> bool) -> bool {
        match self {
            Self::Member(out) => out == member,
            Self::Device(out, _) => out == device,
            Self::Others(of, but) => of == member && but != device && is_before(),
        }
    }
}

/// Where in the log to look.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    pub(super) places: SortedMap<StatementId, usize>,
    /// Introductions of a device.
    pub(super) devices: SortedMap<DeviceId, Vec<usize>>,
    /// Introductions that a member came in with.
    pub(super) members: SortedMap<MemberId, Vec<usize>>,
    /// Introductions as a facilitator, and promotions.
    pub(super) leads: SortedMap<MemberId, Vec<usize>>,
    pub(super) invites: SortedMap<InviteKey, Vec<usize>>,
}

impl Index {
    pub(super) fn add(&mut self, at: usize, entry: &Entry) {
        self.places.insert(entry.id, at);
        if let Some(intro) = &entry.facts.intro {
            self.devices.get_or_insert_with(intro.device, Vec::new).push(at);
            if let Some(role) = intro.founds {
                self.members.get_or_insert_with(intro.member, Vec::new).push(at);
                if role == Role::Facilitator {
                    self.leads.get_or_insert_with(intro.member, Vec::new).push(at);
                }
            }
        }
        match &entry.statement.body {
            StatementBody::Promote(promote) => self.leads.get_or_insert_with(promote.member, Vec::new).push(at),
            StatementBody::Invite(invite) => self.invites.get_or_insert_with(invite.key, Vec::new).push(at),
            _ => {}
        }
    }
}

/// Those of `places` that are in `ancestors`.
pub(super) fn within(places: Option<&Vec<usize>>, ancestors: &Bits) -> Vec<usize> {
    places.into_iter().flatten().copied().filter(|at| ancestors.has(*at)).collect()
}

/// Which of several concurrent introductions of one device counts: those that the device signed itself first, then
/// a facilitator's, then a member's; of equals the smallest id.
pub(super) fn rank(entry: &Entry) -> (u8, StatementId) {
    let kind = match (&entry.statement.body, &entry.statement.author) {
        (StatementBody::Found(_), _) => 0,
        (StatementBody::Join(_), StatementAuthor::Invite(_)) => 1,
        (StatementBody::Grant(_), _) => 2,
        _ => 3,
    };
    (kind, entry.id)
}
