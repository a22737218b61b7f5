//! Who says a statement, and since when they may.

use crate::ids::{DeviceId, MemberId};
use crate::trust::{KeyGroup, MemberState, Statement, StatementAuthor, StatementBody};

use super::StatementProblem as Problem;
use super::standing::Standing;

/// What an author needs for a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// To be active, now and ever since what they knew.
    Active,
    /// Also to lead, all that time.
    Leads,
    /// To be active now.
    ActiveNow,
}

impl Standing {
    /// The author's place, none for the root.
    pub(super) fn speaker(&self, statement: &Statement, need: Need) -> Result<Option<usize>, Problem> {
        let device = match &statement.author {
            StatementAuthor::Root => {
                self.keys.ok_or(Problem::UnknownAuthor)?;
                // A removal from before a backup was restored may have been lost with it, though its author knew kept records.
                let is_earlier = statement.knows.generation < self.generation();
                let is_again = is_earlier && matches!(statement.body, StatementBody::Remove(_));
                let is_old = !is_again && statement.number <= self.root_number;
                return if is_old { Err(Problem::OldNumber) } else { Ok(None) };
            }
            StatementAuthor::Device(device) => device,
            StatementAuthor::Invite(_) => return Err(Problem::Malformed),
        };
        let by = self.device_places.get(device).ok_or(Problem::UnknownAuthor)?;
        if self.state_of(by) != MemberState::Active {
            return Err(Problem::AuthorOut);
        }
        let member = &self.members[self.devices[by].member];
        if need == Need::Leads && !member.leads() {
            return Err(Problem::NotAllowed);
        }
        if need != Need::ActiveNow && !self.holds_since(by, need == Need::Leads, self.known_position(statement)) {
            return Err(Problem::AuthorOut);
        }
        if self.goes_by_number(statement) && statement.number <= self.devices[by].number {
            return Err(Problem::OldNumber);
        }
        Ok(Some(by))
    }

    /// Whether an older number refuses it: not what is of keys, nor a removal that was lost when a backup was restored,
    /// and that anyone may bring again.
    pub(super) fn goes_by_number(&self, statement: &Statement) -> bool {
        let knows = &statement.knows;
        let is_lost = self.kept_of(knows.generation).is_some_and(|kept| knows.position > kept);
        match &statement.body {
            StatementBody::Remove(_) => !is_lost,
            body => !body.is_of_keys(),
        }
    }

    /// The author's place, when they read what a group reads.
    pub(super) fn holder(&self, statement: &Statement, group: &KeyGroup) -> Result<usize, Problem> {
        let by = self.speaker(statement, Need::ActiveNow)?.ok_or(Problem::Malformed)?;
        let member = &self.members[self.devices[by].member];
        if !group.holds(&member.id, member.leads()) {
            return Err(Problem::NotAllowed);
        }
        // Groups of people who never were would have no end.
        let is_known = |member: &MemberId| self.member_places.has(member);
        let are_known = match group {
            KeyGroup::Circle | KeyGroup::Facilitators => true,
            KeyGroup::Alone(member) | KeyGroup::Slice(member) | KeyGroup::Reports(member) => is_known(member),
            KeyGroup::Pair(one, other) => is_known(one) && is_known(other),
        };
        if are_known { Ok(by) } else { Err(Problem::UnknownTarget) }
    }

    /// The position up to which the present chain is what a statement's author knew.
    pub(super) fn known_position(&self, statement: &Statement) -> u64 {
        let knows = &statement.knows;
        self.kept_of(knows.generation).map_or(knows.position, |kept| kept.min(knows.position))
    }

    /// Whether a device is active, and leads when `leads`, now and at every position since.
    pub(super) fn holds_since(&self, device: usize, leads: bool, position: u64) -> bool {
        let device = &self.devices[device];
        let since = self.members[device.member].since(leads);
        device.out_at.is_none() && since.is_some_and(|since| since <= position) && device.introduced_at <= position
    }

    pub(super) fn are_of_one_member(&self, one: &DeviceId, other: &DeviceId) -> bool {
        let member = |device| self.device_places.get(device).map(|at| self.devices[at].member);
        member(one).is_some() && member(one) == member(other)
    }
}
