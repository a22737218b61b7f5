//! Where what was written by a clock that is far off stands: where the server took it, for all alike.

use crate::ids::{ActorId, DocumentId};
use crate::time::TimestampMs;

/// A clock is ahead when it says more than this after the server took what was written by it.
pub const AHEAD_MS_MAX: u64 = 5 * 60_000;
/// And behind when it says more than this before: no phone keeps its words back for so long.
pub const BEHIND_MS_MAX: u64 = 400 * 24 * 60 * 60 * 1_000;

/// Whether what a clock said when something was written can't be when it was, given when it was admitted.
#[must_use]
pub fn is_far(stated: TimestampMs, admitted: TimestampMs) -> bool {
    stated.since_ms(admitted) > AHEAD_MS_MAX || admitted.since_ms(stated) > BEHIND_MS_MAX
}

/// Ops of one author, and when the server took them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placed {
    /// In which document.
    pub document: DocumentId,
    /// Whose chain the entry is in.
    pub actor: ActorId,
    /// The first op's counter.
    pub start_op: u64,
    /// The last op's counter.
    pub max_op: u64,
    /// Record time at which the server took it.
    pub admitted: TimestampMs,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_that_was_away_is_not_far_off() {
        let now = TimestampMs(1_795_000_000_000);
        let days = |days: u64| days * 24 * 60 * 60 * 1_000;
        for (stated, far) in [
            (now.0, false),
            (now.0 + AHEAD_MS_MAX, false),
            (now.0 + AHEAD_MS_MAX + 1, true),
            (now.0 - days(90), false),
            (now.0 - days(400), false),
            (now.0 - days(401), true),
            (0, true),
            (u64::MAX, true),
        ] {
            assert_eq!(is_far(TimestampMs(stated), now), far, "{stated}");
        }
    }
}
