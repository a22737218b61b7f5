//! Circles and who is in them.

use crate::contract::Contract;
use crate::trust::{MemberState, Role};

use super::super::Why;
use super::Candidate;

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

/// A phone of a member, or a printed code.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct PersonDevice {
    #[contract(ts = "DeviceId")]
    pub device: String,
    /// A printed code, not a phone.
    pub paper: bool,
    /// This phone.
    pub me: bool,
    /// 0 by a clock that was ahead: not known.
    pub since_ms: u64,
    pub standing: Standing,
    /// The server has not heard of it yet.
    pub pending: bool,
}

/// A person in a circle, or one who was.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Person {
    #[contract(ts = "MemberId")]
    pub member: String,
    pub name: String,
    pub role: Role,
    /// This phone's own member.
    pub me: bool,
    pub standing: Standing,
    pub devices: Vec<PersonDevice>,
    /// The server has not heard yet that they came.
    pub pending: bool,
    /// Whose invitation or phone let them in; empty for the organisation, and for whoever began the circle.
    #[contract(ts = "MemberId")]
    pub let_in_by: String,
    pub let_in_by_name: String,
    pub let_in_by_is_out: bool,
    /// They are out, and this phone's person may bring them back by `confirm`.
    pub can_bring_back: bool,
}

/// What happened to who is in a circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Contract)]
#[contract(to_page)]
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
    /// Came in by somebody who was out by then.
    Waits,
    BroughtBack,
    Demoted,
    /// An invitation was ended.
    Withdrawn,
    /// An invitation ended by its own secret, since a link with it had come where others may read it.
    Leaked,
    /// The server was put back from a backup, and goes on from there.
    Restored,
    /// The organisation named another key for its server.
    NewServer,
    /// Everyone begins conversations from then on.
    ConversationsOpened,
    /// Facilitators alone do.
    ConversationsReserved,
}

/// What everyone in the circle may see of who came, went and came back.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct PeopleEvent {
    pub kind: EventKind,
    /// Whom it is about; empty for the founding by the organisation and for what is about nobody.
    #[contract(ts = "MemberId")]
    pub who: String,
    pub who_name: String,
    /// Who did it; empty for the organisation.
    #[contract(ts = "MemberId")]
    pub by: String,
    pub by_name: String,
    /// When the server took it in; while it has not heard of it, by this phone's clock; 0 by a clock that was ahead.
    pub time_ms: u64,
    /// Said on this phone, and the server has not heard of it yet.
    pub pending: bool,
}

/// An invitation that still lets somebody in.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page, name = "OpenInvite")]
pub struct Invite {
    /// What `withdraw` calls it.
    #[contract(ts = "InviteKey")]
    pub invite: String,
    pub role: Role,
    /// Whose new phone it is for; empty: for new people.
    #[contract(ts = "MemberId")]
    pub for_member: String,
    pub for_member_name: String,
    /// How many may come in by it.
    pub uses: u32,
    /// How many did.
    pub used: u32,
    pub expires_ms: u64,
    /// Empty for the organisation.
    #[contract(ts = "MemberId")]
    pub by: String,
    pub by_name: String,
    /// This phone's person made it.
    pub mine: bool,
    /// The server has not heard of it yet: nobody can come in by it before that.
    pub pending: bool,
    /// This phone's person may end it.
    pub may_withdraw: bool,
}

/// What a statement that was not taken wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Contract)]
#[contract(to_page)]
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
    /// Its number where a phone keeps it.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Remove => 0,
            Self::RemoveDevice => 1,
            Self::Confirm => 2,
            Self::Promote => 3,
            Self::Demote => 4,
            Self::Invite => 5,
            Self::Withdraw => 6,
            Self::Device => 7,
            Self::Setting => 8,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Remove,
            1 => Self::RemoveDevice,
            2 => Self::Confirm,
            3 => Self::Promote,
            4 => Self::Demote,
            5 => Self::Invite,
            6 => Self::Withdraw,
            7 => Self::Device,
            8 => Self::Setting,
            _ => return None,
        })
    }
}

/// What somebody did on this phone and the server did not take: theirs to decide anew, or to dismiss.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Returned {
    #[contract(ts = "StatementId")]
    pub statement: String,
    pub what: ReturnedKind,
    /// Whom it was about; empty when it was about nobody.
    #[contract(ts = "MemberId")]
    pub who: String,
    pub who_name: String,
    /// Which phone or invitation `removeDevice` or `withdraw` was about, as they call it; empty for all else.
    pub thing: String,
    pub why: Why,
}

/// One of two histories of a circle.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct ForkEnd {
    /// How many records it has.
    pub position: u64,
    /// When the last of them was taken in.
    pub time_ms: u64,
}

/// The server signed two histories that cannot both be true.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Fork {
    pub since_ms: u64,
    pub ours: ForkEnd,
    pub theirs: ForkEnd,
}

/// Who is in a circle, and what happened.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct People {
    #[contract(ts = "CircleId")]
    pub circle: String,
    pub people: Vec<Person>,
    /// Newest first, at most 100.
    pub events: Vec<PeopleEvent>,
    /// This phone may invite, remove, confirm, recover.
    pub leads: bool,
    /// Members begin conversations, too; else facilitators alone.
    pub everyone_begins: bool,
    /// How many people may still be enrolled with no network.
    pub offline_left: u32,
    /// This member has a printed code that works.
    pub has_paper: bool,
    /// Those that are still good, newest first.
    pub invites: Vec<Invite>,
    /// Oldest first.
    pub returned: Vec<Returned>,
    /// Null while the server tells everyone the same.
    pub fork: Option<Fork>,
}

/// A way in: as a link, or as a short code to type where no link or camera is at hand.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct Invitation {
    pub link: String,
    /// Groups of four letters and digits, joined by `-`.
    pub code: String,
    /// 0 until the server's clock is known.
    pub expires_ms: u64,
    /// How many may come in by it.
    pub uses: u32,
    /// More than one may come in by it, so that the link in a browser's history stays a way in.
    pub many: bool,
}

/// What a phone shows as a QR code.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct QrOffer {
    /// Digits and capitals, so that it packs well.
    pub qr: String,
}

/// The answer to a QR code.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct QrGrant {
    /// As of an offer.
    pub qr: String,
    /// Six numbers from 0 to 255, an index each into the list of words to compare.
    pub words: Vec<u8>,
    /// What the new phone's person wants to be called, at most 40 bytes.
    pub name: String,
}

/// What a new phone came into by a QR code.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct QrTaken {
    pub circle: CircleSummary,
    /// As of the answer that was scanned.
    pub words: Vec<u8>,
}

/// A printed code: to be kept where nobody else looks.
#[derive(Clone, Debug, PartialEq, Contract)]
#[contract(to_page)]
pub struct PaperCode {
    /// Groups of four letters and digits, joined by `-`.
    pub code: String,
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_phone_keeps_of_a_returned_statement_is_read_as_it_was_written() {
        let kinds = [
            (0, ReturnedKind::Remove),
            (1, ReturnedKind::RemoveDevice),
            (2, ReturnedKind::Confirm),
            (3, ReturnedKind::Promote),
            (4, ReturnedKind::Demote),
            (5, ReturnedKind::Invite),
            (6, ReturnedKind::Withdraw),
            (7, ReturnedKind::Device),
            (8, ReturnedKind::Setting),
        ];
        for (code, kind) in kinds {
            assert_eq!((kind.code(), ReturnedKind::from_code(code)), (code, Some(kind)));
        }
        assert_eq!(ReturnedKind::from_code(9), None);
    }
}
