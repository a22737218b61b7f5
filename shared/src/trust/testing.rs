//! A circle for tests: people who say things, which the server admits one after the other.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::ids::{CircleId, DeviceId, EpochId, MemberId, OrganisationKey, ServerKey, tagged_hash};
use crate::time::TimestampMs;

use super::*;

/// The record time of statements that name no other.
pub(crate) const NOW: TimestampMs = TimestampMs(1_000);
/// A day, in milliseconds.
pub(crate) const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// A time before which invites and warrants in these tests are good.
pub(crate) const UNTIL: TimestampMs = TimestampMs(100 * DAY_MS);

impl Chain {
    /// What a server does with what it is brought.
    pub(crate) fn hear(&mut self, statement: &Statement, now: TimestampMs) -> Result<Record, StatementProblem> {
        let statement = self.verify(Signed::new(statement.clone()))?;
        self.admit(&statement, now)
    }

    /// What a phone does with what it is given.
    pub(crate) fn hear_record(&mut self, record: Record, statement: Option<&Statement>) -> Result<(), ChainProblem> {
        let statement = self.verify_record(&record, statement.cloned().map(Signed::new))?;
        self.take(record, statement.as_ref())
    }

    /// The same as [`Self::hear`], as if it had been checked.
    pub(crate) fn admit_stored(&mut self, statement: &Statement, now: TimestampMs) -> Result<Record, StatementProblem> {
        self.admit(&stored(statement), now)
    }

    /// The same as [`Self::hear_record`], as if it had been checked.
    pub(crate) fn take_stored(&mut self, record: Record, statement: Option<&Statement>) -> Result<(), ChainProblem> {
        self.take(record, statement.map(stored).as_ref())
    }
}

/// A statement as if it had been checked.
pub(crate) fn stored(statement: &Statement) -> Verified<Statement> {
    Verified::from_own_store(Signed::new(statement.clone()))
}

pub(crate) fn root() -> SigningSecret {
    SigningSecret::from_seed(&[200; 32])
}

pub(crate) fn server() -> SigningSecret {
    SigningSecret::from_seed(&[201; 32])
}

/// The phone number `n`. Number 1 is the founder's.
pub(crate) fn phone(n: u8) -> &'static DeviceSecret {
    static PHONES: OnceLock<Vec<DeviceSecret>> = OnceLock::new();
    let phones = PHONES.get_or_init(|| (0..=255).map(|n| DeviceSecret::from_seed([n; 32])).collect());
    &phones[usize::from(n)]
}

/// The number of the phone with this id.
pub(crate) fn number_of(device: &DeviceId) -> Option<u8> {
    static NUMBERS: OnceLock<BTreeMap<DeviceId, u8>> = OnceLock::new();
    NUMBERS.get_or_init(|| (0..=255).map(|n| (phone(n).id(), n)).collect()).get(device).copied()
}

pub(crate) fn founding(salt: u8) -> Statement {
    let founder = Founder { device: *phone(1).public(), salt: [1; 16], commission: None };
    let found = Found {
        root: OrganisationKey(root().public()),
        server: ServerKey(server().public()),
        salt: [salt; 16],
        founder: Some(founder),
    };
    let (circle, body) = (CircleId([0; 16]), StatementBody::Found(found));
    Draft { circle, number: 0, knows: Knows::NOTHING, time: NOW, body }.signed(Signer::Root(&root()))
}

/// A circle that the root founded, with phone 1 as its facilitator.
pub(crate) fn circle() -> Chain {
    let found = founding(0);
    let mut chain = Chain::new(Statement::circle_of(&found.id()));
    chain.hear(&found, NOW).unwrap();
    chain
}

