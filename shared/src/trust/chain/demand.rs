//! What a statement needs room for: places, shares, rests.

use crate::ids::{DeviceId, MemberId};
use crate::time::TimestampMs;
use crate::trust::bounds::{
    CHAIN_RECORDS_MAX, CIRCLE_DEVICES_EVER_MAX, CIRCLE_MEMBERS_MAX, FACILITATOR_NEWCOMERS_MAX, FACILITATOR_REST_MS,
    MEMBER_DEVICES_EVER_MAX, MEMBER_DEVICES_MAX,
};
use crate::trust::{DevicePublic, MemberState, Statement, StatementBody};

use super::StatementProblem as Problem;
use super::member::Member;
use super::standing::{At, Standing};

impl Standing {
    /// Demands that a statement is of this circle.
    pub(super) fn demand_circle(&self, statement: &Statement) -> Result<(), Problem> {
        if self.circle == Some(statement.circle) { Ok(()) } else { Err(Problem::WrongCircle) }
    }

    /// Demands a place on the chain: what takes out or ends something, and what is of keys, always has one.
    pub(super) fn demand_room(&self, statement: &Statement) -> Result<(), Problem> {
        let takes_out = matches!(
            &statement.body,
            StatementBody::Remove(_)
                | StatementBody::Demote(_)
                | StatementBody::Withdraw(_)
                | StatementBody::Restored(_)
        );
        let is_full = self.position >= CHAIN_RECORDS_MAX && !takes_out && !statement.body.is_of_keys();
        if is_full { Err(Problem::CircleFull) } else { Ok(()) }
    }

    /// A member who is in.
    pub(super) fn member_in(&self, member: &MemberId) -> Result<usize, Problem> {
        let place = self.member_places.get(member).ok_or(Problem::UnknownTarget)?;
        if self.members[place].now().state == MemberState::Active { Ok(place) } else { Err(Problem::NoChange) }
    }

    /// Demands a device that was never here.
    pub(super) fn newcomer(&self, keys: &DevicePublic) -> Result<DeviceId, Problem> {
        let id = keys.id();
        if self.device_places.has(&id) || self.barred.has(&id) {
            return Err(Problem::KnownDevice);
        }
        if self.devices.len() >= CIRCLE_DEVICES_EVER_MAX {
            return Err(Problem::CircleFull);
        }
        Ok(id)
    }

    /// Demands a place for a new member; `by`: whose share of newcomers it takes.
    pub(super) fn new_member(&self, member: MemberId, by: Option<usize>) -> Result<MemberId, Problem> {
        if self.member_places.has(&member) {
            return Err(Problem::KnownDevice);
        }
        if self.members_in >= CIRCLE_MEMBERS_MAX {
            return Err(Problem::CircleFull);
        }
        self.demand_newcomer_share(by)?;
        Ok(member)
    }

    pub(super) fn demand_newcomer_share(&self, by: Option<usize>) -> Result<(), Problem> {
        let used = |by: usize| self.members[self.devices[by].member].used.newcomers;
        if by.is_some_and(|by| used(by) >= FACILITATOR_NEWCOMERS_MAX) { Err(Problem::ShareUsed) } else { Ok(()) }
    }

    /// Demands that a member may have one more device, or that theirs may go.
    pub(super) fn demand_device_place(
        &self,
        at: At,
        by: Option<usize>,
        member: usize,
        recovers: bool,
    ) -> Result<(), Problem> {
        if recovers {
            // Recovery begins a member's shares anew: nobody gives that to themself.
            if by.is_some_and(|by| self.devices[by].member == member) {
                return Err(Problem::NotAllowed);
            }
            self.demand_newcomer_share(by)?;
            return self.demand_rest(at.time, by, member);
        }
        let used = &self.members[member].used;
        let is_full = self.active_devices(member) >= MEMBER_DEVICES_MAX || used.devices >= MEMBER_DEVICES_EVER_MAX;
        if is_full { Err(Problem::ShareUsed) } else { Ok(()) }
    }

    /// Which device of a member goes for one that comes back by `paper`.
    pub(super) fn oldest_device(&self, member: usize, paper: usize) -> Option<usize> {
        let is_in = |device: &&usize| **device != paper && self.devices[**device].out_at.is_none();
        self.members[member].devices.iter().find(is_in).copied()
    }

    pub(super) fn active_devices(&self, member: usize) -> usize {
        self.members[member].devices.iter().filter(|device| self.devices[**device].out_at.is_none()).count()
    }

    /// Facilitators and each other: one in 24 hours, and none in one's own first.
    pub(super) fn demand_rest(&self, now: TimestampMs, by: Option<usize>, target: usize) -> Result<(), Problem> {
        let Some(author) = by.map(|by| self.devices[by].member).filter(|author| *author != target) else {
            return Ok(());
        };
        let (author, target): (&Member, &Member) = (&self.members[author], &self.members[target]);
        if !target.leads() {
            return Ok(());
        }
        let is_over = |since: TimestampMs| now >= since.plus_ms(FACILITATOR_REST_MS);
        let has_led = author.leads_since.is_some_and(is_over);
        let is_first = author.took_out.is_none_or(|(whom, when)| whom == target.id || is_over(when));
        if has_led && is_first { Ok(()) } else { Err(Problem::TooSoon) }
    }

    pub(super) fn demand_share(
        &self,
        by: Option<usize>,
        used: impl FnOnce(&super::member::Used) -> u32,
        member_max: u32,
        facilitator_max: u32,
    ) -> Result<(), Problem> {
        let Some(by) = by else { return Ok(()) };
        let member = &self.members[self.devices[by].member];
        let max = if member.leads() { facilitator_max } else { member_max };
        if used(&member.used) >= max { Err(Problem::ShareUsed) } else { Ok(()) }
    }
}
