use crate::gate::testing::Dice;
use crate::ids::{EpochId, InviteKey, MemberId, RecordHash};
use crate::trust::testing::*;
use crate::trust::*;

use super::script::{ATTACKER, LOST, UNUSED_LINK, script_epoch};
use super::world::World;

/// What it draws from when it says something, and how much of that is of keys, which comes last.
const KINDS: usize = 13;
const KINDS_OF_KEYS: usize = 3;

/// Whose keys the attacker holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Of an active member: their own devices, their own links, keys of what they read.
    Member,
    /// Of one who was taken out: nothing.
    ExMember,
    /// Of a facilitator who was taken out: up to 20 people who wait.
    ExFacilitator,
    /// Of a lost phone of an ordinary member: what that member can, that member's other devices included.
    LostDevice,
    /// Of a link that nobody used: one member for each of its uses, who can what a member can.
    UnusedLink,
}

impl Role {
    pub(super) const ALL: [Self; 5] =
        [Self::Member, Self::ExMember, Self::ExFacilitator, Self::LostDevice, Self::UnusedLink];

    pub(super) fn is_out(self) -> bool {
        matches!(self, Self::ExMember | Self::ExFacilitator)
    }
}

/// States anything that the encoding allows, with the keys that it holds.
pub(super) struct Attacker {
    role: Role,
    pub(super) dice: Dice,
    /// Its phones, in the circle or not.
    phones: Vec<u8>,
    warrant: Option<Signed<Warrant>>,
    links: u8,
}

impl Attacker {
    pub(super) fn new(role: Role, seed: u64) -> Self {
        let phones = match role {
            Role::UnusedLink => vec![70],
            Role::LostDevice => vec![LOST],
            _ => vec![ATTACKER],
        };
        let phones = phones.into_iter().chain(71..90).collect();
        Self { role, dice: Dice(seed), phones, warrant: None, links: 0 }
    }

    pub(super) fn act(&mut self, world: &mut World, at: usize) {
        if self.role == Role::ExFacilitator && self.warrant.is_none() {
            let (id, count) = (WarrantId([66; 16]), 50);
            let (circle, position) = (*world.chain.circle(), world.chain.len());
            self.warrant = Some(Warrant::sign(&server(), circle, phone(ATTACKER).id(), id, count, UNTIL, position));
        }
        if self.role.is_out() && state(&world.chain, ATTACKER) == Some(MemberState::Active) {
            return;
        }
        for _ in 0..self.dice.below(5) {
            self.act_once(world, at);
        }
    }

    fn act_once(&mut self, world: &mut World, at: usize) {
        if self.dice.below(8) == 0 && !world.seen.is_empty() {
            let again = world.seen[self.dice.below(world.seen.len())].clone();
            let is_known = world.chain.position_of(&again.id()).is_some();
            let result = world.admit(&again);
            assert!(!is_known || result.is_err());
            return;
        }
        if self.dice.below(6) == 0 {
            let link = if self.role == Role::UnusedLink { UNUSED_LINK } else { 150 + self.dice.below(8) as u8 };
            let (secret, n) = (InviteSecret([link; 16]), self.any_phone());
            let body = StatementBody::Join(world.join(&secret, n));
            let statement = world.say(Signer::Invite(&secret), 0, Knows::NOTHING, body);
            let _ = world.admit(&statement);
            // Of any link, with the secret of this one.
            let body = StatementBody::Withdraw(Withdraw { invite: self.any_link(world) });
            let statement = world.say(Signer::Invite(&secret), 1, world.chain.head(), body);
            let is_taken = world.admit(&statement).is_ok();
            let is_own = matches!(&statement.body, StatementBody::Withdraw(it) if it.invite == secret.public());
            assert!(is_own || !is_taken, "{statement:?}");
            return;
        }
        let by = self.any_phone();
        // One that is near its bound comes to it where it does most harm, in every second history.
        let is_saving = world.is_near_bound && world.seed.is_multiple_of(4);
        match self.dice.below(24) {
            0 if !is_saving => return self.say_again_after_another(world, by),
            1 | 2 => return self.share_at_the_bound(world, by),
            3 => return world.bring_lost_removals(),
            _ => {}
        }
        let knows = self.knows(world);
        let number = [1, 2, 7, 1_000, u64::MAX][self.dice.below(5)];
        let body = self.body(world, by, at, if is_saving { KINDS - KINDS_OF_KEYS } else { KINDS });
        let statement = world.say(Signer::Device(phone(by)), number, knows, body);
        self.state(world, by, &statement);
        if world.is_signed {
            self.forge(world, &statement);
        }
    }

