//! The circle that is synced: it replays what is written, through phones of its people.

use kith_shared::storage::MemoryStore;
use kith_shared::time::TimestampMs;
use serde_json::{Value, json};

use super::super::fold::wrong;
use super::super::{BenchError, ask};
use super::home::Home;
use super::workload::{Act, Step, WEEK_OF_SESSION_MESSAGES, Workload};
use crate::clock::PhoneClock;
use crate::phone::{Link, Options, Phone, invite_members};
use crate::seed::Seed;
use crate::tape::Bodies;

/// Exchanges until all have each other's keys.
const GREETINGS: usize = 3;
const SYNC_TRIES: usize = 3;
const DAY_MS: u64 = 86_400_000;

/// Somebody's phone, and all that it said and was told.
pub(super) struct Member {
    pub(super) phone: Phone<MemoryStore>,
    pub(super) bodies: Bodies,
}

impl Member {
    fn come_in(home: &dyn Home, link: &str, seed: u64, name: usize, now: TimestampMs) -> Result<Self, BenchError> {
        let bodies = Bodies::default();
        Self::come_in_over((home.origin(), home.way(&bodies), bodies), link, (seed, name), now)
    }

    fn come_in_over(
        (origin, way, bodies): (&str, Box<dyn Link>, Bodies),
        link: &str,
        (seed, name): (u64, usize),
        now: TimestampMs,
    ) -> Result<Self, BenchError> {
        let options = Options { origin: origin.to_owned(), seed: None, clock: PhoneClock::Fixed(now) };
        let entropy = Seed::new(seed ^ ((name as u64) << 32)).bytes_32();
        let mut phone = Phone::over(MemoryStore::new(), way, &options, entropy);
        ask(&mut phone, json!({"cmd": "enrol", "link": link, "name": format!("Person {name}")}))?;
        Ok(Self { phone, bodies })
    }

    pub(super) fn ask(&mut self, command: Value) -> Result<Value, BenchError> {
        ask(&mut self.phone, command)
    }

    /// Syncs; tries again where a server closed a connection that was kept.
    fn sync(&mut self) -> Result<(), BenchError> {
        let mut status = Value::Null;
        for _ in 0..SYNC_TRIES {
            status = self.ask(json!({"cmd": "sync"}))?;
            if status["state"] == "idle" {
                return Ok(());
            }
        }
        Err(wrong(format!("a sync ended as {status}")))
    }

    fn be_at(&mut self, now: TimestampMs) {
        self.phone.clock = PhoneClock::Fixed(now);
    }

    fn edit(&mut self, document: &Value, edit: Value) -> Result<(), BenchError> {
        self.ask(json!({"cmd": "editNote", "document": document, "edit": edit})).map(drop)
    }

    /// Writes at the end of a note, in bursts, each of which is kept before the next.
    fn write(&mut self, document: &Value, bursts: &[String], times: [TimestampMs; 2]) -> Result<(), BenchError> {
        let note = self.ask(json!({"cmd": "openNote", "document": document}))?;
        let first = note["version"].as_u64().unwrap_or_default();
        let spans = note["spans"].as_array().cloned().unwrap_or_default();
        let len = |span: &Value| span["text"].as_str().map_or(1, |text| text.encode_utf16().count());
        let mut index: usize = spans.iter().map(len).sum();
        let (mut now, every) = (times[0], times[1].since_ms(times[0]));
        for (version, burst) in (first..).zip(bursts) {
            self.be_at(now);
            let op = json!({"op": "splice", "index": index, "remove": 0, "text": burst});
            self.edit(document, json!({"edit": "body", "version": version, "ops": [op]}))?;
            self.ask(json!({"cmd": "flush"}))?;
            index += burst.len();
            now = now.plus_ms(every);
        }
        self.ask(json!({"cmd": "close", "document": document})).map(drop)
    }
}

/// A circle, and where it is at home.
pub(super) struct World<H> {
    /// Its people; the first leads.
    pub(super) people: Vec<Member>,
    pub(super) circle: String,
    pub(super) threads: Vec<String>,
    pub(super) home: H,
    workload: Workload,
    /// How many notes there are in the end, and how many messages.
    counts: (usize, usize),
    pub(super) members: Vec<String>,
    notes: Vec<Value>,
    /// When the session begins.
    begins: TimestampMs,
}

