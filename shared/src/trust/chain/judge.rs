//! Whether a statement may be admitted: everything is looked at, nothing is changed.

use crate::trust::bounds::{
    CIRCLE_MEMBERS_MAX, FACILITATOR_DEEDS_MAX, FACILITATOR_REMOVALS_MAX, FACILITATOR_SETTINGS_MAX, GRANT_GRACE_MS,
    MEMBER_DEEDS_MAX, MEMBER_DEVICES_EVER_MAX, MEMBER_DEVICES_MAX, MEMBER_KEYS_MAX, MEMBER_RETURNS_MAX,
    PROVISIONAL_MAX,
};
use crate::trust::{
    AddDevice, Confirm, Epoch, Grant, Invitation, InviteFor, Join, KeyGroup, MemberState, Remove, Restored, Role,
    Setting, Share, Statement, StatementAuthor, StatementBody, Withdraw, member_id,
};

use super::StatementProblem as Problem;
use super::deed::{Deed, Newcomer, Whose};
use super::speaker::Need;
use super::standing::{At, Standing};

impl Standing {
    pub(super) fn judge(&self, at: At, statement: &Statement) -> Result<Deed, Problem> {
        if let StatementBody::Found(_) = &statement.body {
            return if self.is_empty() { Ok(Deed::Found) } else { Err(Problem::NoChange) };
        }
        self.demand_circle(statement)?;
        self.demand_room(statement)?;
        match &statement.body {
            StatementBody::Found(_) => Err(Problem::NotAllowed),
            StatementBody::Join(join) => self.judge_join(at, statement, join),
            StatementBody::Grant(grant) => self.judge_grant(at, statement, grant),
            StatementBody::Invite(invite) => self.judge_invite(at, statement, invite),
            StatementBody::AddDevice(add) => self.judge_add_device(statement, add),
            StatementBody::Remove(remove) => self.judge_remove(at, statement, remove),
            StatementBody::Confirm(confirm) => self.judge_confirm(statement, confirm),
            StatementBody::Promote(promote) => {
                let by = self.speaker(statement, Need::Leads)?;
                self.demand_share(by, |used| used.deeds, MEMBER_DEEDS_MAX, FACILITATOR_DEEDS_MAX)?;
                let member = self.member_in(&promote.member)?;
                let record = &self.members[member];
                // A role that somebody else took meanwhile is not given back unseen.
                let has_changed = record.changed_at().is_some_and(|at| at > self.known_position(statement));
                if record.leads() || has_changed {
                    return Err(Problem::NoChange);
                }
                Ok(Deed::Promote { by, member })
            }
            StatementBody::Demote(demote) => {
                let by = self.speaker(statement, Need::Leads)?;
                let member = self.member_in(&demote.member)?;
                if !self.members[member].leads() {
                    return Err(Problem::NoChange);
                }
                self.demand_rest(at.time, by, member)?;
                Ok(Deed::Demote { by, member })
            }
            StatementBody::Withdraw(withdraw) => self.judge_withdraw(statement, withdraw),
            StatementBody::Epoch(epoch) => self.judge_epoch(at, statement, epoch),
            StatementBody::Share(share) => self.judge_share(statement, share),
            StatementBody::Restored(restored) => self.judge_restored(at, statement, restored),
            StatementBody::Setting(setting) => {
                let by = self.speaker(statement, Need::Leads)?;
                self.demand_share(by, |used| used.settings, 0, FACILITATOR_SETTINGS_MAX)?;
                let Setting::Conversations(beginners) = setting;
                if *beginners == self.beginners {
                    Err(Problem::NoChange)
                } else {
                    Ok(Deed::Setting { by, setting: *setting })
                }
            }
            StatementBody::Helplines(helplines) => {
                self.speaker(statement, Need::Leads)?;
                if *helplines == self.helplines { Err(Problem::NoChange) } else { Ok(Deed::Helplines) }
            }
            StatementBody::ReportKey(said) => {
                self.speaker(statement, Need::Leads)?;
                if said.key == self.report_key() { Err(Problem::NoChange) } else { Ok(Deed::ReportKey) }
            }
            StatementBody::NewServer(_) => self.speaker(statement, Need::Leads).map(|_| Deed::NewServer),
        }
    }

