//! What a device seals with no more: kept by the server, which refuses it by name.

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{DeviceId, EpochId};
use crate::seal::HINT_BYTES;
use crate::sorted::SortedSet;
use crate::trust::KeyGroup;
use crate::trust::bounds::CHAIN_RECORDS_MAX;

use super::statements::{CircleChain, EpochLine};

const OLD_KEYS_VERSION: u8 = 2;

/// What a device seals with no more, by what it said that it seals with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OldKeys {
    /// The device that said so.
    pub device: Option<DeviceId>,
    /// The position of the newest epoch of the circle that it confirmed; 0 for none.
    pub confirmed: u64,
    /// Beginnings of the ids of the epochs that it left behind.
    pub hints: SortedSet<[u8; HINT_BYTES]>,
}

impl OldKeys {
    /// What the server stored of `device`.
    ///
    /// # Errors
    /// When it is something else.
    pub fn decode(device: &DeviceId, stored: Option<&[u8]>) -> Result<Self, DecodeError> {
        let mut old = Self { device: Some(*device), ..Self::default() };
        let Some(stored) = stored else { return Ok(old) };
        let mut reader = Reader::new(stored);
        if reader.byte("old keys' version")? != OLD_KEYS_VERSION {
            return Err(DecodeError::Invalid { what: "old keys' version" });
        }
        old.confirmed = reader.number("confirmed epoch")?;
        for _ in 0..reader.count(CHAIN_RECORDS_MAX as usize, "old epochs")? {
            let hint = reader.array("old epoch")?;
            if old.hints.iter().next_back().is_some_and(|before| *before >= hint) {
                return Err(DecodeError::Invalid { what: "old epochs' order" });
            }
            old.hints.insert(hint);
        }
        reader.finish("old keys")?;
        Ok(old)
    }

    /// Version (1 byte, 2), the confirmed epoch's position, the hints in ascending order.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(OLD_KEYS_VERSION).number(self.confirmed).count(self.hints.len());
        for hint in self.hints.iter() {
            writer.raw(hint);
        }
        writer.into_bytes()
    }
}

impl CircleChain {
    /// What a device seals with no more once it says that it seals with `epoch`, a key of the circle; `None` when that
    /// changes nothing. `heard`: up to which position its cursor says that it holds the chain.
    ///
    /// It says so when nothing that it sealed before is on its way. So of every group, not of the circle alone, an
    /// epoch is old when a later one is current that the device was told of, and holds.
    #[must_use]
    pub fn confirm(&self, old: &OldKeys, epoch: &EpochId, heard: u64) -> Option<OldKeys> {
        let device = old.device?;
        let said = self.epochs.iter().find(|line| line.epoch == *epoch && line.group == KeyGroup::Circle)?;
        if said.position <= old.confirmed {
            return None;
        }
        // A late epoch ends none but those that the current one before it ended.
        let begins = |line: &&EpochLine| line.group == KeyGroup::Circle && line.is_current;
        let base = self.epochs.iter().filter(begins).rfind(|line| line.position <= said.position);
        let is_old = |line: &EpochLine| match line.group {
            KeyGroup::Circle => base.is_some_and(|base| line.position < base.position),
            group => self.standing().epochs(&group).next().is_some_and(|newest| {
                let is_held = self.standing().is_holder(&group, &newest.id, &device);
                newest.is_current && is_held && newest.position <= heard && line.position < newest.position
            }),
        };
        let (left, kept): (Vec<&EpochLine>, Vec<&EpochLine>) = self.epochs.iter().partition(|line| is_old(line));
        let mut hints: SortedSet<_> = left.into_iter().map(|line| line.epoch.hint()).collect();
        // Whoever makes a key whose hint an old one has stops nobody from using it.
        for line in kept {
            hints.remove(&line.epoch.hint());
        }
        Some(OldKeys { device: Some(device), confirmed: said.position, hints })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Version, the confirmed epoch's position, two hints.
    const GOLDEN: [&[u8]; 4] = [&[2], &[0xac, 2], &[2], &[1, 2, 3, 4, 9, 9, 9, 9]];

    #[test]
    fn golden_what_a_device_seals_with_no_more() {
        let (device, golden) = (DeviceId([5; 32]), GOLDEN.concat());
        let hints = [[9; 4], [1, 2, 3, 4]].into_iter().collect();
        let old = OldKeys { device: Some(device), confirmed: 300, hints };
        assert_eq!(old.encode(), golden);
        assert_eq!(OldKeys::decode(&device, Some(&golden)), Ok(old));
        assert!(OldKeys::decode(&device, Some(&[1, 0, 0])).is_err(), "another version");
        assert!(OldKeys::decode(&device, Some(&[golden, vec![0]].concat())).is_err(), "bytes left over");
        assert_eq!(OldKeys::decode(&device, None).map(|old| old.hints.len()), Ok(0));
    }

    #[test]
    fn old_keys_have_one_encoding() {
        let (device, golden) = (DeviceId([5; 32]), GOLDEN.concat());
        for at in 0..golden.len() {
            for bit in 0..8 {
                let mut damaged = golden.clone();
                damaged[at] ^= 1 << bit;
                let again = OldKeys::decode(&device, Some(&damaged)).map(|old| old.encode());
                assert!(again.is_err() || again == Ok(damaged), "two encodings, at {at}");
            }
        }
        let unordered = [GOLDEN[..3].concat(), vec![9, 9, 9, 9, 1, 2, 3, 4]].concat();
        let order = DecodeError::Invalid { what: "old epochs' order" };
        assert_eq!(OldKeys::decode(&device, Some(&unordered)), Err(order));
    }
}
