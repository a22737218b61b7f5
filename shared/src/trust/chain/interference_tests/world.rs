//! A circle's servers and honest phones, and what becomes of what these say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::ids::{EpochId, MemberId};
use crate::time::TimestampMs;
use crate::trust::testing::*;
use crate::trust::*;

use super::attacker;
use super::script::*;
use super::view::View;

#[derive(Clone, Default)]
pub(super) struct Phone {
    pub(super) knows: Option<Knows>,
    pub(super) number: u64,
    pub(super) pending: Vec<(usize, Statement)>,
}

/// A circle's server, its honest phones, and who holds which key.
#[derive(Clone)]
pub(super) struct World {
    pub(super) chain: Chain,
    pub(super) now: TimestampMs,
    pub(super) statements: Vec<Statement>,
    /// Grants of others that travelled, and that anyone may bring again: all else its author's phone brings itself.
    pub(super) seen: Vec<Statement>,
    pub(super) keys: BTreeMap<EpochId, BTreeSet<u8>>,
    pub(super) is_signed: bool,
    pub(super) seed: u64,
    /// Whether the attacker's member has said nearly as much of keys as one may.
    pub(super) is_near_bound: bool,
    /// Groups that somebody began a key of.
    pub(super) groups: BTreeSet<KeyGroup>,
    pub(super) phones: BTreeMap<u8, Phone>,
    /// Another server over the same store: it has of the chain what it last read.
    other: Chain,
    /// What each phone was given.
    views: BTreeMap<u8, View>,
    outcomes: Vec<Outcome>,
    lengths: Vec<u64>,
    generation: u32,
    root_number: u64,
    /// What was sealed: with which key, and who read it then.
    pub(super) sealed: Vec<(EpochId, BTreeSet<u8>, u64)>,
    pub(super) salt: u64,
    pub(super) lost: BTreeSet<EpochId>,
    /// Removals that a restored backup lost.
    lost_removals: Vec<Statement>,
}

impl World {
    pub(super) fn new(seed: u64, role: attacker::Role, is_signed: bool) -> Self {
        let (mut chain, statements) = base().clone();
        let is_near_bound = role == attacker::Role::Member && seed.is_multiple_of(2);
        if is_near_bound {
            spend(&mut chain);
        }
        let mut world = Self {
            now: chain.standing().time(),
            seed,
            is_near_bound,
            groups: [KeyGroup::Circle, KeyGroup::Facilitators].into_iter().collect(),
            other: chain.clone(),
            views: BTreeMap::new(),
            chain,
            statements,
            seen: Vec::new(),
            keys: BTreeMap::new(),
            is_signed,
            phones: BTreeMap::new(),
            outcomes: Vec::new(),
            lengths: Vec::new(),
            generation: 0,
            root_number: 100,
            sealed: Vec::new(),
            salt: 0,
            lost: BTreeSet::new(),
            lost_removals: Vec::new(),
        };
        for n in 1..=PEOPLE {
            world.sync(n);
        }
        if role == attacker::Role::ExFacilitator {
            let body = promote(&world.chain, ATTACKER);
            world.root_says(body).unwrap();
        }
        world
    }

    /// Admits a statement, with its signatures checked or as if they were.
    pub(super) fn admit(&mut self, statement: &Statement) -> Result<u64, StatementProblem> {
        if self.chain.position_of(&statement.id()).is_some() {
            return Err(StatementProblem::NoChange);
        }
        if statement.id().as_bytes()[0].is_multiple_of(4) {
            self.go_to_other_server();
        }
        let position = self.chain.len() + 1;
        if self.is_signed {
            self.chain.hear(statement, self.now)?;
        } else {
            statement.check_form().map_err(|_| StatementProblem::Malformed)?;
            self.chain.admit_stored(statement, self.now)?;
        }
        self.statements.push(statement.clone());
        Ok(position)
    }

    /// The other server, which reads what the store has that it lacks, admits from here on.
    fn go_to_other_server(&mut self) {
        for position in self.other.len() + 1..=self.chain.len() {
            let at = position as usize - 1;
            let record = *self.chain.record(position).unwrap();
            self.other.take_stored(record, Some(&self.statements[at])).unwrap();
        }
        assert!(self.other.standing() == self.chain.standing(), "seed {}: two servers of one store differ", self.seed);
        core::mem::swap(&mut self.chain, &mut self.other);
    }

