//! What follows from the whole set.

use crate::ids::{DeviceId, MemberId};
use crate::sorted::SortedMap;
use crate::trust::{Role, State, StatementAuthor, StatementBody};

use super::entry::{By, Entry, rank};
use super::epochs::Epochs;
use super::labels::{Labels, Truth};
use super::standing::{DeviceRecord, Event, EventKind, MemberRecord, Standing, Verdict};
use super::{GrantLog, StatementProblem};

struct Evaluation<'a> {
    log: &'a GrantLog,
    labels: Labels<'a>,
    /// By place: whether an introduction holds.
    holds: Vec<Truth>,
}

impl GrantLog {
    /// What follows from the set: a pure function of it, whatever the order in which the statements came.
    #[must_use]
    pub fn evaluate(&self) -> Standing {
        let labels = Labels::new(&self.entries);
        let holds = labels.introductions();
        let evaluation = Evaluation { log: self, labels, holds };
        let mut standing = Standing { circle: Some(self.circle), ..Standing::default() };
        if let Some(StatementBody::Found(found)) = self.entries.first().map(|entry| &entry.statement.body) {
            standing.keys = Some((found.root, found.server));
        }
        standing.devices = evaluation.devices();
        standing.members = members(&standing.devices);
        let verdicts =
            self.entries.iter().enumerate().map(|(at, entry)| (entry.id, evaluation.verdict(at, &standing.devices)));
        standing.verdicts = verdicts.collect();
        standing.events = evaluation.events(&standing);
        let epochs = Epochs {
            entries: &self.entries,
            places: &self.index.places,
            labels: &evaluation.labels,
            standing: &standing,
        };
        let records = epochs.records();
        let groups = epochs.groups(&records);
        standing.epochs = records;
        standing.groups = groups;
        standing
    }
}

