//! Who was in the circle on a session's day, by its chain: whoever came later or went before is not counted there.

use crate::ids::MemberId;
use crate::sorted::SortedMap;
use crate::time::{Day, TimestampMs};
use crate::trust::{MemberState, Role, Roster, RosterEntry, Standing};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// A day ends this much later in the west of America; whoever comes in an evening further on is offered apart.
const LAST_ZONE_MS: u64 = 8 * 60 * 60 * 1_000;

/// The positions of a chain that a day fell on: from what held as it began to the last one of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) struct Then {
    from: u64,
    to: u64,
}

impl Then {
    /// Those of a day. Of one before the circle began no chain tells: it has whoever is in now, and so has today.
    pub(in crate::client) fn on(day: Day, standing: &Standing, now: TimestampMs) -> Self {
        let begin = TimestampMs(u64::from(day.0) * DAY_MS);
        let end = begin.plus_ms(DAY_MS + LAST_ZONE_MS);
        let last = |until: TimestampMs| {
            let before = standing.events().iter().take_while(|event| event.time < until);
            before.last().map(|event| event.position)
        };
        match last(end).filter(|_| end <= now) {
            Some(to) => Self { from: last(begin).unwrap_or(0), to },
            None => Self { from: u64::MAX, to: u64::MAX },
        }
    }

    /// Who was in then, each with what they could do last.
    pub(in crate::client) fn members(self, roster: &Roster) -> SortedMap<MemberId, Role> {
        let mut members: SortedMap<MemberId, Role> = SortedMap::new();
        for (_, entry) in roster.entries() {
            if let Some(then) = self.role(entry) {
                let role = members.get_or_insert_with(entry.member, || then);
                *role = then.max(*role);
            }
        }
        members
    }

    fn role(self, entry: &RosterEntry) -> Option<Role> {
        let later = entry.spans.iter().map(|span| span.from).chain([entry.introduced_at]);
        let later = later.filter(|at| (self.from..=self.to).contains(at));
        let held = later.chain([self.from]).filter_map(|at| Some((at, entry.at(at)?)));
        held.filter(|(_, span)| span.state != MemberState::Removed).max_by_key(|(at, _)| *at).map(|(_, span)| span.role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::{Beginners, DeviceSecret, Span};

    /// Whoever is in at any of a day's positions is in then, found by looking at each of them.
    #[test]
    fn whoever_was_in_at_any_moment_of_the_day_was_in_then() {
        let device = *DeviceSecret::from_seed([3; 32]).public();
        for seed in 0..4_000_u64 {
            let pick = |salt: u64, of: u64| {
                let hash = crate::ids::tagged_hash("pick", &[&seed.to_le_bytes(), &salt.to_le_bytes()]);
                u64::from(hash[0]) % of
            };
            let begun = 1 + pick(0, 5);
            let mut at = begun.saturating_sub(pick(1, 2));
            let spans = (0..1 + pick(2, 4)).map(|number| {
                at += 1 + pick(10 + number, 3);
                let state = MemberState::ALL[usize::try_from(pick(20 + number, 3)).unwrap()];
                let role = if pick(30 + number, 2) == 0 { Role::Member } else { Role::Facilitator };
                Span { from: at, state, role, beginners: Beginners::Everyone }
            });
            let mut entry = RosterEntry::new(device, MemberId([1; 16]), Role::Member);
            entry.spans = spans.collect();
            entry.introduced_at = begun;
            entry.out_at = (pick(3, 2) == 0).then(|| begun + pick(4, 9));
            let from = pick(5, 12);
            let then = Then { from, to: from + pick(6, 6) };
            let mut held = (then.from..=then.to).filter_map(|at| entry.at(at));
            let last = held.rfind(|span| span.state != MemberState::Removed);
            assert_eq!(then.role(&entry), last.map(|span| span.role), "{seed}: {then:?} of {entry:?}");
        }
    }
}
