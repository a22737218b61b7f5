//! Which key a group seals with, and who lacks it.

use crate::ids::{DeviceId, EpochId, StatementId};
use crate::trust::{Epoch, KeyGroup, MemberState, Ordinals, Readers};

use super::StatementProblem;
use super::epoch::{EpochRecord, GroupRecord};
use super::places::Places;
use super::standing::{At, Standing};

/// What a group's key lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lacking {
    /// Readers that may have the current key, and lack it.
    pub share: Vec<DeviceId>,
    /// Whether a new epoch is due: there is none, somebody who holds the key is out, or somebody came to whom the past
    /// is closed.
    pub new_epoch: bool,
}

impl Standing {
    /// The active devices of a group, by ordinal.
    #[must_use]
    pub fn readers(&self, group: &KeyGroup) -> Vec<DeviceId> {
        self.reader_places(group).into_iter().map(|at| self.devices[at].id).collect()
    }

    /// A group's readers as an Epoch says them, besides `new` ones that are not in the chain yet.
    #[must_use]
    pub fn readers_said(&self, group: &KeyGroup) -> Ordinals {
        self.reader_places(group).into_iter().map(|at| at as u32).collect()
    }

    /// Whether a device reads what a group reads.
    #[must_use]
    pub fn reads(&self, device: &DeviceId, group: &KeyGroup) -> bool {
        self.device_places.get(device).is_some_and(|at| self.is_reader(at, group))
    }

    /// The place of a device's wrap among those of an Epoch or Share: those known by ordinal come first, then the new
    /// ones. None when the device is not named.
    #[must_use]
    pub fn wrap_place(&self, device: &DeviceId, readers: &Readers) -> Option<usize> {
        let ordinal = self.device_places.get(device).map(|at| at as u32);
        if let Some(ordinal) = ordinal.filter(|ordinal| readers.known.has(*ordinal)) {
            return Some(readers.known.iter().take_while(|other| *other < ordinal).count());
        }
        let new = readers.new.iter().position(|new| new == device);
        new.map(|at| readers.known.len() + at)
    }

    /// Whether a device is given the text of an Epoch or Share in which it is not named: it reads what the group reads,
    /// and the epoch is in force, or late.
    #[must_use]
    pub fn is_told_of(&self, device: &DeviceId, group: &KeyGroup, epoch: &EpochId) -> bool {
        self.reads(device, group) && self.epoch(group, epoch).is_some()
    }

    /// The groups that have a key in force, or had one until a backup was restored, in order.
    #[must_use]
    pub fn groups(&self) -> Vec<KeyGroup> {
        let mut groups: Vec<KeyGroup> = self.groups.iter().map(|record| record.group).collect();
        groups.sort_unstable();
        groups
    }

    /// An epoch of a group that is in force, or late. Whoever does not hold the key can say its id of another group: so
    /// it is looked for in its own.
    #[must_use]
    pub fn epoch(&self, group: &KeyGroup, epoch: &EpochId) -> Option<&EpochRecord> {
        self.group(group).and_then(|record| record.epoch(epoch))
    }

    /// A group's epochs that are in force, the last current one first, then late ones as they came.
    pub fn epochs(&self, group: &KeyGroup) -> impl Iterator<Item = &EpochRecord> {
        self.group(group).into_iter().flat_map(|record| &record.epochs)
    }

    /// Whether a group ever had a key, as far as this device was told.
    #[must_use]
    pub fn had_epoch(&self, group: &KeyGroup) -> bool {
        self.group_places.has(group)
    }

    fn group(&self, group: &KeyGroup) -> Option<&GroupRecord> {
        self.group_places.get(group).map(|at| &self.groups[at])
    }

    /// The last epoch of a group that was current when it was admitted, while nobody who holds it is out.
    #[must_use]
    pub fn current_epoch(&self, group: &KeyGroup) -> Option<&EpochRecord> {
        self.epochs(group).next().filter(|epoch| epoch.is_current && self.is_closed(epoch))
    }

    /// What to seal with for a group, for a phone that holds what `holds` says: the current epoch; else the newest
    /// that it holds and nobody who is out does. None when it has to begin one.
    #[must_use]
    pub fn sealing_epoch(&self, group: &KeyGroup, holds: impl Fn(&EpochId) -> bool) -> Option<&EpochRecord> {
        let current = self.current_epoch(group).filter(|epoch| holds(&epoch.id));
        let held = |epoch: &&EpochRecord| holds(&epoch.id) && self.is_closed(epoch);
        current.or_else(|| self.epochs(group).filter(held).max_by_key(|epoch| epoch.position))
    }

