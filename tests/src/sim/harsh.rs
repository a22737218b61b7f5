//! What is hard for phones that were put back or copied: kills while they find out, and stores that are full for a while.

use super::world::World;

/// Effects of a phone that was put back in which it may be killed at each.
const WEAK_EFFECTS: usize = 60;
const KILLED_PERCENT: usize = 2;
/// Commits that a full store refuses, at most.
const REFUSED_MAX: usize = 2;

impl World {
    /// A phone may be killed at each of its next effects.
    pub(super) fn weaken(&mut self, number: usize) {
        if self.options.harsh {
            self.phones[number].weak = WEAK_EFFECTS;
        }
    }

    /// Whether a phone is killed now.
    pub(super) fn may_be_killed(&mut self, number: usize) -> bool {
        let weak = &mut self.phones[number].weak;
        if *weak == 0 {
            return false;
        }
        *weak -= 1;
        self.seed.percent(KILLED_PERCENT)
    }

    /// A phone's store refuses some commits.
    pub(super) fn fill_up(&mut self) {
        let number = self.somebody();
        let refuses = u32::try_from(1 + self.seed.below(REFUSED_MAX)).unwrap_or(1);
        self.phones[number].shell.refuses = refuses;
        self.note(format!("phone {number} refuses {refuses} commits"));
    }
}
