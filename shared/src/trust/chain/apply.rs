//! What an admitted statement does.

use crate::ids::{DeviceId, MemberId, StatementId};
use crate::trust::bounds::RECOVERIES_ANEW_MAX;
use crate::trust::{
    Beginners, Found, MemberState, Role, Setting, Span, Statement, StatementAuthor, StatementBody, member_id,
};

use super::deed::{Deed, Newcomer, Whose};
use super::event::{Event, EventKind};
use super::member::{Device, Member, Used};
use super::standing::{At, InviteRecord, Standing};

/// Whom an event names.
struct Named {
    kind: EventKind,
    member: Option<usize>,
    device: Option<DeviceId>,
}

impl Standing {
    pub(super) fn apply(&mut self, at: At, id: StatementId, statement: &Statement, deed: Deed) {
        self.note_number(statement);
        let named = |kind, member| Some(Named { kind, member, device: None });
        let (by, event) = match (deed, &statement.body) {
            (Deed::Found, StatementBody::Found(found)) => (None, self.found(at, id, found)),
            (Deed::Invite { by }, StatementBody::Invite(invitation)) => {
                self.use_share(by, |used| used.deeds += 1);
                let by_device = by.map(|by| self.devices[by].id);
                let record = InviteRecord {
                    statement: id,
                    at: at.position,
                    by: by_device,
                    invitation: *invitation,
                    made: at.time,
                    said: statement.time,
                    until: invitation.expires,
                    used: 0,
                    is_withdrawn: false,
                };
                self.invite_places.add(invitation.key, self.invites.len());
                self.invites.push(record);
                (by, named(EventKind::Invited, None))
            }
            (Deed::LetIn { by, newcomer }, body) => (by, self.let_in(at, id, statement, body, by, &newcomer)),
            (Deed::RemoveMember { by, member }, _) => {
                self.note_taken(at, by, member);
                self.members[member].out_by_root = by.is_none();
                self.begin_span(at, member, MemberState::Removed, Role::Member);
                (by, named(EventKind::MemberRemoved, Some(member)))
            }
            (Deed::RemoveDevice { by, device }, _) => {
                let member = self.devices[device].member;
                self.note_taken(at, by, member);
                self.devices[device].out_at = Some(at.position);
                let device = Some(self.devices[device].id);
                (by, Some(Named { kind: EventKind::DeviceRemoved, member: Some(member), device }))
            }
            (Deed::Bar { by, device }, _) => {
                self.use_share(by, |used| used.removals += 1);
                self.barred.add(device, 0);
                (by, Some(Named { kind: EventKind::DeviceRemoved, member: None, device: Some(device) }))
            }
            (Deed::Confirm { by, member }, _) => {
                self.use_share(by, |used| used.deeds += 1);
                let was_out = self.members[member].now().state == MemberState::Removed;
                self.members[member].out_by_root = false;
                self.begin_span(at, member, MemberState::Active, Role::Member);
                let kind = if was_out { EventKind::BroughtBack } else { EventKind::Confirmed };
                (by, named(kind, Some(member)))
            }
            (Deed::Promote { by, member }, _) => {
                self.use_share(by, |used| used.deeds += 1);
                self.begin_span(at, member, MemberState::Active, Role::Facilitator);
                (by, named(EventKind::Promoted, Some(member)))
            }
            (Deed::Demote { by, member }, _) => {
                self.note_taken(at, by, member);
                self.begin_span(at, member, MemberState::Active, Role::Member);
                (by, named(EventKind::Demoted, Some(member)))
            }
            (Deed::Withdraw { by }, StatementBody::Withdraw(withdraw)) => {
                if let Some(invite) = self.invite_places.get(&withdraw.invite) {
                    self.invites[invite].is_withdrawn = true;
                }
                (by, named(EventKind::Withdrawn, None))
            }
            (Deed::Epoch { by, holders, is_current, is_due }, StatementBody::Epoch(epoch)) => {
                self.use_share(Some(by), |used| used.keys += u32::from(!is_due));
                self.begin_epoch(at, id, by, epoch, holders, is_current);
                (Some(by), None)
            }
            (Deed::Share { by, holders, is_due }, StatementBody::Share(share)) => {
                self.use_share(Some(by), |used| used.keys += u32::from(!is_due));
                self.add_holders(&share.group, &share.epoch, &holders);
                (Some(by), None)
            }
            (Deed::Restored, StatementBody::Restored(restored)) => {
                self.restored.push((restored.generation, restored.from));
                self.end_epochs();
                (None, named(EventKind::Restored, None))
            }
            (Deed::NewServer, StatementBody::NewServer(new)) => {
                self.keys = self.keys.map(|(root, _)| (root, new.server));
                (None, named(EventKind::NewServer, None))
            }
            (Deed::Helplines, StatementBody::Helplines(helplines)) => {
                self.helplines = helplines.clone();
                (None, named(EventKind::Helplines, None))
            }
            (Deed::ReportKey, StatementBody::ReportKey(report_key)) => {
                self.report_key = report_key.key.map(|key| (key, at.position));
                (None, named(EventKind::ReportKey, None))
            }
            (Deed::Setting { by, setting }, _) => (by, named(self.set(at, by, setting), None)),
            _ => (None, None),
        };
        if let Some(event) = event {
            self.note_event(at, id, statement, by, event);
        }
    }

