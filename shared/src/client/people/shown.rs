//! Who is in a circle, as the page is shown it.

use crate::ids::{CircleId, DeviceId, MemberId};
use crate::sorted::SortedMap;
use crate::time::TimestampMs;
use crate::trust::{
    Beginners, EventKind, InviteFor, InviteRecord, MemberState, Role, SET_BACK_MS_MIN, Standing, StatementAuthor,
};

use super::super::engine::{Engine, Stop};
use super::super::kinds::profile::names::Names;
use super::super::parts::keyring::Keyring;
use super::super::{Why, view};

/// Events that are shown.
const EVENTS_MAX: usize = 100;

/// Who looks.
struct Looker {
    member: MemberId,
    device: DeviceId,
    leads: bool,
    now: TimestampMs,
}

impl Looker {
    /// A time as it is shown: not at all, 0, when it is still to come.
    fn shown(&self, time: TimestampMs) -> u64 {
        if time.since_ms(self.now) > SET_BACK_MS_MIN { 0 } else { time.0 }
    }
}

impl Engine {
    pub(super) fn people(&mut self, circle: &CircleId) -> Result<view::People, Stop> {
        let (names, _) = self.names(circle)?;
        let (me, _) = self.me(circle)?;
        let (device, now) = (self.device()?.id(), self.request_time());
        let keyring = self.local(circle)?.keyring();
        let shown = keyring.shown();
        let mine = shown.device(&device);
        let leads = mine.is_some_and(|mine| mine.state == MemberState::Active) && shown.role(&me) == Role::Facilitator;
        let looker = Looker { member: me, device, leads, now };
        let has_paper = shown.devices().any(|it| it.member == me && it.paper && it.state == MemberState::Active);
        let left = keyring.warrant_left();
        let invites = shown.invites().filter_map(|invite| shown_invite(keyring, invite, &looker, &names));
        let returned = keyring.returned().iter().map(|returned| {
            let who_name = returned.member.map(|member| names.name(&member)).unwrap_or_default();
            let is_named = matches!(returned.what, view::ReturnedKind::RemoveDevice | view::ReturnedKind::Withdraw);
            let thing = returned.thing.filter(|_| is_named).map(|thing| DeviceId(thing).to_string());
            view::Returned {
                statement: returned.statement.to_string(),
                what: returned.what,
                who: returned.member.map(|member| member.to_string()).unwrap_or_default(),
                thing: thing.unwrap_or_default(),
                who_name,
                why: Why::Said(returned.why),
            }
        });
        let end = |head: &crate::trust::ChainHead| view::ForkEnd { position: head.last.position, time_ms: head.time.0 };
        let fork = keyring.fork().as_ref().filter(|fork| !fork.is_left).map(|fork| view::Fork {
            since_ms: fork.since.0,
            ours: end(&fork.ours),
            theirs: end(&fork.theirs),
        });
        Ok(view::People {
            circle: circle.to_string(),
            events: shown_events(keyring, &looker, &names),
            people: shown_people(keyring, &looker, &names),
            leads,
            everyone_begins: keyring.shown().beginners() == Beginners::Everyone,
            offline_left: left,
            has_paper,
            invites: invites.collect(),
            returned: returned.collect(),
            fork,
        })
    }
}

fn shown_people(keyring: &Keyring, looker: &Looker, names: &Names) -> Vec<view::Person> {
    let shown = keyring.shown();
    let mut people: SortedMap<MemberId, view::Person> = SortedMap::new();
    for device in shown.devices() {
        let person = people.get_or_insert_with(device.member, || shown_person(keyring, device.member, looker, names));
        person.devices.push(view::PersonDevice {
            device: device.id.to_string(),
            paper: device.paper,
            me: device.id == looker.device,
            since_ms: looker.shown(device.introduced_time),
            standing: device.state.into(),
            pending: keyring.admitted().device(&device.id).is_none(),
        });
    }
    people.into_iter().map(|(_, person)| person).collect()
}

fn shown_person(keyring: &Keyring, member: MemberId, looker: &Looker, names: &Names) -> view::Person {
    let shown: &Standing = keyring.shown();
    let record = shown.member(&member);
    let let_in_by = record.and_then(|record| record.let_in_by);
    let is_out = |member: &MemberId| shown.member(member).is_some_and(|record| record.state == MemberState::Removed);
    let phones = shown.devices().filter(|it| it.member == member && !it.paper);
    let standing = phones.map(|it| view::Standing::from(it.state)).min().unwrap_or(view::Standing::Removed);
    view::Person {
        member: member.to_string(),
        name: names.name(&member),
        role: shown.role(&member),
        me: member == looker.member,
        standing,
        devices: Vec::new(),
        pending: keyring.admitted().member(&member).is_none(),
        let_in_by: let_in_by.map(|by| by.to_string()).unwrap_or_default(),
        let_in_by_name: let_in_by.map(|by| names.name(&by)).unwrap_or_default(),
        let_in_by_is_out: let_in_by.is_some_and(|by| is_out(&by)),
        can_bring_back: looker.leads
            && member != looker.member
            && record.is_some_and(|record| record.undone_by_confirm.is_some() && !record.out_by_root)
            && !shown.has_left(&member),
    }
}

