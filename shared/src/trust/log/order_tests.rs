//! One set, one state: whatever people did without knowing of each other, and in whatever order it came.

use crate::ids::DeviceId;
use crate::trust::testing::*;
use crate::trust::*;

/// How many histories are made up.
const HISTORIES: u64 = 200;
/// In how many orders each is told.
const ORDERS: usize = 100;
/// How many things happen in each.
const STEPS: usize = 40;

/// People with phones 1 to `PHONES`, each with what they know.
const PHONES: u8 = 7;

struct History {
    draws: Draws,
    views: Vec<GrantLog>,
    /// The next phone that nobody has.
    fresh: u8,
    said: Vec<Statement>,
}

impl History {
    /// Four facilitators and a member, who all know the same.
    fn new(seed: u64) -> Self {
        let log = people(4, 1);
        let said = log.statements().map(|(_, statement)| statement.clone()).collect();
        Self { draws: Draws::new(seed), views: vec![log; usize::from(PHONES) + 1], fresh: PHONES + 1, said }
    }

    fn anyone(&mut self, view: usize) -> DeviceId {
        let known: Vec<DeviceId> = self.views[view].evaluate().devices().map(|(device, _)| *device).collect();
        known[self.draws.below(known.len())]
    }

    fn step(&mut self) {
        let view = self.draws.below(self.views.len());
        if self.draws.below(3) == 0 {
            let other = self.draws.below(self.views.len());
            self.views[view] = union(&[&self.views[view], &self.views[other]]);
            return;
        }
        let log = self.views[view].clone();
        let by = view as u8;
        let body = self.body(view, by, &log);
        let secret = InviteSecret([by; 16]);
        let statement = match (&body, by) {
            (StatementBody::Join(_), _) => {
                let serial = self.draws.below(4) as u32;
                join(&log, &secret, self.fresh, serial)
            }
            (_, 0) => draft(&log, Signer::Root(&root()), body),
            (StatementBody::AddDevice(_), _) if self.draws.below(4) == 0 => {
                draft(&log, Signer::Device(&phone(by.max(self.fresh - 1))), body)
            }
            _ => draft(&log, Signer::Device(&phone(by)), body),
        };
        if self.views[view].insert(statement.clone()) == Ok(Inserted::New) {
            self.said.push(statement);
            self.fresh += 1;
        }
    }

    fn body(&mut self, view: usize, by: u8, log: &GrantLog) -> StatementBody {
        let whom = self.anyone(view);
        let standing = log.evaluate();
        let member = standing.device(&whom).unwrap().member;
        let serial = self.draws.below(4) as u32;
        let secret = InviteSecret([by; 16]);
        match self.draws.below(14) {
            0..3 => StatementBody::Remove(Remove::Member(member)),
            3 => StatementBody::Remove(Remove::Device(whom)),
            4 => StatementBody::Confirm(Confirm { member }),
            5 => StatementBody::Promote(Promote { member }),
            6 => StatementBody::Grant(Grant { serial, ..grant(log, by, self.fresh, Role::Facilitator) }),
            7 => {
                let past = serial == 0;
                let grant = Grant { member, recovers: true, past, serial, ..grant(log, by, self.fresh, Role::Member) };
                StatementBody::Grant(grant)
            }
            8 => add_device(self.fresh),
            9 => invite(&secret, InviteFor::Role(Role::Facilitator), serial == 0),
            10 | 11 if log.invite(&secret.public()).is_some() => {
                StatementBody::Join(Join::sign(log.circle(), &secret.public(), &phone(self.fresh), [self.fresh; 16]))
            }
            12 => match standing.current_epoch(&KeyGroup::Circle) {
                Some(epoch) => StatementBody::Share(Share { epoch: epoch.id, wraps: vec![(whom, Wrap([3; 80]))] }),
                None => epoch(KeyGroup::Circle, None, &[by]),
            },
            _ => {
                let previous = standing.epochs(&KeyGroup::Circle).first().map(|epoch| epoch.id);
                let devices = standing.readers(&KeyGroup::Circle);
                let wraps = devices.into_iter().map(|device| (device, Wrap([4; 80]))).collect();
                StatementBody::Epoch(Epoch { group: KeyGroup::Circle, previous, check: [9; 32], wraps })
            }
        }
    }
}

fn told(circle: &GrantLog, statements: &[Statement], take: fn(&mut GrantLog, Statement)) -> GrantLog {
    let mut log = GrantLog::new(*circle.circle());
    for statement in statements {
        take(&mut log, statement.clone());
    }
    log
}

/// What no history may bring about.
fn hold_invariants(standing: &Standing, seed: u64) {
    if let Some(epoch) = standing.current_epoch(&KeyGroup::Circle) {
        let given = epoch.wraps.iter().map(|(device, _)| device).chain([&epoch.author]);
        given.for_each(|device| assert!(standing.reads(device, &KeyGroup::Circle), "seed {seed}"));
        let lacking = standing.lacking(&KeyGroup::Circle);
        let has = |device: &DeviceId| epoch.wraps_of(device).next().is_some();
        let readers = standing.readers(&KeyGroup::Circle);
        assert!(lacking.new_epoch || readers.iter().all(|it| has(it) != lacking.share.contains(it)), "seed {seed}");
    }
    for (device, record) in standing.devices() {
        let is_out = standing.events().iter().any(|event| {
            let names = match event.kind {
                EventKind::MemberRemoved => event.member == Some(record.member),
                EventKind::DeviceRemoved => event.device == Some(*device),
                _ => false,
            };
            names && event.verdict == Verdict::Lawful
        });
        assert!(!is_out || record.state == State::Removed, "seed {seed}: one whom a lawful removal names is in");
        let is_void = matches!(standing.verdict(&record.introduced_by), Verdict::Beaten | Verdict::Provisional);
        assert!(!is_void || record.state != State::Active, "seed {seed}: one who came in by a beaten way reads");
    }
}

#[test]
fn one_set_is_one_state_in_whatever_order_it_came() {
    let (mut removals, mut suspended, mut provisional, mut epochs) = (0, 0, 0, 0);
    for seed in 0..HISTORIES {
        let mut history = History::new(seed);
        (0..STEPS).for_each(|_| history.step());
        let (mut said, circle) = (history.said, people(4, 1));
        let verified = told(&circle, &said, |log, statement| assert_eq!(log.insert(statement), Ok(Inserted::New)));
        let standing = verified.evaluate();
        hold_invariants(&standing, seed);
        for _ in 0..ORDERS {
            history.draws.shuffle(&mut said);
            let log = told(&circle, &said, |log, statement| {
                log.insert_trusted(statement).unwrap();
            });
            assert_eq!(log.len(), verified.len(), "seed {seed}");
            assert_eq!(log.heads(), verified.heads(), "seed {seed}");
            assert!(log.evaluate() == standing, "seed {seed}: another order, another state");
        }
        let count = |state| standing.devices().filter(|(_, record)| record.state == state).count();
        removals += count(State::Removed);
        suspended += count(State::Suspended);
        provisional += count(State::Provisional);
        epochs += standing.epochs(&KeyGroup::Circle).len();
    }
    let seen = [removals, suspended, provisional, epochs];
    assert!(seen.into_iter().all(|seen| seen > HISTORIES as usize / 4), "the histories show too little: {seen:?}");
}
