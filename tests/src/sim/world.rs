use std::collections::BTreeSet;
use std::sync::LazyLock;

use kith_shared::client::{CommandId, Event, HttpFailure};
use kith_shared::ids::CircleId;
use kith_shared::storage::MemoryStore;
use kith_shared::time::TimestampMs;
use kith_shared::trust::Role;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::hub::{Hub, ORIGIN};
use crate::phone::{Did, Outgoing, Shell};
use crate::seed::Seed;

use super::deed::{Deed, Surroundings, Token};
use super::earlier::Earlier;
use super::life::{LifeCounts, Lives, Person};
use super::network::{Answer, Fate, Flight};
use super::strategies::{self, Asked, Known, StrategyCounts};
use super::verdict::Failure;

const CIRCLE_SALT: u8 = 0xc1;
/// The circle of every world.
pub(super) static CIRCLE: LazyLock<CircleId> =
    LazyLock::new(|| Hub::new(TimestampMs(START_MS)).add_circle(CIRCLE_SALT));
const START_MS: u64 = 1_795_000_000_000;
const FIRST_DAY: u64 = START_MS / 86_400_000;
/// Lines of the trace that a failure shows.
const TRACE_LINES: usize = 60;
/// Most effects that a phone does before something else happens.
const EFFECTS_MAX: usize = 24;

/// How large a world is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SimOptions {
    /// How many phones there are to begin with.
    pub phones: usize,
    /// Steps of chaos.
    pub steps: usize,
    /// Phones are put back to earlier states of themselves, and copied. The server keeps what it has then.
    pub put_backs: bool,
    /// Beside that, phones are killed again and again while they find out, and their stores are full for a while.
    pub harsh: bool,
    /// People share strategies. The seeds that failed before there were any mean what they meant only without.
    pub strategies: bool,
    /// People do what members do beside: words between two, stories, commitments, plan, journal, hiding, leaving. The same
    /// holds of the seeds from before. The server is not put back then: what people say of keys and of each other would fork.
    pub lives: bool,
}

impl Default for SimOptions {
    fn default() -> Self {
        Self { phones: 3, steps: 1_000, put_backs: false, harsh: false, strategies: true, lives: true }
    }
}

/// What a seed showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// SHA-256 of the trace, in hex.
    pub trace: String,
    /// What every phone shows at the end.
    pub digest: String,
    /// Things that phones acknowledged.
    pub acknowledged: usize,
    /// Requests that reached the hub.
    pub requests: usize,
    /// Phones that were killed.
    pub kills: usize,
    /// How often a phone was put back or copied.
    pub put_backs: usize,
    /// What was done with strategies.
    pub strategies: StrategyCounts,
    /// What was done of a member's life.
    pub lives: LifeCounts,
    /// Commands that were answered with a problem, by its code.
    pub problems: std::collections::BTreeMap<String, usize>,
}

pub(super) struct SimPhone {
    pub(super) shell: Shell<MemoryStore>,
    pub(super) life: u32,
    pub(super) skew_ms: i64,
    pub(super) member: String,
    pub(super) name: String,
    pub(super) threads: Vec<String>,
    pub(super) notes: Vec<(String, u64, usize)>,
    pub(super) messages: Vec<(String, String)>,
    pub(super) strategies: Vec<Known>,
    pub(super) asked: Option<(CommandId, Deed)>,
    /// States that it may be put back to.
    pub(super) kept: Vec<Earlier>,
    /// What it acknowledged to its person since the server had everything.
    pub(super) unsafe_yet: BTreeSet<Token>,
    /// Which phone it began as a copy of.
    pub(super) copy_of: Option<usize>,
    /// It is used no more.
    pub(super) ended: bool,
    /// Effects in which it may be killed.
    pub(super) weak: usize,
}

