//! Circles and who is in them.

use serde::Serialize;

use crate::trust::MemberState;

use super::super::Why;
use super::{Candidate, Role};

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    pub member: String,
    pub name: String,
    pub role: Role,
    pub me: bool,
    pub names: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CircleSummary {
    pub circle: String,
    pub name: String,
    pub members: usize,
    pub unread: u64,
    pub pending: bool,
    pub standing: Standing,
    pub warning: Option<Warning>,
    /// This phone's person may begin conversations.
    pub may_begin: bool,
}

/// What is wrong with the circle's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Warning {
    Fork,
    OtherPerson,
    ServerBehind,
    NeedsUpdate,
    RecordsWithheld,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    Active,
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

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonDevice {
    pub device: String,
    pub paper: bool,
    pub me: bool,
    pub since_ms: u64,
    pub standing: Standing,
    pub pending: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    pub member: String,
    pub name: String,
    pub role: Role,
    pub me: bool,
    pub standing: Standing,
    pub devices: Vec<PersonDevice>,
    pub pending: bool,
    pub let_in_by: String,
    pub let_in_by_name: String,
    pub let_in_by_is_out: bool,
    pub can_bring_back: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum EventKind {
    Founded,
    Invited,
    Joined,
    Granted,
    Recovered,
    Device,
    Paper,
    Removed,
    DeviceRemoved,
    Confirmed,
    Promoted,
    Waits,
    BroughtBack,
    Demoted,
    Withdrawn,
    /// A link ended by its own secret, since that came where others may read it.
    Leaked,
    Restored,
    NewServer,
    ConversationsOpened,
    ConversationsReserved,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PeopleEvent {
    pub kind: EventKind,
    pub who: String,
    pub who_name: String,
    pub by: String,
    pub by_name: String,
    pub time_ms: u64,
    pub pending: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invite {
    pub invite: String,
    pub role: Role,
    pub for_member: String,
    pub for_member_name: String,
    pub uses: u32,
    pub used: u32,
    pub expires_ms: u64,
    pub by: String,
    pub by_name: String,
    pub mine: bool,
    pub pending: bool,
    pub may_withdraw: bool,
}

/// What a statement that was not taken wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ReturnedKind {
    Remove,
    RemoveDevice,
    Confirm,
    Promote,
    Demote,
    Invite,
    Withdraw,
    Device,
    Setting,
}

impl ReturnedKind {
    const ALL: [Self; 9] = [
        Self::Remove,
        Self::RemoveDevice,
        Self::Confirm,
        Self::Promote,
        Self::Demote,
        Self::Invite,
        Self::Withdraw,
        Self::Device,
        Self::Setting,
    ];

    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Returned {
    pub statement: String,
    pub what: ReturnedKind,
    pub who: String,
    pub who_name: String,
    pub thing: String,
    pub why: Why,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ForkEnd {
    pub position: u64,
    pub time_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fork {
    pub since_ms: u64,
    pub ours: ForkEnd,
    pub theirs: ForkEnd,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct People {
    pub circle: String,
    pub people: Vec<Person>,
    pub events: Vec<PeopleEvent>,
    pub leads: bool,
    /// Members begin conversations, too.
    pub everyone_begins: bool,
    pub offline_left: u32,
    pub has_paper: bool,
    pub invites: Vec<Invite>,
    pub returned: Vec<Returned>,
    pub fork: Option<Fork>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    pub link: String,
    pub code: String,
    pub expires_ms: u64,
    pub uses: u32,
    pub many: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QrOffer {
    pub qr: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QrGrant {
    pub qr: String,
    pub words: Vec<u8>,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QrTaken {
    pub circle: CircleSummary,
    pub words: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PaperCode {
    pub code: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Circle {
    pub circle: String,
    pub name: String,
    pub agreement: String,
    pub members: Vec<Member>,
    pub me: Member,
    pub own_name: String,
    pub names: Vec<Candidate>,
    pub agreements: Vec<Candidate>,
}
