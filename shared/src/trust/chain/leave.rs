//! Members who go by themselves.

use crate::ids::MemberId;
use crate::trust::{MemberState, Remove, Statement, StatementAuthor, StatementBody};

use super::StatementProblem as Problem;
use super::event::EventKind;
use super::standing::Standing;

impl Standing {
    /// Whether a member is out by their own hand: nobody in the circle brings them back, and what their phones have of it
    /// goes.
    #[must_use]
    pub fn has_left(&self, member: &MemberId) -> bool {
        let is_out = self.member(member).is_some_and(|record| record.state == MemberState::Removed);
        let is_of = |event: &&super::Event| event.kind == EventKind::MemberRemoved && event.member == Some(*member);
        let last = self.events().iter().rev().find(is_of);
        is_out && last.is_some_and(|event| event.by_member == Some(*member))
    }

    /// Whether a member is the only one who leads, and others are in: they name another first.
    #[must_use]
    pub fn is_last_facilitator(&self, member: &MemberId) -> bool {
        let leads = self.member_places.get(member).is_some_and(|at| self.members[at].leads());
        leads && self.members_in > 1 && self.members.iter().filter(|member| member.leads()).count() == 1
    }

    /// What no server takes of those who go by themselves. The fold does not ask: records of earlier servers stand.
    ///
    /// # Errors
    /// `LastFacilitator` for whoever goes, or leads no more, by their own hand and is the only one who leads.
    /// `NotAllowed` for a member who would bring back somebody who left.
    pub fn check_leave(&self, statement: &Statement) -> Result<(), Problem> {
        let StatementAuthor::Device(device) = &statement.author else { return Ok(()) };
        let own = self.device(device).map(|record| record.member);
        match &statement.body {
            StatementBody::Remove(Remove::Member(member))
                if own == Some(*member) && self.is_last_facilitator(member) =>
            {
                Err(Problem::LastFacilitator)
            }
            StatementBody::Demote(demote) if own == Some(demote.member) && self.is_last_facilitator(&demote.member) => {
                Err(Problem::LastFacilitator)
            }
            StatementBody::Confirm(confirm) if self.has_left(&confirm.member) => Err(Problem::NotAllowed),
            _ => Ok(()),
        }
    }
}
