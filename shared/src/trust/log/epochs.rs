//! Which key a group seals with, and who lacks it.

use crate::ids::{DeviceId, StatementId};
use crate::sorted::{SortedMap, SortedSet};
use crate::trust::{KeyGroup, Role, State, StatementBody};

use super::entry::Entry;
use super::labels::Labels;
use super::standing::{DeviceRecord, EpochRecord, GroupRecord, Lacking, Standing};

pub(super) struct Epochs<'a> {
    pub(super) entries: &'a [Entry],
    pub(super) places: &'a SortedMap<StatementId, usize>,
    pub(super) labels: &'a Labels<'a>,
    pub(super) standing: &'a Standing,
}

impl Epochs<'_> {
    /// All lawful epochs, with the wraps of their Shares.
    pub(super) fn records(&self) -> SortedMap<StatementId, EpochRecord> {
        let mut records: SortedMap<StatementId, EpochRecord> = SortedMap::new();
        for (at, entry) in self.entries.iter().enumerate() {
            let is_beaten = self.labels.beaten(at) == Some(true);
            match (&entry.statement.body, &entry.facts.by) {
                (StatementBody::Epoch(epoch), Some(by)) => {
                    let previous = epoch.previous.and_then(|id| records.get(&id));
                    let record = EpochRecord {
                        id: entry.id,
                        group: epoch.group,
                        depth: 1 + previous.map_or(0, |previous| previous.depth),
                        previous: epoch.previous,
                        check: epoch.check,
                        author: by.device,
                        is_valid: !is_beaten && previous.is_none_or(|previous| previous.is_valid),
                        wraps: epoch.wraps.clone(),
                    };
                    records.insert(entry.id, record);
                }
                (StatementBody::Share(share), _) if !is_beaten => {
                    if let Some(record) = records.get_mut(&share.epoch) {
                        record.wraps.extend_from_slice(&share.wraps);
                    }
                }
                _ => {}
            }
        }
        for record in records.values_mut() {
            record.wraps.sort_unstable();
            record.wraps.dedup();
        }
        records
    }

    pub(super) fn groups(&self, records: &SortedMap<StatementId, EpochRecord>) -> SortedMap<KeyGroup, GroupRecord> {
        let groups: SortedSet<KeyGroup> = records.values().map(|record| record.group).collect();
        groups.into_iter().map(|group| (group, self.group(&group, records))).collect()
    }

    fn group(&self, group: &KeyGroup, records: &SortedMap<StatementId, EpochRecord>) -> GroupRecord {
        let mut valid: Vec<_> = records.values().filter(|one| one.group == *group && one.is_valid).collect();
        valid.sort_unstable_by_key(|record| (core::cmp::Reverse(record.depth), record.id));
        let current = valid.into_iter().find(|record| self.is_closed(record));
        let Some(current) = current else {
            let new_epoch = !self.standing.readers(group).is_empty();
            return GroupRecord { current: None, lacking: Lacking { share: Vec::new(), new_epoch } };
        };
        let lacking = self.standing.readers(group).into_iter();
        let lacking: Vec<DeviceId> = lacking.filter(|device| current.wraps_of(device).next().is_none()).collect();
        let new_epoch = !lacking.iter().all(|device| self.may_have(device, current));
        let share = if new_epoch { Vec::new() } else { lacking };
        GroupRecord { current: Some(current.id), lacking: Lacking { share, new_epoch } }
    }

    /// Whether none but active devices of the group can have an epoch's key.
    fn is_closed(&self, epoch: &EpochRecord) -> bool {
        let reads = |device: &DeviceId| self.standing.reads(device, &epoch.group);
        let was_given = reads(&epoch.author) && epoch.wraps.iter().all(|(device, _)| reads(device));
        was_given && !self.standing.devices.iter().any(|(device, _)| !reads(device) && self.may_hold(device, epoch))
    }

    /// Whether a device can have an epoch's key, as far as the log shows: it drew it, it has a wrap, or the keys
    /// of that time were opened to it.
    fn may_hold(&self, device: &DeviceId, epoch: &EpochRecord) -> bool {
        let Some(record) = self.standing.devices.get(device) else { return false };
        let was_opened = record.past_opened
            && epoch.group.holds(&record.member, record.role == Role::Facilitator)
            && self.descends(&record.introduced_by, &epoch.id);
        epoch.author == *device || epoch.wraps_of(device).next().is_some() || was_opened
    }

    /// Whether whoever holds an epoch's key may give it to an active device of the group, rather than begin anew.
    fn may_have(&self, device: &DeviceId, epoch: &EpochRecord) -> bool {
        let Some(record) = self.standing.devices.get(device) else { return false };
        let was_in = self.descends(&epoch.id, &record.introduced_by);
        let is_by_lead = match epoch.group {
            KeyGroup::Facilitators => true,
            KeyGroup::Slice(member) => member != record.member,
            _ => false,
        };
        if is_by_lead && !self.came_leading(record) {
            return was_in && self.was_promoted_before(record, epoch);
        }
        record.past_opened || was_in
    }

    fn came_leading(&self, record: &DeviceRecord) -> bool {
        let founds = |entry: &Entry| {
            entry.facts.intro.is_some_and(|it| it.member == record.member && it.founds == Some(Role::Facilitator))
        };
        self.entries.iter().any(founds)
    }

    fn was_promoted_before(&self, record: &DeviceRecord, epoch: &EpochRecord) -> bool {
        self.entries.iter().enumerate().any(|(at, entry)| {
            let is_theirs =
                matches!(&entry.statement.body, StatementBody::Promote(promote) if promote.member == record.member);
            is_theirs && self.labels.stands(at) == Some(true) && self.descends(&epoch.id, &entry.id)
        })
    }

    fn descends(&self, one: &StatementId, from: &StatementId) -> bool {
        let (Some(one), Some(from)) = (self.places.get(one), self.places.get(from)) else { return false };
        self.entries[*one].ancestors.has(*from)
    }
}

impl Standing {
    /// Whether a device is an active one of a group.
    #[must_use]
    pub fn reads(&self, device: &DeviceId, group: &KeyGroup) -> bool {
        self.devices.get(device).is_some_and(|record| {
            record.state == State::Active && group.holds(&record.member, record.role == Role::Facilitator)
        })
    }
}
