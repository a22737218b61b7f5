//! Who may speak: device keys, signed heads, signed requests, who is in a circle, and the statements that decide it.

pub mod bounds;
mod chain;
mod device;
mod enrol;
#[cfg(test)]
mod forged_tests;
#[cfg(test)]
mod golden_tests;
mod head;
mod request;
mod role;
mod roster;
mod secret;
mod signed;
mod statement;
#[cfg(test)]
pub(crate) mod testing;

pub use bounds::{CIRCLE_MEMBERS_MAX, MEMBER_DEVICES_MAX};
pub use chain::{
    At, Chain, ChainHead, ChainProblem, DeviceRecord, EpochRecord, Event, EventKind, FOLD_FIRST, InviteRecord, Lacking,
    MemberRecord, RECORD_LATE, RECORD_OF_KEYS, RECORD_SET_BACK, Record, SET_BACK_MS_MIN, Standing, StatementProblem,
};
pub use device::{DevicePublic, DeviceSecret, InvalidKey, Signature, SignatureInvalid};
pub use enrol::{EnrolRequest, InviteRow};
pub use head::{EntrySignature, SignedHead};
pub use request::{CLOCK_SKEW_MS_MAX, Purpose, RequestProblem, RequestStamp};
pub use role::{Beginners, Role};
pub use roster::{Author, MemberState, Roster, RosterEntry, Span};
pub use secret::{InviteSecret, SigningSecret};
pub use signed::{Check, Signed, Verified};
pub use statement::*;
