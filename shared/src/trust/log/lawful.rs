//! What a statement's ancestors alone say of it. What is refused here is refused for good, by every store.

use crate::ids::{DeviceId, MemberId, StatementId};
use crate::trust::{
    DevicePublic, Found, Grant, Invitation, InviteFor, Join, KeyGroup, Remove, Role, Statement, StatementAuthor,
    StatementBody, member_id,
};

use super::StatementProblem as Problem;
use super::bits::Bits;
use super::entry::{By, Entry, Facts, Index, Intro, Target, rank, within};

/// What is known when a statement comes: all that it descends from is here.
pub(super) struct Past<'a> {
    pub(super) entries: &'a [Entry],
    pub(super) index: &'a Index,
    pub(super) ancestors: &'a Bits,
    /// Whether signatures were verified before.
    pub(super) is_trusted: bool,
}

impl Past<'_> {
    pub(super) fn facts(&self, id: &StatementId, statement: &Statement) -> Result<Facts, Problem> {
        if let StatementBody::Found(found) = &statement.body {
            return self.found(statement, found);
        }
        let found = self.founding().ok_or(Problem::UnknownAuthor)?;
        if let (StatementBody::Join(join), StatementAuthor::Invite(_)) = (&statement.body, &statement.author) {
            return self.join(found, id, statement, join);
        }
        let by = match &statement.author {
            StatementAuthor::Root => None,
            StatementAuthor::Device(device) => Some(self.author(device).ok_or(Problem::UnknownAuthor)?),
            StatementAuthor::Invite(_) => return Err(Problem::Malformed),
        };
        self.signed(statement, || match &by {
            None => Some(found.root.0),
            Some(by) => self.keys(by.intro).map(|keys| keys.signing),
        })?;
        let facts = Facts { by, ..Facts::default() };
        match &statement.body {
            StatementBody::Invite(invite) => self.invite(facts, invite),
            StatementBody::Grant(grant) => self.grant(found, facts, statement, grant),
            StatementBody::AddDevice(add) => {
                let member = by.ok_or(Problem::Malformed)?.member;
                let device = self.newcomer(&add.device)?;
                let intro = Intro { device, member, founds: None, past: true, paper: add.paper };
                Ok(Facts { intro: Some(intro), ..facts })
            }
            StatementBody::Remove(remove) => self.remove(facts, remove),
            StatementBody::Confirm(confirm) => {
                self.demand_member(&confirm.member)?;
                let is_own = by.is_some_and(|by| by.member == confirm.member);
                if is_own { Err(Problem::NotAllowed) } else { self.led(facts) }
            }
            StatementBody::Promote(promote) => {
                self.demand_member(&promote.member)?;
                self.led(facts)
            }
            StatementBody::Epoch(epoch) => {
                let is_same = |at: usize| self.group_of(at) == Some(epoch.group);
                let follows = epoch.previous.is_none_or(|id| self.place(&id).is_some_and(is_same));
                if !follows {
                    return Err(Problem::BadEpoch);
                }
                self.holder(facts, &epoch.group)
            }
            StatementBody::Share(share) => {
                let group = self.place(&share.epoch).and_then(|at| self.group_of(at));
                self.holder(facts, &group.ok_or(Problem::UnknownTarget)?)
            }
            StatementBody::Found(_) | StatementBody::Join(_) => Err(Problem::Malformed),
        }
    }

    fn founding(&self) -> Option<&Found> {
        match &self.entries.first()?.statement.body {
            StatementBody::Found(found) => Some(found),
            _ => None,
        }
    }

    fn place(&self, id: &StatementId) -> Option<usize> {
        self.index.places.get(id).copied().filter(|at| self.ancestors.has(*at))
    }

    fn keys(&self, at: usize) -> Option<&DevicePublic> {
        self.entries[at].statement.body.introduces()
    }

    fn author(&self, device: &DeviceId) -> Option<By> {
        let known = within(self.index.devices.get(device), self.ancestors);
        let intro = known.into_iter().min_by_key(|at| rank(&self.entries[*at]))?;
        let member = self.entries[intro].facts.intro?.member;
        Some(By { device: *device, member, intro })
    }

    fn signed(&self, statement: &Statement, key: impl FnOnce() -> Option<[u8; 32]>) -> Result<(), Problem> {
        if self.is_trusted {
            return Ok(());
        }
        let key = key().ok_or(Problem::UnknownAuthor)?;
        statement.verify(&key).map_err(|_| Problem::BadSignature)
    }

    fn demand_member(&self, member: &MemberId) -> Result<(), Problem> {
        let is_known = !within(self.index.members.get(member), self.ancestors).is_empty();
        if is_known { Ok(()) } else { Err(Problem::UnknownTarget) }
    }

    /// Demands that a facilitator or the root says it.
    fn led(&self, facts: Facts) -> Result<Facts, Problem> {
        let Some(by) = &facts.by else { return Ok(facts) };
        let leads = within(self.index.leads.get(&by.member), self.ancestors);
        if leads.is_empty() { Err(Problem::NotAllowed) } else { Ok(Facts { leads: Some(leads), ..facts }) }
    }

    /// Demands usable keys of a device that is not there.
    fn newcomer(&self, device: &DevicePublic) -> Result<DeviceId, Problem> {
        let id = device.id();
        if !within(self.index.devices.get(&id), self.ancestors).is_empty() {
            return Err(Problem::KnownDevice);
        }
        if !self.is_trusted {
            device.check().map_err(|_| Problem::WeakKey)?;
        }
        Ok(id)
    }

    fn found(&self, statement: &Statement, found: &Found) -> Result<Facts, Problem> {
        let key = match (&statement.author, &found.founder) {
            (StatementAuthor::Device(_), Some(founder)) => founder.device.signing,
            _ => found.root.0,
        };
        self.signed(statement, || Some(key))?;
        let Some(founder) = &found.founder else { return Ok(Facts::default()) };
        let device = self.newcomer(&founder.device)?;
        if let Some(commission) = &founder.commission
            && !self.is_trusted
        {
            commission.verify(&found.root, &device, statement.time).map_err(|_| Problem::BadCommission)?;
        }
        let member = member_id(&founder.salt, &device);
        let intro = Intro { device, member, founds: Some(Role::Facilitator), past: true, paper: false };
        Ok(Facts { intro: Some(intro), ..Facts::default() })
    }

    fn invite(&self, facts: Facts, invite: &Invitation) -> Result<Facts, Problem> {
        if !within(self.index.invites.get(&invite.key), self.ancestors).is_empty() {
            return Err(Problem::NotAllowed);
        }
        match &invite.to {
            InviteFor::Role(_) => self.led(facts),
            InviteFor::Member { member, recovers: true } => {
                self.demand_member(member)?;
                self.led(facts)
            }
            InviteFor::Member { member, recovers: false } => {
                let is_own = facts.by.is_some_and(|by| by.member == *member);
                if is_own { Ok(facts) } else { Err(Problem::NotAllowed) }
            }
        }
    }

    fn join(&self, found: &Found, id: &StatementId, statement: &Statement, join: &Join) -> Result<Facts, Problem> {
        let admission = statement.admission.ok_or(Problem::NotAdmitted)?;
        let at = self.place(&admission.invite).ok_or(Problem::BadAdmission)?;
        let entry = &self.entries[at];
        let StatementBody::Invite(invite) = &entry.statement.body else { return Err(Problem::BadAdmission) };
        if statement.author != StatementAuthor::Invite(invite.key) {
            return Err(Problem::BadAdmission);
        }
        if !self.is_trusted {
            admission.verify(&found.server, id).map_err(|_| Problem::BadAdmission)?;
            join.verify(&statement.circle, &invite.key).map_err(|_| Problem::BadSignature)?;
        }
        self.signed(statement, || Some(invite.key.0))?;
        let uses = if matches!(invite.to, InviteFor::Role(_)) { invite.uses } else { 1 };
        if admission.serial >= uses || admission.time >= invite.expires {
            return Err(Problem::InviteSpent);
        }
        let device = self.newcomer(&join.device)?;
        let (member, founds, recovers) = match invite.to {
            InviteFor::Role(role) => (member_id(&join.salt, &device), Some(role), false),
            InviteFor::Member { member, recovers } => (member, None, recovers),
        };
        Ok(Facts {
            by: entry.facts.by,
            leads: entry.facts.leads.clone(),
            intro: Some(Intro { device, member, founds, past: invite.past, paper: false }),
            removes: recovers.then_some(Target::Others(member, device)),
            place: Some((entry.id.0, [0; 16], admission.serial)),
        })
    }

    fn grant(&self, found: &Found, facts: Facts, statement: &Statement, grant: &Grant) -> Result<Facts, Problem> {
        let facts = self.led(facts)?;
        let warrant = &grant.warrant;
        let is_own = facts.by.is_some_and(|by| by.device == warrant.device);
        if warrant.circle != statement.circle || !is_own {
            return Err(Problem::BadWarrant);
        }
        if !self.is_trusted {
            warrant.verify(&found.server).map_err(|_| Problem::BadWarrant)?;
        }
        if grant.serial >= warrant.count || statement.time > warrant.until {
            return Err(Problem::WarrantSpent);
        }
        let device = self.newcomer(&grant.device)?;
        let member = grant.member;
        if grant.recovers {
            self.demand_member(&member)?;
        } else if member != Grant::new_member(warrant, &device) {
            return Err(Problem::NotAllowed);
        }
        let founds = (!grant.recovers).then_some(grant.role);
        Ok(Facts {
            intro: Some(Intro { device, member, founds, past: grant.past, paper: false }),
            removes: grant.recovers.then_some(Target::Others(member, device)),
            place: Some((warrant.device.0, warrant.id.0, grant.serial)),
            ..facts
        })
    }

    fn remove(&self, facts: Facts, remove: &Remove) -> Result<Facts, Problem> {
        let target = match remove {
            Remove::Member(member) => {
                self.demand_member(member)?;
                Target::Member(*member)
            }
            Remove::Device(device) => {
                Target::Device(*device, self.author(device).ok_or(Problem::UnknownTarget)?.member)
            }
        };
        let is_own = matches!(target, Target::Device(_, member) if facts.by.is_some_and(|by| by.member == member));
        let facts = if is_own { facts } else { self.led(facts)? };
        Ok(Facts { removes: Some(target), ..facts })
    }

    fn group_of(&self, at: usize) -> Option<KeyGroup> {
        match &self.entries[at].statement.body {
            StatementBody::Epoch(epoch) => Some(epoch.group),
            _ => None,
        }
    }

    /// Demands that the author is of the group.
    fn holder(&self, facts: Facts, group: &KeyGroup) -> Result<Facts, Problem> {
        let member = facts.by.ok_or(Problem::Malformed)?.member;
        let is_facilitator = !within(self.index.leads.get(&member), self.ancestors).is_empty();
        if group.holds(&member, is_facilitator) { Ok(facts) } else { Err(Problem::NotAllowed) }
    }
}