    /// A statement, signed when signatures are checked.
    pub(super) fn say(&self, signer: Signer<'_>, number: u64, knows: Knows, body: StatementBody) -> Statement {
        let draft = Draft { circle: *self.chain.circle(), number, knows, time: self.now, body };
        if self.is_signed {
            return draft.signed(signer);
        }
        let author = match signer {
            Signer::Root(_) => StatementAuthor::Root,
            Signer::Device(device) => StatementAuthor::Device(device.id()),
            Signer::Invite(secret) => StatementAuthor::Invite(secret.public()),
        };
        let Draft { circle, number, knows, time, body } = draft;
        Statement { circle, author, number, knows, time, body, signature: Signature([0; 64]) }
    }

    fn root_says(&mut self, body: StatementBody) -> Result<u64, StatementProblem> {
        self.root_number += 1;
        let statement = self.say(Signer::Root(&root()), self.root_number, self.chain.head(), body);
        self.admit(&statement)
    }

    pub(super) fn take(&mut self, at: usize, step: &Step) {
        self.pass_by();
        match *step {
            Step::Day => self.now = self.now.plus_ms(DAY_MS),
            Step::Sync(n) => self.sync(n),
            Step::OutAttacker => {
                let body = remove(&self.chain, ATTACKER);
                let result = self.root_says(body);
                self.note(at, result);
            }
            Step::Join { link, n } => {
                let secret = InviteSecret([link; 16]);
                let body = StatementBody::Join(self.join(&secret, n));
                let statement = self.say(Signer::Invite(&secret), 0, Knows::NOTHING, body);
                let result = self.admit(&statement);
                self.note(at, result);
                self.sync(n);
            }
            Step::Restore(steps) => self.restore(self.lengths[self.lengths.len().saturating_sub(steps)]),
            Step::Say { by, what, is_offline } => {
                if !is_offline {
                    self.sync(by);
                }
                let Some(statement) = self.statement(by, what) else { return };
                if matches!(statement.body, StatementBody::Grant(Grant { recovers: false, .. })) && !is_offline {
                    self.seen.push(statement.clone());
                }
                self.phones.entry(by).or_default().pending.push((at, statement));
                if !is_offline {
                    self.sync(by);
                }
            }
        }
    }

    fn note(&mut self, at: usize, result: Result<u64, StatementProblem>) {
        self.outcomes[at] = result.map_or_else(Outcome::Refused, |_| Outcome::Taken);
    }

    pub(super) fn join(&self, secret: &InviteSecret, n: u8) -> Join {
        match self.is_signed {
            true => Join::sign(self.chain.circle(), &secret.public(), phone(n), [n; 16]),
            false => Join { device: *phone(n).public(), salt: [n; 16], possession: Signature([0; 64]) },
        }
    }

    /// A phone brings what it has said, takes the chain in, keeps the keys up and writes something.
    fn sync(&mut self, n: u8) {
        for (at, statement) in core::mem::take(&mut self.phones.entry(n).or_default().pending) {
            let result = self.admit(&statement);
            if let (Ok(_), StatementBody::Epoch(epoch)) = (&result, &statement.body) {
                let readers = self.named(&epoch.readers);
                self.keys.entry(epoch.epoch).or_default().extend(readers.into_iter().chain([n]));
            }
            self.note(at, result);
        }
        self.ask(n);
        if state(&self.chain, n) != Some(MemberState::Active) {
            return;
        }
        for group in self.groups.clone() {
            self.keep_up(n, group);
        }
        self.phones.entry(n).or_default().knows = Some(self.chain.head());
    }

    /// A phone asks for what there is for it of the chain.
    fn ask(&mut self, n: u8) {
        if state(&self.chain, n).is_none_or(|state| state == MemberState::Provisional) {
            return;
        }
        let mut view = self.views.remove(&n).unwrap_or_else(|| self.first_view(n));
        view.ask(self);
        self.views.insert(n, view);
    }

    fn first_view(&self, n: u8) -> View {
        let mut first = base().0.clone();
        if self.is_near_bound {
            spend(&mut first);
        }
        View::new(n, first)
    }

    /// That each phone which is in stands where the server does: those that asked now and then, and those that ask
    /// for everything at once.
    pub(super) fn assert_phones_stand_where_the_server_does(&mut self) {
        self.go_to_other_server();
        let active: Vec<u8> = (1..50).filter(|n| state(&self.chain, *n) == Some(MemberState::Active)).collect();
        for n in active {
            self.ask(n);
            self.views[&n].assert_same(self);
            let mut at_once = self.first_view(n);
            at_once.ask(self);
            at_once.assert_same(self);
        }
    }