    /// What it says is taken or refused; of a key of its own it gives some a true wrap and others rubbish. (That it can
    /// pass on what it reads, nothing keeps it from.)
    pub(super) fn state(&mut self, world: &mut World, by: u8, statement: &Statement) {
        let is_taken = world.admit(statement).is_ok();
        if let (true, StatementBody::Epoch(epoch)) = (is_taken, &statement.body)
            && (0..40).all(|at| script_epoch(at) != epoch.epoch)
            && !world.keys.contains_key(&epoch.epoch)
        {
            let named = world.named(&epoch.readers);
            let given: Vec<u8> = named.into_iter().filter(|_| self.dice.below(2) == 0).chain([by]).collect();
            world.keys.entry(epoch.epoch).or_default().extend(given);
        }
    }

    /// The same in somebody else's name.
    fn forge(&mut self, world: &mut World, statement: &Statement) {
        let authors = [StatementAuthor::Root, StatementAuthor::Device(phone(1 + self.dice.below(8) as u8).id())];
        let forged = Statement { author: authors[self.dice.below(2)], ..statement.clone() };
        assert!(world.admit(&forged).is_err(), "{forged:?}");
    }

    fn any_phone(&mut self) -> u8 {
        let at = if self.dice.below(2) == 0 { 0 } else { self.dice.below(self.phones.len()) };
        self.phones[at]
    }

    fn knows(&mut self, world: &World) -> Knows {
        let head = world.chain.head();
        let position = 1 + self.dice.below(head.position as usize + 1) as u64;
        match self.dice.below(6) {
            0 => head,
            1 => Knows { hash: RecordHash([9; 32]), position, ..head },
            2 => Knows { generation: head.generation + 1, ..head },
            _ => {
                let generation = self.dice.below(head.generation as usize + 1) as u32;
                let hash = world.chain.hash_of(generation, position).unwrap_or(RecordHash([8; 32]));
                Knows { generation, position, hash }
            }
        }
    }

    pub(super) fn any_member(&mut self, world: &World) -> MemberId {
        let members: Vec<MemberId> = world.chain.standing().members().map(|member| member.id).collect();
        members[self.dice.below(members.len())]
    }

    fn body(&mut self, world: &World, by: u8, at: usize, kinds: usize) -> StatementBody {
        let member = self.any_member(world);
        let device = world.chain.standing().device_at(self.dice.below(30) as u32).unwrap_or(phone(77).id());
        let own = world.chain.standing().device(&phone(by).id()).map_or(member, |device| device.member);
        let role = [crate::trust::Role::Member, crate::trust::Role::Facilitator][self.dice.below(2)];
        match self.dice.below(kinds) {
            0 => StatementBody::Remove(Remove::Member(member)),
            1 => StatementBody::Remove(Remove::Device(device)),
            2 => StatementBody::Confirm(Confirm { member, undoes: self.dice.below(60) as u64 }),
            3 => StatementBody::Promote(Promote { member }),
            4 => StatementBody::Demote(Demote { member }),
            5 => StatementBody::Withdraw(Withdraw { invite: self.any_link(world) }),
            6 => {
                let keys = Attached::NOTHING;
                let n = self.any_phone();
                StatementBody::AddDevice(AddDevice::sign(world.chain.circle(), &own, phone(n), false, keys))
            }
            7 => {
                let to = match self.dice.below(3) {
                    0 => InviteFor::Role(role),
                    1 => InviteFor::Member { member, recovers: self.dice.below(2) == 0 },
                    _ => InviteFor::Member { member: own, recovers: false },
                };
                self.links = (self.links + 1) % 8;
                invite(&world.chain, Signer::Device(phone(by)), &InviteSecret([150 + self.links; 16]), to, 2)
            }
            8 => self.grant(world, by, member, role),
            9 => {
                let beginners = [Beginners::Everyone, Beginners::Facilitators][self.dice.below(2)];
                StatementBody::Setting(Setting::Conversations(beginners))
            }
            10 => {
                let (group, epoch, readers) = self.keys(world, own, at);
                StatementBody::Share(Share { group, epoch, readers, wraps: Attached([3; 32]) })
            }
            _ => {
                let (group, epoch, readers) = self.keys(world, own, at);
                StatementBody::Epoch(Epoch { group, epoch, readers, wraps: Attached([3; 32]) })
            }
        }
    }

