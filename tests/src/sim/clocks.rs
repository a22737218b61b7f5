//! Clocks that are set anywhere while phones are used: ahead, back, to 1970, years off; and phones that sleep, in which
//! even the clock that runs on stands still. In the end nobody touches anything, and everything must be delivered, in one
//! order on all phones, dated as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use kith_shared::client::{CommandId, Event};
use kith_shared::ids::CircleId;
use kith_shared::storage::MemoryStore;
use kith_shared::sync::placing::{AHEAD_MS_MAX, BEHIND_MS_MAX};
use kith_shared::time::{Now, SteadyMs, TimestampMs};
use kith_shared::trust::Role;
use serde_json::{Value, json};

use crate::hub::{Hub, ORIGIN};
use crate::phone::export::without_local;
use crate::phone::{Outgoing, Shell, export};
use crate::seed::Seed;

use super::deed::Token;
use super::strategies::{self, Asked, judge_store, mark_of};
use super::verdict::{Failure, difference};

/// Seeds that once failed before there were strategies, kept for ever.
pub const CLOCK_REGRESSIONS: &[u64] = &[43, 57];

const CIRCLE_SALT: u8 = 0xc7;
static CIRCLE: LazyLock<CircleId> = LazyLock::new(|| Hub::new(START).add_circle(CIRCLE_SALT));
const START: TimestampMs = TimestampMs(1_795_000_000_000);
const THREAD: &str = "0000000000000000";
const NOTE_DAY: u64 = START.0 / DAY_MS;
const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;
const YEAR_MS: u64 = 365 * DAY_MS;
const PHONES: usize = 4;
const STEPS: usize = 150;
/// In so long everything must be delivered once all phones are awake and have a network.
const CALM_MS: u64 = 15 * MINUTE_MS;
/// How far from the truth what is written may be dated once a phone has heard the time.
const DATED_MS_MAX: u64 = MINUTE_MS;
/// Lines of the trace that a failure shows.
const TRACE_LINES: usize = 60;
/// Effects in which a phone must come to rest.
const EFFECTS_MAX: usize = 20_000;

struct ClockPhone {
    shell: Shell<MemoryStore>,
    steady: SteadyMs,
    wall: TimestampMs,
    asleep: bool,
}

impl ClockPhone {
    fn now(&self) -> Now {
        Now { steady: self.steady, wall: self.wall }
    }
}

struct World {
    seed: Seed,
    now: TimestampMs,
    hub: Hub,
    phones: Vec<ClockPhone>,
    written: BTreeMap<String, TimestampMs>,
    asked: Asked,
    promised: BTreeSet<Token>,
    with_strategies: bool,
    number: u64,
    trace: Vec<String>,
}

/// Plays one seed; how many messages there were. `with_strategies`: people share strategies, too.
///
/// # Errors
/// What did not hold, with the last lines of the trace.
pub fn play_clocks(seed: u64, with_strategies: bool) -> Result<usize, Failure> {
    let mut world = World::new(Seed::new(seed), with_strategies)?;
    for _ in 0..STEPS {
        world.step()?;
    }
    world.calm()?;
    for number in 0..PHONES {
        world.pass(2 * MINUTE_MS)?;
        world.say(number)?;
    }
    world.calm()?;
    world.judge()
}

impl World {
    fn new(seed: Seed, with_strategies: bool) -> Result<Self, Failure> {
        let mut hub = Hub::new(START);
        hub.add_circle(CIRCLE_SALT);
        let (phones, written, trace) = (Vec::new(), BTreeMap::new(), Vec::new());
        let (asked, promised) = (Asked::default(), BTreeSet::new());
        let mut world =
            Self { seed, now: START, hub, phones, written, asked, promised, with_strategies, number: 0, trace };
        let mut link = world.hub.invite(&CIRCLE, Role::Facilitator, 1);
        for number in 0..PHONES {
            let wall = world.any_time();
            let shell = Shell::start(MemoryStore::new(), world.seed.bytes_32(), ORIGIN, wall);
            world.phones.push(ClockPhone { shell, steady: SteadyMs(wall.0), wall, asleep: false });
            let name = format!("Person {number}");
            world.ask(number, json!({"cmd": "enrol", "link": link, "name": name}))?;
            if number == 0 {
                world.ask(0, json!({"cmd": "sync"}))?;
                let (circle, days) = (CIRCLE.to_string(), 60);
                let invite = json!({"cmd": "invite", "circle": circle, "role": "member", "past": true, "uses": 100,
                    "days": days});
                link = world.ask(0, invite)?["link"].as_str().unwrap_or_default().to_owned();
            }
            world.ask(0, json!({"cmd": "sync"}))?;
        }
        world.pass(5 * MINUTE_MS)?;
        Ok(world)
    }

