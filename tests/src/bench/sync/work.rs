//! The circle that is synced: who is in it, what they wrote before, and the session that its facilitator is away for.

use std::cell::RefCell;
use std::rc::Rc;

use kith_shared::ids::CircleId;
use kith_shared::storage::MemoryStore;
use kith_shared::trust::Role;
use serde_json::{Value, json};

use super::super::fold::wrong;
use super::super::{BenchError, NOW, ask};
use super::words::{pieces, text};
use crate::clock::PhoneClock;
use crate::hub::{Hub, ORIGIN};
use crate::phone::{Options, Phone};
use crate::seed::Seed;
use crate::tape::{Bodies, Tape};

const PEOPLE: u8 = 13;
/// Exchanges until all have each other's keys.
const GREETINGS: usize = 3;
const THREADS: usize = 4;
const NOTES: u64 = 50;
const MESSAGES: usize = 2_000;
const MESSAGE_CHARS: usize = 140;
const ITEM_CHARS: usize = 60;
const FIRST_DAY: u64 = 20_775;
const DAY_MS: u64 = 86_400_000;

/// A note's size.
struct Size {
    chars: usize,
    bursts: usize,
    attendance: usize,
    items: usize,
}

const PAST: Size = Size { chars: 2_000, bursts: 133, attendance: 12, items: 8 };
const SESSION: Size = Size { chars: 3_000, bursts: 200, attendance: 12, items: 8 };

/// Somebody's phone, and all that it said and was told.
pub(super) struct Member {
    pub(super) phone: Phone<MemoryStore>,
    pub(super) bodies: Bodies,
}

impl Member {
    fn come_in(
        hub: &Rc<RefCell<Hub>>,
        link: &str,
        seed: u64,
        number: u8,
        clock: PhoneClock,
    ) -> Result<Self, BenchError> {
        let options = Options { origin: ORIGIN.to_owned(), seed: None, clock };
        let bodies = Bodies::default();
        let tape = Tape { hub: Rc::clone(hub), bodies: Rc::clone(&bodies) };
        let entropy = Seed::new(seed ^ (u64::from(number) << 32)).bytes_32();
        let mut phone = Phone::over(MemoryStore::new(), Box::new(tape), &options, entropy);
        ask(&mut phone, json!({"cmd": "enrol", "link": link, "name": format!("Person {number}")}))?;
        Ok(Self { phone, bodies })
    }

    fn ask(&mut self, command: Value) -> Result<Value, BenchError> {
        ask(&mut self.phone, command)
    }

    /// Writes at the end of a note, in so many bursts, each of which is kept before the next.
    fn write(&mut self, document: &Value, words: &str, bursts: usize) -> Result<(), BenchError> {
        let note = self.ask(json!({"cmd": "openNote", "document": document}))?;
        let mut version = note["version"].as_u64().unwrap_or_default();
        let spans = note["spans"].as_array().cloned().unwrap_or_default();
        let len = |span: &Value| span["text"].as_str().map_or(1, |text| text.encode_utf16().count());
        let mut index: usize = spans.iter().map(len).sum();
        for piece in pieces(words, bursts) {
            let op = json!({"op": "splice", "index": index, "remove": 0, "text": piece});
            self.edit(document, json!({"edit": "body", "version": version, "ops": [op]}))?;
            self.ask(json!({"cmd": "flush"}))?;
            version += 1;
            index += piece.len();
        }
        self.ask(json!({"cmd": "close", "document": document}))?;
        Ok(())
    }

    fn edit(&mut self, document: &Value, edit: Value) -> Result<Value, BenchError> {
        self.ask(json!({"cmd": "editNote", "document": document, "edit": edit}))
    }
}

/// A circle, and the hub that it syncs through.
pub(super) struct World {
    /// Its people; the first leads.
    pub(super) people: Vec<Member>,
    hub: Rc<RefCell<Hub>>,
    circle: CircleId,
    seed: Seed,
    number: u64,
    threads: Vec<String>,
    members: Vec<String>,
    notes: Vec<Value>,
    now: PhoneClock,
}

