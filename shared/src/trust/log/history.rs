//! Histories for tests: people who act without knowing of each other.

use crate::ids::DeviceId;
use crate::trust::testing::*;
use crate::trust::*;

/// People with phones 1 to `PHONES`, each with what they know.
const PHONES: u8 = 7;

/// What people say on what each of them knows, drawn from a seed.
pub(crate) struct History {
    pub(crate) draws: Draws,
    views: Vec<GrantLog>,
    /// The next phone that nobody has.
    fresh: u8,
    /// All that was said, each after what it descends from; the circle's founding first.
    pub(crate) said: Vec<Statement>,
}

impl History {
    /// Four facilitators and a member, who all know the same.
    pub(crate) fn new(seed: u64) -> Self {
        let log = people(4, 1);
        let said = log.statements().map(|(_, statement)| statement.clone()).collect();
        Self { draws: Draws::new(seed), views: vec![log; usize::from(PHONES) + 1], fresh: PHONES + 1, said }
    }

    fn anyone(&mut self, view: usize) -> DeviceId {
        let known: Vec<DeviceId> = self.views[view].evaluate().devices().map(|(device, _)| *device).collect();
        known[self.draws.below(known.len())]
    }

    pub(crate) fn step(&mut self) {
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