impl Evaluation<'_> {
    fn entry(&self, at: usize) -> &Entry {
        &self.log.entries[at]
    }

    fn devices(&self) -> SortedMap<DeviceId, DeviceRecord> {
        let devices = self.log.index.devices.iter();
        devices.filter_map(|(device, intros)| Some((*device, self.device(device, intros)?))).collect()
    }

    /// Of several introductions the one that holds best counts.
    fn device(&self, device: &DeviceId, intros: &[usize]) -> Option<DeviceRecord> {
        let counted = intros.iter().copied().filter(|at| !self.labels.is_lost[*at]);
        let at = counted.min_by_key(|at| (self.doubt(*at), rank(self.entry(*at))))?;
        let entry = self.entry(at);
        let (intro, keys) = (entry.facts.intro?, *entry.statement.body.introduces()?);
        let (mut is_out, mut is_named) = (self.labels.voided(at) == Some(true), false);
        for removal in &self.labels.removals {
            let facts = &self.entry(*removal).facts;
            let is_before = || self.entry(*removal).ancestors.has(at);
            if facts.removes.is_some_and(|target| target.takes(device, &intro.member, is_before)) {
                let effect = self.labels.effect(*removal);
                is_out |= effect == Some(true);
                is_named |= effect.is_none();
            }
        }
        let state = match (is_out, is_named, self.holds[at]) {
            (true, _, _) => State::Removed,
            (_, true, _) => State::Suspended,
            (_, _, Some(true)) => State::Active,
            _ => State::Provisional,
        };
        Some(DeviceRecord {
            keys,
            member: intro.member,
            role: self.role(&intro.member),
            state,
            paper: intro.paper,
            introduced_by: entry.id,
            introduced_time: entry.time(),
            past_opened: intro.past,
        })
    }

    /// 0 for an introduction that holds, up to 3 for one that is void.
    fn doubt(&self, at: usize) -> u8 {
        match (self.holds[at], self.labels.voided(at)) {
            (Some(true), _) => 0,
            (None, _) => 1,
            (_, Some(true)) => 3,
            _ => 2,
        }
    }

    fn role(&self, member: &MemberId) -> Role {
        let leads = self.log.index.leads.get(member).into_iter().flatten();
        let is_facilitator = leads.copied().any(|at| match &self.entry(at).statement.body {
            StatementBody::Promote(_) => self.labels.stands(at) == Some(true),
            _ => !self.labels.is_lost[at],
        });
        if is_facilitator { Role::Facilitator } else { Role::Member }
    }

    fn verdict(&self, at: usize, devices: &SortedMap<DeviceId, DeviceRecord>) -> Verdict {
        let entry = self.entry(at);
        if self.labels.is_lost[at] {
            return Verdict::Void(StatementProblem::DoubleSerial);
        }
        let counts = |device| devices.get(&device).is_some_and(|record| record.introduced_by == entry.id);
        if entry.facts.intro.is_some_and(|intro| !counts(intro.device)) {
            return Verdict::Void(StatementProblem::KnownDevice);
        }
        let is_epoch = matches!(entry.statement.body, StatementBody::Epoch(_) | StatementBody::Share(_));
        let (stands, beaten) = match (&entry.facts.intro, &entry.facts.removes) {
            (Some(_), _) => (self.holds[at], self.labels.voided(at)),
            (None, Some(_)) if self.labels.stands(at) == Some(true) => {
                let effect = self.labels.effect(at);
                (effect, effect.map(|effect| !effect))
            }
            _ if is_epoch => (self.labels.beaten(at).map(|beaten| !beaten), self.labels.beaten(at)),
            _ => (self.labels.stands(at), self.labels.beaten(at)),
        };
        match (stands, beaten) {
            (Some(true), _) => Verdict::Lawful,
            (_, Some(true)) => Verdict::Beaten,
            _ => Verdict::Provisional,
        }
    }

    fn events(&self, standing: &Standing) -> Vec<Event> {
        let mut events: Vec<Event> = (0..self.log.entries.len()).filter_map(|at| self.event(at, standing)).collect();
        events.sort_unstable_by_key(|event| (event.time, event.statement));
        events
    }

    fn event(&self, at: usize, standing: &Standing) -> Option<Event> {
        let entry = self.entry(at);
        let facts = &entry.facts;
        let kind = match (&entry.statement.body, &facts.intro, &facts.removes) {
            (StatementBody::Found(_), ..) => EventKind::Founded,
            (StatementBody::Invite(_), ..) => EventKind::Invited,
            (_, Some(_), Some(_)) => EventKind::Recovered,
            (_, Some(intro), _) if intro.founds.is_none() => EventKind::DeviceAdded,
            (StatementBody::Join(_), ..) => EventKind::Joined,
            (StatementBody::Grant(_), ..) => EventKind::Granted,
            (StatementBody::Remove(_), _, Some(super::entry::Target::Member(_))) => EventKind::MemberRemoved,
            (StatementBody::Remove(_), ..) => EventKind::DeviceRemoved,
            (StatementBody::Confirm(_), ..) => EventKind::Confirmed,
            (StatementBody::Promote(_), ..) => EventKind::Promoted,
            _ => return None,
        };
        let (member, device) = match (&entry.statement.body, &facts.intro, &facts.removes) {
            (_, Some(intro), _) => (Some(intro.member), Some(intro.device)),
            (_, _, Some(super::entry::Target::Device(device, member))) => (Some(*member), Some(*device)),
            (_, _, Some(target)) => (Some(target.member()), None),
            (StatementBody::Confirm(confirm), ..) => (Some(confirm.member), None),
            (StatementBody::Promote(promote), ..) => (Some(promote.member), None),
            _ => (None, None),
        };
        Some(Event {
            statement: entry.id,
            kind,
            by: facts.by.map_or(StatementAuthor::Root, |By { device, .. }| StatementAuthor::Device(device)),
            by_member: facts.by.map(|by| by.member),
            member,
            device,
            time: entry.time(),
            verdict: standing.verdict(&entry.id),
        })
    }
}

impl Entry {
    /// The author's clock; of a Join, the server's.
    fn time(&self) -> crate::time::TimestampMs {
        self.statement.admission.map_or(self.statement.time, |admission| admission.time)
    }
}

fn members(devices: &SortedMap<DeviceId, DeviceRecord>) -> SortedMap<MemberId, MemberRecord> {
    let mut members: SortedMap<MemberId, MemberRecord> = SortedMap::new();
    for (device, record) in devices {
        let blank = || MemberRecord { role: record.role, state: record.state, devices: Vec::new() };
        let member = members.get_or_insert_with(record.member, blank);
        member.state = member.state.min(record.state);
        member.devices.push(*device);
    }
    members
}