    fn judge_invite(&self, at: At, statement: &Statement, invite: &Invitation) -> Result<Deed, Problem> {
        let need = match invite.to {
            InviteFor::Member { recovers: false, .. } => Need::Active,
            _ => Need::Leads,
        };
        let by = self.speaker(statement, need)?;
        self.demand_share(by, |used| used.deeds, MEMBER_DEEDS_MAX, FACILITATOR_DEEDS_MAX)?;
        if self.invite_places.has(&invite.key) {
            return Err(Problem::NoChange);
        }
        if let InviteFor::Member { member, recovers } = &invite.to {
            let place = self.member_in(member)?;
            let is_own = by.is_some_and(|by| self.devices[by].member == place);
            if !recovers && !is_own {
                return Err(Problem::NotAllowed);
            }
        }
        if at.time >= invite.expires { Err(Problem::InviteExpired) } else { Ok(Deed::Invite { by }) }
    }

    fn judge_withdraw(&self, statement: &Statement, withdraw: &Withdraw) -> Result<Deed, Problem> {
        let invite = self.invite(&withdraw.invite).ok_or(Problem::UnknownTarget)?;
        let by = match &statement.author {
            // Whoever has its secret could use it up as well.
            StatementAuthor::Invite(_) => None,
            author => {
                let own = match (author, &invite.by) {
                    (StatementAuthor::Device(device), Some(by)) => self.are_of_one_member(device, by),
                    _ => false,
                };
                self.speaker(statement, if own { Need::Active } else { Need::Leads })?
            }
        };
        if invite.is_withdrawn { Err(Problem::NoChange) } else { Ok(Deed::Withdraw { by }) }
    }

    fn judge_join(&self, at: At, statement: &Statement, join: &Join) -> Result<Deed, Problem> {
        let StatementAuthor::Invite(key) = &statement.author else { return Err(Problem::Malformed) };
        let invite = self.invite(key).ok_or(Problem::InviteGone)?;
        let by = invite.by.and_then(|by| self.device_places.get(&by));
        let stated = &invite.invitation;
        let leads = !matches!(stated.to, InviteFor::Member { recovers: false, .. });
        if invite.is_withdrawn || by.is_some_and(|by| !self.holds_since(by, leads, invite.at)) {
            return Err(Problem::InviteGone);
        }
        if at.time >= invite.until {
            return Err(Problem::InviteExpired);
        }
        let uses = if matches!(stated.to, InviteFor::Role(_)) { stated.uses } else { 1 };
        if invite.used >= uses {
            return Err(Problem::InviteUsed);
        }
        let device = self.newcomer(&join.device)?;
        let (whose, recovers) = match stated.to {
            InviteFor::Role(role) => {
                let member = self.new_member(member_id(&join.salt, &device), by)?;
                (Whose::New { member, role, waits: false }, false)
            }
            InviteFor::Member { member, recovers } => {
                let member = self.member_in(&member)?;
                self.demand_device_place(at, by, member, recovers)?;
                (Whose::Member(member), recovers)
            }
        };
        let newcomer = Newcomer { keys: join.device, whose, past: stated.past, paper: false, recovers, replaces: None };
        Ok(Deed::LetIn { by, newcomer })
    }

    fn judge_grant(&self, at: At, statement: &Statement, grant: &Grant) -> Result<Deed, Problem> {
        let StatementAuthor::Device(author) = &statement.author else { return Err(Problem::Malformed) };
        let by = self.device_places.get(author).ok_or(Problem::UnknownAuthor)?;
        let warrant = grant.allowed();
        if warrant.circle != statement.circle || warrant.device != *author {
            return Err(Problem::BadWarrant);
        }
        if self.used_of(&warrant.id) >= warrant.count || at.time > warrant.until.plus_ms(GRANT_GRACE_MS) {
            return Err(Problem::WarrantSpent);
        }
        let knew = self.known_position(statement);
        let waits = !self.holds_since(by, true, knew);
        if waits {
            self.demand_late_grant(by, knew, grant)?;
        } else {
            self.demand_share(Some(by), |used| used.deeds, MEMBER_DEEDS_MAX, FACILITATOR_DEEDS_MAX)?;
        }
        let device = self.newcomer(&grant.device)?;
        let whose = if grant.recovers {
            let member = self.member_in(&grant.member)?;
            self.demand_device_place(at, Some(by), member, true)?;
            Whose::Member(member)
        } else {
            if grant.member != Grant::new_member(&warrant.id, &device) {
                return Err(Problem::NotAllowed);
            }
            let member = self.new_member(grant.member, Some(by).filter(|_| !waits))?;
            Whose::New { member, role: if waits { Role::Member } else { grant.role }, waits }
        };
        let past = grant.past && !waits;
        let newcomer =
            Newcomer { keys: grant.device, whose, past, paper: false, recovers: grant.recovers, replaces: None };
        Ok(Deed::LetIn { by: Some(by), newcomer })
    }