/// Everything there is.
pub(super) struct World {
    pub(super) seed: Seed,
    pub(super) options: SimOptions,
    pub(super) now: TimestampMs,
    pub(super) hub: Hub,
    backup: Option<MemoryStore>,
    generation: u8,
    pub(super) phones: Vec<SimPhone>,
    pub(super) flights: Vec<Flight>,
    /// Requests that will arrive once more.
    echoes: Vec<(String, Vec<u8>)>,
    pub(super) bad_percent: usize,
    pub(super) promised: BTreeSet<Token>,
    pub(super) asked: Asked,
    pub(super) lives: Lives,
    /// Everybody who came in, by number.
    pub(super) people: Vec<Person>,
    /// Of a hundred deeds, so many are of a member's life.
    lives_percent: usize,
    /// People may leave.
    pub(super) may_leave: bool,
    /// The second person may be led back to being a member.
    pub(super) may_demote: bool,
    /// Of a hundred deeds, so many are about strategies.
    strategies_percent: usize,
    pub(super) number: u64,
    pub(super) kills: usize,
    pub(super) put_backs: usize,
    pub(super) problems: std::collections::BTreeMap<String, usize>,
    pub(super) hasher: Sha256,
    trace: Vec<String>,
}

impl World {
    pub(super) fn new(mut seed: Seed, options: &SimOptions) -> Result<Self, Failure> {
        let now = TimestampMs(START_MS);
        let mut hub = Hub::new(now);
        hub.add_circle(CIRCLE_SALT);
        let mut link = hub.invite(&CIRCLE, Role::Facilitator, 1);
        let bad_percent = *seed.pick(&[0, 10, 40, 70]).unwrap_or(&0);
        let mut world = Self {
            options: *options,
            now,
            hub,
            backup: None,
            generation: 1,
            phones: Vec::new(),
            flights: Vec::new(),
            echoes: Vec::new(),
            bad_percent: 0,
            promised: BTreeSet::new(),
            asked: Asked::default(),
            lives: Lives::default(),
            people: Vec::new(),
            lives_percent: 0,
            may_leave: false,
            may_demote: false,
            strategies_percent: 0,
            number: 0,
            kills: 0,
            put_backs: 0,
            problems: std::collections::BTreeMap::new(),
            hasher: Sha256::new(),
            trace: Vec::new(),
            seed,
        };
        for number in 0..options.phones {
            world.enrol(number, &link)?;
            if number == 0 {
                link = world.invite()?;
            }
        }
        if options.lives {
            world.begin_lives()?;
        }
        world.bad_percent = bad_percent;
        if options.strategies {
            world.strategies_percent = *world.seed.pick(&[15, 30, 80]).unwrap_or(&0);
        }
        if options.lives {
            world.lives_percent = *world.seed.pick(&[20, 50, 90]).unwrap_or(&0);
        }
        Ok(world)
    }

    /// A link by the first phone, which opens the past.
    fn invite(&mut self) -> Result<String, Failure> {
        self.ask_and_wait(0, json!({"cmd": "sync"}))?;
        let circle = CIRCLE.to_string();
        let invite =
            json!({"cmd": "invite", "circle": circle, "role": "member", "past": true, "uses": 100, "days": 60});
        let invitation = self.ask_and_wait(0, invite)?;
        self.ask_and_wait(0, json!({"cmd": "sync"}))?;
        Ok(invitation["link"].as_str().unwrap_or_default().to_owned())
    }

    fn enrol(&mut self, number: usize, link: &str) -> Result<(), Failure> {
        // Within what the server takes without a correction, or far outside.
        let skew_ms = [0, 40_000, -200_000, 7_200_000, -86_400_000][self.seed.below(5)];
        let shell = Shell::start(MemoryStore::new(), self.seed.bytes_32(), ORIGIN, at(self.now, skew_ms));
        let (notes, messages, strategies, name) = (Vec::new(), Vec::new(), Vec::new(), format!("Person {number}"));
        let threads = vec!["0000000000000000".to_owned()];
        let (member, asked) = (String::new(), None);
        let (kept, unsafe_yet, copy_of, ended) = (Vec::new(), BTreeSet::new(), None, false);
        self.phones.push(SimPhone {
            shell,
            life: 0,
            skew_ms,
            member,
            name: name.clone(),
            threads,
            notes,
            messages,
            strategies,
            asked,
            kept,
            unsafe_yet,
            copy_of,
            ended,
            weak: 0,
        });
        self.ask_and_wait(number, json!({"cmd": "enrol", "link": link, "name": name}))?;
        let circle = self.ask_and_wait(number, json!({"cmd": "circle", "circle": CIRCLE.to_string()}))?;
        self.phones[number].member = circle["me"]["member"].as_str().unwrap_or_default().to_owned();
        if number == 0 {
            let thread = json!({"cmd": "createThread", "circle": CIRCLE.to_string(), "title": "Nights"});
            self.ask_and_wait(number, thread)?;
        }
        self.ask_and_wait(number, json!({"cmd": "sync"}))?;
        let threads = self.ask_and_wait(number, json!({"cmd": "threads", "circle": CIRCLE.to_string()}))?;
        let ids = threads.as_array().into_iter().flatten().filter_map(|thread| thread["thread"].as_str());
        self.phones[number].threads.extend(ids.map(str::to_owned));
        self.phones[number].threads.sort_unstable();
        self.phones[number].threads.dedup();
        Ok(())
    }

