//! How large a circle may be. Every share of something that a circle has in common is worked out from these.

/// Most members of a circle at one time.
pub const CIRCLE_MEMBERS_MAX: usize = 250;
/// Most devices of one member that are in at one time, printed codes included.
pub const MEMBER_DEVICES_MAX: usize = 8;
/// Most devices of a circle, those that are out included.
pub const CIRCLE_DEVICES_MAX: usize = 1_000;