    /// Whether a device was given an epoch's key.
    #[must_use]
    pub fn is_holder(&self, group: &KeyGroup, epoch: &EpochId, device: &DeviceId) -> bool {
        let place = self.device_places.get(device);
        self.epoch(group, epoch).zip(place).is_some_and(|(epoch, at)| epoch.holders.has(at as u32))
    }

    /// The readers of an epoch's group that were not given its key.
    #[must_use]
    pub fn lacks(&self, group: &KeyGroup, epoch: &EpochId) -> Vec<DeviceId> {
        let Some(epoch) = self.epoch(group, epoch) else { return Vec::new() };
        let readers = self.reader_places(group).into_iter();
        readers.filter(|at| !epoch.holders.has(*at as u32)).map(|at| self.devices[at].id).collect()
    }

    /// What a group's key lacks.
    #[must_use]
    pub fn lacking(&self, group: &KeyGroup) -> Lacking {
        if group.is_for_organisation() && self.report_key.is_none() {
            return Lacking::default();
        }
        let readers = self.reader_places(group);
        let Some(current) = self.current_epoch(group) else {
            return Lacking { share: Vec::new(), new_epoch: !readers.is_empty() };
        };
        let lacking: Vec<usize> = readers.into_iter().filter(|at| !current.holders.has(*at as u32)).collect();
        let (share, others): (Vec<usize>, Vec<usize>) = lacking.into_iter().partition(|at| self.may_have(*at, current));
        Lacking { share: share.into_iter().map(|at| self.devices[at].id).collect(), new_epoch: !others.is_empty() }
    }

    /// Whether a reader may be given a key that is older than their coming: the past was opened to them, and for what
    /// facilitators read, they led already.
    pub(super) fn may_have(&self, at: usize, epoch: &EpochRecord) -> bool {
        let device = &self.devices[at];
        let member = &self.members[device.member];
        let reads_as_member = epoch.group.holds(&member.id, false);
        let led_then = member.since(true).is_some_and(|since| since <= epoch.position);
        // What was said while somebody was out, or waited, stays closed to them when they are back.
        let was_in = member.at(epoch.position).is_none_or(|then| then.state == MemberState::Active);
        was_in && device.open_from <= epoch.position && (reads_as_member || led_then)
    }

    /// Whether a group that had a key needs another, by what became of its readers, or since a backup was restored.
    pub(super) fn is_due(&self, group: &KeyGroup) -> bool {
        let had_current = self.epochs(group).next().map_or(self.had_epoch(group), |epoch| epoch.is_current);
        had_current && self.lacking(group).new_epoch
    }

    /// Whether a Share gives the current key to none but readers who may have it and lack it.
    pub(super) fn is_share_due(&self, group: &KeyGroup, epoch: &EpochId, holders: &Ordinals) -> bool {
        let Some(current) = self.current_epoch(group).filter(|current| current.id == *epoch) else { return false };
        let is_lacking = |at: u32| {
            let place = at as usize;
            self.is_reader(place, group) && !current.holders.has(at) && self.may_have(place, current)
        };
        holders.iter().all(is_lacking)
    }

    /// Whether none but active readers of the group were given an epoch's key, and of the organisation's keys none but
    /// the present one.
    fn is_closed(&self, epoch: &EpochRecord) -> bool {
        let is_of_present_key = || self.report_key.is_some_and(|(_, since)| since < epoch.position);
        if epoch.group.is_for_organisation() && !is_of_present_key() {
            return false;
        }
        epoch.holders.iter().all(|at| self.is_reader(at as usize, &epoch.group))
    }

    pub(super) fn is_reader(&self, at: usize, group: &KeyGroup) -> bool {
        let member = &self.members[self.devices[at].member];
        self.state_of(at) == MemberState::Active && group.holds(&member.id, member.leads())
    }