    /// Everything goes wrong that can.
    pub(super) fn chaos(&mut self) -> Result<(), Failure> {
        for _ in 0..self.options.steps {
            if self.options.put_backs && self.seed.percent(4) {
                self.disturb_phone();
                continue;
            }
            if self.options.harsh && self.seed.percent(1) {
                self.fill_up();
            }
            match self.seed.below(100) {
                0..=44 => self.step_phone(),
                45..=69 => self.step_network(),
                70..=95 => self.command()?,
                96 => self.pass_time(),
                97 => self.kill(),
                98 => self.toggle_network(),
                _ if self.options.put_backs || self.options.lives => self.pass_time(),
                _ => self.disturb_hub(),
            }
        }
        Ok(())
    }

    /// Some effects of one phone: few enough that a kill may come between any two.
    fn step_phone(&mut self) {
        let number = self.somebody();
        for _ in 0..=self.seed.below(EFFECTS_MAX) {
            match self.do_one(number) {
                Did::Nothing => return,
                did => self.note(format!("phone {number} {did:?}")),
            }
            if self.may_be_killed(number) {
                return self.kill_one(number);
            }
        }
    }

    /// One effect of a phone, its requests, and its reply.
    pub(super) fn do_one(&mut self, number: usize) -> Did {
        let phone = &mut self.phones[number];
        let now = at(self.now, phone.skew_ms);
        let mut did = phone.shell.step(now);
        if did == Did::Nothing && phone.shell.wake_if_due(now) {
            did = Did::Other;
        }
        while let Some(outgoing) = self.phones[number].shell.take_outgoing() {
            if let Outgoing::Post { id, url, body } = outgoing {
                let fate = Fate::draw(&mut self.seed, self.bad_percent, body.len());
                self.note(format!("phone {number} posts {} bytes: {fate:?}", body.len()));
                let (life, answer) = (self.phones[number].life, None);
                self.flights.push(Flight { phone: number, life, id, url, body, fate, answer });
            }
        }
        self.take_reply(number);
        did
    }

    fn take_reply(&mut self, number: usize) {
        let phone = &mut self.phones[number];
        let Some((id, _)) = &phone.asked else { return };
        let Some(reply) = phone.shell.take_reply(*id) else { return };
        let Some((_, deed)) = phone.asked.take() else { return };
        match reply {
            Ok(reply) => {
                let value = serde_json::to_value(reply).unwrap_or_default();
                phone.learn(&deed.command, &value);
                self.note(format!("phone {number} acknowledged {}", deed.command));
                let phone = &mut self.phones[number];
                if deed.command["cmd"] == "sync" && value["state"] == "idle" && value["unsentItems"] == 0 {
                    phone.unsafe_yet.clear();
                }
                phone.unsafe_yet.extend(deed.token.clone());
                self.lives.acknowledged(&phone.name, &deed.command, deed.token.as_ref());
                self.asked.acknowledged(deed.token.as_ref());
                self.promised.extend(deed.token);
            }
            Err(problem) => {
                phone.forget(&deed.command);
                self.note(format!("phone {number} refused {}: {}", deed.command, problem.detail));
                *self.problems.entry(format!("{:?}", problem.code)).or_default() += 1;
            }
        }
    }

    fn step_network(&mut self) {
        if self.seed.percent(10) && !self.echoes.is_empty() {
            let (url, body) = self.echoes.remove(self.seed.below(self.echoes.len()));
            self.note(format!("{} bytes arrive once more", body.len()));
            self.hub.now = self.now;
            self.hub.handle(&url, &body);
        } else if !self.flights.is_empty() {
            let at = self.seed.below(self.flights.len());
            self.fly(at);
        }
    }