    /// A setting holds from here on.
    fn set(&mut self, at: At, by: Option<usize>, setting: Setting) -> EventKind {
        let Setting::Conversations(beginners) = setting;
        self.use_share(by, |used| used.settings += 1);
        self.beginners = beginners;
        self.members.iter_mut().for_each(|member| member.begin_setting(at.position, beginners));
        match beginners {
            Beginners::Everyone => EventKind::ConversationsOpened,
            Beginners::Facilitators => EventKind::ConversationsReserved,
        }
    }

    /// Only what its author's phone itself brings, in order, counts: a Grant may be brought by whoever it lets in, and
    /// of keys not everyone has the text.
    fn note_number(&mut self, statement: &Statement) {
        if matches!(statement.body, StatementBody::Grant(_)) || !self.goes_by_number(statement) {
            return;
        }
        match &statement.author {
            StatementAuthor::Root => self.root_number = self.root_number.max(statement.number),
            StatementAuthor::Device(device) => {
                if let Some(at) = self.device_places.get(device) {
                    let device = &mut self.devices[at];
                    device.number = device.number.max(statement.number);
                }
            }
            StatementAuthor::Invite(_) => {}
        }
    }

    fn note_event(&mut self, at: At, id: StatementId, statement: &Statement, by: Option<usize>, named: Named) {
        let by_device = by.map(|by| (self.devices[by].id, self.members[self.devices[by].member].id));
        let author = match (&statement.author, by_device) {
            (author, None) if named.kind == EventKind::Withdrawn => *author,
            (StatementAuthor::Invite(_), Some((device, _))) => StatementAuthor::Device(device),
            (StatementAuthor::Invite(_), None) => StatementAuthor::Root,
            (author, _) => *author,
        };
        self.events.push(Event {
            statement: id,
            position: at.position,
            kind: named.kind,
            by: author,
            by_member: by_device.map(|(_, member)| member),
            member: named.member.map(|member| self.members[member].id),
            device: named.device,
            time: at.time,
        });
    }

    fn found(&mut self, at: At, id: StatementId, found: &Found) -> Option<Named> {
        self.circle = Some(Statement::circle_of(&id));
        self.keys = Some((found.root, found.server));
        let founder = found.founder.as_ref()?;
        let member =
            self.add_member(at, member_id(&founder.salt, &founder.device.id()), None, false, Role::Facilitator);
        self.add_device(at, id, founder.device, member, Some(0), false);
        let device = Some(founder.device.id());
        Some(Named { kind: EventKind::Founded, member: Some(member), device })
    }

    fn let_in(
        &mut self,
        at: At,
        id: StatementId,
        statement: &Statement,
        body: &StatementBody,
        by: Option<usize>,
        newcomer: &Newcomer,
    ) -> Option<Named> {
        let by_member = by.map(|by| self.members[self.devices[by].member].id);
        let (member, waits) = match newcomer.whose {
            Whose::New { member, role, waits } => (self.add_member(at, member, by_member, waits, role), waits),
            Whose::Member(member) => (member, false),
        };
        if newcomer.recovers {
            self.note_taken(at, by, member);
            self.begin_anew(at, by, member);
        }
        if let Some(replaced) = newcomer.replaces {
            self.devices[replaced].out_at = Some(at.position);
        }
        let own = by.filter(|by| self.devices[*by].member == member);
        let open_from = own.map_or(0, |by| self.devices[by].open_from);
        let opened = newcomer.past.then_some(open_from);
        self.add_device(at, id, newcomer.keys, member, opened, newcomer.paper);
        let kind = match body {
            StatementBody::AddDevice(_) => {
                let is_return = by.is_some_and(|by| self.devices[by].paper);
                self.use_share(by, |used| match is_return {
                    true => used.returns += 1,
                    false => (used.deeds, used.devices) = (used.deeds + 1, used.devices + 1),
                });
                EventKind::DeviceAdded
            }
            StatementBody::Grant(grant) => {
                *self.warrants.get_or_insert_with(grant.allowed().id, || 0) += 1;
                self.use_share(by, |used| match waits {
                    true => used.waiting += 1,
                    false => (used.deeds, used.newcomers) = (used.deeds + 1, used.newcomers + 1),
                });
                match (grant.recovers, waits) {
                    (true, _) => EventKind::Recovered,
                    (_, true) => EventKind::Waits,
                    _ => EventKind::Granted,
                }
            }
            _ => self.note_join(statement, by, member, newcomer),
        };
        Some(Named { kind, member: Some(member), device: Some(newcomer.keys.id()) })
    }