/// What `signer` says who knows all of `chain`.
pub(crate) fn draft(chain: &Chain, signer: Signer<'_>, body: StatementBody) -> Statement {
    let author = match signer {
        Signer::Device(device) => Some(device.id()),
        _ => None,
    };
    let (number, knows) = match body {
        StatementBody::Join(_) => (0, Knows::NOTHING),
        _ => (chain.standing().next_number(author.as_ref()), chain.head()),
    };
    Draft { circle: *chain.circle(), number, knows, time: NOW, body }.signed(signer)
}

/// What phone `by` says who knows all of `chain`.
pub(crate) fn of_phone(chain: &Chain, by: u8, body: StatementBody) -> Statement {
    draft(chain, Signer::Device(phone(by)), body)
}

/// Admits a statement at the time of the last record, and gives its position.
pub(crate) fn admit(chain: &mut Chain, statement: &Statement) -> Result<u64, StatementProblem> {
    let now = chain.standing().time();
    chain.hear(statement, now).map(|record| record.position)
}

/// Phone `by` says something, knowing all.
pub(crate) fn says(chain: &mut Chain, by: u8, body: StatementBody) -> Result<u64, StatementProblem> {
    let statement = of_phone(chain, by, body);
    admit(chain, &statement)
}

/// The root says something, knowing all.
pub(crate) fn root_says(chain: &mut Chain, body: StatementBody) -> Result<u64, StatementProblem> {
    let statement = draft(chain, Signer::Root(&root()), body);
    admit(chain, &statement)
}

/// A day goes by: the next record has a later time.
pub(crate) fn next_day(chain: &mut Chain) {
    let later = chain.standing().time().plus_ms(DAY_MS);
    let secret = InviteSecret([u8::try_from(chain.len()).unwrap(); 16]);
    let body = invite(chain, Signer::Root(&root()), &secret, InviteFor::Role(Role::Member), 1);
    let statement = draft(chain, Signer::Root(&root()), body);
    chain.hear(&statement, later).unwrap();
}

pub(crate) fn warrant(chain: &Chain, by: u8, id: u8) -> Signed<Warrant> {
    Warrant::sign(&server(), *chain.circle(), phone(by).id(), WarrantId([id; 16]), 50, UNTIL, chain.len())
}

/// A grant of phone `n` by phone `by`.
pub(crate) fn grant(chain: &Chain, by: u8, n: u8, role: Role) -> Grant {
    let (warrant, device) = (warrant(chain, by, by), *phone(n).public());
    let member = Grant::new_member(warrant.claimed_id(), &device.id());
    Grant { device, member, role, recovers: false, past: false, warrant, keys: Attached::NOTHING }
}

/// Phone `by` enrols phone `n`.
pub(crate) fn enrol(chain: &mut Chain, by: u8, n: u8, role: Role) -> MemberId {
    let grant = grant(chain, by, n, role);
    says(chain, by, StatementBody::Grant(grant)).unwrap();
    grant.member
}

/// A circle with phones 1 to `facilitators` leading, and as many members behind them. A day has gone by since.
pub(crate) fn people(facilitators: u8, members: u8) -> Chain {
    let mut chain = circle();
    for n in 2..=facilitators + members {
        let role = if n <= facilitators { Role::Facilitator } else { Role::Member };
        enrol(&mut chain, 1, n, role);
    }
    next_day(&mut chain);
    chain
}

pub(crate) fn member(chain: &Chain, n: u8) -> MemberId {
    chain.standing().device(&phone(n).id()).unwrap().member
}

pub(crate) fn state(chain: &Chain, n: u8) -> Option<MemberState> {
    chain.standing().device(&phone(n).id()).map(|device| device.state)
}

pub(crate) fn role(chain: &Chain, n: u8) -> Role {
    chain.standing().role(&member(chain, n))
}

pub(crate) fn remove(chain: &Chain, n: u8) -> StatementBody {
    StatementBody::Remove(Remove::Member(member(chain, n)))
}

pub(crate) fn remove_device(n: u8) -> StatementBody {
    StatementBody::Remove(Remove::Device(phone(n).id()))
}

