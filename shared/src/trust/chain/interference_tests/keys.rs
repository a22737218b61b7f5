//! What honest phones do for keys, and what must hold of these.

use crate::ids::{EpochId, tagged_hash};
use crate::trust::testing::*;
use crate::trust::*;

use super::world::{Phone, World};

impl World {
    /// What a phone does for a group's key that it reads: begins another when one is due or its own wrap was rubbish,
    /// shares it with who lacks it.
    pub(super) fn keep_up(&mut self, n: u8, group: KeyGroup) {
        let standing = self.chain.standing();
        if !standing.reads(&phone(n).id(), &group) || !self.knows_people_of(&group) {
            return;
        }
        let lacking = standing.lacking(&group);
        let current = standing.current_epoch(&group).map(|epoch| epoch.id);
        let holds = current.is_some_and(|current| self.seals_with(n, &current));
        let is_given = lacking.share.contains(&phone(n).id());
        let (body, epoch, readers) = if lacking.new_epoch || (!holds && !is_given) {
            self.salt += 1;
            let epoch = EpochId(tagged_hash("upkeep", &[&self.salt.to_le_bytes()]));
            let readers = Readers { known: standing.readers_said(&group), new: Vec::new() };
            let wraps = Attached([1; 32]);
            (StatementBody::Epoch(Epoch { group, epoch, readers: readers.clone(), wraps }), epoch, readers)
        } else if let Some(epoch) = current.filter(|_| holds && !lacking.share.is_empty()) {
            let readers = Readers::of(standing, &lacking.share);
            let wraps = Attached([1; 32]);
            (StatementBody::Share(Share { group, epoch, readers: readers.clone(), wraps }), epoch, readers)
        } else {
            return self.seal(n, group);
        };
        let statement = self.say(Signer::Device(phone(n)), 1, self.chain.head(), body);
        self.admit(&statement).unwrap_or_else(|problem| panic!("upkeep of {n}: {problem}"));
        let named = self.named(&readers);
        self.keys.entry(epoch).or_default().extend(named);
        self.seal(n, group);
    }

    /// Whether the chain has a group's members: a restored one may have lost them.
    fn knows_people_of(&self, group: &KeyGroup) -> bool {
        let knows = |member| self.chain.standing().member(member).is_some();
        match group {
            KeyGroup::Circle | KeyGroup::Facilitators => true,
            KeyGroup::Alone(member) | KeyGroup::Slice(member) | KeyGroup::Reports(member) => knows(member),
            KeyGroup::Pair(one, other) => knows(one) && knows(other),
        }
    }

    fn seals_with(&self, n: u8, epoch: &EpochId) -> bool {
        !self.lost.contains(epoch) && self.keys.get(epoch).is_some_and(|keys| keys.contains(&n))
    }

    fn seal(&mut self, n: u8, group: KeyGroup) {
        let holds = |epoch: &EpochId| self.seals_with(n, epoch);
        let standing = self.chain.standing();
        let Some(epoch) = standing.sealing_epoch(&group, holds).map(|epoch| epoch.id) else { return };
        let readers = standing.readers(&group);
        let readers = readers.iter().filter_map(number_of).collect();
        self.sealed.push((epoch, readers, self.chain.len()));
    }

    /// The phones that readers are.
    pub(super) fn named(&self, readers: &Readers) -> Vec<u8> {
        readers.devices(self.chain.standing()).iter().filter_map(number_of).collect()
    }

    /// Nothing was opened to whoever did not read it when it was sealed, but for devices of those who did, and recovered
    /// ones.
    pub(super) fn assert_sealed_for_those_who_were_meant(&self, seed: u64) {
        let standing = self.chain.standing();
        for (epoch, readers, position) in &self.sealed {
            for n in self.keys.get(epoch).into_iter().flatten().filter(|n| !readers.contains(n)) {
                let device = standing.device(&phone(*n).id());
                let is_of_reader = device.is_some_and(|device| {
                    readers.iter().any(|reader| {
                        standing.device(&phone(*reader).id()).is_some_and(|reader| reader.member == device.member)
                    })
                });
                assert!(is_of_reader || device.is_none(), "seed {seed}: {n} reads what was sealed at {position}");
            }
        }
    }

    pub(super) fn assert_settled(&self, seed: u64) {
        let standing = self.chain.standing();
        for group in self.groups.iter().filter(|group| self.knows_people_of(group)) {
            let lacking = standing.lacking(group);
            let readers: Vec<u8> = (1..50).filter(|n| standing.reads(&phone(*n).id(), group)).collect();
            if readers.is_empty() {
                continue;
            }
            assert!(!lacking.new_epoch && lacking.share.is_empty(), "seed {seed}: {group:?} lacks {lacking:?}");
            let current = standing.current_epoch(group).unwrap().id;
            let holds = |n: &u8| self.keys.get(&current).is_some_and(|keys| keys.contains(n));
            assert!(readers.iter().all(holds), "seed {seed}: {group:?}");
        }
        let is_pending = |phone: &Phone| !phone.pending.is_empty();
        assert!(!self.phones.values().any(is_pending), "seed {seed}");
    }
}
