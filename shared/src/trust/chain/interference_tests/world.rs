use std::collections::{BTreeMap, BTreeSet};

use crate::gate::testing::Dice;
use crate::ids::{EpochId, MemberId, tagged_hash};
use crate::time::TimestampMs;
use crate::trust::testing::*;
use crate::trust::*;

use super::attacker;

/// Phones that are there from the start: three facilitators, then five members.
const FACILITATORS: u8 = 3;
const PEOPLE: u8 = 8;
/// Phones that may come, each once.
const NEWCOMERS: core::ops::Range<u8> = 20..40;
/// The member whose phone is lost, and the phone.
pub(super) const LOSER: u8 = 4;
pub(super) const LOST: u8 = 61;
/// The attacker's member.
pub(super) const ATTACKER: u8 = 60;
/// A link that nobody was given.
pub(super) const UNUSED_LINK: u8 = 99;
const GROUPS: [KeyGroup; 2] = [KeyGroup::Circle, KeyGroup::Facilitators];

/// What an honest phone does: it says something at once, or when it next has a network.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Say {
        by: u8,
        what: What,
        is_offline: bool,
    },
    Sync(u8),
    Join {
        link: u8,
        n: u8,
    },
    /// The root takes the attacker out.
    OutAttacker,
    /// The store is put back to what it was before so many steps.
    Restore(usize),
    Day,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    Invite { link: u8, role: Role },
    InviteOwn { link: u8 },
    Withdraw { link: u8 },
    Grant { n: u8, role: Role },
    Recover { n: u8, of: u8 },
    Add { n: u8, paper: bool },
    Remove(u8),
    RemoveDevice(u8),
    Confirm(u8),
    Promote(u8),
    Demote(u8),
    Epoch(KeyGroup, usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nobody said it: its phone knew of no such person, or has it pending.
    Unsaid,
    Taken,
    Refused(StatementProblem),
}

/// Whether a phone's standing is nobody's business but its person's and the facilitators'.
pub(super) fn is_honest(n: u8, role: attacker::Role) -> bool {
    let is_theirs = (50..=99).contains(&n) || (role == attacker::Role::LostDevice && n == LOSER);
    (1..=PEOPLE).contains(&n) && !is_theirs || NEWCOMERS.contains(&n)
}

/// A random honest history.
pub(super) fn script(dice: &mut Dice, role: attacker::Role) -> Vec<Step> {
    let (mut next_new, mut next_link) = (NEWCOMERS.start, 100_u8);
    let mut steps = Vec::new();
    let out_at = dice.below(20);
    let restores_at = if dice.below(4) == 0 { 10 + dice.below(25) } else { usize::MAX };
    for at in 0..40 {
        let person = |dice: &mut Dice| loop {
            let n = match dice.below(4) {
                0 if next_new > NEWCOMERS.start => {
                    NEWCOMERS.start + dice.below((next_new - NEWCOMERS.start).into()) as u8
                }
                1 => 1 + dice.below(FACILITATORS.into()) as u8,
                _ => 1 + dice.below(PEOPLE.into()) as u8,
            };
            if is_honest(n, role) {
                break n;
            }
        };
        let (by, n) = (person(dice), person(dice));
        let new = next_new.min(NEWCOMERS.end - 1);
        let given = if dice.below(4) == 0 { Role::Facilitator } else { Role::Member };
        let link = 100 + dice.below((next_link - 99).into()) as u8;
        let what = match dice.below(16) {
            0 | 1 => What::Invite { link: next_link, role: given },
            2 => What::InviteOwn { link: next_link },
            3 => What::Withdraw { link },
            4 | 5 => What::Grant { n: new, role: given },
            6 => What::Recover { n: new, of: n },
            7 => What::Add { n: new, paper: dice.below(2) == 0 },
            8 | 9 => What::Remove(n),
            10 => What::RemoveDevice(n),
            11 => What::Confirm(n),
            12 => What::Promote(n),
            13 => What::Demote(n),
            _ => What::Epoch(GROUPS[dice.below(2)], at),
        };
        next_new = (next_new + u8::from(matches!(what, What::Grant { .. } | What::Recover { .. } | What::Add { .. })))
            .min(NEWCOMERS.end - 1);
        next_link += u8::from(matches!(what, What::Invite { .. } | What::InviteOwn { .. }));
        steps.push(match dice.below(10) {
            _ if at == out_at && role.is_out() => Step::OutAttacker,
            _ if at == restores_at => Step::Restore(1 + dice.below(6)),
            0 => Step::Day,
            1 => Step::Sync(by),
            2 => {
                next_new = (next_new + 1).min(NEWCOMERS.end - 1);
                Step::Join { link, n: new }
            }
            _ => Step::Say { by, what, is_offline: dice.below(3) == 0 },
        });
    }
    steps
}

