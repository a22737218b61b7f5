//! The worst chain that members within their shares can make a phone fold: full of one kind of statement after
//! another, whichever costs most.

use kith_shared::ids::{CircleId, EpochId, MemberId, OrganisationKey, ServerKey, first_16, tagged_hash};
use kith_shared::time::TimestampMs;
use kith_shared::trust::bounds::FACILITATOR_REST_MS;
use kith_shared::trust::{
    AddDevice, Attached, Chain, Demote, DeviceSecret, Draft, Epoch, Found, Founder, Invitation, InviteFor,
    InviteSecret, Join, KeyGroup, Knows, Promote, Readers, Remove, Role, Share, Signed, Signer, SigningSecret,
    Statement, StatementAuthor, StatementBody, StatementProblem,
};

use super::fold::{RECORDS, Row, fold_ms, wrong};
use super::{BenchError, Measure, NOW, measure};

/// People in the circle beside its founder: whoever attacks, and those whose phones pay for it.
const PEOPLE: u16 = 160;

/// What an attacker fills a chain with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Epochs that no current one supersedes.
    LateEpochs,
    /// Late epochs, the key of each given to everybody.
    Shares,
    /// A device comes and goes.
    Devices,
    /// Devices are taken out before they come.
    Barred,
    Invites,
    /// A member leads, and no more, and again.
    Roles,
}

const KINDS: [(Kind, &str); 6] = [
    (Kind::LateEpochs, "chain.worst-late-epochs"),
    (Kind::Shares, "chain.worst-shares"),
    (Kind::Devices, "chain.worst-devices"),
    (Kind::Barred, "chain.worst-barred"),
    (Kind::Invites, "chain.worst-invites"),
    (Kind::Roles, "chain.worst-roles"),
];

/// How long a phone takes to fold a chain of 4,096 records that is full of each kind.
///
/// # Errors
/// When what was made is not lawful.
pub(super) fn worst() -> Result<Vec<Measure>, BenchError> {
    KINDS.iter().map(|(kind, name)| Ok(measure(name, folded(*kind)?, "ms, decoded, from its own store"))).collect()
}

fn folded(kind: Kind) -> Result<f64, BenchError> {
    let attack = Attack::filled(kind)?;
    fold_ms(*attack.chain.circle(), &attack.rows)
}

/// A circle, and what its members say.
struct Attack {
    chain: Chain,
    rows: Vec<Row>,
    people: Vec<DeviceSecret>,
    now: TimestampMs,
    /// How many things were said: no two are the same.
    count: u64,
}

impl Attack {
    fn filled(kind: Kind) -> Result<Self, BenchError> {
        let mut attack = Self::begun()?;
        for person in 0..attack.people.len() {
            if attack.chain.len() >= RECORDS {
                break;
            }
            attack.fill(kind, person)?;
        }
        match attack.chain.len() {
            len if len >= RECORDS => Ok(attack),
            len => Err(wrong(format!("{kind:?} fill {len} records"))),
        }
    }

    /// A circle with [`PEOPLE`] facilitators, two days old: the more power, the larger the share.
    fn begun() -> Result<Self, BenchError> {
        let (root, leader) = (SigningSecret::from_seed(&[0xd1; 32]), phone("leader", 0));
        let server = ServerKey(SigningSecret::from_seed(&[0xd2; 32]).public());
        let founder = Some(Founder { device: *leader.public(), salt: [1; 16], commission: None });
        let found = Found { root: OrganisationKey(root.public()), server, salt: [2; 16], founder };
        let (circle, knows, body) = (CircleId([0; 16]), Knows::NOTHING, StatementBody::Found(found));
        let found = Draft { circle, number: 0, knows, time: NOW, body }.sign(Signer::Root(&root));
        let chain = Chain::new(Statement::circle_of(&found.id()));
        let mut attack = Self { chain, rows: Vec::new(), people: vec![leader], now: NOW, count: 0 };
        attack.admit(found).map_err(wrong)?;
        let link = InviteSecret([3; 16]);
        let invite = attack.invite(0, &link, u32::from(PEOPLE));
        attack.says(0, invite).map_err(wrong)?;
        for person in 0..PEOPLE {
            let phone = phone("member", person.into());
            let (circle, key) = (*attack.chain.circle(), link.public());
            let body = StatementBody::Join(Join::sign(&circle, &key, &phone, [7; 16]));
            let join = Draft { circle, number: 0, knows: Knows::NOTHING, time: NOW, body };
            attack.admit(join.sign(Signer::Invite(&link))).map_err(wrong)?;
            attack.people.push(phone);
        }
        attack.now = NOW.plus_ms(2 * FACILITATOR_REST_MS);
        Ok(attack)
    }

