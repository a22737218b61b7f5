//! What each phone has of a chain: every record, and the texts of what concerns it alone.

use crate::trust::chain::standing::Standing;
use crate::trust::testing::phone;
use crate::trust::*;

use super::world::{World, spend};

/// A phone's chain, folded from what the server gives the phone, as often as it asks.
#[derive(Clone)]
pub(super) struct View {
    n: u8,
    chain: Chain,
    /// Whether each record came with its text.
    given: Vec<bool>,
    base: u64,
}

impl View {
    /// A phone that has what everyone is given of the first records.
    pub(super) fn new(n: u8, base: Chain) -> Self {
        let base_len = base.len();
        Self { n, given: vec![true; base.len() as usize], chain: base, base: base_len }
    }

    pub(super) fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Asks once: first gives up what the server lost, then takes what the server has for this phone.
    pub(super) fn ask(&mut self, world: &World) {
        let server = &world.chain;
        let is_server_s = |position: &u64| self.chain.hash(*position) == server.hash(*position);
        let common = (0..=self.chain.len().min(server.len())).rev().find(is_server_s).unwrap_or(0);
        let end = self.end(server.standing());
        if common < self.chain.len() && common < end {
            self.give_up(world, common);
        }
        for position in self.chain.len() + 1..=end.min(server.len()) {
            let statement = &world.statements[position as usize - 1];
            let is_given = self.is_given(server.standing(), statement);
            self.take(world, *server.record(position).unwrap(), is_given);
        }
    }

    fn give_up(&mut self, world: &World, common: u64) {
        let given = core::mem::take(&mut self.given);
        let (chain, records) = self.chain.lose(common + 1);
        self.chain = chain;
        for (record, is_given) in records.into_iter().zip(given) {
            self.take(world, record, is_given);
            if world.is_near_bound && record.position == self.base {
                spend(&mut self.chain);
            }
        }
    }

    fn take(&mut self, world: &World, record: Record, is_given: bool) {
        let statement = is_given.then(|| &world.statements[record.position as usize - 1]);
        let taken = self.chain.take_stored(record, statement);
        assert_eq!(taken, Ok(()), "seed {}: phone {} refuses {statement:?}", world.seed, self.n);
        self.given.push(is_given);
    }

    /// Up to where the phone is told, as `CircleChain::end_for` says it.
    fn end(&self, server: &Standing) -> u64 {
        let Some(entry) = server.entry(&phone(self.n).id()) else { return 0 };
        match server.device(&phone(self.n).id()).map(|device| device.state) {
            Some(MemberState::Active) => u64::MAX,
            Some(MemberState::Removed) => entry.end(),
            _ => 0,
        }
    }

    /// What a phone said itself it has the text of.
    fn is_given(&self, server: &Standing, statement: &Statement) -> bool {
        let device = phone(self.n).id();
        match &statement.body {
            StatementBody::Epoch(Epoch { group, epoch, readers, .. })
            | StatementBody::Share(Share { group, epoch, readers, .. }) => {
                statement.author == StatementAuthor::Device(device)
                    || server.wrap_place(&device, readers).is_some()
                    || server.is_told_of(&device, group, epoch)
            }
            _ => true,
        }
    }

    /// That a phone which is in and has asked stands where the server does, in all that it may know.
    pub(super) fn assert_same(&self, world: &World) {
        let (n, seed, device) = (self.n, world.seed, phone(self.n).id());
        let (ours, server) = (self.chain.standing(), world.chain.standing());
        assert_eq!(self.chain.head(), world.chain.head(), "seed {seed}: phone {n}");
        assert!(but_for_keys(ours) == but_for_keys(server), "seed {seed}: phone {n} stands elsewhere");
        let place = server.device(&device).unwrap().ordinal as usize;
        for group in server.groups().into_iter().filter(|group| server.reads(&device, group)) {
            let (mine, theirs) = (ours.current_epoch(&group), server.current_epoch(&group));
            // Of an epoch from before its person read what the group reads, a phone need not know.
            if !theirs.is_none_or(|current| server.may_have(place, current)) {
                continue;
            }
            assert_eq!(mine, theirs, "seed {seed}: phone {n}, {group:?}");
            assert_eq!(ours.lacking(&group), server.lacking(&group), "seed {seed}: phone {n}, {group:?}");
        }
    }
}

/// A standing without what follows from texts that not everyone has.
fn but_for_keys(standing: &Standing) -> Standing {
    let mut standing = Standing {
        groups: Vec::new(),
        group_places: Default::default(),
        spent: Vec::new(),
        spent_places: Default::default(),
        ..standing.clone()
    };
    standing.members.iter_mut().for_each(|member| member.used.keys = 0);
    standing
}