    fn any_link(&mut self, world: &World) -> InviteKey {
        let links: Vec<InviteKey> = world.chain.standing().invites().map(|invite| invite.invitation.key).collect();
        links[self.dice.below(links.len())]
    }

    fn grant(&mut self, world: &World, by: u8, member: MemberId, role: crate::trust::Role) -> StatementBody {
        let n = self.any_phone();
        let recovers = self.dice.below(3) == 0;
        let mut grant = Grant { recovers, past: true, ..grant(&world.chain, by, n, role) };
        // What no server signed is no warrant; where signatures are not checked it has none at all.
        match self.warrant {
            Some(warrant) => grant.warrant = warrant,
            None => {
                let mut none = *grant.warrant.claimed();
                none.count = 0;
                grant.warrant = Signed::new(none);
            }
        }
        grant.member = if recovers { member } else { Grant::new_member(grant.warrant.claimed_id(), &phone(n).id()) };
        StatementBody::Grant(grant)
    }

    /// Of groups that it reads, mostly; and of epochs that were said before, whether in force or not.
    fn keys(&mut self, world: &World, own: MemberId, at: usize) -> (KeyGroup, EpochId, Readers) {
        let (one, other) = (self.any_member(world), self.any_member(world));
        let pair = KeyGroup::pair(own, other).unwrap_or(KeyGroup::Circle);
        let groups = [KeyGroup::Facilitators, KeyGroup::Alone(one), KeyGroup::Slice(one), pair];
        let group = match self.dice.below(10) {
            0 => KeyGroup::pair(one, other).unwrap_or(KeyGroup::Circle),
            1..=3 => KeyGroup::Circle,
            4 | 5 => KeyGroup::Alone(own),
            6 | 7 => KeyGroup::Slice(own),
            _ => groups[self.dice.below(4)],
        };
        let epoch = self.epoch(world, &group, at);
        let known = match self.dice.below(2) {
            0 => world.chain.standing().readers_said(&group),
            _ => (0..3).map(|_| self.dice.below(12) as u32).collect(),
        };
        let readers = Readers { known, new: Vec::new() };
        let some = Readers { known: [0].into_iter().collect(), new: Vec::new() };
        (group, epoch, if readers.is_empty() { some } else { readers })
    }

    fn epoch(&mut self, world: &World, group: &KeyGroup, at: usize) -> EpochId {
        let fresh = self.fresh_epoch();
        match self.dice.below(6) {
            0 => script_epoch((at + self.dice.below(8)).min(39)),
            1 => world.chain.standing().current_epoch(group).map_or(fresh, |epoch| epoch.id),
            2..=4 => {
                let said = world.statements.iter().filter_map(|statement| match &statement.body {
                    StatementBody::Epoch(epoch) if epoch.group == *group => Some(epoch.epoch),
                    _ => None,
                });
                let said: Vec<EpochId> = said.collect();
                if said.is_empty() { fresh } else { said[self.dice.below(said.len())] }
            }
            _ => fresh,
        }
    }
}
