//! What a phone keeps for itself, and the text of a link: read by a phone that starts with it, or is given it.

use std::cell::RefCell;
use std::rc::Rc;

use kith_shared::client::ProblemCode;
use kith_shared::codec::Writer;
use kith_shared::ids::{CircleId, DocumentId};
use kith_shared::storage::{Batch, MemoryStore, Tree};
use kith_shared::sync::key;
use kith_shared::time::TimestampMs;
use kith_shared::trust::Role;
use serde_json::{Value, json};

use crate::clock::PhoneClock;
use crate::hub::{Hub, ORIGIN};
use crate::phone::{HubLink, NoLink, Options, Phone};

use super::{CIRCLE, CIRCLE_SALT, NOW, Target};

/// What the keys of two rows of `Meta` begin with.
const LIFTED: &[u8] = b"lifted";
const RESUMED: &[u8] = b"resumed";

/// A phone as it was killed, and a link that it was given.
struct Kept {
    store: MemoryStore,
    link: String,
}

thread_local! {
    static KEPT: RefCell<Option<Kept>> = RefCell::new(Kept::begin());
}

fn options() -> Options {
    Options { origin: ORIGIN.to_owned(), seed: None, clock: PhoneClock::Fixed(TimestampMs(NOW.0 + 1_000)) }
}

fn started(store: MemoryStore) -> Phone<MemoryStore> {
    let mut phone = Phone::over(store, Box::new(NoLink), &options(), [0x51; 32]);
    phone.set_online(false);
    phone
}

impl Kept {
    fn begin() -> Option<Self> {
        let mut hub = Hub::new(NOW);
        hub.add_circle(CIRCLE_SALT);
        let link = hub.invite(&CIRCLE, Role::Facilitator, 1);
        let mut phone = Phone::over(MemoryStore::new(), Box::new(NoLink), &options(), [0x51; 32]);
        phone.set_link(Box::new(HubLink(Rc::new(RefCell::new(hub)))));
        let circle = CIRCLE.to_string();
        phone.json(json!({"cmd": "enrol", "link": link, "name": "Ana"})).ok()?;
        let note = json!({"cmd": "createNote", "circle": circle, "day": 20_775, "ordinal": 0, "title": "Monday"});
        let note = phone.json(note).ok()?["document"].clone();
        phone.json(json!({"cmd": "notes", "circle": circle})).ok()?;
        phone.json(search()).ok()?;
        phone.json(json!({"cmd": "sync"})).ok()?;
        // What is said with no network is pending.
        phone.set_online(false);
        let invite = json!({"cmd": "invite", "circle": circle, "role": "member", "past": false, "uses": 3, "days": 7});
        phone.json(invite).ok()?;
        phone.json(json!({"cmd": "openNote", "document": note})).ok()?;
        phone.json(edit(&note)).ok()?;
        let mut store = phone.into_store();
        let mut batch = Batch::default();
        batch.put(Tree::Statements, key::lost(&CIRCLE, 0, 9), [&[1], &[9; 32][..]].concat());
        batch.put(Tree::Meta, RESUMED.to_vec(), vec![1, 2, 1, 1]);
        let (at, value) = lifted(&store)?;
        batch.put(Tree::Meta, at, value);
        store.commit(batch);
        Some(Self { store, link })
    }

    /// The row that stands for a target: the first of its tree. Of a chain the last record's, which has a head behind it;
    /// then comes what was lost, and last what is pending.
    fn row(&self, target: Target) -> Option<(Vec<u8>, Vec<u8>)> {
        let rows: Vec<_> = self.store.rows(tree(target)).collect();
        let lost = key::lost(&CIRCLE, 0, 9);
        let row = match target {
            Target::Pending => rows.last(),
            Target::PhoneLost => rows.iter().find(|(key, _)| *key == lost),
            Target::PhoneRecord => rows.iter().rev().find(|(key, _)| *key < &lost[..]),
            Target::Lifted => rows.iter().find(|(key, _)| key.starts_with(LIFTED)),
            Target::Resumed => rows.iter().find(|(key, _)| *key == RESUMED),
            _ => rows.first(),
        };
        row.map(|(key, value)| (key.to_vec(), value.to_vec()))
    }

