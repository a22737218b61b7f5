//! How an honest phone says what a script has it do, by what it knows.

use crate::ids::MemberId;
use crate::trust::testing::*;
use crate::trust::*;

use super::script::{Readership, What, script_epoch};
use super::world::World;

impl World {
    pub(super) fn statement(&mut self, by: u8, what: What) -> Option<Statement> {
        let knows = self.phones.get(&by)?.knows?;
        let own = self.known_member(by, &knows)?;
        let body = self.body(by, own, what, &knows)?;
        if let StatementBody::Epoch(epoch) = &body {
            self.groups.insert(epoch.group);
        }
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
            What::Epoch(of, at) => {
                let group = match of {
                    Readership::Circle => KeyGroup::Circle,
                    Readership::Facilitators => KeyGroup::Facilitators,
                    Readership::PairWith(n) => KeyGroup::pair(own, member(n)?)?,
                    Readership::SliceOf(n) => KeyGroup::Slice(member(n)?),
                };
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
}