impl World {
    /// All are in, and have the circle's keys.
    pub(super) fn new(seed: u64) -> Result<Self, BenchError> {
        let mut hub = Hub::new(NOW);
        let circle = hub.add_circle(super::super::CIRCLE_SALT);
        let links = [Role::Facilitator, Role::Member].map(|role| hub.invite_with(&circle, role, PEOPLE.into(), true));
        let hub = Rc::new(RefCell::new(hub));
        let now = PhoneClock::Fixed(NOW);
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.push(Member::come_in(&hub, &links[usize::from(number > 0)], seed, number, now)?);
        }
        let seed = Seed::new(seed);
        let (threads, members, notes) = (Vec::new(), Vec::new(), Vec::new());
        let mut world = Self { people, hub, circle, seed, number: 0, threads, members, notes, now };
        for _ in 0..GREETINGS {
            world.all_sync()?;
        }
        world.begin()?;
        Ok(world)
    }

    /// A year before the session: each week a note, and messages between.
    pub(super) fn past(&mut self) -> Result<(), BenchError> {
        for week in 0..NOTES {
            self.be_at(week);
            let day = FIRST_DAY + 7 * week;
            let note = self.note(day, &PAST)?;
            self.notes.push(note);
            ask(&mut self.people[0].phone, json!({"cmd": "sync"}))?;
            for _ in 0..MESSAGES / NOTES as usize {
                let who = self.seed.below(self.people.len());
                ask(&mut self.people[who].phone, json!({"cmd": "sync"}))?;
                self.send(who)?;
                ask(&mut self.people[who].phone, json!({"cmd": "sync"}))?;
            }
        }
        self.all_sync()
    }

    /// The facilitator is away and writes up a session, while the others go on.
    pub(super) fn session(&mut self) -> Result<(), BenchError> {
        self.be_at(NOTES);
        self.people[0].phone.set_online(false);
        let note = self.note(FIRST_DAY + 7 * NOTES, &SESSION)?;
        self.notes.push(note);
        for _ in 0..30 {
            self.send(0)?;
        }
        let old: Vec<Value> = self.notes.iter().rev().skip(1).take(3).cloned().collect();
        for note in &old {
            let words = text(&mut self.seed, 75);
            self.people[0].write(note, &words, 5)?;
        }
        for _ in 0..60 {
            let who = 1 + self.seed.below(self.people.len() - 1);
            ask(&mut self.people[who].phone, json!({"cmd": "sync"}))?;
            self.send(who)?;
            ask(&mut self.people[who].phone, json!({"cmd": "sync"}))?;
        }
        for (member, person) in self.members.iter().zip(&mut self.people).skip(1) {
            person.edit(&old[1], json!({"edit": "attendance", "member": member, "presence": "late"}))?;
            person.ask(json!({"cmd": "sync"}))?;
        }
        let words = text(&mut self.seed, 75);
        self.people[1].write(&old[0], &words, 5)?;
        self.people[1].ask(json!({"cmd": "sync"}))?;
        self.people[0].phone.set_online(true);
        self.people[0].bodies.borrow_mut().clear();
        Ok(())
    }

    /// A further phone of whoever leads, which has nothing yet. The others have given it their keys.
    pub(super) fn another_phone(&mut self) -> Result<Member, BenchError> {
        let circle = self.circle.to_string();
        let invite = json!({"cmd": "inviteDevice", "circle": circle, "member": self.members[0], "recovers": false});
        let link = self.people[0].ask(invite)?["link"].as_str().unwrap_or_default().to_owned();
        self.people[0].ask(json!({"cmd": "sync"}))?;
        let number = u8::MAX;
        Member::come_in(&self.hub, &link, self.seed.next_u64(), number, self.now)
    }

    /// That a phone has all notes and messages.
    pub(super) fn compare(&mut self, member: &mut Member) -> Result<(), BenchError> {
        let circle = self.circle.to_string();
        let of = |phone: &mut Member| {
            let notes = phone.ask(json!({"cmd": "notes", "circle": circle}))?;
            let mut counts = vec![notes.as_array().map_or(0, Vec::len)];
            for thread in &self.threads {
                let open = json!({"cmd": "openThread", "circle": circle, "thread": thread, "limit": 10_000});
                let thread = phone.ask(open)?;
                let messages = thread["messages"].as_array().cloned().unwrap_or_default();
                counts.push(messages.iter().filter(|message| message["body"] == "here").count());
            }
            Ok::<_, BenchError>(counts)
        };
        let (new, old) = (of(member)?, of(&mut self.people[0])?);
        let all = [self.notes.len(), MESSAGES + 90];
        if new != old || [new[0], new[1..].iter().sum()] != all {
            return Err(wrong(format!("the new phone has {new:?}, the old one {old:?}, of {all:?}")));
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<(), BenchError> {
        let circle = self.circle.to_string();
        for number in 0..THREADS {
            let title = format!("Conversation {number}");
            let thread = self.people[0].ask(json!({"cmd": "createThread", "circle": circle, "title": title}))?;
            self.threads.push(thread["thread"].as_str().unwrap_or_default().to_owned());
        }
        for person in &mut self.people {
            let view = person.ask(json!({"cmd": "circle", "circle": circle}))?;
            self.members.push(view["me"]["member"].as_str().unwrap_or_default().to_owned());
        }
        self.all_sync()?;
        self.all_sync()
    }

    fn be_at(&mut self, week: u64) {
        self.now = PhoneClock::Fixed(NOW.plus_ms(week * 7 * DAY_MS));
        self.hub.borrow_mut().now = self.now.now();
        for person in &mut self.people {
            person.phone.clock = self.now;
        }
    }

    fn all_sync(&mut self) -> Result<(), BenchError> {
        for person in &mut self.people {
            person.ask(json!({"cmd": "sync"}))?;
        }
        Ok(())
    }

    fn send(&mut self, who: usize) -> Result<(), BenchError> {
        self.number += 1;
        let words = text(&mut self.seed, MESSAGE_CHARS);
        let thread = self.seed.pick(&self.threads).cloned().unwrap_or_default();
        let circle = self.circle.to_string();
        self.people[who].ask(json!({"cmd": "send", "circle": circle, "thread": thread, "text": words}))?;
        Ok(())
    }

    /// Whoever leads writes a note.
    fn note(&mut self, day: u64, size: &Size) -> Result<Value, BenchError> {
        let circle = self.circle.to_string();
        let title = text(&mut self.seed, 24);
        let create = json!({"cmd": "createNote", "circle": circle, "day": day, "ordinal": 0, "title": title});
        let leader = &mut self.people[0];
        let note = leader.ask(create)?["document"].clone();
        let words = text(&mut self.seed, size.chars);
        leader.write(&note, &words, size.bursts)?;
        for member in self.members.iter().take(size.attendance) {
            let presence = *self.seed.pick(&["present", "present", "late", "absent"]).unwrap_or(&"present");
            leader.edit(&note, json!({"edit": "attendance", "member": member, "presence": presence}))?;
        }
        for _ in 0..size.items {
            let member = self.seed.pick(&self.members).cloned().unwrap_or_default();
            let words = text(&mut self.seed, ITEM_CHARS);
            leader.edit(&note, json!({"edit": "commitmentAdd", "member": member, "text": words, "due": null}))?;
        }
        leader.ask(json!({"cmd": "flush"}))?;
        Ok(note)
    }
}