impl<H: Home> World<H> {
    /// All are in, and have the circle's keys.
    pub(super) fn new(home: H, workload: Workload, begins: TimestampMs) -> Result<Self, BenchError> {
        let (seed, counts) = (workload.seed, workload.counts());
        let now = workload.before(begins);
        home.be_at(now);
        let mut leader = Member::come_in(&home, home.link(), seed, 0, now)?;
        leader.sync()?;
        let circles = leader.ask(json!({"cmd": "circles"}))?;
        let circle = circles[0]["circle"].as_str().unwrap_or_default().to_owned();
        let link = invite_members(&mut leader.phone, &circle).map_err(wrong)?;
        let mut people = vec![leader];
        for number in 1..workload.people {
            people.push(Member::come_in(&home, &link, seed, number, now)?);
        }
        let (threads, members, notes) = (Vec::new(), Vec::new(), Vec::new());
        let mut world = Self { people, circle, threads, home, workload, counts, members, notes, begins };
        for _ in 0..GREETINGS {
            world.all_sync()?;
        }
        world.begin()?;
        Ok(world)
    }

    fn begin(&mut self) -> Result<(), BenchError> {
        for title in &self.workload.threads {
            let create = json!({"cmd": "createThread", "circle": self.circle, "title": title});
            let thread = self.people[0].ask(create)?;
            self.threads.push(thread["thread"].as_str().unwrap_or_default().to_owned());
        }
        for person in &mut self.people {
            let view = person.ask(json!({"cmd": "circle", "circle": self.circle}))?;
            self.members.push(view["me"]["member"].as_str().unwrap_or_default().to_owned());
        }
        self.all_sync()?;
        self.all_sync()
    }

    /// A year before the session: whoever writes hears the others first, and brings it at once.
    pub(super) fn past(&mut self) -> Result<(), BenchError> {
        let history = core::mem::take(&mut self.workload.history);
        for (step, next) in history.iter().zip(history.iter().skip(1).map(Some).chain([None])) {
            self.in_touch(step)?;
            if next.is_none_or(|next| next.who != step.who) {
                self.people[step.who].sync()?;
            }
        }
        // A phone that comes with a clock of days ago takes it for wrong.
        self.be_at(at(self.begins, -1));
        self.all_sync()
    }

    /// The facilitator is away and writes up a session, while the others go on.
    pub(super) fn session(&mut self) -> Result<(), BenchError> {
        self.people[0].phone.set_online(false);
        let (away, meanwhile) =
            (core::mem::take(&mut self.workload.away), core::mem::take(&mut self.workload.meanwhile));
        for step in &away {
            self.people[0].be_at(at(self.begins, step.at));
            self.act(step)?;
        }
        for step in &meanwhile {
            self.in_touch(step)?;
        }
        let last = away.iter().chain(&meanwhile).map(|step| step.at).max().unwrap_or_default();
        self.be_at(at(self.begins, last));
        self.people[0].ask(json!({"cmd": "flush"}))?;
        Ok(())
    }

    /// The facilitator has the network again.
    pub(super) fn come_back(&mut self) {
        self.people[0].phone.set_online(true);
        self.people[0].bodies.borrow_mut().clear();
    }

    /// A further phone of whoever leads, which has nothing yet. The others have given it their keys.
    pub(super) fn another_phone(&mut self) -> Result<Member, BenchError> {
        let link = self.link()?;
        self.come_in(&link, None)
    }

    /// A link for a further phone of whoever leads.
    pub(super) fn link(&mut self) -> Result<String, BenchError> {
        let invite =
            json!({"cmd": "inviteDevice", "circle": self.circle, "member": self.members[0], "recovers": false});
        let link = self.people[0].ask(invite)?["link"].as_str().unwrap_or_default().to_owned();
        self.people[0].sync()?;
        Ok(link)
    }

    /// A phone that comes in by a link of its person's and has nothing yet; over a way of its own, if one is given.
    pub(super) fn come_in(&self, link: &str, way: Option<Box<dyn Link>>) -> Result<Member, BenchError> {
        let now = self.people[0].phone.clock.now();
        let bodies = Bodies::default();
        let way = way.unwrap_or_else(|| self.home.way(&bodies));
        Member::come_in_over((self.home.origin(), way, bodies), link, (self.workload.seed ^ 1, 0), now)
    }

    /// That a phone has all notes and messages.
    pub(super) fn compare(&mut self, member: &mut Member) -> Result<(), BenchError> {
        for counts in [self.counts_of(member)?, self.leader(Self::counts_of)?] {
            if counts != self.counts {
                return Err(wrong(format!("a phone has {counts:?} notes and messages of {:?}", self.counts)));
            }
        }
        Ok(())
    }

    /// Whether a phone has all notes and messages.
    pub(super) fn has_all(&self, member: &mut Member) -> Result<bool, BenchError> {
        Ok(self.counts_of(member)? == self.counts)
    }

    /// What the current week is on the leader's first phone.
    pub(super) fn week_of_leader(&mut self) -> Result<Value, BenchError> {
        self.leader(Self::week)
    }

