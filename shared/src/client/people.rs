//! Who is in a circle: shown, invited, taken out, confirmed, recovered; and the printed code.

use crate::ids::{CircleId, DeviceId, MemberId, StatementId};
use crate::seal::{EpochKey, encode_code, seal_box};
use crate::sorted::SortedMap;
use crate::trust::{
    AddDevice, Confirm, DeviceSecret, EventKind, Invitation, InviteFor, KeyGroup, Promote, Remove, Role, Share, State,
    StatementBody, Wrap,
};

use super::circle::Names;
use super::engine::{Attempt, Engine, Step, Stop, parse};
use super::enrol::{PAPER_BYTES, boxed};
use super::link::{CODE_BYTES, secret_of, shown_code, shown_link};
use super::say::Said;
use super::view::{self, Reply};
use super::{CommandId, Problem, ProblemCode};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
/// How long an invitation may be good for.
const DAYS_MAX: u32 = 60;
/// How many may come in by one invitation.
const USES_MAX: u32 = 100;
/// Events that are shown.
const EVENTS_MAX: usize = 100;

impl Engine {
    pub(super) fn people_command(&mut self, id: CommandId, circle: &str) -> Attempt {
        let circle = parse(circle, "the circle")?;
        let people = self.people(&circle)?;
        self.reply(id, Ok(Reply::People(people)));
        Ok(Step::Done)
    }

    fn people(&mut self, circle: &CircleId) -> Result<view::People, Stop> {
        let (names, _) = self.names(circle)?;
        let (me, _) = self.me(circle)?;
        let own = self.device()?.id();
        let keyring = &self.local(circle)?.keyring;
        let standing = &keyring.standing;
        let mut people: SortedMap<MemberId, view::Person> = SortedMap::new();
        for (device, record) in standing.devices() {
            let person = people.get_or_insert_with(record.member, || view::Person {
                member: record.member.to_string(),
                name: names.name(&record.member),
                role: shown_role(standing.role(&record.member)),
                me: record.member == me,
                standing: view::Standing::Removed,
                devices: Vec::new(),
            });
            let shown = shown_state(record.state);
            if !record.paper {
                person.standing = person.standing.min(shown);
            }
            person.devices.push(view::PersonDevice {
                device: device.to_string(),
                paper: record.paper,
                me: *device == own,
                since_ms: record.introduced_time.0,
                standing: shown,
            });
        }
        let mine = standing.device(&own);
        let leads = mine.is_some_and(|mine| mine.state == State::Active) && standing.role(&me) == Role::Facilitator;
        let has_paper = standing.devices().any(|(_, it)| it.member == me && it.paper && it.state == State::Active);
        let left = keyring.warrant.as_ref().map_or(0, |(warrant, next)| warrant.count.saturating_sub(*next));
        let events = standing.events().iter().rev().take(EVENTS_MAX).map(|event| {
            let device = event.device.and_then(|device| standing.device(&device));
            shown_event(event, device.is_some_and(|device| device.paper), &names)
        });
        Ok(view::People {
            circle: circle.to_string(),
            events: events.collect(),
            people: people.into_iter().map(|(_, person)| person).collect(),
            leads,
            offline_left: left,
            has_paper,
        })
    }

    /// Says statements, stores them, and answers with who is in the circle then.
    fn say_and_show(&mut self, id: CommandId, circle: CircleId, bodies: Vec<StatementBody>) -> Attempt {
        let said = self.say(&circle, bodies)?;
        self.store_said(said, move |engine, done| match done {
            Ok(()) => {
                let command = super::Command::People { circle: circle.to_string() };
                engine.enqueue(super::engine::Task::Command { id, command });
            }
            Err(problem) => engine.reply(id, Err(problem)),
        })
    }

    /// Stores statements, then makes them known.
    pub(super) fn store_said(
        &mut self,
        mut said: Said,
        then: impl FnOnce(&mut Self, Result<(), Problem>) + 'static,
    ) -> Attempt {
        let batch = core::mem::take(&mut said.batch);
        Ok(Step::Commit(
            batch,
            Box::new(move |engine, done| {
                if done.is_ok() {
                    engine.settle_said(said);
                }
                then(engine, done);
            }),
        ))
    }

    pub(super) fn invite(
        &mut self,
        id: CommandId,
        circle: &str,
        role: view::Role,
        past: bool,
        uses: u32,
        days: u32,
    ) -> Attempt {
        let circle: CircleId = parse(circle, "the circle")?;
        if !(1..=USES_MAX).contains(&uses) || !(1..=DAYS_MAX).contains(&days) {
            let text = format!("An invitation is for 1 to {USES_MAX} people and 1 to {DAYS_MAX} days.");
            return Err(Problem::new(ProblemCode::BadInput, text).into());
        }
        let role = match role {
            view::Role::Member => Role::Member,
            view::Role::Facilitator => Role::Facilitator,
        };
        let keys = if past { self.keys_of_group(&circle, &KeyGroup::Circle)? } else { Vec::new() };
        self.make_invite(id, circle, InviteFor::Role(role), past, uses, days, keys)
    }

