//! Who may speak: device keys, signed heads, signed requests, who is in a circle, and the statements that decide it.

mod bounds;
mod device;
mod enrol;
#[cfg(test)]
mod golden_tests;
mod head;
mod log;
mod request;
mod roster;
mod secret;
mod statement;
#[cfg(test)]
pub(crate) mod testing;

#[cfg(test)]
pub(crate) use log::history::History;

pub use bounds::{CIRCLE_DEVICES_MAX, CIRCLE_MEMBERS_MAX, MEMBER_DEVICES_MAX};
pub use device::{DevicePublic, DeviceSecret, InvalidKey, Signature, SignatureInvalid};
pub use enrol::{EnrolRequest, InviteRow};
pub use head::SignedHead;
pub use log::{
    DeviceRecord, EpochRecord, Event, EventKind, GrantLog, Inserted, LOG_BYTES_MAX, LOG_KEYS_RESERVED,
    LOG_KEYS_RESERVED_BYTES, LOG_REMOVALS_RESERVED, LOG_REMOVALS_RESERVED_BYTES, LOG_STATEMENTS_MAX, Lacking,
    MemberRecord, Standing, StatementProblem, Verdict, WAITING_BYTES_MAX, WAITING_STATEMENTS_MAX,
};
pub use request::{CLOCK_SKEW_MS_MAX, Purpose, RequestProblem, RequestStamp};
pub use roster::{Author, Role, Roster, RosterEntry, State};
pub use secret::{InviteSecret, SigningSecret};
pub use statement::*;