    /// What the current week is on a phone: its people, its note, its messages.
    pub(super) fn week(&self, member: &mut Member) -> Result<Value, BenchError> {
        let people = member.ask(json!({"cmd": "people", "circle": self.circle}))?;
        let people = people["people"].as_array().into_iter().flatten();
        let names: Vec<_> = people.map(|person| person["name"].clone()).collect();
        let mut messages = Vec::new();
        for thread in &self.threads {
            let limit = WEEK_OF_SESSION_MESSAGES;
            let open = json!({"cmd": "openThread", "circle": self.circle, "thread": thread, "limit": limit});
            let view = member.ask(open)?;
            let all = view["messages"].as_array().cloned().unwrap_or_default();
            let is_new = |message: &Value| message["sentMs"].as_u64() >= Some(self.begins.0);
            let new = all.into_iter().filter(is_new);
            messages.extend(new.map(|message| json!([message["authorName"], message["text"], message["body"]])));
        }
        let last = self.notes.last().cloned().unwrap_or_default();
        let notes = member.ask(json!({"cmd": "notes", "circle": self.circle}))?;
        let is_there = notes.as_array().into_iter().flatten().any(|note| note["document"] == last);
        let mut note = Value::Null;
        if is_there {
            note = member.ask(json!({"cmd": "openNote", "document": last}))?;
            member.ask(json!({"cmd": "close", "document": last}))?;
        }
        let note = ["title", "spans", "attendance", "commitments"].map(|part| note[part].clone());
        Ok(json!({"names": names, "messages": messages, "note": note}))
    }

    /// Asks the leader's first phone.
    fn leader<T>(&mut self, ask: impl Fn(&Self, &mut Member) -> Result<T, BenchError>) -> Result<T, BenchError> {
        let mut leader = self.people.remove(0);
        let answer = ask(self, &mut leader);
        self.people.insert(0, leader);
        answer
    }

    /// How many notes a phone has, and how many messages whose text is there.
    fn counts_of(&self, member: &mut Member) -> Result<(usize, usize), BenchError> {
        let notes = member.ask(json!({"cmd": "notes", "circle": self.circle}))?.as_array().map_or(0, Vec::len);
        let mut messages = 0;
        for thread in &self.threads {
            let open = json!({"cmd": "openThread", "circle": self.circle, "thread": thread, "limit": 10_000});
            let thread = member.ask(open)?;
            let all = thread["messages"].as_array().into_iter().flatten();
            messages += all.filter(|message| message["body"] == "here").count();
        }
        Ok((notes, messages))
    }

    /// What is left of it: the leader's phone, and the home.
    pub(super) fn end(mut self) -> (MemoryStore, H) {
        (self.people.swap_remove(0).phone.into_store(), self.home)
    }

    /// Somebody hears what is new, does their step, and brings it; whoever leads writes all of a note first.
    fn in_touch(&mut self, step: &Step) -> Result<(), BenchError> {
        let now = at(self.begins, step.at);
        self.home.be_at(now);
        self.people[step.who].be_at(now);
        if !matches!(step.what, Act::Message { .. }) && step.who == 0 {
            return self.act(step);
        }
        self.people[step.who].sync()?;
        self.act(step)?;
        self.people[step.who].sync()
    }

    fn act(&mut self, step: &Step) -> Result<(), BenchError> {
        let person = &mut self.people[step.who];
        match &step.what {
            Act::Note { day, title, .. } => {
                let day = (self.begins.0 / DAY_MS).saturating_add_signed(*day);
                let create =
                    json!({"cmd": "createNote", "circle": self.circle, "day": day, "ordinal": 0, "title": title});
                let note = person.ask(create)?["document"].clone();
                self.notes.push(note);
                Ok(())
            }
            Act::Write { note, bursts, every } => {
                let times = [step.at, step.at + every].map(|time| at(self.begins, time));
                person.write(&self.notes[*note], bursts, times)
            }
            Act::Attend { note, member, presence } => {
                let edit = json!({"edit": "attendance", "member": self.members[*member], "presence": presence});
                person.edit(&self.notes[*note], edit)
            }
            Act::Item { note, member, text } => {
                let member = &self.members[*member];
                let edit = json!({"edit": "commitmentAdd", "member": member, "text": text, "due": null});
                person.edit(&self.notes[*note], edit)
            }
            Act::Message { thread, text } => {
                let thread = &self.threads[*thread];
                person.ask(json!({"cmd": "send", "circle": self.circle, "thread": thread, "text": text})).map(drop)
            }
        }
    }

    fn be_at(&mut self, now: TimestampMs) {
        self.home.be_at(now);
        for person in &mut self.people {
            person.be_at(now);
        }
    }

    pub(super) fn all_sync(&mut self) -> Result<(), BenchError> {
        for person in &mut self.people {
            person.sync()?;
        }
        Ok(())
    }
}

pub(super) fn at(begins: TimestampMs, ms: i64) -> TimestampMs {
    TimestampMs(begins.0.saturating_add_signed(ms))
}