    /// What a phone's clock may show.
    fn any_time(&mut self) -> TimestampMs {
        let off = [0, 20_000, 10 * MINUTE_MS, 60 * MINUTE_MS, DAY_MS, YEAR_MS, 2 * YEAR_MS, 60 * YEAR_MS];
        let off = off[self.seed.below(off.len())];
        TimestampMs(if self.seed.percent(50) { self.now.0 + off } else { self.now.0.saturating_sub(off) })
    }

    fn step(&mut self) -> Result<(), Failure> {
        let number = self.seed.below(PHONES);
        match self.seed.below(if self.with_strategies { 15 } else { 12 }) {
            0..=2 => {
                let ms = [1_000, 6_000, MINUTE_MS, 60 * MINUTE_MS, DAY_MS][self.seed.below(5)];
                self.pass(ms)
            }
            3 | 4 => {
                let wall = self.any_time();
                self.note(format!("phone {number}'s clock is set to {wall}"));
                self.phones[number].wall = wall;
                Ok(())
            }
            5 => {
                self.phones[number].asleep = !self.phones[number].asleep;
                self.note(format!("phone {number} asleep: {}", self.phones[number].asleep));
                self.nudge(number)
            }
            6 => {
                self.phones[number].shell.online = !self.phones[number].shell.online;
                self.note(format!("phone {number} online: {}", self.phones[number].shell.online));
                self.nudge(number)
            }
            7 => self.restart(number),
            8 => self.type_words(number),
            12.. => self.share(number),
            _ => self.say(number),
        }
    }

    /// Time goes on for all; what runs in a phone that sleeps is its wall clock alone.
    fn pass(&mut self, ms: u64) -> Result<(), Failure> {
        self.note(format!("{ms} ms pass"));
        self.now = self.now.plus_ms(ms);
        self.hub.now = self.now;
        for number in 0..self.phones.len() {
            let phone = &mut self.phones[number];
            phone.wall = phone.wall.plus_ms(ms);
            if !phone.asleep {
                phone.steady = phone.steady.plus_ms(ms);
                self.run(number)?;
            }
        }
        Ok(())
    }

    /// It woke, or its network is back.
    fn nudge(&mut self, number: usize) -> Result<(), Failure> {
        let phone = &mut self.phones[number];
        if phone.asleep {
            return Ok(());
        }
        let now = phone.now();
        phone.shell.handle(Event::Nudge, now);
        self.run(number)
    }

    /// Its process ends and begins anew, with another origin of its steady clock.
    fn restart(&mut self, number: usize) -> Result<(), Failure> {
        self.note(format!("phone {number} is started anew"));
        let (steady, entropy) = (SteadyMs(self.seed.below(1 << 40) as u64), self.seed.bytes_32());
        let phone = &mut self.phones[number];
        (phone.steady, phone.asleep) = (steady, false);
        let now = phone.now();
        phone.shell.begin_anew(entropy, ORIGIN, now);
        self.run(number)
    }

    fn say(&mut self, number: usize) -> Result<(), Failure> {
        if self.phones[number].asleep {
            return Ok(());
        }
        self.number += 1;
        let text = format!("message {}", self.number);
        self.written.insert(text.clone(), self.now);
        let circle = CIRCLE.to_string();
        self.ask(number, json!({"cmd": "send", "circle": circle, "thread": THREAD, "text": text, "replyTo": null}))?;
        Ok(())
    }

    /// Something about strategies, of those that are shown now.
    fn share(&mut self, number: usize) -> Result<(), Failure> {
        if self.phones[number].asleep {
            return Ok(());
        }
        self.number += 1;
        let (circle, person, mut known) = (CIRCLE.to_string(), format!("Person {number}"), Vec::new());
        let list = json!({"cmd": "toolkit", "circle": circle});
        let shown = self.ask(number, list.clone())?;
        strategies::learn(&mut known, &list, &shown);
        let deed = strategies::draw(&mut self.seed, &circle, &person, &known, self.number);
        self.asked.note(&person, &known, &deed);
        if let Some(Token::Strategy(mark)) = &deed.token {
            self.written.insert(mark.clone(), self.now);
        }
        self.ask(number, deed.command)?;
        self.asked.acknowledged(deed.token.as_ref());
        self.promised.extend(deed.token);
        Ok(())
    }

