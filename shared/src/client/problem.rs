use serde::Serialize;

use crate::trust::StatementProblem;

/// An error as the page is told of it: what it is, which case of it, and what of it can be counted. What people read of
/// it is the page's to say, in their language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What it is.
    pub code: ProblemCode,
    /// Which case, where people are told more of it than of the others with its code.
    pub why: Option<Why>,
    /// How many: characters at the end that do not fit, or changes that are not shown.
    pub count: Option<u64>,
    /// Whether trying again can help.
    pub retry: bool,
    /// For whoever looks for a fault; no person who uses Kith reads it, and the WASM has none.
    #[cfg(feature = "json")]
    pub detail: String,
}

/// Cases of [`ProblemCode`]s of which people are told by themselves; the stable names of `web/src/bridge/contract.ts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// `LinkInvalid`: the server knows no such link.
    LinkUnknown,
    /// `LinkInvalid`: withdrawn, or whoever made it is out.
    LinkWithdrawn,
    /// `LinkInvalid`: the server answered of no circle, as one does to a short code of another server.
    OtherServer,
    /// `LinkInvalid`: what the server answered to it does not bear its signatures out, or says something else.
    AnswerUnverified,
    /// `BadInput`: another link is being opened.
    OtherLink,
    /// `BadInput`: a session outside of the years 2000 to 2199.
    Day,
    /// `BadInput`: more sessions than one day may have.
    ManySessions,
    /// `BadInput`: an invitation for more or fewer people or days than may be.
    InviteBounds,
    /// `NotAllowed`: only its author takes a message back.
    NotYours,
    /// `NotAllowed`: in this circle facilitators begin conversations.
    BeginsNot,
    /// `NotAllowed`: the right to found a circle was used.
    FoundUsed,
    /// `NotAllowed`: this phone has no right to found a circle.
    FoundNot,
    /// `NotAllowed`: the document is for others to read.
    NotToRead,
    /// `NotAllowed`: the circle's rules do not take it, for this reason.
    Said(StatementProblem),
    /// `Full`: a note has as much of this person's as it may.
    FullNote,
    /// `Full`: the same of a month of a conversation.
    FullThread,
    /// `Full`: the same of the circle's page.
    FullCircle,
    /// `OtherVersion`: what the phone keeps is of before the first release.
    Earlier,
    /// `OtherVersion`: the server speaks another version.
    OtherServerVersion,
    /// `OtherVersion`: a later version wrote it.
    Later,
    /// `Refused`: changes of others, [`Problem::count`] of them, were not taken.
    Lacking,
    /// `Refused`: from some change on a document can't be shown.
    SetAside,
    /// `Refused`: part of a document could not be verified.
    PartUnverified,
    /// `Stale`: the phone was put back to an older state, and has to sync first.
    PutBack,
    /// `KeyWaiting`: who is in the circle was not heard yet.
    ChainWaiting,
    /// `Removed`: the circle's records make this phone somebody else's.
    OtherPerson,
    /// `CodeInvalid`: a code of another kind, or not all of it.
    OtherKind,
    /// `CodeInvalid`: a printed code that does not lead back any more.
    PaperUnknown,
    /// `CodeInvalid`: a code that answers another one than this phone's.
    Swapped,
    /// `CodeInvalid`: a code that makes this phone somebody else's.
    SomebodyElses,
    /// `CodeInvalid`: this phone has to show its own code first.
    AskFirst,
    /// `ClockWrong`: by this phone's clock its leave to let people in has run out.
    WarrantOver,
    /// `ServerError`: the server asks to go slower.
    Slow,
}

impl Why {
    /// Its name in the contract.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::LinkUnknown => "link-unknown",
            Self::LinkWithdrawn => "link-withdrawn",
            Self::OtherServer => "other-server",
            Self::AnswerUnverified => "answer-unverified",
            Self::OtherLink => "other-link",
            Self::Day => "day",
            Self::ManySessions => "many-sessions",
            Self::InviteBounds => "invite-bounds",
            Self::NotYours => "not-yours",
            Self::BeginsNot => "begins-not",
            Self::FoundUsed => "found-used",
            Self::FoundNot => "found-not",
            Self::NotToRead => "not-to-read",
            Self::Said(problem) => problem.label(),
            Self::FullNote => "full-note",
            Self::FullThread => "full-thread",
            Self::FullCircle => "full-circle",
            Self::Earlier => "earlier",
            Self::OtherServerVersion => "server-version",
            Self::Later => "later",
            Self::Lacking => "lacking",
            Self::SetAside => "set-aside",
            Self::PartUnverified => "part-unverified",
            Self::PutBack => "put-back",
            Self::ChainWaiting => "chain-waiting",
            Self::OtherPerson => "other-person",
            Self::OtherKind => "other-kind",
            Self::PaperUnknown => "paper-unknown",
            Self::Swapped => "swapped",
            Self::SomebodyElses => "somebody-elses",
            Self::AskFirst => "ask-first",
            Self::WarrantOver => "warrant-over",
            Self::Slow => "slower",
        }
    }
}

impl Serialize for Why {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Said(problem) => serializer.serialize_str(&problem.label().replace('_', "-")),
            other => serializer.serialize_str(other.label()),
        }
    }
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
    /// A problem of a code. Of `detail` the WASM keeps nothing: neither its words nor what writes them.
    #[cfg_attr(not(feature = "json"), allow(unused_variables, reason = "as said above"))]
    pub fn new(code: ProblemCode, detail: impl core::fmt::Display) -> Self {
        use ProblemCode::*;
        let retry = matches!(code, Offline | NotOurServer | ServerError | Stale | StorageFull | StorageFailed);
        Self {
            code,
            why: None,
            count: None,
            retry,
            #[cfg(feature = "json")]
            detail: detail.to_string(),
        }
    }

    /// A problem of a code, of this case.
    pub(crate) fn of(code: ProblemCode, why: Why) -> Self {
        Self { why: Some(why), ..Self::new(code, why.label()) }
    }

    /// The same, of so many.
    pub(crate) fn counting(self, count: u64) -> Self {
        Self { count: Some(count), ..self }
    }
}

/// What a record that does not decode means to a person.
pub(super) fn corrupt(error: impl core::fmt::Display) -> Problem {
    Problem::new(ProblemCode::StorageCorrupt, error)
}