    /// The phone, with another value in a target's row.
    fn with(&self, target: Target, value: &[u8]) -> MemoryStore {
        let mut store = self.store.clone();
        let key = self.row(target).map(|(key, _)| key).unwrap_or_default();
        let mut batch = Batch::default();
        batch.put(tree(target), key, value.to_vec());
        store.commit(batch);
        store
    }
}

/// The row of entries that were taken up: here all that the phone has of a document.
fn lifted(store: &MemoryStore) -> Option<(Vec<u8>, Vec<u8>)> {
    let rows: Vec<_> = store.rows(Tree::DocumentLog).collect();
    let document = rows.first()?.0.get(..CircleId::LEN + DocumentId::LEN)?;
    let entries: Vec<_> = rows.iter().filter(|(key, _)| key.starts_with(document)).map(|(_, value)| value).collect();
    let mut writer = Writer::new();
    writer.byte(1).count(entries.len());
    entries.iter().for_each(|entry| {
        writer.bytes(entry);
    });
    Some(([LIFTED, document].concat(), writer.into_bytes()))
}

fn search() -> Value {
    json!({"cmd": "search", "circle": CIRCLE.to_string(), "words": "monday", "limit": 5})
}

fn edit(note: &Value) -> Value {
    let op = json!({"op": "splice", "index": 0, "remove": 0, "text": "We began late"});
    json!({"cmd": "editNote", "document": note, "edit": {"edit": "body", "version": 0, "ops": [op]}})
}

fn tree(target: Target) -> Tree {
    match target {
        Target::Draft => Tree::Drafts,
        Target::Summary => Tree::Summaries,
        Target::TextsPage => Tree::Snapshots,
        Target::PhoneRecord | Target::PhoneLost | Target::Pending => Tree::Statements,
        Target::PhoneKey => Tree::Epochs,
        Target::Lifted | Target::Resumed => Tree::Meta,
        _ => Tree::Circles,
    }
}

/// What an honest phone kept, and was given.
pub(super) fn corpus() -> Vec<(Target, Vec<u8>)> {
    KEPT.with_borrow(|kept| {
        let Some(kept) = kept else { return Vec::new() };
        let row = |target| kept.row(target).map(|(_, value)| (target, value));
        let rows = [
            Target::PhoneCircle,
            Target::PhoneRecord,
            Target::PhoneLost,
            Target::Pending,
            Target::PhoneKey,
            Target::Draft,
            Target::Summary,
            Target::TextsPage,
            Target::Lifted,
            Target::Resumed,
        ];
        rows.into_iter().filter_map(row).chain([(Target::Link, kept.link.clone().into_bytes())]).collect()
    })
}

/// A phone starts with it, or is given it; `Err` when there is no phone, or what is honest is refused.
pub(super) fn read(target: Target, bytes: &[u8]) -> Result<(), String> {
    KEPT.with_borrow(|kept| {
        let kept = kept.as_ref().ok_or("there is no phone")?;
        let (honest, code) = if target == Target::Link {
            let command = json!({"cmd": "enrol", "link": String::from_utf8_lossy(bytes), "name": "Ben"});
            (bytes == kept.link.as_bytes(), started(MemoryStore::new()).json(command).err())
        } else {
            let mut phone = started(kept.with(target, bytes));
            let notes = json!({"cmd": "notes", "circle": CIRCLE.to_string()});
            let shown = phone.json(if target == Target::TextsPage { search() } else { notes });
            (kept.row(target).is_some_and(|(_, honest)| honest == bytes), shown.err())
        };
        match code.map(|problem| problem.code) {
            Some(code @ (ProblemCode::LinkInvalid | ProblemCode::StorageCorrupt)) if honest => {
                Err(format!("what is honest is refused: {code:?}"))
            }
            _ => Ok(()),
        }
    })
}