    /// Words that nobody saves: they become a change by themselves.
    fn type_words(&mut self, number: usize) -> Result<(), Failure> {
        if self.phones[number].asleep {
            return Ok(());
        }
        self.number += 1;
        let circle = CIRCLE.to_string();
        let create = json!({"cmd": "createNote", "circle": circle, "day": NOTE_DAY, "ordinal": 0, "title": "Monday"});
        let note = self.ask(number, create)?;
        let text = format!("<{}>", self.number);
        self.written.insert(text.clone(), self.now);
        let ops = json!([{"op": "splice", "index": 0, "remove": 0, "text": text}]);
        let edit = json!({"edit": "body", "version": note["version"], "ops": ops});
        self.ask(number, json!({"cmd": "editNote", "document": note["document"], "edit": edit}))?;
        Ok(())
    }

    /// From now on all are awake and have a network, and nobody touches anything.
    fn calm(&mut self) -> Result<(), Failure> {
        self.note("calm".to_owned());
        for number in 0..PHONES {
            self.phones[number].asleep = false;
            self.phones[number].shell.online = true;
            self.nudge(number)?;
        }
        for _ in 0..CALM_MS / 10_000 {
            self.pass(10_000)?;
        }
        Ok(())
    }

    /// Works until a phone waits; whoever else is there hears of what it brought.
    fn run(&mut self, number: usize) -> Result<(), Failure> {
        for _ in 0..EFFECTS_MAX {
            let phone = &mut self.phones[number];
            let now = phone.now();
            phone.shell.settle(now);
            match phone.shell.take_outgoing() {
                Some(Outgoing::Post { id, url, body }) => {
                    let (at, bytes) = (self.hub_position(), self.hub.handle(&url, &body));
                    let shell = &mut self.phones[number].shell;
                    shell.handle(Event::HttpBytes { id, bytes }, now);
                    shell.handle(Event::HttpEnd { id }, now);
                    if self.hub_position() != at {
                        self.poke(number);
                    }
                }
                Some(Outgoing::Abort { .. } | Outgoing::Live { .. }) => {}
                None if phone.shell.wake_if_due(now) => {}
                None => return Ok(()),
            }
        }
        Err(self.failure(format!("phone {number} does not come to rest")))
    }

    fn hub_position(&self) -> Vec<u8> {
        self.hub
            .store
            .rows(kith_shared::storage::Tree::Circles)
            .map(|(_, value)| value.to_vec())
            .next()
            .unwrap_or_default()
    }

    fn poke(&mut self, by: usize) {
        for (number, phone) in self.phones.iter_mut().enumerate() {
            if number != by && !phone.asleep && phone.shell.online {
                let now = phone.now();
                phone.shell.handle(Event::Nudge, now);
            }
        }
    }

    fn ask(&mut self, number: usize, command: Value) -> Result<Value, Failure> {
        // What it was poked for comes first, so that a note is at the version that was shown.
        self.run(number)?;
        self.note(format!("phone {number} asks {command}"));
        let parsed = serde_json::from_value(command.clone())
            .map_err(|error| self.failure(format!("{command} is no command: {error}")))?;
        let phone = &mut self.phones[number];
        let now = phone.now();
        let id: CommandId = phone.shell.command(parsed, now);
        self.run(number)?;
        match self.phones[number].shell.take_reply(id) {
            Some(Ok(reply)) => Ok(serde_json::to_value(reply).unwrap_or_default()),
            Some(Err(problem)) => Err(self.failure(format!("phone {number}: {command}: {}", problem.detail))),
            None => Err(self.failure(format!("phone {number}: {command} had no reply"))),
        }
    }

