use serde::Serialize;

use super::StoreFailure;

/// An error as the page shows it: what, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable.
    pub code: ProblemCode,
    /// For people, in English; the page translates by code.
    pub text: String,
    /// Whether trying again can help.
    pub retry: bool,
}

/// The stable codes of `web/src/bridge/contract.ts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    /// Not an enrolment link, or unknown to the server.
    LinkInvalid,
    /// Used as often as it may be.
    LinkUsed,
    /// Too late.
    LinkExpired,
    /// No circle on this phone.
    NotEnrolled,
    /// No connection.
    Offline,
    /// Something answered that is not Kith: a login page, a proxy.
    NotOurServer,
    /// The server failed.
    ServerError,
    /// The phone's clock is off and could not be corrected.
    ClockWrong,
    /// The phone was taken out of the circle.
    Removed,
    /// The note has moved on: rebase and send again.
    Stale,
    /// No such document.
    UnknownDocument,
    /// No such circle.
    UnknownCircle,
    /// Longer than is allowed.
    TooLong,
    /// Nothing in it.
    Empty,
    /// A value that is not allowed.
    BadInput,
    /// The phone is full.
    StorageFull,
    /// The phone's storage failed.
    StorageFailed,
    /// Something stored on the phone is damaged.
    StorageCorrupt,
    /// The server did not take something.
    Refused,
    /// The engine stopped.
    EngineStopped,
    /// Server and phone speak other versions.
    OtherVersion,
    /// The circle's key has not come yet.
    KeyWaiting,
    /// What was scanned or typed is no code of ours, or of another kind.
    CodeInvalid,
    /// No more people can be let in with no network until this phone was online.
    WarrantUsed,
    /// Only facilitators may.
    NotAllowed,
    /// A document holds as much of this person's as it may.
    Full,
}

impl Problem {
    pub(crate) fn new(code: ProblemCode, text: impl Into<String>) -> Self {
        use ProblemCode::*;
        let retry = matches!(code, Offline | NotOurServer | ServerError | Stale | StorageFull | StorageFailed);
        Self { code, text: text.into(), retry }
    }
}

/// What a store's failure means to a person.
pub(super) fn store_problem(failure: StoreFailure) -> Problem {
    match failure {
        StoreFailure::Full => Problem::new(
            ProblemCode::StorageFull,
            "This phone is full. Free some space, then try again. What was saved is still here.",
        ),
        StoreFailure::Corrupt { tree } => corrupt(format_args!("a row of {tree:?} does not unseal")),
        StoreFailure::Failed => Problem::new(
            ProblemCode::StorageFailed,
            "This phone could not save. Close other tabs and try again. What was saved is still here.",
        ),
    }
}

/// What a record that does not decode means to a person.
pub(super) fn corrupt(error: impl core::fmt::Display) -> Problem {
    Problem::new(
        ProblemCode::StorageCorrupt,
        format!("Something stored on this phone is damaged ({error}). What the server holds can be fetched again."),
    )
}