    /// A Grant of one who led when they said it, and does not any more: its newcomer waits for a Confirm, recovers
    /// nobody, and the warrant is older than what ended its author's lead.
    fn demand_late_grant(&self, by: usize, knew: u64, grant: &Grant) -> Result<(), Problem> {
        let device = &self.devices[by];
        let member = &self.members[device.member];
        let then = member.at(knew).filter(|_| device.introduced_at <= knew);
        let led = then.is_some_and(|span| span.state == MemberState::Active && span.role == Role::Facilitator);
        let was_out = device.out_at.is_some_and(|out| out <= knew);
        let is_end = |span: &&crate::trust::Span| {
            span.from > knew && (span.state != MemberState::Active || span.role != Role::Facilitator)
        };
        let member_end = member.spans.iter().find(is_end).map(|span| span.from);
        let end = member_end.into_iter().chain(device.out_at.filter(|out| *out > knew)).min();
        if !led || was_out || grant.recovers || end.is_none_or(|end| grant.allowed().position >= end) {
            return Err(Problem::AuthorOut);
        }
        if member.used.waiting >= PROVISIONAL_MAX { Err(Problem::ShareUsed) } else { Ok(()) }
    }

    fn judge_add_device(&self, statement: &Statement, add: &AddDevice) -> Result<Deed, Problem> {
        let by = self.speaker(statement, Need::Active)?.ok_or(Problem::Malformed)?;
        let place = self.devices[by].member;
        let member = &self.members[place];
        self.newcomer(&add.device)?;
        // Whoever comes back by a printed code finds a place: the device that was there longest goes.
        let is_return = self.devices[by].paper;
        let is_full = self.active_devices(place) >= MEMBER_DEVICES_MAX;
        let replaces = match is_return {
            true if member.used.returns >= MEMBER_RETURNS_MAX => return Err(Problem::ShareUsed),
            true => is_full.then(|| self.oldest_device(place, by)).flatten(),
            false if is_full || member.used.devices >= MEMBER_DEVICES_EVER_MAX => return Err(Problem::ShareUsed),
            false => {
                self.demand_share(Some(by), |used| used.deeds, MEMBER_DEEDS_MAX, FACILITATOR_DEEDS_MAX)?;
                None
            }
        };
        let whose = Whose::Member(place);
        let newcomer = Newcomer { keys: add.device, whose, past: true, paper: add.paper, recovers: false, replaces };
        Ok(Deed::LetIn { by: Some(by), newcomer })
    }

    fn judge_remove(&self, at: At, statement: &Statement, remove: &Remove) -> Result<Deed, Problem> {
        let target = match remove {
            Remove::Member(member) => Err(self.member_places.get(member).ok_or(Problem::UnknownTarget)?),
            Remove::Device(device) => match self.device_places.get(device) {
                Some(place) => Ok(place),
                None => {
                    let by = self.speaker(statement, Need::Leads)?;
                    self.demand_share(by, |used| used.removals, 0, FACILITATOR_REMOVALS_MAX)?;
                    let is_barred = self.barred.has(device);
                    return if is_barred { Err(Problem::NoChange) } else { Ok(Deed::Bar { by, device: *device }) };
                }
            },
        };
        let member = target.map_or_else(|member| member, |device| self.devices[device].member);
        let is_own = match &statement.author {
            StatementAuthor::Device(author) => {
                self.device_places.get(author).is_some_and(|author| self.devices[author].member == member)
            }
            _ => false,
        };
        let by = self.speaker(statement, if is_own { Need::Active } else { Need::Leads })?;
        let now = self.members[member].now();
        // What a facilitator undid, the root may make lasting.
        let is_out = now.state == MemberState::Removed && (by.is_some() || self.members[member].out_by_root);
        let is_gone = is_out || target.is_ok_and(|device| self.devices[device].out_at.is_some());
        if is_gone {
            return Err(Problem::NoChange);
        }
        self.demand_rest(at.time, by, member)?;
        Ok(match target {
            Ok(device) => Deed::RemoveDevice { by, device },
            Err(member) => Deed::RemoveMember { by, member },
        })
    }