    fn judge(mut self) -> Result<usize, Failure> {
        let mut exports = Vec::new();
        for number in 0..PHONES {
            let status = self.ask(number, json!({"cmd": "status"}))?;
            if status["unsentItems"] != 0 || status["state"] != "idle" {
                return Err(self.failure(format!("phone {number} is not calm: {status:.300}")));
            }
            let phone = &mut self.phones[number];
            let now = phone.now();
            let exported = export(&mut phone.shell, now);
            exports.push(exported.map_err(|problem| self.failure(problem.detail))?);
        }
        for (number, other) in exports.iter().enumerate() {
            if let Some(place) = difference(&without_local(&exports[0]), &without_local(other), "") {
                return Err(self.failure(format!("phones 0 and {number} differ at {place}")));
            }
        }
        self.judge_strategies(&exports[0])?;
        self.judge_dates(&exports[0])
    }

    /// All that was said of strategies is so, and none is dated where it can't be.
    fn judge_strategies(&self, export: &Value) -> Result<(), Failure> {
        let circles = export["circles"].as_object().and_then(|circles| circles.values().next());
        let all = circles.and_then(|circle| circle["toolkit"].as_array()).cloned().unwrap_or_default();
        let judged = self.asked.judge(&all, &self.promised, false, |_| false);
        judged.map_err(|what| self.failure(what))?;
        for store in self.phones.iter().map(|phone| &phone.shell.store).chain([&self.hub.store]) {
            judge_store(store, &all).map_err(|what| self.failure(format!("a store {what}")))?;
        }
        for token in self.promised.iter().filter(|token| self.asked.must_show(token)) {
            let Token::Strategy(mark) = token else { continue };
            if all.iter().filter(|strategy| mark_of(strategy).as_ref() == Some(mark)).count() != 1 {
                return Err(self.failure(format!("{mark} is not there once")));
            }
        }
        all.iter().try_for_each(|strategy| match mark_of(strategy).and_then(|mark| self.written.get(&mark)) {
            Some(written) => self.judge_date(strategy, *written, strategy["madeMs"].as_u64().unwrap_or(0)),
            None => Ok(()),
        })
    }

    fn judge_date(&self, what: &Value, written: TimestampMs, dated: u64) -> Result<(), Failure> {
        if dated > self.now.0 + AHEAD_MS_MAX || dated + BEHIND_MS_MAX < written.0 {
            return Err(self.failure(format!("{what}, written at {written}, is dated {dated}; it is {}", self.now)));
        }
        Ok(())
    }

    /// Nothing is lost; nothing is dated where it can't be; and what was written once all knew the time is dated rightly
    /// and comes last, in the order in which it was written.
    fn judge_dates(&self, export: &Value) -> Result<usize, Failure> {
        let circles = export["circles"].as_object();
        let circle = circles.and_then(|circles| circles.values().next()).cloned().unwrap_or_default();
        let body = circle["notes"].to_string();
        if let Some(words) = self.written.keys().find(|text| text.starts_with('<') && !body.contains(text.as_str())) {
            return Err(self.failure(format!("{words} is not in the note")));
        }
        let threads = circle["threads"].as_array().cloned().unwrap_or_default();
        let messages: Vec<&Value> =
            threads.iter().flat_map(|it| it["messages"].as_array().into_iter().flatten()).collect();
        let said = self.written.keys().filter(|text| text.starts_with("message")).count();
        if messages.len() != said {
            return Err(self.failure(format!("{said} messages were written, {} are there", messages.len())));
        }
        for message in &messages {
            let (text, dated) = (message["text"].as_str().unwrap_or_default(), message["sentMs"].as_u64().unwrap_or(0));
            let Some(written) = self.written.get(text) else {
                return Err(self.failure(format!("nobody wrote {message}")));
            };
            self.judge_date(message, *written, dated)?;
        }
        let last = &messages[messages.len().saturating_sub(PHONES)..];
        for (message, number) in last.iter().zip(self.number + 1 - PHONES as u64..) {
            let (text, written) = (format!("message {number}"), self.written[&format!("message {number}")]);
            let dated = message["sentMs"].as_u64().unwrap_or(0);
            if message["text"] != text.as_str() || dated.abs_diff(written.0) > DATED_MS_MAX {
                return Err(self.failure(format!("{text}, written at {written}, should come here: {message}")));
            }
        }
        Ok(messages.len())
    }

    fn note(&mut self, line: String) {
        if self.trace.len() >= 2 * TRACE_LINES {
            self.trace.drain(..TRACE_LINES);
        }
        self.trace.push(line);
    }

    fn failure(&self, what: String) -> Failure {
        let from = self.trace.len().saturating_sub(TRACE_LINES);
        Failure { what, trace: self.trace[from..].to_vec() }
    }
}
