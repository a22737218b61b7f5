//! The periods of a group's keys.

use crate::ids::{DeviceId, EpochId, StatementId};
use crate::trust::{KeyGroup, Ordinals};

use super::places::Places;

/// A key's period that is in force, or late: one that lost the race, or whose readers changed meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochRecord {
    /// Its id.
    pub id: EpochId,
    /// Whose key.
    pub group: KeyGroup,
    /// The position at which it was admitted.
    pub position: u64,
    /// Which device began it. [`Self::is_said_by`] tells of others who said the same.
    pub author: DeviceId,
    /// The statement.
    pub statement: StatementId,
    /// Whether it was wrapped for exactly the group's readers when it was admitted.
    pub is_current: bool,
    /// Devices that said the same epoch after its author: with other wraps, or in its author's place.
    pub(super) also: Vec<DeviceId>,
    /// The devices that were given the key.
    pub(super) holders: Ordinals,
}

impl EpochRecord {
    /// Whether a device said this epoch, first or after another.
    #[must_use]
    pub fn is_said_by(&self, device: &DeviceId) -> bool {
        self.author == *device || self.also.contains(device)
    }
}

/// A group's epochs that are in force: the last current one, and the late ones after it. None when a restored backup
/// ended them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GroupRecord {
    pub(super) group: KeyGroup,
    /// The current one is the first; there may be as many late ones as members may say.
    pub(super) epochs: Vec<EpochRecord>,
    pub(super) places: Places<EpochId>,
}

impl GroupRecord {
    pub(super) fn epoch(&self, epoch: &EpochId) -> Option<&EpochRecord> {
        self.places.get(epoch).map(|at| &self.epochs[at])
    }

    pub(super) fn epoch_mut(&mut self, epoch: &EpochId) -> Option<&mut EpochRecord> {
        self.places.get(epoch).map(|at| &mut self.epochs[at])
    }

    pub(super) fn push(&mut self, epoch: EpochRecord) {
        self.places.add(epoch.id, self.epochs.len());
        self.epochs.push(epoch);
    }
}
