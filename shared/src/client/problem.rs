use crate::contract::{BadField, Contract, Made, ToPage};
#[cfg(feature = "json")]
use crate::contract::{Case, Declaration, Described, Form, Shape};
use crate::trust::StatementProblem;

/// An error as the page is told of it: what it is, which case of it, and what of it can be counted. What people read of
/// it is the page's to say, in their language.
#[derive(Clone, Debug, PartialEq, Eq, Contract)]
#[contract(to_page, name = "KithProblem")]
pub struct Problem {
    /// What it is.
    pub code: ProblemCode,
    /// Which case, where people are told more of it than of the others with its code.
    #[contract(optional, ts = "ProblemWhy | Hindrance | null")]
    pub why: Option<Why>,
    /// How many: characters at the end that do not fit, or changes that are not shown.
    #[contract(optional, ts = "number | null")]
    pub count: Option<u64>,
    /// Whether trying again can help.
    pub retry: bool,
    /// For whoever looks for a fault; no person who uses Kith reads it, and the WASM has none.
    #[cfg(feature = "json")]
    #[contract(optional)]
    pub detail: String,
}

/// Cases of [`ProblemCode`]s of which people are told by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(to_page, kebab, name = "ProblemWhy")]
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
    /// `NotAllowed`: only its author takes a message or a strategy back.
    NotYours,
    /// `NotAllowed`: in this circle facilitators begin conversations.
    BeginsNot,
    /// `NotAllowed`: the right to found a circle was used.
    FoundUsed,
    /// `NotAllowed`: this phone has no right to found a circle.
    FoundNot,
    /// `NotAllowed`: whom the conversation is with is not in the circle.
    OtherIsOut,
    /// `NotAllowed`: this phone's person blocked whom the conversation is with.
    Blocked,
    /// `NotAllowed`: no facilitator is there whom it could be reported to.
    NobodyToTell,
    /// `NotAllowed`: it would go to others than its person was told.
    OtherReaders,
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
    /// `Full`: the same of the circle's toolkit.
    FullToolkit,
    /// `Full`: the same of a month of a journal.
    FullJournal,
    /// Of stories.
    FullStories,
    /// `Full`: the same of a plan for hard moments.
    FullPlan,
    /// `Full`: the same of what a member chose about others.
    FullChoices,
    /// `Full`: the same of what a member keeps their word on.
    FullCommitments,
    /// `Full`: the same of what a member reports to the organisation.
    FullReports,
    /// `Full`: the same of what two members have with each other beside their talk.
    FullBetween,
    /// `BadInput`: a day that is still to come.
    DayToCome,
    /// `BadInput`: a day from before something was taken on.
    DayBefore,
    /// What it is to end at is over.
    EndPassed,
    /// `BadInput`: a number to call with signs that none has.
    Number,
    /// `OtherVersion`: what the phone keeps is of before the first release.
    Earlier,
    /// `OtherVersion`: the server speaks another version.
    #[contract(name = "server-version")]
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
    #[contract(name = "slower")]
    Slow,
}

/// A statement's problem goes by its label, in kebab case as the others.
impl ToPage for StatementProblem {
    fn write<M: Made>(&self) -> M {
        M::text(&self.label().replace('_', "-"))
    }
}

#[cfg(feature = "json")]
impl Described for StatementProblem {
    fn shape() -> Shape {
        let declare = || {
            let case = |problem: Self| Case::named(problem.label().replace('_', "-"));
            Declaration {
                name: "StatementProblem",
                docs: "Why the circle's rules do not take a statement.",
                module: module_path!(),
                form: Form::Names(Self::ALL.into_iter().map(case).collect()),
            }
        };
        Shape::Declared("StatementProblem", declare)
    }
}

/// What a problem is. The names are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(to_page, kebab)]
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
        Self { why: Some(why), ..Self::new(code, format_args!("{why:?}")) }
    }

    /// The same, of so many.
    pub(crate) fn counting(self, count: u64) -> Self {
        Self { count: Some(count), ..self }
    }
}

impl From<BadField> for Problem {
    fn from(bad: BadField) -> Self {
        Self::new(ProblemCode::BadInput, bad)
    }
}

/// What a record that does not decode means to a person.
pub(super) fn corrupt(error: impl core::fmt::Display) -> Problem {
    Problem::new(ProblemCode::StorageCorrupt, error)
}

#[cfg(feature = "json")]
crate::contract::writes_by_serde!(Problem, ProblemCode);
