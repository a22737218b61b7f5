//! Circles, and how one stands in them.

use crate::contract::Contract;
use crate::trust::{MemberState, Role};

use super::{Candidate, Contested};

/// A person in a circle, as their name stands beside what they write.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Member {
    #[contract(ts = "MemberId")]
    pub member: String,
    /// The chosen name; empty until its profile entry arrived. Of several who chose one name all but the first have a number
    /// behind it, as wherever names are.
    pub name: String,
    pub role: Role,
    /// This phone's own member.
    pub me: bool,
    /// Of a person whose phones named them at the same time, all names, the shown one first; else empty.
    pub names: Vec<String>,
}

/// A circle, as lists show it.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct CircleSummary {
    #[contract(ts = "CircleId")]
    pub circle: String,
    pub name: String,
    /// How many are in.
    pub members: usize,
    /// How many messages of others are new to this phone.
    pub unread: u64,
    /// Enrolled with no network: the server has not said yes yet.
    pub pending: bool,
    /// How this phone stands in it: one that is out reads what it has, and neither sends nor gets anything.
    pub standing: Standing,
    /// What its people must be told; null when there is nothing.
    pub warning: Option<Warning>,
    /// This phone's person may begin conversations.
    pub may_begin: bool,
    /// They want to leave, and it was not said to the server yet, or not answered.
    pub leaving: bool,
}

/// What is wrong with the circle's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(to_page, kebab, name = "CircleWarning")]
pub enum Warning {
    /// The server tells people different things about who is in, with proof.
    Fork,
    /// The circle's list makes this phone somebody else than it came in as, so that it is stopped here.
    OtherPerson,
    /// The server was put back to an older state, and waits for what it lost.
    ServerBehind,
    /// A newer Kith wrote something that this one does not know.
    NeedsUpdate,
    /// The server gave something unlawful, or kept back what belongs to it.
    RecordsWithheld,
}

/// How a person or phone stands in the circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(to_page)]
pub enum Standing {
    Active,
    /// Waits, since whoever let them in was taken out meanwhile, until a facilitator confirms.
    Provisional,
    Removed,
}

impl From<MemberState> for Standing {
    fn from(state: MemberState) -> Self {
        match state {
            MemberState::Active => Self::Active,
            MemberState::Provisional => Self::Provisional,
            MemberState::Removed => Self::Removed,
        }
    }
}

/// A circle: its agreement and its members.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Circle {
    #[contract(ts = "CircleId")]
    pub circle: String,
    pub name: String,
    /// What its people agreed on.
    pub agreement: String,
    pub members: Vec<Member>,
    pub me: Member,
    /// The name that this phone's person chose, as they wrote it. In `me` and everywhere else names are told apart.
    pub own_name: String,
    /// Of a name that people wrote at the same time, all values (P04); else empty.
    pub names: Vec<Candidate>,
    /// The same of an agreement.
    pub agreements: Vec<Candidate>,
    /// Whom its people can call: what facilitators entered, in the order of adding, then the organisation's.
    pub helplines: Vec<Helpline>,
    /// Who follows up on an answer that worries; null while nobody does.
    pub follow_up: Option<FollowUp>,
    /// The circle is about alcohol.
    pub about_alcohol: bool,
    /// The agreement, line by line, in the order of adding.
    pub lines: Vec<AgreementLine>,
    /// Names exactly what these lines say: what `agree` is told. Null while there are none.
    #[contract(ts = "AgreementDigest | null")]
    pub agreement_digest: Option<String>,
    /// Who of its members agreed to exactly this.
    #[contract(ts = "MemberId[]")]
    pub agreed: Vec<String>,
    /// Of this phone's person, once they agreed to something that was changed since: what changed. Null while they never
    /// agreed, or do agree.
    pub changed: Option<Vec<LineChange>>,
    /// Who does what, in the order of adding.
    pub roles: Vec<CircleRole>,
    /// How it begins when it meets; may be empty.
    pub opening: String,
    /// How it ends; may be empty.
    pub closing: String,
    /// Of who follows up, what the circle is about, and how it begins and ends, each field with several values: all of
    /// them, the shown one first; writing one chooses.
    pub contested: Vec<Contested>,
}

/// A line of a circle's agreement.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct AgreementLine {
    /// Its id; empty for the text that circles had before there were lines, which `setCircle` writes.
    #[contract(ts = "ItemId")]
    pub item: String,
    pub text: String,
    /// When people wrote it at the same time, all values (P04); else empty.
    pub contested: Vec<Candidate>,
}

/// A line of the agreement that says something else than what this phone's person agreed to.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct LineChange {
    /// As of [`AgreementLine::item`].
    #[contract(ts = "ItemId")]
    pub item: String,
    /// What it said; empty for a new one.
    pub before: String,
    /// What it says; empty when it was taken out.
    pub now: String,
}

/// What somebody does for the circle.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct CircleRole {
    #[contract(ts = "ItemId")]
    pub item: String,
    /// What it is called, in the circle's words.
    pub name: String,
    /// Whose it is; null while it is nobody's who is in the circle.
    #[contract(ts = "MemberId | null")]
    pub member: Option<String>,
    /// Their name; empty while it is nobody's.
    pub member_name: String,
    /// Of each field with several values all of them, the shown one first; writing one chooses. A member's value is
    /// their id.
    pub contested: Vec<Contested>,
}

/// A number to call or to text, as whoever entered it wrote it down.
#[derive(Clone, Debug, Default, PartialEq, Contract)]
#[contract(to_page)]
pub struct Helpline {
    /// Its id; empty for one of the organisation's, which nobody in the circle changes.
    #[contract(ts = "ItemId")]
    pub item: String,
    pub name: String,
    /// The number to call; empty for none, as are the texts that follow.
    pub phone: String,
    /// The number to text.
    pub sms: String,
    /// Where it is for.
    pub region: String,
    /// When somebody answers, in words.
    pub hours: String,
    /// In which languages.
    pub language: String,
    /// The day on which somebody last made sure that all of it is right; null when nobody did.
    #[contract(ts = "DayNumber | null")]
    pub checked: Option<u32>,
    /// The organisation said it.
    pub from_organisation: bool,
    /// Of each field with several values all of them, the shown one first; writing one chooses.
    pub contested: Vec<Contested>,
}

/// Who follows up on an answer that worries, and by when.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct FollowUp {
    /// Who, in words.
    pub who: String,
    /// By when, in words.
    pub by: String,
}
