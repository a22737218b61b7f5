//! What becomes of a chain's times when the server's clock turns out to have been ahead. Its own word stays in the
//! records, and decides nothing any more: whatever happened by a later time counts as if it had happened just now.

use crate::time::TimestampMs;

use super::standing::{InviteRecord, Standing};

/// A clock that says this much less than the last record was ahead then; by less, time stands still until it is there.
pub const SET_BACK_MS_MIN: u64 = 5 * 60_000;
/// A clock that says less than this, 2026-01-01, was not set right: it is behind, and time stands still.
pub(super) const CLOCK_MIN: TimestampMs = TimestampMs(1_767_225_600_000);

impl Standing {
    /// The time of the next record by a clock that says `now`: below the last one's only where that was ahead.
    #[must_use]
    pub fn next_time(&self, now: TimestampMs) -> TimestampMs {
        let is_back = now >= CLOCK_MIN && now.plus_ms(SET_BACK_MS_MIN) < self.time;
        if is_back { now } else { now.max(self.time) }
    }

    /// From here on it is `time`, and nothing was later.
    pub(super) fn set_back(&mut self, time: TimestampMs) {
        let redate = |at: &mut TimestampMs| *at = time.min(*at);
        redate(&mut self.time);
        for member in &mut self.members {
            member.leads_since.iter_mut().for_each(redate);
            member.took_out.iter_mut().for_each(|(_, at)| redate(at));
            member.begun_anew.iter_mut().flatten().for_each(redate);
        }
        self.devices.iter_mut().for_each(|device| redate(&mut device.introduced_time));
        self.events.iter_mut().for_each(|event| redate(&mut event.time));
        self.invites.iter_mut().for_each(|invite| invite.set_back(time));
    }
}

impl InviteRecord {
    /// Made by a clock that was ahead, it is good for as long as was meant.
    fn set_back(&mut self, time: TimestampMs) {
        if self.made > time {
            self.until = time.plus_ms(self.until.since_ms(self.made));
            self.made = time;
        }
    }

    /// Until when it is good: where its author's clock was ahead, as long as they meant, and not until their year.
    #[must_use]
    pub fn good_until(&self) -> TimestampMs {
        if self.said.since_ms(self.made) <= SET_BACK_MS_MIN {
            return self.until;
        }
        self.until.min(self.made.plus_ms(self.invitation.expires.since_ms(self.said)))
    }
}