    /// Says as much of a kind as one person may, or there is room for.
    fn fill(&mut self, kind: Kind, person: usize) -> Result<(), BenchError> {
        loop {
            let said = match kind {
                Kind::LateEpochs => {
                    let epoch = self.epoch();
                    self.says(person, epoch)
                }
                Kind::Shares => self.share(person),
                Kind::Devices => self.device(person),
                Kind::Barred => {
                    let device = phone("barred", self.next()).id();
                    self.says(person, StatementBody::Remove(Remove::Device(device)))
                }
                Kind::Invites => {
                    let link = InviteSecret(first_16(&self.bytes()));
                    let invite = self.invite(person, &link, 1);
                    self.says(person, invite)
                }
                Kind::Roles => self.role(person),
            };
            match said {
                Ok(()) if self.chain.len() < RECORDS => {}
                Ok(()) | Err(StatementProblem::ShareUsed) => return Ok(()),
                Err(problem) => return Err(wrong(problem)),
            }
        }
    }

    fn admit(&mut self, statement: Signed<Statement>) -> Result<(), StatementProblem> {
        let checked = self.chain.verify(statement.clone())?;
        let record = self.chain.admit(&checked, self.now)?;
        self.rows.push((record, statement));
        Ok(())
    }

    fn says(&mut self, person: usize, body: StatementBody) -> Result<(), StatementProblem> {
        let secret = &self.people[person];
        let number = self.chain.standing().next_number(Some(&secret.id()));
        let (circle, knows) = (*self.chain.circle(), self.chain.head());
        let draft = Draft { circle, number, knows, time: self.now, body };
        let statement = draft.sign(Signer::Device(secret));
        self.admit(statement)
    }

    fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    fn bytes(&mut self) -> [u8; 32] {
        tagged_hash("kith/bench-worst/1", &[&self.next().to_le_bytes()])
    }

    fn invite(&mut self, person: usize, link: &InviteSecret, uses: u32) -> StatementBody {
        let by = StatementAuthor::Device(self.people[person].id());
        StatementBody::Invite(Invitation {
            key: link.public(),
            to: InviteFor::Role(Role::Facilitator),
            uses,
            expires: NOW.plus_ms(100 * FACILITATOR_REST_MS),
            past: false,
            keys: Attached::NOTHING,
            possession: Invitation::prove(link, self.chain.circle(), &by),
        })
    }

    /// For all but one: so it is late.
    fn epoch(&mut self) -> StatementBody {
        let readers = Readers { known: (1..u32::from(PEOPLE)).collect(), new: Vec::new() };
        let (epoch, wraps) = (EpochId(self.bytes()), Attached::of(&[7]));
        StatementBody::Epoch(Epoch { group: KeyGroup::Circle, epoch, readers, wraps })
    }

    /// Each share has an epoch of its own, so that whatever is looked for is found last.
    fn share(&mut self, person: usize) -> Result<(), StatementProblem> {
        let body = self.epoch();
        let StatementBody::Epoch(epoch) = &body else { return Err(StatementProblem::Malformed) };
        let (group, epoch) = (epoch.group, epoch.epoch);
        self.says(person, body)?;
        let readers = Readers { known: (0..=u32::from(PEOPLE)).collect(), new: Vec::new() };
        let wraps = Attached::of(&[7]);
        self.says(person, StatementBody::Share(Share { group, epoch, readers, wraps }))
    }

    fn device(&mut self, person: usize) -> Result<(), StatementProblem> {
        let (circle, device) = (*self.chain.circle(), phone("device", self.next()));
        let member = self.member(person)?;
        let add = AddDevice::sign(&circle, &member, &device, false, Attached::NOTHING);
        self.says(person, StatementBody::AddDevice(add))?;
        self.says(person, StatementBody::Remove(Remove::Device(device.id())))
    }

    /// The last one leads no more, or again.
    fn role(&mut self, person: usize) -> Result<(), StatementProblem> {
        let member = self.member(usize::from(PEOPLE))?;
        match self.chain.standing().role(&member) {
            Role::Facilitator => self.says(person, StatementBody::Demote(Demote { member })),
            Role::Member => self.says(person, StatementBody::Promote(Promote { member })),
        }
    }

    fn member(&self, person: usize) -> Result<MemberId, StatementProblem> {
        let device = self.chain.standing().device(&self.people[person].id());
        device.map(|record| record.member).ok_or(StatementProblem::UnknownTarget)
    }
}

fn phone(of: &str, number: u64) -> DeviceSecret {
    DeviceSecret::from_seed(tagged_hash("kith/bench-phone/1", &[of.as_bytes(), &number.to_le_bytes()]))
}
