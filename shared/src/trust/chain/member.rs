//! What a circle holds of its members and devices.

use crate::ids::{DeviceId, MemberId, StatementId};
use crate::time::TimestampMs;
use crate::trust::bounds::{RECOVERIES_ANEW_MAX, RECOVERIES_ANEW_MS};
use crate::trust::{Beginners, DevicePublic, MemberState, Role, Span};

/// A device that was ever let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceRecord {
    /// Its id.
    pub id: DeviceId,
    /// Its keys.
    pub keys: DevicePublic,
    /// Whose it is.
    pub member: MemberId,
    /// What they may do now.
    pub role: Role,
    /// Whether it reads and writes now.
    pub state: MemberState,
    /// Whether it is a printed code.
    pub paper: bool,
    /// The how-manieth device of the circle, from 0.
    pub ordinal: u32,
    /// The statement that let it in.
    pub introduced_by: StatementId,
    /// The position of that statement.
    pub introduced_at: u64,
    /// When the server admitted it.
    pub introduced_time: TimestampMs,
    /// Whether earlier keys were opened to it.
    pub past_opened: bool,
    /// From which position on keys are open to it; 0 for all.
    pub open_from: u64,
}

/// A member that was ever let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberRecord {
    /// Their id.
    pub id: MemberId,
    /// What they may do now.
    pub role: Role,
    /// Whether they are in, wait to be let in, or are out.
    pub state: MemberState,
    /// Who let them in: none is the root, or whoever founded.
    pub let_in_by: Option<MemberId>,
    /// The position at which they were let in.
    pub let_in_at: u64,
    /// The record that a Confirm of this member undoes: what took them out, or let them in as waiting.
    pub undone_by_confirm: Option<u64>,
    /// Whether only the root brings them back.
    pub out_by_root: bool,
}

/// A device as the fold keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Device {
    pub(super) id: DeviceId,
    pub(super) keys: DevicePublic,
    /// Its member's place.
    pub(super) member: usize,
    pub(super) paper: bool,
    pub(super) introduced_by: StatementId,
    pub(super) introduced_at: u64,
    pub(super) introduced_time: TimestampMs,
    pub(super) past_opened: bool,
    /// From which position on keys are open to it: none is closed when the past was opened, and one's own further phone
    /// is given no more than the phone that brought it in.
    pub(super) open_from: u64,
    /// The position from which it is out by itself, whatever becomes of its member.
    pub(super) out_at: Option<u64>,
    /// The largest number that it used.
    pub(super) number: u64,
}

/// A member as the fold keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) id: MemberId,
    /// What held from which position on; the last is what holds now. Never empty.
    pub(super) spans: Vec<Span>,
    pub(super) out_by_root: bool,
    pub(super) let_in_by: Option<MemberId>,
    pub(super) let_in_at: u64,
    /// When they began to lead, by record time.
    pub(super) leads_since: Option<TimestampMs>,
    /// Whom of the facilitators they took out last, and when.
    pub(super) took_out: Option<(MemberId, TimestampMs)>,
    pub(super) used: Used,
    /// When recoveries last began their shares anew, the newest last.
    pub(super) begun_anew: [Option<TimestampMs>; RECOVERIES_ANEW_MAX],
    /// Places of their devices.
    pub(super) devices: Vec<usize>,
}

/// How much of their shares a member used, ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Used {
    pub(super) deeds: u32,
    /// Devices that were taken out before they came: all other removals end with what there is to remove.
    pub(super) removals: u32,
    /// Epochs and Shares that nobody else's coming or going asked for.
    pub(super) keys: u32,
    pub(super) newcomers: u32,
    pub(super) devices: u32,
    /// By a printed code.
    pub(super) returns: u32,
    pub(super) waiting: u32,
    pub(super) settings: u32,
}

impl Member {
    pub(super) fn now(&self) -> Span {
        let nothing =
            Span { from: u64::MAX, state: MemberState::Removed, role: Role::Member, beginners: Beginners::Everyone };
        self.spans.last().copied().unwrap_or(nothing)
    }

    /// Since when their role and state are what they are; none when these never were others.
    pub(super) fn changed_at(&self) -> Option<u64> {
        let now = self.now();
        let same = self.spans.iter().rev().take_while(|span| (span.state, span.role) == (now.state, now.role));
        let first = same.last().map(|span| span.from)?;
        (self.spans.first().map(|span| span.from) != Some(first)).then_some(first)
    }

    /// A setting holds for whoever is in. Who waits or is out has the position that a Confirm names as their last, and
    /// begins with the setting when they are let in.
    pub(super) fn begin_setting(&mut self, from: u64, beginners: Beginners) {
        let now = self.now();
        if now.state == MemberState::Active {
            self.spans.push(Span { from, beginners, ..now });
        }
    }

    pub(super) fn leads(&self) -> bool {
        let now = self.now();
        now.state == MemberState::Active && now.role == Role::Facilitator
    }

    /// A recovery begins their shares anew, if it is the root's, or if not as many as may be did lately.
    pub(super) fn begin_shares_anew(&mut self, now: TimestampMs, by_root: bool) {
        let is_over = |at: TimestampMs| now >= at.plus_ms(RECOVERIES_ANEW_MS);
        if !by_root {
            if !self.begun_anew[0].is_none_or(is_over) {
                return;
            }
            self.begun_anew.rotate_left(1);
            self.begun_anew[RECOVERIES_ANEW_MAX - 1] = Some(now);
        }
        self.used = Used { waiting: self.used.waiting, ..Used::default() };
    }

    /// The first position since which they are active without a break, and, when `leads`, a facilitator.
    pub(super) fn since(&self, leads: bool) -> Option<u64> {
        let holds = |span: &&Span| span.state == MemberState::Active && (!leads || span.role == Role::Facilitator);
        self.spans.iter().rev().take_while(holds).last().map(|span| span.from)
    }

    /// What held at a position.
    pub(super) fn at(&self, position: u64) -> Option<Span> {
        let after = self.spans.partition_point(|span| span.from <= position);
        after.checked_sub(1).map(|at| self.spans[at])
    }
}