    fn judge_confirm(&self, statement: &Statement, confirm: &Confirm) -> Result<Deed, Problem> {
        let by = self.speaker(statement, Need::Leads)?;
        self.demand_share(by, |used| used.deeds, MEMBER_DEEDS_MAX, FACILITATOR_DEEDS_MAX)?;
        let member = self.member_places.get(&confirm.member).ok_or(Problem::UnknownTarget)?;
        if by.is_some_and(|by| self.devices[by].member == member) {
            return Err(Problem::NotAllowed);
        }
        let now = self.members[member].now();
        if now.state == MemberState::Active || now.from != confirm.undoes {
            return Err(Problem::NoChange);
        }
        if by.is_some() && now.state == MemberState::Removed && self.members[member].out_by_root {
            return Err(Problem::NotAllowed);
        }
        if self.members_in >= CIRCLE_MEMBERS_MAX {
            return Err(Problem::CircleFull);
        }
        Ok(Deed::Confirm { by, member })
    }

    fn judge_epoch(&self, at: At, statement: &Statement, epoch: &Epoch) -> Result<Deed, Problem> {
        let by = self.holder(statement, &epoch.group)?;
        self.demand_report_key(statement, &epoch.group)?;
        // Whoever saw a key's id first and says it in its author's place keeps nobody from saying it.
        let same = self.epoch(&epoch.group, &epoch.epoch);
        if same.is_some_and(|same| same.is_said_by(&self.devices[by].id)) {
            return Err(Problem::NoChange);
        }
        let holders = self.resolve(&epoch.readers)?;
        let is_spent = self.is_spent(&epoch.group, &epoch.epoch);
        let is_current = match at.late {
            Some(late) => !late,
            None => !is_spent && holders == self.readers_said(&epoch.group),
        };
        let is_due = is_current && self.is_due(&epoch.group);
        self.demand_keys_share(by, is_due)?;
        Ok(Deed::Epoch { by, holders, is_current, is_due })
    }

    fn judge_share(&self, statement: &Statement, share: &Share) -> Result<Deed, Problem> {
        let by = self.holder(statement, &share.group)?;
        let holders = self.resolve(&share.readers)?;
        let is_due = self.is_share_due(&share.group, &share.epoch, &holders);
        self.demand_keys_share(by, is_due)?;
        Ok(Deed::Share { by, holders, is_due })
    }

    /// A key that the organisation is given, too, is wrapped to what it said last.
    fn demand_report_key(&self, statement: &Statement, group: &KeyGroup) -> Result<(), Problem> {
        let is_known = self.is_report_key_known(self.known_position(statement));
        if is_known || !group.is_for_organisation() { Ok(()) } else { Err(Problem::BadEpoch) }
    }

    /// What somebody else's coming or going asked for takes nothing of its author's share.
    fn demand_keys_share(&self, by: usize, is_due: bool) -> Result<(), Problem> {
        if is_due {
            return Ok(());
        }
        self.demand_share(Some(by), |used| used.keys, MEMBER_KEYS_MAX, MEMBER_KEYS_MAX)
    }

    fn judge_restored(&self, at: At, statement: &Statement, restored: &Restored) -> Result<Deed, Problem> {
        self.speaker(statement, Need::Leads)?;
        let follows = restored.generation > self.generation() && restored.from == at.position;
        if follows { Ok(Deed::Restored) } else { Err(Problem::NoChange) }
    }
}
