//! Who may speak: device keys, signed heads, signed requests, and who is in a circle.

mod device;
mod enrol;
mod head;
mod request;
mod roster;

pub use device::{DevicePublic, DeviceSecret, InvalidKey, Signature, SignatureInvalid};
pub use enrol::{EnrolRequest, Invite, InviteProblem, VerifiedEnrol};
pub use head::SignedHead;
pub use request::{CLOCK_SKEW_MS_MAX, Purpose, RequestProblem, RequestStamp};
pub use roster::{Author, Role, Roster, RosterEntry};
