//! A circle for tests: people who say things on what they know.

use crate::ids::{CircleId, DeviceId, MemberId, OrganisationKey, ServerKey, StatementId, tagged_hash};
use crate::time::TimestampMs;

use super::*;

/// A time before which everything in these tests is still good.
pub(super) const UNTIL: TimestampMs = TimestampMs(1_000_000);
/// The time of statements that say no other.
pub(super) const NOW: TimestampMs = TimestampMs(1_000);

/// The same numbers for the same seed: SHA-256 in counter mode.
pub(crate) struct Draws {
    seed: u64,
    counter: u64,
}

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, counter: 0 }
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.counter += 1;
        let block = tagged_hash("kith/test/1", &[&self.seed.to_le_bytes(), &self.counter.to_le_bytes()]);
        let drawn = u64::from_le_bytes(block[..8].try_into().unwrap());
        (drawn % bound as u64) as usize
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

pub(crate) fn root() -> SigningSecret {
    SigningSecret::from_seed(&[200; 32])
}

pub(crate) fn server() -> SigningSecret {
    SigningSecret::from_seed(&[201; 32])
}

/// The phone number `n`. Number 1 is the founder's.
pub(crate) fn phone(n: u8) -> DeviceSecret {
    DeviceSecret::from_seed([n; 32])
}

pub(super) fn founding(salt: u8) -> Statement {
    let founder = Founder { device: *phone(1).public(), salt: [1; 16], commission: None };
    let found = Found {
        root: OrganisationKey(root().public()),
        server: ServerKey(server().public()),
        salt: [salt; 16],
        founder: Some(founder),
    };
    let circle = CircleId([0; 16]);
    Draft { circle, parents: Vec::new(), time: NOW, body: StatementBody::Found(found) }.sign(Signer::Root(&root()))
}

/// A circle that the root founded with phone 1 as its facilitator.
pub(super) fn circle() -> GrantLog {
    GrantLog::found(founding(0)).unwrap().1
}

/// What `signer` says, knowing `log`, not taken in by it.
pub(super) fn draft(log: &GrantLog, signer: Signer<'_>, body: StatementBody) -> Statement {
    let author = match signer {
        Signer::Device(device) => Some(device.id()),
        _ => None,
    };
    let is_join = matches!(body, StatementBody::Join(_));
    let parents = if is_join { Vec::new() } else { log.parents(author.as_ref()) };
    Draft { circle: *log.circle(), parents, time: NOW, body }.sign(signer)
}

/// The same, taken in.
pub(super) fn say(log: &mut GrantLog, signer: Signer<'_>, body: StatementBody) -> StatementId {
    let statement = draft(log, signer, body);
    let id = statement.id();
    assert_eq!(log.insert(statement), Ok(Inserted::New));
    id
}

pub(super) fn says(log: &mut GrantLog, by: u8, body: StatementBody) -> StatementId {
    say(log, Signer::Device(&phone(by)), body)
}

pub(super) fn root_says(log: &mut GrantLog, body: StatementBody) -> StatementId {
    say(log, Signer::Root(&root()), body)
}

/// What is said of the member of a phone.
pub(super) type About = fn(&GrantLog, u8) -> StatementBody;

/// Phone `by` says `what` of the member of phone `n`.
pub(super) fn says_of(log: &mut GrantLog, by: u8, what: About, n: u8) -> StatementId {
    let body = what(log, n);
    says(log, by, body)
}

/// The root does.
pub(super) fn root_says_of(log: &mut GrantLog, what: About, n: u8) -> StatementId {
    let body = what(log, n);
    root_says(log, body)
}

/// What phone `by` is refused for.
pub(super) fn refused(log: &GrantLog, by: u8, body: StatementBody) -> StatementProblem {
    log.clone().insert(draft(log, Signer::Device(&phone(by)), body)).unwrap_err()
}

