//! What a device seals with no more: kept by the server, which refuses it by name.

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{DeviceId, StatementId};
use crate::seal::{EpochId, HINT_BYTES};
use crate::sorted::SortedSet;
use crate::trust::{EpochRecord, KeyGroup, LOG_STATEMENTS_MAX};

use super::statements::CircleLog;

const OLD_KEYS_VERSION: u8 = 1;

/// What a device seals with no more, by what it said that it seals with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OldKeys {
    /// The device that said so.
    pub device: Option<DeviceId>,
    /// The newest epochs that it confirmed; none of them knew of another.
    pub confirmed: Vec<StatementId>,
    /// Beginnings of the ids of the epochs that those knew of.
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
        for _ in 0..reader.count(LOG_STATEMENTS_MAX, "confirmed epochs")? {
            old.confirmed.push(StatementId(reader.array("confirmed epoch")?));
        }
        for _ in 0..reader.count(LOG_STATEMENTS_MAX, "old epochs")? {
            let hint = reader.array("old epoch")?;
            if old.hints.iter().next_back().is_some_and(|before| *before >= hint) {
                return Err(DecodeError::Invalid { what: "old epochs' order" });
            }
            old.hints.insert(hint);
        }
        reader.finish("old keys")?;
        Ok(old)
    }

    /// Version (1 byte, 1), the confirmed epochs, the hints in ascending order.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(OLD_KEYS_VERSION).count(self.confirmed.len());
        for epoch in &self.confirmed {
            writer.raw(epoch.as_bytes());
        }
        writer.count(self.hints.len());
        for hint in self.hints.iter() {
            writer.raw(hint);
        }
        writer.into_bytes()
    }
}

impl CircleLog {
    /// What a device seals with no more once it says that it seals with `epoch`, a key of the circle; `None` when that
    /// changes nothing, as of an epoch that one it said before knew of. `heard`: how many statements its cursor says
    /// that it holds.
    ///
    /// It says so when nothing that it sealed before is on its way. So of every group, not of the circle alone, an
    /// epoch is old when a later one of the group, which the device knows of, was wrapped to it.
    #[must_use]
    pub fn confirm(&self, old: &OldKeys, epoch: &StatementId, heard: u64) -> Option<OldKeys> {
        let is_before = |earlier: &StatementId, later: &StatementId| self.log().descends(later, earlier);
        let of_circle = self.standing().epoch(epoch).is_some_and(|one| one.group == KeyGroup::Circle && one.is_valid);
        if !of_circle || old.confirmed.iter().any(|before| before == epoch || is_before(epoch, before)) {
            return None;
        }
        let kept = old.confirmed.iter().filter(|before| !is_before(before, epoch));
        let confirmed: Vec<StatementId> = kept.chain([epoch]).copied().collect();
        let heard = self.log().statements().take(usize::try_from(heard).unwrap_or(usize::MAX));
        let heard: SortedSet<StatementId> = heard.map(|(id, _)| *id).collect();
        let is_known = |one: &EpochRecord| {
            let is_said = heard.contains(&one.id) || Some(one.author) == old.device;
            let is_held = old.device.is_some_and(|device| one.wraps_of(&device).next().is_some());
            let is_known = is_said || confirmed.iter().any(|said| is_before(&one.id, said));
            // Of the circle's it says itself which it seals with.
            confirmed.contains(&one.id) || (one.group != KeyGroup::Circle && is_held && is_known)
        };
        let hints = self.old_hints(is_known);
        Some(OldKeys { device: old.device, confirmed, hints })
    }

    /// Hints of the epochs that one which the device knows comes after.
    fn old_hints(&self, is_known: impl Fn(&EpochRecord) -> bool) -> SortedSet<[u8; HINT_BYTES]> {
        let epochs: Vec<&EpochRecord> = self.standing().all_epochs().filter(|epoch| epoch.is_valid).collect();
        let newer: Vec<&EpochRecord> = epochs.iter().copied().filter(|epoch| is_known(epoch)).collect();
        let comes_after =
            |new: &EpochRecord, one: &EpochRecord| new.group == one.group && self.log().descends(&new.id, &one.id);
        let is_old = |one: &EpochRecord| newer.iter().any(|new| comes_after(new, one));
        let hint = |epoch: &EpochRecord| EpochId(epoch.id.0).hint();
        let (old, new): (Vec<&EpochRecord>, Vec<&EpochRecord>) = epochs.into_iter().partition(|epoch| is_old(epoch));
        let mut hints: SortedSet<_> = old.into_iter().map(hint).collect();
        // Whoever makes a key whose hint an old one has stops nobody from using it.
        for epoch in new {
            hints.remove(&hint(epoch));
        }
        hints
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Version, two confirmed epochs, two hints.
    const GOLDEN: [&[u8]; 5] = [&[1, 2], &[7; 32], &[8; 32], &[2], &[1, 2, 3, 4, 9, 9, 9, 9]];

    #[test]
    fn golden_what_a_device_seals_with_no_more() {
        let (device, golden) = (DeviceId([5; 32]), GOLDEN.concat());
        let hints = [[9; 4], [1, 2, 3, 4]].into_iter().collect();
        let confirmed = vec![StatementId([7; 32]), StatementId([8; 32])];
        let old = OldKeys { device: Some(device), confirmed, hints };
        assert_eq!(old.encode(), golden);
        assert_eq!(OldKeys::decode(&device, Some(&golden)), Ok(old));
        assert!(OldKeys::decode(&device, Some(&[2, 0, 0])).is_err(), "another version");
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
        let unordered = [GOLDEN[..4].concat(), vec![9, 9, 9, 9, 1, 2, 3, 4]].concat();
        let order = DecodeError::Invalid { what: "old epochs' order" };
        assert_eq!(OldKeys::decode(&device, Some(&unordered)), Err(order));
    }
}