    /// Moves one request or its answer on.
    pub(super) fn fly(&mut self, which: usize) {
        self.hub.now = self.now;
        let flight = &mut self.flights[which];
        let Some(answer) = &mut flight.answer else {
            let (number, url, body) = (flight.phone, flight.url.clone(), flight.body.clone());
            let answer = match flight.fate {
                Fate::Good => Answer::whole(self.hub.handle(&url, &body)),
                Fate::Lost => Answer::failed(HttpFailure::Unreachable),
                Fate::LoginPage => Answer::failed(HttpFailure::NotOurServer),
                Fate::CutUp(bytes) => {
                    self.hub.handle_cut(&url, &body[..bytes.min(body.len())]);
                    Answer::failed(HttpFailure::Unreachable)
                }
                Fate::CutDown(thousandths) => Answer::cut(self.hub.handle(&url, &body), thousandths),
                Fate::Twice => {
                    self.echoes.push((url.clone(), body.clone()));
                    Answer::whole(self.hub.handle(&url, &body))
                }
            };
            self.note(format!("phone {number}'s request is answered: {}", answer.summary()));
            self.flights[which].answer = Some(answer);
            return;
        };
        let (number, life, id) = (flight.phone, flight.life, flight.id);
        let take = 1 + self.seed.below(answer.bytes.len());
        let event = if answer.bytes.is_empty() {
            let flight = self.flights.swap_remove(which);
            match flight.answer.map_or(Ok(()), |answer| answer.end) {
                Ok(()) => Event::HttpEnd { id },
                Err(failure) => Event::HttpFailed { id, failure },
            }
        } else {
            let rest = answer.bytes.split_off(take.min(answer.bytes.len()));
            let bytes = core::mem::replace(&mut answer.bytes, rest);
            Event::HttpBytes { id, bytes }
        };
        let phone = &mut self.phones[number];
        if phone.life == life && phone.shell.online {
            let now = at(self.now, phone.skew_ms);
            phone.shell.handle(event, now);
        }
    }

    fn command(&mut self) -> Result<(), Failure> {
        let number = self.somebody();
        if self.phones[number].asked.is_some() {
            return Ok(());
        }
        self.number += 1;
        let deed = match self.seed.below(10) {
            0..=2 => Deed { command: json!({"cmd": "sync"}), token: None },
            3 if self.options.strategies && self.seed.percent(40) => {
                Deed { command: json!({"cmd": "toolkit", "circle": CIRCLE.to_string()}), token: None }
            }
            3 => {
                let (circle, thread) = (CIRCLE.to_string(), self.seed.pick(&self.phones[number].threads));
                let command = json!({"cmd": "openThread", "circle": circle, "thread": thread, "limit": 50});
                Deed { command, token: None }
            }
            4 => match self.seed.pick(&self.phones[number].notes) {
                Some((document, ..)) => Deed { command: json!({"cmd": "openNote", "document": document}), token: None },
                None => Deed { command: json!({"cmd": "flush"}), token: None },
            },
            _ => self.deed(number),
        };
        self.ask(number, deed)
    }

    fn deed(&mut self, number: usize) -> Deed {
        if self.options.lives && self.seed.percent(self.lives_percent) {
            return self.life_deed(number);
        }
        if self.options.strategies && self.seed.percent(self.strategies_percent) {
            return self.strategy_deed(number);
        }
        let phone = &self.phones[number];
        let around = Surroundings {
            circle: &CIRCLE.to_string(),
            member: &phone.member,
            threads: &phone.threads,
            notes: &phone.notes,
            messages: &phone.messages,
            first_day: FIRST_DAY,
            number: self.number,
        };
        Deed::draw(&mut self.seed, &around)
    }

    fn strategy_deed(&mut self, number: usize) -> Deed {
        let (circle, now) = (CIRCLE.to_string(), at(self.now, self.phones[number].skew_ms));
        let phone = &mut self.phones[number];
        // Where phones are put back, a key may come to stand for another strategy: what is meant is what is shown now.
        if self.options.put_backs || self.seed.percent(50) {
            let list = json!({"cmd": "toolkit", "circle": circle});
            let shown = serde_json::from_value(list.clone()).ok().and_then(|it| phone.shell.ask_here(it, now).ok());
            let shown = shown.and_then(|reply| serde_json::to_value(reply).ok()).unwrap_or_default();
            strategies::learn(&mut phone.strategies, &list, &shown);
        }
        strategies::draw(&mut self.seed, &circle, &phone.name, &phone.strategies, self.number)
    }