/// What all logs together hold.
pub(super) fn union(logs: &[&GrantLog]) -> GrantLog {
    let mut all = GrantLog::new(*logs[0].circle());
    for (_, statement) in logs.iter().flat_map(|log| log.statements()) {
        all.insert_trusted(statement.clone()).unwrap();
    }
    all
}

pub(super) fn warrant(log: &GrantLog, by: u8) -> Warrant {
    Warrant::sign(&server(), *log.circle(), phone(by).id(), WarrantId([by; 16]), 50, UNTIL)
}

/// A grant of phone `n` by phone `by`: the serial is the phone's number.
pub(super) fn grant(log: &GrantLog, by: u8, n: u8, role: Role) -> Grant {
    let (warrant, device) = (warrant(log, by), *phone(n).public());
    let member = Grant::new_member(&warrant, &device.id());
    Grant { device, member, role, recovers: false, past: false, warrant, serial: n.into() }
}

/// Phone `by` enrols phone `n`; gives its member.
pub(super) fn enrol(log: &mut GrantLog, by: u8, n: u8, role: Role) -> MemberId {
    let grant = grant(log, by, n, role);
    says(log, by, StatementBody::Grant(grant));
    grant.member
}

/// A circle with phones 1 to `facilitators` leading, and as many members behind them.
pub(super) fn people(facilitators: u8, members: u8) -> GrantLog {
    let mut log = circle();
    for n in 2..=facilitators + members {
        let role = if n <= facilitators { Role::Facilitator } else { Role::Member };
        enrol(&mut log, 1, n, role);
    }
    log
}

pub(super) fn member(log: &GrantLog, n: u8) -> MemberId {
    log.evaluate().device(&phone(n).id()).unwrap().member
}

pub(super) fn remove(log: &GrantLog, n: u8) -> StatementBody {
    StatementBody::Remove(Remove::Member(member(log, n)))
}

pub(super) fn remove_device(n: u8) -> StatementBody {
    StatementBody::Remove(Remove::Device(phone(n).id()))
}

pub(super) fn confirm(log: &GrantLog, n: u8) -> StatementBody {
    StatementBody::Confirm(Confirm { member: member(log, n) })
}

pub(super) fn promote(log: &GrantLog, n: u8) -> StatementBody {
    StatementBody::Promote(Promote { member: member(log, n) })
}

pub(super) fn add_device(n: u8) -> StatementBody {
    StatementBody::AddDevice(AddDevice { device: *phone(n).public(), paper: false })
}

pub(super) fn invite(secret: &InviteSecret, to: InviteFor, past: bool) -> StatementBody {
    let (key, sealed_box) = (secret.public(), vec![7; 3]);
    StatementBody::Invite(Invitation { key, to, uses: 12, expires: UNTIL, past, sealed_box })
}

/// Phone `n` joins by an invite, admitted as `serial`.
pub(super) fn join(log: &GrantLog, secret: &InviteSecret, n: u8, serial: u32) -> Statement {
    let body = StatementBody::Join(Join::sign(log.circle(), &secret.public(), &phone(n), [n; 16]));
    let mut statement = draft(log, Signer::Invite(secret), body);
    let (invite, _) = log.invite(&secret.public()).unwrap();
    statement.admission = Some(Admission::sign(&server(), &statement.id(), invite, serial, NOW));
    statement
}

pub(super) fn wraps(phones: &[u8]) -> Wraps {
    let mut wraps: Wraps = phones.iter().map(|n| (phone(*n).id(), Wrap([*n; 80]))).collect();
    wraps.sort_unstable();
    wraps
}

pub(super) fn epoch(group: KeyGroup, previous: Option<StatementId>, phones: &[u8]) -> StatementBody {
    StatementBody::Epoch(Epoch { group, previous, check: [9; 32], wraps: wraps(phones) })
}

pub(super) fn state(log: &GrantLog, n: u8) -> State {
    state_of(log, &phone(n).id())
}

pub(super) fn state_of(log: &GrantLog, device: &DeviceId) -> State {
    log.evaluate().device(device).unwrap().state
}
