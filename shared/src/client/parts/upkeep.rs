//! When keys are looked after, and where messages are sealed again for whoever came since.

use crate::ids::CircleId;
use crate::sorted::SortedSet;
use crate::time::SteadyMs;

/// How long a phone leaves it to others to begin an epoch for somebody who came: mostly that one does it.
const OTHERS_FIRST_MS: u64 = 60_000;

/// What has to be done for keys, and when.
#[derive(Default)]
pub(in crate::client) struct Upkeep {
    /// When statements last came or were made.
    changed: Option<SteadyMs>,
    /// When keys are to be looked after again, once others had their time.
    due: Option<SteadyMs>,
    /// Circles in which somebody may have come since messages of this phone were sealed.
    resealing: SortedSet<CircleId>,
}

impl Upkeep {
    /// Statements came, or were made.
    pub(in crate::client) fn note_change(&mut self, now: SteadyMs) {
        self.changed = Some(now);
    }

    /// Whether others had their time since.
    pub(in crate::client) fn has_waited(&self, now: SteadyMs) -> bool {
        self.changed.is_some_and(|at| now.since_ms(at) >= OTHERS_FIRST_MS)
    }

    /// Looks again once others had their time.
    pub(in crate::client) fn look_again(&mut self, now: SteadyMs) {
        let due = self.changed.unwrap_or(now).plus_ms(OTHERS_FIRST_MS);
        self.due = Some(self.due.map_or(due, |at| at.min(due)));
    }

    /// When that is; it is asked once.
    pub(in crate::client) fn take_due(&mut self) -> Option<SteadyMs> {
        self.due.take()
    }

    /// Somebody may have come into these.
    pub(in crate::client) fn reseal(&mut self, circles: &[CircleId]) {
        self.resealing.extend(circles.iter().copied());
    }

    /// Whether messages of a circle are to be looked at for that.
    pub(in crate::client) fn has_to_reseal(&self, circle: &CircleId) -> bool {
        self.resealing.contains(circle)
    }

    /// They were.
    pub(in crate::client) fn note_resealed(&mut self, circle: &CircleId) {
        self.resealing.remove(circle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_have_a_minute_from_the_last_change() {
        let (mut upkeep, now) = (Upkeep::default(), SteadyMs(5_000));
        assert!(!upkeep.has_waited(SteadyMs(u64::MAX)), "nothing has changed");
        upkeep.note_change(now);
        assert!(
            !upkeep.has_waited(now.plus_ms(OTHERS_FIRST_MS - 1)) && upkeep.has_waited(now.plus_ms(OTHERS_FIRST_MS))
        );
        upkeep.look_again(now.plus_ms(10));
        assert_eq!(upkeep.take_due(), Some(now.plus_ms(OTHERS_FIRST_MS)));
        assert_eq!(upkeep.take_due(), None);
    }
}
