//! Readers are said by their ordinals where the author's chain knows them.

use crate::ids::DeviceId;
use crate::trust::Readers;

use super::standing::Standing;

impl Readers {
    /// These devices, as an author says them whose chain comes to `known`.
    #[must_use]
    pub fn of(known: &Standing, devices: &[DeviceId]) -> Self {
        let mut readers = Self::default();
        for device in devices {
            match known.device(device) {
                Some(record) => readers.known.insert(record.ordinal),
                None => readers.new.push(*device),
            }
        }
        readers.new.sort_unstable();
        readers
    }

    /// The devices in the order of their wraps: by ordinal, then the new ones.
    #[must_use]
    pub fn devices(&self, known: &Standing) -> Vec<DeviceId> {
        let by_ordinal = self.known.iter().filter_map(|ordinal| known.device_at(ordinal));
        by_ordinal.chain(self.new.iter().copied()).collect()
    }
}