    fn note_join(&mut self, statement: &Statement, by: Option<usize>, member: usize, newcomer: &Newcomer) -> EventKind {
        if let StatementAuthor::Invite(key) = &statement.author
            && let Some(invite) = self.invite_places.get(key)
        {
            self.invites[invite].used += 1;
        }
        match (newcomer.whose, newcomer.recovers) {
            (Whose::New { .. }, _) => {
                self.use_share(by, |used| used.newcomers += 1);
                EventKind::Joined
            }
            (Whose::Member(_), true) => {
                self.use_share(by, |used| used.newcomers += 1);
                EventKind::Recovered
            }
            (Whose::Member(_), false) => {
                self.members[member].used.devices += 1;
                EventKind::DeviceAdded
            }
        }
    }

    fn add_member(&mut self, at: At, id: MemberId, by: Option<MemberId>, waits: bool, role: Role) -> usize {
        let state = if waits { MemberState::Provisional } else { MemberState::Active };
        let place = self.members.len();
        self.members.push(Member {
            id,
            spans: vec![Span { from: at.position, state, role, beginners: self.beginners }],
            out_by_root: false,
            let_in_by: by,
            let_in_at: at.position,
            leads_since: (role == Role::Facilitator && !waits).then_some(at.time),
            took_out: None,
            used: Used::default(),
            begun_anew: [None; RECOVERIES_ANEW_MAX],
            devices: Vec::new(),
        });
        self.member_places.add(id, place);
        self.members_in += usize::from(!waits);
        place
    }

    fn add_device(
        &mut self,
        at: At,
        id: StatementId,
        keys: crate::trust::DevicePublic,
        member: usize,
        opened: Option<u64>,
        paper: bool,
    ) {
        let place = self.devices.len();
        self.device_places.add(keys.id(), place);
        self.members[member].devices.push(place);
        self.devices.push(Device {
            id: keys.id(),
            keys,
            member,
            paper,
            introduced_by: id,
            introduced_at: at.position,
            introduced_time: at.time,
            past_opened: opened.is_some(),
            open_from: opened.unwrap_or(at.position),
            out_at: None,
            number: 0,
        });
    }

    fn begin_span(&mut self, at: At, member: usize, state: MemberState, role: Role) {
        let beginners = self.beginners;
        let record = &mut self.members[member];
        let was_in = record.now().state == MemberState::Active;
        record.spans.push(Span { from: at.position, state, role, beginners });
        record.leads_since = (state == MemberState::Active && role == Role::Facilitator).then_some(at.time);
        let is_in = state == MemberState::Active;
        self.members_in = self.members_in + usize::from(is_in && !was_in) - usize::from(was_in && !is_in);
    }

    /// A recovered member's other devices go, and so does what these used of the member's shares: whoever had a lost
    /// phone can't have used them up for good.
    fn begin_anew(&mut self, at: At, by: Option<usize>, member: usize) {
        for place in &self.members[member].devices {
            let out_at = &mut self.devices[*place].out_at;
            *out_at = out_at.or(Some(at.position));
        }
        self.members[member].begin_shares_anew(at.time, by.is_none());
    }

    /// Remembers which facilitator a facilitator took out last.
    fn note_taken(&mut self, at: At, by: Option<usize>, target: usize) {
        let Some(author) = by.map(|by| self.devices[by].member).filter(|author| *author != target) else { return };
        if self.members[target].leads() {
            let target = self.members[target].id;
            let author = &mut self.members[author];
            // The first day of several phones of one person is the day that counts.
            if author.took_out.is_none_or(|(whom, _)| whom != target) {
                author.took_out = Some((target, at.time));
            }
        }
    }

    fn use_share(&mut self, by: Option<usize>, take: impl FnOnce(&mut Used)) {
        if let Some(by) = by {
            let member = self.devices[by].member;
            take(&mut self.members[member].used);
        }
    }
}
