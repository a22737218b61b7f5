//! What an attacker says to have a phone, which lacks texts, count otherwise than the server.

use crate::ids::{DeviceId, EpochId, tagged_hash};
use crate::trust::testing::*;
use crate::trust::*;

use super::attacker::Attacker;
use super::world::World;

impl Attacker {
    /// One key of a group of its own for others, another for its readers alone, and the first again: whoever was given
    /// the first and not the second knows the first already.
    pub(super) fn say_again_after_another(&mut self, world: &mut World, by: u8) {
        let Some(group) = self.own_group(world, by) else { return };
        let (first, second) = (self.fresh_epoch(), self.fresh_epoch());
        let count = world.chain.standing().roster().len() as u32;
        let known: Ordinals = (0..count).filter(|_| self.dice.below(2) == 0).collect();
        let others = Readers { known, new: Vec::new() };
        let own = Readers { known: world.chain.standing().readers_said(&group), new: Vec::new() };
        for (epoch, readers) in [(first, &others), (second, &own), (first, &others)] {
            self.say_epoch(world, by, group, epoch, readers);
        }
    }

    /// Uses up its share of keys before those who lack a current key, then gives them that: the last takes nothing of
    /// its share, which whoever was told nothing of that epoch can't tell.
    pub(super) fn share_at_the_bound(&mut self, world: &mut World, by: u8) {
        let Some(own) = self.own_group(world, by) else { return };
        for group in [KeyGroup::Circle, own] {
            let standing = world.chain.standing();
            let lacking: Vec<DeviceId> = standing.lacking(&group).share;
            let Some(epoch) = standing.current_epoch(&group).map(|epoch| epoch.id) else { continue };
            if lacking.is_empty() || !standing.reads(&phone(by).id(), &group) {
                continue;
            }
            let readers = Readers::of(standing, &lacking);
            for _ in 0..2 {
                let fresh = self.fresh_epoch();
                self.say_epoch(world, by, own, fresh, &readers);
            }
            let body = StatementBody::Share(Share { group, epoch, readers, wraps: Attached([3; 32]) });
            let statement = world.say(Signer::Device(phone(by)), 1, world.chain.head(), body);
            self.state(world, by, &statement);
        }
    }

    fn say_epoch(&mut self, world: &mut World, by: u8, group: KeyGroup, epoch: EpochId, readers: &Readers) {
        if readers.is_empty() {
            return;
        }
        let readers = readers.clone();
        let body = StatementBody::Epoch(Epoch { group, epoch, readers, wraps: Attached([3; 32]) });
        let statement = world.say(Signer::Device(phone(by)), 1, world.chain.head(), body);
        self.state(world, by, &statement);
    }

    /// A group that the member of a phone of its own reads, and not everyone.
    fn own_group(&mut self, world: &World, by: u8) -> Option<KeyGroup> {
        let own = world.chain.standing().device(&phone(by).id())?.member;
        let other = self.any_member(world);
        let pair = KeyGroup::pair(own, other).unwrap_or(KeyGroup::Alone(own));
        Some([KeyGroup::Alone(own), KeyGroup::Slice(own), pair][self.dice.below(3)])
    }

    pub(super) fn fresh_epoch(&mut self) -> EpochId {
        EpochId(tagged_hash("attack", &[&self.dice.next().to_le_bytes()]))
    }
}