/// An invitation that is still good.
fn shown_invite(keyring: &Keyring, invite: &InviteRecord, looker: &Looker, names: &Names) -> Option<view::Invite> {
    let shown: &Standing = keyring.shown();
    let stated = &invite.invitation;
    let by = invite.by.and_then(|device| shown.device(&device));
    let leads = !matches!(stated.to, InviteFor::Member { recovers: false, .. });
    let may_still = by.is_none_or(|by| by.state == MemberState::Active && (!leads || by.role == Role::Facilitator));
    if invite.is_withdrawn || invite.used >= stated.uses || invite.good_until() <= looker.now || !may_still {
        return None;
    }
    let (role, for_member) = match stated.to {
        InviteFor::Role(role) => (role, None),
        InviteFor::Member { member, .. } => (shown.role(&member), Some(member)),
    };
    let mine = by.is_some_and(|by| by.member == looker.member);
    Some(view::Invite {
        invite: stated.key.to_string(),
        role,
        for_member: for_member.map(|member| member.to_string()).unwrap_or_default(),
        for_member_name: for_member.map(|member| names.name(&member)).unwrap_or_default(),
        uses: stated.uses,
        used: invite.used,
        expires_ms: invite.good_until().0,
        by: by.map(|by| by.member.to_string()).unwrap_or_default(),
        by_name: by.map(|by| names.name(&by.member)).unwrap_or_default(),
        mine,
        pending: keyring.admitted().invite(&stated.key).is_none(),
        may_withdraw: mine || looker.leads,
    })
}

fn shown_events(keyring: &Keyring, looker: &Looker, names: &Names) -> Vec<view::PeopleEvent> {
    let shown = keyring.shown();
    let admitted = keyring.history().chain().len();
    let events = shown.events().iter().rev().take(EVENTS_MAX).map(|event| {
        let paper = event.device.and_then(|device| shown.device(&device)).is_some_and(|device| device.paper);
        let member = |member: &Option<MemberId>| {
            member.as_ref().map_or_else(Default::default, |member| (member.to_string(), names.name(member)))
        };
        let ((who, who_name), (by, by_name)) = (member(&event.member), member(&event.by_member));
        view::PeopleEvent {
            kind: match event.by {
                StatementAuthor::Invite(_) => view::EventKind::Leaked,
                _ if event.kind == EventKind::MemberRemoved && event.member == event.by_member => view::EventKind::Left,
                _ => shown_kind(event.kind, paper),
            },
            who,
            who_name,
            by,
            by_name,
            time_ms: looker.shown(event.time),
            pending: event.position > admitted,
        }
    });
    events.collect()
}

fn shown_kind(kind: EventKind, paper: bool) -> view::EventKind {
    match kind {
        EventKind::Founded => view::EventKind::Founded,
        EventKind::Joined => view::EventKind::Joined,
        EventKind::Granted => view::EventKind::Granted,
        EventKind::Waits => view::EventKind::Waits,
        EventKind::Recovered => view::EventKind::Recovered,
        EventKind::DeviceAdded if paper => view::EventKind::Paper,
        EventKind::DeviceAdded => view::EventKind::Device,
        EventKind::Invited => view::EventKind::Invited,
        EventKind::MemberRemoved => view::EventKind::Removed,
        EventKind::DeviceRemoved => view::EventKind::DeviceRemoved,
        EventKind::Confirmed => view::EventKind::Confirmed,
        EventKind::BroughtBack => view::EventKind::BroughtBack,
        EventKind::Promoted => view::EventKind::Promoted,
        EventKind::Demoted => view::EventKind::Demoted,
        EventKind::ConversationsOpened => view::EventKind::ConversationsOpened,
        EventKind::ConversationsReserved => view::EventKind::ConversationsReserved,
        EventKind::Withdrawn => view::EventKind::Withdrawn,
        EventKind::Restored => view::EventKind::Restored,
        EventKind::NewServer => view::EventKind::NewServer,
        EventKind::Helplines => view::EventKind::Helplines,
        EventKind::ReportKey => view::EventKind::ReportKey,
    }
}
