//! Who is in a circle, and what happened to whom.

use crate::contract::Contract;
use crate::trust::Role;

use super::{Returned, Standing};

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
    /// Went by themself.
    Left,
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
    /// The organisation said whom people can call.
    Helplines,
    /// The organisation said how it takes reports, or that it takes none any more.
    ReportKey,
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