    pub(super) fn reader_places(&self, group: &KeyGroup) -> Vec<usize> {
        let mut places: Vec<usize> = match group {
            KeyGroup::Circle => (0..self.devices.len()).collect(),
            _ => {
                let holds = self.members.iter().filter(|member| group.holds(&member.id, member.leads()));
                holds.flat_map(|member| member.devices.iter().copied()).collect()
            }
        };
        places.sort_unstable();
        places.retain(|at| self.is_reader(*at, group));
        places
    }

    /// The ordinals of those whom a statement names.
    pub(super) fn resolve(&self, readers: &Readers) -> Result<Ordinals, StatementProblem> {
        let mut named = readers.known.clone();
        if named.iter().any(|ordinal| ordinal as usize >= self.devices.len()) {
            return Err(StatementProblem::BadEpoch);
        }
        for device in &readers.new {
            let ordinal = self.device_places.get(device).ok_or(StatementProblem::UnknownTarget)? as u32;
            if named.has(ordinal) {
                return Err(StatementProblem::BadEpoch);
            }
            named.insert(ordinal);
        }
        Ok(named)
    }

    pub(super) fn begin_epoch(
        &mut self,
        at: At,
        id: StatementId,
        by: usize,
        epoch: &Epoch,
        holders: Ordinals,
        is_current: bool,
    ) {
        let author = self.devices[by].id;
        let mut holders = holders;
        if let Some(place) = self.spent_places.get(&(epoch.group, epoch.epoch)) {
            self.spent[place].iter().for_each(|ordinal| holders.insert(ordinal));
        }
        if is_current {
            self.spend(&epoch.group, Some(&epoch.epoch));
        }
        let group = self.group_mut(&epoch.group);
        if let Some(same) = group.epoch_mut(&epoch.epoch) {
            same.is_current |= is_current;
            same.also.push(author);
            holders.iter().for_each(|ordinal| same.holders.insert(ordinal));
            return;
        }
        group.push(EpochRecord {
            id: epoch.epoch,
            group: epoch.group,
            position: at.position,
            author,
            statement: id,
            is_current,
            also: Vec::new(),
            holders,
        });
    }

    /// Every group's epochs end with a restored backup: what superseded them, and who was given them, may be lost, and
    /// not every phone has the texts of those that would be in force again.
    pub(super) fn end_epochs(&mut self) {
        let groups: Vec<KeyGroup> = self.groups.iter().map(|record| record.group).collect();
        groups.iter().for_each(|group| self.spend(group, None));
    }

    /// A group's epochs but this one leave the standing. Who was given their keys stays known: whoever says one again
    /// later makes it no more than late, and not forgotten of who holds it.
    fn spend(&mut self, group: &KeyGroup, but: Option<&EpochId>) {
        let record = self.group_mut(group);
        record.places = Places::default();
        let (kept, spent): (Vec<_>, Vec<_>) =
            core::mem::take(&mut record.epochs).into_iter().partition(|before| Some(&before.id) == but);
        kept.into_iter().for_each(|before| record.push(before));
        for before in spent {
            match self.spent_places.get(&(*group, before.id)) {
                Some(place) => before.holders.iter().for_each(|ordinal| self.spent[place].insert(ordinal)),
                None => {
                    self.spent_places.add((*group, before.id), self.spent.len());
                    self.spent.push(before.holders);
                }
            }
        }
    }

    /// Whether an epoch was superseded: it is current no more.
    pub(super) fn is_spent(&self, group: &KeyGroup, epoch: &EpochId) -> bool {
        self.spent_places.has(&(*group, *epoch))
    }

    fn group_mut(&mut self, group: &KeyGroup) -> &mut GroupRecord {
        let place = self.group_places.get(group).unwrap_or(self.groups.len());
        if place == self.groups.len() {
            self.groups.push(GroupRecord { group: *group, epochs: Vec::new(), places: Places::default() });
            self.group_places.add(*group, place);
        }
        &mut self.groups[place]
    }

    pub(super) fn add_holders(&mut self, group: &KeyGroup, epoch: &EpochId, holders: &Ordinals) {
        if let Some(place) = self.spent_places.get(&(*group, *epoch)) {
            holders.iter().for_each(|ordinal| self.spent[place].insert(ordinal));
        }
        let Some(place) = self.group_places.get(group) else { return };
        if let Some(record) = self.groups[place].epoch_mut(epoch) {
            holders.iter().for_each(|ordinal| record.holders.insert(ordinal));
        }
    }
}