    fn restore(&mut self, kept: u64) {
        let (mut chain, records) = self.chain.lose(kept + 1);
        // Who was given a key in a lost part nobody's chain can tell any more: phones seal with it no more. Of a Share's
        // key they are not told so: the Restored ends what was in force.
        for statement in self.statements.split_off(records.len()) {
            match statement.body {
                StatementBody::Epoch(Epoch { epoch, .. }) => {
                    self.lost.insert(epoch);
                }
                StatementBody::Remove(_) => self.lost_removals.push(statement),
                _ => {}
            }
        }
        for (record, statement) in records.into_iter().zip(&self.statements) {
            chain.take_stored(record, Some(statement)).unwrap();
            if self.is_near_bound && record.position == base().0.len() {
                spend(&mut chain);
            }
        }
        // Whoever holds a lost Grant may bring it again: that is no interference.
        self.seen.clear();
        self.other = chain.clone();
        self.chain = chain;
        self.generation += 1;
        let body = StatementBody::Restored(Restored { generation: self.generation, from: kept + 1 });
        self.root_says(body).unwrap();
        // What was said on a lost record is refused by name and said again: which records are lost is the server's doing.
        let head = self.chain.head();
        for phone in self.phones.values_mut() {
            phone.pending.clear();
            phone.knows = Some(head);
        }
    }

    /// Whoever has a removal that was lost brings it, until it is in again.
    pub(super) fn bring_lost_removals(&mut self) {
        let lost = core::mem::take(&mut self.lost_removals);
        self.lost_removals = lost.into_iter().filter(|removal| self.admit(removal).is_err()).collect();
    }

    /// Everybody who is in exchanges twice.
    pub(super) fn settle(&mut self) {
        self.settle_those(|_| true);
    }

    pub(super) fn settle_those(&mut self, is_there: impl Fn(u8) -> bool) {
        for _ in 0..2 {
            (1..50).filter(|n| is_there(*n)).for_each(|n| self.sync(n));
        }
    }

    /// A step that is not taken here.
    pub(super) fn pass_by(&mut self) {
        self.lengths.push(self.chain.len());
        self.outcomes.push(Outcome::Unsaid);
    }

    /// What a phone has of the chain.
    pub(super) fn chain_of(&self, n: u8) -> Option<&Chain> {
        self.views.get(&n).map(View::chain)
    }

    pub(super) fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    pub(super) fn standing_of(&self, n: u8) -> Option<(MemberState, Role, MemberId)> {
        self.chain.standing().device(&phone(n).id()).map(|device| (device.state, device.role, device.member))
    }
}

/// Has the attacker's member say nearly as much of keys as one may.
pub(super) fn spend(chain: &mut Chain) {
    let place = chain.standing.device_places.get(&phone(ATTACKER).id()).unwrap();
    let member = chain.standing.devices[place].member;
    chain.standing.members[member].used.keys = bounds::MEMBER_KEYS_MAX - 2;
}

fn base() -> &'static (Chain, Vec<Statement>) {
    static BASE: OnceLock<(Chain, Vec<Statement>)> = OnceLock::new();
    BASE.get_or_init(first_records)
}

fn first_records() -> (Chain, Vec<Statement>) {
    let mut chain = circle();
    let mut said = vec![founding(0)];
    let mut say = |chain: &mut Chain, statement: Statement, now| {
        chain.hear(&statement, now).unwrap();
        said.push(statement);
    };
    for n in (2..=PEOPLE).chain([ATTACKER]) {
        let role = if n <= FACILITATORS { Role::Facilitator } else { Role::Member };
        let mut given = grant(&chain, 1, n, role);
        given.warrant = warrant(&chain, 1, 200);
        given.member = Grant::new_member(given.warrant.claimed_id(), &phone(n).id());
        let statement = of_phone(&chain, 1, StatementBody::Grant(given));
        say(&mut chain, statement, NOW);
    }
    let added = of_phone(&chain, LOSER, add_device(&chain, LOSER, LOST, false));
    say(&mut chain, added, NOW);
    let secret = InviteSecret([UNUSED_LINK; 16]);
    let body = invite(&chain, Signer::Root(&root()), &secret, InviteFor::Role(Role::Member), 2);
    let link = draft(&chain, Signer::Root(&root()), body);
    say(&mut chain, link, NOW.plus_ms(2 * DAY_MS));
    (chain, said)
}
