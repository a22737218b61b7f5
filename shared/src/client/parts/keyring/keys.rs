//! The keys that a phone holds of a circle, and what may be done with them.

use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{CircleId, DeviceId, EpochId, MemberId};
use crate::seal::EpochKey;
use crate::sorted::SortedMap;
use crate::storage::{Batch, Tree};
use crate::sync::key;
use crate::time::TimestampMs;
use crate::trust::{DeviceSecret, KeyGroup, Statement, StatementBody, Verified};

use super::history::{SeenEpoch, keys_beside};
use super::{Keyring, Upkept};

/// How often a phone begins an epoch in the place of one whose wrap for it, by the same member, opened to nothing.
const RUBBISH_ANSWERED_EVERY_MS: u64 = 24 * 60 * 60 * 1_000;

/// The form of a stored key.
const KEY_VERSION: u8 = 1;

/// A key of an epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::client) struct HeldKey {
    pub group: KeyGroup,
    pub key: EpochKey,
    /// Made here, and not on the chain yet: nobody else has it.
    pub is_own: bool,
}

impl Keyring {
    /// The keys that this phone holds.
    pub(in crate::client) fn keys(&self) -> &SortedMap<EpochId, HeldKey> {
        &self.keys
    }

    /// The groups of which it holds keys, each once.
    pub(in crate::client) fn held_groups(&self) -> Vec<KeyGroup> {
        let mut groups: Vec<KeyGroup> = self.keys.values().map(|held| held.group).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// The key to seal with for a group, and its epoch: by the chain, else one that this phone made and could not say
    /// yet, or was let in with.
    pub(in crate::client) fn sealing_key(&self, group: &KeyGroup) -> Option<(EpochId, EpochKey)> {
        let known = self.shown.sealing_epoch(group, |epoch| self.keys.contains_key(epoch)).map(|epoch| epoch.id);
        let own = || {
            let own = self.keys.iter().filter(|(_, held)| held.is_own && held.group == *group);
            own.map(|(epoch, _)| *epoch).next_back()
        };
        let pinned = || {
            let pin = self.pin.as_ref().filter(|_| *group == KeyGroup::Circle && self.shown.is_empty())?;
            Some(pin.epoch)
        };
        let epoch = known.or_else(own).or_else(pinned)?;
        Some((epoch, self.keys.get(&epoch)?.key.clone()))
    }

    /// Keys that may open what begins with this hint.
    pub(in crate::client) fn keys_of(&self, hint: [u8; 4]) -> impl Iterator<Item = (&EpochId, &EpochKey)> {
        self.keys.iter().filter(move |(epoch, _)| epoch.hint() == hint).map(|(epoch, held)| (epoch, &held.key))
    }

    /// All keys of a group that are held, those first that the chain had first; what it does not know of comes last.
    pub(in crate::client) fn keys_of_group(&self, group: &KeyGroup) -> Vec<(KeyGroup, EpochKey)> {
        let position = |epoch: &EpochId| {
            let seen = self.history.epochs().find(|(seen, _)| *seen == epoch).map(|(_, seen)| seen.position);
            match self.keys.get(epoch) {
                Some(held) if held.is_own => u64::MAX,
                _ => seen.unwrap_or(0),
            }
        };
        let held = self.keys.iter().filter(|(_, held)| held.group == *group);
        let mut keys: Vec<_> = held.map(|(epoch, held)| (position(epoch), held.group, held.key.clone())).collect();
        keys.sort_by_key(|(position, _, _)| *position);
        keys.into_iter().map(|(_, group, epoch_key)| (group, epoch_key)).collect()
    }

    /// Whose wrap of a group's current key for a device opens to nothing here.
    pub(in crate::client) fn rubbish_by(&self, group: &KeyGroup, own: &DeviceId) -> Option<MemberId> {
        let current = self.admitted().current_epoch(group)?;
        let is_rubbish = self.admitted().is_holder(group, &current.id, own) && !self.keys.contains_key(&current.id);
        is_rubbish.then(|| self.admitted().device(&current.author).map(|record| record.member)).flatten()
    }

    /// Whether a new epoch may follow on a member's rubbish: once a day for each, so that no one drains this member's
    /// share of epochs.
    pub(in crate::client) fn may_answer(&self, member: &MemberId, now: TimestampMs) -> bool {
        self.rubbish.get(member).is_none_or(|at| now.since_ms(*at) >= RUBBISH_ANSWERED_EVERY_MS)
    }

    /// The newest key of a group that is here and that nobody who is out was given: for when there is no better.
    pub(in crate::client) fn earlier_key(&self, group: &KeyGroup) -> Option<(EpochId, EpochKey)> {
        let is_good = |seen: &SeenEpoch| seen.group == Some(*group) && seen.is_among(&self.shown, group);
        let held = self.history.epochs().filter(|(epoch, seen)| self.keys.contains_key(*epoch) && is_good(seen));
        let (epoch, _) = held.max_by_key(|(_, seen)| seen.position)?;
        Some((*epoch, self.keys.get(epoch)?.key.clone()))
    }

    /// This phone begins an epoch in the place of a member's rubbish.
    pub(in crate::client) fn note_answered(&mut self, member: MemberId, now: TimestampMs) {
        self.rubbish.insert(member, now);
    }

    /// The same of a key.
    pub(in crate::client) fn load_key(&mut self, epoch: EpochId, held: HeldKey) {
        self.keys.insert(epoch, held);
    }

    /// Keeps a key; whether it is new.
    pub(in crate::client) fn hold(
        &mut self,
        circle: &CircleId,
        batch: &mut Batch,
        group: KeyGroup,
        epoch_key: EpochKey,
        is_own: bool,
    ) -> bool {
        let epoch = epoch_key.id(circle, &group);
        if self.keys.contains_key(&epoch) {
            return false;
        }
        let held = HeldKey { group, key: epoch_key, is_own };
        batch.put(Tree::Epochs, key::epoch(circle, &epoch), held.encode());
        self.keys.insert(epoch, held);
        true
    }

    /// Notes whether a key that this phone made is still to be said.
    pub(in crate::client) fn set_own(&mut self, circle: &CircleId, batch: &mut Batch, epoch: &EpochId, is_own: bool) {
        if let Some(held) = self.keys.get_mut(epoch).filter(|held| held.is_own != is_own) {
            held.is_own = is_own;
            batch.put(Tree::Epochs, key::epoch(circle, epoch), held.encode());
        }
    }

    /// Takes what a new record means for the keys: what lies beside it for this device, and that an epoch of its own is
    /// on the chain.
    pub(in crate::client) fn take_keys(
        &mut self,
        circle: &CircleId,
        device: &DeviceSecret,
        batch: &mut Batch,
        statement: &Verified<Statement>,
        attachment: &[u8],
    ) {
        for (group, epoch_key) in keys_beside(circle, device, statement, attachment) {
            self.hold(circle, batch, group, epoch_key, false);
        }
        if let StatementBody::Epoch(epoch) = &statement.body {
            self.set_own(circle, batch, &epoch.epoch, false);
        }
    }

    /// Whether the server refused what was said of an epoch, and no record came since.
    pub(in crate::client) fn is_refused(&self, epoch: &EpochId) -> bool {
        self.tried.get(epoch) == Some(&self.history.chain().len())
    }

    /// This could not be said, as the circle stands now.
    pub(in crate::client) fn hold_up(&mut self, what: Upkept) {
        let extent = self.extent();
        self.held_up.insert(what, extent);
    }

    /// Whether that is so, and the circle still stands as it did.
    pub(in crate::client) fn is_held_up(&self, what: Upkept) -> bool {
        self.held_up.get(&what) == Some(&self.extent())
    }

    /// What could not be said of keys, from another keyring.
    pub(in crate::client) fn take_held_up(&mut self, other: Self) {
        self.held_up = other.held_up;
    }
}

impl HeldKey {
    /// Version, whether it is still to be said, the group, the key.
    pub(in crate::client) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(KEY_VERSION).flag(self.is_own);
        self.group.write(&mut writer);
        writer.raw(&self.key.0);
        writer.into_bytes()
    }

    pub(in crate::client) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        if reader.byte("stored key's version")? != KEY_VERSION {
            return Err(DecodeError::Invalid { what: "stored key's version" });
        }
        let is_own = reader.flag("stored key's author")?;
        let group = KeyGroup::read(&mut reader)?;
        let held = Self { group, key: EpochKey(reader.array("stored key")?), is_own };
        reader.finish("stored key")?;
        Ok(held)
    }
}