    pub(super) fn invite_device(&mut self, id: CommandId, circle: &str, member: &str, recovers: bool) -> Attempt {
        let circle: CircleId = parse(circle, "the circle")?;
        let member: MemberId = parse(member, "the member")?;
        let (me, _) = self.me(&circle)?;
        let keyring = &self.local(&circle)?.keyring;
        let standing = std::sync::Arc::clone(&keyring.standing);
        let theirs: Vec<DeviceId> =
            standing.devices().filter(|(_, it)| it.member == member).map(|(device, _)| *device).collect();
        // What the member could read: what was ever wrapped to one of their phones.
        let could = |epoch: &StatementId| {
            member == me
                || standing
                    .epoch(epoch)
                    .is_some_and(|epoch| theirs.iter().any(|device| epoch.wraps_of(device).next().is_some()))
        };
        let keys = keyring.keys.iter().filter(|(epoch, _)| could(epoch)).map(|(epoch, key)| (*epoch, key.clone()));
        let keys = keys.collect();
        let to = InviteFor::Member { member, recovers };
        self.make_invite(id, circle, to, true, 1, 1, keys)
    }

    #[allow(clippy::too_many_arguments, reason = "what an invitation says, each once")]
    fn make_invite(
        &mut self,
        id: CommandId,
        circle: CircleId,
        to: InviteFor,
        past: bool,
        uses: u32,
        days: u32,
        keys: Vec<(StatementId, EpochKey)>,
    ) -> Attempt {
        let code: [u8; CODE_BYTES] = self.random.bytes();
        let secret = secret_of(&code);
        let key = secret.public();
        let sealed_box = match keys.is_empty() {
            true => Vec::new(),
            false => seal_box(&secret.box_key(), &circle, &key.0, &boxed(keys))
                .map_err(|error| Problem::new(ProblemCode::Refused, error.to_string()))?,
        };
        let expires = self.request_time().plus_ms(u64::from(days) * DAY_MS);
        let body = StatementBody::Invite(Invitation { key, to, uses, expires, past, sealed_box });
        let (_, profile) = self.names(&circle)?;
        let link = shown_link(&self.origin, &secret, &circle, &profile.name.value);
        let shown = view::Invitation { link, code: shown_code(&code), expires_ms: expires.0, uses };
        let said = self.say(&circle, vec![body])?;
        self.store_said(said, move |engine, done| {
            engine.reply(id, done.map(|()| Reply::Invitation(shown)));
            engine.sync_soon(0);
        })
    }

    /// All keys of a group that this phone holds, oldest epoch first.
    pub(super) fn keys_of_group(
        &self,
        circle: &CircleId,
        group: &KeyGroup,
    ) -> Result<Vec<(StatementId, EpochKey)>, Problem> {
        let keyring = &self.local(circle)?.keyring;
        let mut epochs = keyring.standing.epochs(group);
        epochs.sort_by_key(|epoch| epoch.depth);
        Ok(epochs.iter().filter_map(|epoch| Some((epoch.id, keyring.keys.get(&epoch.id)?.clone()))).collect())
    }

    pub(super) fn remove_member(&mut self, id: CommandId, circle: &str, member: &str) -> Attempt {
        let circle: CircleId = parse(circle, "the circle")?;
        let member = parse(member, "the member")?;
        self.remove(id, circle, Remove::Member(member))
    }

    pub(super) fn remove_device(&mut self, id: CommandId, circle: &str, device: &str) -> Attempt {
        let circle: CircleId = parse(circle, "the circle")?;
        let device = parse(device, "the phone")?;
        self.remove(id, circle, Remove::Device(device))
    }

