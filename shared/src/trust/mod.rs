//! Who may speak: device keys, signed heads, signed requests, who is in a circle, and the statements that decide it.

mod device;
mod enrol;
mod head;
mod request;
mod roster;
mod secret;
mod statement;

pub use device::{DevicePublic, DeviceSecret, InvalidKey, Signature, SignatureInvalid};
pub use enrol::{EnrolRequest, Invite, InviteProblem, VerifiedEnrol};
pub use head::SignedHead;
pub use request::{CLOCK_SKEW_MS_MAX, RequestProblem, RequestStamp};
pub use roster::{Author, Role, Roster, RosterEntry, State};
pub use secret::{InviteSecret, SigningSecret};
pub use statement::*;
