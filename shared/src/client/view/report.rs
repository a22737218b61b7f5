//! What members report, to facilitators or the organisation.

use crate::contract::Contract;

use super::{BodyState, Hidden, Safety};

/// What is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(to_page)]
pub enum ReportedKind {
    /// A message that the whole circle reads.
    Message,
    /// A message between two.
    Talk,
    Strategy,
    /// A story or milestone that the whole circle is told.
    Story,
    /// One that chosen people are told.
    Told,
}

/// Whether what a report says was written by whom it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(to_page)]
pub enum ReportProof {
    /// It opens what its author signed.
    Proven,
    /// Nothing that it could be held against is on this phone.
    Unchecked,
    /// It is not what was signed, or not by that author.
    Unproven,
}

/// A facilitator who gets a report.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct ReportTo {
    #[contract(ts = "MemberId")]
    pub member: String,
    pub name: String,
    /// They are a facilitator now.
    pub leads: bool,
    /// Of one's own: how far it is on its way; else null.
    pub safety: Option<Safety>,
}

/// A facilitator who says that a report is dealt with.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct ReportHandled {
    #[contract(ts = "MemberId")]
    pub member: String,
    pub name: String,
    /// It is this phone's person.
    pub mine: bool,
    pub at_ms: u64,
}

/// A report: one's own, or for facilitators one that was sent to them.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Report {
    #[contract(ts = "ReportKey")]
    pub key: String,
    /// This phone's person reported it.
    pub mine: bool,
    #[contract(ts = "MemberId")]
    pub reporter: String,
    pub reporter_name: String,
    /// Who wrote what is reported, as its reporter says.
    #[contract(ts = "MemberId")]
    pub about: String,
    pub about_name: String,
    pub made_ms: u64,
    pub kind: ReportedKind,
    /// Where it stands, of a message.
    #[contract(ts = "Conversation | null")]
    pub thread: Option<String>,
    /// The key of what is reported.
    #[contract(ts = "RecordKey")]
    pub of: String,
    /// What the reporter says, none empty.
    pub words: Vec<String>,
    /// What is reported; empty while it is not here.
    pub text: String,
    pub body: BodyState,
    pub proof: ReportProof,
    /// Null while nobody hides what is reported.
    pub hidden: Option<Hidden>,
    /// Its author took it back since.
    pub gone: bool,
    /// Who got it, this phone's person left out.
    pub to: Vec<ReportTo>,
    /// Of one's own that went to the organisation: how far it is on its way there; else null.
    pub organisation: Option<Safety>,
    /// Of one's own: facilitators who came since and may be told, too.
    pub others: Vec<ReportTo>,
    pub handled: Vec<ReportHandled>,
}

/// Where a report would go.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct ReportWay {
    /// Who wrote it.
    #[contract(ts = "MemberId")]
    pub about: String,
    pub about_name: String,
    pub kind: ReportedKind,
    /// What would be reported.
    pub text: String,
    /// Who would get it; nobody when no other facilitator is there.
    pub to: Vec<ReportTo>,
    /// Nobody there would get it, and it goes to the organisation.
    pub organisation: bool,
    /// Who wrote it is a facilitator: it goes to the others.
    pub about_leads: bool,
    /// Facilitators whom this phone's person blocked, by name: it does not go to them.
    pub blocked: Vec<String>,
    /// This phone's person reported it before.
    pub reported: bool,
}