    /// Takes out, and begins new epochs without them in the same breath.
    fn remove(&mut self, id: CommandId, circle: CircleId, remove: Remove) -> Attempt {
        let own = self.device()?.id();
        let before = self.local(&circle)?.clone();
        let said = self.say(&circle, vec![StatementBody::Remove(remove)])?;
        // On top of the removal, which is put back when the store does not take both.
        let mut batch = said.batch.clone();
        self.circles.insert(circle, said.local.clone());
        let groups = said.local.keyring.standing.groups();
        let standing = std::sync::Arc::clone(&said.local.keyring.standing);
        let epochs: Result<Vec<StatementBody>, Problem> = groups
            .into_iter()
            .filter(|group| standing.readers(group).contains(&own) && standing.lacking(group).new_epoch)
            .map(|group| self.new_epoch(&circle, group))
            .collect();
        let again = epochs.and_then(|bodies| self.say(&circle, bodies));
        self.circles.insert(circle, before);
        // Out is out, also where the circle's log has no place for the keys that should follow.
        let (mut local, mut ids) = (said.local, said.ids);
        if let Ok(again) = again {
            batch.puts.extend(again.batch.puts);
            local = again.local;
            ids.extend(again.ids);
        }
        self.store_said(Said { batch, circle, local, ids }, move |engine, done| match done {
            Ok(()) => {
                let command = super::Command::People { circle: circle.to_string() };
                engine.enqueue(super::engine::Task::Command { id, command });
                engine.sync_soon(0);
            }
            Err(problem) => engine.reply(id, Err(problem)),
        })
    }

    pub(super) fn confirm(&mut self, id: CommandId, circle: &str, member: &str) -> Attempt {
        let circle: CircleId = parse(circle, "the circle")?;
        let member = parse(member, "the member")?;
        self.say_and_show(id, circle, vec![StatementBody::Confirm(Confirm { member })])
    }

    pub(super) fn promote(&mut self, id: CommandId, circle: &str, member: &str) -> Attempt {
        let circle: CircleId = parse(circle, "the circle")?;
        let member = parse(member, "the member")?;
        self.say_and_show(id, circle, vec![StatementBody::Promote(Promote { member })])
    }

    /// A printed code: a device of the member that lies in a drawer, with all keys that the member holds.
    pub(super) fn paper(&mut self, id: CommandId, circle: &str) -> Attempt {
        let circle: CircleId = parse(circle, "the circle")?;
        let (me, _) = self.me(&circle)?;
        let code: [u8; PAPER_BYTES] = self.random.bytes();
        let paper = DeviceSecret::from_paper(&code);
        let keyring = self.local(&circle)?.keyring.clone();
        let earlier = keyring.standing.devices().filter(|(_, it)| it.member == me && it.paper);
        let earlier = earlier.filter(|(_, it)| it.state != State::Removed).map(|(device, _)| *device);
        let mut bodies: Vec<StatementBody> =
            earlier.map(|device| StatementBody::Remove(Remove::Device(device))).collect();
        bodies.push(StatementBody::AddDevice(AddDevice { device: *paper.public(), paper: true }));
        for (epoch, key) in &keyring.keys {
            let wrap = crate::seal::wrap(key, &circle, paper.public(), self.random.bytes());
            let wraps = wrap.map(|wrap| vec![(paper.id(), Wrap(wrap))]).unwrap_or_default();
            bodies.push(StatementBody::Share(Share { epoch: *epoch, wraps }));
        }
        let said = self.say(&circle, bodies)?;
        let shown = view::PaperCode { code: encode_code(&code) };
        self.store_said(said, move |engine, done| {
            engine.reply(id, done.map(|()| Reply::PaperCode(shown)));
            engine.sync_soon(0);
        })
    }
}

fn shown_role(role: Role) -> view::Role {
    match role {
        Role::Member => view::Role::Member,
        Role::Facilitator => view::Role::Facilitator,
    }
}

fn shown_state(state: State) -> view::Standing {
    match state {
        State::Active => view::Standing::Active,
        State::Provisional => view::Standing::Provisional,
        State::Suspended => view::Standing::Suspended,
        State::Removed => view::Standing::Removed,
    }
}

fn shown_event(event: &crate::trust::Event, paper: bool, names: &Names) -> view::PeopleEvent {
    let member = |member: &Option<MemberId>| {
        member.as_ref().map_or_else(Default::default, |member| (member.to_string(), names.name(member)))
    };
    let ((who, who_name), (by, by_name)) = (member(&event.member), member(&event.by_member));
    let kind = match event.kind {
        EventKind::Founded => view::EventKind::Founded,
        EventKind::Joined => view::EventKind::Joined,
        EventKind::Granted => view::EventKind::Granted,
        EventKind::Recovered => view::EventKind::Recovered,
        EventKind::DeviceAdded if paper => view::EventKind::Paper,
        EventKind::DeviceAdded => view::EventKind::Device,
        EventKind::Invited => view::EventKind::Invited,
        EventKind::MemberRemoved => view::EventKind::Removed,
        EventKind::DeviceRemoved => view::EventKind::DeviceRemoved,
        EventKind::Confirmed => view::EventKind::Confirmed,
        EventKind::Promoted => view::EventKind::Promoted,
    };
    view::PeopleEvent { kind, who, who_name, by, by_name, time_ms: event.time.0 }
}