/// Undoes what now holds of the member of phone `n`.
pub(crate) fn confirm(chain: &Chain, n: u8) -> StatementBody {
    let member = member(chain, n);
    let undoes = chain.standing().member(&member).unwrap().undone_by_confirm.unwrap_or(1);
    StatementBody::Confirm(Confirm { member, undoes })
}

pub(crate) fn promote(chain: &Chain, n: u8) -> StatementBody {
    StatementBody::Promote(Promote { member: member(chain, n) })
}

pub(crate) fn demote(chain: &Chain, n: u8) -> StatementBody {
    StatementBody::Demote(Demote { member: member(chain, n) })
}

/// Phone `n` agrees to be of the member of phone `of`.
pub(crate) fn add_device(chain: &Chain, of: u8, n: u8, paper: bool) -> StatementBody {
    let member = member(chain, of);
    StatementBody::AddDevice(AddDevice::sign(chain.circle(), &member, phone(n), paper, Attached::NOTHING))
}

pub(crate) fn invite(
    chain: &Chain,
    signer: Signer<'_>,
    secret: &InviteSecret,
    to: InviteFor,
    uses: u32,
) -> StatementBody {
    let author = match signer {
        Signer::Device(device) => StatementAuthor::Device(device.id()),
        _ => StatementAuthor::Root,
    };
    StatementBody::Invite(Invitation {
        key: secret.public(),
        to,
        uses,
        expires: UNTIL,
        past: false,
        keys: Attached::NOTHING,
        possession: Invitation::prove(secret, chain.circle(), &author),
    })
}

/// Phone `by` makes a link.
pub(crate) fn invites(chain: &mut Chain, by: u8, link: u8, to: InviteFor) -> Result<InviteSecret, StatementProblem> {
    let secret = InviteSecret([link; 16]);
    let body = invite(chain, Signer::Device(phone(by)), &secret, to, 2);
    says(chain, by, body).map(|_| secret)
}

/// Phone `n` joins by a link.
pub(crate) fn join(chain: &Chain, secret: &InviteSecret, n: u8) -> Statement {
    let body = StatementBody::Join(Join::sign(chain.circle(), &secret.public(), phone(n), [n; 16]));
    draft(chain, Signer::Invite(secret), body)
}

pub(crate) fn joins(chain: &mut Chain, secret: &InviteSecret, n: u8) -> Result<u64, StatementProblem> {
    let statement = join(chain, secret, n);
    admit(chain, &statement)
}

pub(crate) fn epoch_id(n: u8) -> EpochId {
    EpochId(tagged_hash("epoch", &[&[n]]))
}

fn ids(phones: &[u8]) -> Vec<DeviceId> {
    phones.iter().map(|n| phone(*n).id()).collect()
}

/// An epoch, for these phones.
pub(crate) fn epoch(chain: &Chain, group: KeyGroup, n: u8, phones: &[u8]) -> StatementBody {
    let readers = Readers::of(chain.standing(), &ids(phones));
    StatementBody::Epoch(Epoch { group, epoch: epoch_id(n), readers, wraps: Attached([n; 32]) })
}

pub(crate) fn share(chain: &Chain, group: KeyGroup, n: u8, phones: &[u8]) -> StatementBody {
    let readers = Readers::of(chain.standing(), &ids(phones));
    StatementBody::Share(Share { group, epoch: epoch_id(n), readers, wraps: Attached([n; 32]) })
}

/// Phones that are to be given a group's current key, and whether another is due.
pub(crate) fn lacking(chain: &Chain, group: KeyGroup) -> (Vec<DeviceId>, bool) {
    let lacking = chain.standing().lacking(&group);
    (lacking.share, lacking.new_epoch)
}

pub(crate) fn current(chain: &Chain, group: KeyGroup) -> Option<EpochId> {
    chain.standing().current_epoch(&group).map(|epoch| epoch.id)
}