#[derive(Clone, Default)]
struct Phone {
    knows: Option<Knows>,
    number: u64,
    pending: Vec<(usize, Statement)>,
}

/// A circle's server, its honest phones, and who holds which key.
pub(super) struct World {
    pub(super) chain: Chain,
    pub(super) now: TimestampMs,
    pub(super) statements: Vec<Statement>,
    /// Grants of others that travelled, and that anyone may bring again: all else its author's phone brings itself.
    pub(super) seen: Vec<Statement>,
    pub(super) keys: BTreeMap<EpochId, BTreeSet<u8>>,
    pub(super) is_signed: bool,
    phones: BTreeMap<u8, Phone>,
    outcomes: Vec<Outcome>,
    lengths: Vec<u64>,
    generation: u32,
    root_number: u64,
    /// What was sealed: with which key, and who read it then.
    sealed: Vec<(EpochId, BTreeSet<u8>, u64)>,
    salt: u64,
    lost: BTreeSet<EpochId>,
}

impl World {
    pub(super) fn new(role: attacker::Role, is_signed: bool) -> Self {
        use std::sync::OnceLock;
        static BASE: OnceLock<(Chain, Vec<Statement>)> = OnceLock::new();
        let (chain, statements) = BASE.get_or_init(base).clone();
        let mut world = Self {
            now: chain.standing().time(),
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
        let position = self.chain.len() + 1;
        if self.is_signed {
            self.chain.admit(statement, self.now)?;
        } else {
            statement.check_form().map_err(|_| StatementProblem::Malformed)?;
            self.chain.admit_proven(statement, self.now, Proof::Trusted)?;
        }
        self.statements.push(statement.clone());
        Ok(position)
    }

    /// A statement, signed when signatures are checked.
    pub(super) fn say(&self, signer: Signer<'_>, number: u64, knows: Knows, body: StatementBody) -> Statement {
        let draft = Draft { circle: *self.chain.circle(), number, knows, time: self.now, body };
        if self.is_signed {
            return draft.sign(signer);
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
        self.lengths.push(self.chain.len());
        self.outcomes.push(Outcome::Unsaid);
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
        if state(&self.chain, n) != Some(State::Active) {
            return;
        }
        for group in GROUPS {
            self.keep_up(n, group);
        }
        self.phones.entry(n).or_default().knows = Some(self.chain.head());
    }

    /// What a phone does for a group's key that it reads: begins another when one is due or its own wrap was rubbish,
    /// shares it with who lacks it.
    fn keep_up(&mut self, n: u8, group: KeyGroup) {
        let standing = self.chain.standing();
        if !standing.reads(&phone(n).id(), &group) {
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

    fn statement(&mut self, by: u8, what: What) -> Option<Statement> {
        let knows = self.phones.get(&by)?.knows?;
        let own = self.known_member(by, &knows)?;
        let body = self.body(by, own, what, &knows)?;
        let phone_state = self.phones.get_mut(&by)?;
        phone_state.number += u64::from(!body.is_of_keys());
        let number = phone_state.number.max(1);
        Some(self.say(Signer::Device(phone(by)), number, knows, body))
    }

    /// The member of a phone, when `knows` reaches it.
    fn known_member(&self, n: u8, knows: &Knows) -> Option<MemberId> {
        let device = self.chain.standing().device(&phone(n).id())?;
        (device.introduced_at <= knows.position).then_some(device.member)
    }

    fn body(&self, by: u8, own: MemberId, what: What, knows: &Knows) -> Option<StatementBody> {
        let member = |n| self.known_member(n, knows);
        let invite = |link: u8, to| {
            let secret = InviteSecret([link; 16]);
            invite(&self.chain, Signer::Device(phone(by)), &secret, to, 2)
        };
        Some(match what {
            What::Invite { link, role } => invite(link, InviteFor::Role(role)),
            What::InviteOwn { link } => invite(link, InviteFor::Member { member: own, recovers: false }),
            What::Withdraw { link } => StatementBody::Withdraw(Withdraw { invite: InviteSecret([link; 16]).public() }),
            What::Grant { n, role } => StatementBody::Grant(grant(&self.chain, by, n, role)),
            What::Recover { n, of } => {
                let (member, recovers) = (member(of)?, true);
                StatementBody::Grant(Grant { member, recovers, ..grant(&self.chain, by, n, Role::Member) })
            }
            What::Add { n, paper } => {
                let keys = Attached::NOTHING;
                StatementBody::AddDevice(AddDevice::sign(self.chain.circle(), &own, phone(n), paper, keys))
            }
            What::Remove(n) => StatementBody::Remove(Remove::Member(member(n)?)),
            What::RemoveDevice(n) => StatementBody::Remove(Remove::Device(phone(n).id())),
            What::Confirm(n) => {
                let member = member(n)?;
                let undoes = self.chain.standing().member(&member)?.undone_by_confirm?;
                (undoes <= knows.position).then_some(StatementBody::Confirm(Confirm { member, undoes }))?
            }
            What::Promote(n) => StatementBody::Promote(Promote { member: member(n)? }),
            What::Demote(n) => StatementBody::Demote(Demote { member: member(n)? }),
            What::Epoch(group, at) => {
                let roster = self.chain.standing().roster();
                let reads = |ordinal: u32| {
                    let device = self.chain.standing().device_at(ordinal)?;
                    let then = roster.author_at(&device, knows.position)?.0;
                    Some(group.holds(&then.member, then.role == Role::Facilitator))
                };
                let count = u32::try_from(roster.len()).ok()?;
                let known: Ordinals = (0..count).filter(|ordinal| reads(*ordinal) == Some(true)).collect();
                let (epoch, wraps) = (script_epoch(at), Attached([2; 32]));
                let readers = Readers { known, new: Vec::new() };
                (!readers.is_empty()).then_some(StatementBody::Epoch(Epoch { group, epoch, readers, wraps }))?
            }
        })
    }

    fn restore(&mut self, kept: u64) {
        let (mut chain, records) = self.chain.lose(kept + 1);
        // Who was given a key in a lost part nobody's chain can tell any more: phones seal with it no more.
        for statement in self.statements.split_off(records.len()) {
            match statement.body {
                StatementBody::Epoch(Epoch { epoch, .. }) | StatementBody::Share(Share { epoch, .. }) => {
                    self.lost.insert(epoch);
                }
                _ => {}
            }
        }
        for (record, statement) in records.into_iter().zip(&self.statements) {
            chain.take(record, Some(statement), Proof::Trusted).unwrap();
        }
        // Whoever holds a lost Grant may bring it again: that is no interference.
        self.seen.clear();
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

    /// Everybody who is in exchanges twice.
    pub(super) fn settle(&mut self) {
        for _ in 0..2 {
            (1..50).for_each(|n| self.sync(n));
        }
    }

    pub(super) fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    pub(super) fn standing_of(&self, n: u8) -> Option<(State, Role, MemberId)> {
        self.chain.standing().device(&phone(n).id()).map(|device| (device.state, device.role, device.member))
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
        for group in GROUPS {
            let lacking = standing.lacking(&group);
            let readers: Vec<u8> = (1..50).filter(|n| standing.reads(&phone(*n).id(), &group)).collect();
            if readers.is_empty() {
                continue;
            }
            assert!(!lacking.new_epoch && lacking.share.is_empty(), "seed {seed}: {group:?} lacks {lacking:?}");
            let current = standing.current_epoch(&group).unwrap().id;
            let holds = |n: &u8| self.keys.get(&current).is_some_and(|keys| keys.contains(n));
            assert!(readers.iter().all(holds), "seed {seed}: {group:?}");
        }
        let is_pending = |phone: &Phone| !phone.pending.is_empty();
        assert!(!self.phones.values().any(is_pending), "seed {seed}");
    }
}

/// The key that a step of a script begins: anyone can know its id.
pub(super) fn script_epoch(at: usize) -> EpochId {
    EpochId(tagged_hash("script", &[&at.to_le_bytes()]))
}

fn base() -> (Chain, Vec<Statement>) {
    let mut chain = circle();
    let mut said = vec![founding(0)];
    let mut say = |chain: &mut Chain, statement: Statement, now| {
        chain.admit(&statement, now).unwrap();
        said.push(statement);
    };
    for n in (2..=PEOPLE).chain([ATTACKER]) {
        let role = if n <= FACILITATORS { Role::Facilitator } else { Role::Member };
        let mut given = grant(&chain, 1, n, role);
        given.warrant = warrant(&chain, 1, 200);
        given.member = Grant::new_member(&given.warrant, &phone(n).id());
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