    fn ask(&mut self, number: usize, deed: Deed) -> Result<(), Failure> {
        let command = serde_json::from_value(deed.command.clone())
            .map_err(|error| self.failure(format!("{} is no command: {error}", deed.command)))?;
        let meant = deed.token.as_ref().map(|token| format!(": {token:?}")).unwrap_or_default();
        self.note(format!("phone {number} asks {}{meant}", deed.command));
        let phone = &mut self.phones[number];
        self.asked.note(&phone.name, &phone.strategies, &deed);
        self.lives.note(&phone.name, &deed.command, deed.token.as_ref());
        let id = phone.shell.command(command, at(self.now, phone.skew_ms));
        phone.asked = Some((id, deed));
        Ok(())
    }

    fn pass_time(&mut self) {
        let ms = [1_000, 10_000, 60_000, 3_600_000][self.seed.below(4)];
        self.now = self.now.plus_ms(ms);
        self.note(format!("{ms} ms pass"));
        for phone in self.phones.iter_mut().filter(|phone| !phone.ended) {
            phone.shell.wake_if_due(at(self.now, phone.skew_ms));
        }
    }

    /// One of the phones that are used.
    pub(super) fn somebody(&mut self) -> usize {
        loop {
            let number = self.seed.below(self.phones.len());
            if !self.phones[number].ended {
                return number;
            }
        }
    }

    /// The phones that are used.
    pub(super) fn used(&self) -> Vec<usize> {
        (0..self.phones.len()).filter(|number| !self.phones[*number].ended).collect()
    }

    /// A phone's process ends between two effects; its store stays.
    fn kill(&mut self) {
        let number = self.somebody();
        self.kill_one(number);
    }

    fn kill_one(&mut self, number: usize) {
        let entropy = self.seed.bytes_32();
        let phone = &mut self.phones[number];
        let now = at(self.now, phone.skew_ms);
        phone.shell.begin_anew(entropy, ORIGIN, now);
        (phone.life, phone.asked) = (phone.life + 1, None);
        phone.notes.clear();
        self.kills += 1;
        self.note(format!("phone {number} is killed and starts again"));
    }

    fn toggle_network(&mut self) {
        let number = self.somebody();
        let phone = &mut self.phones[number];
        let now = at(self.now, phone.skew_ms);
        phone.shell.online = !phone.shell.online;
        if phone.shell.online {
            phone.shell.handle(Event::Nudge, now);
        } else {
            for flight in self.flights.iter().filter(|flight| flight.phone == number && flight.life == phone.life) {
                phone.shell.handle(Event::HttpFailed { id: flight.id, failure: HttpFailure::Unreachable }, now);
            }
        }
        let online = phone.shell.online;
        self.note(format!("phone {number} online: {online}"));
    }

    /// The server is copied, or a copy takes its place.
    fn disturb_hub(&mut self) {
        match self.backup.take() {
            Some(backup) if self.seed.percent(50) => {
                self.generation = self.generation.wrapping_add(1);
                self.hub.restore(backup, self.generation);
                self.note("the server is restored from a backup".to_owned());
            }
            _ => {
                self.backup = Some(self.hub.store.clone());
                self.note("the server is backed up".to_owned());
            }
        }
    }

    pub(super) fn note(&mut self, line: String) {
        self.hasher.update(line.as_bytes());
        if self.trace.len() >= 2 * TRACE_LINES {
            self.trace.drain(..TRACE_LINES);
        }
        self.trace.push(line);
    }

    pub(super) fn failure(&self, what: String) -> Failure {
        let from = self.trace.len().saturating_sub(TRACE_LINES);
        Failure { what, trace: self.trace[from..].to_vec() }
    }
}

pub(super) fn at(now: TimestampMs, skew_ms: i64) -> TimestampMs {
    TimestampMs(now.0.saturating_add_signed(skew_ms))
}
